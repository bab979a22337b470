"""LAW001: facts of law that nobody has looked up for long."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import packs_of
from campcompile.model.campaign import Programme
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Severity


@rule(
    code="LAW001",
    slug="law-pack-aged",
    severity=Severity.WARNING,
    message="what this version holds of {title} was looked up on {checked_at}, and is trusted for {days} days",
    help="install a newer campcompile; until then, ask somebody who knows the law of the place",
)
def law_pack_aged(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Warns where the day that a workspace is judged for lies long after the facts of one of its packs were looked up: a
    year for law, half a year for what mailbox providers ask. What is held of vendors has the same warning in VEN001.

    ## Why it matters

    A check against last year's law says *fine*, and nobody asks again.

    ## Example

    ```yaml
    jurisdictions: [FR]
    as_of: "2029-01-01"   # the pack was looked up in 2026
    ```

    ## Use instead

    A newer version of campcompile.

    ## Sources

    * the `checked_at` of each pack; the spans are this project's policy
    """
    for pack in packs_of(programme.settings.jurisdictions):
        if pack.is_stale(facts.as_of):
            yield law_pack_aged.at(
                setting_span(facts, "jurisdictions", otherwise=programme.settings.span),
                title=pack.title,
                checked_at=str(pack.checked_at),
                days=str(pack.stale_after.days),
            )
