"""Findings as GitHub workflow commands: each becomes an annotation at its line of a pull request.

Format and escapes: "Workflow commands for GitHub Actions", docs.github.com, and actions/toolkit's command.ts.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.report.report import Place, Report, approval
from campcompile.syntax.findings import Diagnostic, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def github_lines(report: Report, *, prefix: str = "") -> Iterator[str]:
    """One command a finding; `prefix` ("clinic/") leads from the repository's root to the workspace.

    What is waived is a notice, with who approved it and why.
    """
    for diagnostic in report.diagnostics:
        text = diagnostic.message + (f"\n{report.speech.say('help')}: {diagnostic.help}" if diagnostic.help else "")
        text += f"\n{report.speech.say('docs')}: campcompile explain {diagnostic.rule.code}"
        yield _command(_COMMANDS[diagnostic.severity], diagnostic, text, report, prefix)
    for one in report.waived:
        yield _command("notice", one.finding, f"{one.finding.message}\n{approval(one, report.speech)}", report, prefix)


def _command(name: str, diagnostic: Diagnostic, text: str, report: Report, prefix: str) -> str:
    place = Place.of(diagnostic.span, report.sources)
    fields = {"file": prefix + place.path, "line": str(place.line), "endLine": str(place.end_line)}
    if place.line == place.end_line:  # GitHub drops an annotation with columns over several lines
        fields |= {"col": str(place.column), "endColumn": str(place.end_column)}
    fields["title"] = f"{diagnostic.rule.code} {diagnostic.rule.slug}"
    listed = ",".join(f"{field}={_property(value)}" for field, value in fields.items())
    return f"::{name} {listed}::{_data(text)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
