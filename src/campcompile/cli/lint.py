"""`campcompile lint`: check campaigns, and mend what can be mended without asking."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, say, wants_colour
from campcompile.cli.inputs import Inputs, checking_options, compile_inputs, read_inputs, wish_for
from campcompile.cli.reporting import print_report, report_of
from campcompile.errors import UsageError
from campcompile.report.report import Report, counted
from campcompile.report.speech import speech
from campcompile.syntax.source import Source

if TYPE_CHECKING:
    from campcompile.cli.fixing import Fixed
    from campcompile.report.baseline import Entry

_STALE_SHOWN = 10


@click.command(short_help="Check campaigns and say what to mend.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without a change of meaning, then report the rest.")
@click.option("--diff", is_flag=True, help="Print what --fix would change, as a diff; nothing is written.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what may not be what you meant. Read the diff."
)
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A report in JSON of another day: what stands in it is known, and only new findings are told and count.",
)
@checking_options
def lint(
    paths: tuple[Path, ...],
    format_: str,
    output: Path | None,
    fail_on: str,
    as_of: date | None,
    baseline: Path | None,
    unsafe_fixes: bool,
    diff: bool,
    fix: bool,
) -> int:
    """Check campaigns and say what to mend.

    PATHS are folders or files of campaigns, or their names; without any, all campaigns are checked.
    Without --fix nothing is written.

    \b
    Examples:
      campcompile lint
      campcompile lint campaigns/newsletter
      campcompile lint --as-of 2026-12-24
      campcompile lint --diff                               what --fix would change
      campcompile lint --fix
      campcompile lint --format github --fail-on warning    in CI
      campcompile lint --format sarif --output findings.sarif
    \b
    An old workspace, from today on:
      campcompile lint --format json --output baseline.json
      campcompile lint --baseline baseline.json
    """
    _refuse_contradictions(fix=fix, diff=diff, unsafe_fixes=unsafe_fixes, format=format_, output=output)
    known = _baseline(baseline)
    inputs = read_inputs(paths)
    wish = wish_for(inputs, format_, fail_on, output)
    compilation = compile_inputs(inputs, as_of=as_of, lint_only=True)
    closing: list[str] = []
    if fix or diff:
        from campcompile.cli.fixing import SAFE, UNSAFE, fixed

        mended = fixed(inputs, compilation, as_of=as_of, allowed=UNSAFE if unsafe_fixes else SAFE)
        if diff:
            report, _ = _new(report_of(compilation), known)
            _print_diff(inputs, report_of(compilation), mended)
            return int(report.fails(fail_on))
        _write(inputs, mended)
        compilation = mended.compilation
        closing = [mended.account] if mended.files else ["nothing could be mended without you"]
        if format_ != "text" or output is not None:
            say(speech(compilation.programme.settings.messages).say(closing[0]))
    report, stale = _new(report_of(compilation), known)
    print_report(report.with_closing(*closing, *_closing(report)), wish)
    _tell_stale(baseline, () if inputs.only else stale)
    return int(report.fails(fail_on))


def _refuse_contradictions(*, fix: bool, diff: bool, unsafe_fixes: bool, format: str, output: Path | None) -> None:
    if fix and diff:
        raise UsageError("--fix and --diff are two things", help="--diff shows what --fix would write: choose one")
    if unsafe_fixes and not (fix or diff):
        raise UsageError("--unsafe-fixes alone does nothing", help="add --diff to see them, or --fix to write them")
    if diff and (format != "text" or output is not None):
        raise UsageError("--diff prints a diff and no report", help="leave --format and --output out")


def _baseline(path: Path | None) -> tuple[Entry, ...]:
    if path is None:
        return ()
    from campcompile.report.baseline import read_baseline

    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"can't read {path}: {(error.strerror or '').lower()}") from None
    return read_baseline(path.name, content)


def _new(report: Report, known: tuple[Entry, ...]) -> tuple[Report, tuple[Entry, ...]]:
    if not known:
        return report, ()
    from campcompile.report.baseline import without_known

    return without_known(report, known)


def _closing(report: Report) -> list[str]:
    if not report.diagnostics:
        return ["next: campcompile compile"]
    if not any(found.fixes for found in report.diagnostics):
        return ["next: mend these, then lint again"]
    from campcompile.cli.fixing import hints

    return [*hints(report), "next: mend these, then lint again"]


def _tell_stale(baseline: Path | None, stale: tuple[Entry, ...]) -> None:
    """What the baseline accepts and is found no more: it should go from there, lest it come back unseen."""
    if not stale:
        return
    entries = "an entry" if len(stale) == 1 else f"{len(stale):,} entries"
    say(f"{baseline} has {entries} of what is found no more: write it anew")
    for entry in stale[:_STALE_SHOWN]:
        say(f"  {entry}")
    if len(stale) > _STALE_SHOWN:
        say(f"  and {counted(len(stale) - _STALE_SHOWN, 'other')}")


def _write(inputs: Inputs, mended: Fixed) -> None:
    from campcompile.workspace import replace_files

    workspace = inputs.workspace
    replace_files(workspace.root, workspace.files, {path: mended.inputs.workspace.files[path] for path in mended.files})


def _print_diff(inputs: Inputs, report: Report, mended: Fixed) -> None:
    from campcompile.report.patch import patch_lines

    secret = _secret_lines(report) | _secret_lines(report_of(mended.compilation))
    after = {path: mended.inputs.workspace.files[path] for path in mended.files}
    out(patch_lines(inputs.workspace.files, after, secret, colour=wants_colour(sys.stdout)))
    account = (
        mended.account.replace("mended", "would mend", 1) if mended.files else "nothing could be mended without you"
    )
    say(report.speech.say(account))


def _secret_lines(report: Report) -> frozenset[str]:
    nowhere = Source("", "")
    return frozenset(report.sources.get(path, nowhere).line(number) for path, number in report.private_lines)
