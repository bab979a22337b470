"""Telephone numbers of the four countries, and any with a country code; those of services are nobody's.

Formats: ten digits NXX NXX XXXX (ATIS, North American Numbering Plan); ten digits from 0 in pairs (Arcep, décision
2018-0881); eight digits, as 2-2-2-2 or 3-2-3 (Nkom, nummerplan E.164); 09XX-XXX-XXX and (0X) XXXX-XXXX (NCC, Taiwan);
`+` and up to fifteen digits (ITU-T E.164). Own shapes rather than a library of 45 MB: only these four countries'
letters are read here, and elsewhere people write the country code. Help lines, toll-free and short numbers are
data/public_numbers.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_led_to, is_named, words
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import compact

_BEFORE = r"(?<![0-9a-zà-öø-ÿ_$€£#])(?<!\d[ .\-/])"
_AFTER = r"(?!\d)(?![.\-/]\d)(?![a-z])"
_S = r"[ .\-–‑·]{0,2}"

# Set as numbers of telephones are: known anywhere.
_SET = {
    "US": r"(?:\+?1[ .\-–]{0,2})?(?:\( ?[2-9]\d{2} ?\) ?[ .\-–]?[2-9]\d{2}[ .\-–]?\d{4}|[2-9]\d{2}([.\-–])[2-9]\d{2}\1\d{4})",
    "FR": r"0[1-9](?:[ .\-–]?\d{2}){4}",
    "NO": r"(?:[2-79]\d[ ]\d{2}[ ]\d{2}[ ]\d{2}|[49]\d{2}[ ]\d{2}[ ]\d{3})(?! ?\d)",
    "TW": r"09\d{2}[ .\-–]?\d{3}[ .\-–]?\d{3}|\(0[2-8]\d?\) ?\d{3,4}[ .\-–]?\d{4}|0[2-8]\d?[ \-–]\d{3,4}[ .\-–]?\d{4}",
    "+": rf"\+ ?\d{{1,3}}(?:{_S}\(0\))?(?:{_S}\d){{6,14}}",
}
# Set otherwise: where words lead to it.
_LOOSE = {
    "US": rf"[2-9]\d{{2}}{_S}[2-9]\d{{2}}{_S}\d{{4}}",
    "FR": rf"0(?:{_S}\d){{9}}",
    "NO": rf"[2-79](?:{_S}\d){{7}}",
    "TW": rf"0(?:{_S}\d){{8,9}}",
    "00": rf"00 ?\d{{2,3}}(?:{_S}\d){{6,12}}",
}
_HOME = {"en": "US", "fr": "FR", "nb": "NO", "no": "NO", "nn": "NO", "zh": "TW"}
_CODES = {"1": "US", "33": "FR", "47": "NO", "886": "TW", "44": "UK"}
_FAX = re.compile("fax|faks|傳真")
_NAMED_OTHERWISE = ("order", "nhs-number", "npi", "ssn", "norwegian-id", "nir", "nhi-card")


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    home = _HOME.get(locale.partition("-")[0].lower(), "")
    for country, pattern in _patterns(home):
        for found in pattern.finditer(read.text):
            start, end = found.span()
            if not _is_nobodys(found[0], country) and _is_a_phone(read.text, start, country):
                yield Identifier("phone", start, end, "E" if _FAX.search(read.text, max(0, start - 12), start) else "D")


def _is_a_phone(text: str, start: int, country: str) -> bool:
    if any(is_named(kind, text, start) for kind in _NAMED_OTHERWISE):
        return False
    return not country.endswith("?") or is_led_to("phone", text, start)


@cache
def _patterns(home: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(country, pattern), a `?` after a country whose pattern asks for a clue."""
    found = [(country, _SET[country]) for country in ("+", "US", "FR", "TW")]
    found.append(("NO" if home == "NO" else "NO?", _SET["NO"]))
    found += [(f"{country}?", pattern) for country, pattern in _LOOSE.items() if country in (home, "00")]
    return tuple((country, re.compile(rf"{_BEFORE}(?:{pattern}){_AFTER}")) for country, pattern in found)


def _is_nobodys(written: str, country: str) -> bool:
    """A help line, a toll-free number or one of a service."""
    country, number = _national(compact(written), country.rstrip("?"))
    return number in _public_numbers(country) or _public_ranges(country).fullmatch(number) is not None


def _national(digits: str, country: str) -> tuple[str, str]:
    """The country and its own writing: 0612345678 for +33 6 12 34 56 78."""
    if country in ("+", "00"):
        digits = digits.removeprefix("00")
        code = next((code for code in _CODES if digits.startswith(code)), "")
        country = _CODES.get(code, "")
        digits = digits.removeprefix(code)
        if country in ("FR", "TW", "UK"):
            digits = "0" + digits.removeprefix("0")
    elif country == "US":
        digits = digits[-10:]
    return country, digits


@cache
def _public_numbers(country: str) -> frozenset[str]:
    return frozenset(words("public_numbers", "numbers", country)) if country else frozenset()


@cache
def _public_ranges(country: str) -> re.Pattern[str]:
    ranges = words("public_numbers", "ranges", country) if country else ()
    return re.compile("|".join(ranges) or r"(?!)")
