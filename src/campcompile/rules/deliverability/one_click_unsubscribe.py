"""DEL001: mail that may be refused, and can't be refused with one click in the mail program."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Programme
from campcompile.model.practice import OptOut
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Diagnostic, Severity

_TELLING = regex(r"[?&](?:e|email|mail|to|patient|id|name|user)=", re.IGNORECASE)


@rule(
    code="DEL001",
    slug="one-click-unsubscribe",
    severity=Severity.ERROR,
    message="{problem}, so messages of layer {layer} can't be refused with one click",
    help="{advice}",
    also={
        "telling": (
            "the one-click address names its reader: `{seen}`",
            "write the address alone; what tells readers apart is an opaque token that is added when sending",
        ),
    },
    sources=(
        "RFC 8058 sections 3.1, 3.2",
        "https://support.google.com/mail/answer/81126",
        "https://senders.yahooinc.com/best-practices/",
    ),
)
def one_click_unsubscribe(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Asks that a workspace with campaigns of layer `updates` or `promotional` has an `opt_out` with a `one_click`
    address that doesn't name its reader, and a `mailto` address. From these come the headers
    `List-Unsubscribe: <https://…>, <mailto:…>` and `List-Unsubscribe-Post: List-Unsubscribe=One-Click`, which the
    manifest asks the sender to sign.

    Where there is no `opt_out` at all, CAN001 says so (the law asks for it, this is a courtesy on top); where its
    addresses are written wrongly (`http://`, no host), LNK001 or SCH005 does.

    ## Why it matters

    Gmail and Yahoo ask it of everyone who sends in bulk, and show it as *Unsubscribe* beside the subject. Where it
    isn't, the button beside it is *Report spam*.

    ## Example

    ```yaml
    opt_out: {page: https://clinic.example/choices}
    ```

    ## Use instead

    ```yaml
    opt_out:
      page: https://clinic.example/choices
      one_click: https://clinic.example/u
      mailto: unsubscribe@clinic.example
    ```

    ## Sources

    * RFC 8058, sections 3.1 and 3.2; RFC 2369, section 3.2
    * Gmail, Email sender guidelines; Yahoo, Sender best practices
    """
    layer = next((campaign.layer for campaign in programme.campaigns if campaign.layer != "essential"), "")
    opt_out = programme.settings.opt_out
    if layer and opt_out is not None:
        yield from _faults(opt_out, layer, facts)


def _faults(opt_out: OptOut, layer: str, facts: Facts) -> Iterator[Diagnostic]:
    where = setting_span(facts, "opt_out", "one_click", otherwise=opt_out.span)
    if not opt_out.one_click:
        problem = "`opt_out` has no `one_click`"
        advice = "add `one_click: https://…`: an address that takes a refusal (POST) without a login, as RFC 8058 asks"
        yield one_click_unsubscribe.at(where, layer=layer, problem=problem, advice=advice)
    elif found := _TELLING.search(opt_out.one_click):
        yield one_click_unsubscribe.at(where, say="telling", seen=found[0])
    if not opt_out.mailto:
        problem = "`opt_out` has no `mailto`"
        advice = "add `mailto: unsubscribe@clinic.example`: some mail programs send a mail instead"
        yield one_click_unsubscribe.at(opt_out.span, layer=layer, problem=problem, advice=advice)
