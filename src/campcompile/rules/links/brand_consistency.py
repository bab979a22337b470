"""LNK004: what a practice looks like, said in more than one place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.contrast import channels
from campcompile.analysis.facts import Facts
from campcompile.analysis.version_words import WordLine, lines_in, version_words
from campcompile.model.campaign import Asset, Block, Line, Programme, Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity

_THEME = "layouts/theme.yaml"
_COLOUR = regex(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b(?!;)")
_COMMENT = regex(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_GREY = 24  # of 255: how far apart the channels of a colour lie that belongs to nobody's brand
_LOGO = regex(r"(?:^|[-_/ ])logo(?:type)?(?:[-_ 0-9.]|$)", re.IGNORECASE)


@rule(
    code="LNK004",
    slug="brand-consistency",
    severity=Severity.INFO,
    message="`{seen}` is written into the layout, beside the colours of theme.yaml",
    help="name the theme's colour, such as `{{{{ theme.accent }}}}`: then one file changes them all",
    also={
        "name": (
            "`{seen}` is typed, and the readers of other sites know the practice by another name",
            "write `{{{{ practice.name }}}}`: it prints the name of the reader's own site",
        ),
        "logo": (
            "`{seen}` looks like a logo, and theme.yaml has another one",
            "leave the logo to the layout: it is on top of every e-mail",
        ),
        "person": (
            "this picture seems to show {name}",
            "ask whether it may be sent; where it may, write `# allow LNK004` above it, with the consent as reason",
        ),
    },
)
def brand_consistency(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Notes, where a workspace has a theme.yaml, a colour that a layout of its own writes out instead of naming the
    theme's; greys, black and white are nobody's brand. It notes the practice's own name typed into words,
    where sites have names of their own; a picture that looks like a second logo; and a picture whose file or alt
    text names one of the `staff`, so that somebody asks whether the colleague has agreed.

    ## Why it matters

    A message that looks like the last one is trusted, and one that doesn't looks like fraud. When the colours
    change, they should change in one place.

    ## Example

    ```html
    <mj-text color="#aa3322">…</mj-text>
    ```

    ## Use instead

    ```html
    <mj-text color="{{ theme.accent }}">…</mj-text>
    ```

    ## Sources

    * A policy of ours, as advice to practices has it: one logo, one set of colours, one name
    """
    if _THEME not in facts.documents:
        return
    for path, source in facts.sources.items():
        if path.startswith("layouts/") and path.endswith(".mjml"):
            told = set()
            for found in _COLOUR.finditer(_COMMENT.sub(lambda note: " " * len(note[0]), source.text)):
                colour = found[0].lower()
                if colour not in told and not _is_grey(colour):
                    told.add(colour)
                    yield brand_consistency.at(source.span(found.start(), found.end()), seen=found[0])


@rule(brand_consistency.rule)
def names_and_pictures(version: Version, facts: Facts) -> Found:
    """The practice's name as typed words; pictures of a logo or of people."""
    practice = facts.programme.settings.practice
    name = practice.value("name")
    others = {site.values["name"] for site in practice.sites.values() if site.values.get("name", name) != name}
    if name and others and name in (words := facts.once(version_words, version)).text:
        for line in words.lines:
            yield from _typed_name(line, name, others, facts)
    for block in version.blocks:
        if block.kind == "image":
            yield from _picture(block, practice.staff, facts)


def _typed_name(line: WordLine, name: str, others: set[str], facts: Facts) -> Iterator[Diagnostic]:
    """Where the name stands and isn't the beginning of a site's or of a longer word."""
    text = line.text
    for other in sorted(others, key=len, reverse=True):
        text = text.replace(other, " " * len(other))
    if found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        span = line.span(found.start(), found.end(), facts.source(line.stretches[0].span.path))
        yield brand_consistency.at(span, say="name", seen=name)


def _picture(block: Block, staff: tuple[str, ...], facts: Facts) -> Iterator[Diagnostic]:
    picture, alt = block.fields.get("src"), block.fields.get("alt")
    if not isinstance(picture, Asset):
        return
    file = picture.path.rpartition("/")[2]
    theme = facts.source(_THEME)
    if _LOGO.search(file) and theme is not None and "logo" in theme.text and file not in theme.text:
        yield brand_consistency.at(block.spans.get("src", block.span), say="logo", seen=file)
    words = " ".join(line.text for line in lines_in(alt.words)) if isinstance(alt, Line) else ""
    shown = re.sub(r"[\W_\d]+", " ", f"{file} {words}").casefold()
    for person in staff:
        if person.casefold() in shown:
            yield brand_consistency.at(block.spans.get("src", block.span), say="person", name=person)


def _is_grey(colour: str) -> bool:
    red, green, blue = channels(colour)
    return max(red, green, blue) - min(red, green, blue) <= _GREY
