"""Questions are what a condition asks of a person: each of a key, with the values that answer it with yes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from math import inf
from typing import TypeAlias

from campcompile import formula as f
from campcompile.analysis.domains import Domain, Listed, Name, Ordered, Values, compared, numbers
from campcompile.formula import Formula
from campcompile.model.fields import Dictionary, Type
from campcompile.model.presence import needed
from campcompile.values import dataclass

NONE = Listed(frozenset())
ANY = Listed(frozenset(), True)
YES = frozenset({True})
YES_OR_NO: frozenset[Name] = frozenset({True, False})
_BESIDE = frozenset({"<", "==", ">"})  # how one value lies beside another
_SIDES = {"==": {"=="}, "!=": {"<", ">"}, "<": {"<"}, "<=": {"<", "=="}, ">": {">"}, ">=": {">", "=="}}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_COMPARE: Mapping[str, Callable[..., bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Key:
    """What is asked about.

    kind: value (of a field), day (of a datetime), months or days (since a field's day), holds (a list, a
    value), beside (two operands), or other, for what can't be looked into.
    """

    kind: str
    fields: tuple[str, ...]  # whose value decides
    detail: str = ""


Known: TypeAlias = Mapping[Key, Domain]  # all of them hold at once


@dataclass(frozen=True, slots=True)
class Question:
    """Whether what is asked about is among `values`, where all of `needs` are set."""

    key: Key
    values: Values
    needs: tuple[str, ...] = ()  # fields beside a field's own value
    missing: bool | None = None  # the answer where a field is missing; None for unknown

    def answers(self, is_yes: bool, or_unknown: bool) -> tuple[Known, ...]:
        """The ways in which the answer is yes (or no), or also unknown."""
        values = self.values if is_yes else self.values.complement()
        without = or_unknown if self.missing is None else self.missing is is_yes
        if self.key.kind == "value":
            return ({self.key: Domain(values, without)},)
        given = {self.key: Domain(values, False), **{_value(field): Domain(ANY, False) for field in self.needs}}
        return (given, *({_value(field): Domain(NONE, True)} for field in self.needs if without))


def question(formula: Formula, dictionary: Dictionary) -> Question | bool:
    """A formula without `and`, `or`, `not` as a question; True or False where the answer is the same for all."""
    match formula:
        case f.Const(value):
            return value is True
        case f.Set(of):
            return _is_set(of)
        case f.Has(f.FieldRef(field), value):
            key = Key("holds", (field,), value)
            return Question(key, Listed(YES, of=YES_OR_NO), (field,), missing=False)
        case f.OneOf(of, choices):
            return _among(of, [choice for choice in choices if choice != ""], dictionary)
        case f.Compare(op, left, right):
            return _comparison(op, left, right, dictionary)
        case f.FieldRef() | f.Default():
            return _about(formula, dictionary, Listed(YES, of=YES_OR_NO))
        case _:
            return _other(formula)


def all_values(key: Key, dictionary: Dictionary) -> Domain:
    """What a key's value can be at all, by its type, and by what first, last and next mean."""
    field = dictionary.fields.get(key.fields[0]) if key.fields else None
    match key.kind:
        case "value":
            return Domain(ANY if field is None else _of_type(field.type), field is None or not field.required)
        case "months" | "days":
            return Domain(_elapsed(key, dictionary), False)
        case "day":
            return Domain(numbers(True), False)
        case "beside":
            return Domain(Listed(frozenset(), True, _BESIDE), False)
        case _:
            return Domain(Listed(frozenset(), True, YES_OR_NO), False)


def _elapsed(key: Key, dictionary: Dictionary) -> Ordered:
    """What is past has been for a while, and what comes has not; a day is left for zones to differ."""
    field = dictionary.fields.get(key.fields[0]) if key.fields else None
    made = None if field is None else field.derivation
    if made is not None and made.function == "last":
        return compared(">=", -1, True)
    if made is not None and made.function == "next":
        return compared("<=", 1 if key.kind == "days" else 0, True)
    return numbers(True)


def _of_type(type: Type) -> Values:
    match type.name:
        case "number":
            return numbers(False)
        case "date":
            return numbers(True)
        case "yes_no":
            return Listed(frozenset(), True, YES_OR_NO)
        case "choice":
            return Listed(frozenset(), True, frozenset(type.choices))
        case _:
            return ANY


def _value(field: str) -> Key:
    return Key("value", (field,))


def _is_set(of: Formula) -> Question | bool:
    match of:
        case f.FieldRef(field):
            return Question(_value(field), ANY, missing=False)
        case f.Const(value):
            return value != ""
        case f.DateConst():
            return True
        case _:
            return _other(f.Set(of))


