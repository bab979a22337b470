"""How many people an experiment takes: the published table, and a simulation that counts."""

from __future__ import annotations

from math import sqrt
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.power import detectable, people_needed


@pytest.mark.parametrize(
    ("baseline", "higher", "people"),
    [(22, 25, 3_135), (22, 24, 6_950), (22, 33, 258), (3, 3.5, 19_743), (3, 4, 5_301), (2.5, 5, 906)],
)
def test_the_measured_table_comes_out(baseline: float, higher: float, people: int) -> None:
    assert people_needed(baseline / 100, (higher - baseline) / 100) == pytest.approx(people, abs=1)


def test_so_many_people_see_the_difference_four_times_in_five() -> None:
    """A count, not the formula again: 800 experiments, each decided by the two-proportion z test."""
    random, people = Random(7), people_needed(0.1, 0.1)
    limit = NormalDist().inv_cdf(0.975)

    def differ() -> bool:
        low, high = (sum(random.random() < share for _ in range(people)) / people for share in (0.1, 0.2))
        mean = (low + high) / 2
        return mean > 0 and abs(high - low) / sqrt(2 * mean * (1 - mean) / people) > limit

    assert sum(differ() for _ in range(800)) / 800 == pytest.approx(0.8, abs=0.05)


@given(baseline=st.floats(0.005, 0.5), points=st.integers(5, 300))
@settings(max_examples=100, deadline=None)
def test_more_people_see_less_and_what_is_detectable_is_seen(baseline: float, points: int) -> None:
    detect = points / 1000
    people = people_needed(baseline, detect)
    assert people_needed(baseline, detect / 2) > people
    assert detectable(baseline, people) <= detect + 0.001
    assert people_needed(baseline, detectable(baseline, people)) <= people


@pytest.mark.parametrize("detect", [0.0, -0.1, 0.95])
def test_shares_beyond_all_or_nothing_are_refused(detect: float) -> None:
    with pytest.raises(ValueError, match="shares"):
        people_needed(0.1, detect)
