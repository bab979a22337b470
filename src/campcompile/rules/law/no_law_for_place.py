"""LAW002: a place whose law isn't known here."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import is_covered, packs
from campcompile.model.campaign import Programme
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Severity


@rule(
    code="LAW002",
    slug="no-law-for-place",
    severity=Severity.WARNING,
    message="the law of `{place}` isn't known here, so nothing of it is checked",
    help="have a lawyer of the place read your campaigns; known are {known}",
)
def no_law_for_place(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Warns where `jurisdictions` names a place that no pack of law speaks of. What holds everywhere is checked all the
    same.

    ## Why it matters

    Silence would read as *allowed*.

    ## Example

    ```yaml
    jurisdictions: [JP]
    ```

    ## Use instead

    Keep the place, and waive the finding with the name of whoever has read the campaigns.

    ## Sources

    * the packs of law that this version holds
    """
    for place in programme.settings.jurisdictions:
        if not is_covered(place):
            known = ", ".join(sorted({one for pack in packs().values() for one in pack.places if len(one) == 2}))
            span = setting_span(facts, "jurisdictions", otherwise=programme.settings.span)
            yield no_law_for_place.at(span, place=place, known=known)
