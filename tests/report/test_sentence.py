"""Conditions and offsets in plain words."""

from __future__ import annotations

import pytest

from campcompile.formula import (
    And,
    Compare,
    Const,
    DateConst,
    Default,
    Elapsed,
    FieldRef,
    Formula,
    Has,
    LocalDate,
    Lookup,
    Not,
    OneOf,
    Or,
    Set,
    Today,
)
from campcompile.model.timing import parse_offset
from campcompile.report.sentence import distance, sentence

STATUS = FieldRef("appointment.status")
BORN = FieldRef("patient.birth_date")
ZONE = Const("Europe/Oslo")


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        (OneOf(STATUS, ("booked", "confirmed")), '`appointment.status` is "booked" or "confirmed"'),
        (Not(OneOf(STATUS, ("booked", "x"))), '`appointment.status` is neither "booked" nor "x"'),
        (Compare("==", STATUS, Const("booked")), '`appointment.status` is "booked"'),
        (
            Compare(">=", Elapsed("years", BORN, Today(ZONE)), Const(50)),
            "the age in years from `patient.birth_date` is at least 50",
        ),
        (Compare("<", LocalDate(BORN, ZONE), DateConst("1990-01-01")), "`patient.birth_date` is before 1990-01-01"),
        (
            Compare("<", Elapsed("months", BORN, Today(ZONE)), Const(12)),
            "months since `patient.birth_date` is below 12",
        ),
        (Set(BORN), "`patient.birth_date` is known"),
        (Not(Set(BORN)), "`patient.birth_date` is not known"),
        (Has(FieldRef("patient.topics"), "flu"), '`patient.topics` includes "flu"'),
        (Not(Has(FieldRef("patient.topics"), "flu")), '`patient.topics` does not include "flu"'),
        (Default(FieldRef("patient.deceased"), False), "`patient.deceased` is yes"),
        (Not(Default(FieldRef("patient.deceased"), False)), "it is not so that `patient.deceased` is yes"),
        (Compare("==", FieldRef("patient.deceased"), Const(False)), "`patient.deceased` is no"),
        (Compare("==", Lookup(("patient.site",), (), "x"), Const("x")), 'the practice\'s own value is "x"'),
        (
            And((Set(BORN), Or((Set(STATUS), Set(ZONE))))),
            '`patient.birth_date` is known, and (`appointment.status` is known or "Europe/Oslo" is known)',
        ),
        (Const(True), "always"),
        (Const(False), "never"),
    ],
)
def test_a_condition_reads_as_a_clause(formula: Formula, words: str) -> None:
    assert sentence(formula) == words


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        ("-P7D", "7 days before X"),
        ("P1D", "1 day after X"),
        ("P1M14D", "1 month and 14 days after X"),
        ("-PT24H", "24 hours before X"),
        ("PT1H30M", "1 hour and 30 minutes after X"),
        ("4BD", "4 working days after X"),
        ("P0D", "on the day of X"),
        ("PT0H", "at X"),
        ("0BD", "on the day of X"),
    ],
)
def test_an_offset_reads_as_a_distance(offset: str, words: str) -> None:
    parsed = parse_offset(offset)
    assert parsed is not None
    assert distance(parsed, "X") == words


def test_on_the_day_itself_no_day_is_said_twice() -> None:
    parsed = parse_offset("P0D")
    assert parsed is not None
    assert distance(parsed, "the day on which they came") == "on the day on which they came"
