"""How much mailboxes take without mistrust: so many a second to each large provider, and few on the first days."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pkgutil import get_data
from typing import Any

from campcompile.runner.pace import Pace


class Rates:
    """One pace for all, and one for each provider whose mailboxes are many."""

    def __init__(
        self,
        rate: float | None = None,
        *,
        steady: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._all = Pace(rate, steady=steady, sleep=sleep)
        self._of: dict[str, Pace] = {}
        for provider in _data()["providers"].values():
            pace = Pace(provider["per_second"], steady=steady, sleep=sleep)
            self._of |= dict.fromkeys(provider["domains"], pace)

    def wait(self, address: str) -> None:
        """Until a message to this address may go."""
        self._all.wait()
        if own := self._of.get(address.rpartition("@")[2].lower()):
            own.wait()


def most_on(day: date, first_day: date) -> int | None:
    """How many may go on a day by a server that nobody knows before `first_day`; None for as many as there are.

    Example: 50 on the first day, 100 on the second, 200 on the third.
    """
    warm = _data()["warm_up"]
    days = (day - first_day).days
    if days < 0:
        return 0
    most = warm["first"] * warm["factor"] ** min(days, 40)
    return int(most) if most <= warm["last"] else None


@cache
def _data() -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(get_data("campcompile.runner", "data/rates.json") or b"{}")
    return found
