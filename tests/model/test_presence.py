"""What a condition's truth says about which fields are set."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from campcompile.evaluate import evaluate
from campcompile.formula import And, Compare, Const, FieldRef, Formula, Has, Not, OneOf, Or, Set
from campcompile.model.presence import set_where_false, set_where_not_true, set_where_true

A, B = FieldRef("p.a"), FieldRef("p.b")
NOW = datetime(2026, 8, 15, tzinfo=UTC)


def test_is_set_implies_itself() -> None:
    assert set_where_true(Set(A)) == {"p.a"}


def test_else_of_is_not_set_may_print() -> None:
    assert set_where_not_true(Not(Set(A))) == {"p.a"}


def test_else_of_a_comparison_implies_nothing_as_unknown_is_not_true() -> None:
    assert set_where_not_true(Compare("==", A, Const("x"))) == frozenset()


def test_an_or_implies_only_what_both_sides_imply() -> None:
    assert set_where_true(Or((Set(A), And((Set(A), Set(B)))))) == {"p.a"}


_LEAVES = st.sampled_from(
    [
        Set(A),
        Set(B),
        Compare("==", A, Const("x")),
        Compare("!=", B, Const("x")),
        OneOf(A, ("x", "y")),
        Compare("==", A, B),
        Const(True),
        Has(FieldRef("p.list"), "x"),
    ]
)
_FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.tuples(inner, inner).map(And),
        st.tuples(inner, inner).map(Or),
    ),
    max_leaves=6,
)


@given(_FORMULAS)
def test_what_is_implied_holds_for_every_row(formula: Formula) -> None:
    for a, b, many in product((None, "x", "y"), (None, "x"), (None, ("x",))):
        row = {"p.a": a, "p.b": b, "p.list": many}
        value = evaluate(formula, row, NOW)
        implied = set_where_true(formula) if value is True else set_where_not_true(formula)
        if value is False:
            implied |= set_where_false(formula)
        assert all(row[name] is not None for name in implied)
