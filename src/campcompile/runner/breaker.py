"""When sending must stop by itself: too many bounces, complaints or people who leave, by dated limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pkgutil import get_data

from campcompile.runner.ledger.account import resumed, troubles
from campcompile.runner.ledger.ledger import Ledger

_WORDS = {"bounce": "bounced", "complaint": "complained", "unsubscribe": "left"}


@cache
def limits() -> Mapping[str, float]:
    """`window_hours`, `least` (messages in it, before anything is judged) and the share of each trouble."""
    found = json.loads(get_data("campcompile.runner", "data/limits.json") or b"{}")
    return {name: float(value) for name, value in found.items() if name not in ("checked_at", "source")}


def trouble(ledger: Ledger, now: datetime) -> str:
    """Why sending must stop, as a person is told it; "" where it needn't.

    What is counted is of the limits' window, and nothing from before a person looked after it and said `resume`.
    """
    limit = limits()
    since = now - timedelta(hours=limit["window_hours"])
    after = resumed(ledger)
    tried, counts = troubles(ledger, max(since, after) if after else since)
    if tried < limit["least"]:
        return ""
    for name, words in _WORDS.items():
        share = counts[name] / tried
        if share > limit[name]:
            hours = f"{limit['window_hours']:.0f} hours"
            return f"{share:.2%} of {tried:,} {words} within {hours}; the limit is {limit[name]:.1%}"
    return ""
