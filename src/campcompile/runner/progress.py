"""A line for whoever is looking: how many are done, how quickly, and when it will be over."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

_AGAIN_S = 0.2


class Progress:
    """Updated in place; leaving the `with` block wipes it."""

    def __init__(self, stream: TextIO, total: int, steady: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._total = total
        self._steady = steady
        self._began = self._next = steady()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        print("\r\x1b[K", end="", file=self._stream, flush=True)

    def __call__(self, done: int) -> None:
        now = self._steady()
        if now >= self._next:
            print(f"\r{told(done, self._total, now - self._began)}\x1b[K", end="", file=self._stream, flush=True)
            self._next = now + _AGAIN_S


def told(done: int, total: int, seconds: float) -> str:
    """`sending 1,200 of 30,000, 400 a second, over in 1 min 12 s`."""
    line = f"sending {done:,} of {total:,}"
    if not done or seconds <= 0:
        return line
    rate = done / seconds
    left = round(max(total - done, 0) / rate)
    minutes, rest = divmod(left, 60)
    hours, minutes = divmod(minutes, 60)
    ending = f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{line}, {rate:,.0f} a second, over in {ending}"
