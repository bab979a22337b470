"""TRK003: patients, given to an advertising platform."""

from __future__ import annotations

import json
from functools import cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.own import own
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Campaign, Version
from campcompile.package_files import package_text
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity
from campcompile.syntax.link_check import host_of

_DATA = "analysis/data/ad_platforms.json"


@rule(
    code="TRK003",
    slug="retarget-from-health-click",
    severity=Severity.ERROR,
    message="`{words}` gives people of a practice to an advertising platform{law}",
    help="write to them yourself, if they agreed; no platform may learn who they are, not even as a hash",
    also={
        "link": (
            "this link leads over `{words}`, an advertising platform{law}",
            "link to the page itself",
        ),
    },
)
def retarget_from_health_click(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports campaigns compiled for an advertising platform (a target whose `vendor` or `dialect` is one), whatever
    their label: an audience of a practice tells who is its patient, and a hashed address is an address. And links that
    lead over such a platform's own hosts, which is how clicks get into its audiences. There is no construct that
    hands clicks on.

    ## Why it matters

    *Show knee ads to those who clicked on knees* is what BetterHelp and GoodRx were fined for, hashes and all.

    ## Example

    ```yaml
    targets:
      ads: {dialect: meta-ads}
    ```

    ## Use instead

    ```yaml
    targets:
      relay: {dialect: smtp}
    ```

    ## Sources

    * FTC v. GoodRx, FTC v. BetterHelp (2023); RCW 19.373.070; GDPR 9
    """
    platforms = _known("platforms")
    for target in campaign.targets:
        name = next((one for one in (target.vendor, target.dialect) if one in platforms), "")
        if name:
            severity, law = _law(facts)
            yield retarget_from_health_click.at(target.span, severity=severity, words=name, law=law)


@rule(retarget_from_health_click.rule)
def links_over_platforms(version: Version, facts: Facts) -> Found:
    """Links in an e-mail."""
    for target in facts.once(version_words, version).addresses:
        host = host_of(target.address)
        if host in facts.once(own, facts.programme).hosts:
            continue
        if any(host == one or host.endswith(f".{one}") for one in _known("hosts")):
            severity, law = _law(facts)
            yield retarget_from_health_click.at(target.span, say="link", severity=severity, words=host, law=law)


@cache
def _known(what: str) -> frozenset[str]:
    """Names of `platforms`, or their `hosts`."""
    return frozenset(json.loads(package_text(_DATA))[what])


def _law(facts: Facts) -> tuple[Severity, str]:
    law = strictest("ad-audiences", facts)
    return (law.severity, f" ({law.words})") if law else (Severity.WARNING, "")
