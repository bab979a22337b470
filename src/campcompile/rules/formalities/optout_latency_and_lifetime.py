"""CAN006: a refusal that takes effect too late."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import Provision, provisions
from campcompile.model.campaign import Programme
from campcompile.model.timing import Offset, Unit, parse_offset
from campcompile.rules.check import Found, Unknown, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Severity

_DAY = 24 * 60  # minutes
_WORKING_WEEK = 5
_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_WORDS = {"10BD": "ten working days", "PT48H": "48 hours", "PT0M": "at once"}


@rule(
    code="CAN006",
    slug="optout-latency-and-lifetime",
    severity=Severity.ERROR,
    message="whoever unsubscribes may still get mail for {within}, and it has to stop {most} ({law})",
    help="see that it stops sooner, and write how soon: `within: {write}`; before every send, refusals are looked up "
    "again",
)
def optout_latency_and_lifetime(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Compares `opt_out.within` with what the places of the workspace ask: ten working days in the United States and
    Canada, at once in Taiwan, and 48 hours for mail to Gmail (a warning). Where mail may be refused and `within` isn't
    said, it can't be decided. How long the link works is for whoever keeps the page: thirty days after sending in the
    United States, sixty in Canada.

    Audiences are asked for again before each send, so a refusal that arrived holds for it.

    ## Why it matters

    Who pressed *unsubscribe* and gets the next letter presses *spam*.

    ## Example

    ```yaml
    opt_out: {page: https://clinic.example/choices, within: P30D}
    ```

    ## Use instead

    ```yaml
    opt_out: {page: https://clinic.example/choices, within: PT24H}
    ```

    ## Sources

    * 15 USC 7704(a)(3)(A)(ii), (a)(4); CASL s. 11; 個人資料保護法 § 20(2), (3) (read second-hand)
    * Google, subscription guidelines: 48 hours
    """
    opt_out = programme.settings.opt_out
    if opt_out is None or all(campaign.layer == "essential" for campaign in programme.campaigns):
        return
    if not opt_out.within:
        yield Unknown("how fast a refusal takes effect isn't said (`opt_out: {within: PT24H}`)", opt_out.span)
        return
    written = parse_offset(opt_out.within)
    broken = [law for law in provisions("opt-out-delay", facts) if written and _minutes(written) > _most(law)]
    if broken:
        law = max(broken, key=lambda law: (_ORDER.index(law.severity), -_most(law)))
        most = _WORDS.get(law.value, law.value)
        yield optout_latency_and_lifetime.at(
            setting_span(facts, "opt_out", "within", otherwise=opt_out.span),
            severity=law.severity,
            within=f"`{opt_out.within}`",
            most=most if most == "at once" else f"within {most}",
            law=law.words,
            write="PT0M" if law.value == "PT0M" else "PT24H",
        )


def _most(law: Provision) -> int:
    offset = parse_offset(law.value)
    assert offset is not None, law
    return _minutes(offset)


def _minutes(offset: Offset) -> int:
    """How long it may be at the longest, but for working days: without holidays."""
    if offset.unit is Unit.BUSINESS:
        weeks, days = divmod(offset.days, _WORKING_WEEK)
        return (7 * weeks + days) * _DAY
    return offset.minutes + (offset.days + 31 * offset.months) * _DAY
