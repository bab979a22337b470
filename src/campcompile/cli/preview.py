"""`campcompile preview`: the page of `watch` as files, to look at where no campcompile runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from campcompile.cli.console import out, say
from campcompile.cli.inputs import Day
from campcompile.errors import CampcompileError


@click.command(short_help="Write the page of `watch` as files, for a review.")
@click.argument("workspace", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--static",
    "folder",
    metavar="DIR",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that the files go into; it may be there already.",
)
@click.option("--as-of", type=Day(), metavar="DATE", help="Judge, and show e-mails, as on this day.")
def preview(workspace: Path | None, folder: Path, as_of: date | None) -> None:
    """Write the page of `watch` as files, for a review.

    Every e-mail in every language, to each of the made-up people, with its findings and measures, and one
    journey. The files need no server and ask no network: a build can keep them as an artifact of a pull request.

    \b
    Examples:
      campcompile preview --static preview
      campcompile preview ../clinic --static preview --as-of 2026-12-24
    """
    from campcompile.preview.desk import Desk
    from campcompile.preview.static import static_files
    from campcompile.preview.workshop import Workshop
    from campcompile.report.report import counted
    from campcompile.workspace import find_root
    from campcompile.workspace.replacing import replace_file

    root = find_root(workspace or Path.cwd())
    workshop = Workshop(root, as_of=as_of, clock=lambda: datetime.now(UTC))
    workshop.refresh()
    count = size = 0
    try:
        for path, content in static_files(Desk(workshop, editor="")):
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, content)
            count, size = count + 1, size + len(content)
    except OSError as error:
        raise CampcompileError(f"can't write to {folder}: {(error.strerror or '').lower()}") from error
    say(f"{counted(count, 'file')}, {size / 1_000_000:.1f} MB")
    out([str(folder / "index.html")])
