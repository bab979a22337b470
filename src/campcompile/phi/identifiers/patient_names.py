"""Names in a patient's role, in Latin letters (45 CFR 164.514(b)(2)(i)(A)).

A name alone is nobody's secret: authors, staff and streets have one. It is a patient's where the text makes it
one: a title or a common given name and words of being cared for in the same sentence (`Mrs Berg after her
operation`), an age and such words (`Marie Durand, 54, came to us with …`), what the name owns (`Anna Berg's
results`), a label (`patient: Ola Berg`), a birthday, or a greeting (`Dear Mrs Berg,`). Initials, professions and
public roles beside a name, and the practice's staff are none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache
from operator import itemgetter

from campcompile.phi.automaton import Finder, finder
from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import Met, Phrases, choice, folded_words, words
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

_UP, _LOW = "A-ZÀ-ÖØ-ÞŒŠŽ", "a-zà-öø-ÿœšž"
# A part begins with its first letter, so that a search skips what can't be one.
_REST = rf"(?:(?:(?<=M)a?c|(?<=[OD])['’])[{_UP}][{_LOW}]+|[{_LOW}]+|[{_UP}]{{1,19}})(?:-[{_UP}][{_LOW}]+)?"
_PART = f"[{_UP}]{_REST}"
_PARTICLE = r"(?:van|von|der|den|de|da|di|du|la|le|el|al|af|av|dos|bin|ben)"
_MORE = rf"(?: (?:{_PARTICLE} ){{0,2}}{_PART}){{0,3}}"
_NAME = _PART + _MORE
_CAPITAL = regex(rf"[{_UP}][{_LOW}]+")
_AGE = regex(
    r"[ ,]{0,3}[(\[]?\s?(?:who (?:is|turned|turns) |aged? |turned |âgée? de )?"
    r"\d{1,3}(?:[)\],. ;!?]|$|[ -]?(?:years?|ans|år|yo|y/o)|-year-old)"
)
_AGE_IN_WORDS = regex(
    r"[ ,]{0,3}[(\[]?\s?(?:(?:who is|who turned|who turns|aged?|turned|turns|âgée? de) \d{1,3}"
    r"|\d{1,3} ?(?:years old|ans|år))"
)
_AFTER_CARE = regex(
    r" (?:after|before|following|since|recovering from) (?:her|his|their) | (?:après|avant|depuis) (?:son|sa|ses) "
    r"| (?:etter|før) (?:sin|sitt|sine|hofte|kne|operasjon|behandling)"
)
# `Happy birthday to `, `Gratulerer med 90-årsdagen til `: whose day it is, is named next.
_BIRTHDAY = regex(
    r"(?:birthday,? to |anniversaire à |(?:årsdag|bursdag|fødselsdag)[a-z]* til |gratulerer med dagen,? (?:til )?)\Z"
)
_INITIAL = regex(rf"[ -]?[{_UP}]\.|\*|○|_|\.{{2,}}")
_SENTENCE_END = regex(
    r"(?<!\b[a-z])(?<!\bmr)(?<!\bms)(?<!\bdr)(?<!\bmrs)(?<!\bmme)(?<!\bmlle)(?<!\bfr)[.!?。！？…](?=[\s\"'»”)]|$)|\n|<"
)
_ALONE = regex(r"\s?[,!:]?\s*(?:\n|$)")  # `Madame Faure,` on a line of its own
_STOP = regex(r"\s?(?:[,!:;–—-]|$|\n)")
_OWNING = ("'", "’", "s")  # how `'s results` begins
_COLON = regex(r"\s?[:–-]?\s?")
_ROLE_THEN_NAME = regex(r"[\s.:,©–-]{1,3}(?:by |par |av )?")
_NAME_THEN_ROLE = regex(
    r"(?:\s?[,(–-]\s?(?:[a-zà-öø-ÿ']{1,14}[ -]){0,3}|\s?[,(–-]\s?l'| (?:er|is|est) (?:[a-zà-öø-ÿ]{1,14}[ -]){0,2})"
)
_WINDOW = 200  # characters of a sentence on either side, so that long texts stay quick to read


def find(read: Folded, locale: str, may_be_named: bool) -> Iterator[Identifier]:
    """`may_be_named`: the text holds a digit or one of the signs beside a name (`signs.py`)."""
    for title, start, end in _names(read, may_be_named):
        name = read.cased[start:end]
        if not _may_be_a_patient(read, start, end):
            continue
        if (title and _is_titled_patient(read, start, end)) or _is_patient(read, name, start, end):
            yield Identifier("name", start, end, "A")


def may_name(read: Folded, may_be_named: bool) -> bool:
    """Cheap signs, without which no name is looked for: a given name, a title, a label, an age after a name."""
    if read.cased == read.text:
        return False
    capitals = _CAPITAL.findall(read.cased)
    if not capitals:
        return False
    return may_be_named or not (_given_names().isdisjoint(capitals) and _titles().isdisjoint(capitals))


def _names(read: Folded, may_be_named: bool) -> Iterator[tuple[str, int, int]]:
    """(title or "", start, end) of what is written like a name: after a title, or beginning with a given name."""
    text = read.cased
    for found in _titled().finditer(text) if _find_titles()(text) else ():
        if found["name"].partition(" ")[0].casefold() not in _no_names():
            yield found["title"], *found.span("name")
    for found in _untitled().finditer(text):
        name = found[0]
        parts = name.split(" ")
        # `Hei Kari`, `After Maria`: a name may follow another word with a capital
        first = next((at for at, part in enumerate(parts) if part in _given_names()), -1)
        if first >= 0:
            start = found.start() + sum(len(part) + 1 for part in parts[:first])
            alone = first == len(parts) - 1
            if not (alone and parts[first] in _words_too()):
                yield "", start, _without_common_words(text, start, found.end())
        elif (
            may_be_named
            and parts[-1].casefold() not in _no_names()
            and _is_named_so(read.text, len(parts), *found.span())
        ):
            yield "", *found.span()


def _is_named_so(text: str, parts: int, start: int, end: int) -> bool:
    """An age after it; `patient:`, a birthday's greeting, `meet` before it: then any word with a capital is a name."""
    aged = _AGE.match(text, end) if parts in (2, 3) else _AGE_IN_WORDS.match(text, end)
    if aged or _is_labelled(text, start) or _BIRTHDAY.search(text, max(0, start - 50), start):
        return True
    return parts in (2, 3) and _introduced().search(text, max(0, start - 24), start) is not None


