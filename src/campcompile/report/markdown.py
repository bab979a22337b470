"""Findings as Markdown, for one comment below a pull request, or the summary of a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campcompile.report.escaping import LARGEST, code, message_text, size
from campcompile.report.paint import Paint
from campcompile.report.report import SEVERITIES, Place, Report, approval
from campcompile.report.text import summary
from campcompile.syntax.findings import Diagnostic

_OPEN = 10  # findings that everybody sees; the others are folded
_WAIVED_SHOWN = 10
_SPARE = 13_000  # bytes for the heading, the waived and the last line


def markdown_lines(report: Report) -> Iterator[str]:
    """A heading that says how it stands, the gravest findings, and the rest folded, in less than 60 kB."""
    yield f"### campcompile: {message_text(summary(report, Paint(False)))}"
    ranked = sorted(report.diagnostics, key=lambda found: SEVERITIES.index(found.severity))
    items = [_item(found, report) for found in ranked]
    room = _fitting(items)
    if items:
        yield ""
        yield from items[: min(_OPEN, room)]
    if room > _OPEN:
        yield from ("", f"<details><summary>{report.speech.say(f'{room - _OPEN:,} more')}</summary>", "")
        yield from items[_OPEN:room]
        yield from ("", "</details>")
    if report.waived:
        yield from _waived_lines(report)
    if room < len(items):
        more = report.speech.template("{findings} more: `campcompile lint` shows them.")
        yield from ("", more.format(findings=report.counted(len(items) - room, "finding")))


def _waived_lines(report: Report) -> Iterator[str]:
    """What somebody has approved, folded; the first ten."""
    say = report.speech.say
    yield from ("", f"<details><summary>{say(f'{len(report.waived):,} waived')}</summary>", "")
    for one in report.waived[:_WAIVED_SHOWN]:
        place = Place.of(one.finding.span, report.sources)
        head = f"{one.finding.rule.code} {message_text(one.finding.message)}"
        approved = message_text(approval(one, report.speech))
        yield f"- {head}<br>{code(f'{place.path}:{place.line}:{place.column}')} {approved}"
    if len(report.waived) > _WAIVED_SHOWN:
        others = report.counted(len(report.waived) - _WAIVED_SHOWN, "other")
        yield f"- {report.speech.template('and {others}').format(others=others)}"
    yield from ("", "</details>")


def _fitting(items: Sequence[str]) -> int:
    """How many of the items there is room for."""
    taken = 0
    for number, item in enumerate(items):
        taken += size(item)
        if taken > LARGEST - _SPARE:
            return number
    return len(items)


def _item(found: Diagnostic, report: Report) -> str:
    place = Place.of(found.span, report.sources)
    position = f"{place.path}:{place.line}:{place.column}"
    say = report.speech.say
    help_ = f"<br>{say('help')}: {message_text(found.help)}" if found.help else ""
    head = f"**{say(found.severity.value)}** {found.rule.code} {found.rule.slug}"
    return f"- {head}: {message_text(found.message)}<br>{code(position)}{help_}"
