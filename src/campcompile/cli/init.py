"""`campcompile init`: a small workspace that is clean from the first minute."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from campcompile.cli.console import out
from campcompile.cli.schema import schema_files
from campcompile.errors import OccupiedError
from campcompile.workspace import create


@click.command(short_help="Make a small workspace to start from.")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Make a small workspace to start from, in DIR (default: here).

    It holds a made-up practice, a dictionary, and one campaign in two languages; it lints clean and
    compiles. Nothing is asked, and no file of yours is written over.

    \b
    Examples:
      campcompile init clinic
      cd clinic && campcompile compile
    """
    if (folder / "campcompile.yaml").exists():
        raise OccupiedError(
            f"{folder / 'campcompile.yaml'} is there already", help="this is a workspace: campcompile new CAMPAIGN-NAME"
        )
    starter = dict(_starter()) | schema_files()
    folder.mkdir(parents=True, exist_ok=True)
    written = create(folder, starter)
    go = "" if folder.resolve() == Path.cwd().resolve() else f"cd {folder} && "
    out(
        [
            *(f"made {path}" for path in written if not path.startswith("schemas/")),
            f"made schemas/ ({sum(path.startswith('schemas/') for path in written)} files, for your editor)",
            f"next: {go}campcompile compile",
        ]
    )


def _starter() -> Iterator[tuple[str, bytes]]:
    """The files of cli/starter/workspace/, by their path in the new workspace."""
    yield from _below(files("campcompile.cli") / "starter" / "workspace", "")


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for item in sorted(folder.iterdir(), key=lambda item: item.name):
        if item.is_dir():
            yield from _below(item, f"{prefix}{item.name}/")
        else:
            yield _real_name(prefix + item.name), item.read_bytes()


def _real_name(path: str) -> str:
    return ".gitignore" if path == "gitignore" else path  # a wheel is built by what git doesn't ignore
