"""Findings as GitHub workflow commands: each becomes an annotation at its line of a pull request.

Format and escapes: "Workflow commands for GitHub Actions", docs.github.com, and actions/toolkit's command.ts.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.report.report import Place, Report
from campcompile.syntax.findings import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_lines(report: Report, *, prefix: str = "") -> Iterator[str]:
    """One command a finding; `prefix` ("clinic/") leads from the repository's root to the workspace."""
    for diagnostic in report.diagnostics:
        place = Place.of(diagnostic.span, report.sources)
        rule = diagnostic.rule
        fields = {"file": prefix + place.path, "line": str(place.line), "endLine": str(place.end_line)}
        if place.line == place.end_line:  # GitHub drops an annotation with columns over several lines
            fields |= {"col": str(place.column), "endColumn": str(place.end_column)}
        fields["title"] = f"{rule.code} {rule.slug}"
        text = diagnostic.message + (f"\nhelp: {diagnostic.help}" if diagnostic.help else "")
        text += f"\ndocs: campcompile explain {rule.code}"
        listed = ",".join(f"{name}={_property(value)}" for name, value in fields.items())
        yield f"::{_COMMANDS[diagnostic.severity]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
