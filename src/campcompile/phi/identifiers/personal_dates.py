"""Dates tied to a person: of birth, death, a last visit, a stay, an operation (45 CFR 164.514(b)(2)(i)(C)).

A date alone is public; a clue before it (data/clues.yaml: `born`, `visited`), or 生 after it, ties it to somebody.
A birth date of everybody (`born before 1 January 1960`, 「1960年以前出生」), of the house or of people long dead is
nobody's. 民國 years count from 1912. A year alone is no identifier (the same paragraph).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import before, choice, folded_words, kinds_in
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

_CHINESE_NUMBER = r"[\d〇○零一二三四五六七八九十百元]{1,5}"
_YEAR = regex(r"(?<!\d)\d{4}(?!\d)")
_LONG_AGO = 1900
_AFTER_CHINESE = regex(r"\s*(?:日|號)?\s*(?:出生|生(?![活產理物日效技涯育命前意])|誕生)")
_LOOK_BACK = 24


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    text = read.text
    if "生" not in text and kinds_in(text).isdisjoint(("born", "visited", "seen-after")):
        return
    for found in _date().finditer(text):
        start, end = found.span()
        clues = before(text, start)
        if "visited" in clues.led or _is_last_seen(text, end):
            yield Identifier("date", start, end, "C")
        elif "born" in clues.led:
            if _has_day_and_year(found[0]) and not _is_of_many(text, clues.at, start, end):
                yield Identifier("date", start, end, "C")
        elif _AFTER_CHINESE.match(text, end) and not _cohort_before().search(text, max(0, start - _LOOK_BACK), start):
            yield Identifier("date", start, end, "C")


def _is_last_seen(text: str, end: int) -> bool:
    """`Since 4 May 2023 we haven't seen you`: what ties the date follows it in the sentence."""
    if "seen-after" not in kinds_in(text):
        return False
    return _seen_after().match(text, end) is not None


@cache
def _seen_after() -> re.Pattern[str]:
    return re.compile(rf"[^.!?。;\n]{{0,28}}?{choice(folded_words('clues', 'clues', 'seen-after'))}")


_CHINESE_DATE = (
    rf"(?:(?:中華民國|民國|民|西元|公元) ?)?{_CHINESE_NUMBER} ?年 ?{_CHINESE_NUMBER} ?月 ?{_CHINESE_NUMBER} ?[日號]?"
    r"|(?:中華民國|民國|民) ?\d{2,3} ?[./-] ?\d{1,2} ?[./-] ?\d{1,2}"
    rf"|{_CHINESE_NUMBER} ?月 ?{_CHINESE_NUMBER} ?[日號]"
)


@cache
def _date() -> re.Pattern[str]:
    """A date in any writing; the words for months are not set off on their left, so that a search is quick."""
    months = sorted(folded_words("months", "months"), key=len, reverse=True)
    month = rf"(?:{'|'.join(months)})(?![a-zà-ÿ])"
    return re.compile(
        "(?:"
        + "|".join(
            (
                r"\d{4} ?[./-] ?\d{1,2} ?[./-] ?\d{1,2}",
                r"\d{1,2} ?[./-] ?\d{1,2} ?[./-] ?(?:\d{4}|\d{2})",
                rf"\d{{1,2}}(?:st|nd|rd|th|er|\.)?,? ?(?:of |de |-)?{month}\.?,?"
                r"(?:[ -](?:of )?(?:\d{4}|'?\d{2}(?![\d:.]\d)))?",
                rf"{month}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?",
                _CHINESE_DATE,
                r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
                r"\d{1,2}[./]\d{1,2}\.?",
            )
        )
        + r")(?![\d%])"
    )


def _has_day_and_year(date: str) -> bool:
    """A birthday without its year is shared by millions; with `5/12` alone it may be a price or a score."""
    return (
        len(re.findall(r"\d+", date)) >= 3
        or _YEAR.search(date) is not None
        or "年" in date
        or date.isdigit()
        or re.search(r"[a-zûé] ?'?\d{2}$", date) is not None
    )


def _is_of_many(text: str, clue_at: int, start: int, end: int) -> bool:
    year = _YEAR.search(text, start, end)
    if year and int(year[0]) < _LONG_AGO:
        return True
    looked_at = max(0, clue_at - _LOOK_BACK)
    return bool(_cohort_before().search(text, looked_at, start) or _cohort_after().match(text, end))


@cache
def _cohort_before() -> re.Pattern[str]:
    return re.compile(choice(folded_words("clues", "clues", "not-one-person")))


@cache
def _cohort_after() -> re.Pattern[str]:
    return re.compile(rf"[ ,)]{{0,2}}(?:{choice(folded_words('clues', 'clues', 'or-others'))}|[–-] ?\d)")