def _among(of: Formula, choices: Iterable[str | int | float], dictionary: Dictionary) -> Question | bool:
    parts = [_about(of, dictionary, _meant(of, choice, dictionary)) for choice in choices]
    asked = [part for part in parts if isinstance(part, Question)]
    if not asked or len(asked) != len(parts) or not all(isinstance(part.values, Listed) for part in asked):
        return _other(f.OneOf(of, tuple(choices)))
    names = frozenset(name for part in asked if isinstance(part.values, Listed) for name in part.values.names)
    missing = None if asked[0].missing is None else any(part.missing for part in asked)
    return Question(asked[0].key, Listed(names), asked[0].needs, missing)


def _meant(of: Formula, value: str | float, dictionary: Dictionary) -> Values:
    return (
        Listed(frozenset({value})) if isinstance(value, str) else compared("==", value, _counts_whole(of, dictionary))
    )


def _comparison(op: str, left: Formula, right: Formula, dictionary: Dictionary) -> Question | bool:
    constants = _constant(left), _constant(right)
    if constants[0] is not None and constants[1] is not None:
        return type(constants[0]) is type(constants[1]) and _COMPARE[op](*constants)
    if constants[0] is not None:
        return _comparison(_MIRRORED.get(op, op), right, left, dictionary)
    value = constants[1]
    if value is None:
        return _beside(op, left, right, dictionary)
    if isinstance(value, str | bool):
        if op not in ("==", "!="):
            return _other(f.Compare(op, left, right))
        # An empty text is a missing one, so nothing is equal to it.
        return _about(left, dictionary, Listed(frozenset({value} if value != "" else ()), op == "!="))
    return _about(left, dictionary, compared(op, value, _counts_whole(left, dictionary)))


def _constant(formula: Formula) -> str | float | bool | None:
    match formula:
        case f.Const(value):
            return value
        case f.DateConst(iso):
            return date.fromisoformat(iso).toordinal()
        case _:
            return None


def _counts_whole(of: Formula, dictionary: Dictionary) -> bool:
    """Days and counts of time are whole numbers; a field's own number may be any."""
    inner = of.of if isinstance(of, f.Default) else of
    field = dictionary.fields.get(inner.field) if isinstance(inner, f.FieldRef) else None
    return field is None or field.type.name != "number"


def _about(of: Formula, dictionary: Dictionary, values: Values) -> Question | bool:
    """Whether an operand is among values."""
    match of:
        case f.FieldRef(field):
            return Question(_value(field), values)
        case f.Default(f.FieldRef(field), default):
            return Question(_value(field), values, missing=_holds(values, default))
        case f.LocalDate(f.FieldRef(field), _) if isinstance(values, Ordered):
            return Question(Key("day", (field,)), values, (field,))
        case f.Elapsed(unit, since, f.Today()) if isinstance(values, Ordered):
            found = _root(since)
            if found is None:
                return _other_among(of, values)
            fields, detail = found
            if unit == "years":
                values = _in_months(values)
            return Question(Key("days" if unit == "days" else "months", fields, detail), values, fields)
        case _:
            return _other_among(of, values)


def _holds(values: Values, value: Name | float) -> bool:
    if isinstance(values, Ordered):
        return isinstance(value, int | float) and not values.within(compared("==", value, False)).is_empty
    return isinstance(value, str | bool) and not values.within(Listed(frozenset({value}))).is_empty


def _root(since: Formula) -> tuple[tuple[str, ...], str] | None:
    """The field whose day is counted from; no field, and the day, of an event."""
    match since:
        case f.FieldRef(field) | f.LocalDate(f.FieldRef(field), _):
            return (field,), ""
        case f.DateConst(iso):
            return (), iso
        case _:
            return None


def _in_months(years: Ordered) -> Ordered:
    """So many whole years are twelve times as many months, and up to eleven more."""
    return Ordered(
        tuple(((low * 12, 0), (high * 12 + (0 if high == inf else 11), 0)) for (low, _), (high, _) in years.stretches),
        True,
    )


def _beside(op: str, left: Formula, right: Formula, dictionary: Dictionary) -> Question | bool:
    """How two values of one person compare; the same for `a < b` and `b > a`."""
    names = repr(left), repr(right)
    if isinstance(left, f.Default) or isinstance(right, f.Default):
        return _other(f.Compare(op, left, right))
    if names[0] > names[1]:
        left, right, op = right, left, _MIRRORED.get(op, op)
    needs = tuple(sorted(needed(left) | needed(right)))
    values: Listed = Listed(frozenset(_SIDES[op]), of=_BESIDE)
    return Question(Key("beside", needs, f"{left!r} {right!r}"), values, needs)


def _other_among(of: Formula, values: Values) -> Question:
    needs = tuple(sorted(needed(of)))
    return Question(Key("other", needs, f"{of!r} {values!r}"), Listed(YES, of=YES_OR_NO), needs)


def _other(formula: Formula) -> Question:
    """A yes or no that isn't looked into."""
    needs = tuple(sorted(needed(formula)))
    return Question(Key("other", needs, repr(formula)), Listed(YES, of=YES_OR_NO), needs)
