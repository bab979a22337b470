"""A11Y007: words that are small, cramped, or run on too far."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import limits
from campcompile.analysis.look import Looks, Run
from campcompile.analysis.own_layouts import own_layouts
from campcompile.model.campaign import Programme
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import are_own_layouts_sound, layout_span, written_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Span

_LIMITS = "rules/data/legibility.yaml"
_WIDE_LETTERS = ("zh", "ja", "ko")
_HEADING_PX = 18.0  # from here on words are titles, which may stand closer
_BODY = regex(r"\{\{-?\s*body\s*-?\}\}")


@rule(
    code="A11Y007",
    slug="text-size-and-spacing",
    severity=Severity.WARNING,
    message="words of {size} px are hard to read",
    help='write `font-size="16px"`; 14 px is the least for a body, 12 px for a footer',
    also={
        "tiny": (
            "words of {size} px can't be read without a glass",
            'write `font-size="14px"` or more, also in a footer',
        ),
        "cramped": (
            "lines of {seen} times the size stand too close",
            'write `line-height="1.5"`',
        ),
        "long-lines": (
            "lines of about {count} letters are too long to find the next one",
            "make the letters larger or the column narrower: up to {most} letters a line are easy",
        ),
        "adjust": (
            "`{shown}` keeps people from making words larger",
            "take it out, or write `100%`",
        ),
    },
    sources=("WCAG 2.2, 1.4.4, 1.4.8, 1.4.12",),
)
def text_size_and_spacing(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports, in pages made with the workspace's own layouts, words below 14 px (in a footer 12 px; below 12 px it is
    an error anywhere), lines closer than 1.4 times their size, lines of more than about 75 letters (40 in Chinese)
    on a wide screen, and a style that keeps a telephone from making words larger. Titles may stand closer.

    ## Why it matters

    Patients are older than other readers. What is small on a screen is smaller on a telephone held at arm's length,
    and MJML's own default is 13 px.

    ## Example

    ```html
    <mj-text font-size="12px" line-height="1.1">{{ text }}</mj-text>
    ```

    ## Use instead

    ```html
    <mj-text font-size="16px" line-height="1.5">{{ text }}</mj-text>
    ```

    ## Sources

    * WCAG 2.2, 1.4.4 Resize Text, 1.4.12 Text Spacing (AA), 1.4.8 Visual Presentation (AAA)
    * 14 and 12 px, 75 letters: our own rule
    """
    if not are_own_layouts_sound(facts):
        return
    told: set[tuple[str, str]] = set()
    for run in facts.once(Looks, facts.programme).of(message).runs:
        for found in _faults(run, message, facts):
            if (key := (found.say, found.message)) not in told:
                told.add(key)
                yield found


@rule(text_size_and_spacing.rule)
def fixed_text_size(programme: Programme, facts: Facts) -> Found:
    """A layout that forbids a telephone to make words larger."""
    for layout in facts.once(own_layouts, facts.layouts):
        for declaration in layout.declarations:
            if declaration.name.endswith("text-size-adjust") and declaration.value == "none":
                shown = f"{declaration.name}: none"
                yield text_size_and_spacing.at(declaration.span, say="adjust", shown=shown)


def _faults(run: Run, message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    known = limits(_LIMITS)
    size = f"{run.size_px:g}"
    if run.size_px < known["least-size"].value:
        yield text_size_and_spacing.at(_size_span(size, message, facts), say="tiny", severity=Severity.ERROR, size=size)
    elif run.size_px < known["body-size"].value:
        span = _size_span(size, message, facts)
        if not _is_footer(span, facts):
            yield text_size_and_spacing.at(span, size=size)
    if _is_button(run):
        return
    if run.line_height < known["line-height"].value and run.size_px < _HEADING_PX:
        yield text_size_and_spacing.at(
            _line_span(run, size, message, facts), say="cramped", seen=f"{run.line_height:g}"
        )
    wide = message.version.locale.partition("-")[0] in _WIDE_LETTERS
    most = known["line-letters-wide" if wide else "line-letters"].value
    letters = run.width_px / (run.size_px * (1 if wide else known["letter-width"].value))
    if letters > most:
        yield text_size_and_spacing.at(
            _size_span(size, message, facts), say="long-lines", count=f"{letters:.0f}", most=f"{most:.0f}"
        )


def _size_span(size: str, message: RenderedEmail, facts: Facts) -> Span:
    """Where a size is written; else the first text that says none, as MJML's own is 13 px."""
    written = rf"font-size\s*[:=]\s*[\"']?{re.escape(size)}px"
    return written_span(message, facts, written, r"<mj-text(?![^>]*font-size)") or layout_span(message, facts)


def _line_span(run: Run, size: str, message: RenderedEmail, facts: Facts) -> Span:
    line_px = round(run.line_height * run.size_px, 2)
    ways = (f"{run.line_height:g}0?", f"{run.line_height * 100:g}%", f"{line_px:g}px")
    written = rf"line-height\s*[:=]\s*[\"']?(?:{'|'.join(ways)})(?![\d.])"
    place = written_span(message, facts, written, r"<mj-text(?![^>]*line-height)")
    return place or _size_span(size, message, facts)


def _is_button(run: Run) -> bool:
    return run.is_link and run.light.ground != run.light.around


def _is_footer(span: Span, facts: Facts) -> bool:
    """Whether a size is written below the body of a layout, or in a file for what stands there."""
    name = span.path.rpartition("/")[2]
    if "foot" in name or "legal" in name:
        return True
    source = facts.source(span.path)
    body = _BODY.search(source.text) if source else None
    return body is not None and span.start > body.start()
