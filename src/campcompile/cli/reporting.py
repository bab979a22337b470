"""Printing a report in the format that was asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from campcompile.cli.console import out, terminal_width, wants_colour
from campcompile.report.report import Report, counted

if TYPE_CHECKING:
    from campcompile.compiler import Compilation


def report_of(compilation: Compilation, *closing: str) -> Report:
    """What a compile found, and what its reader may do next."""
    campaigns = compilation.programme.campaigns
    emails = sum(len(campaign.emails) for campaign in campaigns)
    return Report(
        diagnostics=compilation.diagnostics,
        sources=compilation.sources,
        as_of=compilation.as_of,
        suppressed=len(compilation.suppressed),
        checked=f"{counted(len(campaigns), 'campaign')} ({counted(emails, 'e-mail')})",
        closing=closing,
    )


def print_report(report: Report, format: str, root: Path) -> None:
    """To stdout, which carries the report alone."""
    if format == "json":
        from campcompile.report.json import report_json

        out([report_json(report)])
    elif format == "github":
        from campcompile.report.github import github_lines

        out(github_lines(report, prefix=_prefix(root)))
    else:
        from campcompile.report.text import report_lines

        out(report_lines(report, colour=wants_colour(sys.stdout), width=terminal_width()))


def _prefix(root: Path) -> str:
    """From the repository's root, where GitHub's runner says it is, else from here, to the workspace."""
    base = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    inside = root.is_relative_to(base) and root != base
    return root.relative_to(base).as_posix() + "/" if inside else ""
