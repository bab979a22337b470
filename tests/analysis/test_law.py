"""Packs of law are dated data: the day and the place decide what holds, and what nobody has read makes no error."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.inventory import law_packs
from campcompile.analysis.law import (
    ASKED_BY,
    EVERYWHERE,
    Mark,
    in_force,
    is_covered,
    law_behind,
    names,
    packs,
    packs_of,
)
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Severity

WRITTEN = law_packs()
PLACES = sorted({place for pack in packs().values() for place in pack.places} - {EVERYWHERE})
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_pack_is_written_as_its_schema_says(name: str) -> None:
    schema = json.loads(files("campcompile").joinpath("analysis/data/law/schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(WRITTEN[name], schema)


@pytest.mark.parametrize("name", WRITTEN)
def test_days_are_days_and_each_place_is_the_packs_own(name: str) -> None:
    pack = WRITTEN[name]
    assert date.fromisoformat(str(pack["checked_at"])) <= TODAY
    provisions, places = pack["provisions"], pack["places"]
    assert isinstance(provisions, dict) and isinstance(places, list)
    for rows in provisions.values():
        for row in rows:
            date.fromisoformat(row["effective_from"])
            assert row.get("place", places[0]) in places
        days = [(row.get("place", ""), row["effective_from"]) for row in rows]
        assert len(set(days)) == len(days)


def test_the_packs_are_those_that_practices_need() -> None:
    assert {"us-federal", "us-states", "eu", "fr", "no", "uk", "ca", "tw"} <= packs().keys()


def test_tracking_pixels_in_france_become_an_error_on_14_july_2026() -> None:
    (before, *_), (after, *_) = (in_force("open-tracking", ("FR",), date(2026, 7, day)) for day in (13, 15))
    assert (before.severity, after.severity) == (Severity.WARNING, Severity.ERROR)
    assert after.words.startswith("FR: CNIL 2026-042")


def test_false_urgency_in_washington_becomes_an_error_with_the_courts_decision() -> None:
    (before, *_), (after, *_) = (in_force("false-urgency", ("US-WA",), date(2025, 4, day)) for day in (16, 17))
    assert (before.severity, after.severity) == (Severity.WARNING, Severity.ERROR)


def test_bowel_screening_in_the_united_states_begins_at_45_since_2021() -> None:
    assert [in_force("colorectal-screening-from", ("US",), date(year, 6, 1))[0].value for year in (2020, 2022)] == [
        "50",
        "45",
    ]


def test_a_state_brings_its_own_law_and_its_countrys() -> None:
    assert [one.place for one in in_force("false-urgency", ("US-WA",), TODAY)] == ["US-WA", "US"]
    assert [one.place for one in in_force("false-urgency", ("US",), TODAY)] == ["US"]
    assert [pack.id for pack in packs_of(("US-WA",))] == ["mailboxes", "policy", "us-federal", "us-states"]


def test_a_member_of_the_union_speaks_before_the_union() -> None:
    assert [one.pack for one in in_force("marketing-opt-in", ("NO",), TODAY)] == ["no", "eu"]
    assert [one.words for one in in_force("marketing-opt-in", ("DE",), TODAY)] == ["DE: Directive 2002/58/EC, art. 13"]


def test_a_place_without_a_pack_is_told() -> None:
    assert is_covered("DE") and is_covered("FR-57") and is_covered("US-NY")
    assert not is_covered("JP")


@given(
    name=st.sampled_from(names()),
    places=st.lists(st.sampled_from(PLACES), unique=True).map(tuple),
    day=st.dates(date(1990, 1, 1), date(2035, 1, 1)),
    later=st.integers(0, 4000),
)
@settings(max_examples=60, deadline=None)
def test_law_in_force_holds_on_its_day_and_only_well_read_law_makes_errors(
    name: str, places: tuple[str, ...], day: date, later: int
) -> None:
    found = in_force(name, places, day)
    assert all(one.effective_from <= day for one in found)
    assert all(one.mark in (Mark.CONFIRMED, Mark.SECONDARY) for one in found if one.severity is Severity.ERROR)
    kept = {(one.pack, one.place) for one in found}  # no pack forgets: what holds is replaced, never dropped
    assert kept <= {(one.pack, one.place) for one in in_force(name, places, day + timedelta(days=later))}


def test_every_provision_is_asked_for_by_a_rule() -> None:
    assert sorted(ASKED_BY) == list(names())
    assert set(ASKED_BY.values()) <= set(all_rules())


def test_what_a_rule_rests_on_is_told_by_place_and_day() -> None:
    assert [one.law for one in law_behind("ADV002", ("FR",), TODAY)] == ["CSP R.4127-19-1"]
    assert law_behind("ADV002", ("FR",), date(2019, 1, 1)) == ()
    assert law_behind("SYN001", ("FR",), TODAY) == ()
