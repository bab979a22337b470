"""Where a template tag of a layout stands in the markup, and what may be printed there."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from campcompile.parts import Context
from campcompile.regex import regex
from campcompile.syntax import findings_lay as lay
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.findings_tpl import UNSAFE_INTERPOLATION
from campcompile.syntax.jinja import Chunk, Kind
from campcompile.syntax.layout_tree import Place
from campcompile.syntax.markup import HOLE, NOTE, STATEMENT, css_ascii, decode_attribute, escape_attribute, in_ascii
from campcompile.syntax.mjml_check import may_hold
from campcompile.syntax.mjml_facts import facts
from campcompile.syntax.mjml_tree import Attribute, Comment, Element, Node, Tree, has_filler
from campcompile.syntax.source import Span
from campcompile.values import dataclass

_FILLERS = {Kind.PRINT: HOLE, Kind.TAG: STATEMENT, Kind.COMMENT: NOTE, Kind.RAW: NOTE}
_ADDRESS_PREFIX = regex(rf"(?:mailto|tel):{HOLE}+")
_ONLY_ADDRESSES = regex(rf"\s*[{HOLE}{STATEMENT}{NOTE}]+\s*")
# Types of MJML attributes whose values don't end in a style or decide how the renderer works.
_WORDY = frozenset({"text", "link", "picture"})


def blanked(text: str, chunks: list[Chunk]) -> str:
    """`text` with its template tags replaced, to the same length, by characters that no layout holds."""
    return "".join(
        _FILLERS[chunk.kind] * (chunk.end - chunk.start) if chunk.kind in _FILLERS else text[chunk.start : chunk.end]
        for chunk in chunks
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """A stretch of a layout that may hold template tags: text, an attribute's value, or a comment."""

    start: int
    end: int
    element: Element | None  # around the text, or the attribute's own; None at the top
    attribute: Attribute | None
    comment: bool

    def same_as(self, other: Spot) -> bool:
        """Whether two template tags that stand in these may belong together."""
        return (
            self.element is other.element
            and self.attribute is other.attribute
            and not self.comment
            and not other.comment
        )

    @property
    def parent(self) -> str:
        return self.element.name if self.element else ""

    @property
    def between_tags(self) -> bool:
        """Whether MJML elements stand here, and words can't."""
        row = facts().tags.get(self.parent)
        return self.attribute is None and row is not None and row.content == "tags"

    @property
    def in_style(self) -> bool:
        if self.attribute is None:
            return self.parent in ("mj-style", "style")
        row = facts().tags.get(self.parent)
        if row is None:
            return self.attribute.name.lower() == "style"
        return row.attributes.get(self.attribute.name, "text").split(" ")[0] not in _WORDY

    @property
    def is_address(self) -> bool:
        if self.attribute is None:
            return False
        row = facts().tags.get(self.parent)
        if row is None:
            return self.attribute.name.lower() in facts().html_links | facts().html_pictures
        return row.attributes.get(self.attribute.name) in ("link", "picture")


class Spots:
    """All spots of one layout, found by offset."""

    def __init__(self, text: str, tree: Tree, place_of_top: bool) -> None:
        self._text = text
        self._spots = sorted(_spots(tree), key=lambda spot: (spot.start, spot.end))
        self._starts = [spot.start for spot in self._spots]
        self._top_is_markup = place_of_top

    def at(self, start: int, end: int) -> Spot | None:
        """The spot that holds `text[start:end]`; None inside a tag, but outside its values."""
        index = bisect_right(self._starts, start) - 1
        while index >= 0:
            spot = self._spots[index]
            if spot.start <= start and end <= spot.end:
                return spot
            if spot.end > spot.start:
                return None
            index -= 1
        return None

    def markup_at(self, spot: Spot) -> bool:
        """Whether whole MJML elements stand at a spot."""
        if spot.attribute is None and spot.element is None:
            return self._top_is_markup
        return spot.between_tags

    def pieces(self, start: int, end: int) -> Iterator[tuple[str, int, int]]:
        """`text[start:end]` in stretches, each as it goes into MJML, with the offsets that it comes from.

        All come out in ASCII: mjml-python garbles what isn't in attributes, and panics where a `>` follows it.
        """
        at = start
        index = max(bisect_right(self._starts, start) - 1, 0)
        for spot in islice(self._spots, index, None):
            if spot.start >= end:
                break
            low, high = max(spot.start, at), min(spot.end, end)
            if low >= high:
                continue
            if low > at:
                yield in_ascii(self._text[at:low]), at, low
            yield _literal(self._text[low:high], spot), low, high
            at = high
        if at < end:
            yield in_ascii(self._text[at:end]), at, end


