"""What is found and is the practice's own: its telephones in every writing, its addresses, registrations and staff."""

from __future__ import annotations

import re
from functools import lru_cache

from campcompile.phi.folded import Folded, fold
from campcompile.phi.identifiers.identifier import Identifier, OwnDetails
from campcompile.phi.identifiers.shapes import compact
from campcompile.regex import regex
from campcompile.values import dataclass

_CODES = ("1", "33", "47", "886", "44")
_FEWEST_OF_AN_ID = 7
_CHINESE = "\u2e80"
_WORD = regex(r"[^\W\d_]+")
_TITLES = frozenset(("dr", "doctor", "docteur", "prof", "mr", "mrs", "ms", "mme", "m"))


@dataclass(frozen=True, slots=True)
class _Known:
    numbers: frozenset[str]
    ids: tuple[str, ...]
    emails: frozenset[str]
    domains: tuple[str, ...]
    addresses: tuple[str, ...]
    people: tuple[tuple[str, ...], ...]  # words of a name, in order
    houses: frozenset[str]  # words of the practice's names


@lru_cache(maxsize=64)
def _known(own: OwnDetails) -> _Known:
    numbers = {way for number in (*own.phones, *own.public_numbers) for way in _ways(compact(fold(number).text))}
    return _Known(
        numbers=frozenset(numbers),
        ids=tuple(compact(fold(number).text) for number in own.ids),
        emails=frozenset(fold(address).text.strip() for address in own.emails),
        domains=tuple(fold(domain).text.strip().removeprefix("www.") for domain in own.domains),
        addresses=tuple(fold(line).text.strip() for line in own.address_lines),
        people=tuple(tuple(_words_of(name)) for name in own.staff),
        houses=frozenset(word for name in own.names for word in _words_of(name)),
    )


def is_own(found: Identifier, read: Folded, own: OwnDetails) -> bool:
    """Does the practice tell everybody what was found in `read`, whose offsets `found` has?"""
    known = _known(own)
    text = read.text[found.start : found.end]
    match found.kind:
        case "email":
            return _is_own_email(re.sub(r"\s", "", text), known)
        case "name":
            return _is_own_name(text, known)
        case "address":
            return any(text in line or line in text for line in known.addresses if line)
        case "url" | "date" | "ip-address":
            return False
    number = compact(text)
    return (
        not known.numbers.isdisjoint(_ways(number))
        or number in known.ids
        or (len(number) >= _FEWEST_OF_AN_ID and any(number in own_id for own_id in known.ids))
        or any(own_id in number for own_id in known.ids if len(own_id) >= _FEWEST_OF_AN_ID)
    )


def _ways(number: str) -> set[str]:
    """A number without trunk zero and country code: one telephone's many writings meet in one of them."""
    bare = number.lstrip("0")
    ways = {number, bare}
    for code in _CODES:
        if bare.startswith(code) and len(bare) - len(code) >= 8:
            ways.add(bare.removeprefix(code).lstrip("0"))
    return ways - {""}


def _is_own_email(address: str, known: _Known) -> bool:
    host = address.rpartition("@")[2]
    return address in known.emails or any(host == domain or host.endswith(f".{domain}") for domain in known.domains)


def _is_own_name(text: str, known: _Known) -> bool:
    """`Amelia Smith`, `Amelia` and `Dr Smith` of the staff; not another Mrs Smith."""
    said = tuple(_words_of(text))
    if said and all(word in known.houses for word in said):
        return True
    return any(
        (set(said) <= set(person) and (len(said) > 1 or said[0] == person[0]))
        or (person[0] > _CHINESE and said[0].startswith(person[0]))
        for person in known.people
        if said and person
    )


def _words_of(name: str) -> list[str]:
    """The words of a name, folded, without titles."""
    return [word for word in _WORD.findall(fold(name).text) if word not in _TITLES]
