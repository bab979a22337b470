"""One folder tree that is ours to write, looked at with care: no link in it is ever followed."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from campcompile.errors import BundleError

_MANY = 64  # files: above this, one flush of the whole disk is cheaper than one each
_NOTHING = os.stat_result((0,) * 10)


class Folder:
    """A tree below `top`; what it has once seen to be a real folder it takes for one."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._real: set[str] = set()
        self._absent: set[str] = set()  # until we make them

    def make_for(self, path: str) -> None:
        """See to it that the folder of `path` exists."""
        parent = path.rpartition("/")[0]
        if parent in self._real:
            return
        if parent:
            self.make_for(parent)
        place = self.top / parent
        refuse_link(place)
        place.mkdir(exist_ok=True)
        self._real.add(parent)

    def has_file(self, path: str) -> bool:
        return stat.S_ISREG(self._look(path).st_mode)

    def has_folder(self, path: str) -> bool:
        return stat.S_ISDIR(self._look(path).st_mode)

    def holds(self, path: str, content: bytes) -> bool:
        """Whether there is a file at `path` with just these bytes."""
        found = self._look(path)
        same_size = stat.S_ISREG(found.st_mode) and found.st_size == len(content)
        return same_size and (self.top / path).read_bytes() == content

    def remove(self, paths: Iterable[str]) -> None:
        """Delete files, those that are still there, and the folders that this leaves empty."""
        emptied: set[PurePosixPath] = set()
        for path in paths:
            if self.has_file(path):
                (self.top / path).unlink()
            emptied.update(parent for parent in PurePosixPath(path).parents if parent.parts)
        for parent in sorted(emptied, key=lambda parent: len(parent.parts), reverse=True):
            with contextlib.suppress(OSError):  # not empty: somebody else's file is in it
                (self.top / parent).rmdir()

    def flush(self, paths: Collection[str]) -> None:
        """Bring the bytes of `paths`, and the names of their folders, to the disk."""
        if len(paths) > _MANY and hasattr(os, "sync"):
            os.sync()
            return
        for path in paths:
            _flush(self.top / path, os.O_RDWR)
        self.flush_folders(paths)

    def flush_folders(self, paths: Iterable[str]) -> None:
        """Bring the names of all folders above `paths` to the disk."""
        if os.name == "posix":  # Windows opens no folder; NTFS keeps a journal of names itself
            above = {PurePosixPath(folder) for folder in {path.rpartition("/")[0] for path in paths}}
            for folder in sorted(above.union(*(folder.parents for folder in above))):
                _flush(self.top / folder, os.O_RDONLY)

    def _look(self, path: str) -> os.stat_result:
        """What lies at `path`; all zeros for nothing."""
        folder = path.rpartition("/")[0]
        if folder not in self._real:
            if folder in self._absent:
                return _NOTHING
            for parent in map(str, reversed(PurePosixPath(path).parents)):
                refuse_link(self.top / parent)
            (self._real if (self.top / folder).is_dir() else self._absent).add(folder)
        try:
            return os.lstat(f"{self.top}/{path}")  # ten thousands of files: a Path for each costs more
        except (FileNotFoundError, NotADirectoryError):
            return _NOTHING


def refuse_link(place: Path) -> None:
    """Raises BundleError where `place` is a link: what we write would land elsewhere."""
    if place.is_symlink():
        raise BundleError(f"{place} is a link", help="campcompile writes below build/ alone: put a real folder there")


def remove_tree(place: Path) -> None:
    """Delete a folder and all in it; a link is deleted, not followed."""
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        from shutil import rmtree  # with its compressors, slow to load

        rmtree(place)


def _flush(place: Path, flags: int) -> None:
    descriptor = os.open(place, flags | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
