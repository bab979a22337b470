"""Shapes of numbers as people write them: `010190 12345`, `A-123 456 789`, one digit at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby

from campcompile.regex import regex

# Between two digits of one number: spaces, dots, dashes, strokes, at most three.
_APART = r"[ \t.\-–—_/·‧]{0,3}"
_LETTERS = "0-9a-zà-öø-ÿ"
_NOISE = regex(r"[^0-9a-z]")


def shape(*characters: str) -> str:
    """A pattern for one pattern a character, in order, perhaps set apart, with no letter or digit before or after.

    It begins with the first character, and looks back only then: so a search skips what can't be one. It is compiled
    when a text first asks for it, which most never do.
    """
    first, *rest = characters
    runs = "".join(f"(?:{_APART}{same}){{{len(list(run))}}}" for same, run in groupby(rest))
    return rf"{first}(?<![{_LETTERS}].){runs}(?![{_LETTERS}])"


def digits(count: int) -> tuple[str, ...]:
    return (r"\d",) * count


def matches(shape: str, text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, characters without what set them apart) of every place that has the shape.

    Places overlap: `12345 010190 12345` holds two numbers of eleven digits.
    """
    pattern = _compiled(shape)
    found = pattern.search(text)
    while found:
        yield found.start(), found.end(), compact(found[0])
        found = pattern.search(text, found.start() + 1)


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape)


def compact(text: str) -> str:
    """Digits and small Latin letters alone."""
    return _NOISE.sub("", text)


def weighted(number: str, weights: tuple[int, ...]) -> int:
    """The sum of digits times weights, as check digits of many registries ask for."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1, annex B: every second digit from the right doubled, digits summed, divisible by ten."""
    total = 0
    for at, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
