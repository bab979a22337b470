"""Words of a link that don't say where it leads, in each language."""

from __future__ import annotations

from functools import lru_cache

from campcompile.regex import regex

# As `_plain` makes them: folded, without marks at either end, without a polite beginning.
_VAGUE = {
    "en": ("click here", "click", "click this link", "click this", "click on this link", "here", "tap here",
           "press here",
           "this link", "link", "this page", "this", "more", "read more", "see more", "learn more", "find out more",
           "more info", "more information", "details", "continue", "go", "follow this link", "read on", "see here"),
    "fr": ("cliquez ici", "cliquer ici", "cliquez", "clique ici", "ici", "par ici", "appuyez ici", "ce lien", "lien",
           "cliquez sur ce lien", "suivez ce lien", "cette page", "plus", "voir plus", "en savoir plus", "lire plus",
           "lire la suite", "la suite", "plus d'infos", "plus d'informations", "détails", "continuer", "voir ici"),
    "nb": ("klikk her", "klikk", "trykk her", "trykk", "her", "denne lenken", "denne lenka", "lenke", "lenken", "lenka",
           "klikk på denne lenken", "følg denne lenken", "denne siden", "mer", "se mer", "les mer", "finn ut mer",
           "mer info", "mer informasjon", "detaljer", "fortsett", "gå hit", "les videre", "se her"),
    "nn": ("klikk her", "klikk", "trykk her", "her", "denne lenkja", "lenkje", "meir", "sjå meir", "les meir"),
    "da": ("klik her", "klik", "tryk her", "her", "dette link", "link", "mere", "se mere", "læs mere", "fortsæt"),
    "sv": ("klicka här", "klicka", "tryck här", "här", "denna länk", "länk", "mer", "se mer", "läs mer", "fortsätt"),
    "de": ("hier klicken", "klicken sie hier", "hier", "dieser link", "link", "mehr", "mehr erfahren", "weiterlesen",
           "mehr lesen", "weiter", "details"),
    "es": ("haga clic aquí", "haz clic aquí", "clic aquí", "pulse aquí", "aquí", "este enlace", "enlace", "más",
           "ver más", "leer más", "más información", "saber más", "continuar"),
    "zh": ("按此", "點此", "點我", "點這", "這裡", "這裏", "此處", "在此", "點這裡", "點擊這裡", "點選這裡",
           "按這裡", "按一下這裡", "點擊此處", "點選此處", "按此處", "點擊", "點選", "連結", "此連結", "這個連結",
           "點此連結", "更多", "看更多", "查看更多", "了解更多", "瞭解更多", "閱讀更多", "更多資訊", "詳情",
           "詳細內容", "繼續", "繼續閱讀", "由此進入", "本頁"),
}  # fmt: skip
_POLITE = regex(r"(?:please|veuillez|merci de|s'il vous plaît|vennligst|ver(?:t)? snill og|bitte|por favor)\s+|請")
_MARKS = " \t\n\u00a0\u202f\u3000.,;:!?…>»›→⇒➔➜▸►-–—()[]（）「」『』。，、：！？"


@lru_cache(maxsize=4096)
def is_vague(words: str, language: str) -> bool:
    """Do these words of a link say nothing of where it leads? A language that isn't known here has no such words."""
    return _plain(words) in _VAGUE.get(language, ())


@lru_cache(maxsize=4096)
def is_vague_anywhere(words: str) -> bool:
    """The same in any language: for a layout, which speaks all of them."""
    plain = _plain(words)
    return any(plain in known for known in _VAGUE.values())


def _plain(words: str) -> str:
    folded = " ".join(words.casefold().replace("’", "'").split()).strip(_MARKS)
    polite = _POLITE.match(folded)
    return folded[polite.end() :].strip(_MARKS) if polite else folded
