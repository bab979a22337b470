"""One processor for many threads of Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def one_processor() -> Iterator[None]:
    """Have this thread, and those that it starts, run on one processor, where the system lets us choose.

    Only one thread of an interpreter runs at a time. On one processor each hands over to the next; on two it wakes
    the other processor for it, some thirty times a message: a fifth of all the work of sending.
    """
    if sys.platform != "linux":
        yield
        return
    allowed = os.sched_getaffinity(0)
    with suppress(OSError):  # a container may forbid it
        os.sched_setaffinity(0, {sorted(allowed)[os.getpid() % len(allowed)]})
    try:
        yield
    finally:
        with suppress(OSError):
            os.sched_setaffinity(0, allowed)