def _literal(text: str, spot: Spot) -> str:
    # mjml-python prints the title as the value of an aria-label, too.
    if spot.attribute is not None or spot.parent == "mj-title":
        return escape_attribute(decode_attribute(text))
    if spot.in_style:
        return css_ascii(text)
    return in_ascii(text)


def _spots(tree: Tree) -> Iterator[Spot]:
    waiting: list[tuple[Node, Element | None]] = [(node, None) for node in tree.nodes]
    while waiting:
        node, parent = waiting.pop()
        if not isinstance(node, Element):
            yield Spot(node.span.start, node.span.end, parent, None, isinstance(node, Comment))
            continue
        for attribute in node.attributes:
            yield Spot(attribute.span.start, attribute.span.end, node, attribute, False)
        waiting.extend((child, node) for child in node.children)


def placed(spots: Spots, spot: Spot | None) -> tuple[Context, Place]:
    """How a value at a spot is escaped, and what it may be."""
    if spot is None or spot.comment:
        return Context.TEXT, Place.WORDS
    if spot.in_style:
        return (Context.TEXT if spot.attribute is None else Context.ATTRIBUTE), Place.STYLE
    if spot.is_address:
        assert spot.attribute is not None
        whole = _ONLY_ADDRESSES.fullmatch(spot.attribute.value)
        return (Context.URL if whole else Context.ATTRIBUTE), Place.ADDRESS
    if spot.attribute is not None or spot.parent == "mj-title":
        return Context.ATTRIBUTE, Place.VALUE
    return Context.TEXT, Place.MARKUP if spots.markup_at(spot) else Place.WORDS


def check_print(
    spots: Spots, spot: Spot | None, name: str, span: Span, *, markup: frozenset[str], fixed: frozenset[str]
) -> Iterator[Diagnostic]:
    """Findings about printing `name` at a spot: `markup` are names of MJML, `fixed` those that a style may print."""
    if spot is None:
        yield UNSAFE_INTERPOLATION.at(span, say="tag", seen=name)
        return
    if spot.comment:
        yield UNSAFE_INTERPOLATION.at(span, say="comment", seen=name)
        return
    attribute = spot.attribute
    if attribute is not None and not attribute.quote:
        yield UNSAFE_INTERPOLATION.at(span, say="unquoted", seen=name, name=attribute.name)
        return
    _, place = placed(spots, spot)
    if name in markup and place is not Place.MARKUP:
        yield lay.TEMPLATE_PLACE.at(span, say="markup", written=name, parent=spot.parent)
    elif name in markup and spot.parent and not may_hold(spot.parent, "mj-text"):
        yield lay.TEMPLATE_PLACE.at(span, say="blocks", written=name, parent=spot.parent)
    elif place is Place.MARKUP and name not in markup:
        yield lay.TEMPLATE_PLACE.at(span, say="words", written=name)
    elif place is Place.STYLE and name.partition(".")[0] not in fixed:
        yield UNSAFE_INTERPOLATION.at(span, say="style", seen=name)
    elif place is Place.ADDRESS:
        assert attribute is not None
        if not _ONLY_ADDRESSES.fullmatch(attribute.value) and not _ADDRESS_PREFIX.fullmatch(attribute.value):
            yield UNSAFE_INTERPOLATION.at(span, say="address", seen=name)


def is_literal_picture(attribute: Attribute, element: Element) -> bool:
    """Whether an attribute holds `assets/NAME`, written out."""
    row = facts().tags.get(element.name)
    picture = (
        attribute.name.lower() in facts().html_pictures
        if row is None
        else row.attributes.get(attribute.name) == "picture"
    )
    return picture and attribute.value.startswith("assets/") and not has_filler(attribute.value)
