"""ADV009: a clinical figure that nobody stands behind, or no longer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import names_hidden
from campcompile.analysis.law import provisions
from campcompile.analysis.version_words import WordLine, version_words
from campcompile.model.campaign import Campaign, Email, Programme, Version
from campcompile.model.timing import parse_date
from campcompile.phi.folded import fold
from campcompile.phi.lexicon import concept, find_concepts
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.tree import Mapping, Scalar

_CLINICAL = frozenset({"screening", "test", "drug", "vaccine", "procedure"})
_DOSE = r"\d+(?:[.,]\d+)? ?(?:mg|mcg|[µμ]g|ml|iu|毫克|毫升)(?![^\W\d_])"
# `page 50`, `from 10 am`, `fra 12. januar` and `from 50 dollars` are no ages.
_MONTH = r"(?:jan|feb|fév|mar[cs]|apr|avr|mai\b|ju[ln]|juin|juil|aug|août|sep|okt|oct|nov|de[cs]|déc)"
_NO_AGE = (
    r"\d|[:.]\d| ?[%€$£]| ?(?:h|am|pm|kr|euros?|dollars|kroner|minut\w*|heures?|places|plasser)\b"
    rf"|(?:(?<=[0-2]\d)|(?<=3[01]))\.? {_MONTH}"
)
_AGE = (
    r"(?:\b(?:from|aged|age|dès|partir de|fra|fylte)|滿) ?(?:age |the age of )?"
    rf"(\d\d)(?: (?:years|ans|år))?(?!{_NO_AGE})"
    r"|(\d\d) ?歲"
)
_EVERY = (
    r"(?:every|each) (?:\d+|two|three|five|ten) (?:years|months)|tous les (?:\d+|deux|trois|cinq|dix) (?:ans|mois)"
    r"|hvert? (?:\d+\.?|annet|tredje|femte|tiende) (?:år|måned)|每[\d兩三五十]+(?:年|個月)"
)
# Without one of these, nothing is looked for: most lines end here.
_SIGNS = regex(
    r"\d ?(?:m[gl]|mcg|µg|iu|毫|歲)|(?:from|aged?|dès|partir de|fra|fylte) |滿|every |each |tous les |hver|每",
    re.IGNORECASE,
)
# What a guideline is told by, and the provision that has its age.
_GUIDELINES = (
    ("mammography-from", r"mammogra|乳房.{0,2}攝影"),
    (
        "colorectal-screening-from",
        r"colonoscop|coloscop|koloskop|colorectal|bowel (?:cancer )?screening|大腸(?:鏡|癌篩檢)",
    ),
)
_REVIEWED = ("campaigns/_shared/phrases.yaml", "campaigns/_shared/segments.yaml")


@rule(
    code="ADV009",
    slug="clinical-claim-provenance",
    severity=Severity.ERROR,
    message="`{words}` is a clinical figure, and nobody stands behind it",
    help="have it read by someone with a licence, and write "
    '`reviewed: {{by: …, source: …, until: "2027-06-30"}}` into the e-mail',
    also={
        "ended": (
            "the review of this ends on {until}, and {sent}",
            "have it read again, and write the new day, or take the figures out",
        ),
        "outdated": (
            "`{words}`: the guideline says from {age} ({law})",
            "write what the guideline says now, or whose guideline it is, with `reviewed:`",
        ),
    },
)
def clinical_claim_provenance(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    * An error where a `reviewed` of an e-mail ends before the e-mail can go for the last time (its date; of one that
      counts from an anchor, today), or where that of a phrase or a segment has ended.
    * A warning where words state a dose, an age or an interval beside a test, a vaccine or a treatment, in English,
      French, Norwegian or Chinese, and the e-mail has no `reviewed`.
    * A warning where such an age isn't that of the guideline which the packs hold for the place (United States:
      mammography, bowel screening) on that day, reviewed or not.

    ## Why it matters

    Guidelines change: in the United States bowel screening began at 50 until 2021, and begins at 45 since. An old
    letter keeps the old age for years.

    ## Example

    ```yaml
    body: A mammogram is offered from age 50.
    ```

    ## Use instead

    ```yaml
    body: A mammogram is offered from age 40.
    reviewed: {by: MD-17, source: USPSTF 2024, until: "2027-06-30"}
    ```

    ## Sources

    * USPSTF, colorectal cancer (18 May 2021) and breast cancer (30 April 2024), read second-hand; other countries have
      other programmes
    * that clinical words have somebody who stands behind them is this project's policy
    """
    for email in campaign.emails:
        yield from _ended(email, facts)
        for version in email.versions:
            yield from _unreviewed(version, email, facts)


