"""What a command is asked about: the workspace, the campaigns in it, and the day."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from campcompile.cli.console import Progress
from campcompile.cli.reporting import FORMATS, Wish
from campcompile.errors import UsageError
from campcompile.syntax.suggest import nearest
from campcompile.values import dataclass
from campcompile.workspace import WorkspaceFiles, find_root, read

if TYPE_CHECKING:
    from campcompile.compiler import Compilation
    from campcompile.memory import Memory

Command = TypeVar("Command", bound=Callable[..., Any])

FAIL_ON = ("error", "warning", "info", "never")


class Day(click.ParamType[date]):
    """A date as `2026-09-08`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"`{value}` is no date: write year, month and day, as in 2026-09-08", param, ctx)


def checking_options(command: Command) -> Command:
    """PATHS, --format, --output, --fail-on and --as-of, which `lint` and `compile` share."""
    for add in (
        click.option(
            "--as-of",
            type=Day(),
            metavar="DATE",
            help="Judge as on this day (default: `as_of` of campcompile.yaml, else today at the practice).",
        ),
        click.option(
            "--fail-on",
            type=click.Choice(FAIL_ON),
            default="error",
            show_default=True,
            help="End with exit code 1 where a finding is at least this severe.",
        ),
        click.option(
            "--output",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Write the report into a file, whole or not at all; stdout stays empty.",
        ),
        click.option(
            "--format",
            "format_",
            type=click.Choice(tuple(FORMATS)),
            default="text",
            show_default=True,
            help="; ".join(f"{name}: {what}" for name, what in FORMATS.items()) + ".",
        ),
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]..."),
    ):
        command = add(command)
    return command


@dataclass(frozen=True, slots=True)
class Inputs:
    """A workspace's files, and the folders of campaigns that were asked for (none: all)."""

    workspace: WorkspaceFiles
    only: frozenset[str]


def read_inputs(paths: tuple[Path, ...]) -> Inputs:
    """The workspace that `paths` lie in (none: the one we stand in), read.

    A path may be a campaign's folder or a file in it, or a campaign's name; any other path in the
    workspace stands for all campaigns. Raises UsageError for a path that isn't there, or of another workspace.
    """
    root = find_root(next((path for path in paths if path.exists() or len(path.parts) > 1), Path.cwd()))
    workspace = read(root)
    folders = {path.split("/")[1] for path in workspace.files if path.startswith("campaigns/") and path.count("/") > 1}
    folders.discard("_shared")
    chosen = [_campaign(path, root, folders) for path in paths]
    return Inputs(workspace, frozenset() if "" in chosen else frozenset(chosen))


def wish_for(inputs: Inputs, format: str, fail_on: str, output: Path | None) -> Wish:
    """How the report is asked for; raises UsageError where it would be written over a file of the workspace."""
    root = inputs.workspace.root
    if output is not None:
        place = output.resolve()
        if place.is_relative_to(root) and place.relative_to(root).as_posix() in inputs.workspace.files:
            raise UsageError(f"{output} is a file of the workspace", help="name another file for the report")
    return Wish(format=format, fail_on=fail_on, output=output, root=root)


def compile_inputs(inputs: Inputs, *, as_of: date | None, lint_only: bool, memory: Memory | None = None) -> Compilation:
    """Compile what was read, with a progress line; the clock is read here and nowhere below."""
    from campcompile.compiler import compile_files

    with _without_collecting(), Progress("compiling e-mail") as progress:
        return compile_files(
            inputs.workspace.files,
            as_of=as_of,
            now=datetime.now(UTC),
            only=inputs.only,
            progress=progress,
            lint_only=lint_only,
            memory=memory,
        )


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A compile makes trees, not cycles: looking through them for cycles is a twentieth of its time."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # else they were looked through now
        gc.enable()


def _campaign(path: Path, root: Path, folders: set[str]) -> str:
    """The campaign's folder that `path` means; "" for all of them."""
    if not path.exists():
        if str(path) in folders:
            return str(path)
        near = nearest(path.name, folders)
        raise UsageError(f"no such file or folder: {path}", help=f"did you mean campaigns/{near}?" if near else "")
    place = Path(os.path.abspath(path)) if path.is_symlink() else path.resolve()  # noqa: PTH100
    if not place.is_relative_to(root):
        raise UsageError(f"{path} is not in the workspace {root}", help="check one workspace at a time")
    parts = place.relative_to(root).parts
    return parts[1] if len(parts) > 1 and parts[0] == "campaigns" and parts[1] in folders else ""
