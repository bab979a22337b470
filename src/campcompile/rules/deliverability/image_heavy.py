"""DEL006: an e-mail that says with a picture what words should say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campcompile.analysis.columns import columns
from campcompile.analysis.facts import Facts
from campcompile.analysis.figures import figures, without_partner
from campcompile.analysis.flat import without_marks
from campcompile.analysis.limits import limits
from campcompile.analysis.shown import shown
from campcompile.analysis.version_words import Part, version_words
from campcompile.model.campaign import Asset, Block
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity

_LIMITS = "rules/data/weight.yaml"


@rule(
    code="DEL006",
    slug="image-heavy",
    severity=Severity.WARNING,
    message="beside its pictures, this e-mail has words of only {seen} columns; below {most}, filters take it for spam",
    help="say in words what the picture shows",
    also={
        "alone": (
            "this e-mail is a picture, and says nothing in words",
            "say in words what it is about: many see no pictures, and no search finds them",
        ),
        "facts": (
            "`{seen}` stands in the picture alone",
            "write it in the text as well: who sees no picture misses it",
        ),
        "weight": (
            "the pictures of this e-mail weigh {seen} bytes together, and {most} is the most we ask",
            "make them smaller: 1,200 px wide is enough",
        ),
    },
    sources=("SpamAssassin, rules HTML_IMAGE_ONLY_04 and following, 24 October 2024", "WCAG 2.2, 1.4.5"),
)
def image_heavy(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Looks at e-mails with an `image` block, and reports one that has no words beside it, one whose whole page shows
    words of less than 400 columns (a Chinese character takes two), a time, date or telephone number that the
    picture's alt text tells and no other words do, and pictures of more than 800,000 bytes together.

    A picture beside a text is fine, and so is a small one (below 40,000 pixels, such as 200 × 200). Pictures
    within the HTML itself (base64) can't be made here.

    ## Why it matters

    Many mail programs show no pictures until they are asked. A poster is then an empty frame; and since spam hides
    its words in pictures, filters give points for it.

    ## Example

    ```yaml
    body:
      - image: {src: poster.png, alt: "Flu vaccine on 21 September, 15:00"}
    ```

    ## Use instead

    ```yaml
    body:
      - text: The flu vaccine is here on 21 September from 15:00. Everybody is welcome, and it takes ten minutes.
      - image: {src: nurse.png, alt: A nurse with a bowl of plasters}
    ```

    ## Sources

    * SpamAssassin: `HTML_IMAGE_ONLY_04` (0–400 bytes of words beside pictures)
    * WCAG 2.2, 1.4.5, images of text
    """
    pictures = [block for block in message.version.blocks if block.kind == "image"]
    if not pictures:
        return
    known = limits(_LIMITS)
    large = [block for block in pictures if _pixels(block) >= known["large-picture-pixels"].value]
    parts = facts.once(version_words, message.version).parts
    least = known["fewest-columns-beside-a-picture"].value
    if large and not _says_something(parts, message.version.blocks):
        yield image_heavy.at(large[0].span, say="alone")
    elif large and (seen := columns(without_marks(facts.once(shown, message).page.words))) < least:
        yield image_heavy.at(large[0].span, seen=str(seen), most=f"{least:g}")
    yield from _facts_in_pictures(parts, message, facts)
    weight = sum(picture.size for picture in {_asset(block) for block in pictures} if picture)
    if weight > known["pictures-bytes"].value:
        most = f"{known['pictures-bytes'].value:,.0f}"
        yield image_heavy.at(pictures[0].span, say="weight", seen=f"{weight:,}", most=most)


def _says_something(parts: Sequence[Part], blocks: Sequence[Block]) -> bool:
    """Is there a text that is no greeting, label or alt text?"""
    return any(blocks[part.block].kind not in ("image", "button") and not blocks[part.block].phrase
               for part in parts if part.block >= 0 and part.texts) or any(
        block.kind in ("appointment", "place", "event") for block in blocks
    )  # fmt: skip


def _facts_in_pictures(parts: Sequence[Part], message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    locale = message.version.locale
    for part in parts:
        if part.field != "alt" or not any(any(map(str.isdigit, line.text)) for line in part.lines):
            continue
        others = "\n".join(line.text for other in parts if other is not part for line in other.lines)
        for line in part.lines:
            for figure in without_partner(figures(line.text, locale), figures(others, locale)):
                if any(reading[0] in "tdp" for reading in figure.readings):  # a bare number may be a year or a count
                    source = facts.source(line.stretches[0].span.path)
                    yield image_heavy.at(line.span(figure.start, figure.end, source), say="facts", seen=figure.text)


def _asset(block: Block) -> Asset | None:
    picture = block.fields.get("src")
    return picture if isinstance(picture, Asset) else None


def _pixels(block: Block) -> int:
    picture = _asset(block)
    return picture.width * picture.height if picture else 0
