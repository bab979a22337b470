"""Chinese names in a patient's role: a surname, perhaps a given name, a title, and words of being cared for.

`王小姐術後恢復良好`, `病患陳志明`, `親愛的李先生您好`; `林醫師`, `王○○` and a name without care are none.
Surnames are those that the Ministry of the Interior counts most often (全國姓名統計分析, 2023), as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import folded_words, words
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

_HAN = "一-鿿"
_MASKED = regex(r"[○〇oxⅹ*＊]")
_GREETED_BEFORE = regex(r"(?:親愛的|敬愛的|尊敬的|致)\s?\Z")
_GREETED_AFTER = regex(
    r"\s?[,:、!]?\s?(?:您|你)(?:好|的)|\s?[:,]\s?(?:您|你|本院|提醒|祝|我們)|\s?(?:平安|收|生日快樂)"
)
_STOPS = regex(r"[。!?！？\n;；]")
_WINDOW = 80


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for found in _titled().finditer(read.text):
        start, end = found.span()
        if _is_masked(found[0]) or _works(read.text, start, end):
            continue
        if _is_cared_for(read.text, start, end) or _is_greeted(read.text, start, end):
            yield Identifier("name", start, end, "A")
    for found in _labelled().finditer(read.text):
        if not _works(read.text, *found.span("name")):
            yield Identifier("name", *found.span("name"), "A")
    for found in _aged().finditer(read.text):
        if _is_cared_for(read.text, *found.span("name")):
            yield Identifier("name", *found.span("name"), "A")


def _is_masked(name: str) -> bool:
    return _MASKED.search(name) is not None


def _works(text: str, start: int, end: int) -> bool:
    """A profession stands directly beside the name."""
    return (
        _profession_after().match(text, end) is not None
        or _profession_before().search(text, max(0, start - 6), start) is not None
    )


def _is_cared_for(text: str, start: int, end: int) -> bool:
    first = max(0, start - _WINDOW)
    for stop in _STOPS.finditer(text, first, start):
        first = stop.end()
    stopped = _STOPS.search(text, end, end + _WINDOW)
    last = stopped.start() if stopped else min(len(text), end + _WINDOW)
    return _care().search(text, first, last) is not None


def _is_greeted(text: str, start: int, end: int) -> bool:
    return bool(_GREETED_BEFORE.search(text, max(0, start - 6), start) or _GREETED_AFTER.match(text, end))


@cache
def _titled() -> re.Pattern[str]:
    titles = "|".join(words("care", "chinese_titles"))
    return re.compile(rf"{_surname()}(?<![感多致答]謝)[{_HAN}○〇]{{0,2}}?(?:{titles})")


@cache
def _labelled() -> re.Pattern[str]:
    labels = "|".join(words("care", "chinese_patients"))
    return re.compile(
        rf"(?:{labels})\s?[:為是「]?\s?(?P<name>{_surname()}[{_HAN}]{{1,2}}?)"
        rf"(?=[,。、;:)\s「」的因於在已將請接術成戰戒分終重走擺從自戴裝瘦抗告恢康]|\d|$)"
    )


@cache
def _aged() -> re.Pattern[str]:
    return re.compile(rf"(?<![{_HAN}])(?P<name>{_surname()}[{_HAN}]{{1,2}})\s?[(,、]?\s?\d{{1,3}}\s?歲")


@cache
def _surname() -> str:
    """Its first character: 歐 of 歐陽, too."""
    return f"[{''.join(words('care', 'surnames'))}]"


@cache
def _care() -> re.Pattern[str]:
    return re.compile("|".join(folded_words("care", "cared_for", "zh-Hant")))


@cache
def _profession_after() -> re.Pattern[str]:
    return re.compile(rf"\s?(?:{'|'.join(words('care', 'chinese_professions'))})")


@cache
def _profession_before() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(words('care', 'chinese_professions'))})[:\s]?\Z")
