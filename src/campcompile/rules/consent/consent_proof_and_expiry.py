"""CON005: a yes that may be older than it holds."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import Provision, in_force
from campcompile.analysis.legal_basis import Grounds, grounds
from campcompile.analysis.predicates import Verdict, implies
from campcompile.formula import Compare, Const, Elapsed, Formula, children
from campcompile.model.campaign import Campaign
from campcompile.model.lengths import ever_after, fewest_days
from campcompile.model.shared import Consent
from campcompile.model.timing import Offset, Unit, parse_offset
from campcompile.rules.check import Found, rule
from campcompile.rules.places import email_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.findings import Label as Place

_ENDLESS = "none"
_DAY = 24 * 60  # minutes


@rule(
    code="CON005",
    slug="consent-proof-and-expiry",
    severity=Severity.ERROR,
    message="a yes to `{consent}` holds for ever, and in {place} it may be `{most}` old ({law})",
    help="write `max_age: {most}` into the consent, and ask people anew before it ends",
    also={
        "longer": (
            "a yes to `{consent}` holds `{own}`, and in {place} it may be `{most}` old ({law})",
            "write `max_age: {most}`, and ask those anew whose yes is older",
        ),
        "implied": (
            "`{basis}` ends in {place} `{most}` after the last visit ({law}), and the audience doesn't ask for that",
            "ask for it, e.g. `months_since(patient.last_visit) < {months}`; or let the row rest on a `consent`",
        ),
        "beyond": (
            "this goes `{offset}` after people enter, and a yes to `{consent}` of that day holds `{own}`",
            "send it earlier, or ask people anew before it",
        ),
    },
)
def consent_proof_and_expiry(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at the consent that a campaign rests on, in each place. Reports one without `max_age`, and one that holds
    longer than that place lets it; in Canada a basis that begins with `implied`, where the audience doesn't ask that
    people came within the last two years; and, as a warning, an e-mail that goes so long after people enter that a yes
    of that day has ended.

    How old each person's yes is, is asked again before each e-mail. Which words they agreed to is `version`.
    Authorizations for marketing in the United States are PHI006's.

    ## Why it matters

    Who said yes to a leaflet years ago has forgotten it; and whoever sends has to show that they said it.

    ## Example

    ```yaml
    consents:
      news: {title: News by e-mail, layers: [updates], purposes: [operations], version: v3}
    ```

    ## Use instead

    ```yaml
    consents:
      news: {title: News by e-mail, layers: [updates], purposes: [operations], version: v3, max_age: P36M}
    ```

    ## Sources

    * CASL s. 10(10): two years after business (read second-hand); express consent has no end (CRTC, guidance)
    * CNIL, référentiel relatif à la gestion commerciale: three years, indicative (read second-hand)
    * 45 CFR 164.508(c)(1)(v): an authorization has a day or an event on which it expires
    * elsewhere three years are this project's policy, and a warning
    """
    told = set()
    for found in grounds(campaign, facts):
        yield from _implied(campaign, found, facts)
        if found.consent is None:
            continue
        law = next(iter(in_force("consent-max-age", (found.place,), facts.as_of)), None)
        is_authorization = campaign.purpose == "marketing" and found.place.partition("-")[0] == "US"
        if law is not None and law.value != _ENDLESS and not is_authorization:
            yield from _age(found.consent, found.place, law)
        if found.consent.id not in told:
            told.add(found.consent.id)
            yield from _beyond(campaign, found.consent, facts)


def _age(consent: Consent, place: str, law: Provision) -> Iterator[Diagnostic]:
    given = {"consent": consent.id, "place": place, "most": law.value, "law": law.words}
    if not consent.max_age:
        yield consent_proof_and_expiry.at(consent.span, severity=law.severity, **given)
    elif _is_longer(parse_offset(consent.max_age), parse_offset(law.value)):
        yield consent_proof_and_expiry.at(
            consent.span, say="longer", severity=law.severity, own=consent.max_age, **given
        )


def _implied(campaign: Campaign, found: Grounds, facts: Facts) -> Iterator[Diagnostic]:
    law = next(iter(in_force("implied-consent-max-age", (found.place,), facts.as_of)), None)
    if law is None or found.row is None or not found.row.basis.startswith("implied"):
        return
    most = parse_offset(law.value)
    assert most is not None, law
    if not any(_is_within(campaign.audience.formula, asked, most, facts) for asked in _elapsed(campaign)):
        yield consent_proof_and_expiry.at(
            campaign.audience.span,
            say="implied",
            severity=law.severity,
            related=(Place(found.row.span, "what it rests on"),),
            basis=found.row.basis,
            place=found.place,
            most=law.value,
            law=law.words,
            months=str(_most_whole("months", most) + 1),
        )


def _beyond(campaign: Campaign, consent: Consent, facts: Facts) -> Iterator[Diagnostic]:
    holds = parse_offset(consent.max_age)
    for email in campaign.emails:
        offset = email.send.offset
        if offset is not None and email.send.anchor == "entry" and _is_longer(offset, holds):
            yield consent_proof_and_expiry.at(
                email_span(facts, campaign, email, "send", "offset"),
                say="beyond",
                severity=Severity.WARNING,
                related=(Place(consent.span, "how long a yes holds"),),
                offset=str(offset),
                consent=consent.id,
                own=consent.max_age,
            )


def _elapsed(campaign: Campaign) -> Iterator[Elapsed]:
    waiting: list[Formula] = [campaign.audience.formula]
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, Elapsed):
            yield formula
        waiting += children(formula)


def _is_within(audience: Formula, asked: Elapsed, most: Offset, facts: Facts) -> bool:
    """Does whoever is in the audience have a day no longer ago than that?"""
    limit = Const(_most_whole(asked.unit, most))
    return implies(audience, Compare("<=", asked, limit), facts.programme.dictionary) is Verdict.YES


def _most_whole(unit: str, most: Offset) -> int:
    """The most whole years, months or days that surely haven't passed so many months: of two years 1, 23 or 730.

    Whole months are told without what is left of them: 24 of them are up to a day less than 25.
    """
    if unit == "days":
        return fewest_days(most)
    return most.months // (12 if unit == "years" else 1) - 1


def _is_longer(length: Offset | None, other: Offset | None) -> bool:
    """Can the one end later than the other, counted from one day?"""
    return length is not None and other is not None and ever_after(_in_days(length), _in_days(other))


def _in_days(length: Offset) -> Offset:
    """Hours as whole days; working days as if none were free, so that nothing is told that needn't be so."""
    if length.unit is Unit.CALENDAR:
        return length
    return Offset(unit=Unit.CALENDAR, days=length.days + length.minutes // _DAY)
