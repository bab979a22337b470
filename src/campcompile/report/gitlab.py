"""Findings as a GitLab code quality report, which merge requests show beside the changed lines.

Format: "Code Quality", docs.gitlab.com, where a report is one list and a fingerprint may stand in it once.
"""

from __future__ import annotations

import json

from campcompile.report.fingerprint import fingerprints
from campcompile.report.report import Place, Report, approval
from campcompile.syntax.findings import Diagnostic, Severity

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def report_gitlab(report: Report, *, prefix: str = "") -> str:
    """`prefix` ("clinic/") leads from the repository's root to the workspace; what is waived is for information."""
    prints = fingerprints(report)
    issues = [_issue(found, report, prefix, prints[found.sort_key]) for found in report.diagnostics]
    for one in report.waived:
        issue = _issue(one.finding, report, prefix, prints[one.finding.sort_key])
        issues.append(
            {**issue, "description": f"{one.finding.message} ({approval(one, report.speech)})", "severity": "info"}
        )
    return json.dumps(issues, indent=2, ensure_ascii=False)


def _issue(found: Diagnostic, report: Report, prefix: str, fingerprint: str) -> dict[str, object]:
    place = Place.of(found.span, report.sources)
    return {
        "description": found.message + (f" ({report.speech.say('help')}: {found.help})" if found.help else ""),
        "check_name": f"{found.rule.code} {found.rule.slug}",
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[found.severity],
        "location": {"path": prefix + place.path, "lines": {"begin": place.line, "end": place.end_line}},
    }