def _without_common_words(text: str, start: int, end: int) -> int:
    """The end of a name, without `May` of `Maria May Book …` and its like."""
    parts = text[start:end].split(" ")
    kept = next((at for at, part in enumerate(parts) if at and part.casefold() in _no_names()), len(parts))
    return start + len(" ".join(parts[:kept]))


def _may_be_a_patient(read: Folded, start: int, end: int) -> bool:
    """No initial instead of a family name, no profession or public role beside the name."""
    if _INITIAL.match(read.cased, end):
        return False
    return not _is_professional(read.text, start, end)


def _is_professional(text: str, start: int, end: int) -> bool:
    """`our nurse Anna Berg`, `Photo by Anna Berg`, `Anna Berg, our new nurse`, `Anna Berg is the author`."""
    for first, last in _between(text, "profession", start - 40, start):
        if _ROLE_THEN_NAME.fullmatch(text, last, start) and first < start:
            return True
    return any(_NAME_THEN_ROLE.fullmatch(text, end, first) for first, _ in _between(text, "profession", end, end + 80))


def _is_titled_patient(read: Folded, start: int, end: int) -> bool:
    return _is_cared_for(read.text, start, end) or _is_addressed(read, start, end, known=True)


def _is_patient(read: Folded, name: str, start: int, end: int) -> bool:
    text = read.text
    full = " " in name
    if (text.startswith(_OWNING, end) and _owned().match(text, end)) or _AFTER_CARE.match(text, end):
        return True
    if _is_labelled(text, start) or _BIRTHDAY.search(text, max(0, start - 50), start):
        return True
    aged = _AGE.match(text, end)
    if (full or aged) and _is_cared_for(text, start, end, after=160 if aged else 0):
        return True
    return _is_addressed(read, start, end, known=full)


