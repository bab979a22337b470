"""PHI003: a name that leaves the practice and tells an illness, a treatment or a person."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.told import concepts_in
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Severity


@rule(
    code="PHI003",
    slug="phi-in-artefact-names",
    severity=Severity.ERROR,
    message="{what} `{name}` leaves the practice, and tells of {concept}",
    help="give it a name that tells nothing, such as `{neutral}`; the title and the folder stay in the repository",
)
def phi_in_artefact_names(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports a campaign's `code`, an e-mail's `id` and a variant's name that tell an illness, a drug, a test or a
    service, abbreviations known in the field (`dm2`, `ivf`, `onc`) and codes of diagnoses (`e11`) too. Every
    other name that leaves (files, tags, addresses) is made of these.

    ## Why it matters

    The names of campaigns stand in file names, headers, logs and statistics of the sending service, beside the
    address of everybody who got them.

    ## Example

    ```yaml
    code: dm2recall
    ```

    ## Use instead

    ```yaml
    title: Recall of people with diabetes
    code: kq47
    ```

    ## Sources

    * HHS, tracking technologies bulletin, the part that stands after AHA v. Becerra (N.D. Tex., 20 June 2024)
    * FTC, GoodRx and Premom (2023): names of events that told drugs and conditions
    """
    names = [("the code", campaign.code, value_span(facts, campaign.path, "code", otherwise=campaign.span), "kq47")]
    names += [("the id", email.id, email.span, "week-before") for email in campaign.emails]
    for what, name, span, neutral in names:
        found = concepts_in(name)
        if found:
            concept = min(found).replace("-", " ")
            yield phi_in_artefact_names.at(span, what=what, name=name, concept=concept, neutral=neutral)
