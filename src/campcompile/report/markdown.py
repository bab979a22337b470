"""Findings as Markdown, for one comment below a pull request, or the summary of a run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from campcompile.report.paint import Paint
from campcompile.report.report import SEVERITIES, Place, Report, counted
from campcompile.report.text import summary
from campcompile.syntax.findings import Diagnostic

_OPEN = 10  # findings that everybody sees; the others are folded
_LARGEST = 60_000  # bytes: GitHub takes 65,536 characters in a comment
_MARKS = re.compile(r"[\\*_~\[\]#|]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def markdown_lines(report: Report) -> Iterator[str]:
    """A heading that says how it stands, the gravest findings, and the rest folded, in less than 60 kB."""
    yield f"### campcompile: {_text(summary(report, Paint(False)))}"
    ranked = sorted(report.diagnostics, key=lambda found: SEVERITIES.index(found.severity))
    items = [_item(found, report) for found in ranked]
    room = _fitting(items)
    if items:
        yield ""
        yield from items[: min(_OPEN, room)]
    if room > _OPEN:
        yield from ("", f"<details><summary>{room - _OPEN:,} more</summary>", "")
        yield from items[_OPEN:room]
        yield from ("", "</details>")
    if room < len(items):
        yield from ("", f"{counted(len(items) - room, 'finding')} more: `campcompile lint` shows them.")


def _fitting(items: Sequence[str]) -> int:
    """How many of the items there is room for."""
    size = 0
    for number, item in enumerate(items):
        size += len(item.encode("utf-8", "replace")) + 1
        if size > _LARGEST - 1000:  # for the heading and the last line
            return number
    return len(items)


def _item(found: Diagnostic, report: Report) -> str:
    place = Place.of(found.span, report.sources)
    position = f"{place.path}:{place.line}:{place.column}"
    help_ = f"<br>help: {_text(found.help)}" if found.help else ""
    head = f"**{found.severity.value}** {found.rule.code} {found.rule.slug}"
    return f"- {head}: {_text(found.message)}<br>{_code(position)}{help_}"


def _text(message: str) -> str:
    """A message's words, and what stands in its backticks as code; nothing that an author wrote is obeyed."""
    parts = message.split("`")
    paired = len(parts) % 2 == 1
    coded = (_code(part) if number % 2 and (paired or number < len(parts) - 1) else _plain(part)
             for number, part in enumerate(parts))  # fmt: skip
    return "".join(coded)


def _plain(words: str) -> str:
    escaped = _MARKS.sub(r"\\\g<0>", "".join(_HTML.get(char, char) for char in words))
    return escaped.replace("@", "@<!-- -->")  # a comment between, and nobody is called


def _code(words: str) -> str:
    """Between backticks, where neither Markdown nor HTML is read."""
    return f"`{words.replace('`', 'ˋ')}`" if words.strip() else ""
