"""`campcompile migrate`: lift a workspace to the newest format of the language."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from campcompile import __version__
from campcompile.cli.console import out, wants_colour
from campcompile.errors import UsageError
from campcompile.report.patch import patch_lines
from campcompile.report.report import counted
from campcompile.syntax import migration
from campcompile.workspace import find_root, read, replace_files


@click.command(short_help="Lift a workspace to the newest format of the language.")
@click.option("--diff", is_flag=True, help="Print what would change, as a diff; nothing is written.")
def migrate(diff: bool) -> None:
    """Lift a workspace to the newest format of the language.

    `format:` in campcompile.yaml says which version of the language its files are written in. A new one that gives
    words another meaning comes with steps that rewrite the old ones; comments and the way that files are written stay.
    There is one format today: then there is nothing to do.

    \b
    Examples:
      campcompile migrate --diff
      campcompile migrate
    """
    root = find_root(Path.cwd())
    before = read(root).files
    start = _format(before)
    if start == migration.NEWEST:
        out([f"nothing to do: format {start} is the newest that campcompile {__version__} knows"])
        return
    after = dict(before)
    steps = [step for step in migration.STEPS if step.start >= start]
    for step in steps:
        try:
            after |= migration.lift(after, step)
        except migration.CannotMigrate as error:
            raise UsageError(str(error), help="nothing was written") from None
    changed = {path: content for path, content in after.items() if content != before[path]}
    if diff:
        out(patch_lines(before, changed, frozenset(), colour=wants_colour(sys.stdout)))
        return
    replace_files(root, before, changed)
    out([f"format {step.start + 1}: {step.title}" for step in steps])
    out([f"{counted(len(changed), 'file')} changed", "next: campcompile lint"])


def _format(files: Mapping[str, bytes]) -> int:
    """The workspace's format; raises UsageError for one that no step begins at."""
    start = migration.format_of(files)
    if start is None:
        raise UsageError("`format` in campcompile.yaml is no whole number", help=f"write `format: {migration.NEWEST}`")
    if start > migration.NEWEST:
        raise UsageError(
            f"this workspace is written in format {start}; campcompile {__version__} reads format {migration.NEWEST}",
            help="install a campcompile that reads it",
        )
    if start < migration.NEWEST and start not in {step.start for step in migration.STEPS}:
        raise UsageError(f"there has never been a format {start}", help=f"write `format: {migration.NEWEST}`")
    return start
