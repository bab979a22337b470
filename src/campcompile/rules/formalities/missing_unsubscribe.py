"""CAN001: a message that may be refused, and doesn't show how."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import slots_in
from campcompile.analysis.opt_out_words import knows_opt_out_words, says_opt_out
from campcompile.analysis.shown import Shown, shown
from campcompile.mail.locale_words import words_of
from campcompile.model.campaign import Programme
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, Unknown, rule
from campcompile.rules.places import footer_span
from campcompile.syntax.findings import Severity
from campcompile.syntax.link_check import host_of


@rule(
    code="CAN001",
    slug="missing-unsubscribe",
    severity=Severity.ERROR,
    message="the {part} of a message that may be refused (layer {layer}) shows no link to the opt-out page",
    help="let the layout's footer print the opt-out, in {part} too; the standard layout does",
    also={
        "not-in-words": (
            "the {part} has the opt-out's address, but no words in `{locale}` that say what it is for",
            "say it in the language of the message, e.g. `Unsubscribe`, `Se désabonner`, `Meld deg av`, `取消訂閱`",
        ),
        "no-page": (
            "messages of layer {layer} may be refused, and campcompile.yaml has no opt-out page",
            "add `opt_out: {{page: https://…, one_click: https://…, mailto: …}}` to campcompile.yaml",
        ),
    },
    sources=(
        "15 USC 7704(a)(3),(5)",
        "CASL s. 6(2)(c), s. 11",
        "PECR reg. 22, 23",
        "markedsføringsloven § 15",
        "CPCE L.34-5",
    ),
)
def missing_unsubscribe(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports a compiled message of layer `updates` or `promotional` whose HTML or plain text has no visible link
    to `opt_out.page`, or has it without words, in the message's own language, that say what it is for. Hidden
    links don't count. Where the words of a language aren't known here, it says so instead of passing.

    A workspace without an opt-out page has this finding once, whatever it sends, and not DEL001 besides: one
    `opt_out` mends both.

    Layer `essential` (a reminder of one's own appointment) needs none.

    ## Why it matters

    The laws on commercial mail of the United States, the EU and EEA, the United Kingdom, Canada and Taiwan all
    ask for it. People who don't find it press *spam* instead, and then reminders don't arrive either.

    ## Example

    ```yaml
    layer: updates
    layout: bare        # a layout of one's own, without the standard footer
    ```

    ## Use instead

    ```yaml
    layer: updates
    layout: clinic
    ```

    ## Sources

    * 15 USC 7704(a)(3) and (5)
    * CASL s. 6(2)(c) and s. 11
    * PECR regulations 22 and 23; Directive 2002/58/EC, art. 13
    * markedsføringsloven § 15
    * Code des postes et des communications électroniques, art. L.34-5
    """
    opt_out = facts.programme.settings.opt_out
    layer, locale = message.campaign.layer, message.version.locale
    if layer == "essential" or opt_out is None or not opt_out.page:
        return
    both = facts.once(shown, message)
    linked = {"HTML": _html_links(both, opt_out.page, message), "plain text": opt_out.page in both.text.words}
    for side in both.sides:
        if not linked[side.name]:
            yield missing_unsubscribe.at(
                footer_span(message, facts, plain=side is not both.html), part=side.name, layer=layer
            )
        elif not knows_opt_out_words(locale):
            yield Unknown(f"the words for opting out in `{locale}` aren't known here", message.version.span)
            return
        elif words_of(locale) is None:
            return  # the footer has no words in this language: that has its finding (LAY050)
        elif not says_opt_out(side, locale):
            yield missing_unsubscribe.at(
                footer_span(message, facts, plain=side is not both.html),
                say="not-in-words",
                part=side.name,
                locale=locale,
            )


@rule(missing_unsubscribe.rule)
def missing_opt_out_page(programme: Programme, facts: Facts) -> Found:
    """A workspace with campaigns that may be refused, and nowhere to do it: told once, where the page belongs."""
    layer = next((campaign.layer for campaign in programme.campaigns if campaign.layer != "essential"), "")
    opt_out = programme.settings.opt_out
    if layer and (opt_out is None or not opt_out.page):
        span = opt_out.span if opt_out else programme.settings.span
        yield missing_unsubscribe.at(span, say="no-page", layer=layer)


def _html_links(both: Shown, page: str, message: RenderedEmail) -> bool:
    """A visible link to the page, or to a personal address on its host."""
    host = host_of(page)
    for link in both.page.links:
        if not link.visible or not link.words:
            continue
        if link.href == page or link.href.startswith((f"{page}?", f"{page}#", f"{page}/")):
            return True
        if any(message.derived[name].host == host for name in slots_in(link.href) if name in message.derived):
            return True
    return False
