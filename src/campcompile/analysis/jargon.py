"""Jargon is the trade's own words, with the plain words that patients use: data in four languages, found in texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from campcompile.analysis.flat import SLOT_MARK, SLOT_OPEN
from campcompile.regex import regex
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Scalar, Sequence
from campcompile.values import dataclass

_FILES = {"en": "en", "fr": "fr", "nb": "nb", "no": "nb", "nn": "nb", "zh": "zh"}
# How the words of a language end when they are inflected.
_ENDINGS = {"en": ("s", "es"), "fr": ("s", "e", "es"), "nb": ("en", "n", "et", "t", "er", "r", "ene", "ne", "s", "e")}
_TOKEN = regex(r"\w+(?:-\w+)*")
# What follows or precedes a term that is being explained on the spot.
_EXPLAINS_AFTER = regex(
    r"[\s*_\"”»’」]*(?:[(（]\s*[^\W\d_]{2,}|[–—]\s*[^\W\d_]{2,}|,?\s*(?:that is|i\.e\.|which means|meaning)\b"
    r"|,?\s*(?:c['’]est-à-dire|autrement dit|ce qui veut dire)\b|,?\s*(?:det vil si|dvs\.?|altså|som betyr)\b"
    r"|[，、]?(?:也就是|就是|意思是|是指|即))",
    re.IGNORECASE,
)
_EXPLAINS_BEFORE = regex(r"[^\W_]\s*[(（]\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    name: str  # "hypertension"
    plain: str  # what to offer: "high blood pressure"
    explained_by: tuple[str, ...]  # folded words, any of which beside the term explains it


class Jargon(NamedTuple):
    start: int  # in its text
    end: int
    term: Term


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lexicon:
    terms: tuple[Term, ...]
    words: Mapping[str, Term]  # one word, inflected too, folded
    exact: Mapping[str, Term]  # abbreviations, as written
    phrases: Mapping[str, tuple[tuple[re.Pattern[str], Term], ...]]  # of several words, by their folded first
    parts: tuple[tuple[str, Term], ...]  # of a language without spaces


def knows_jargon(locale: str) -> bool:
    """Is there a list of terms for this locale's language?"""
    return _language(locale) in _FILES


def terms_of(locale: str) -> tuple[Term, ...]:
    """All terms of a locale's language, in the order of its file."""
    return _lexicon(_FILES[_language(locale)]).terms


@lru_cache(maxsize=8192)
def jargon_in(text: str, locale: str) -> tuple[Jargon, ...]:
    """The terms in a line, in order, each with its place; whether they are explained is another question."""
    if SLOT_OPEN in text:  # the name of a merge field is no word; places stay
        text = SLOT_MARK.sub(lambda mark: " " * len(mark[0]), text)
    lexicon = _lexicon(_FILES[_language(locale)])
    return tuple(sorted(_found(text, lexicon), key=lambda one: one.start))


def is_explained(found: Jargon, text: str, around: str) -> bool:
    """Is a term in `text` told in plain words on the spot, or anywhere in the folded text `around` it?"""
    if any(words in around for words in found.term.explained_by):
        return True
    before = text[: found.start]
    return _EXPLAINS_AFTER.match(text, found.end) is not None or _EXPLAINS_BEFORE.search(before) is not None


def _found(text: str, lexicon: _Lexicon) -> Iterator[Jargon]:
    for part, term in lexicon.parts:
        at = text.find(part)
        if at >= 0:
            yield Jargon(at, at + len(part), term)
    plain = text if text.isascii() else "".join([" " if _is_chinese(sign) else sign for sign in text])
    tokens = frozenset(_TOKEN.findall(plain))
    folded = {token.casefold() for token in tokens}
    if folded.isdisjoint(lexicon.words) and folded.isdisjoint(lexicon.phrases) and tokens.isdisjoint(lexicon.exact):
        return
    for match in _TOKEN.finditer(plain):
        word = match[0].casefold()
        if single := lexicon.exact.get(match[0]) or lexicon.words.get(word):
            yield Jargon(match.start(), match.end(), single)
        for pattern, term in lexicon.phrases.get(word, ()):
            if phrase := pattern.match(text, match.start()):
                yield Jargon(phrase.start(), phrase.end(), term)


def _is_chinese(sign: str) -> bool:
    return "\u2e80" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff"


@cache
def _lexicon(language: str) -> _Lexicon:
    node = pack(f"analysis/data/jargon/{language}.yaml").root.get("terms")
    assert isinstance(node, Sequence)
    words: dict[str, Term] = {}
    exact: dict[str, Term] = {}
    phrases: dict[str, tuple[tuple[re.Pattern[str], Term], ...]] = {}
    parts: list[tuple[str, Term]] = []
    terms = []
    for row in node.items:
        assert isinstance(row, Scalar)
        left, _, right = row.value.partition(" = ")
        forms = [form.strip() for form in left.split("|")]
        plain, *others = (one.strip() for one in right.split("|"))
        term = Term(name=forms[0], plain=plain, explained_by=tuple(one.casefold() for one in (plain, *others)))
        terms.append(term)
        for form in forms:
            if sum(letter.isupper() for letter in form) > 1:
                exact[form] = term
            elif not form.isascii() and language == "zh":
                parts.append((form, term))
            elif " " in form:
                first = form.partition(" ")[0].casefold()
                pattern = re.compile(re.escape(form) + r"\w{0,3}\b", re.IGNORECASE)
                phrases[first] = (*phrases.get(first, ()), (pattern, term))
            else:
                words |= {form.casefold() + ending: term for ending in ("", *_ENDINGS[language])}
    return _Lexicon(terms=tuple(terms), words=words, exact=exact, phrases=phrases, parts=tuple(parts))


def _language(locale: str) -> str:
    return locale.partition("-")[0].lower()
