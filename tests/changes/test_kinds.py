"""Every edit is classified as what it is, and a change of mere form as nothing."""

from __future__ import annotations

from random import Random

import pytest

from tests.changes.clinic import account
from tests.changes.kinds import KINDS, EditKind

SEEDS = 5  # of each kind, when there is time for all


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, SEEDS))]
)  # fmt: skip
def test_an_edit_is_classified_as_its_kind(kind: EditKind, seed: int) -> None:
    chance = Random(f"{kind.name} {seed}")
    found = account(kind.make(chance))
    told = [(one.kind.value, one.topic, one.where, one.before, one.after) for one in found.all_changes()]
    assert frozenset(found.kinds) == kind.touches, told


def test_there_are_two_hundred_edits_of_forty_kinds() -> None:
    assert len(KINDS) >= 40
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len(KINDS) * SEEDS >= 200
