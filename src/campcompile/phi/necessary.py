"""What a pattern can't match without: `(?:lab )?results?|pills` needs `result` or `pills`.

Asked when cues are compiled (`inventory.py`): a text that holds none of these is spared the pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import product
from re import _constants, _parser  # type: ignore[attr-defined]  # the parser of `re` itself: no second one to be wrong
from typing import Any, NamedTuple, TypeAlias

MOST = 32  # texts that a part may be spelled out into

_Texts: TypeAlias = frozenset[str]
_EMPTY: _Texts = frozenset({""})


class _Part(NamedTuple):
    exact: _Texts | None  # all that it matches, where they are few
    needs: _Texts | None  # one of them is in all that it matches


_ANYTHING = _Part(None, None)


def necessary(pattern: str) -> tuple[str, ...]:
    """Texts of which every match holds one, none of them within another.

    Raises ValueError where the pattern asks for no letter at all. Assertions are not looked at: what they ask for is
    asked for by the pattern itself.
    """
    part = _sequence(_parser.parse(pattern))
    if part.needs is None:
        raise ValueError(f"`{pattern}` may match where none of its letters stands")
    return tuple(sorted(without_longer(part.needs)))


def without_longer(texts: Set[str]) -> Set[str]:
    """The texts within which no other of them is found: what holds a longer one, holds the shorter."""
    return {text for text in texts if not any(one in text for one in texts if one != text)}


def _sequence(items: Iterable[tuple[Any, Any]]) -> _Part:
    exact, whole = _EMPTY, True
    needs: _Texts | None = None
    for code, value in items:
        part = _part(code, value)
        joined = _joined(exact, part.exact)
        if joined is not None:
            exact = joined
            continue
        needs = _better(_better(needs, exact), part.needs)
        exact, whole = part.exact or _EMPTY, False
    return _Part(exact if whole else None, _better(needs, exact))


def _joined(texts: _Texts, others: _Texts | None) -> _Texts | None:
    if others is None or len(texts) * len(others) > MOST:
        return None
    return frozenset(one + other for one, other in product(texts, others))


def _better(one: _Texts | None, other: _Texts | None) -> _Texts | None:
    """The longer words of two choices, then the fewer; one that may be empty is none."""
    choices = [texts for texts in (one, other) if texts and "" not in texts]
    return max(choices, key=lambda texts: (min(map(len, texts)), -len(texts)), default=None)


def _part(code: Any, value: Any) -> _Part:
    match str(code):
        case "LITERAL":
            return _one_of([chr(value)])
        case "IN":
            return _characters(value)
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return _Part(_EMPTY, None)
        case "SUBPATTERN":
            return _sequence(value[3])
        case "BRANCH":
            return _branch([_sequence(items) for items in value[1]])
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _repeat(*value)
        case _:
            return _ANYTHING


def _one_of(texts: Iterable[str]) -> _Part:
    exact = frozenset(texts)
    return _Part(exact, exact)


def _characters(members: Sequence[tuple[Any, Any]]) -> _Part:
    if all(code is _constants.LITERAL for code, _ in members):
        return _one_of(chr(value) for _, value in members)
    return _ANYTHING


def _branch(parts: Sequence[_Part]) -> _Part:
    exact = [part.exact for part in parts if part.exact is not None]
    needs = [part.needs for part in parts if part.needs is not None]
    whole = frozenset[str]().union(*exact)
    return _Part(
        whole if len(exact) == len(parts) and len(whole) <= MOST else None,
        frozenset[str]().union(*needs) if len(needs) == len(parts) else None,
    )


def _repeat(least: int, most: int, items: Iterable[tuple[Any, Any]]) -> _Part:
    part = _sequence(items)
    if (least, most) == (0, 1) and part.exact is not None:
        return _Part(part.exact | _EMPTY, None)
    if (least, most) == (1, 1):
        return part
    return _Part(None, part.needs if least else None)
