"""LNK001: a link that hides where it leads, or leads away from the practice's own hosts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, slots_in
from campcompile.analysis.own import Own, own
from campcompile.analysis.shown import shown
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Block, Programme, Version
from campcompile.model.practice import Settings
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.rules.places import layout_paths, setting_span
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.findings_lay import LINK_SAFETY
from campcompile.syntax.link_check import check_address, host_of, is_shortener
from campcompile.syntax.schema import block_specs
from campcompile.syntax.source import Span

_PRIVATE_ENDS = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa", ".test", ".invalid")
# Letters of Cyrillic, Greek and Armenian that no reader can tell from Latin ones.
_LOOKS_LIKE = str.maketrans("аеорсухіјѕһԁԛԝӏɑοανρυκιτωքհոսցօ", "aeopcyxijshdqwlaoavpukitwphnugo")


@rule(LINK_SAFETY)
def link_safety(version: Version, facts: Facts) -> Found:
    """An author's own address: hidden behind a shortener, imitating another host, or none of the practice's."""
    known = facts.once(own, facts.programme)
    for target in facts.once(version_words, version).addresses:
        if host := host_of(target.address):
            yield from host_faults(host, target.span, known, may_be_foreign=_is_from_settings(target.address, facts))


@rule(LINK_SAFETY)
def link_safety_in_settings(programme: Programme, facts: Facts) -> Found:
    """The addresses of campcompile.yaml: named there, they are the practice's own, but may still hide or imitate."""
    known = facts.once(own, programme)
    for keys, address in _of_settings(programme.settings):
        if host := host_of(address):
            span = setting_span(facts, *keys, otherwise=programme.settings.span)
            yield from host_faults(host, span, known, may_be_foreign=True)


@rule(LINK_SAFETY)
def link_safety_as_compiled(message: RenderedEmail, facts: Facts) -> Found:
    """Links that only the compiled page has: what the author, the settings or a layout's file says is judged there."""
    for link in facts.once(shown, message).page.links:
        for address in _addresses(link.href):
            if not slots_in(address) and not _is_fine(address):
                yield from _unjudged(address, message, facts)


def _of_settings(settings: Settings) -> Iterator[tuple[tuple[str, ...], str]]:
    """The addresses of campcompile.yaml with the keys that they stand under."""
    yield from ((("links", link.name), link.address) for link in settings.links.values())
    yield from ((("privacy_notice", locale), address) for locale, address in settings.privacy_notice.items())
    yield ("practice", "website"), settings.practice.value("website")
    if settings.opt_out:
        yield ("opt_out", "page"), settings.opt_out.page
        yield ("opt_out", "one_click"), settings.opt_out.one_click


@lru_cache(maxsize=1024)
def _is_fine(address: str) -> bool:
    """A layout's links come with every e-mail."""
    return not check_address(address, Span("", 0, 0))


def _unjudged(address: str, message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    targets = facts.once(version_words, message.version).targets
    layouts = [facts.sources[path].text for path in layout_paths(facts)]
    is_authored = any(target.address == address and target.print is None for target in targets)
    is_authored |= not address and any(map(_lacks_target, message.version.blocks))
    is_authored |= bool(address) and any(address == told for _, told in _of_settings(facts.programme.settings))
    if not is_authored and not any(f'"{address}"' in text for text in layouts):
        yield from check_address(address, message.version.span)


def _lacks_target(block: Block) -> bool:
    """Whether a block was written without saying where it leads, or so that it can't be told: that has its finding."""
    fields = block_specs()[block.kind].fields.values()
    return any(field.type == "target" and field.required and field.name not in block.fields for field in fields)


def host_faults(host: str, span: Span, known: Own, *, may_be_foreign: bool) -> Iterator[Diagnostic]:
    """What is wrong with a host that is written well: who is behind it. Of `localhost`, check_address speaks."""
    if "." not in host:
        return
    if is_shortener(host):
        yield LINK_SAFETY.at(span, say="shortener", host=host)
    elif like := imitated(host):
        yield LINK_SAFETY.at(span, say="imitation", host=host, like=like)
    elif host.endswith(_PRIVATE_ENDS):
        yield LINK_SAFETY.at(span, say="private", host=host)
    elif not may_be_foreign and not known.has_host(host):
        yield LINK_SAFETY.at(span, say="foreign", host=host)


def imitated(host: str) -> str:
    """The Latin host that a host of other letters looks like: `аррӏе.com` looks like `apple.com`; "" for none.

    A host in another script of its own (`診所.example`, `клиника.example`) imitates nothing.
    """
    labels = [_decoded(label) for label in host.split(".")]
    seen = [unicodedata.normalize("NFKC", label).translate(_LOOKS_LIKE) for label in labels]
    is_imitation = any(not label.isascii() and look.isascii() for label, look in zip(labels, seen, strict=True))
    return ".".join(seen) if is_imitation else ""


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _addresses(href: str) -> list[str]:
    """The addresses of a flat href: one, or one an arm of a condition."""
    return [arm for arm in href.split(ARM) if arm] or [""]


def _is_from_settings(address: str, facts: Facts) -> bool:
    """An address that campcompile.yaml names is the practice's own choice, and is judged there."""
    settings = facts.programme.settings
    return any(address == link.address for link in settings.links.values())
