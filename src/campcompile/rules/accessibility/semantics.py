"""A11Y003: headings, lists, paragraphs and tables that only look like ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from campcompile.analysis.columns import columns
from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_OPEN
from campcompile.analysis.look import Looks
from campcompile.analysis.own_layouts import own_layouts
from campcompile.analysis.version_words import WordLine, lines_in, version_words
from campcompile.model import bound
from campcompile.model.campaign import Line, Programme, Prose, Version
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import are_own_layouts_sound, written_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.mjml_tree import Element, Words
from campcompile.syntax.source import Span

_LONGEST_TITLE = 60  # columns: a longer line that is bold is a sentence
_ENDS_SENTENCE = regex(r"[.!?…:;,。！？：；，]\s*$")
_BULLET = regex(
    r"\s*(?:[•·‣▪●○◦■□★☆✓✔✅➤►▶※・◆◇]|[–—](?=\s)|\(?\d{1,2}\)(?=\s)|[①-⑳]|[（(][一二三四五六七八九十]{1,2}[)）]"
    r"|[一二三四五六七八九十]{1,2}、)"
)
_ROLES = ("presentation", "none")
_BIG = regex(r"(?:^|;)\s*font-size\s*:\s*(\d+)px")
_TITLE_TAGS = ("b", "strong", "span", "font", "div", "p", "big")


@rule(
    code="A11Y003",
    slug="semantics",
    severity=Severity.ERROR,
    message="this `<table>` doesn't say whether it lays things out or holds data",
    help='write `<table role="presentation">`, or head its columns with `<th scope="col">`',
    also={
        "scope": (
            "this `<th>` doesn't say whether it heads a column or a row",
            'write `<th scope="col">` or `<th scope="row">`',
        ),
        "big-words": (
            "these words only look like a heading",
            "write `<h1>` or `<h2>` around them, with the same style",
        ),
        "bold-line": (
            "`{words}` is bold, and stands where a heading would",
            "write `## {words}`: it looks alike, and screen readers find it",
        ),
        "typed-list": (
            "these lines only look like a list",
            "begin each with `- ` (or `1. `), and leave an empty line before the first",
        ),
        "skipped": (
            "a heading of level {level} comes where no heading of level {above} stands above it",
            "write `{marks}`",
        ),
        "two-h1": (
            "this page has {count} headings of level 1",
            "keep one, for what the e-mail is about, and make the others `<h2>`",
        ),
        "breaks": (
            "two line breaks stand where a paragraph ends",
            "write `<p>…</p>` around each paragraph",
        ),
    },
    sources=("WCAG 2.2, 1.3.1 Info and Relationships (A)",),
)
def semantics(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    In the workspace's own layouts and blocks: a `<table>` that is neither for layout (`role="presentation"`) nor
    has headed columns, a `<th>` without `scope`, big words that are no heading, two `<br>` instead of a paragraph,
    and more than one `<h1>`. In an author's words: a bold line instead of a `##` heading, lines that begin with
    typed bullets or numbers instead of a list, and a `###` without a `##` above it.

    A page may begin with a heading of level 1 or 2: where a layout has none of level 1, the subject is the title,
    which mail clients show above the page. A sentence that is bold, or one dash, is nothing to report.

    ## Why it matters

    A screen reader says *table with two columns* for every box that is drawn with a table, unless told not to. It
    jumps from heading to heading, and says how long a list is; bold letters and bullets mean nothing to it.

    ## Example

    ```yaml
    - text: |
        **Before your visit**

        • Bring your insurance card
        • Bring your questions
    ```

    ## Use instead

    ```yaml
    - text: |
        ## Before your visit

        - Bring your insurance card
        - Bring your questions
    ```

    ## Sources

    * WCAG 2.2, 1.3.1 Info and Relationships, A
    * Email Markup Consortium, accessibility report 2026: role missing in 83.78 % of e-mails
    """
    for layout in facts.once(own_layouts, facts.layouts):
        for element, around in layout.elements:
            yield from _markup_faults(element, around)


