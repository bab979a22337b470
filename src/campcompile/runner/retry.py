"""When something that was certainly not taken may be tried again."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

_FIRST = timedelta(minutes=5)  # greylisting servers ask for five (RFC 6647, 5)
_LONGEST = timedelta(hours=4)


def wait_before(tries: int, chance: Callable[[float, float], float] = random.uniform) -> timedelta:
    """Full jitter: between one minute and a bound that doubles with each try; so many senders don't come at once."""
    bound = min(_FIRST * 2 ** max(tries - 1, 0), _LONGEST)
    return timedelta(seconds=chance(60, bound.total_seconds()))
