"""How a form is written in the lexicon, and the patterns that it stands for.

    diabetes      the word with its endings; in Norwegian, from five letters on, also as part of a compound
    ivf!          exactly so: no endings, no compounds
    diabet-       every word that begins so
    -kreft        every word that ends so
    ED            an abbreviation: where an author writes small letters, it is weak

Spelling by rule (`SPELLINGS`, the plurals below) is done here, once, when the lexicon is compiled; the endings of words
(`ENDINGS`) are looked at when a text is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from campcompile.values import dataclass

# What may follow a form in its word. Possessives (`diabetes'`, `Crohn's`) and elisions (`l'asthme`) need no rule: an
# apostrophe is an edge.
ENDINGS: Mapping[str, frozenset[str]] = {
    "en": frozenset({"s", "es"}),
    "fr": frozenset({"s", "x", "e", "es"}),
    "nb": frozenset(["e", "n", "t", "r", "s", "a", "en", "et", "er", "es", "ene", "ne", "ens", "ets", "enes", "nes", "ers", "rs", "ns"]),
    "zh-Hant": frozenset(),
}
COMPOUND_LETTERS = 5  # in Norwegian, a form as long as this is looked for at both ends of compounds

OPEN_LEFT, OPEN_RIGHT, EXACT, CAPITALS, PLAIN = "<", ">", "!", "c", "u"
"""Marks of a pattern. PLAIN: with its accents taken off, so it counts only in a text that has none."""

# Forms are written the British way; the American one follows.
SPELLINGS = (
    ("aem", "em"), ("aesth", "esth"), ("ageing", "aging"), ("behaviour", "behavior"), ("caesar", "cesar"),
    ("centre", "center"), ("coeliac", "celiac"), ("colour", "color"), ("counsell", "counsel"), ("faec", "fec"),
    ("fibre", "fiber"), ("foet", "fet"), ("gynaec", "gynec"), ("immunis", "immuniz"), ("isation", "ization"),
    ("labour", "labor"), ("mould", "mold"), ("oedema", "edema"), ("oeso", "eso"), ("oestr", "estr"), ("odour", "odor"),
    ("paed", "ped"), ("pnoea", "pnea"), ("programme", "program"), ("rrhoea", "rrhea"), ("sterilis", "steriliz"),
    ("tumour", "tumor"), ("tranquillis", "tranquiliz"), ("titian", "tician"),
)  # fmt: skip

_LEVELLED = {ord(sign): "'" for sign in "’‘ʼʹ´`"} | {ord(sign): " " for sign in "-‐‑‒–—_/+\t\n\r\u00a0"}
_ACCENTS = str.maketrans("àâäáçéèêëîïíôöóûüùúñåø", "aaaaceeeeiiiooouuuunao")
_NORWEGIAN = ({"å": "a", "ø": "o", "æ": "ae"}, {"å": "aa", "ø": "oe", "æ": "ae"})
_ACCENTED = re.compile("[à-öø-ÿœ]")
_SMALL_FRENCH = frozenset(["à", "au", "aux", "avec", "chez", "d", "dans", "de", "des", "du", "en", "et", "la", "le", "les", "l", "par", "pour", "sans", "sous", "sur", "un", "une"])
_CHINESE_BESIDE_LATIN = re.compile(r"(?<=[⺀-鿿]) ?(?=[a-z0-9])|(?<=[a-z0-9]) ?(?=[⺀-鿿])")


@dataclass(frozen=True, slots=True)
class Pattern:
    text: str  # levelled
    marks: str = ""


def level(text: str) -> str:
    """Folded text with one sign for all apostrophes, and a space for hyphens, dashes, underscores and slashes.

    As long as it was, so every place stays. `flu_shot`, `flu-shot` and `flu shot` become one.
    """
    return text.translate(_LEVELLED)


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
    folded = level(unicodedata.normalize("NFKC", form).casefold())
    seen = set()
    for text in dict.fromkeys(_spellings(folded, marks, locale)):
        seen.add(text)
        yield Pattern(text, marks)
    for text in dict.fromkeys(plain for text in seen for plain in _without_accents(text, locale)):
        yield Pattern(text, marks + PLAIN)


def _is_abbreviation(form: str) -> bool:
    return form.isascii() and form == form.upper() and sum(sign.isalpha() for sign in form) >= 2


def _norwegian_marks(form: str) -> str:
    """A long word may begin or end a compound; of several words, the last may begin one (`høyt blodtrykksnivå`)."""
    *before, last = form.replace("-", " ").split(" ")
    if len(last) < COMPOUND_LETTERS or not last.isalpha():
        return ""
    return OPEN_RIGHT if before else OPEN_LEFT + OPEN_RIGHT


def _spellings(text: str, marks: str, locale: str) -> Iterator[str]:
    yield text
    match locale:
        case "en":
            american = text
            for british, other in SPELLINGS:
                american = american.replace(british, other)
            yield american
            if not marks:
                yield from (_english_plural(spelled) for spelled in (text, american))
        case "fr":
            written = (text, text.replace("œ", "oe"))
            yield from written
            if not marks:
                yield from (_french_plural(spelled) for spelled in written)
        case "zh-Hant":
            yield _CHINESE_BESIDE_LATIN.sub("", text)
            yield _CHINESE_BESIDE_LATIN.sub(" ", text)
            yield text.replace("台", "臺")
            yield text.replace("臺", "台")
        case _:
            pass


def _english_plural(text: str) -> str:
    """`allergy`: `allergies`. An -s or -es is an ending, looked at when a text is read."""
    return re.sub(r"(?<=[b-df-hj-np-tv-z])y$", "ies", text)


def _french_plural(text: str) -> str:
    """The head of several words, with the adjectives before the first little word: `prises de sang`, `maladies
    chroniques`, `cancers du sein`. The last word's own -s is an ending."""
    words = text.split(" ")
    head = next((at for at, word in enumerate(words) if word.partition("'")[0] in _SMALL_FRENCH), len(words))
    if head == len(words):
        head -= 1
    return " ".join([*map(_french_plural_word, words[:head]), *words[head:]])


def _french_plural_word(word: str) -> str:
    if word.endswith(("s", "x", "z")):
        return word
    return word + ("x" if word.endswith(("eau", "eu")) else "s")


def _without_accents(text: str, locale: str) -> Iterator[str]:
    """As somebody writes it who leaves accents out, as in addresses and tags: `depistage`, `horselstap`, `hoerselstap`."""
    if locale not in ("fr", "nb") or not has_accents(text) or len(text) < COMPOUND_LETTERS:
        return
    if locale == "fr":
        yield text.replace("œ", "oe").translate(_ACCENTS)
    else:
        for table in _NORWEGIAN:
            yield text.translate(str.maketrans(table)).translate(_ACCENTS)
