"""A11Y008: a button or a link too small for a finger."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.analysis.look import Looks, Target
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.rules.places import are_own_layouts_sound, layout_span, written_span
from campcompile.syntax.findings import Diagnostic, Severity

_LIMITS = "rules/data/legibility.yaml"
_BUTTON = (r"inner-padding=\"[^\"]*\"", r"<mj-button(?=[\s>])", r"<a\b(?=[^>]*background)", r"<a\b(?=[^>]*padding)")
_LINK = (r"<mj-navbar-link(?=[\s>])", r"<a\b(?=[^>]*block)", r"<a\b")
_PICTURE = (r"<mj-social-element(?=[\s>])", r"<mj-social(?=[\s>])", r"<img\b", r"<mj-image(?=[^>]*href)")


@rule(
    code="A11Y008",
    slug="touch-target",
    severity=Severity.ERROR,
    message="this button is {height} px high; a finger needs {least} px",
    help='write `inner-padding="14px 24px"` with `line-height="20px"` or more: 48 px in all',
    also={
        "link": (
            "this link stands by itself and is {height} px high; a finger needs {least} px",
            "give it room: `display:inline-block;padding:12px 0`",
        ),
        "picture": (
            "this picture is a link of {width} x {height} px; a finger needs {least} px either way",
            "make it larger, or give the link padding around it",
        ),
    },
    sources=("WCAG 2.2, 2.5.5 (AAA) and 2.5.8 (AA)",),
)
def touch_target(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports, in pages made with the workspace's own layouts or blocks, a button that is less than 44 px high, and a
    link or picture that stands by itself with less than 24 px. A link within a sentence is as high as the sentence,
    and may be.

    ## Why it matters

    A thumb covers about 44 px. Whoever trembles, or holds a child with the other arm, hits what is beside a smaller
    target, and confirms where they meant to cancel.

    ## Example

    ```html
    <mj-button inner-padding="4px 8px" font-size="14px">{{ label }}</mj-button>
    ```

    ## Use instead

    ```html
    <mj-button inner-padding="14px 24px" font-size="16px" line-height="20px">{{ label }}</mj-button>
    ```

    ## Sources

    * WCAG 2.2, 2.5.5 Target Size (Enhanced), AAA: 44 px, which we ask of buttons
    * WCAG 2.2, 2.5.8 Target Size (Minimum), AA: 24 px
    """
    if not are_own_layouts_sound(facts):
        return
    for target in facts.once(Looks, facts.programme).of(message).targets:
        yield from _too_small(target, message, facts)


def _too_small(target: Target, message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    known = limits(_LIMITS)
    least = known["button-height" if target.is_button else "link-height"].value
    sizes = (target.height_px, target.width_px) if target.is_picture else (target.height_px,)
    if min(sizes) >= least or target.height_px <= 0:
        return
    say = "picture" if target.is_picture else "" if target.is_button else "link"
    patterns = _picture(target) if target.is_picture else _BUTTON if target.is_button else _LINK
    yield touch_target.at(
        written_span(message, facts, *patterns) or layout_span(message, facts),
        say=say,
        height=f"{target.height_px:g}",
        width=f"{target.width_px:g}",
        least=f"{least:g}",
    )


def _picture(target: Target) -> tuple[str, ...]:
    """Patterns for a picture of this very size, then for any."""
    wide, high = target.picture_px
    width, height = _stated("width", wide), _stated("height", high)
    icon = rf"<mj-social(?:-element)?(?=[^>]*icon-size=\"{wide:g}px\")"
    return (rf"<(?:img|mj-image)\b{width}{height}", rf"<(?:img|mj-image)\b{width}", icon, *_PICTURE)


def _stated(name: str, px: float) -> str:
    return rf"(?=[^>]*(?<![\w-]){name}\s*[:=]\s*[\"']?{px:g}(?:px)?(?![\d.%]))"
