"""Predicates compared as sets of people: whether one holds for nobody, for everybody, or wherever another holds.

A condition becomes the ways in which it can be true, each a domain for every field that it asks of. A
way in which a domain is empty is none. Answers are three-valued: `UNKNOWN` wherever two fields may hang
together in a manner that isn't looked into, so that YES and NO can be relied on.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from campcompile.analysis.domains import Domain, Listed, Ordered
from campcompile.analysis.questions import Key, Known, all_values, question
from campcompile.formula import And, Formula, Not, Or
from campcompile.model.fields import Dictionary

_MOST_WAYS = 128
_DAYS_OF_MONTH = 30.436875
_SLACK_DAYS = 4  # months differ in length
_OF_TIME = frozenset({"months", "days"})
_OF_DAYS = frozenset({"months", "days", "day"})


class Verdict(Enum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def opposite(self) -> Verdict:
        return {Verdict.YES: Verdict.NO, Verdict.NO: Verdict.YES}.get(self, self)


class Verdicts:
    """`emptiness` over one dictionary, decided once a formula: every language asks the same.

    Get it through `facts.once`.
    """

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self._known: dict[Formula, Verdict] = {}

    def emptiness(self, formula: Formula) -> Verdict:
        known = self._known.get(formula)
        if known is None:
            known = self._known[formula] = emptiness(formula, self.dictionary)
        return known


def emptiness(formula: Formula, dictionary: Dictionary) -> Verdict:
    """Whether no person can ever satisfy it: `age(birth_date) > 40 and age(birth_date) < 30` is YES.

    Rows without a required field don't count, for they are set aside.
    """
    return _none_of(formula, dictionary, is_yes=True, or_unknown=False)


def triviality(formula: Formula, dictionary: Dictionary) -> Verdict:
    """Whether every person satisfies it at any time. What is unknown for somebody isn't trivial."""
    return _none_of(formula, dictionary, is_yes=False, or_unknown=True)


def overlap(a: Formula, b: Formula, dictionary: Dictionary) -> Verdict:
    """Whether some person can satisfy both at once."""
    return emptiness(And((a, b)), dictionary).opposite


def implies(a: Formula, b: Formula, dictionary: Dictionary) -> Verdict:
    """Whether everybody who satisfies `a` satisfies `b`: then `b` is the wider one, or the same."""
    ways = _Ways(dictionary)
    try:
        found = ways.both(ways.of(a, is_yes=True, or_unknown=False), ways.of(b, is_yes=False, or_unknown=True))
    except _TooManyError:
        return Verdict.UNKNOWN
    return ways.verdict(found)


def _none_of(formula: Formula, dictionary: Dictionary, *, is_yes: bool, or_unknown: bool) -> Verdict:
    ways = _Ways(dictionary)
    try:
        return ways.verdict(ways.of(formula, is_yes=is_yes, or_unknown=or_unknown))
    except _TooManyError:
        return Verdict.UNKNOWN


class _TooManyError(Exception):
    """A condition with more ways to be true than are worth looking at."""


