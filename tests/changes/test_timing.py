"""What a new timing does to people under way is worked out, and never says that all is well where it isn't."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campcompile.changes.account import Consequence, Rescheduled
from tests.changes.clinic import NE, NEWS, RE, REMINDERS, account

EARLIER, LATER, MISSES, AT_ONCE, TWICE, RHYTHM = Consequence


def test_the_consequences_are_named_in_the_order_of_their_type() -> None:
    assert [one.value for one in (EARLIER, LATER, MISSES, AT_ONCE, TWICE, RHYTHM)] == [
        *("earlier", "later", "misses", "at once", "twice", "rhythm")
    ]


def told(old: str, new: str, path: str = RE, text: str = REMINDERS) -> Rescheduled:
    assert text.count(old) == 1
    changes = account({path: text.replace(old, new)}).all_changes()
    [found] = [one.detail for one in changes if isinstance(one.detail, Rescheduled)]
    return found


@pytest.mark.parametrize(
    ("old", "new", "consequences", "days"),
    [
        ("offset: -P7D", "offset: -P6D", {LATER}, 0),
        ("offset: -P7D", "offset: -P9D", {EARLIER, AT_ONCE}, 2),
        (
            'offset: -P7D, at: "09:00", expires: -P4D',
            'offset: -P14D, at: "09:00", expires: -P12D',
            {EARLIER, MISSES},
            5,
        ),
        ('offset: P7D, at: "09:00"', 'offset: P3D, at: "09:00"', {EARLIER, MISSES}, 3),
        ("expires: -P4D", "expires: -P3D", set(), 0),
    ],
)
def test_who_is_under_way_misses_it_where_its_deadline_is_past(
    old: str, new: str, consequences: set[Consequence], days: int
) -> None:
    found = told(old, new)
    assert found.consequences == consequences
    assert abs(found.window - timedelta(days=days)) < timedelta(days=1)


def test_a_date_that_comes_forward_is_late_for_nobody_who_reads_it_in_time() -> None:
    assert told("2026-12-01", "2026-12-03", NE, NEWS).consequences == {LATER}
