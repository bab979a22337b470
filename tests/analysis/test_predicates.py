"""Predicates as sets of people: what holds for nobody, for everybody, or wherever another holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.predicates import Verdict, emptiness, implies, overlap, triviality
from campcompile.evaluate import Row, Value, evaluate
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
    Not,
    OneOf,
    Or,
    Set,
    Today,
    source_fields,
)
from campcompile.model.conditions import bind_condition
from campcompile.model.dictionary import bind_dictionary
from campcompile.model.fields import Dictionary
from campcompile.model.scope import Names, Scope
from campcompile.model.settings import bind_settings
from campcompile.syntax.condition import parse_condition
from campcompile.syntax.source import MappedText, Source
from campcompile.syntax.yaml import read_yaml

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
DICTIONARY = """\
records:
  patient: {person: true}
  visit: {of: patient}
fields:
  patient.kind: {type: {choice: [x, y, z]}, label: contact}
  patient.sort: {type: {choice: [u, v]}, label: contact, required: true}
  patient.flag: {type: yes_no, label: contact}
  patient.sure: {type: yes_no, label: contact, missing: false}
  patient.size: {type: number, label: contact}
  patient.name: {type: text, label: contact}
  patient.nick: {type: text, label: contact}
  patient.born: {type: date, label: contact}
  patient.tags: {type: {list: {choice: [a, b]}}, label: contact}
  patient.last: {from: last(visit.start), where: visit.done, label: relationship}
  patient.next: {from: next(visit.start), label: relationship}
  visit.start: {type: datetime, label: relationship, required: true}
  visit.done: {type: yes_no, label: relationship}
