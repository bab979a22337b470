"""CON011: a refusal that would stop a reminder, with nothing in its place."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.shown import shown
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Applicability, Edit, Fix, Severity


@rule(
    code="CON011",
    slug="unsubscribe-scope-by-layer",
    severity=Severity.WARNING,
    message="this essential e-mail shows the opt-out page, and nobody is told when a patient refuses it",
    help="leave the opt-out to mail that may be refused (the standard layout does), or name who takes over: "
    "`fallback: phone`",
)
def unsubscribe_scope_by_layer(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports compiled messages of layer `essential` that show the opt-out page, in a layout of the workspace's own or
    in their words, where the campaign has no `fallback`: whoever presses there to be rid of news gets no reminder
    either, and nobody calls them. A refusal of one layer never lifts that of another: the planner holds them apart.

    ## Why it matters

    The reminder before an operation is no news. If somebody does refuse it, a person should know.

    ## Example

    ```yaml
    layer: essential
    layout: with-opt-out     # a layout whose footer prints the opt-out in all mail
    ```

    ## Use instead

    ```yaml
    layer: essential
    layout: with-opt-out
    fallback: phone
    ```

    ## Sources

    * 16 CFR 316.3(c): mail about a visit is no commercial mail, and needs no opt-out
    * that nobody misses a reminder unseen is this project's policy
    """
    campaign, opt_out = message.campaign, facts.programme.settings.opt_out
    if campaign.layer != "essential" or campaign.fallback != "none" or opt_out is None or not opt_out.page:
        return
    if opt_out.page in facts.once(shown, message).text.words:
        span = value_span(facts, campaign.path, "layer", otherwise=campaign.span)
        edit = Edit(span, f"{campaign.layer}\nfallback: phone")
        fixes = (
            (Fix("let somebody call", (edit,), Applicability.UNSAFE),) if facts.quote(span) == campaign.layer else ()
        )
        yield unsubscribe_scope_by_layer.at(span, fixes=fixes)
