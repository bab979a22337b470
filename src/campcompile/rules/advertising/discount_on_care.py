"""ADV003: a discount, a gift or care for nothing, to make people come."""

from __future__ import annotations

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.version_words import version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="ADV003",
    slug="discount-on-care",
    severity=Severity.ERROR,
    message="`{words}` draws people to care with a price or a gift ({law})",
    help="say what it is, its risks and its ordinary price, e.g. `{instead}`{note}",
)
def discount_on_care(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks for discounts, coupons, gifts, limited offers and care for nothing, in English, French, Norwegian and
    Chinese. It is an error in Norway and Taiwan, a warning in France and in the United States, where patients of
    Medicare or Medicaid may be among the readers; where no pack speaks of it, it is silent. What a visit costs is no
    discount.

    ## Why it matters

    In Taiwan the ministry forbids discounts on medical care, in Norway the physicians' own agreement forbids
    discounts, gifts and consultations for nothing, and in the United States a gift to a patient of a federal
    programme is fined.

    ## Example

    ```yaml
    body: Nå 30 % rabatt på laserbehandling, og gratis konsultasjon.
    ```

    ## Use instead

    ```yaml
    body: Vi tilbyr laserbehandling. En behandling koster 1 500 kr.
    ```

    ## Sources

    * Taiwan: 醫療法 § 61, 衛署醫字第0940203047號, and the ministry's directive of 2016
    * Norway: Normaltariffen, chapter III § 3 (it binds physicians)
    * United States: 42 USC 1320a-7a(a)(5), 1320a-7b(b)
    * France: Code de la santé publique, R.4127-19 (read second-hand)
    """
    claims = [
        (
            line.span(found.start, found.end, facts.source(line.stretches[0].span.path)),
            line.text[found.start : found.end],
        )
        for line in facts.once(version_words, version).lines
        for found in find_wordings(line.text, version.locale)
        if found.kind == "offer"
    ]
    claims += [(claim.span(facts), claim.words) for claim in pitched(version, facts, Pitch.FREE_CARE)]
    provision = strictest("discounts", facts) if claims else None
    if provision is None:
        return
    for span, words in claims:
        yield discount_on_care.at(
            span,
            severity=provision.severity,
            words=words,
            law=provision.words,
            instead=instead(Pitch.FREE_CARE, version.locale),
            note=f" ({provision.note})" if provision.note else "",
        )
