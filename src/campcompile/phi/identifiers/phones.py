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
from campcompile.phi.identifiers.clues import is_led_to, is_named, kinds_in, words
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import compact
from campcompile.regex import regex

# After the first character, so that a search skips what can't be one.
_B = r"(?<![0-9a-zà-öø-ÿ_$€£#+].)(?<!\d[ .\-/].)"
_AFTER = r"(?!\d)(?![.\-/]\d)(?![a-z])"
_S = r"[ .\-–‑·]{0,2}"

# Set as numbers of telephones are: known anywhere.
_SET = {
    "+": rf"\+{_B} ?\d{{1,3}}(?:{_S}\(0\))?(?:{_S}\d){{6,14}}",
    "US": rf"[2-9]{_B}\d{{2}}([.\-–])[2-9]\d{{2}}\1\d{{4}}",
    "1": rf"1{_B}[ .\-–]{{1,2}}\(?[2-9]\d{{2}}\)?[ .\-–]{{1,2}}[2-9]\d{{2}}[ .\-–]\d{{4}}",
    "(US)": rf"\({_B} ?[2-9]\d{{2}} ?\) ?[ .\-–]?[2-9]\d{{2}}[ .\-–]?\d{{4}}",
    "FR": rf"0{_B}[1-9]([ .\-–]?)\d{{2}}(?:\1\d{{2}}){{3}}",
    "NO": rf"[2-79]{_B}(?:\d \d{{2}} \d{{2}} \d{{2}}|\d{{2}} \d{{2}} \d{{3}})(?! ?\d)",
    "TW": rf"0{_B}(?:9\d{{2}}[ .\-–]?\d{{3}}[ .\-–]?\d{{3}}|[2-8]\d?[ \-–]\d{{3,4}}[ .\-–]?\d{{4}})",
    "(TW)": rf"\({_B}0[2-8]\d?\) ?\d{{3,4}}[ .\-–]?\d{{4}}",
}
# Set otherwise: where words lead to it.
_LOOSE = {
    "US": rf"[2-9]{_B}\d{{2}}{_S}[2-9]\d{{2}}{_S}\d{{4}}",
    "FR": rf"0{_B}(?:{_S}\d){{9}}",
    "NO": rf"[2-79]{_B}(?:{_S}\d){{7}}",
    "TW": rf"0{_B}(?:{_S}\d){{8,9}}",
    "00": rf"0{_B}0 ?\d{{2,3}}(?:{_S}\d){{6,12}}",
}
_HOME = {"en": "US", "fr": "FR", "nb": "NO", "no": "NO", "nn": "NO", "zh": "TW"}
_CODES = {"1": "US", "33": "FR", "47": "NO", "886": "TW", "44": "UK"}
_DAY = regex(r"(?:19|20)\d\d-[01]\d-[0-3]\d")  # eight digits of a date are no Norwegian number
_FAX = regex("fax|faks|傳真")
_NAMED_OTHERWISE = ("order", "nhs-number", "npi", "ssn", "norwegian-id", "nir", "nhi-card")


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    home = _HOME.get(locale.partition("-")[0].lower(), "")
    led = "phone" in kinds_in(read.text)
    for country, pattern in _patterns(home):
        if (country.endswith("?") and not led) or (country == "+" and "+" not in read.text):
            continue
        for found in pattern.finditer(read.text):
            start, end = found.span()
            if _DAY.fullmatch(found[0]):
                continue
            if not _is_nobodys(found[0], country) and _is_a_phone(read.text, start, country):
                yield Identifier("phone", start, end, "E" if _FAX.search(read.text, max(0, start - 12), start) else "D")


def _is_a_phone(text: str, start: int, country: str) -> bool:
    if any(is_named(kind, text, start) for kind in _NAMED_OTHERWISE):
        return False
    return not country.endswith("?") or is_led_to("phone", text, start)


@cache
def _patterns(home: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(country, pattern), a `?` after a country whose pattern asks for a clue."""
    found = [(country.strip("()"), pattern) for country, pattern in _SET.items() if country != "NO"]
    found.append(("NO" if home == "NO" else "NO?", _SET["NO"]))
    found += [(f"{country}?", pattern) for country, pattern in _LOOSE.items() if country in (home, "00")]
    return tuple((country, re.compile(pattern + _AFTER)) for country, pattern in found)


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
    elif country in ("US", "1"):
        country, digits = "US", digits[-10:]
    return country, digits


@cache
def _public_numbers(country: str) -> frozenset[str]:
    return frozenset(words("public_numbers", "numbers", country)) if country else frozenset()


@cache
def _public_ranges(country: str) -> re.Pattern[str]:
    ranges = words("public_numbers", "ranges", country) if country else ()
    return re.compile("|".join(ranges) or r"(?!)")
