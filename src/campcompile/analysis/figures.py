"""Figures are the numbers, times and dates in words, read as people of that language write them.

`19:00`, `kl. 19`, `19 h`, `7 pm` and `晚上7點` are one time. Where a language leaves a reading open (`3/4`,
`at 7`), a figure has several readings; two figures agree where they share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise

from campcompile.regex import regex
from campcompile.values import dataclass

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "da": "januar februar marts april maj juni juli august september oktober november december",
}
_SHORT_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "nb": "jan feb mars apr mai juni juli aug sep okt nov des",
    "da": "jan feb mar apr maj jun jul aug sep okt nov dec",
}
_NUMBER_WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve",
    "fr": "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    "nb": "null én to tre fire fem seks sju åtte ni ti elleve tolv",
    "da": "nul én to tre fire fem seks syv otte ni ti elleve tolv",
    "zh": "零 一 二 三 四 五 六 七 八 九 十 十一 十二",
}
# Other ways to say a number: a translator may write it out where the source has a figure.
_MORE_WORDS = {
    "en": {"a": 1, "an": 1, "once": 1, "first": 1, "twice": 2, "second": 2, "third": 3, "dozen": 12, "fifteen": 15,
           "quarter": 15, "twenty": 20, "thirty": 30, "half": 30, "forty": 40, "fifty": 50, "sixty": 60,
           "hundred": 100, "day": 24, "hour": 60, "week": 7, "year": 12, "fortnight": 14},
    "fr": {"une": 1, "premier": 1, "première": 1, "seconde": 2, "deuxième": 2, "troisième": 3, "quinze": 15,
           "quart": 15, "quinzaine": 15, "vingt": 20, "trente": 30, "demi": 30, "demie": 30, "quarante": 40,
           "cinquante": 50, "soixante": 60, "cent": 100, "jour": 24, "heure": 60, "semaine": 7, "an": 12,
           "année": 12},
    "nb": {"en": 1, "ett": 1, "et": 1, "ei": 1, "første": 1, "begge": 2, "andre": 2, "tredje": 3, "syv": 7,
           "femten": 15, "kvarter": 15, "tjue": 20, "tretti": 30, "halv": 30, "halvtime": 30, "førti": 40,
           "femti": 50, "seksti": 60, "hundre": 100, "døgn": 24, "dag": 24, "time": 60, "uke": 7, "år": 12},
    "da": {"en": 1, "et": 1, "første": 1, "begge": 2, "anden": 2, "andet": 2, "tredje": 3, "femten": 15,
           "kvarter": 15, "tyve": 20, "tredive": 30, "halv": 30, "fyrre": 40, "halvtreds": 50, "tres": 60,
           "hundrede": 100, "døgn": 24, "dag": 24, "time": 60, "uge": 7, "år": 12},
    "zh": {"兩": 2, "十五": 15, "一刻": 15, "二十": 20, "三十": 30, "半": 30, "四十": 40, "五十": 50, "六十": 60,
           "百": 100, "天": 24, "小時": 60, "週": 7, "星期": 7, "年": 12},
}  # fmt: skip
_DIGIT = regex(r"\d")
_LONGEST_LEAD = 12  # characters: `septembre `, `klokken `
_LATER_HALF = regex(r"下午|晚上|傍晚|中午|晚間|夜間")
_EVENING = regex(
    r"\s*(?:om\s+(?:kvelden|ettermiddagen|aftenen|eftermiddagen)|du\s+soir|de\s+l['’]après-midi)", re.IGNORECASE
)
_AFTER_DAY, _BEFORE_DAY = regex(r"(?:st|nd|rd|th)\b", re.IGNORECASE), regex(r"\b(?:le|den)\s+\Z", re.IGNORECASE)
_SPAN = regex(r"[.日號号]?\s*(?:to|until|and|au|et|til|og|[-–—~～至到、])\s*", re.IGNORECASE)  # between two days
_HOUR_WORDS = {
    "en": (("noon", 720), ("midday", 720), ("midnight", 0)),
    "fr": (("midi", 720), ("minuit", 0)),
    "nb": (("midnatt", 0),),
    "da": (("midnat", 0),),
    "zh": (("正午", 720), ("午夜", 0)),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, time or date in a text. Readings: `n:15`, `t:1140` (minutes), `d:9-8`, `p:4755501234`."""

    text: str
    start: int
    end: int
    readings: frozenset[str]


