"""A lock is a file that one process holds; the system lets go of it when that process ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from campcompile.errors import BusyError

_PAUSE_S = 0.05


@contextmanager
def locked(path: Path, patience: timedelta) -> Iterator[None]:
    """Hold the lock at `path`; raises BusyError when somebody else keeps it for longer than `patience`."""
    deadline = time.monotonic() + patience.total_seconds()
    while (descriptor := _try_lock(path)) is None:
        if time.monotonic() >= deadline:
            raise BusyError(
                f"another campcompile has been writing {path.parent.name}/ for {patience.total_seconds():g} seconds",
                help="wait for it to end, then run the command again",
            )
        time.sleep(_PAUSE_S)
    try:
        yield
    finally:
        os.close(descriptor)


def _try_lock(path: Path) -> int | None:
    """An open descriptor that holds the lock, or None where somebody else does."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, 0o666)
    if _acquire(descriptor) and _is_still(path, descriptor):
        return descriptor
    os.close(descriptor)
    return None


def _is_still(path: Path, descriptor: int) -> bool:
    # Whoever deletes build/ deletes the lock file too; a lock on a file without a name keeps nobody out.
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _acquire(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _acquire(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
