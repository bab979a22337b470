"""CON010: a way out that asks for more than a click."""

from __future__ import annotations

import re

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.campaign import Programme, Version
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Severity
from campcompile.syntax.link_check import host_of

_LOGIN = (
    r"(?:^|[/?&=._-])(?:log-?in|sign-?in|auth|sso|account|my-?account|connexion|identification|mon-?compte|logg-?inn|"
    r"innlogging|min-?side|denglu)(?:$|[/?&=._-])"
)


@rule(
    code="CON010",
    slug="unsubscribe-friction",
    severity=Severity.ERROR,
    message="`{words}`: whoever wants no more mail must do more than click ({law})",
    help="let the link in the footer do it, and say so, e.g. `{instead}`",
    also={
        "page": (
            "`{words}` in the address of the opt-out page looks like a login ({law})",
            "give a page that takes a refusal by itself: one page, no login, no fee, with a way to stop everything",
        ),
        "portal": (
            "the opt-out page lies in the portal, where people must log in ({law})",
            "give a page outside of it: one page, no login, no fee, with a way to stop everything",
        ),
    },
)
def unsubscribe_friction(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks for words that ask people to log in, telephone, write a letter or come by in order to unsubscribe, in English,
    French, Norwegian and Chinese; and for an `opt_out.page` whose address is that of a login, or lies in the portal
    (`links.portal`). What the page itself asks for, nobody sees from here.

    ## Why it matters

    Whoever finds no easy way out presses *spam*. The law asks for no more than an address and one page.

    ## Example

    ```yaml
    opt_out: {page: https://portal.clinic.example/login?next=prefs}
    ```

    ## Use instead

    ```yaml
    opt_out: {page: https://clinic.example/choices}
    ```

    ## Sources

    * 16 CFR 316.5: no fee, nothing asked but an address and preferences, no more than one page
    * GDPR 7(3): as easy to withdraw as to give; CASL s. 11: at no cost
    """
    for claim in pitched(version, facts, Pitch.HARD_WAY_OUT):
        law = strictest("unsubscribe-friction", facts)
        if law is not None:
            yield unsubscribe_friction.at(
                claim.span(facts),
                severity=law.severity,
                words=claim.words,
                law=law.words,
                instead=instead(claim.pitch, version.locale),
            )


@rule(unsubscribe_friction.rule)
def opt_out_behind_login(programme: Programme, facts: Facts) -> Found:
    """The page of campcompile.yaml, told once."""
    opt_out = programme.settings.opt_out
    law = strictest("unsubscribe-friction", facts)
    if opt_out is None or not opt_out.page or law is None:
        return
    span = setting_span(facts, "opt_out", "page", otherwise=opt_out.span)
    portal = programme.settings.links.get("portal")
    address = opt_out.page.partition("://")[2].lower()
    if portal is not None and host_of(portal.address or f"https://{portal.host}") == host_of(opt_out.page):
        yield unsubscribe_friction.at(span, say="portal", severity=law.severity, law=law.words)
    elif found := re.search(_LOGIN, address):
        words = found[0].strip("/?&=._-")
        yield unsubscribe_friction.at(span, say="page", severity=law.severity, words=words, law=law.words)
