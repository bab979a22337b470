"""How a form is written in the lexicon, and the patterns that it stands for.

    diabetes      the word with its endings; in Norwegian, from five letters on, also as part of a compound
    ivf!          exactly so: no endings, no compounds
    diabet-       every word that begins so
    -kreft        every word that ends so
    ED, PrEP      an abbreviation, mostly capitals: where an author writes fewer than two of them, it is weak

Spelling by rule (`SPELLINGS`, the plurals below) is done here, once, when the lexicon is compiled; the endings of words
(`ENDINGS`) are looked at when a text is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from campcompile.regex import regex
from campcompile.values import dataclass

# What may follow a form in its word. Possessives (`diabetes'`, `Crohn's`) and elisions (`l'asthme`) need no rule: an
# apostrophe is an edge.
ENDINGS: Mapping[str, frozenset[str]] = {
    "en": frozenset({"s", "es"}),
    "fr": frozenset({"s", "x", "e", "es"}),
    "nb": frozenset(
        ["a", "e", "n", "r", "s", "t", "en", "er", "es", "et", "ne", "ns", "rs", "ene", "ens", "ers", "ets", "nes",
         "enes"]
    ),
    "zh-Hant": frozenset(),
}  # fmt: skip
LEAST_CAPITALS = 2  # of an abbreviation
COMPOUND_LETTERS = 5  # in Norwegian, a form as long as this is looked for at both ends of compounds

LEAST_PLAIN = 5  # letters of a form that is looked for without its accents, too

# The marks of a pattern: how it stands in a word, …
OPEN_LEFT, OPEN_RIGHT, EXACT, CAPITALS = "<", ">", "!", "c"
PLAIN = "u"  # its accents are taken off: it counts where the author leaves accents out
# … and what it says.
WEAK, EXCEPTION, STEM, CODE = "w", "n", "s", "k"

# Forms are written the British way; the American one follows.
SPELLINGS = (
    ("aem", "em"), ("aesth", "esth"), ("ageing", "aging"), ("behaviour", "behavior"), ("caesar", "cesar"),
    ("centre", "center"), ("coeliac", "celiac"), ("colour", "color"), ("counsell", "counsel"), ("faec", "fec"),
    ("fibre", "fiber"), ("foet", "fet"), ("gynaec", "gynec"), ("immunis", "immuniz"), ("isation", "ization"),
    ("labour", "labor"), ("moisturis", "moisturiz"), ("mould", "mold"), ("odour", "odor"), ("oedema", "edema"),
    ("oeso", "eso"), ("oestr", "estr"), ("paed", "ped"), ("pnoea", "pnea"), ("programme", "program"),
    ("rrhoea", "rrhea"), ("stabilis", "stabiliz"), ("sterilis", "steriliz"), ("titian", "tician"),
    ("tranquillis", "tranquiliz"), ("tumour", "tumor"),
)  # fmt: skip

_LEVELLED = (("'", "’‘ʼʹ´`"), (" ", "-‐‑‒–—_/+\t\n\r\u00a0"))
_LEVELLED_BYTES = bytes(next((ord(to) for to, signs in _LEVELLED if chr(at) in signs), at) for at in range(256))
_SIGN = regex(f"[{''.join(re.escape(signs) for _, signs in _LEVELLED)}]")
_ACCENTS = str.maketrans("àâäáçéèêëîïíôöóûüùúñåø", "aaaaceeeeiiiooouuuunao")
_NORWEGIAN = tuple(map(str.maketrans, ({"å": "a", "ø": "o", "æ": "ae"}, {"å": "aa", "ø": "oe", "æ": "ae"})))
_ACCENTED = regex("[à-öø-ÿœ]")
_SMALL_FRENCH = frozenset(
    ["à", "au", "aux", "avec", "chez", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par",
     "pour", "sans", "sous", "sur", "un", "une"]
)  # fmt: skip
_CHINESE_BESIDE_LATIN = r"(?<=[⺀-鿿]) ?(?=[a-z0-9])|(?<=[a-z0-9]) ?(?=[⺀-鿿])"  # slow to compile: when asked for


@dataclass(frozen=True, slots=True)
class Pattern:
    text: str  # levelled
    marks: str = ""


@lru_cache(maxsize=64)
def level(text: str) -> str:
    """Folded text with one sign for all apostrophes, and a space for hyphens, dashes, underscores and slashes.

    As long as it was, so every place stays. `flu_shot`, `flu-shot` and `flu shot` become one.
    """
    try:
        return (
            text.encode("latin-1").translate(_LEVELLED_BYTES).decode("latin-1")
        )  # ten times as quick as str.translate
    except UnicodeEncodeError:
        if not _SIGN.search(text):
            return text
        for to, signs in _LEVELLED:
            for sign in signs:
                text = text.replace(sign, to)
        return text


def has_accents(text: str) -> bool:
    return not text.isascii() and _ACCENTED.search(text) is not None


def patterns(form: str, locale: str) -> Iterator[Pattern]:
    """The patterns of a form, as the lexicon of a locale writes it."""
    marks = ""
    if form.endswith("!"):
        form, marks = form[:-1], EXACT
    if form.startswith("-"):
        form, marks = form[1:], marks + OPEN_LEFT
    if form.endswith("-"):
        form, marks = form[:-1], marks + OPEN_RIGHT
    if _is_abbreviation(form):
        marks += CAPITALS
    elif locale == "nb" and not marks:
        marks = _norwegian_marks(form)
    yield from _with_and_without_accents(_spellings(_folded(form), marks, locale), marks, locale)


def stem_patterns(ending: str, locale: str) -> Iterator[Pattern]:
    """The patterns of the ending of a drug's name."""
    yield from _with_and_without_accents([_folded(ending)], STEM, locale)


