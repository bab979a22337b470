"""Values as words in a locale: dates, times, lengths of time, lists, numbers; the one importer of Babel (CLDR).

Babel and its data cost 40 ms to import and 5 ms for each locale, so they are loaded by the first value
that needs them, not by `import campcompile.formats`.

Plain `en` is read as the English of Europe (`en-150`): "12 March 2026", "09:00", "a, b and c". A practice
in the United States gets "March 12, 2026" and "9:00 AM" as `en-US`; so for any
country that CLDR knows. Every other locale is CLDR's own: "12 mars 2026", "12. mars 2026", "2026年3月12日".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, time
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

_PLAIN_ENGLISH = "en_150"
_LAST_RESORT = "en_150"
# CLDR counts Norwegian days in "døgn" (spans of 24 hours); a clinic writes "14 dager".
_DAYS = {"nb": ("dag", "dager"), "no": ("dag", "dager"), "nn": ("dag", "dagar")}


@lru_cache(maxsize=4096)  # a mailing has many people and few days
def date_words(value: date, locale: str) -> str:
    """The day in full: "12 March 2026", "12 mars 2026", "12. mars 2026", "2026年3月12日".

    French writes the first of a month as an ordinal ("1er mars 2026"), which CLDR doesn't.
    """
    from babel.dates import format_date

    known = _known(locale)
    words = format_date(value, format="long", locale=known)
    if known.language == "fr" and value.day == 1 and words.startswith("1 "):
        words = "1er" + words[1:]
    return _plain_spaces(words)


@lru_cache(maxsize=4096)
def weekday_words(value: date, locale: str) -> str:
    """ "Thursday", "jeudi", "torsdag", "星期四"."""
    from babel.dates import format_date

    return _plain_spaces(format_date(value, format="EEEE", locale=_known(locale)))


@lru_cache(maxsize=4096)
def time_words(value: time, locale: str) -> str:
    """Hours and minutes as the locale writes them: "09:00", "9:00 AM" (en-US), "上午9:00" (zh-Hant)."""
    from babel.dates import format_time

    return _plain_spaces(format_time(value.replace(second=0, microsecond=0), format="short", locale=_known(locale)))


def elapsed_words(count: int, unit: str, locale: str) -> str:
    """A length of time with the plural of the locale: "14 months", "14 mois", "14 måneder", "14 個月".

    `unit` is days, weeks, months or years.
    """
    from babel.units import format_unit

    known = _known(locale)
    if unit == "days" and known.language in _DAYS:
        return f"{count} {_DAYS[known.language][count != 1]}"
    name = f"duration-{unit.removesuffix('s')}"
    words = format_unit(count, name, length="long", locale=known)
    if name in words:  # zh-Hant, ja, ar, … have no long form of their own, and Babel then prints the unit's name
        words = format_unit(count, name, length="short", locale=known)
    return _plain_spaces(words)


def list_words(values: Sequence[str], locale: str) -> str:
    """ "a, b and c", "a, b et c", "a, b og c", "a、b和c"; "" for none."""
    from babel.lists import format_list

    return format_list(values, style="standard", locale=_known(locale))


def number_words(value: int | float, locale: str) -> str:
    """ "12,345.5", "12 345,5", with at most three decimals."""
    from babel.numbers import format_decimal

    return _plain_spaces(format_decimal(value, locale=_known(locale)))


def territory_names() -> Iterator[tuple[str, str]]:
    """What countries and territories are called, and their codes, each with its ISO 3166 code of two letters.

    Names in the layouts' languages come first, then codes of three letters and older ones, then the codes themselves.
    """
    from babel import Locale
    from babel.core import get_global

    places = get_global("territory_languages").keys()  # none of CLDR's regions, such as EU and 001
    for language in ("zh_Hant", "fr", "nb", "en"):
        yield from ((name, code) for code, name in Locale.parse(language).territories.items() if code in places)
    for written, codes in get_global("territory_aliases").items():
        if len(codes) == 1 and codes[0] in places:
            yield written, codes[0]
    yield from ((code, code) for code in sorted(places))


@cache
def data_versions() -> dict[str, str]:
    """The versions of what decides on dates and gives them their words: they stand in every manifest.

    Those of Babel and holidays are read without importing them, which would cost 40 and 170 ms of every compile.
    """
    import tzdata  # type: ignore[import-untyped]

    spec = find_spec("babel")
    source = Path(spec.origin).read_text(encoding="utf-8") if spec is not None and spec.origin else ""
    found = re.search(r"""__version__ = ['"]([^'"]+)['"]""", source)
    babel = f"babel {found[1] if found else 'unknown'}"
    return {"cldr": babel, "holidays": _installed("holidays"), "tzdata": tzdata.IANA_VERSION}


def _installed(package: str) -> str:
    """A package's version, as the folder beside it says; "unknown" where there is none."""
    spec = find_spec(package)
    place = Path(spec.origin).parents[1] if spec is not None and spec.origin else Path()
    folders = sorted(place.glob(f"{package}-*.dist-info"))
    return folders[-1].name.split("-")[1].removesuffix(".dist") if folders else "unknown"


def lineage(locale: str) -> Iterator[str]:
    """A person's locale, then its ever wider forms: `zh-TW` gives zh-TW, zh-Hant-TW, zh-Hant; `en-GB` gives en-GB, en.

    Script comes before language, so that a reader of simplified Chinese never gets traditional.
    Spelling is mended (`ZH_tw`). Nothing is given for what is no locale at all.
    """
    from babel import Locale, UnknownLocaleError

    seen: dict[str, None] = {}
    tag = locale.strip().replace("_", "-")
    while tag:
        try:
            known = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError, TypeError):
            tag = tag.rpartition("-")[0]
            continue
        language, script, territory = known.language, known.script, known.territory
        if written := _spelt(tag):
            seen[written] = None
        for parts in ((language, script, territory), (language, script), (language,)):
            seen["-".join(part for part in parts if part)] = None
        if language == "zh" and script == "Hant":
            seen.pop("zh", None)  # bare zh means simplified
        if language == "no":
            seen["nb"] = None
        break
    yield from seen


def _spelt(tag: str) -> str:
    """`ZH-hant-tw` as `zh-Hant-TW`."""
    language, *rest = tag.split("-")
    return "-".join([language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in rest)])


@lru_cache(maxsize=256)
def _known(tag: str) -> Locale:
    """The nearest locale that CLDR knows: itself, its parents, at last English; never an error."""
    from babel import Locale, UnknownLocaleError

    name = tag.replace("-", "_")
    while name:
        if name.lower() == "en":
            return Locale.parse(_PLAIN_ENGLISH)
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError, TypeError):
            name = name.rpartition("_")[0]
    return Locale.parse(_LAST_RESORT)


def _plain_spaces(words: str) -> str:
    """CLDR's narrow no-break space is a box in older mail programs' fonts; the common one is not."""
    return words.replace("\u202f", "\u00a0")
