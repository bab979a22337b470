"""SEG004: people whom the records say to leave in peace, and nothing leaves them out."""

from __future__ import annotations

from campcompile.analysis.exclusions import SEGMENTS, excluding_fields
from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Programme
from campcompile.model.fields import Field
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Applicability, Edit, Fix, Severity
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.packs import texts

_WORDS = "analysis/data/life_status.yaml"
_LAYERS = ("updates", "promotional")


@rule(
    code="SEG004",
    slug="suppression-missing",
    severity=Severity.ERROR,
    message="`{field}` says who is not to be chased now, and nothing keeps these people out of `{layer}` mail",
    help="write a segment with `where: {condition}` and `exclude_from: [{layer}]` into segments.yaml",
)
def suppression_missing(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Looks in the dictionary for fields of the people written to that say that somebody is in palliative care, has a
    complaint open, has moved to another practice, grieves, or asked not to be contacted; and for each layer that
    some campaign uses, `updates` or `promotional`, for a segment with `exclude_from` that reads the field. Campaigns
    whose own audience reads it are fine.

    Who said no, whose mailbox bounced, who complained, who died and who is a minor is left out by the planner, for
    every campaign: that can't be forgotten, so nothing is to be checked.

    ## Why it matters

    A cheerful letter on the week of a diagnosis is what people remember of a practice.

    ## Example

    ```yaml
    # dictionary.yaml
    patient.in_palliative_care: {type: yes_no, label: special, missing: false}
    ```

    ## Use instead

    ```yaml
    # segments.yaml
    no-contact:
      title: People whom no news should reach now
      where: patient.in_palliative_care
      exclude_from: [updates, promotional]
    ```

    ## Sources

    * 45 CFR 164.522(a): restrictions that a practice agreed to
    * That the others are left in peace, too, is a policy
    """
    excluded = excluding_fields(facts.documents)
    for layer in _LAYERS:
        campaigns = [campaign for campaign in programme.campaigns if campaign.layer == layer]
        for field in programme.dictionary.fields.values():
            condition = _condition(field)
            if not condition or field.name in excluded.get(layer, ()):
                continue
            chasing = [c for c in campaigns if c.recipient == field.record and field.name not in c.audience.reads]
            if chasing:
                yield suppression_missing.at(
                    field.span,
                    related=(Place(chasing[0].audience.span, "for one, this audience"),),
                    fixes=_segment(field, condition, layer, facts),
                    field=field.name,
                    layer=layer,
                    condition=condition,
                )


def _segment(field: Field, condition: str, layer: str, facts: Facts) -> tuple[Fix, ...]:
    """The segment, below those that there are; none where a segment has its name already."""
    document = facts.documents.get(SEGMENTS)
    name = f"not-{field.name.rpartition('.')[2].replace('_', '-')}"
    if document is None or not document.root.entries or document.root.get(name) is not None:
        return ()
    end = len(document.source.text.rstrip())
    text = f"\n{name}:\n  title: Not to be chased now\n  where: {condition}\n  exclude_from: [{layer}]"
    return (Fix("write the segment", (Edit(document.source.span(end, end), text),), Applicability.UNSAFE),)


def _condition(field: Field) -> str:
    """What holds for the people to leave in peace; "" for a field that says nothing of the kind."""
    words = texts(_WORDS, "words")
    if field.type.name == "yes_no" and any(word in field.name for word in words):
        return field.name
    choices = [choice for choice in field.type.choices if any(word in choice for word in words)]
    return f'{field.name} == "{choices[0]}"' if choices else ""
