"""LNK002: a link whose words are an address, a mailbox or a number other than where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_OPEN
from campcompile.analysis.version_words import field_inlines, lines_in, version_words
from campcompile.model import bound
from campcompile.model.campaign import Block, Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.findings_lay import TEXT_TARGET
from campcompile.syntax.link_check import check_link_words, host_of
from campcompile.syntax.source import Span

_PORTAL = regex(r"\b(?:portal(?:en)?|portail)\b|入口網站", re.IGNORECASE)


@rule(TEXT_TARGET)
def text_target_mismatch(version: Version, facts: Facts) -> Found:
    """The links and buttons of an e-mail; those of a layout are judged where its file is read."""
    if not any(True for _ in facts.once(version_words, version).targets):
        return
    for block in version.blocks:
        for words, target in _links_of(block):
            address = _address(target, facts)
            for line in lines_in(words) if address else ():
                for shown in line.text.split(ARM):
                    if SLOT_OPEN not in shown:
                        yield from check_link_words(shown, address, target.span)
                        yield from _other_portal(shown, address, target.span, facts)


def _other_portal(words: str, address: str, span: Span, facts: Facts) -> Iterator[Diagnostic]:
    """Words that name the practice's portal, on a link to another host."""
    portal = facts.programme.settings.links.get("portal")
    if portal is None or not (found := _PORTAL.search(words)):
        return
    host = host_of(address)
    if host != (host_of(portal.address) or portal.host.lower()):
        yield text_target_mismatch.at(span, say="portal", shown=found[0], host=host)


def _links_of(block: Block) -> Iterator[tuple[bound.Inlines, bound.Target]]:
    """The words and the target of every link; a button's label leads where the button does."""
    for value in block.fields.values():
        for words in field_inlines(value):
            yield from _links_in(words)
            if isinstance(target := block.fields.get("to"), bound.Target):
                yield words, target


def _links_in(inlines: bound.Inlines) -> Iterator[tuple[bound.Inlines, bound.Target]]:
    for inline in inlines:
        match inline:
            case bound.Link(target, children, _):
                yield children, target
            case bound.When(arms, _):
                for arm in arms:
                    yield from _links_in(arm.children)
            case bound.Strong(children) | bound.Emphasis(children):
                yield from _links_in(children)
            case _:
                pass


def _address(target: bound.Target, facts: Facts) -> str:
    """Where a link leads; for a personal address, which nobody knows yet, its host."""
    if target.print is None:
        return target.address
    field = facts.programme.dictionary.fields.get(target.print.field)
    return f"https://{field.host}/" if field is not None and field.host else ""
