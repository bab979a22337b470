"""The nearest known name, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import PurePosixPath


def nearest(name: str, candidates: Iterable[str]) -> str:
    """The candidate that a person most likely meant by `name`, or "" where none is near.

    Case, hyphens and underscores don't count; a dotted name may match by its last part.
    """
    return _nearest(name, tuple(sorted(candidates)))


def nearest_file(name: str, candidates: Iterable[str]) -> str:
    """The path whose file's name, folder and suffix aside, a person most likely meant by `name`; "" for none."""
    stems = {PurePosixPath(path).stem: path for path in sorted(candidates, reverse=True)}
    stem = _nearest(PurePosixPath(name[:1000]).stem, tuple(stems))
    return stems[stem] if stem else ""


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ by capitals, hyphens, underscores and blanks alone."""
    return _fold(one) == _fold(other)


def listed(names: Iterable[str]) -> str:
    """Names in backticks; the first twenty of many."""
    shown = [f"`{name}`" for name in names]
    return ", ".join(shown[:20]) + (" …" if len(shown) > 20 else "")


@lru_cache(maxsize=1024)
def _nearest(name: str, candidates: tuple[str, ...]) -> str:
    wanted = _fold(name)
    best, best_score = "", 0.0
    for candidate in candidates:
        folded = _fold(candidate)
        score = _likeness(*_apart(wanted, folded))
        if "." in candidate:
            score = max(score, 0.95 * _likeness(wanted.rpartition(".")[2], folded.rpartition(".")[2]))
        if score > best_score:
            best, best_score = candidate, score
    return best if best_score >= 0.66 else ""


def _apart(left: str, right: str) -> tuple[str, str]:
    """Two names without the record that both begin with: it makes no field of it like another."""
    record = left.partition(".")[0] + "."
    if left.startswith(record) and right.startswith(record):
        return left.removeprefix(record), right.removeprefix(record)
    return left, right


def _fold(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "").replace(" ", "")


def _likeness(left: str, right: str) -> float:
    if left == right:
        return 1.0
    if abs(len(left) - len(right)) > max(len(left), len(right)) // 2 or len(left) > 200:
        return 0.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()
