"""PHI002: what tells about a person, in an address."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flow import How, above, body_flows, declared_at, path_of
from campcompile.analysis.sinks import Sink, clearance
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="PHI002",
    slug="phi-in-url",
    severity=Severity.ERROR,
    message="the address comes from `{fields}`, which is {level}; an address may tell {allowed} (profile {profile})",
    help="make it a personal link: `links: {{confirm: {{personal: …}}}}` in campcompile.yaml gives each reader one "
    "address that tells nothing; or label the field `public`, if its addresses tell nothing",
    firm=("",),
)
def phi_in_url(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports links and buttons that lead to an address kept in a field whose label is above `public`, and addresses
    whose words tell the reader's illness or treatment. Merge fields inside of an address can't be written at all;
    a personal link (`links: {confirm: {personal: …}}`) is one opaque address a reader, and is fine.

    ## Why it matters

    Addresses are kept: by browsers, by web servers, by the sending service's click counting, by analytics. What
    stands in one is known there for years.

    ## Example

    ```yaml
    # dictionary.yaml
    patient.result_page: {type: url, label: health}
    ```

    ## Use instead

    ```yaml
    # campcompile.yaml
    links:
      portal: https://portal.lyngvag.example/
      confirm: {personal: time.lyngvag.example}
    ```

    ## Sources

    * 45 CFR 164.514(b)(2)(i)(N), (R): web addresses and unique codes are identifiers
    * FTC, BetterHelp (2023) and GoodRx (2023): what an address tells a third party is a disclosure
    """
    allowed = clearance(Sink.ADDRESS, facts.profile)
    dictionary = facts.programme.dictionary
    for flow in facts.once(body_flows, message):
        if flow.how is How.ADDRESSED and flow.label > allowed:
            yield phi_in_url.at(
                flow.span,
                fields="`, `".join(above(flow, allowed, dictionary)),
                level=flow.label.word,
                allowed=allowed.word,
                profile=facts.profile,
                related=declared_at(flow, allowed, dictionary),
                path=path_of(flow, allowed, Sink.ADDRESS.words, dictionary),
            )
