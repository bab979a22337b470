"""Screening: offers that are for some bodies only, found by their names, and the fields that tell for whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from campcompile.syntax.packs import pack, texts
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Scalar, Sequence
from campcompile.values import dataclass

_DATA = "analysis/data/screening.yaml"


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer, as a text names it."""

    name: str
    start: int
    end: int
    own: tuple[str, ...]  # parts of names of fields that are about it


@lru_cache(maxsize=4096)
def offers_in(text: str, locale: str) -> tuple[Offer, ...]:
    """Where a text names an offer for some bodies only; a language that isn't known has no names."""
    language = locale.partition("-")[0].lower()
    found = []
    for name, own, pattern in _offers("nb" if language in ("no", "nn") else language):
        found += [Offer(name, one.start(), one.end(), own) for one in pattern.finditer(text)]
    return tuple(found)


def tells_for_whom(offer: Offer, fields: Iterable[str]) -> bool:
    """Is a field among those read that says who has the organ, or who is due?"""
    words = texts(_DATA, "bodies") | set(offer.own)
    return any(word in name.lower() for name in fields for word in words)


@cache
def _offers(language: str) -> tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...]:
    rows = pack(_DATA).root.get("offers")
    found = []
    for entry in rows.entries if isinstance(rows, YamlMapping) else ():
        row = entry.value
        assert isinstance(row, YamlMapping), "an offer has own and forms"
        forms, own = row.get("forms"), row.get("own")
        form = forms.get(language) if isinstance(forms, YamlMapping) else None
        if isinstance(form, Scalar) and isinstance(own, Sequence):
            words = tuple(item.value for item in own.items if isinstance(item, Scalar))
            edge = "" if language == "zh" else r"\b"
            pattern = re.compile(f"{edge}(?:{form.value}){edge}", re.IGNORECASE)
            found.append((entry.key.value.replace("-", " "), words, pattern))
    return tuple(found)
