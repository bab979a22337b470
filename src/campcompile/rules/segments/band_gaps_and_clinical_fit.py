"""SEG005: an age that falls between two ranges, and an offer that is not for every body."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from campcompile.analysis.bands import Band, band, neighbours, runs
from campcompile.analysis.exclusions import SEGMENTS
from campcompile.analysis.facts import Facts
from campcompile.analysis.screening import Offer, offers_in, tells_for_whom
from campcompile.analysis.segments import bound_segments
from campcompile.analysis.version_words import WordLine, field_inlines, lines_in, version_words
from campcompile.model import bound
from campcompile.model.campaign import Campaign, Email, Items, Programme, Version
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Diagnostic, Label, Severity

_TABLE = 3  # ranges that make a table, in which a wide gap is no accident of two


@rule(
    code="SEG005",
    slug="band-gaps-and-clinical-fit",
    severity=Severity.ERROR,
    message="{what} is offered to everybody in the audience, and is for some bodies only",
    help='ask for it: `if: patient.sex == "female"`, or better a field that says who is due, or has the organ',
    also={
        "gap": (
            "whoever has {missing} is in none of the two ranges",
            "end one range where the other begins: `age(…) < 50` and `age(…) >= 50`",
        ),
    },
)
def band_gaps_and_clinical_fit(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at ranges of an age or number that stand beside one another, in blocks, items and segments, and reports one
    number between two ranges that is in neither; in a table of three and more also a wider gap, as a warning.

    And it looks at campaigns of purpose `treatment` for offers that some people's bodies rule out: mammography,
    cervical screening, a prostate check, in English, French, Norwegian and Chinese. Reports one that is offered where
    neither the audience nor any `if` asks for a sex, an organ or who is due. News to everybody may speak of anything.

    ## Why it matters

    A man is invited to a mammogram and shows the letter around; a trans man isn't called to the smear test that he
    needs. And who is exactly 50 hears of neither.

    ## Example

    ```yaml
    - checklist:
        title: Offered to you this year
        items: [Mammogram]
    ```

    ## Use instead

    ```yaml
    - checklist:
        title: Offered to you this year
        items:
          - text: Mammogram
            if: segment("mammogram-due")
    ```

    ## Sources

    * USPSTF: breast 2024, cervical and prostate 2018; ages and intervals differ by country, and are for `reviewed`
    """
    for email in campaign.emails:
        for version in email.versions[:1]:
            for run, _ in runs(version):
                yield from _gaps(run)
        if campaign.purpose == "treatment":
            for version in email.versions:
                yield from _offers(campaign, email, version, facts)


@rule(band_gaps_and_clinical_fit.rule)
def segments_with_gaps(programme: Programme, facts: Facts) -> Found:
    """Segments that are ranges of one quantity."""
    groups: dict[object, list[Band]] = {}
    for name, condition in facts.once(bound_segments, programme).items():
        found = band(condition)
        if found is not None:
            span = value_span(facts, SEGMENTS, name, "where", otherwise=condition.span)
            groups.setdefault(found.quantity, []).append(Band(found.quantity, found.low, found.high, span))
    for bands in groups.values():
        yield from _gaps(tuple(bands))


def _gaps(bands: tuple[Band, ...]) -> Iterator[Diagnostic]:
    for low, high in neighbours(bands):
        missing = high.low - low.high - 1
        if not low.is_whole or missing < 1 or inf in (abs(high.low), abs(low.high)):
            continue
        if missing == 1 or len(bands) >= _TABLE:
            number = f"{low.high + 1:.0f}"
            yield band_gaps_and_clinical_fit.at(
                high.span,
                say="gap",
                severity=Severity.ERROR if missing == 1 else Severity.WARNING,
                related=(Label(low.span, "the range below"),),
                missing=f"exactly {number}" if missing == 1 else f"{number} to {high.low - 1:.0f}",
            )


def _offers(campaign: Campaign, email: Email, version: Version, facts: Facts) -> Iterator[Diagnostic]:
    if not any(offers_in(line.text, version.locale) for line in facts.once(version_words, version).lines):
        return
    known = campaign.audience.reads | (email.condition.reads if email.condition is not None else frozenset())
    for line, reads in _lines(version):
        for offer in offers_in(line.text, version.locale):
            if not tells_for_whom(offer, known | reads):
                yield _misfit(line, offer, facts)


def _misfit(line: WordLine, offer: Offer, facts: Facts) -> Diagnostic:
    span = line.span(offer.start, offer.end, facts.source(line.whole().path))
    return band_gaps_and_clinical_fit.at(span, what=offer.name)


def _lines(version: Version) -> Iterator[tuple[WordLine, frozenset[str]]]:
    """Every line of the body with the fields that decide whether somebody reads it."""
    for block in version.blocks:
        around = block.condition.reads if block.condition is not None else frozenset()
        for value in block.fields.values():
            if isinstance(value, Items):
                for item in value.items:
                    own = item.condition.reads if item.condition is not None else frozenset()
                    yield from _with(item.words, around | own)
            elif not isinstance(value, bound.Target):
                for inlines in field_inlines(value):
                    yield from _with(inlines, around)


def _with(inlines: bound.Inlines, reads: frozenset[str]) -> Iterator[tuple[WordLine, frozenset[str]]]:
    asked = reads.union(*_asked(inlines))
    for line in lines_in(inlines):
        yield line, asked


def _asked(inlines: bound.Inlines) -> Iterator[frozenset[str]]:
    for inline in inlines:
        if isinstance(inline, bound.When):
            for arm in inline.arms:
                if arm.condition is not None:
                    yield arm.condition.reads
                yield from _asked(arm.children)