def figures(text: str, locale: str) -> tuple[Figure, ...]:
    """The figures in a text, in order; a word such as `noon` is none, so that nobody has to write it out."""
    return _read(text, locale) if _DIGIT.search(text) else ()


@lru_cache(maxsize=1024)
def _read(text: str, locale: str) -> tuple[Figure, ...]:
    language = _language(locale)
    found = [figure for match in _matches(text, language) for figure in _figures_of(match, text, language)]
    return tuple(found) if len(found) < 2 else tuple(_with_days_of_spans(found, text))


def without_partner(ours: Sequence[Figure], theirs: Sequence[Figure]) -> tuple[Figure, ...]:
    """Those of `ours` left over when as many as possible are paired with one of `theirs` that shares a reading."""
    partner: dict[int, int] = {}  # index of theirs → index of ours

    def pair(index: int, tried: set[int]) -> bool:
        for other, figure in enumerate(theirs):
            if other not in tried and ours[index].readings & figure.readings:
                tried.add(other)
                if other not in partner or pair(partner[other], tried):
                    partner[other] = index
                    return True
        return False

    return tuple(figure for index, figure in enumerate(ours) if not pair(index, set()))


def said_in_words(figure: Figure, text: str, locale: str) -> bool:
    """Does a text say a figure of another text in words: *two weeks* for *2 semaines*, *noon* for *12:00*?"""
    language = _language(locale)
    folded = text.casefold()
    words = folded if language == "zh" else frozenset(re.findall(r"[^\W\d_]+", folded))
    said = {f"n:{value}" for word, value in _words(language).items() if word in words}
    said |= {f"t:{minutes}" for word, minutes in _HOUR_WORDS.get(language, ()) if word in words}
    said |= {f"t:{60 * hour}" for hour in _hours_in_words(folded, language)}
    return not said.isdisjoint(figure.readings)


def _matches(text: str, language: str) -> Iterator[re.Match[str]]:
    """Every figure begins with a digit, or with a few words before one: so only digits are looked at closely."""
    months = language if _names_a_month(text.casefold(), language) else ""  # else one pattern does for all languages
    pattern, before = _pattern(months), _before(months)
    at = 0
    while digit := _DIGIT.search(text, at):
        lead = before.search(text, max(at, digit.start() - _LONGEST_LEAD), digit.start())
        match = (lead and pattern.match(text, lead.start())) or pattern.match(text, digit.start())
        if match:
            yield match
        at = match.end() if match else digit.end()


def _figures_of(found: re.Match[str], text: str, language: str) -> Iterator[Figure]:
    """A date with its year is two figures, as the year may stand apart or be left out."""
    if readings := frozenset(_readings(found, text, language)):
        yield Figure(found[0], found.start(), found.end(), readings)
    for year in ("iy", "s3"):
        if found[year] is not None:
            yield Figure(found[year], found.start(year), found.end(year), frozenset((f"n:{found[year]}",)))


def _with_days_of_spans(found: Sequence[Figure], text: str) -> Iterator[Figure]:
    """In `24 to 26 December` and `12月24日至26日` both days are of December, though the month stands once."""
    beside: dict[int, Figure] = {}
    for at, (one, other) in enumerate(pairwise(found)):
        if _SPAN.fullmatch(text, one.end, other.start):
            beside[at] = other
            beside.setdefault(at + 1, one)
    for at, figure in enumerate(found):
        months = {day.partition("-")[0] for day in beside[at].readings if day[0] == "d"} if at in beside else set()
        if months and figure.text.isdecimal() and 1 <= int(figure.text) <= 31:
            figure = replace(figure, readings=figure.readings | {f"{month}-{int(figure.text)}" for month in months})
        yield figure


def _hours_in_words(text: str, language: str) -> Iterator[int]:
    """`晚上七點` and `seven o'clock`, both halves of the day where the words leave it open."""
    numbers = {word: value for word, value in _words(language).items() if 0 < value <= 12}
    choice = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    after = {"zh": r"\s*[點点时時]", "en": r"\s+(?:o['’]clock|pm|am|p\.m\.|a\.m\.)", "fr": r"\s+heures?"}.get(language)
    pattern = rf"({choice}){after}" if after else rf"(?:kl\.?|klokken)\s+({choice})"
    for found in re.finditer(pattern, text):
        yield numbers[found[1]] % 12
        yield numbers[found[1]] % 12 + 12


