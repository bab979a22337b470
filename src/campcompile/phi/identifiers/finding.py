"""The order in which recognisers look at a text, and what of theirs is kept: the surest, and none of the practice's."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from campcompile.phi.folded import Folded, fold
from campcompile.phi.identifiers import (
    chinese_names,
    dea,
    email_addresses,
    home_addresses,
    ip_addresses,
    mbi,
    named_numbers,
    nhi_card,
    nhs_number,
    nir,
    norwegian_id,
    npi,
    patient_names,
    payment_card,
    personal_dates,
    phones,
    ssn,
    tagged_numbers,
    taiwan_arc,
    taiwan_id,
    urls,
)
from campcompile.phi.identifiers.clues import kinds_in
from campcompile.phi.identifiers.identifier import Identifier, OwnDetails
from campcompile.phi.identifiers.own_details import is_own
from campcompile.phi.identifiers.readings import readings
from campcompile.phi.identifiers.signs import ADDRESS, AT, BESIDE_A_NAME
from campcompile.phi.identifiers.signs import signs as signs_of
from campcompile.regex import regex

# Those with a check digit first: what they claim, no later one reads otherwise.
_LONG_NUMBERS = (norwegian_id, nir, taiwan_id, nhs_number, ssn, npi, nhi_card, payment_card)
_NUMBERS = (named_numbers, personal_dates, ip_addresses, home_addresses)
_IN_DISGUISE = tuple(room.find for room in (email_addresses, *_LONG_NUMBERS, taiwan_arc, dea, mbi, phones))

# Gates: cheap signs without which a family of recognisers has nothing to find.
_DIGIT = regex("[0-9]")  # folded text has no others
_DAY = regex(r"[〇零一二三四五六七八九十]日")
_FIVE_DIGITS = regex(r"\d(?:[^\d]{0,11}\d){4}")
_SEVEN_DIGITS = regex(r"\d(?:[^\d]{0,5}\d){6}")
_NINE_DIGITS = regex(r"\d(?:[^\d]{0,5}\d){8}")
_HAN_TITLE = regex("[先女小太媽爸伯阿奶爺同弟妹患人案友名]")


def find(text: str, locale: str, own: OwnDetails) -> tuple[Identifier, ...]:
    """What `find_identifiers` promises."""
    anybodys = _anybodys(text, locale)
    if not anybodys:
        return ()
    return tuple(found for found, seen, reading in anybodys if not is_own(seen, reading, own))


@lru_cache(maxsize=4096)
def _anybodys(text: str, locale: str) -> tuple[tuple[Identifier, Identifier, Folded], ...]:
    """The identifiers in order, those of the practice, too: at the author's place, and as seen in a reading.

    Recognisers come in the order of their certainty, and claim their places.
    """
    candidates = tuple(_candidates(fold(text), locale))
    if not candidates:
        return ()
    taken = bytearray(len(text))
    found = []
    for identifier, reading in candidates:
        start, end = reading.author(identifier.start, identifier.end)
        if any(taken[start:end]):
            continue
        taken[start:end] = b"\1" * (end - start)
        found.append((Identifier(identifier.kind, start, end, identifier.hipaa), identifier, reading))
    return tuple(sorted(found, key=lambda one: one[0].start))


def _candidates(read: Folded, locale: str) -> Iterator[tuple[Identifier, Folded]]:
    """What the recognisers see, the surest first, and the reading that they see it in."""
    text = read.text
    signs = signs_of(text)
    if signs & ADDRESS:
        yield from ((found, read) for found in urls.find(read, locale, _IN_DISGUISE))
    if signs & AT:
        yield from ((found, read) for found in email_addresses.find(read, locale))
    plain = text.isascii()
    has_digit = _DIGIT.search(text) is not None
    if has_digit or (not plain and _DAY.search(text)):
        yield from ((found, read) for found in _numbers(read, locale))
    for reading in readings(read, signs):
        yield from ((found, reading) for find in _IN_DISGUISE for found in find(reading, locale))
    may_be_named = has_digit or signs & BESIDE_A_NAME != 0
    if patient_names.may_name(read, may_be_named):
        yield from ((found, read) for found in patient_names.find(read, locale, may_be_named))
    if not plain and _HAN_TITLE.search(text):
        yield from ((found, read) for found in chinese_names.find(read, locale))


def _numbers(read: Folded, locale: str) -> Iterator[Identifier]:
    some = _FIVE_DIGITS.search(read.text) is not None
    many = some and _SEVEN_DIGITS.search(read.text) is not None
    if many and _NINE_DIGITS.search(read.text):
        for recogniser in _LONG_NUMBERS:
            yield from recogniser.find(read, locale)
    if many:
        yield from taiwan_arc.find(read, locale)
        yield from dea.find(read, locale)
    if some:
        yield from mbi.find(read, locale)
    if some:
        yield from tagged_numbers.find(read, locale)
    for recogniser in _NUMBERS if kinds_in(read.text) or "生" in read.text else (ip_addresses,):
        yield from recogniser.find(read, locale)
    if many:
        yield from phones.find(read, locale)
