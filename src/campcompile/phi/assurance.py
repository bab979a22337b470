"""What a clean run says about privacy, in one paragraph; README, docs/privacy.md, `explain` and index.json say it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from campcompile.phi.loading import load

PROVED = (
    "Proved: where every declared field and every condition can flow. Two people who differ only in what a place may "
    "not tell get the same there, byte for byte, or a finding says why not."
)
UNSEEN = (
    "Seen by no compiler: whether a label is right, what a picture or a linked page shows, what somebody infers who "
    "knows the practice, and who else opens the mailbox."
)
_NAMES = {"en": "English", "fr": "French", "nb": "Norwegian", "zh-Hant": "Chinese"}


class Measured(NamedTuple):
    """The first look at texts that nobody had seen who wrote the lists (measured.yaml)."""

    on: str  # "2026-11-22"
    source: str
    recall: Mapping[str, float]  # by language


@cache
def measured() -> Measured:
    table = load("measured")
    return Measured(
        table["measured_at"], table["source"], {name: float(value) for name, value in table["recall"].items()}
    )


def detected() -> str:
    first, *others = (f"{100 * value:.0f} in {_NAMES[language]}" for language, value in measured().recall.items())
    found = ", ".join([first.replace(" in ", " in 100 in "), *others[:-1]])
    return (
        "Only detected: what words tell, and identifiers typed into them, from lists in four languages. Of telling "
        f"texts that nobody had seen who wrote the lists, they found {found} and {others[-1]} when it was measured "
        f"({measured().on})."
    )


@cache
def assurance() -> str:
    """What is proved, what is only detected and how well, what no compiler sees."""
    return f"{PROVED} {detected()} {UNSEEN}"
