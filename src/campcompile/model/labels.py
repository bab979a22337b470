"""How much a value tells about a person: public < contact < relationship < health < special (privacy.md)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Literal, TypeAlias, cast

Word: TypeAlias = Literal["public", "contact", "relationship", "health", "special"]


class Label(IntEnum):
    PUBLIC = 0
    CONTACT = 1
    RELATIONSHIP = 2
    HEALTH = 3
    SPECIAL = 4

    @property
    def word(self) -> Word:
        return cast("Word", self.name.lower())

    @classmethod
    def named(cls, word: str) -> Label:
        """Raises KeyError for a word that is no label."""
        return cls[word.upper()]


def join(labels: Iterable[Label]) -> Label:
    """The least upper bound; public for none."""
    return max(labels, default=Label.PUBLIC)
