"""SEG006: a condition that reads no health, and tells it all the same."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.told import concepts_named, texts_of
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label
from campcompile.phi.lexicon import concept
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Applicability, Edit, Fix, Severity

_TELLING = frozenset({"condition", "drug", "vaccine", "procedure", "test", "screening", "device"})
_LEAST = 3  # letters: `ms` may be a code
# Fields that every practice has, and that tell nothing though words in them may: a birth, the status of HIV.
_OF_EVERYBODY = frozenset({"birth_date", "status", "sex", "deceased", "time_zone"})


@rule(
    code="SEG006",
    slug="proxy-for-health",
    severity=Severity.INFO,
    message="`{words}` tells of {concept}, and what this condition reads is labelled {level}",
    help="label the field `health` in dictionary.yaml, and the checks count it as what it is; or leave it so if it "
    "tells nothing about the person",
)
def proxy_for_health(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at the fields, values and sites that an audience, or the `if` of an e-mail, reads where none of them is
    labelled `health`: does one of their names tell an illness, a treatment, a test or a telling service? It is a
    note: the label decides, and only people who know the data can say whether it is right.

    ## Why it matters

    *Visited building 12, oncology* is no diagnosis, and everybody knows what it means. What can be inferred is
    protected as what is written down.

    ## Example

    ```yaml
    audience: {where: 'appointment.building == "oncology"'}   # appointment.building: label relationship
    ```

    ## Use instead

    ```yaml
    # dictionary.yaml
    appointment.building: {type: text, label: health}
    ```

    ## Sources

    * CJEU C-184/20 (OT, 1 August 2022) and C-21/23 (Lindenapotheke, 4 October 2024): inference is enough
    """
    conditions = [campaign.audience, *(email.condition for email in campaign.emails if email.condition is not None)]
    for condition in conditions:
        if condition.label >= Label.HEALTH:
            continue
        for words in _words(condition, facts):
            told = _told(words)
            if told:
                yield proxy_for_health.at(
                    condition.span,
                    fixes=_relabel(condition, facts),
                    words=words,
                    concept=told.replace("-", " "),
                    level=condition.label.word,
                )
                break


def _relabel(condition: Condition, facts: Facts) -> tuple[Fix, ...]:
    """`label: health` for the one field that is read; none where there are several, or it is derived."""
    if len(condition.reads) != 1:
        return ()
    field = facts.programme.dictionary.fields.get(next(iter(condition.reads)))
    if field is None or field.derivation is not None or not field.span.path:
        return ()
    span = value_span(facts, field.span.path, "fields", field.name, "label", otherwise=field.span)
    if facts.quote(span) != field.label.word:
        return ()
    return (Fix("label the field `health`", (Edit(span, "health"),), Applicability.UNSAFE),)


def _words(condition: Condition, facts: Facts) -> Iterator[str]:
    """Names of fields, values, and the names of sites among them."""
    sites = facts.programme.settings.practice.sites
    for text in texts_of(condition):
        yield text
        if text in sites and sites[text].values.get("name"):
            yield sites[text].values["name"]


def _told(words: str) -> str:
    if (words.isascii() and len(words) < _LEAST) or words in _OF_EVERYBODY:
        return ""
    return min(filter(_tells, concepts_named(words)), default="")


def _tells(name: str) -> bool:
    known = concept(name)
    return known.kind in _TELLING or bool(known.sensitivity)
