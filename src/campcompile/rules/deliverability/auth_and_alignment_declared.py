"""DEL002: mail that its own domain doesn't vouch for."""

from __future__ import annotations

import json
from functools import cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.vendors import vendor_of
from campcompile.model.campaign import Programme
from campcompile.package_files import package_text
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Severity

_DATA = "rules/data/freemail.json"


@rule(
    code="DEL002",
    slug="auth-and-alignment-declared",
    severity=Severity.ERROR,
    message="mail from `{address}` can't be signed for the practice: everybody has an address at {domain} ({law})",
    help="send from an address of the practice's own domain, with SPF, DKIM and DMARC set up for it",
    also={
        "unaligned": (
            "mail from `{address}` is signed for `{domain}` (`targets: {target}`), another domain ({law})",
            "have the service sign for the sender's own domain, and write it as `signs`",
        ),
        "undeclared": (
            "nothing says which domain `{target}` signs mail for",
            "let the service sign for the practice's domain (DKIM), publish SPF and DMARC, write `signs: {domain}`",
        ),
    },
)
def auth_and_alignment_declared(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Reports senders whose address is one of a free mail service; targets whose `signs` (the domain of their DKIM
    signature) isn't the domain of a sender, or one above or below it; and, as a note, services whose row doesn't say
    what they sign for. What stands in DNS nobody looks up from here.

    ## Why it matters

    Gmail, Yahoo and Microsoft turn mail away whose visible sender nobody vouches for.

    ## Example

    ```yaml
    senders:
      care: {from: "Dr Smith <dr.smith@gmail.com>"}
    ```

    ## Use instead

    ```yaml
    senders:
      care: {from: "Clinic <care@clinic.example>"}
    targets:
      relay: {dialect: smtp, vendor: paubox, signs: clinic.example}
    ```

    ## Sources

    * Google, sender guidelines (1 February 2024): SPF or DKIM for all, both and DMARC for bulk, alignment
    * Microsoft, 5 May 2025: 550 5.7.515; Yahoo, sender best practices
    """
    law = strictest("sender-authentication", facts)
    if law is None:
        return
    settings = programme.settings
    for sender in settings.senders.values():
        domain = sender.email.rpartition("@")[2].lower()
        if domain in _free_domains():
            yield auth_and_alignment_declared.at(
                setting_span(facts, "senders", sender.id, "from", otherwise=sender.span),
                severity=law.severity,
                address=sender.email,
                domain=domain,
                law=law.words,
            )
    own = next((sender.email.rpartition("@")[2] for sender in settings.senders.values()), "clinic.example")
    for target in settings.targets.values():
        vendor = vendor_of(target)
        if not target.signs:
            if vendor is None or not vendor.is_own:
                yield auth_and_alignment_declared.at(
                    target.span, say="undeclared", severity=Severity.INFO, target=target.id, domain=own
                )
            continue
        for sender in settings.senders.values():
            if not _is_aligned(sender.email.rpartition("@")[2].lower(), target.signs):
                yield auth_and_alignment_declared.at(
                    setting_span(facts, "targets", target.id, "signs", otherwise=target.span),
                    say="unaligned",
                    severity=law.severity,
                    address=sender.email,
                    domain=target.signs,
                    target=target.id,
                    law=law.words,
                )


@cache
def _free_domains() -> frozenset[str]:
    return frozenset(json.loads(package_text(_DATA))["domains"])


def _is_aligned(domain: str, signed: str) -> bool:
    """Relaxed alignment: the same domain, or one below the other."""
    return domain == signed or domain.endswith(f".{signed}") or signed.endswith(f".{domain}")
