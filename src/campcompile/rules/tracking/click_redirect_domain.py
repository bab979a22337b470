"""TRK004: links that lead over somebody else's host."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.own import own
from campcompile.analysis.vendors import vendor_of
from campcompile.model.campaign import Programme
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Severity


@rule(
    code="TRK004",
    slug="click-redirect-domain",
    severity=Severity.WARNING,
    message="`{target}` records clicks over `{domain}`, which isn't the practice's{law}",
    help="let the service use a host below the practice's own domain, such as `go.{own}`, or write `click: none`",
    also={
        "unnamed": (
            "`{target}` records clicks, and nothing says over which host the links lead{law}",
            "write `domain: go.{own}` into `tracking`, and set it up at the service, or write `click: none`",
        ),
    },
)
def click_redirect_domain(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Where a service of a target records clicks (`tracking: {click: …}`), its links lead over a host of `domain`: that
    must be one below the practice's own domain. A server of the practice's own is left out.

    ## Why it matters

    A patient sees `clicks.esp-cdn.example` under the finger and learns that such links are fine; a host of the
    service's learns who opened what.

    ## Example

    ```yaml
    tracking: {open: none, click: aggregate, domain: clicks.esp-cdn.example}
    ```

    ## Use instead

    ```yaml
    tracking: {open: none, click: aggregate, domain: go.clinic.example}
    ```

    ## Sources

    * HHS OCR, bulletin on tracking technologies
    * CNIL 2026-042 and EDPB 2/2023 on links that are personal (unconfirmed)
    * the practice's own host is this project's policy
    """
    mine = facts.once(own, programme)
    for target in programme.settings.targets.values():
        vendor = vendor_of(target)
        tracking = target.tracking
        if tracking is None or tracking.click == "none" or (vendor is not None and vendor.is_own):
            continue
        if tracking.domain and mine.has_host(tracking.domain):
            continue
        law = strictest("click-tracking", facts)
        yield click_redirect_domain.at(
            setting_span(facts, "targets", target.id, "tracking", "domain", otherwise=tracking.span),
            say="" if tracking.domain else "unnamed",
            target=target.id,
            domain=tracking.domain,
            own=min(mine.domains, key=len, default="clinic.example"),
            law=f" ({law.words})" if law else "",
        )
