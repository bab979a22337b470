"""Signs without which a family of recognisers has nothing to find, all looked for in one pass over a text."""

from __future__ import annotations

from functools import cache

from campcompile.phi.automaton import Finder, finder
from campcompile.phi.identifiers.clues import folded_words

# Bits, as plain numbers: asked about every text.
ADDRESS = 1  # `https://`
AT = 2  # @
SAID = 4  # a word or bracket that stands for @ or a dot
NUMBER_SAID = 8  # a word that little else than a number has: `seven`
DASH = 16
LABEL = 32  # `patient`
DAY = 64  # of birth
INTRODUCED = 128  # `meet`: a name follows
TITLE = 256  # one that is a word, too
BESIDE_A_NAME = LABEL | DAY | INTRODUCED | TITLE
_BRACKETED = ("at", "@", "dot", "arobas")


def signs(text: str) -> int:
    """The signs that a folded text has, as bits."""
    find, bits = _automaton()
    found = 0
    for at, _, _ in find(text):
        found |= bits[at]
    return found


@cache
def _automaton() -> tuple[Finder, tuple[int, ...]]:
    brackets = [f"{bracket}{blank}{word}" for bracket in "([{<" for blank in ("", " ") for word in _BRACKETED]
    texts = {
        ADDRESS: ("://", "www.", "mailto:", "tel:"),
        AT: ("@",),
        SAID: (*folded_words("digits_and_signs", "hints"), *brackets, "小老鼠"),
        NUMBER_SAID: folded_words("digits_and_signs", "number_hints"),
        DASH: ("-",),
        LABEL: ("patient", "pasient"),
        DAY: ("dag", "birthday", "anniversaire"),
        INTRODUCED: [f"{word} " for word in folded_words("care", "introduced")],
        TITLE: ("m. ", "fru ", "herr "),
    }
    bits: dict[str, int] = {}
    for sign, words in texts.items():
        for word in words:
            bits[word] = bits.get(word, 0) | sign
    return finder(bits), tuple(bits.values())
