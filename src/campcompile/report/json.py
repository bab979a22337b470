"""Findings as JSON, for programs: one object, its fields and order stable for a `version`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from campcompile.report.report import Place, Report
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source, Span

VERSION = 1


def report_json(report: Report) -> str:
    """Lines and columns count from 1 in code points; `end_column` is the first one past the finding."""
    findings = [_finding(diagnostic, report.sources) for diagnostic in report.diagnostics]
    document = {
        "version": VERSION,
        "as_of": report.as_of.isoformat(),
        "suppressed": report.suppressed,
        "findings": findings,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _finding(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> dict[str, object]:
    return {
        "code": diagnostic.rule.code,
        "slug": diagnostic.rule.slug,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_place(diagnostic.span, sources),
        "label": diagnostic.label,
        "help": diagnostic.help,
        "related": [{**_place(label.span, sources), "text": label.text} for label in diagnostic.related],
        "flow": [{**_place(step.span, sources), "text": step.text} for step in diagnostic.path],
    }


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, object]:
    place = Place.of(span, sources)
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }
