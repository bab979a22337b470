"""A suppression is a comment that holds back one rule's findings on one line: `# allow CODE until DATE: reason`.

It stands at the end of the line that it is about, or alone above it. Where a text begins on that line
and goes on below (`text: |`), all of the text is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from campcompile.regex import regex
from campcompile.rules import findings_hygiene as hygiene
from campcompile.rules.registry import all_rules, find_rule
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Rule
from campcompile.syntax.source import MappedText, Source, Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document, Node, Scalar, Sequence
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.values import dataclass

MAX_DAYS = 180

_FORM = regex(
    r"#[ \t]*allow[ \t]+(?P<name>[^\s:,]+)"
    r"(?:[ \t]+until(?:[ \t]+(?P<until>[^\s:]+))?)?"
    r"[ \t]*(?::[ \t]*(?P<reason>.*?))?[ \t]*"
)
_CODE = regex(r"[A-Z][A-Z0-9]{2,3}[0-9]{3}", re.IGNORECASE)
_STARRED = regex(r"\*|all|any|everything|[A-Z][A-Z0-9]{1,3}(?:\*|x{2,3})", re.IGNORECASE)
_LIKELY = regex(
    r"#\W*(?:(?:campcompile|lint)\W+)?(?:allow|ignore|disable|suppress|waive|noqa|nolint|skip)\b", re.IGNORECASE
)
_WORD = regex(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Suppression:
    rule: Rule
    until: date
    comment: Span
    lines: range  # of the file, from 1: where findings must begin


@dataclass(frozen=True, slots=True)
class _Line:
    """A comment that means to suppress, read."""

    comment: MappedText
    name: str
    name_span: Span
    until: str
    until_span: Span
    reason: str


def apply(
    diagnostics: Iterable[Diagnostic], documents: Mapping[str, Document], as_of: date
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """(kept, suppressed, findings about the suppressions themselves), each in the order given.

    A suppression that is wrong in any way, or past its day, holds nothing back.
    """
    faults: list[Diagnostic] = []
    active = [one for document in documents.values() for one in _suppressions(document, as_of, faults)]
    if not active:
        return tuple(diagnostics), (), tuple(faults)
    kept: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    used: set[Span] = set()
    for diagnostic in diagnostics:
        holding = [one for one in active if _holds(one, diagnostic, documents)]
        used.update(one.comment for one in holding)
        (suppressed if holding else kept).append(diagnostic)
    unused = (
        hygiene.UNUSED.at(one.comment, code=one.rule.code, fixes=(_deletion(one.comment, documents),))
        for one in active
        if one.comment not in used
    )
    return tuple(kept), tuple(suppressed), (*faults, *unused)


def _deletion(comment: Span, documents: Mapping[str, Document]) -> Fix:
    """The comment taken away, with the blanks before it, and with its line where it stands alone."""
    text = documents[comment.path].source.text
    start = len(text[: comment.start].rstrip(" \t"))
    end = comment.end
    if start == 0 or text[start - 1] == "\n":
        end = min(end + 1, len(text))
    return Fix("delete the comment", (Edit(Span(comment.path, start, end), ""),), Applicability.SAFE)


def _holds(suppression: Suppression, diagnostic: Diagnostic, documents: Mapping[str, Document]) -> bool:
    if diagnostic.rule.code != suppression.rule.code or diagnostic.span.path != suppression.comment.path:
        return False
    if diagnostic.say in diagnostic.rule.firm:
        return False
    line, _ = documents[diagnostic.span.path].source.position(diagnostic.span.start)
    return line in suppression.lines


def _suppressions(document: Document, as_of: date, faults: list[Diagnostic]) -> Iterator[Suppression]:
    for comment in document.comments:
        if "allow" not in comment.text and not _LIKELY.match(comment.text):
            continue
        read = _read(comment)
        if isinstance(read, _Line):
            found = list(_faults(read, as_of))
            rule = find_rule(read.name)
            if not found and rule is not None:
                yield Suppression(rule, date.fromisoformat(read.until), comment.whole(), _lines(comment, document))
            faults.extend(found)
        elif read:
            faults.append(hygiene.MALFORMED.at(comment.whole(), code=read, date=_latest(as_of)))


def _read(comment: MappedText) -> _Line | str:
    """A suppression; or the code for the finding, where it only looks like one; "" where it is any comment."""
    text = comment.text
    form = _FORM.fullmatch(text)
    if form and (_names_a_rule(form["name"]) or any(map(str.isdigit, form["until"] or ""))):
        return _Line(
            comment,
            form["name"],
            comment.span(*form.span("name")),
            form["until"] or "",
            comment.span(*form.span("until")) if form["until"] else comment.whole(),
            form["reason"] or "",
        )
    if not _LIKELY.match(text):
        return ""
    codes = [word for word in re.findall(r"[\w*-]+", text) if _names_a_rule(word) and not _STARRED.fullmatch(word)]
    return codes[0] if codes else ""


def _names_a_rule(word: str) -> bool:
    is_slug = "-" in word and find_rule(word.lower()) is not None
    return is_slug or _CODE.fullmatch(word) is not None or (_STARRED.fullmatch(word) is not None and "*" in word)


def _faults(line: _Line, as_of: date) -> Iterator[Diagnostic]:
    """What is wrong with a suppression, its name first."""
    latest = _latest(as_of)
    rule = find_rule(line.name)
    if _STARRED.fullmatch(line.name):
        yield hygiene.WILDCARD.at(line.name_span, seen=line.name, date=latest)
    elif rule is None:
        names = [name for known in all_rules().values() for name in (known.code, known.slug)]
        near = nearest(line.name, names)
        yield hygiene.UNKNOWN_RULE.at(line.name_span, say="near" if near else "", seen=line.name, nearest=near)
    elif not rule.suppressible:
        yield hygiene.NOT_ALLOWED.at(line.name_span, code=rule.code, slug=rule.slug)
    yield from _date_faults(line, as_of)
    if not _WORD.search(line.reason):
        yield hygiene.NO_REASON.at(line.comment.whole(), code=line.name, date=line.until or latest)


def _date_faults(line: _Line, as_of: date) -> Iterator[Diagnostic]:
    latest = _latest(as_of)
    if not line.until:
        yield hygiene.NO_DATE.at(line.comment.whole(), code=line.name, date=latest, days=str(MAX_DAYS))
        return
    try:
        if len(line.until) != 10:
            raise ValueError  # fromisoformat takes 20270331 and 2027-W13-3 too
        until = date.fromisoformat(line.until)
    except ValueError:
        yield hygiene.NO_DATE.at(line.until_span, say="invalid", seen=line.until[:40], date=latest)
        return
    ahead = (until - as_of).days
    if ahead < 0:
        yield hygiene.EXPIRED.at(line.until_span, until=line.until)
    elif ahead > MAX_DAYS:
        yield hygiene.TOO_LONG.at(line.until_span, until=line.until, ahead=str(ahead), days=str(MAX_DAYS), date=latest)


def _latest(as_of: date) -> str:
    return (as_of + timedelta(days=MAX_DAYS)).isoformat()


def _lines(comment: MappedText, document: Document) -> range:
    """The lines that a comment is about."""
    source = document.source
    number, column = source.position(comment.whole().start)
    if not source.line(number)[: column - 1].strip():
        number = _next_line(source, number)
    return range(number, _last_line(document, number) + 1)


def _next_line(source: Source, number: int) -> int:
    """The next line that says something: several suppressions may stand above it."""
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
