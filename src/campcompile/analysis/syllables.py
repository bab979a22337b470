"""Syllables of English and French words, counted by their spelling: what the formulas of readability ask for.

No dictionary: a count is right for most words and off by one for some, which a text of sixty words evens out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from campcompile.regex import regex

# Words of everyday mail that are spoken otherwise than they are spelt.
_ENGLISH = {
    "aches": 1, "area": 3, "beforehand": 3, "being": 2, "business": 2, "clothes": 1, "create": 2, "diabetes": 4,
    "doing": 2, "evening": 2, "every": 2, "everybody": 4, "everyone": 3, "everything": 3, "going": 2, "idea": 3,
    "medicine": 3, "people": 2, "quiet": 2, "science": 2, "seeing": 2, "somebody": 3, "someone": 2, "something": 2,
    "sometimes": 2, "somewhere": 2, "vaccine": 2, "wednesday": 2,
}  # fmt: skip
_ENGLISH_VOWELS = regex(r"[aeiouy]+")
# Vowels that stand together and are spoken apart: di-abetes, ra-di-o, flu-id, re-act.
_ENGLISH_APART = regex(
    r"ia(?!n\b|l\b)|(?<![cstxgln])io|iu|(?<!q)uou|ua(?=[tl])|eo(?=[lsn])|eu(?=m)|(?<=l)u(?:i(?=d)|e(?=n))"
    r"|ying\b|yee|rea(?=ct|ss)"
)
_ENGLISH_SILENT = regex(r"(?<=[^aeiouy])e\b|(?<=[^aeiouydt])ed\b|(?<=[^aeiouyscxzgh])es\b|(?<=[^sc]h)es\b")
_ENGLISH_SPOKEN_END = regex(r"[^aeiouylr]le(?:s|d)?\b")
_ENGLISH_INNER_SILENT = regex(r"(?<=[aeiouy][bcdfgklmnprstvz])e(?=(?:ly|ful|fully|less|ment|ments|ness)\b)")

_FRENCH_VOWELS = regex(r"[aeiouyàâäéèêëîïôöùûüœæ]+")
# Vowels that stand together and are spoken apart: ré-alité, po-ète, na-ïf, cré-er, thé-âtre.
_FRENCH_APART = regex(
    r"é(?=[aeiouyàâéèêîôû])|[aeiouy](?=[ëïéè])(?<!i)(?<![gq]u)|ao(?=r)|o(?=o)|(?<=[bcdfgptv][lr])i(?=[aeoéè])"
)
_FRENCH_MUTE = regex(r"(?<=[^aeiouyàâäéèêëîïôöùûü])es?$|(?<=[gq])ues?$|(?<=[iuéy])es?$")
_FRENCH_GLIDE = regex(r"(?<=[aeou])y(?=[aeiouéè])")


@lru_cache(maxsize=16_384)
def english_syllables(word: str) -> int:
    """The syllables of one English word, at least 1; figures count as one.

    Example: `appointment` has 3, `take` 1, `table` 2, `needed` 2, `called` 1.
    """
    folded = word.casefold().replace("’", "'").removesuffix("'s")
    if "-" in folded:
        return sum(map(english_syllables, filter(None, folded.split("-"))))
    folded = folded.partition("'")[0] or folded
    if known := _ENGLISH.get(folded):
        return known
    count = len(_ENGLISH_VOWELS.findall(folded)) + len(_ENGLISH_APART.findall(folded))
    if _ENGLISH_SILENT.search(folded) and not _ENGLISH_SPOKEN_END.search(folded):
        count -= 1
    return max(count - len(_ENGLISH_INNER_SILENT.findall(folded)), 1)


@lru_cache(maxsize=16_384)
def french_syllables(word: str) -> int:
    """The syllables of one French word as it is spoken in prose, at least 1: an `e` at its end is mute.

    Example: `rendez` has 2, `vous` 1, `téléphone` 3, `réalité` 4, `santé` 2.
    """
    folded = word.casefold().replace("’", "'")
    if "-" in folded or "'" in folded:  # l'accueil has two: an elided article adds none
        parts = [part for part in re.split(r"[-']", folded) if len(part) > 1 or "'" not in folded]
        return sum(map(french_syllables, filter(None, parts))) or 1
    muted = _FRENCH_MUTE.sub("", folded)
    spoken = _FRENCH_GLIDE.sub("j", muted if _FRENCH_VOWELS.search(muted) else folded)
    return max(len(_FRENCH_VOWELS.findall(spoken)) + len(_FRENCH_APART.findall(spoken)), 1)
