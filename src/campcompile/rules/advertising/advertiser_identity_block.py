"""ADV007: promotion that doesn't say who answers for it, as the place asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import provisions
from campcompile.analysis.shown import Shown, shown, shows
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Severity

_FEES = r"honoraires|tarif|secteur.?[12]\b|conventionn|\bfees?\b|\bpris(?:er|liste)?\b|\bkr\b|€|費用|收費"
_LICENCE = r"字第.{1,12}號|執照|licen[cs]e"


@rule(
    code="ADV007",
    slug="advertiser-identity-block",
    severity=Severity.ERROR,
    message="this promotion doesn't show {missing} ({law})",
    help="add it to the e-mail or to the layout's footer: {example}{note}",
)
def advertiser_identity_block(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    In campaigns of `purpose: marketing` or `referral` and `layer: promotional`, looks in the compiled message for what
    a place asks of advertising for care: in Norway the name of somebody of `practice.staff` who answers for it, in
    France what a visit costs, in Taiwan the number of the practice's licence (字第…號). It says each once a campaign.
    It is a warning: what counts as advertising, and whether mail does, is in doubt everywhere. That the practice's
    name, address and telephone are there is CAN002's.

    ## Why it matters

    Whoever promotes care answers for it, with a name, and people may ask what it costs.

    ## Example

    ```yaml
    purpose: marketing
    layer: promotional
    body: We now offer laser treatment.
    ```

    ## Use instead

    ```yaml
    purpose: marketing
    layer: promotional
    body: We now offer laser treatment. Dr Ingrid Hansen is responsible for it.
    ```

    ## Sources

    * Taiwan: 醫療法 §§ 84, 85; 憲法法庭 112年憲判字第17號; § 85(3) lifts the list for information on the internet
    * Norway: Normaltariffen, chapter III § 2
    * France: Code de la santé publique, R.4127-19-1: fees beside a practice's presentation
    """
    campaign = message.campaign
    if campaign.layer != "promotional" or campaign.purpose not in ("marketing", "referral"):
        return
    both = facts.once(shown, message)
    for provision in provisions("advertiser-identity", facts):
        missing, example, is_shown = _ASKED[provision.value]
        if not is_shown(both, facts):
            yield advertiser_identity_block.at(
                value_span(facts, campaign.path, "layer", otherwise=campaign.span),
                severity=provision.severity,
                missing=missing,
                law=provision.words,
                example=example,
                note=f" ({provision.note})" if provision.note else "",
            )


def _shows_fees(both: Shown, facts: Facts) -> bool:
    return re.search(_FEES, both.text.words.lower()) is not None


def _shows_licence(both: Shown, facts: Facts) -> bool:
    return re.search(_LICENCE, both.text.words.lower()) is not None


def _shows_staff(both: Shown, facts: Facts) -> bool:
    return any(shows(both.text, name) for name in facts.programme.settings.practice.staff)


_ASKED: Mapping[str, tuple[str, str, Callable[[Shown, Facts], bool]]] = {
    "fees": ("what a visit costs", "`Honoraires : secteur 1, 30 € la consultation`", _shows_fees),
    "responsible": ("who answers for it", "the name of a physician of `practice.staff`", _shows_staff),
    "licence": ("the number of the practice's licence", "`北市衛醫字第1234567890號`", _shows_licence),
}
