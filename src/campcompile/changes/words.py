"""Words before and after, marked: what stays, what is gone, what is new, word by word in every script."""

from __future__ import annotations

from difflib import SequenceMatcher

from campcompile.changes.account import Mark, Marked, Stretch
from campcompile.regex import regex

# A merge field, tag or address is one word; so is each sign of a script that parts no words.
_WORD = regex(r"\{\{.*?\}\}|\{%.*?%\}|[\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff]+|\n(?:- |\d+\. )|\s|[^\w\s]")
_LONGEST = 4_000  # words: a longer text is marked as a whole, for a comparison grows with the square


def marked(before: str, after: str) -> Marked:
    """Both texts in one row of stretches; what lies between two marked words is marked with them."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if max(len(old), len(new)) > _LONGEST:
        return Marked(stretches=_joined([(before, Mark.GONE), (after, Mark.NEW)]))
    pieces: list[tuple[str, Mark]] = []
    for verb, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[low:high]), "".join(new[start:end])
        if verb == "equal":
            pieces.append((gone, Mark.KEPT))
        else:
            pieces += [(gone, Mark.GONE), (come, Mark.NEW)]
    return Marked(stretches=_joined(_without_islands(pieces)))


def likeness(before: str, after: str) -> float:
    """From 0 (nothing in common) to 1 (the same), by words."""
    old, new = _WORD.findall(before)[:_LONGEST], _WORD.findall(after)[:_LONGEST]
    return SequenceMatcher(None, old, new, autojunk=False).ratio()


def _without_islands(pieces: list[tuple[str, Mark]]) -> list[tuple[str, Mark]]:
    """A lone blank between two changed words is no reason to begin a new mark."""
    gone, new = "", ""
    result: list[tuple[str, Mark]] = []
    for number, (text, mark) in enumerate(pieces):
        is_island = mark is Mark.KEPT and text.isspace() and 0 < number < len(pieces) - 1 and bool(gone and new)
        if mark is Mark.KEPT and not is_island:
            result += [(gone, Mark.GONE), (new, Mark.NEW), (text, mark)]
            gone = new = ""
        else:
            gone += text if mark is not Mark.NEW else ""
            new += text if mark is not Mark.GONE else ""
    return [*result, (gone, Mark.GONE), (new, Mark.NEW)]


def _joined(pieces: list[tuple[str, Mark]]) -> tuple[Stretch, ...]:
    joined: list[Stretch] = []
    for text, mark in pieces:
        if text and joined and joined[-1].mark is mark:
            joined[-1] = Stretch(joined[-1].text + text, mark)
        elif text:
            joined.append(Stretch(text, mark))
    return tuple(joined)
