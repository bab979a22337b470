"""Clues are words that say what the number, date or address beside them is: `MRN`, `født`, 健保卡號 (data/clues.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from campcompile.phi.folded import fold

# A clue and its number stand in one sentence, a few words apart at most.
_REACH = 60
_BETWEEN = r"[^!?。;\n]{0,24}"


@cache
def words(name: str, *keys: str) -> tuple[str, ...]:
    """The texts under a key path of data/<name>.yaml, folded, those of all languages together."""
    from campcompile.syntax.packs import pack  # reading data is for those who find a gate open

    node = pack(f"phi/identifiers/data/{name}.yaml").root
    for key in keys:
        node = node.get(key)  # type: ignore[union-attr, assignment]  # our own data: a missing key is our mistake
    return tuple(_texts(node))


def _texts(node: object) -> Iterator[str]:
    from campcompile.syntax.tree import Mapping, Scalar, Sequence

    match node:
        case Scalar():
            yield node.value
        case Sequence():
            for item in node.items:
                yield from _texts(item)
        case Mapping():
            for entry in node.entries:
                yield from _texts(entry.value)


@cache
def folded_words(name: str, *keys: str) -> frozenset[str]:
    return frozenset(fold(word).text for word in words(name, *keys))


def choice(options: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first, none of them inside a longer Latin word."""
    return "(?:" + "|".join(_whole(word) for word in sorted(set(options), key=lambda word: (-len(word), word))) + ")"


def _whole(word: str) -> str:
    left = r"(?<![0-9a-zà-öø-ÿ])" if word[0].isalnum() and word[0] < "\u2e80" else ""
    right = r"(?![a-zà-öø-ÿ])" if word[-1].isalnum() and word[-1] < "\u2e80" else ""
    return left + re.escape(word) + right


@cache
def clue(kind: str) -> re.Pattern[str]:
    """Any clue of a kind, in folded text."""
    return re.compile(choice(folded_words("clues", "clues", kind)))


@cache
def _leading_to(kind: str) -> re.Pattern[str]:
    return re.compile(rf"{clue(kind).pattern}{_BETWEEN}\Z")


@cache
def _directly_before(kind: str) -> re.Pattern[str]:
    return re.compile(rf"{clue(kind).pattern}(?:{CONNECTORS})\Z")


# What may stand between a clue and its number: "MRN no.: ", "號碼為 ", "n° ".
CONNECTORS = (
    r"(?:[\s:#=\-–(\[\"'「]|no\.?(?![a-z])|nr\.?(?![a-z])|n°|nº|number|nummer(?:et)?|numéro|id(?![a-z])|code|is(?![a-z])"
    r"|er(?![a-z])|est(?![a-z])|號碼|號|編號|卡號|為|是){0,6}"
)


def is_led_to(kind: str, text: str, start: int) -> bool:
    """Does a clue of the kind stand a few words before `start`, in the same sentence?"""
    return _leading_to(kind).search(text, max(0, start - _REACH), start) is not None


def is_named(kind: str, text: str, start: int) -> bool:
    """Does a clue of the kind stand directly before `start`, but for `no.`, a colon and their like?"""
    return _directly_before(kind).search(text, max(0, start - _REACH), start) is not None
