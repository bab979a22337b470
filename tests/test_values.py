"""`values.dataclass` makes what `dataclasses.dataclass` makes, only sooner."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field, fields, replace
from typing import Any

import pytest

from campcompile import values


def both(**options: bool) -> list[Any]:
    """One class made by each decorator, with every kind of field that the house uses."""

    def made(decorator: Callable[..., Any]) -> Any:
        class Sample:
            """A sample."""

            name: str
            count: int = 3
            many: tuple[int, ...] = field(default_factory=tuple)
            memo: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

        return decorator(frozen=True, slots=True, **options)(Sample)

    return [made(dataclasses.dataclass), made(values.dataclass)]


@pytest.mark.parametrize("kw_only", [False, True])
def test_fields_defaults_and_order_of_parameters_are_the_same(kw_only: bool) -> None:
    standard, ours = both(kw_only=kw_only)
    for kind in (standard, ours):
        value = kind(name="a")
        assert (value.name, value.count, value.many, value.memo) == ("a", 3, (), {})
        assert kind(name="a").memo is not kind(name="a").memo
        assert [f.name for f in fields(kind)] == ["name", "count", "many", "memo"]
        assert kind.__match_args__ == standard.__match_args__
        assert repr(value).partition("(")[2] == repr(standard(name="a")).partition("(")[2]


@pytest.mark.parametrize("index", [0, 1])
def test_values_are_equal_hashable_and_replaceable(index: int) -> None:
    kind = both(kw_only=True)[index]
    assert kind(name="a") == kind(name="a") != kind(name="b")
    assert hash(kind(name="a")) == hash(kind(name="a"))
    assert replace(kind(name="a"), count=4) == kind(name="a", count=4)
    assert kind(name="a") != ("a", 3, ())
    assert copy.copy(kind(name="a")) == kind(name="a")


@pytest.mark.parametrize("index", [0, 1])
def test_nothing_can_be_changed_or_added(index: int) -> None:
    value = both(kw_only=True)[index](name="a")
    for change in (
        lambda: setattr(value, "name", "b"),
        lambda: setattr(value, "new", 1),
        lambda: delattr(value, "name"),
    ):
        with pytest.raises((AttributeError, TypeError)):
            change()
    assert not hasattr(value, "__dict__")


@pytest.mark.parametrize("index", [0, 1])
def test_a_missing_or_unknown_argument_is_refused(index: int) -> None:
    kind = both(kw_only=True)[index]
    for call in (lambda: kind(), lambda: kind("a"), lambda: kind(name="a", other=1), lambda: kind(name="a", memo={})):
        with pytest.raises(TypeError):
            call()


@values.dataclass(frozen=True, slots=True)
class Pickled:
    """At module level, as pickle needs it."""

    name: str


def test_values_survive_pickling() -> None:
    assert pickle.loads(pickle.dumps(Pickled("a"))) == Pickled("a")
