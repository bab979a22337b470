"""TRK002: parameters of trackers on a link to booking, results or the portal."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Programme, Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity
from campcompile.syntax.source import Span

_TRACKER = regex(
    r"utm_\w+|_ga|_gl|gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|li_fat_id|mc_cid|mc_eid|_hs\w+|hsa_\w+"
)
# Where care goes on: by the name of a link, or a word of its host or path.
_CARE = regex(
    r"(?:^|[^a-z])(?:book|booking|appointments?|schedule|portal|mychart|results?|login|signin|symptoms?|triage|checkin|intake"
    r"|rendez-?vous|rdv|reserver|reservation|portail|resultats?|connexion|symptomes?"
    r"|time|timebestilling|bestill|prover|provesvar|innlogging|minside|symptomer)(?:$|[^a-z])|預約|掛號|報告|登入"
)


@rule(
    code="TRK002",
    slug="tracker-on-care-destination",
    severity=Severity.ERROR,
    message="`{words}` lets an analytics service follow readers to where care goes on ({law})",
    help="take the parameters out, and count visits on the practice's own server: `{address}`",
)
def tracker_on_care_destination(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks at every fixed address: of the links in campcompile.yaml, and of those in an e-mail. Where its name, host or
    path says booking, portal, results, symptoms or login, in English, French, Norwegian or Chinese, it may hold no
    parameter of an analytics or advertising service (`utm_…`, `gclid`, `fbclid`, `mc_eid` …). It is an error in the
    United States and in Europe. On pages about opening hours or news such parameters are for PHI002 to judge.

    ## Why it matters

    *This person came from our mail about knees, and booked a surgeon* is what the parameter tells a company with which
    nobody has a contract.

    ## Example

    ```yaml
    links:
      book: https://time.clinic.example/?utm_source=mail
    ```

    ## Use instead

    ```yaml
    links:
      book: https://time.clinic.example/
    ```

    ## Sources

    * HHS OCR, bulletin on tracking technologies; AHA v. Becerra (N.D. Tex. 2024) vacated it for public pages alone
    * Google signs no business associate agreement for Analytics; RCW 19.373.070; GDPR 9
    """
    for target in facts.once(version_words, version).addresses:
        yield from _judged("", target.address, target.span, facts)


@rule(tracker_on_care_destination.rule)
def tracked_links(programme: Programme, facts: Facts) -> Found:
    """The links of campcompile.yaml, each told once."""
    for link in programme.settings.links.values():
        if link.address:
            yield from _judged(
                link.name, link.address, setting_span(facts, "links", link.name, otherwise=link.span), facts
            )


def _judged(name: str, address: str, span: Span, facts: Facts) -> Iterator[Diagnostic]:
    if "?" not in address or address not in facts.quote(span):
        return  # without parameters; or written elsewhere, and told there
    parts = urlsplit(address)
    kept = [pair for pair in parts.query.split("&") if not _TRACKER.fullmatch(pair.partition("=")[0].lower())]
    tracking = [pair for pair in parts.query.split("&") if pair not in kept]
    if not tracking or not _CARE.search(f"{name} {parts.netloc}{parts.path}".lower()):
        return
    law = strictest("care-page-trackers", facts)
    if law is not None:
        clean = urlunsplit(parts._replace(query="&".join(kept)))
        at = facts.quote(span).index(address)
        whole = Span(span.path, span.start + at, span.start + at + len(address))
        yield tracker_on_care_destination.at(
            whole,
            severity=law.severity,
            fixes=(Fix("take the parameters out", (Edit(whole, clean),), Applicability.SAFE),),
            words="&".join(tracking),
            address=clean,
            law=law.words,
        )