def _folded(form: str) -> str:
    """A sign at an edge that becomes a space, such as that of `LGBT+`, is dropped."""
    return level(unicodedata.normalize("NFKC", form).casefold()).strip()


def _with_and_without_accents(spellings: Iterable[str], marks: str, locale: str) -> Iterator[Pattern]:
    written = dict.fromkeys(text.strip() for text in spellings if any(map(str.isalnum, text)))
    yield from (Pattern(text, marks) for text in written)
    plain = dict.fromkeys(bare for text in written for bare in _without_accents(text, locale))
    yield from (Pattern(text, marks + PLAIN) for text in plain if text not in written)


def _is_abbreviation(form: str) -> bool:
    """Mostly capitals: `ED`, `PrEP`, `STIs`, `CA 125`, but not `EpiPen`."""
    capitals, letters = count_capitals(form), sum(map(str.isalpha, form))
    return form.isascii() and capitals >= LEAST_CAPITALS and 3 * capitals > 2 * letters


def count_capitals(text: str) -> int:
    return sum(map(str.isupper, text))


def _norwegian_marks(form: str) -> str:
    """A long word may begin or end a compound; of several words, the last may begin one (`høyt blodtrykksnivå`)."""
    *before, last = form.replace("-", " ").split(" ")
    if len(last) < COMPOUND_LETTERS or not last.isalpha():
        return ""
    return OPEN_RIGHT if before else OPEN_LEFT + OPEN_RIGHT


def _spellings(text: str, marks: str, locale: str) -> Iterator[str]:
    yield text
    if CAPITALS in marks and text.isalpha():
        yield ".".join(text)
    match locale:
        case "en":
            written = [text, _american(text)]
            yield from written
            if not marks:
                yield from map(_english_plural, written)
            yield from (spelled.replace("'s ", apostrophe) for spelled in written for apostrophe in ("s ", " s "))
        case "fr":
            written = [text, text.replace("œ", "oe")]
            if not marks:
                written += [_french_plural(spelled) for spelled in written]
                written += [_french_plural_in_aux(spelled) for spelled in written]
            yield from written
            yield from (spelled.replace("'", " ") for spelled in written)
        case "zh-Hant":
            for spelled in (text, text.replace("台", "臺"), text.replace("臺", "台")):
                yield spelled
                yield from (re.sub(_CHINESE_BESIDE_LATIN, space, spelled) for space in ("", " "))
        case _:
            pass


def _american(text: str) -> str:
    for british, american in SPELLINGS:
        text = text.replace(british, american)
    return text


def _english_plural(text: str) -> str:
    """`allergy`: `allergies`; `thrombosis`: `thromboses`. An -s or -es is an ending, looked at when a text is read."""
    return re.sub(r"sis$", "ses", re.sub(r"(?<=[b-df-hj-np-tv-z])y$", "ies", text))


def _french_plural(text: str) -> str:
    """The head of several words, with the adjectives before the first little word: `prises de sang`, `maladies
    chroniques`, `cancers du sein`. The last word's own -s is an ending."""
    words = text.split(" ")
    head = next((at for at, word in enumerate(words) if word.partition("'")[0] in _SMALL_FRENCH), len(words) - 1)
    return " ".join([*map(_french_plural_word, words[:head]), *words[head:]])


def _french_plural_in_aux(text: str) -> str:
    """`contrôles médical`, with its plural already in front: `contrôles médicaux`."""
    return re.sub(r"al$", "aux", text)


def _french_plural_word(word: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word
    return word + ("x" if word.endswith(("eau", "eu")) else "s")


def _without_accents(text: str, locale: str) -> Iterator[str]:
    """As whoever leaves accents out writes it, in addresses and tags: `depistage`, `horselstap`, `hoerselstap`."""
    if locale not in ("fr", "nb") or not has_accents(text) or len(text) < LEAST_PLAIN:
        return
    if locale == "fr":
        yield text.replace("œ", "oe").translate(_ACCENTS)
    else:
        yield from (text.translate(table).translate(_ACCENTS) for table in _NORWEGIAN)
