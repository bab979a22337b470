"""A11Y005: words in a compiled page that can hardly be told from what is behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.contrast import contrast as ratio_of
from campcompile.analysis.contrast import mix
from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.analysis.look import Ink, Look, Looks, Run
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, Unknown, rule
from campcompile.rules.places import are_own_layouts_sound, layout_span, written_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Span
from campcompile.syntax.tree import Mapping, Scalar

_LIMITS = "rules/data/legibility.yaml"
_THEME = "layouts/theme.yaml"
_INKS = frozenset(("text", "muted", "accent", "on_accent"))  # judged where a theme states them (LAY030)


@rule(
    code="A11Y005",
    slug="contrast",
    severity=Severity.ERROR,
    message="`{colour}` on `{ground}` has a contrast of {ratio}:1 {where}; at least {least}:1 is needed",
    help="choose a colour with more contrast; `{better}` keeps the hue",
    also={
        "edge": (
            "this button's `{colour}` can't be told from the `{ground}` around it: {ratio}:1, at least {least}:1",
            "choose a ground with more contrast, such as `{better}`, or give the button a border",
        ),
    },
    sources=("WCAG 2.2, 1.4.3 and 1.4.11 (AA)",),
)
def contrast(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Computes the colours of all words of a compiled page, with what is behind them, as a mail client does: in light
    mode, and in the page's own dark mode. It reports words with less than 4.5:1, large ones (from 24 px, or bold
    from 18.66 px) with less than 3:1, and a filled button whose ground has less than 3:1 to what is around it and
    that has no border. Words on a picture without a colour behind it can't be decided.

    It looks at pages made with the workspace's own layouts or blocks, and points at the colour there. The colours
    of theme.yaml are judged where they are stated (LAY030), what a client's forced dark mode makes of them is
    RSP005.

    ## Why it matters

    Of your readers over 65 every fourth sees less than is needed for pale grey on white. A pale *unsubscribe* is also
    what spam looks like.

    ## Example

    ```html
    <mj-text color="#9a9a9a">{{ words.unsubscribe }}</mj-text>
    ```

    ## Use instead

    ```html
    <mj-text color="#595959">{{ words.unsubscribe }}</mj-text>
    ```

    ## Sources

    * WCAG 2.2, 1.4.3 Contrast (Minimum), AA; 1.4.11 Non-text Contrast, AA
    * European Accessibility Act (EN 301 549); Section 504 (US)
    """
    if not are_own_layouts_sound(facts):
        return
    look = facts.once(Looks, facts.programme).of(message)
    told: set[tuple[str, str]] = set()
    for run in sorted(look.runs, key=_least, reverse=True):  # what is enough for small words is for large ones
        yield from _pale_words(run, message, facts, told)
    yield from _pale_buttons(look, message, facts)


def _pale_words(
    run: Run, message: RenderedEmail, facts: Facts, told: set[tuple[str, str]]
) -> Iterator[Diagnostic | Unknown]:
    least = _least(run)
    for ink, where in ((run.light, "in light mode"), (run.dark, "in dark mode")):
        pair = (ink.colour, ink.ground)
        if pair in told:
            continue
        told.add(pair)
        if not ink.ground:
            yield Unknown("no colour is set behind words on a picture", _place(message, facts, "background-url", "url"))
        elif ink.colour and (ratio := ratio_of(ink.colour, ink.ground)) < least and not _of_theme(ink, facts):
            yield contrast.at(
                _place(message, facts, *_of_size(ink.colour, run), *_as_written(ink.colour), *_as_written(ink.ground)),
                colour=ink.colour,
                ground=ink.ground,
                ratio=_shown(ratio),
                least=f"{least:g}",
                where=where,
                better=_better(ink.colour, ink.ground, least),
            )


def _pale_buttons(look: Look, message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    least = limits(_LIMITS)["contrast-edge"].value
    for target in look.targets:
        ink = target.light
        if not target.is_filled or target.is_picture or not (ink.ground and ink.around):
            continue
        seen = max(ratio_of(colour, ink.around) for colour in (ink.ground, target.edge or ink.around))
        if seen < least and ink.ground != ink.around:
            yield contrast.at(
                _place(message, facts, *_as_written(ink.ground), *_as_written(ink.around)),
                say="edge",
                colour=ink.ground,
                ground=ink.around,
                ratio=_shown(seen),
                least=f"{least:g}",
                better=_better(ink.ground, ink.around, least),
            )


def _least(run: Run) -> float:
    known = limits(_LIMITS)
    is_large = run.size_px >= known["large-bold" if run.is_bold else "large"].value
    return known["contrast-large" if is_large else "contrast"].value


def _of_theme(ink: Ink, facts: Facts) -> bool:
    """Two colours of theme.yaml that it means for words and their ground: told at the theme."""
    document = facts.documents.get(_THEME)
    if document is None:
        return False
    stated: dict[str, set[str]] = {}
    for name in ("colours", "dark"):
        node = document.root.get(name)
        for entry in node.entries if isinstance(node, Mapping) else ():
            if isinstance(entry.value, Scalar):
                stated.setdefault(entry.value.value.lower(), set()).add(entry.key.value)
    return bool(stated.get(ink.colour, set()) & _INKS) or (ink.ground in stated and ink.colour not in stated)


def _place(message: RenderedEmail, facts: Facts, *patterns: str) -> Span:
    return written_span(message, facts, *patterns) or layout_span(message, facts)


def _as_written(colour: str) -> tuple[str, ...]:
    """Patterns for the ways to write `#aabbcc`: long, short, with what is see-through left out."""
    short = f"#{colour[1]}{colour[3]}{colour[5]}"
    is_short = colour == "#" + "".join(digit * 2 for digit in short[1:])
    return (re.escape(colour), rf"{re.escape(short)}\b") if is_short else (re.escape(colour),)


def _of_size(colour: str, run: Run) -> Iterator[str]:
    """Patterns for a colour in a tag that states the size of these words."""
    for written in _as_written(colour):
        yield rf"{written}(?=[^<>]*font-size\s*[:=]\s*[\"']?{run.size_px:g}px)"


def _better(colour: str, ground: str, least: float) -> str:
    towards = max(("#000000", "#ffffff"), key=lambda end: ratio_of(end, ground))
    shades = (mix(towards, colour, step / 20) for step in range(21))
    return next((shade for shade in shades if ratio_of(shade, ground) >= least), towards)


def _shown(ratio: float) -> str:
    """Rounded down: 4.49 is not 4.5."""
    return f"{int(ratio * 10) / 10:.1f}"