@rule(semantics.rule)
def semantics_of_words(version: Version, facts: Facts) -> Found:
    """What an author wrote, in each language."""
    above = 1
    for block in version.blocks:
        if isinstance(block.fields.get("title"), Line):
            above = 2
        for value in block.fields.values():
            if isinstance(value, Prose):
                yield from _bold_lines(value.text)
                for rich in value.text:
                    if isinstance(rich, bound.Heading):
                        if rich.level > above + 1:
                            yield from _skipped(rich, above)
                        above = rich.level
    for part in facts.once(version_words, version).parts:
        if len(part.lines) > 1 and part.field == "text":
            yield from _typed_list(part.lines)


@rule(semantics.rule)
def one_title(message: RenderedEmail, facts: Facts) -> Found:
    """Headings of level 1 that a workspace's own layouts print."""
    if not are_own_layouts_sound(facts):
        return
    headings = facts.once(Looks, facts.programme).of(message).headings
    if headings.count(1) > 1:
        place = written_span(message, facts, r"<h1(?=[\s>])(?=[\s\S]*<h1(?=[\s>]))", r"<h1(?=[\s>])")
        if place is not None:
            yield semantics.at(place, say="two-h1", count=str(headings.count(1)))


def _markup_faults(element: Element, around: tuple[Element, ...]) -> Iterator[Diagnostic]:
    match element.name:
        case "table":
            role = element.get("role")
            if not (role and role.value in _ROLES) and not _holds(element, "th"):
                yield semantics.at(element.name_span)
        case "th":
            if element.get("scope") is None:
                yield semantics.at(element.name_span, say="scope")
        case name if name in _TITLE_TAGS:
            style = element.get("style")
            size = _BIG.search(style.value) if style else None
            titled = any(one.name in ("h1", "h2", "h3", "h4") for one in around) or any(
                _holds(element, level) for level in ("h1", "h2", "h3", "h4")
            )
            if size and int(size[1]) >= 24 and not titled and _has_words(element):
                yield semantics.at(element.tag_span, say="big-words", severity=Severity.WARNING)
        case _:
            pass
    yield from _double_breaks(element)


def _double_breaks(element: Element) -> Iterator[Diagnostic]:
    before: Element | None = None
    for child in element.children:
        if isinstance(child, Element):
            if child.name == "br" and before is not None:
                yield semantics.at(Span(child.span.path, before.span.start, child.span.end), say="breaks")
                return
            before = child if child.name == "br" else None
        elif isinstance(child, Words) and child.text.strip():
            before = None


def _bold_lines(text: bound.RichText) -> Iterator[Diagnostic]:
    """Paragraphs that are one short bold line, and no sentence, with more below them."""
    for rich, below in pairwise(text):
        if not isinstance(rich, bound.Paragraph) or isinstance(below, bound.Heading):
            continue
        inside = [one for one in rich.children if not (isinstance(one, bound.Words) and not one.text.strip())]
        if len(inside) != 1 or not isinstance(inside[0], bound.Strong):
            continue
        lines = list(lines_in(rich.children))
        words = lines[0].text.strip() if len(lines) == 1 else ""
        if not words or SLOT_OPEN in words or ARM in words:
            continue
        if not _ENDS_SENTENCE.search(words) and columns(words) <= _LONGEST_TITLE:
            yield semantics.at(lines[0].whole(), say="bold-line", severity=Severity.WARNING, words=words)


def _typed_list(lines: Sequence[WordLine]) -> Iterator[Diagnostic]:
    """Two lines or more, one below the other, that begin with a typed bullet: told once for each such list."""
    run = 0
    for line in lines:
        run = run + 1 if _BULLET.match(line.text) else 0
        if run == 2:
            yield semantics.at(line.whole(), say="typed-list")


def _skipped(heading: bound.Heading, above: int) -> Iterator[Diagnostic]:
    line = next(lines_in(heading.children), None)
    if line is not None:
        yield semantics.at(
            line.whole(), say="skipped", level=str(heading.level), above=str(above + 1), marks="#" * (above + 1)
        )


def _holds(element: Element, name: str) -> bool:
    return any(isinstance(child, Element) and (child.name == name or _holds(child, name)) for child in element.children)


def _has_words(element: Element) -> bool:
    return any(
        child.text.strip() if isinstance(child, Words) else isinstance(child, Element) and _has_words(child)
        for child in element.children
    )
