"""stdout for the report alone, stderr for all else; colour and progress where a person is looking."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable
from io import TextIOWrapper
from typing import TextIO

from campcompile.report.paint import Paint
from campcompile.report.width import printed

_FIRST_S = 0.4  # shorter work needs no progress line
_AGAIN_S = 0.1


def prepare_streams() -> None:
    """UTF-8 whatever the locale says (the reports have arrows and Chinese), and no failure over a lone surrogate."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def wants_colour(stream: TextIO) -> bool:
    """NO_COLOR wins (no-color.org), then FORCE_COLOR; else colour on a terminal that knows it."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """The columns of the terminal, at most 120; 100 where the report goes to a file or a pipe."""
    if not sys.stdout.isatty():
        return 100
    from shutil import get_terminal_size  # with its compressors, slow to load

    return min(get_terminal_size((100, 24)).columns, 120)


def out(lines: Iterable[str]) -> None:
    """Print the report. A reader who leaves early (`| head`) changes neither the verdict nor the exit code."""
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)


def say(line: str) -> None:
    """A remark beside the report."""
    print(line, file=sys.stderr)


def complain(message: str, help: str = "") -> None:
    """What is in the way, one line each, and what to do."""
    paint = Paint(wants_colour(sys.stderr))
    for line in message.splitlines():
        say(f"{paint('red', 'error')}: {printed(line)}")
    if help:
        say(f"  {paint('cyan', 'help')}: {printed(help)}")


class Progress:
    """A line on stderr, updated in place while work goes on; nothing where stderr is no terminal.

    Called with how many are done, of how many. Leaving the `with` block wipes the line.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._shown = False
        self._next = time.monotonic() + _FIRST_S
        self._alive = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._alive and now >= self._next:
            print(f"\r{self._what} {done:,} of {total:,}\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown, self._next = True, now + _AGAIN_S
