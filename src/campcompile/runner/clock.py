"""What time it is, and whether the machine's clock can be believed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_BELIEVED = timedelta(seconds=30)  # time servers correct less than this without a jump


class Clock:
    """The machine's clock, or a clock that was set by hand and goes on from there."""

    def __init__(
        self,
        start: datetime | None = None,
        *,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._began_wall = wall()
        self._began_steady = steady()
        self._offset = timedelta() if start is None else start - datetime.fromtimestamp(self._began_wall, UTC)

    def now(self) -> datetime:
        """In UTC."""
        return (datetime.fromtimestamp(self._wall(), UTC) + self._offset).astimezone(UTC)

    def jump(self) -> timedelta:
        """By how much the machine's clock was moved since the start; zero for what time servers do."""
        drift = timedelta(seconds=(self._wall() - self._began_wall) - (self._steady() - self._began_steady))
        return drift if abs(drift) > _BELIEVED else timedelta()
