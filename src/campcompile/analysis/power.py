"""Power is how surely an experiment sees a difference: how many people it takes, and what so many people can show."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, sqrt
from statistics import NormalDist

ALPHA = 0.05  # two-sided: seen in one of twenty experiments where there is nothing
POWER = 0.8  # seen in four of five where there is


@lru_cache(maxsize=256)
def people_needed(baseline: float, detect: float) -> int:
    """How many people each of two groups needs to tell `baseline` from `baseline + detect`, both shares below 1.

    n = (z₁₋α⸝₂ √(2 p̄ q̄) + z_power √(p₁ q₁ + p₂ q₂))² ∕ (p₁ − p₂)², the normal approximation for two proportions
    (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed., formula 4.14).
    Example: from 22 % to 25 % it takes 3,135 people a group.
    Raises ValueError where a share lies outside of 0 to 1, or the difference is none.
    """
    higher = baseline + detect
    if not 0 < baseline < higher < 1:
        raise ValueError("shares lie between 0 and 1, and differ")
    mean = (baseline + higher) / 2
    chance = NormalDist().inv_cdf(1 - ALPHA / 2) * sqrt(2 * mean * (1 - mean))
    effect = NormalDist().inv_cdf(POWER) * sqrt(baseline * (1 - baseline) + higher * (1 - higher))
    return ceil((chance + effect) ** 2 / detect**2)


def detectable(baseline: float, people: int) -> float:
    """The smallest difference above `baseline` that so many people a group can show; to a tenth of a point, upwards."""
    for tenths in range(1, ceil((1 - baseline) * 1000)):
        if people_needed(baseline, tenths / 1000) <= people:
            return tenths / 1000
    return 1 - baseline
