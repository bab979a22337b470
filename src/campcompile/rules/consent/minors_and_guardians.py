"""CON007: children, who are never written to themselves."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import Provision, strictest
from campcompile.analysis.predicates import Verdict, Verdicts, implies
from campcompile.analysis.told import concepts_named, texts_of
from campcompile.formula import Compare, Const, Elapsed, FieldRef, Formula, children
from campcompile.model.campaign import Campaign
from campcompile.model.fields import Record
from campcompile.phi.lexicon import concept
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.findings import Label as Place

_OF_CHILDREN = frozenset({"children", "paediatrics", "childhood-vaccines"})


@rule(
    code="CON007",
    slug="minors-and-guardians",
    severity=Severity.ERROR,
    message="nobody in this audience is {age} yet, and whoever is younger is never written to themselves ({law})",
    help="write `recipient: {guardian}`, so that their guardians get it; or ask for `age(…) >= {age}`",
    also={
        "named": (
            "this audience is about children by its name, and nobody under {age} is written to themselves ({law})",
            "if it is for their guardians, write `recipient: {guardian}`",
        ),
        "untold": (
            "nobody can tell which {owner} is under {age}: there is no `{owner}.birth_date` ({law})",
            "add `{owner}.birth_date: {{type: date, label: contact}}`: guardians are written to until {age}",
        ),
        "confidential": (
            "guardians get this, and `{words}` may be what a young person told in confidence",
            "choose the audience without it, or let the practice speak with the young person",
        ),
    },
)
def minors_and_guardians(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Children are left out of every campaign, and their guardians out of those of adults: `recipient: guardian` writes to
    them. Reports an audience of children alone whose `recipient` is the patient, so that nobody gets it; one that is
    about children by its name, as a warning; a campaign to guardians where no `birth_date` says who is a child; and,
    as a warning, one to guardians whose audience is chosen by a subject that young people speak of in confidence.

    ## Why it matters

    A letter to the parents that goes to the child, or to nobody; or one to the parents about what their daughter told
    her doctor alone.

    ## Example

    ```yaml
    audience: {where: age(patient.birth_date) < 6}
    ```

    ## Use instead

    ```yaml
    recipient: guardian
    audience: {where: age(patient.birth_date) < 6}
    ```

    ## Sources

    * Norway: vergemålsloven § 9, Datatilsynet on consent by minors: 18 years where it is about health
    * France: Code civil, art. 414
    * 45 CFR 164.502(g), who speaks for a child (unconfirmed)
    * elsewhere 18 years are this project's policy, and a warning
    """
    law = strictest("age-of-majority", facts)
    record = facts.programme.dictionary.records.get(campaign.recipient)
    if law is None or record is None or not record.person:
        return
    if record.of:
        yield from _to_guardians(campaign, record, law, facts)
        return
    guardian = next(
        (one.name for one in facts.programme.dictionary.records.values() if one.of and one.person), "guardian"
    )
    given = {"age": law.value, "law": law.words, "guardian": guardian}
    if facts.once(Verdicts, facts.programme.dictionary).emptiness(campaign.audience.formula) is Verdict.YES:
        return  # of nobody, anything could be said; SEG002 says that it is nobody
    young = [asked for asked in _ages(campaign) if _is_young(campaign, asked, int(law.value), facts)]
    if young:
        yield minors_and_guardians.at(campaign.audience.span, severity=law.severity, **given)
    elif not any(_ages(campaign)) and _named(campaign) & _OF_CHILDREN:
        yield minors_and_guardians.at(campaign.audience.span, say="named", severity=Severity.WARNING, **given)


def _to_guardians(campaign: Campaign, record: Record, law: Provision, facts: Facts) -> Iterator[Diagnostic]:
    if f"{record.of}.birth_date" not in facts.programme.dictionary.fields:
        yield minors_and_guardians.at(
            campaign.span,
            say="untold",
            severity=law.severity,
            related=(Place(record.span, "they are written to here"),),
            owner=record.of,
            age=law.value,
            law=law.words,
        )
    sensitive = sorted(name for name in _named(campaign) if concept(name).sensitivity)
    if sensitive:
        words = sensitive[0].replace("-", " ")
        yield minors_and_guardians.at(
            campaign.audience.span, say="confidential", severity=Severity.WARNING, words=words
        )


def _named(campaign: Campaign) -> frozenset[str]:
    """What the names and words of the audience tell."""
    return concepts_named(" ; ".join((campaign.audience_name, *texts_of(campaign.audience))))


def _ages(campaign: Campaign) -> Iterator[Elapsed]:
    """Each time since a day of birth that the audience asks for."""
    waiting: list[Formula] = [campaign.audience.formula]
    while waiting:
        formula = waiting.pop()
        if isinstance(formula, Elapsed) and _is_birth(formula.since):
            yield formula
        waiting += children(formula)


def _is_birth(formula: Formula) -> bool:
    return isinstance(formula, FieldRef) and formula.field.endswith(".birth_date")


def _is_young(campaign: Campaign, asked: Elapsed, age: int, facts: Facts) -> bool:
    limit = {"years": age, "months": 12 * age, "days": 365 * age}[asked.unit]
    return (
        implies(campaign.audience.formula, Compare("<", asked, Const(limit)), facts.programme.dictionary) is Verdict.YES
    )
