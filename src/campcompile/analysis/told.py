"""What the words of an e-mail tell about their reader: claims, and words from which the audience can be told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import names_hidden
from campcompile.analysis.version_words import Part, WordLine, version_words
from campcompile.formula import Compare, Const, DateConst, Formula, Has, OneOf, children
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.model.fields import Dictionary
from campcompile.model.labels import Label
from campcompile.phi.claims import Claim, Kind, Setting, find_claims
from campcompile.phi.cues import LANGUAGES
from campcompile.phi.folded import fold
from campcompile.phi.lexicon import concept, find_in_name, tells_of
from campcompile.regex import regex
from campcompile.values import dataclass

SUBJECT, PREHEADER = -2, -1
_JOINTS = regex(r"[._/-]+")
_AFTER_FIGURE = regex(r"(\d)(?=[^\W\d])")  # `dm2call`: `dm2 call`
# What a name may say without telling of anybody: a picture is `imagerie` in French, too.
_IDLE = frozenset({"imaging", "illness", "test-results", "treatment", "medication", "prescription", "general-practice"})
# Words of one language that are an abbreviation in another: `did` is diabetes of type 1 in French.
_PLAIN_WORDS = frozenset({"add", "alt", "ami", "did", "dots", "got", "smile", "smiles"})
_LEAST_BESIDE_FIGURE = 3  # letters: `ms26` may be a code that was drawn
_BEFORE_FIGURE = regex(r"(?<=[^\W\d])(?=\d)")  # `ivf26`: `ivf 26`


@dataclass(frozen=True, slots=True)
class Told:
    """One claim in its line."""

    part: Part
    line: WordLine
    claim: Claim

    @property
    def label(self) -> Label:
        if self.claim.kind is Kind.STATUS:
            return Label.RELATIONSHIP
        return Label.SPECIAL if self.claim.sensitive else Label.HEALTH

    @property
    def words(self) -> str:
        return self.line.text[self.claim.start : self.claim.end]


def told_by(version: Version, email: Email, campaign: Campaign, facts: Facts) -> Iterator[Told]:
    """Every claim of a version's words, subject and preheader first."""
    topics = topics_of(campaign, email)
    about_care = campaign.purpose == "treatment" and not is_circular(campaign, email, facts.programme.dictionary)
    exposed = Setting(exposed=True, about_care=about_care, topics=topics)
    enclosed = Setting(about_care=about_care, topics=topics)
    brought = Setting(about_care=about_care, topics=topics, brought=True)
    for part in facts.once(version_words, version).parts:
        setting = exposed if part.block in (SUBJECT, PREHEADER) else enclosed
        if part.block >= 0 and version.blocks[part.block].kind == "checklist" and part.field == "items":
            setting = brought
        for line in part.lines:
            claims = find_claims(names_hidden(line.text), version.locale, setting)
            yield from (Told(part, line, claim) for claim in claims if not _is_told(claim, claims))


def is_circular(campaign: Campaign, email: Email, dictionary: Dictionary) -> bool:
    """Does it go on a date to people whom no visit of theirs chose? It says the same to all, as a notice does."""
    if not email.send.dates or email.send.anchor:
        return False
    conditions = [campaign.audience, *([email.condition] if email.condition is not None else [])]
    people = {name for name, record in dictionary.records.items() if record.person}
    read = (dictionary.fields.get(name) for condition in conditions for name in condition.reads)
    return all(field is not None and field.derivation is None and field.record in people for field in read)


def _is_told(claim: Claim, claims: Sequence[Claim]) -> bool:
    """Is it a part of another one: `shots` of `flu shots`?"""
    return not claim.concept and any(
        other.concept and other.start <= claim.start and claim.end <= other.end for other in claims
    )


def topics_of(campaign: Campaign, email: Email) -> frozenset[str] | None:
    """What the people who get an e-mail have in common, as concepts; None: health, but nobody can say what."""
    conditions = [campaign.audience, *([email.condition] if email.condition is not None else [])]
    telling = [condition for condition in conditions if condition.label >= Label.HEALTH]
    if not telling:
        return frozenset()
    texts = [campaign.audience_name, *(text for condition in telling for text in texts_of(condition))]
    found = concepts_in(" ; ".join(texts))
    return found or None


@lru_cache(maxsize=1024)  # conditions are joined anew for each version, and again by the preview
def concepts_in(name: str) -> frozenset[str]:
    """What the words of a name tell, in any language: `recall-dm2`, `patient.last_mammogram`."""
    return frozenset(told for concept_id in concepts_named(name) for told in tells_of(concept_id))


def concepts_named(name: str) -> frozenset[str]:
    """What the words of a name say themselves, in any language."""
    apart = _JOINTS.sub(" ", name)
    readings = {_BEFORE_FIGURE.sub(" ", apart): _LEAST_BESIDE_FIGURE, _AFTER_FIGURE.sub(r"\1 ", apart): 1, apart: 1}
    return frozenset(
        mention.concept_id
        for text, least in readings.items()
        for language in LANGUAGES
        for mention in find_in_name(fold(text).text, language)
        if mention.end - mention.start >= least
        and mention.form not in _PLAIN_WORDS
        and mention.concept_id not in _IDLE
        and concept(mention.concept_id).kind != "theme"  # salt, or the quiet: whose, no name says
    )


def texts_of(condition: Condition) -> Iterator[str]:
    """The names and words of a condition: `programmes`, "diabetes"."""
    yield from (name.partition(".")[2] for name in sorted(condition.reads))
    yield from _constants(condition.formula)


def _constants(formula: Formula) -> Iterator[str]:
    match formula:
        case Const(str() as value):
            yield value
        case Has(_, value):
            yield value
        case OneOf(_, choices):
            yield from (choice for choice in choices if isinstance(choice, str))
        case Compare() | DateConst():
            pass
    for child in children(formula):
        yield from _constants(child)
