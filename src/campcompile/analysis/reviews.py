"""Reviews: who stands behind a clinical claim, and until when, wherever `reviewed` is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from campcompile.analysis.exclusions import SEGMENTS
from campcompile.model.campaign import Block, Campaign, Email, Item, Items
from campcompile.model.timing import parse_date
from campcompile.regex import regex
from campcompile.syntax.source import Span
from campcompile.syntax.tree import Document, Node, Scalar, Sequence
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.values import dataclass

PHRASES = "campaigns/_shared/phrases.yaml"
_SEGMENT = regex(r"""segment\(\s*["']([^"']+)["']\s*\)""")


@dataclass(frozen=True, slots=True)
class Review:
    """A row `reviewed`."""

    by: str
    until: date  # its last day
    span: Span  # of that day


@dataclass(frozen=True, slots=True)
class Reviews:
    """All of a workspace."""

    emails: Mapping[Span, Review]  # by the span of the e-mail's id
    segments: Mapping[str, Review]
    phrases: Mapping[str, Review]
    wheres: Mapping[str, str]  # what a segment's condition says, by its name

    def of(self, campaign: Campaign, email: Email) -> Iterator[Review]:
        """Those that an e-mail rests on: its own, and those of its segments and phrases."""
        if email.span in self.emails:
            yield self.emails[email.span]
        if self.segments:
            yield from (self.segments[name] for name in self._asked(campaign, email) if name in self.segments)
        if self.phrases and email.versions:
            phrases = {block.phrase for block in email.versions[0].blocks}
            yield from (self.phrases[name] for name in sorted(phrases) if name in self.phrases)

    def _asked(self, campaign: Campaign, email: Email) -> tuple[str, ...]:
        """Every segment that decides who gets the e-mail, or a part of it, and those that these ask for."""
        found = dict.fromkeys([campaign.audience_name]) if campaign.audience_name else {}
        texts = [campaign.audience.words, *_conditions(email)]
        while texts:
            for name in _SEGMENT.findall(texts.pop()):
                if name not in found:
                    found[name] = None
                    texts.append(self.wheres.get(name, ""))
        for name in list(found):
            found.update(dict.fromkeys(_SEGMENT.findall(self.wheres.get(name, ""))))
        return tuple(found)


def reviews(documents: Mapping[str, Document]) -> Reviews:
    """Ask through `facts.once(reviews, facts.documents)`."""
    emails: dict[Span, Review] = {}
    for path, document in documents.items():
        rows = document.root.get("emails") if path.endswith("/campaign.yaml") else None
        for row in rows.items if isinstance(rows, Sequence) else ():
            review = _review(row)
            id = row.get("id") if isinstance(row, YamlMapping) else None
            if review is not None and id is not None:
                emails[id.span] = review
    segments, wheres = _named(documents.get(SEGMENTS))
    phrases, _ = _named(documents.get(PHRASES))
    return Reviews(emails, segments, phrases, wheres)


def _named(document: Document | None) -> tuple[Mapping[str, Review], Mapping[str, str]]:
    found, wheres = {}, {}
    for entry in document.root.entries if document is not None else ():
        review = _review(entry.value)
        if review is not None:
            found[entry.key.value] = review
        if isinstance(entry.value, YamlMapping):
            wheres[entry.key.value] = " ".join(_texts(entry.value.get("where")))
    return found, wheres


def _review(row: Node) -> Review | None:
    written = row.get("reviewed") if isinstance(row, YamlMapping) else None
    until = written.get("until") if isinstance(written, YamlMapping) else None
    by = written.get("by") if isinstance(written, YamlMapping) else None
    day = parse_date(until.value) if isinstance(until, Scalar) else None
    if until is None or day is None:
        return None
    return Review(by.value if isinstance(by, Scalar) else "", day, until.span)


def _texts(node: Node | None) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.value
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _texts(item)


def _conditions(email: Email) -> Iterator[str]:
    """What the conditions of an e-mail, of its blocks and of its items say."""
    if email.condition is not None:
        yield email.condition.words
    for block in email.versions[0].blocks if email.versions else ():
        if block.condition is not None:
            yield block.condition.words
        yield from (item.condition.words for item in _items(block) if item.condition is not None)


def _items(block: Block) -> Iterator[Item]:
    for value in block.fields.values():
        if isinstance(value, Items):
            yield from value.items
