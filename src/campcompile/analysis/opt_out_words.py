"""The words that people know an opt-out by, in each language."""

from __future__ import annotations

from campcompile.analysis.shown import Side, squeeze

# Stems, squeezed as the text is: no spaces, folded.
_STEMS = {
    "en": ("unsubscribe", "opt out", "opt-out", "stop these", "stop receiving", "no longer receive", "stop getting",
           "don't want", "choose what you receive", "choose which"),
    "fr": ("désabonn", "désinscri", "ne plus recevoir", "ne souhaitez plus", "ne voulez plus", "résilier l'abonnement",
           "choisir ce que vous recevez", "choisir les messages"),
    "nb": ("avmeld", "meld deg av", "meld meg av", "melde deg av", "avslutt abonnement", "ikke lenger", "slutte å få",
           "ikke ha disse", "slippe disse", "velg hva du", "velge hva du", "ikke motta"),
    "nn": ("avmeld", "meld deg av", "meld meg av", "melde deg av", "ikkje lenger", "slutte å få", "vel kva du"),
    "da": ("afmeld", "ikke længere", "frameld"),
    "sv": ("avregistrera", "avprenumerera", "inte längre"),
    "de": ("abmelden", "abbestellen", "abmeldung", "nicht mehr erhalten"),
    "es": ("darse de baja", "darte de baja", "cancelar la suscripción", "dejar de recibir", "desuscrib"),
    "zh": ("取消訂閱", "退訂", "不再收到", "不想收到", "不再接收", "停止接收", "停止寄送", "拒收", "取消订阅", "退订",
           "選擇要收到", "選擇接收"),
}  # fmt: skip
_SQUEEZED = {language: tuple(squeeze(stem) for stem in stems) for language, stems in _STEMS.items()}


def knows_opt_out_words(locale: str) -> bool:
    """Are the words of this locale's language known here?"""
    return _language(locale) in _SQUEEZED


def says_opt_out(side: Side, locale: str) -> bool:
    """Do the words of a message say, in their own language, how to stop it?"""
    return any(stem in side.squeezed for stem in _SQUEEZED[_language(locale)])


def names_opt_out(words: str, locale: str) -> bool:
    """Do a link's own words say it?"""
    squeezed = squeeze(words)
    return any(stem in squeezed for stem in _SQUEEZED[_language(locale)])


def _language(locale: str) -> str:
    return locale.partition("-")[0].lower()
