"""RSP005: a layout or theme that wasn't made for dark mode."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.colours import inverted
from campcompile.analysis.contrast import contrast, is_colour
from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.analysis.look import Looks
from campcompile.analysis.own_layouts import OwnLayout, own_layouts
from campcompile.model.campaign import Programme
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import are_own_layouts_sound, written_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.tree import Mapping, Scalar

_LIMITS = "rules/data/legibility.yaml"
_THEME = "layouts/theme.yaml"
_LOGO_GROUND = regex(r"logo[^{}]*\{[^{}]*background", re.IGNORECASE)
_SAYS_SO = ("color-scheme", "parts/look.mjml")


@rule(
    code="RSP005",
    slug="dark-mode",
    severity=Severity.INFO,
    message="this layout doesn't say that it has been made for dark mode",
    help='put `{{% include "parts/look.mjml" %}}` into `<mj-head>`, or a `<meta name="color-scheme">` of your own',
    also={
        "inverted": (
            "`{colour}` on `{ground}` has a contrast of {ratio}:1 once a mail client inverts it for dark mode",
            "choose a darker or lighter one: colours of middling brightness stay as they are, their ground doesn't",
        ),
        "logo": (
            "a dark reader may see nothing of this logo: no ground is set for it in dark mode",
            "give it a light ground under `@media (prefers-color-scheme: dark)`, as the standard header does",
        ),
    },
    sources=("caniemail: css-at-media-prefers-color-scheme, html-meta-color-scheme",),
)
def dark_mode(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Notes a layout of the workspace's own that says nothing of dark mode (`color-scheme`), one that prints the
    logo without a ground for it in the dark, and colours that can't be told from their ground once a mail client
    inverts them: those of theme.yaml, and those of a page made with the workspace's own layouts.

    It can't see into a picture: whether a logo is black, or a picture holds words on white, a person must look.

    ## Why it matters

    Apple Mail, Outlook.com and Samsung follow a page's own dark colours. Gmail and Outlook on Windows invert what
    they find. Black letters of a logo without a ground are then black on black.

    ## Example

    ```html
    <mj-head><mj-title>{{ subject }}</mj-title></mj-head>
    ```

    ## Use instead

    ```html
    <mj-head><mj-title>{{ subject }}</mj-title>{% include "parts/look.mjml" %}</mj-head>
    ```

    ## Sources

    * caniemail.com: `prefers-color-scheme` is known to Apple Mail, Outlook.com and Samsung, not to Gmail and Outlook
      on Windows
    * how a client inverts colours is published nowhere: inverting lightness (HSL) is our stand-in
    """
    used = {f"layouts/{campaign.layout}.mjml" for campaign in programme.campaigns}
    for layout in facts.once(own_layouts, facts.layouts):
        if layout.source.path in used:
            yield from _unsaid(layout)
    yield from _theme_in_the_dark(facts)


@rule(dark_mode.rule)
def inverted_page(message: RenderedEmail, facts: Facts) -> Found:
    """Colours that a workspace's own layouts put together."""
    if not are_own_layouts_sound(facts):
        return
    least = limits(_LIMITS)["contrast-inverted"].value
    for run in facts.once(Looks, facts.programme).of(message).runs:
        ink, ground = run.light.colour, run.light.ground
        if ink and ground and (ratio := _inverted_contrast(ink, ground)) < least <= contrast(ink, ground):
            span = written_span(message, facts, f"{ink}\\b", f"{ground}\\b")
            if span is not None:
                yield dark_mode.at(span, say="inverted", colour=ink, ground=ground, ratio=_shown(ratio))


def _unsaid(layout: OwnLayout) -> Iterator[Diagnostic]:
    text = layout.source.text
    if not any(sign in text for sign in _SAYS_SO):
        head = text.find("<mj-head")
        at = max(head, text.find("<mjml"), 0) if head < 0 else head
        yield dark_mode.at(layout.source.span(at + 1, at + len("mj-head" if head >= 0 else "mjml") + 1))
    elif "parts/look.mjml" not in text and "prefers-color-scheme" in text:
        for output in layout.file.outputs:
            if output.name.path == "theme.logo" and not _LOGO_GROUND.search(text):
                yield dark_mode.at(output.span, say="logo")


def _theme_in_the_dark(facts: Facts) -> Iterator[Diagnostic]:
    document = facts.documents.get(_THEME)
    colours = document.root.get("colours") if document else None
    if not isinstance(colours, Mapping):
        return
    stated = {entry.key.value: entry.value for entry in colours.entries if isinstance(entry.value, Scalar)}
    card = stated["card"].value if "card" in stated else "#ffffff"
    least = limits(_LIMITS)["contrast-inverted"].value
    for name in ("text", "muted", "accent"):
        scalar = stated.get(name)
        if scalar is None or not is_colour(scalar.value) or not is_colour(card):
            continue
        ratio = _inverted_contrast(scalar.value, card)
        if ratio < least <= contrast(scalar.value, card):
            yield dark_mode.at(scalar.span, say="inverted", colour=scalar.value, ground=card, ratio=_shown(ratio))


def _inverted_contrast(ink: str, ground: str) -> float:
    return contrast(inverted(ink), inverted(ground))


def _shown(ratio: float) -> str:
    """Rounded down: 2.99 is not 3."""
    return f"{int(ratio * 10) / 10:.1f}"
