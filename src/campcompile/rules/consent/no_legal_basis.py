"""CON001: mail that nothing in consent.yaml allows."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import in_force
from campcompile.analysis.legal_basis import Grounds, grounds, label_of
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.labels import Label
from campcompile.rules.check import Found, Unknown, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.findings import Label as Place


@rule(
    code="CON001",
    slug="no-legal-basis",
    severity=Severity.ERROR,
    message="nothing allows this in {place}: consent.yaml has no row for purpose {purpose}, layer {layer} ({law})",
    help="add `- {{purpose: {purpose}, layer: {layer}, in: [{place}], up_to: {level}, consent: …}}` to `bases`, "
    "or write `basis: …` where the law asks for no consent",
    also={
        "low": (
            "this tells what is {level}, and the row for {place} allows it up to {up_to} ({law})",
            "let the row reach `up_to: {level}` if the practice may say so much, or leave out what says it",
        ),
        "two": (
            "two rows of consent.yaml allow this in {place}, and only one can be what it rests on",
            "keep the one that the practice means; the first is taken until then",
        ),
    },
)
def no_legal_basis(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For each campaign and each of the workspace's `jurisdictions`, looks in consent.yaml for the row of its purpose and
    layer that reaches the label of what it tells. There must be one, and no other that would do as well. A country's
    row covers its states. Where no row reaches what is `health`, PHI013 says so.

    A workspace that names no jurisdiction, and one of several countries whose people have no `country`, can't be
    decided: that is a warning, never a pass.

    ## Why it matters

    European law forbids what nothing allows; and wherever a practice is, somebody will ask on what a letter rested.

    ## Example

    ```yaml
    # campcompile.yaml: jurisdictions: [FR, "NO"]
    bases:
      - {purpose: operations, layer: updates, in: ["NO"], up_to: relationship, consent: news}
    ```

    ## Use instead

    ```yaml
    bases:
      - {purpose: operations, layer: updates, in: [FR, "NO"], up_to: relationship, consent: news}
    ```

    ## Sources

    * GDPR 6 and 9; 45 CFR 164.506, 164.508; 個人資料保護法 §§ 6, 19, 20
    * elsewhere it is this project's policy, and a warning
    """
    span = value_span(facts, campaign.path, "purpose", otherwise=campaign.span)
    label = label_of(campaign)
    for found in grounds(campaign, facts):
        severity, words = _law(found.place, facts)
        given = {"place": _quoted(found.place), "purpose": campaign.purpose, "layer": campaign.layer}
        if not found.rows:
            yield no_legal_basis.at(span, severity=severity, level=label.word, law=words, **given)
        elif found.row is None and label <= Label.RELATIONSHIP:
            yield _low(found, label, facts)
        elif found.rivals:
            yield no_legal_basis.at(
                found.rivals[0].span,
                say="two",
                severity=Severity.WARNING,
                related=(Place(found.row.span, "the first"),) if found.row else (),
                place=found.place,
            )


@rule(no_legal_basis.rule)
def undecided_basis(programme: Programme, facts: Facts) -> Found:
    """What lacks for a decision: told once a workspace."""
    settings = programme.settings
    if not programme.campaigns:
        return
    if not settings.jurisdictions:
        yield Unknown("campcompile.yaml names no `jurisdictions`, so nobody can say what law holds", settings.span)
        return
    if len({place.partition("-")[0] for place in settings.jurisdictions}) < 2:
        return
    for name in sorted({campaign.recipient for campaign in programme.campaigns}):
        record = programme.dictionary.records.get(name)
        if record is not None and f"{name}.country" not in programme.dictionary.fields:
            yield Unknown(f"no field `{name}.country` tells which country's law holds for whom", record.span)


def _low(found: Grounds, label: Label, facts: Facts) -> Diagnostic:
    severity, words = _law(found.place, facts)
    row = max(found.rows, key=lambda row: row.up_to)
    return no_legal_basis.at(
        row.span,
        say="low",
        severity=severity,
        level=label.word,
        place=found.place,
        up_to=row.up_to.word,
        law=words,
    )


def _law(place: str, facts: Facts) -> tuple[Severity, str]:
    """How much a missing basis weighs on that day, and why: on a day before any pack speaks, as policy."""
    found = in_force("legal-basis", (place,), facts.as_of)
    return (found[0].severity, found[0].words) if found else (Severity.WARNING, "policy")


def _quoted(place: str) -> str:
    return f'"{place}"' if place == "NO" else place