def _is_cared_for(text: str, start: int, end: int, after: int = 0) -> bool:
    """Do words of being cared for stand in the name's sentence, or in the next `after` characters?"""
    first = max(0, start - _WINDOW)
    for stop in _SENTENCE_END.finditer(text, first, start):
        first = stop.end()
    stopped = _SENTENCE_END.search(text, end, end + _WINDOW)
    last = stopped.start() if stopped else min(len(text), end + _WINDOW)
    return any(True for _ in _between(text, "care", first, last + after))


def _is_labelled(text: str, start: int) -> bool:
    """Does `patient:` or its like stand directly before?"""
    return any(_COLON.fullmatch(text, last, start) for _, last in _between(text, "label", start - 30, start))


def _between(text: str, kind: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The phrases of a kind that lie in a range of the text."""
    met = _met(text)
    for start, end, kinds in met[
        bisect_left(met, first, key=itemgetter(0)) : bisect_left(met, last, key=itemgetter(0))
    ]:
        if kind in kinds and end <= last + (kind == "profession") * _WINDOW:
            yield start, end


def _is_addressed(read: Folded, start: int, end: int, *, known: bool) -> bool:
    """`Dear Mrs Berg,` and `Maria, your results …`, at the beginning of a text or of a line."""
    line = read.text.rfind("\n", 0, start) + 1
    before = read.text[line:start]
    following = read.text[end : end + 60]
    if len(before) > 60 or not _STOP.match(following):
        return False
    shown = before.strip(" \"'«“*_#>")
    if shown and not _greeting().fullmatch(before):
        return False
    said = _only_title().sub("", before).strip(" \"'«“*_#>") if shown else ""
    greeted = bool(said) or bool(shown and _ALONE.match(following))
    return (greeted and (known or following[:1] in ",!")) or bool(_addressed().match(following))


@cache
def _titled() -> re.Pattern[str]:
    titles = "|".join(re.escape(title) for title in sorted(words("care", "civil_titles"), key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?P<title>{titles})\.?(?: (?:and|et|og|&) (?:{titles})\.?)? (?P<name>{_NAME})")


@cache
def _untitled() -> re.Pattern[str]:
    return re.compile(rf"[{_UP}](?<![\w@./’'-].){_REST}{_MORE}(?![\w@])")


@cache
def _given_names() -> frozenset[str]:
    return frozenset(name for line in words("given_names", "names") for name in line.split())


@cache
def _titles() -> frozenset[str]:
    return frozenset(words("care", "civil_titles"))


@cache
def _find_titles() -> Finder:
    return finder(_titles())


@cache
def _no_names() -> frozenset[str]:
    """Capitalised words that stand before or after a name, or alone, without being one."""
    return folded_words("care", "no_name")


@cache
def _words_too() -> frozenset[str]:
    return frozenset(words("given_names", "words_too"))


@lru_cache(maxsize=16)
def _met(text: str) -> tuple[Met, ...]:
    return _phrases().met(text)


@cache
def _phrases() -> Phrases:
    languages = (folded_words("care", "cared_for", language) for language in ("en", "fr", "nb"))
    return Phrases(
        {
            "care": frozenset[str]().union(*languages),
            "profession": folded_words("care", "professions"),
            "label": folded_words("care", "patient_words"),
        }
    )


@cache
def _owned() -> re.Pattern[str]:
    return re.compile(rf"(?:['’]s?|s) (?:[a-zà-ÿ-]{{1,20}} ){{0,2}}{choice(folded_words('care', 'owned'))}")


@cache
def _introduced() -> re.Pattern[str]:
    return re.compile(rf"{choice(folded_words('care', 'introduced'))} \Z")


@cache
def _greeting() -> re.Pattern[str]:
    titles = "|".join(re.escape(title.casefold()) for title in words("care", "civil_titles"))
    greeting = choice(folded_words("care", "greetings"))
    return re.compile(
        rf"[\s\"'«“*_#>]*(?:(?:re|fwd?|sv|vs|tr) ?: ?)?(?:{greeting},? ?)?"
        rf"(?:(?:{titles})\.?(?: (?:and|et|og|&) (?:{titles})\.?)? )?"
    )


@cache
def _only_title() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(title.casefold()) for title in _titles())})\.? \Z")


@cache
def _addressed() -> re.Pattern[str]:
    return re.compile(rf"\s?[,:–—-]\s?[^.!?\n]{{0,24}}?{choice(folded_words('care', 'addressed'))}")
