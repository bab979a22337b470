"""Compiles the cues and the words of recognisers from what people write to what a run reads (`cues.py`, `clues.py`).

Asked when they are compiled and tested, never when a campaign is: reading and judging the YAML takes a quarter second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypedDict

from campcompile.phi.cues import LANGUAGES, OTHERS, PATTERNS
from campcompile.phi.necessary import necessary
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping as Keys
from campcompile.syntax.tree import Node, Scalar
from campcompile.syntax.tree import Sequence as Items

DATA = ("care", "clues", "digits_and_signs", "given_names", "mailboxes", "months", "public_numbers", "url_keys")


class _Cue(TypedDict):
    rows: Sequence[str]
    needs: Sequence[Sequence[str]]  # of each row; none of keys that are looked at where a cue was found


def compiled_cues() -> Mapping[str, _Cue]:
    """By language and key, `en/yours`: its rows, and for each of them texts of which every match holds one.

    Raises re.error where a row is no pattern, ValueError where it holds no word (`necessary`).
    """
    made: dict[str, _Cue] = {}
    for language in LANGUAGES:
        root = pack(f"phi/cues/{language}.yaml").root
        numbers = "|".join(_texts(number)) if (number := root.get("number")) else ""
        for key in (*PATTERNS, *OTHERS):
            node = root.get(key)
            rows = tuple(_spelled_out(row, numbers) for row in _texts(node)) if node else ()
            needs = [necessary(row) for row in rows] if key in PATTERNS else []
            made[f"{language}/{key}"] = _Cue(rows=rows, needs=needs)
    return made


def compiled_words() -> Mapping[str, object]:
    """The files of identifiers/data by name, every value a text."""
    return {name: _plain(pack(f"phi/identifiers/data/{name}.yaml").root) for name in DATA}


def _spelled_out(row: str, numbers: str) -> str:
    """A row may say `<number>` for the words and digits of the key `number`."""
    return row.replace("<number>", f"(?:{numbers})")


def _texts(node: Node) -> Iterator[str]:
    match node:
        case Scalar():
            yield node.value
        case Items():
            yield from (text for item in node.items for text in _texts(item))
        case Keys():
            raise TypeError("cues are lists of patterns")


def _plain(node: Node) -> object:
    match node:
        case Scalar():
            return node.value
        case Items():
            return [_plain(item) for item in node.items]
        case Keys():
            return {entry.key.value: _plain(entry.value) for entry in node.entries}
