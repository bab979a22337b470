"""Other readings of a text: numbers said in words, and addresses with `at` and `dot`, as people hide them.

`five oh three …` is read as digits, 「A一二三四…」 too, `jane (at) mail dot example` as an address. Each reading keeps
the author's places, so that a recogniser needs to know of no disguise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.phi.automaton import Finder, finder
from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import choice, folded_words, words
from campcompile.phi.identifiers.signs import DASH, NUMBER_SAID, SAID
from campcompile.regex import regex

_FEWEST_DIGITS = 7
_LABEL = r"[a-z0-9à-öø-ÿ-]{1,40}"
_CHINESE = regex(
    r"[〇○零一二三四五六七八九壹貳參肆伍陸柒捌玖](?:[ -]?[〇○零一二三四五六七八九壹貳參肆伍陸柒捌玖\d]){6,}"
)
_BRACKETED = regex(r"[(\[{<]\s?(?:at|@|dot|arobas)")
_FEWEST_WORDS = 3
_LETTERS_OR_FIGURES = regex(r"[a-zà-öø-ÿ]+|\d+")
# `at` and `chez` are everyday words: they stand for @ where the dot is said in their own language, before a last label.
_SPOKEN_DOT = {
    "at": regex(r"\sdot\s[a-z]{2,12}$|[(\[{<]\s?dot"),
    "chez": regex(r"\spoint\s[a-z]{2,12}$|[(\[{<]\s?point"),
}


def readings(read: Folded, signs: int) -> Iterator[Folded]:
    """The text read otherwise, where there is another way to read it; `signs` are those of the text."""
    text = read.text
    in_chinese = not text.isascii() and _CHINESE.search(text) is not None
    if not (in_chinese or signs & (SAID | NUMBER_SAID | DASH)):
        return
    said = text.replace(",", " ").split()
    if signs & SAID and _may_hide_an_address(text, said):
        changes = [(*found.span(), reading) for found in _spoken_address().finditer(text) if (reading := _said(found))]
        if changes:
            yield read.replaced(changes)
    changes = []
    if in_chinese:
        changes = [(*found.span(), _in_digits(found[0], _chinese_digits())) for found in _CHINESE.finditer(text)]
    elif signs & (NUMBER_SAID | DASH) and _has_digits_said(text, said):
        found_numbers = _spoken_number().finditer(text)
        changes = [(*found.span(), "".join(_spoken_digits(found[0]))) for found in found_numbers]
    changes = [change for change in changes if len(change[2]) >= _FEWEST_DIGITS]
    if changes:
        yield read.replaced(changes)


def _may_hide_an_address(text: str, said: list[str]) -> bool:
    if not folded_words("digits_and_signs", "hints").isdisjoint(said) or "小老鼠" in text:
        return True
    return _BRACKETED.search(text) is not None


def _has_digits_said(text: str, said: list[str]) -> bool:
    """Are there a word that little else than a number has, or a dash, and enough words for digits together?"""
    if len(_find_digits()(text)) < _FEWEST_WORDS:
        return False
    if "-" not in text and folded_words("digits_and_signs", "number_hints").isdisjoint(said):
        return False
    digits = _latin_digits()
    together = 0
    for token in _LETTERS_OR_FIGURES.findall(text):
        if token in digits:
            together += 1
            if together == _FEWEST_WORDS:
                return True
        elif not token.isdigit():
            together = 0
    return False


@cache
def _find_digits() -> Finder:
    return finder(_latin_digits())


@cache
def _spoken_address() -> re.Pattern[str]:
    """A mailbox, a sign for @, and labels with signs for dots between them."""
    sign = choice(folded_words("digits_and_signs", "at"))
    dot = choice(folded_words("digits_and_signs", "dot"))
    dots = rf"(?:\s?[(\[{{<]\s?(?:{dot}|\.)\s?[)\]}}>]\s?|\s{dot}\s|\s?點\s?|\s?\.\s?)"
    at = rf"(?:\s?[(\[{{<]\s?(?:{sign}|@)\s?[)\]}}>]\s?|\s{sign}\s|\s?小老鼠\s?|\s?@\s?)"
    name = r"[a-z0-9à-öø-ÿ_+'-]{1,40}"
    return re.compile(
        rf"(?<![a-z0-9à-öø-ÿ_+'-])(?P<name>{name}(?:{dots}{name}){{0,3}})(?P<at>{at})"
        rf"(?P<host>{_LABEL}(?:{dots}{_LABEL}){{1,4}})(?![a-z0-9])"
    )


def _said(found: re.Match[str]) -> str:
    """`jane.doe@mail.example`, or "" where the words are just words: `see us at fjord.example`."""
    sign, name, host = found["at"].strip(), _with_dots(found["name"]), _with_dots(found["host"])
    if sign == "@" and host == found["host"] and name == found["name"]:
        return ""  # stands there plainly
    if sign in ("at", "chez") and not _SPOKEN_DOT[sign].search(found["host"]):
        return ""
    if name in folded_words("digits_and_signs", "not_a_mailbox"):
        return ""
    return f"{name}@{host}"


def _with_dots(text: str) -> str:
    return re.sub(r"\s+", "", _dot_word().sub(".", text))


@cache
def _dot_word() -> re.Pattern[str]:
    dot = choice(folded_words("digits_and_signs", "dot"))
    return re.compile(rf"[(\[{{<]\s?(?:{dot}|\.)\s?[)\]}}>]|{dot}")


@cache
def _spoken_number() -> re.Pattern[str]:
    word = rf"(?:{choice(_latin_digits())}|\d+)"
    return re.compile(rf"(?<![0-9a-zà-ÿ]){word}(?:[ ,.\-–]{{1,3}}{word}){{2,40}}(?![0-9a-zà-ÿ])")


def _spoken_digits(text: str) -> Iterator[str]:
    said = re.findall(r"[a-zà-ÿ]+|\d+", text)
    if sum(part in _latin_digits() for part in said) >= _FEWEST_WORDS:
        yield from (_latin_digits().get(part, part) for part in said)


def _in_digits(text: str, digits: dict[str, str]) -> str:
    return "".join(digits.get(character, character) for character in text if character not in " -")


@cache
def _latin_digits() -> dict[str, str]:
    return dict(pair.split("=") for line in words("digits_and_signs", "digits") for pair in line.split())


@cache
def _chinese_digits() -> dict[str, str]:
    return dict(pair.split("=") for line in words("digits_and_signs", "chinese_digits") for pair in line.split())
