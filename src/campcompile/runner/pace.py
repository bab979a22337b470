"""So many a second and no more."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """Lets one after the other through, evenly; no rate lets all through at once."""

    def __init__(
        self,
        rate: float | None,
        *,
        steady: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1 / rate if rate else 0.0
        self._steady = steady
        self._sleep = sleep
        self._next = steady()

    def wait(self) -> None:
        """Until the next may go."""
        if not self._gap:
            return
        now = self._steady()
        if self._next > now:
            self._sleep(self._next - now)
        self._next = max(self._next, now) + self._gap
