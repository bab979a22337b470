"""SEG007: news and offers to everybody there is."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.predicates import Verdict, triviality
from campcompile.analysis.segments import is_declared
from campcompile.formula import Const
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.rules.places import campaign_span
from campcompile.syntax.findings import Severity


@rule(
    code="SEG007",
    slug="unbounded-marketing-audience",
    severity=Severity.WARNING,
    message="`{layer}` mail goes to everybody in the records who may get it",
    help="choose whom it is for: who is registered, what they asked to hear about, their site",
)
def unbounded_marketing_audience(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports campaigns of layer `updates` or `promotional` whose audience is `everyone`, or a condition that everybody
    meets. Who said no, died or is a minor is left out of any campaign; this is about the others.

    An audience is asked again before each e-mail, so it is never older than a day.

    ## Why it matters

    Letters to everybody are for nobody in particular, and opted out of as such. Somebody who came once, nine years ago,
    wonders why you still have the address.

    ## Example

    ```yaml
    layer: promotional
    audience: everyone
    ```

    ## Use instead

    ```yaml
    layer: promotional
    audience: {where: months_since(patient.last_visit) < 24}
    ```

    ## Sources

    * Advice to practices: choose whom you write to; policy
    """
    formula, name = campaign.audience.formula, campaign.audience_name
    is_unread = campaign.audience.words == "everyone" or not (name in ("", "everyone") or is_declared(name, campaign))
    if campaign.layer == "essential" or is_unread:
        return  # what could not be read has its finding
    if formula == Const(True) or triviality(formula, facts.programme.dictionary) is Verdict.YES:
        yield unbounded_marketing_audience.at(campaign_span(facts, campaign, "audience"), layer=campaign.layer)
