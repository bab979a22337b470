"""How findings about wording speak: what a claim tells, and what to write instead."""

from __future__ import annotations

from campcompile.phi.claims import Claim, Kind
from campcompile.phi.cues import language_of
from campcompile.phi.lexicon import concept

_TELLS = {
    Kind.STATUS: "tells that the reader is a patient",
    Kind.CONDITION: "tells what the reader has",
    Kind.TREATMENT: "tells a treatment, a test or a result of the reader",
    Kind.SEGMENT: "tells what the people who get this have in common",
}
_NEUTRAL = {
    "en": "A message from {{ practice.name }}",
    "fr": "Un message de {{ practice.name }}",
    "nb": "En melding fra {{ practice.name }}",
    "zh-Hant": "{{ practice.name }}的訊息",
}


def tells(claim: Claim) -> str:
    """`tells what the reader has: diabetes (your)`."""
    named = f" ({claim.concept.replace('-', ' ')})" if claim.concept and claim.kind is not Kind.STATUS else ""
    because = f", because of `{claim.cue.strip()}`" if claim.cue.strip() else ""
    return f"{_TELLS[claim.kind]}{named}{because}"


def neutral_subject(locale: str) -> str:
    """A subject that everybody may read, in the language of the one that may not."""
    return _NEUTRAL[language_of(locale) or "en"]


def kind_of(claim: Claim) -> str:
    return concept(claim.concept).kind if claim.concept else ""
