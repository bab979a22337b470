"""`campcompile lint`: check campaigns, write nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from campcompile.cli.inputs import checking_options, compile_inputs, read_inputs
from campcompile.cli.reporting import print_report, report_of


@click.command(short_help="Check campaigns and say what to mend.")
@checking_options
def lint(paths: tuple[Path, ...], format_: str, fail_on: str, as_of: date | None) -> int:
    """Check campaigns and say what to mend.

    PATHS are folders or files of campaigns, or their names; without any, all campaigns are checked.
    Nothing is written.

    \b
    Examples:
      campcompile lint
      campcompile lint campaigns/newsletter
      campcompile lint --as-of 2026-12-24
      campcompile lint --format json > findings.json
      campcompile lint --format github --fail-on warning    in CI
    """
    inputs = read_inputs(paths)
    report = report_of(compile_inputs(inputs, as_of=as_of, lint_only=True))
    closing = "next: mend these, then lint again" if report.diagnostics else "next: campcompile compile"
    print_report(report.with_closing(closing), format_, inputs.workspace.root)
    return int(report.fails(fail_on))