class _Ways:
    """The ways in which conditions come out true, false, or not false, over one dictionary."""

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary

    def of(self, formula: Formula, *, is_yes: bool, or_unknown: bool) -> tuple[Known, ...]:
        """All ways to be true (or false), or also unknown."""
        match formula:
            case Not(of):
                return self.of(of, is_yes=not is_yes, or_unknown=or_unknown)
            case And(parts) | Or(parts):
                found = (self.of(part, is_yes=is_yes, or_unknown=or_unknown) for part in parts)
                if isinstance(formula, And) is is_yes:
                    return self._all_of(found)
                return self._any_of(found)
        asked = question(formula, self.dictionary)
        if isinstance(asked, bool):
            return ({},) if asked is is_yes else ()
        return _open(self._possible(way) for way in asked.answers(is_yes, or_unknown))

    def both(self, some: Iterable[Known], others: tuple[Known, ...]) -> tuple[Known, ...]:
        """Each way of the one with each of the other, where they go together."""
        return _open(_merged(one, other) for one in some for other in others)

    def verdict(self, ways: Iterable[Known]) -> Verdict:
        """YES where there is no way; NO where one surely is open; else UNKNOWN."""
        result = Verdict.YES
        for way in ways:
            if self._is_plain(way):
                return Verdict.NO
            result = Verdict.UNKNOWN
        return result

    def _all_of(self, parts: Iterable[tuple[Known, ...]]) -> tuple[Known, ...]:
        ways: tuple[Known, ...] = ({},)
        for part in parts:
            ways = self.both(ways, part)
        return ways

    def _any_of(self, parts: Iterable[tuple[Known, ...]]) -> tuple[Known, ...]:
        return _open(way for part in parts for way in part)

    def _possible(self, way: Known) -> Known:
        """Within what each value can be at all."""
        return {key: domain.within(all_values(key, self.dictionary)) for key, domain in way.items()}

    def _is_plain(self, way: Known) -> bool:
        """Whether all answers can surely be so at once: each by a field of its own, which no other bears on."""
        telling = [key for key, domain in way.items() if not (key.kind == "value" and domain.values.is_all)]
        fields = [field for key in telling if key.kind != "holds" for field in key.fields]
        of_days = [key for key in telling if key.kind in _OF_DAYS]
        return (
            all(key.kind != "other" for key in telling)
            and len(set(fields)) == len(fields)
            and (len(of_days) < 2 or all(key.fields for key in of_days))
            and not self._is_held_by_nothing(way)
            and self._rows_are_free({field for key in way for field in key.fields})
        )

    def _is_held_by_nothing(self, way: Known) -> bool:
        """Whether a list might have to be without any of its choices."""
        refused = [key.fields[0] for key, domain in way.items() if key.kind == "holds" and not _is_yes(domain)]
        elements = {
            name: self.dictionary.fields[name].type.element for name in refused if name in self.dictionary.fields
        }
        return any(
            element is not None and element.choices and refused.count(name) >= len(element.choices)
            for name, element in elements.items()
        )

    def _rows_are_free(self, names: Iterable[str]) -> bool:
        """Whether no two fields come from the same rows: a next visit is one of the appointments.

        What is past and what comes are never the same row.
        """
        fields = [field for name in names if (field := self.dictionary.fields.get(name)) is not None]
        read = {field.record for field in fields if field.derivation is None}
        functions: dict[str, list[str]] = {}
        for field in fields:
            if field.derivation is not None:
                functions.setdefault(field.derivation.field.partition(".")[0], []).append(field.derivation.function)
        return all(
            record not in read and (len(found) == 1 or sorted(found) == ["last", "next"])
            for record, found in functions.items()
        )


def _open(ways: Iterable[Known]) -> tuple[Known, ...]:
    """The ways that aren't closed."""
    found = []
    for way in ways:
        if not any(domain.is_empty for domain in way.values()) and not _clashes(way):
            found.append(way)
            if len(found) > _MOST_WAYS:
                raise _TooManyError
    return tuple(found)


def _merged(one: Known, other: Known) -> Known:
    return {**one, **{key: domain.within(one[key]) if key in one else domain for key, domain in other.items()}}


def _is_yes(domain: Domain) -> bool:
    return isinstance(domain.values, Listed) and True in domain.values.names and not domain.values.but


def _clashes(known: Known) -> bool:
    """Whether months and days since the same day can't both be so."""
    hulls = {
        key: domain.values.hull
        for key, domain in known.items()
        if isinstance(domain.values, Ordered) and key.kind in _OF_TIME
    }
    for key, (least, most) in hulls.items():
        days = hulls.get(Key("days", key.fields, key.detail))
        if key.kind == "months" and days is not None:
            first, last = least * _DAYS_OF_MONTH - _SLACK_DAYS, (most + 1) * _DAYS_OF_MONTH + _SLACK_DAYS
            if days[1] < first or days[0] > last:
                return True
    return False
