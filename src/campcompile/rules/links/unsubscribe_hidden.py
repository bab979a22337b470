"""LNK003: an opt-out that is there, and that nobody finds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.contrast import ENOUGH_FOR_TEXT, contrast, is_colour
from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import flat
from campcompile.analysis.html_facts import LinkLook, link_looks
from campcompile.analysis.opt_out_words import knows_opt_out_words, names_opt_out, says_opt_out
from campcompile.analysis.shown import shown
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import layout_span, own_mjml_paths
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Span

_SMALLEST_PX = 12
_SIZE = regex(r"(?:^|;)\s*font-size\s*:\s*(\d+(?:\.\d+)?)px", re.IGNORECASE)
_COLOUR = regex(r"(?:^|;)\s*color\s*:\s*(#[0-9a-f]{3,6}|white|black)\b", re.IGNORECASE)
_GROUND = regex(r"(?:^|;)\s*background(?:-color)?\s*:\s*(#[0-9a-f]{3,6}|white|black)\b", re.IGNORECASE)
_NAMED = {"white": "#ffffff", "black": "#000000"}


@rule(
    code="LNK003",
    slug="unsubscribe-hidden",
    severity=Severity.ERROR,
    message="the link to opt out is {seen} px high, and {least} px is the least that is clearly visible",
    help="set it as large as the footer's other words: 14 px",
    also={
        "pale": (
            "the link to opt out is `{seen}` on `{ground}`: a contrast of {ratio}:1, and {least}:1 is needed",
            "give it the colour of the footer's other words, `{{{{ theme.muted }}}}`",
        ),
        "picture": (
            "the link to opt out is a picture",
            "write it in words: where pictures are off, nobody can find it",
        ),
        "words": (
            "the link to opt out says `{seen}`, which tells nobody what it is for",
            "say it in the link itself: `{{{{ words.unsubscribe }}}}` prints it in the reader's language",
        ),
    },
    sources=("15 USC 7704(a)(3)", "https://support.google.com/mail/answer/81126"),
)
def unsubscribe_hidden(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports a link to `opt_out.page` that is below 12 px, has a contrast below 4.5:1, is a picture, or doesn't say
    what it is for in the language of the message (*manage*, *click here*).

    It looks at messages of layer `updates` or `promotional` that are made with the workspace's own layouts. The
    words are known in the languages of CAN001.

    Size and colour are read from the tags; what a style sheet adds is judged by the rules of accessibility. A
    message without any such link, or with a hidden one, has CAN001. Where it stands too far down, DEL004 says so.

    ## Why it matters

    The law on commercial mail asks for an opt-out that is *clearly and conspicuously displayed*, and Gmail for one
    that is clearly visible. Who doesn't find it presses *spam*.

    ## Example

    ```html
    <a href="{{ opt_out.page }}" style="font-size:8px;color:#eeeeee">manage</a>
    ```

    ## Use instead

    ```html
    <a href="{{ opt_out.page }}" style="color:{{ theme.muted }}">{{ words.unsubscribe }}</a>
    ```

    ## Sources

    * 15 USC 7704(a)(3): clearly and conspicuously displayed
    * Gmail, Email sender guidelines: a clearly visible unsubscribe link in the message body
    """
    opt_out = facts.programme.settings.opt_out
    if message.campaign.layer == "essential" or opt_out is None or not opt_out.page or not _has_own_layouts(facts):
        return
    looks = link_looks(flat(message.html), opt_out.page)
    if not looks or any("display:none" in style.replace(" ", "") for style in looks[0].styles):
        return  # CAN001 says so
    faults = [list(_faults(look, message, facts)) for look in looks]
    yield from min(faults, key=len)  # one link that everybody finds is enough


def _faults(look: LinkLook, message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    locale = message.version.locale
    span = layout_span(message, facts, "opt_out.page")
    if not look.words:
        yield unsubscribe_hidden.at(span, say="picture")
        return
    size = next((float(found[1]) for style in look.styles if (found := _SIZE.search(style))), 16.0)
    if size < _SMALLEST_PX:
        yield unsubscribe_hidden.at(span, seen=f"{size:g}", least=str(_SMALLEST_PX))
    yield from _pale(look, span)
    if knows_opt_out_words(locale) and not names_opt_out(look.words, locale) and _is_said(message, facts):
        yield unsubscribe_hidden.at(span, say="words", seen=look.words[:60])


def _is_said(message: RenderedEmail, facts: Facts) -> bool:
    """Do other words of the page say it? Where none do, CAN001 has it."""
    return says_opt_out(facts.once(shown, message).html, message.version.locale)


def _pale(look: LinkLook, span: Span) -> Iterator[Diagnostic]:
    colour, ground = _first(_COLOUR, look.styles), _first(_GROUND, look.styles) or "#ffffff"
    if is_colour(colour) and is_colour(ground) and (ratio := contrast(colour, ground)) < ENOUGH_FOR_TEXT:
        # Rounded down: 4.49 isn't shown as enough.
        shown = f"{int(ratio * 10) / 10:.1f}"
        yield unsubscribe_hidden.at(
            span, say="pale", seen=colour, ground=ground, ratio=shown, least=f"{ENOUGH_FOR_TEXT:g}"
        )


def _first(pattern: re.Pattern[str], styles: tuple[str, ...]) -> str:
    """The innermost value, as a colour of six digits; "" where none is stated."""
    found = next((found[1].lower() for style in styles if (found := pattern.search(style))), "")
    return _NAMED.get(found, found)


def _has_own_layouts(facts: Facts) -> bool:
    return bool(own_mjml_paths(facts))
