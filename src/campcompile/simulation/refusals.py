"""Why an e-mail does not go to a person now: exclusion, condition, legal basis, age, death, address, language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from campcompile.evaluate import evaluate, whole_months
from campcompile.manifest import Locales
from campcompile.model.campaign import Campaign
from campcompile.runner.recipients import locale_for
from campcompile.schedule.adults import adult_age
from campcompile.schedule.life import consent_ends
from campcompile.schedule.wall import wall_of
from campcompile.simulation.outcome import Reason
from campcompile.simulation.person import Bound, World, owner_record
from campcompile.simulation.series import Practice, Series, Step


def refusal(series: Series, step: Step, bound: Bound, world: World, practice: Practice, now: datetime) -> Reason | None:
    """The first reason against, in the order in which a planner asks; None where it may go."""
    return next(_reasons(series, step, bound, world, practice, now), None)


def locale_of(campaign: Campaign, bound: Bound, practice: Practice) -> str:
    """Which of the campaign's locales a person gets; "" for none."""
    field = f"{campaign.recipient}.locale"
    if field not in practice.programme.dictionary.fields:
        return campaign.locales[0]
    fallback = practice.programme.settings.locales.fallback
    own = {language: locale for language, locale in fallback.items() if locale in campaign.locales}
    locales = Locales(list=campaign.locales, default=campaign.locales[0], fallback=own)
    return locale_for(str(bound.get(field) or ""), locales)


def _reasons(
    series: Series, step: Step, bound: Bound, world: World, practice: Practice, now: datetime
) -> Iterator[Reason]:
    campaign = series.campaign
    if evaluate(campaign.audience.formula, bound, now) is not True:
        yield Reason("not-in-audience", "they are not in its audience at that time")
    for exclusion in series.exclusions:
        if evaluate(exclusion.condition.formula, bound, now) is True:
            yield Reason("excluded", f"they are in “{exclusion.title}”, who get no `{campaign.layer}` mail")
    if step.condition is not None and evaluate(step.condition, bound, now) is not True:
        words = step.email.condition.words if step.email.condition is not None else ""
        yield Reason("condition", f"its `if` does not hold: `{words}`" if words else "its `if` does not hold")
    yield from _without_basis(campaign, step, bound, world, practice, now)
    yield from _of_the_person(campaign, bound, world, practice, now)
    if not locale_of(campaign, bound, practice):
        yield Reason("language", "the campaign is not in their language, and no fallback covers it")


def _without_basis(
    campaign: Campaign, step: Step, bound: Bound, world: World, practice: Practice, now: datetime
) -> Iterator[Reason]:
    """The legal basis, or the consent, that consent.yaml asks for where the person lives."""
    rules = practice.programme.consent
    if not rules.bases:
        return
    country = _country(campaign, bound, practice)
    if not country:
        yield Reason("country", "their country is not known, so no legal basis can be told")
        return
    for basis in campaign.bases:
        if country in basis.jurisdictions and step.email.label <= basis.up_to:
            break
    else:
        yield Reason("no-basis", f"no row of consent.yaml allows `{campaign.purpose}` mail of this kind in {country}")
        return
    if not basis.consent:
        return
    given = world.consents.get(basis.consent)
    if given is None or given > wall_of(now, practice.zone).date():
        yield Reason("no-consent", f"they have not agreed to `{basis.consent}`")
        return
    age = rules.consents[basis.consent].max_age if basis.consent in rules.consents else ""
    if age and now > consent_ends(given, age, practice.zone):
        yield Reason("consent-too-old", f"they agreed to `{basis.consent}` more than {age} ago")


def _country(campaign: Campaign, bound: Bound, practice: Practice) -> str:
    jurisdictions = practice.programme.settings.jurisdictions
    for record in (campaign.recipient, owner_record(practice.programme, campaign.recipient)):
        if country := bound.get(f"{record}.country"):
            return str(country)
    known = f"{campaign.recipient}.country" in practice.programme.dictionary.fields
    return "" if known or len(jurisdictions) != 1 else jurisdictions[0]


def _of_the_person(
    campaign: Campaign, bound: Bound, world: World, practice: Practice, now: datetime
) -> Iterator[Reason]:
    patient = owner_record(practice.programme, campaign.recipient)
    if bound.get(f"{patient}.deceased") is True:
        yield Reason("deceased", "they have died")
    born = bound.get(f"{patient}.birth_date")
    if isinstance(born, date):
        age = whole_months(born, wall_of(now, practice.zone).date()) // 12
        adult = adult_age(_country(campaign, bound, practice))
        if campaign.recipient == patient and age < adult:
            yield Reason("minor", f"they are under {adult}: their guardian is written to, not they")
        if campaign.recipient != patient and age >= adult:
            yield Reason("of-age", f"the patient is {adult} or over: they are written to themselves")
    fields = practice.programme.dictionary.fields
    if f"{campaign.recipient}.email" in fields and bound.get(f"{campaign.recipient}.email") is None:
        task = campaign.fallback
        then = "" if task == "none" else f"; the practice's task is then: {task}"
        yield Reason("no-address", f"their e-mail address is not known{then}")