@rule(clinical_claim_provenance.rule)
def shared_reviews(programme: Programme, facts: Facts) -> Found:
    """Phrases and segments whose review has ended."""
    for path in _REVIEWED:
        document = facts.documents.get(path)
        for entry in document.root.entries if document else ():
            row = entry.value.get("reviewed") if isinstance(entry.value, Mapping) else None
            until = row.get("until") if isinstance(row, Mapping) else None
            day = parse_date(until.value) if isinstance(until, Scalar) else None
            if until is not None and day is not None and day < facts.as_of:
                yield clinical_claim_provenance.at(
                    until.span, say="ended", until=str(day), sent=f"today is {facts.as_of}"
                )


def _ended(email: Email, facts: Facts) -> Iterator[Diagnostic]:
    if email.reviewed is None or email.reviewed.until is None:
        return
    last = max((day for text in email.send.dates.values() if (day := parse_date(text))), default=facts.as_of)
    if email.reviewed.until < max(last, facts.as_of):
        sent = f"the e-mail goes on {last}" if last > facts.as_of else f"today is {facts.as_of}"
        yield clinical_claim_provenance.at(email.reviewed.span, say="ended", until=str(email.reviewed.until), sent=sent)


def _unreviewed(version: Version, email: Email, facts: Facts) -> Iterator[Diagnostic]:
    for line in facts.once(version_words, version).lines:
        if not _SIGNS.search(line.text):
            continue
        figure = _claimed(line, version.locale)
        if figure is None:
            continue
        span = line.span(figure.start(), figure.end(), facts.source(line.stretches[0].span.path))
        words = line.text[figure.start() : figure.end()]
        outdated = _outdated(line, figure, facts)
        if outdated is not None:
            age, law = outdated
            yield clinical_claim_provenance.at(
                span, say="outdated", severity=Severity.WARNING, words=words, age=age, law=law
            )
        elif email.reviewed is None:
            yield clinical_claim_provenance.at(span, severity=Severity.WARNING, words=words)


def _claimed(line: WordLine, locale: str) -> re.Match[str] | None:
    """A dose; or an age or an interval, beside a test, a vaccine or a treatment."""
    text = names_hidden(line.text)
    dose = _pattern(_DOSE).search(text)
    has_figure = dose is None and any(sign.isdigit() for sign in text)
    figure = dose or (_pattern(_AGE).search(text) if has_figure else None) or _pattern(_EVERY).search(text)
    if figure is None:
        return None
    read = fold(text)
    kinds = {concept(found.concept_id).kind for found in find_concepts(read.text, locale, cased=read.cased)}
    return figure if kinds & _CLINICAL else None


def _outdated(line: WordLine, figure: re.Match[str], facts: Facts) -> tuple[str, str] | None:
    """The guideline's age and who says so, where the words say another."""
    ages = [group for group in figure.groups() if group] if figure.re.groups else []
    for name, told_by in _GUIDELINES:
        if ages and re.search(told_by, line.text.casefold()):
            for provision in provisions(name, facts):
                if provision.value != ages[0]:
                    return provision.value, provision.words
    return None


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