"""
SETTINGS = bind_settings(None).value
FIELDS: Dictionary = bind_dictionary(read_yaml(Source("dictionary.yaml", DICTIONARY)).value, SETTINGS).value


def formula(text: str) -> Formula:
    scope = Scope(
        names=Names(SETTINGS, FIELDS, {}), recipient="patient", records=("visit", "patient"), zone=Const("UTC")
    )
    expression = parse_condition(MappedText.plain(text, "", 0)).value
    assert expression is not None, text
    bound = bind_condition(expression, scope)
    assert bound.value is not None, bound.diagnostics
    return bound.value.formula


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ('patient.kind == "x" and patient.kind == "y"', YES),
        ('patient.kind == "x" or patient.kind == "y"', NO),
        ('patient.kind != "x" and patient.kind != "y" and patient.kind != "z"', YES),
        ('patient.kind not in ["x", "y"] and patient.kind != "z"', YES),
        ('patient.kind is not set and patient.kind == "x"', YES),
        ('patient.kind is not set and not (patient.kind == "x")', YES),
        ("patient.sort is not set", YES),
        ("patient.name is not set", NO),
        ('patient.name == "Kari" and patient.name == "Ola"', YES),
        ("patient.size > 3 and patient.size < 4", NO),
        ("patient.size > 3 and patient.size <= 3", YES),
        ("age(patient.born) > 17 and age(patient.born) < 18", YES),
        ("age(patient.born) >= 18 and months_since(patient.born) < 216", YES),
        ("age(patient.born) >= 18 and months_since(patient.born) == 216", NO),
        ("age(patient.born) >= 18 and days_since(patient.born) < 30", YES),
        ("age(patient.born) >= 18 and days_since(patient.born) < 6580", UNKNOWN),
        ('patient.born > "2020-02-01" and patient.born < "2020-02-02"', YES),
        ('patient.born in ["1957-03-02", "1960-11-17"]', NO),
        ('patient.born in ["1957-03-02", "1960-11-17"] and patient.born > "1960-12-01"', YES),
        ('patient.born > "2020-02-01" and age(patient.born) > 90', UNKNOWN),
        ("days_since(patient.next) > 30", YES),
        ("months_since(patient.last) < -2", YES),
        ("months_since(patient.last) >= 12 and patient.next is not set", NO),
        ("patient.last is set and visit.done", UNKNOWN),
        ("patient.name == patient.nick and patient.name != patient.nick", YES),
        ("patient.name == patient.nick", NO),
        ("patient.flag and not patient.flag", YES),
        ("patient.sure and not patient.sure", YES),
        ('has(patient.tags, "a") and patient.tags is not set', YES),
        ('not has(patient.tags, "a") and not has(patient.tags, "b") and patient.tags is set', UNKNOWN),
    ],
)
def test_a_condition_that_nobody_meets_is_told_from_one_that_somebody_may(text: str, empty: Verdict) -> None:
    assert emptiness(formula(text), FIELDS) is empty


@pytest.mark.parametrize(
    ("text", "trivial"),
    [
        ("patient.sort is set", YES),
        ("patient.flag or not patient.flag", NO),  # unknown for who has none
        ("patient.flag or not patient.flag or patient.flag is not set", YES),
        ("patient.sure or not patient.sure", YES),
        ('patient.kind in ["x", "y", "z"]', NO),
        ('patient.kind in ["x", "y", "z"] or patient.kind is not set', YES),
        ("age(patient.born) >= 18 or age(patient.born) < 18 or patient.born is not set", YES),
        ("patient.size < 3 or patient.size >= 3 or patient.size is not set", YES),
        ("patient.size < 3 or patient.size > 3 or patient.size is not set", NO),
    ],
)
def test_a_condition_that_everybody_meets_says_nothing(text: str, trivial: Verdict) -> None:
    assert triviality(formula(text), FIELDS) is trivial


@pytest.mark.parametrize(
    ("a", "b", "implied", "together"),
    [
        ("age(patient.born) >= 50", "age(patient.born) >= 18", YES, YES),
        ("age(patient.born) >= 18", "age(patient.born) >= 50", NO, YES),
        ("age(patient.born) >= 18", "patient.born is set", YES, YES),
        ("months_since(patient.last) >= 12", "months_since(patient.last) >= 6", YES, YES),
        ('patient.kind == "x"', 'patient.kind != "y"', YES, YES),
        ('patient.kind != "y"', 'patient.kind == "x"', NO, YES),
        ('patient.kind == "x"', 'patient.kind == "y"', NO, NO),
        ('patient.kind == "x" and patient.flag', 'patient.kind == "x"', YES, YES),
        ("patient.name == patient.nick", "patient.nick == patient.name", YES, YES),
    ],
)
def test_the_wider_of_two_audiences_is_told(a: str, b: str, implied: Verdict, together: Verdict) -> None:
    assert implies(formula(a), formula(b), FIELDS) is implied
    assert overlap(formula(a), formula(b), FIELDS) is together


def test_nothing_is_equal_to_an_empty_text_for_that_is_a_missing_one() -> None:
    assert emptiness(Compare("==", FieldRef("patient.name"), Const("")), FIELDS) is YES
    assert emptiness(Compare("!=", FieldRef("patient.name"), Const("")), FIELDS) is NO


def test_a_condition_with_too_many_ways_is_not_decided() -> None:
    twisted = And(tuple(Or((Compare("==", FieldRef(f"a{k}"), Const("1")), Set(FieldRef(f"b{k}")))) for k in range(12)))
    assert emptiness(twisted, FIELDS) is UNKNOWN


# ── against people, one by one ───────────────────────────────────────────────────────────────────────

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
TODAY = Today(Const("UTC"))
DAYS = sorted(
    {
        date(2026, 3, 5) - timedelta(days=k)
        for k in (-400, -40, -1, 0, 1, 2, 3, 20, 28, 31, 59, 60, 62, 365, 396, 800, 1200)
    }
    | {date(2025, 3, 1) + timedelta(days=k) for k in (-1, 0, 1)}
)
VALUES: dict[str, tuple[Value, ...]] = {
    "patient.kind": (None, "x", "y", "z"),
    "patient.sort": ("u", "v"),
    "patient.flag": (None, True, False),
    "patient.sure": (None, True, False),
    "patient.size": (None, -1, 0, 0.5, 1, 1.5, 2, 3),
    "patient.born": (None, *DAYS),
    "patient.tags": (None, ("a",), ("b",), ("a", "b")),
}
OPS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
SMALL = st.sampled_from([0, 1, 2])
KIND, SIZE, BORN, TAGS = (FieldRef(f"patient.{name}") for name in ("kind", "size", "born", "tags"))
ATOMS = st.one_of(
    st.builds(lambda op, v: Compare(op, KIND, Const(v)), st.sampled_from(["==", "!="]), st.sampled_from("xyz")),
    st.builds(lambda v: OneOf(KIND, tuple(v)), st.sets(st.sampled_from("xyz"), min_size=1)),
    st.builds(lambda v: Compare("==", FieldRef("patient.sort"), Const(v)), st.sampled_from("uv")),
    st.builds(lambda op, v: Compare(op, SIZE, Const(v)), OPS, SMALL),
    st.builds(lambda op, v: Compare(op, Default(SIZE, 1), Const(v)), OPS, SMALL),
    st.builds(
        lambda op, unit, n: Compare(op, Elapsed(unit, BORN, TODAY), Const(n)),
        OPS,
        st.sampled_from(["years", "months", "days"]),
        SMALL,
    ),
    st.builds(lambda op: Compare(op, BORN, DateConst("2025-03-01")), OPS),
    st.sampled_from([Has(TAGS, "a"), Has(TAGS, "b"), Const(True), Const(False)]),
    st.sampled_from([FieldRef("patient.flag"), Default(FieldRef("patient.sure"), False)]),
    st.sampled_from([KIND, SIZE, BORN, TAGS, FieldRef("patient.sort")]).map(Set),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=4,
)


def everybody(*formulas: Formula) -> Iterator[Row]:
    read = sorted({name for one in formulas for name in source_fields(one)})
    for values in product(*(VALUES[name] for name in read)):
        yield dict(zip(read, values, strict=True))


@settings(max_examples=100, deadline=None)
@given(CONDITIONS)
def test_what_nobody_or_everybody_meets_is_so_one_by_one(condition: Formula) -> None:
    truths = {evaluate(condition, row, NOW) is True for row in everybody(condition)}
    empty, trivial = emptiness(condition, FIELDS), triviality(condition, FIELDS)
    assert empty is UNKNOWN or (empty is YES) == (True not in truths)
    assert trivial is UNKNOWN or (trivial is YES) == (False not in truths)


@settings(max_examples=50, deadline=None)
@given(CONDITIONS, CONDITIONS)
def test_what_implies_another_does_so_one_by_one(a: Formula, b: Formula) -> None:
    both = {(evaluate(a, row, NOW) is True, evaluate(b, row, NOW) is True) for row in everybody(a, b)}
    implied = implies(a, b, FIELDS)
    assert implied is UNKNOWN or (implied is YES) == ((True, False) not in both)
    together = overlap(a, b, FIELDS)
    assert together is UNKNOWN or (together is YES) == ((True, True) in both)


@settings(max_examples=60, deadline=None)
@given(CONDITIONS)
def test_a_condition_implies_itself_and_is_apart_from_its_opposite(condition: Formula) -> None:
    assert implies(condition, condition, FIELDS) is YES
    assert overlap(condition, Not(condition), FIELDS) is NO