@cache
def _words(language: str) -> dict[str, int]:
    plain = _NUMBER_WORDS.get(language, "").split()
    return {word: value for value, word in enumerate(plain)} | _MORE_WORDS.get(language, {})


@cache
def _months(language: str) -> dict[str, int]:
    long, short = _MONTHS.get(language, "").split(), _SHORT_MONTHS.get(language, "").split()
    return {name: number % 12 + 1 for names in (long, short) for number, name in enumerate(names)}


def _names_a_month(folded: str, language: str) -> bool:
    return any(month in folded for month in _months(language))


@cache
def _before(language: str) -> re.Pattern[str]:
    """What may stand before a figure's first digit and belongs to it, up to the end of the searched text."""
    month = "|".join(sorted(_months(language), key=len, reverse=True)) or "(?!)"
    half = "上午|早上|清晨|凌晨|中午|下午|傍晚|晚上|晚間"
    return re.compile(rf"(?:\+|\b(?:{month})\.?\s+|\bkl\.?\s*|\bklokken\s+|(?:{half})\s*)\Z", re.IGNORECASE)


@cache
def _pattern(language: str) -> re.Pattern[str]:
    month = "|".join(sorted(_months(language), key=len, reverse=True)) or "(?!)"
    return re.compile(
        rf"""
          (?P<iso>\b(?P<iy>\d{{4}})-(?P<im>\d{{2}})-(?P<id>\d{{2}})\b)
        | (?P<phone>\+\d[\d \u00a0().-]{{5,}}\d | \b\d{{2}}(?:[ \u00a0.]\d{{2}}){{3,4}}\b
              | \b0\d{{1,3}}-\d{{3,4}}-?\d{{3,4}}\b | \b\d{{3}}-\d{{3,4}}(?:-\d{{4}})?\b)
        | (?P<zhdate>(?P<zm>\d{{1,2}})\s*月\s*(?P<zd>\d{{1,2}})\s*[日號号])
        | (?P<daymonth>(?<!\d)(?P<dd>\d{{1,2}})(?:\.|er|st|nd|rd|th)?\s*(?:of\s+)?(?P<dm>{month})\b\.?)
        | (?P<monthday>\b(?P<md>{month})\.?\s+(?P<mday>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d))
        | (?P<slash>(?<![\d/])(?P<s1>\d{{1,2}})[/.](?P<s2>\d{{1,2}})[/.](?P<s3>\d{{4}})\b)
        | (?P<zhmonth>(?<!\d)\d{{1,2}}\s*月(?:份)?)
        | (?P<zhtime>(?P<half>上午|早上|清晨|凌晨|中午|下午|傍晚|晚上|晚間)?\s*(?P<zh>\d{{1,2}})\s*[點点時时]
              (?:\s*(?P<zmin>\d{{1,2}})\s*分|(?P<zhalf>半))?(?!間))
        | (?P<ampm>(?<![\d:.])(?P<ah>\d{{1,2}})(?:[:.](?P<amin>\d{{2}}))?\s*(?P<ap>[ap])\.?\s?m\b\.?)
        | (?P<clock>(?:\bkl\.?\s*|\bklokken\s+)(?P<kh>\d{{1,2}})(?:[:.](?P<kmin>\d{{2}}))?(?!\d))
        | (?P<hour>(?<![\d:.])(?P<hh>\d{{1,2}})[ \u00a0\u202f]?(?:h(?:eures?)?\b[ \u00a0\u202f]?(?P<hmin>\d{{2}})?
              |h(?P<hmin2>\d{{2}})\b))
        | (?P<colon>(?<![\d:.])(?P<ch>[01]?\d|2[0-3])[:：](?P<cmin>[0-5]\d)(?![:\d]))
        | (?P<number>\d+(?:[.,\u00a0\u202f' ]\d{{3}}(?!\d))*(?:[.,]\d+)?)
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def _readings(found: re.Match[str], text: str, language: str) -> Iterator[str]:
    match found.lastgroup and _group(found):
        case "iso":
            yield _date(int(found["im"]), int(found["id"]))
        case "phone":
            digits = re.sub(r"\D", "", found[0])
            yield f"p:{digits[-8:]}"
        case "zhdate":
            yield _date(int(found["zm"]), int(found["zd"]))
        case "daymonth":
            yield _date(_months(language)[found["dm"].casefold()], int(found["dd"]))
        case "monthday":
            yield _date(_months(language)[found["md"].casefold()], int(found["mday"]))
        case "slash":
            first, second = int(found["s1"]), int(found["s2"])
            yield _date(second, first)
            if language == "en":
                yield _date(first, second)
        case "zhtime":
            yield from _zh_time(found)
        case "ampm":
            hour = int(found["ah"]) % 12 + (12 if found["ap"].lower() == "p" else 0)
            yield f"t:{60 * hour + int(found['amin'] or 0)}"
        case "clock":
            yield from _open_time(int(found["kh"]), int(found["kmin"] or 0), text[found.end() :])
        case "hour":
            yield from _open_time(int(found["hh"]), int(found["hmin"] or found["hmin2"] or 0), text[found.end() :])
            yield f"n:{int(found['hh'])}"  # 24 h: a length of time
        case "colon":
            yield from _open_time(int(found["ch"]), int(found["cmin"]), text[found.end() :])
            if language == "en" and int(found["ch"]) < 12:
                yield f"t:{60 * (int(found['ch']) + 12) + int(found['cmin'])}"
        case "number":
            yield from _number(found[0], language)
            yield from _day_alone(found, text)
        case _:
            return  # a month alone: its name is a word elsewhere


def _group(found: re.Match[str]) -> str:
    """The outermost named group that matched."""
    names = ("iso", "phone", "zhdate", "daymonth", "monthday", "slash", "zhmonth", "zhtime", "ampm", "clock")
    return next((name for name in (*names, "hour", "colon", "number") if found[name] is not None), "")


def _date(month: int, day: int) -> str:
    return f"d:{month}-{day}"


def _zh_time(found: re.Match[str]) -> Iterator[str]:
    hour = int(found["zh"])
    minutes = 30 if found["zhalf"] else int(found["zmin"] or 0)
    if found["half"] is None:
        yield f"t:{60 * hour + minutes}"
        if hour < 12:
            yield f"t:{60 * (hour + 12) + minutes}"
    elif _LATER_HALF.match(found["half"]) and hour < 12 and not (found["half"] == "中午" and hour == 11):
        yield f"t:{60 * (hour + 12) + minutes}"
    else:
        yield f"t:{60 * hour + minutes}"


def _open_time(hour: int, minutes: int, rest: str) -> Iterator[str]:
    yield f"t:{60 * (hour + 12 if _EVENING.match(rest) and hour < 12 else hour) + minutes}"


def _number(text: str, language: str) -> Iterator[str]:
    """A plain number, which may also be an hour: the end of `9–17`, or of `kl. 9.30`."""
    compact = re.sub(r"[\u00a0\u202f' ]", "", text)
    comma_is_decimal = language in ("fr", "nb", "da")
    thousands, decimal = (".", ",") if comma_is_decimal else (",", ".")
    grouped = re.fullmatch(rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal}\d+)?", compact)
    plain = compact.replace(thousands, "") if grouped else compact
    yield f"n:{_canonical(plain.replace(',', '.'))}"
    hours = re.fullmatch(r"([01]?\d|2[0-4])(?:\.([0-5]\d))?", compact)
    if hours:
        minutes = 60 * int(hours[1]) + int(hours[2] or 0)
        yield f"t:{minutes}"
        if language == "en" and int(hours[1]) < 12:
            yield f"t:{minutes + 720}"


def _day_alone(found: re.Match[str], text: str) -> Iterator[str]:
    """`the 11th`, `le 11`, `den 11.`: a day of the month that was named before."""
    is_day = _AFTER_DAY.match(text, found.end()) or _BEFORE_DAY.search(text, max(0, found.start() - 4), found.start())
    if is_day and found[0].isdecimal() and 1 <= int(found[0]) <= 31:
        yield from (_date(month, int(found[0])) for month in range(1, 13))


def _canonical(number: str) -> str:
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{fraction}" if fraction else "")


def _language(locale: str) -> str:
    language = locale.partition("-")[0].lower()
    return "nb" if language in ("nn", "no") else language
