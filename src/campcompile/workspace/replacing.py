"""Replacing one file in one step: whoever reads it finds the old bytes or the new ones, never a part."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from campcompile.errors import CampcompileError


def replace_file(place: Path, content: bytes) -> None:
    """Make `place` hold `content`; what its file allowed to whom stays. Raises OSError."""
    temporary = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(stat.S_IMODE(place.stat().st_mode))
        temporary.replace(place)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_report(place: Path, content: bytes) -> None:
    """Write what `--output` asked for; raises CampcompileError where that can't be."""
    try:
        if not stat.S_ISREG(place.stat().st_mode if place.exists() else stat.S_IFREG):  # /dev/stdout, a pipe
            place.write_bytes(content)
        else:
            replace_file(place.resolve(), content)
    except OSError as error:
        raise CampcompileError(
            f"can't write {place}: {(error.strerror or '').lower()}", help="name a file in a folder that exists"
        ) from error


def write_private(place: Path, content: bytes) -> None:
    """Write a file with persons' data: nobody but its owner may read it. Raises CampcompileError."""
    try:
        with contextlib.suppress(FileNotFoundError):
            place.unlink()
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise CampcompileError(
            f"can't write {place}: {(error.strerror or '').lower()}", help="name a file in a folder that exists"
        ) from error


def replace_files(root: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    """Give the files of a workspace that differ in `after` their new bytes, each in one step.

    Raises CampcompileError, before anything is written, where one isn't any more what it was `before`.
    """
    changed = {path: content for path, content in sorted(after.items()) if content != before[path]}
    places = {path: (root / path).resolve() for path in changed}
    try:
        for path, place in places.items():
            if not place.is_relative_to(root.resolve()) or place.read_bytes() != before[path]:
                raise CampcompileError(
                    f"{path} was changed by somebody else just now", help="nothing was written: run the command again"
                )
        for path, place in places.items():
            replace_file(place, changed[path])
    except OSError as error:
        raise CampcompileError(f"can't write to {root}: {(error.strerror or '').lower()}") from error
