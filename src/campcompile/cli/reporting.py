"""Printing a report in the format that was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from campcompile.cli.console import out, say, terminal_width, wants_colour
from campcompile.report.report import Report, counted, without_secrets
from campcompile.report.speech import speech
from campcompile.values import dataclass

if TYPE_CHECKING:
    from campcompile.compiler import Compilation
    from campcompile.syntax.waiver import Waived

# format → what it is for
FORMATS = {
    "text": "for people",
    "json": "for programs",
    "jsonl": "the same, a finding a line",
    "sarif": "SARIF 2.1.0, for code scanning",
    "github": "annotations of a pull request",
    "gitlab": "code quality of a merge request",
    "junit": "test results for a build server",
    "markdown": "a comment or a summary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a report is asked for: `output` is the file that it goes to, None for stdout."""

    format: str
    fail_on: str
    output: Path | None
    root: Path  # of the workspace


def report_of(compilation: Compilation, *closing: str) -> Report:
    """What a compile found, and what its reader may do next."""
    campaigns = compilation.programme.campaigns
    told = speech(compilation.programme.settings.messages)
    emails = sum(len(campaign.emails) for campaign in campaigns)
    return Report(
        diagnostics=tuple(map(told.finding, without_secrets(compilation.diagnostics, compilation.sources))),
        sources=compilation.sources,
        as_of=compilation.as_of,
        waived=_hushed(compilation),
        checked=f"{counted(len(campaigns), 'campaign')} ({counted(emails, 'e-mail')})",
        closing=closing,
        speech=told,
    )


def _hushed(compilation: Compilation) -> tuple[Waived, ...]:
    """What is waived, none of which repeats a secret."""
    findings = tuple(one.finding for one in compilation.waived)
    hushed = without_secrets((*compilation.diagnostics, *findings), compilation.sources)[len(compilation.diagnostics) :]
    told = speech(compilation.programme.settings.messages)
    return tuple(
        replace(one, finding=told.finding(found)) for one, found in zip(compilation.waived, hushed, strict=True)
    )


def print_report(report: Report, wish: Wish) -> None:
    """To stdout, which carries the report alone; or to a file, and then a line about it to stderr."""
    if wish.output is None:
        out(_lines(report, wish, colour=wants_colour(sys.stdout), width=terminal_width()))
        return
    from campcompile.report.paint import Paint
    from campcompile.report.text import summary
    from campcompile.workspace import write_report

    content = "".join(f"{line}\n" for line in _lines(report, wish, colour=False, width=100))
    write_report(wish.output, content.encode("utf-8", "backslashreplace"))
    say(f"{summary(report, Paint(False))}: {wish.output}")


def _lines(report: Report, wish: Wish, *, colour: bool, width: int) -> Iterable[str]:
    """Each reporter is imported where it is asked for: a lint's start is worth the repetition."""
    prefix = _prefix(wish.root)
    match wish.format:
        case "json":
            from campcompile.report.json import report_json

            return [report_json(report)]
        case "jsonl":
            from campcompile.report.json import report_json_lines

            return report_json_lines(report)
        case "sarif":
            from campcompile.report.sarif import report_sarif

            return [report_sarif(report, prefix=prefix)]
        case "github":
            from campcompile.report.github import github_lines

            return github_lines(report, prefix=prefix)
        case "gitlab":
            from campcompile.report.gitlab import report_gitlab

            return [report_gitlab(report, prefix=prefix)]
        case "junit":
            from campcompile.report.junit import report_junit

            return [report_junit(report, fail_on=wish.fail_on, prefix=prefix)]
        case "markdown":
            from campcompile.report.markdown import markdown_lines

            return markdown_lines(report)
        case _:
            from campcompile.report.text import report_lines

            return report_lines(report, colour=colour, width=width)


def _prefix(root: Path) -> str:
    """From the repository's root, where the build server says it is, else from here, to the workspace."""
    told = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR")
    base = Path(told or Path.cwd()).resolve()
    inside = root.is_relative_to(base) and root != base
    return root.relative_to(base).as_posix() + "/" if inside else ""
