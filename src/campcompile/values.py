"""Frozen values that are made quickly: a drop-in for `dataclasses.dataclass`, for start-up's sake (ADR 0003).

The standard decorator writes and compiles six functions for each frozen class; two hundred classes cost
half of a cold `lint`. This one compiles `__init__` alone, when the first value is made, and shares the rest. To mypy,
and to `dataclasses.fields` and `replace`, the classes are ordinary dataclasses.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, slots=False, kw_only=False, order=False, **others):
        """As `dataclasses.dataclass`; quicker for frozen classes with slots and without an order."""

        def make(cls):
            if frozen and slots and not order and not others:
                return _frozen(cls, kw_only)
            return dataclasses.dataclass(frozen=frozen, slots=slots, kw_only=kw_only, order=order, **others)(cls)

        return make if cls is None else make(cls)


def _frozen(cls: type[Any], kw_only: bool) -> type[Any]:
    own = frozenset(cls.__dict__)
    if cls.__doc__ is None:
        cls.__doc__ = cls.__name__  # else dataclasses asks inspect for a signature
    made: type[Any] = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
    shared: dict[str, Any] = {
        "__init__": _first_init(made),
        "__repr__": _repr,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__getstate__": _getstate,
        "__setstate__": _setstate,
    }
    compared = tuple(field.name for field in dataclasses.fields(made) if field.compare)
    shared["__eq__"], shared["__hash__"] = _equality(compared)
    for name, function in shared.items():
        if name not in own or (name == "__hash__" and "__eq__" not in own):
            setattr(made, name, function)
    return made


def _first_init(made: type[Any]) -> Any:
    """An `__init__` that writes the real one over itself: of half the classes, a run makes no value."""

    def __init__(self: Any, /, *given: Any, **named: Any) -> None:
        init = _init(made)
        type.__setattr__(made, "__init__", init)
        init(self, *given, **named)

    return __init__


def _init(made: type[Any]) -> Any:
    """`__init__` that fills each slot by its own descriptor, which is quicker than object.__setattr__."""
    names: dict[str, Any] = {"_absent": _ABSENT}
    first: list[str] = []
    last: list[str] = []
    body: list[str] = []
    for field in dataclasses.fields(made):
        name = field.name
        names[f"_set_{name}"] = getattr(made, name).__set__
        value = name
        parameter = name
        if field.default_factory is not dataclasses.MISSING:
            names[f"_make_{name}"] = field.default_factory
            parameter = f"{name}=_absent"
            value = f"_make_{name}() if {name} is _absent else {name}"
        elif field.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = field.default
            parameter = f"{name}=_default_{name}"
        if field.init:
            (last if field.kw_only else first).append(parameter)
        elif "=" not in parameter:
            continue
        else:
            value = f"_make_{name}()" if "_make_" in value else f"_default_{name}"
        body.append(f" _set_{name}(self, {value})")
    if hasattr(made, "__post_init__"):
        body.append(" self.__post_init__()")
    parameters = ", ".join(["self", *first, *(["*", *last] if last else [])])
    exec(f"def __init__({parameters}):\n" + "\n".join(body or [" pass"]), names)  # field names alone
    return names["__init__"]


def _equality(compared: tuple[str, ...]) -> tuple[Any, Any]:
    if not compared:
        key: Any = lambda value: ()  # noqa: E731
    else:
        key = attrgetter(*compared)

    def __eq__(self: Any, other: Any) -> Any:
        if self is other:
            return True
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:
        return hash(key(self))

    return __eq__, __hash__


def _repr(self: Any) -> str:
    values = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{type(self).__qualname__}({values})"


def _refuse(self: Any, name: str, value: Any = None) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _setstate(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


class _Absent:
    def __repr__(self) -> str:
        return "<factory>"


_ABSENT = _Absent()
