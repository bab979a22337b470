"""CAN002: a message that doesn't say who sends it, and where they are."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.shown import shown, shows
from campcompile.model.campaign import Programme
from campcompile.model.practice import Practice
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.rules.places import footer_span, setting_span
from campcompile.syntax.findings import Severity

_CONTACTS = ("phone", "email", "website")


@rule(
    code="CAN002",
    slug="sender-identification-block",
    severity=Severity.ERROR,
    message="the {part} doesn't show the practice's {missing}",
    help="let the layout's footer print the practice's name, postal address and phone; the standard layout does",
    also={
        "not-given": (
            "campcompile.yaml gives no {missing} for the practice, and messages of layer {layer} must show it",
            "add `{key}` under `practice:`",
        ),
        "no-address": (
            "`{seen}` is no postal address that a letter would reach",
            "write street or box, postal code and place, a line each: "
            '`address: ["Strandgaten 14", "5013 Bergen", "Norway"]`',
        ),
    },
    sources=("15 USC 7704(a)(5)(A)(iii)", "CASL s. 6(2)", "Directive 2000/31/EC art. 5, 6"),
)
def sender_identification_block(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports a compiled message whose HTML or plain text doesn't show who sends it: the practice's name (or legal
    name) in every message; in those of layer `updates` or `promotional` its postal address too, and a phone
    number, an e-mail address or a website. Where sites have their own details, those count. It also reports
    details that campcompile.yaml lacks, and an address without a number in it.

    It doesn't judge whether a first commercial message must be marked as advertising.

    ## Why it matters

    US law asks for a valid physical postal address (a box will do) in commercial mail, Canada for the sender's
    identity and a way to reach them, the EU and EEA for a recognisable advertiser. And a patient who can't see
    who writes can't tell a reminder from a fraud.

    ## Example

    ```yaml
    practice: {name: Fjordklinikken, time_zone: Europe/Oslo}
    ```

    ## Use instead

    ```yaml
    practice:
      name: Fjordklinikken
      legal_name: Fjordklinikken AS
      address: ["Strandgaten 14", "5013 Bergen", "Norway"]
      phone: "+47 55 50 12 34"
      time_zone: Europe/Oslo
    ```

    ## Sources

    * 15 USC 7704(a)(5)(A)(iii); 16 CFR 316.2(p) (a box is an address)
    * CASL s. 6(2)
    * Directive 2000/31/EC, art. 5 and 6
    * CNIL on the advertiser's identity
    """
    practice = facts.programme.settings.practice
    needs_address = message.campaign.layer != "essential"
    both = facts.once(shown, message)
    for side in both.sides:
        missing = [
            word
            for word, values in _required(practice, needs_address)
            if not any(shows(side, value) for value in values)
        ]
        if missing:
            words = ", ".join(missing)
            yield sender_identification_block.at(
                footer_span(message, facts, plain=side is not both.html), part=side.name, missing=words
            )


@rule(sender_identification_block.rule)
def missing_identity(programme: Programme, facts: Facts) -> Found:
    """Details that campcompile.yaml doesn't give, where some campaign must show them."""
    practice = programme.settings.practice
    layer = next((campaign.layer for campaign in programme.campaigns if campaign.layer != "essential"), "")
    if not layer:
        return
    span = setting_span(facts, "practice", otherwise=practice.span)
    if not practice.value("address"):
        yield sender_identification_block.at(
            practice.span, say="not-given", missing="postal address", key="address", layer=layer
        )
    elif not any(character.isdigit() for character in practice.value("address")):
        span = setting_span(facts, "practice", "address", otherwise=span)
        seen = ", ".join(practice.value("address").splitlines())[:60]
        yield sender_identification_block.at(span, say="no-address", seen=seen)
    if not any(practice.value(key) for key in _CONTACTS):
        yield sender_identification_block.at(
            practice.span, say="not-given", missing="phone, e-mail or website", key="phone", layer=layer
        )


def _required(practice: Practice, needs_address: bool) -> list[tuple[str, list[str]]]:
    """What must be shown, in words, and the values of which one will do; what isn't given isn't asked for."""
    wanted: list[tuple[str, tuple[str, ...]]] = [("name", ("name", "legal_name"))]
    if needs_address:
        wanted += [("postal address", ("address",)), ("phone, e-mail or website", _CONTACTS)]
    given = ((word, [practice.value(key) for key in keys if practice.value(key)]) for word, keys in wanted)
    return [(word, values) for word, values in given if values]
