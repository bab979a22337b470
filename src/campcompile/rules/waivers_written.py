"""Waivers as they are written: as a comment beside the words, or as a row of waivers.yaml. Nothing is judged here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from campcompile.model.read import Reader, reader
from campcompile.regex import regex
from campcompile.rules.registry import find_rule
from campcompile.syntax.source import MappedText, Source, Span
from campcompile.syntax.tree import Document, Node, Scalar, Sequence
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.waiver import WAIVERS_FILE
from campcompile.values import dataclass

_COMMENT = regex(
    r"#[ \t]*allow[ \t]+(?P<name>[^\s:,]+)"
    r"(?:[ \t]+(?!(?:until|by)\b)(?P<digest>[0-9A-Za-z]+))?"
    r"(?:[ \t]+until(?:[ \t]+(?P<until>[^\s:]+))?)?"
    r"(?:[ \t]+by(?:[ \t]+(?P<by>[^:]*?))?)?"
    r"[ \t]*(?::[ \t]*(?P<reason>.*?))?[ \t]*"
)
_CODE = regex(r"[A-Z][A-Z0-9]{2,3}[0-9]{3}", re.IGNORECASE)
_STARRED = regex(r"\*|all|any|everything|[A-Z][A-Z0-9]{1,3}(?:\*|x{2,3})", re.IGNORECASE)
_LIKELY = regex(
    r"#\W*(?:(?:campcompile|lint)\W+)?(?:allow|ignore|disable|suppress|waive|noqa|nolint|skip)\b", re.IGNORECASE
)
_ROW_KEYS = ("rule", "path", "digest", "until", "by", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One waiver's words and where they stand; a text that isn't there is ""."""

    name: str
    name_span: Span
    path: str
    path_span: Span
    digest: str
    digest_span: Span
    until: str
    until_span: Span
    by: str
    reason: str
    reason_span: Span
    span: Span  # to point at for the whole of it
    lines: range | None  # that a comment is about; None for a row

    @property
    def is_of_everything(self) -> bool:
        return _STARRED.fullmatch(self.name) is not None


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A comment that means to waive a rule, in a form that isn't ours."""

    span: Span
    code: str


def comment_text(row: Mapping[str, str]) -> str:
    """`# allow SUB001 kqdmtbrv until 2026-12-31 by Ingrid Hansen: the board's own words`, of a row's values."""
    return "# allow {rule} {digest} until {until} by {by}: {reason}".format_map(row)


def written_waivers(document: Document) -> Iterator[Written | Lookalike]:
    """Those in a document's comments, in order; in waivers.yaml its rows, too."""
    for comment in document.comments:
        if "allow" in comment.text or _LIKELY.match(comment.text):
            read = _comment(comment, document)
            if read is not None:
                yield read
    if document.source.path == WAIVERS_FILE:
        for node in reader(document.root).items("waivers"):
            row = reader(node)
            if all(row.scalar(key) is not None for key in _ROW_KEYS):  # else the schema has said so
                yield _row(row)


def _comment(comment: MappedText, document: Document) -> Written | Lookalike | None:
    """None where it is any other comment."""
    text = comment.text
    form = _COMMENT.fullmatch(text)
    if form and (_names_a_rule(form["name"]) or any(map(str.isdigit, form["until"] or ""))):
        whole = comment.whole()

        def span(group: str) -> Span:
            return comment.span(*form.span(group)) if form[group] else whole

        return Written(
            name=form["name"],
            name_span=span("name"),
            path=comment.path,
            path_span=whole,
            digest=form["digest"] or "",
            digest_span=span("digest"),
            until=form["until"] or "",
            until_span=span("until"),
            by=(form["by"] or "").strip(),
            reason=form["reason"] or "",
            reason_span=span("reason"),
            span=whole,
            lines=_lines(comment, document),
        )
    if not _LIKELY.match(text):
        return None
    codes = [word for word in re.findall(r"[\w*-]+", text) if _names_a_rule(word) and not _STARRED.fullmatch(word)]
    return Lookalike(comment.whole(), codes[0]) if codes else None


def _names_a_rule(word: str) -> bool:
    is_slug = "-" in word and find_rule(word.lower()) is not None
    return is_slug or _CODE.fullmatch(word) is not None or (_STARRED.fullmatch(word) is not None and "*" in word)


def _row(row: Reader) -> Written:
    return Written(
        name=row.text("rule"),
        name_span=row.span("rule"),
        path=row.text("path"),
        path_span=row.span("path"),
        digest=row.text("digest"),
        digest_span=row.span("digest"),
        until=row.text("until"),
        until_span=row.span("until"),
        by=row.text("by").strip(),
        reason=row.text("reason"),
        reason_span=row.span("reason"),
        span=row.span("digest"),
        lines=None,
    )


def _lines(comment: MappedText, document: Document) -> range:
    """The lines that a comment is about: its own, or the next where it stands alone, and the text that begins there."""
    source = document.source
    number, column = source.position(comment.whole().start)
    if not source.line(number)[: column - 1].strip():
        number = _next_line(source, number)
    return range(number, _last_line(document, number) + 1)


def _next_line(source: Source, number: int) -> int:
    """The next line that says something: several waivers may stand above it."""
    last, _ = source.position(len(source.text))
    number += 1
    while number < last and (not (line := source.line(number).strip()) or line.startswith("#")):
        number += 1
    return number


def _last_line(document: Document, number: int) -> int:
    """Where a text that begins on line `number` ends; the line itself where none goes on."""
    source = document.source
    ends = [
        source.position(max(scalar.span.end - 1, scalar.span.start))[0]
        for scalar in _scalars(document.root)
        if source.position(scalar.span.start)[0] == number
    ]
    return max(ends, default=number)


def _scalars(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case YamlMapping(entries):
            for entry in entries:
                yield from _scalars(entry.value)
        case Sequence(items):
            for item in items:
                yield from _scalars(item)
