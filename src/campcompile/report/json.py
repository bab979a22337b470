"""Findings as JSON, for programs: one object, or one object a line; fields and order are stable for a `version`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from campcompile.report.fingerprint import fingerprints
from campcompile.report.report import Place, Report
from campcompile.syntax.findings import Diagnostic, Fix
from campcompile.syntax.source import Source, Span
from campcompile.syntax.waiver import Waived

VERSION = 1


def report_json(report: Report) -> str:
    """Lines and columns count from 1 in code points; `end_column` is the first one past the finding."""
    return json.dumps({**_head(report), "findings": list(_findings(report))}, indent=2, ensure_ascii=False)


def report_json_lines(report: Report) -> Iterator[str]:
    """A line for each finding, with the same fields; the first line has what is said of all of them."""
    yield json.dumps(_head(report), ensure_ascii=False)
    for finding in _findings(report):
        yield json.dumps(finding, ensure_ascii=False)


def _head(report: Report) -> dict[str, object]:
    return {
        "version": VERSION,
        "as_of": report.as_of.isoformat(),
        "waived": [_waived(one, report) for one in report.waived],
        "known": len(report.known),
        "language": report.speech.language,
    }


def _waived(waived: Waived, report: Report) -> dict[str, object]:
    waiver = waived.waiver
    return {
        "code": waiver.rule.code,
        "slug": waiver.rule.slug,
        "severity": waived.finding.severity.value,
        "message": waived.finding.message,
        **place_json(waived.finding.span, report.sources),
        "digest": waiver.digest,
        "until": waiver.until.isoformat(),
        "by": waiver.by,
        "reason": waiver.reason,
        "waiver": place_json(waiver.span, report.sources),
    }


def _findings(report: Report) -> Iterator[dict[str, object]]:
    prints = fingerprints(report)
    for diagnostic in report.diagnostics:
        yield _finding(diagnostic, report, prints[diagnostic.sort_key])


def _finding(diagnostic: Diagnostic, report: Report, fingerprint: str) -> dict[str, object]:
    sources = report.sources
    return {
        "code": diagnostic.rule.code,
        "slug": diagnostic.rule.slug,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **place_json(diagnostic.span, sources),
        "label": diagnostic.label,
        "help": diagnostic.help,
        "related": [{**place_json(label.span, sources), "text": label.text} for label in diagnostic.related],
        "flow": [{**place_json(step.span, sources), "text": step.text} for step in diagnostic.path],
        "fixes": [_fix(fix, sources) for fix in report.fixes_of(diagnostic)],
        "fingerprint": fingerprint,
    }


def _fix(fix: Fix, sources: Mapping[str, Source]) -> dict[str, object]:
    return {
        "title": fix.title,
        "applicability": fix.applicability.value,
        "edits": [{**place_json(edit.span, sources), "text": edit.text} for edit in fix.edits],
    }


def place_json(span: Span, sources: Mapping[str, Source]) -> dict[str, object]:
    """Where a span stands, for people: path, line and column, from 1."""
    place = Place.of(span, sources)
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }
