"""Identifiers: what in a text points at one person, found by one recogniser a file, the practice's own left out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from campcompile.phi.identifiers.identifier import Identifier, OwnDetails

__all__ = ["Identifier", "OwnDetails", "find_identifiers"]


def find_identifiers(text: str, locale: str, own: OwnDetails) -> tuple[Identifier, ...]:
    """The identifiers in a text, in order and apart; none of the practice's own details, none of a public service.

    Offsets are those of `text` as the author wrote it. The locale decides which country's telephones are told
    without their code; everything else is looked for in every language.
    """
    return _finder()(text, locale, own)


@cache
def _finder() -> Callable[[str, str, OwnDetails], tuple[Identifier, ...]]:
    from campcompile.phi.identifiers.finding import find  # twenty recognisers, for those who have a text

    return find
