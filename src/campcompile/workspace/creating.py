"""Laying down new files for an author: all of them, or none, and never over somebody's own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from campcompile.errors import CampcompileError, OccupiedError
from campcompile.workspace.replacing import replace_file


def create(root: Path, files: Mapping[str, bytes], *, replace: bool = False) -> tuple[str, ...]:
    """Write `files` (paths below `root`) and return the paths that were written.

    A file that holds just these bytes already is left alone and not returned. Raises OccupiedError,
    before anything is written, where another file stands in the way and `replace` is False.
    """
    root = root.resolve()
    changed = {path: content for path, content in files.items() if not _holds(root / path, content)}
    taken = [] if replace else [path for path in changed if os.path.lexists(root / path)]
    if taken:
        raise OccupiedError(
            "\n".join(f"{path} is there already" for path in sorted(taken)),
            help="nothing was written: choose another name or folder, or move the file away first",
        )
    for path, content in sorted(changed.items()):
        try:
            _write(root, path, content)
        except OSError as error:
            raise CampcompileError(f"can't write {root / path}: {(error.strerror or '').lower()}") from error
    return tuple(sorted(changed))


def _holds(place: Path, content: bytes) -> bool:
    try:
        return place.is_file() and place.read_bytes() == content
    except OSError:
        return False


def _write(root: Path, path: str, content: bytes) -> None:
    place = root / path
    if not place.parent.resolve().is_relative_to(root):
        raise OSError(0, "a link leads out of the workspace")
    place.parent.mkdir(parents=True, exist_ok=True)
    replace_file(place, content)
