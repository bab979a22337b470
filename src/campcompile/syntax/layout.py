"""Reads a layout or block: MJML with Jinja's tags, of which only a few, into a tree that needs no template engine.

The template tags are blanked out to the same length before the markup is read, so every finding has its
place in the file; and what stands between `{% if %}` and `{% endif %}` must be closed there, so the markup
is well formed whichever branch shows.
"""

from __future__ import annotations

import re
from dataclasses import field

from campcompile.parts import Context
from campcompile.regex import regex
from campcompile.syntax import findings_lay as lay
from campcompile.syntax.condition import parse_expression
from campcompile.syntax.decode import LOST
from campcompile.syntax.expression import Expression, Name
from campcompile.syntax.findings import Checked, Findings
from campcompile.syntax.findings_tpl import BROKEN_TAG, UNPAIRED_IF, UNSAFE_INTERPOLATION
from campcompile.syntax.jinja import Chunk, Fault, Kind, lex, tokens
from campcompile.syntax.layout_names import names_in, resolved
from campcompile.syntax.layout_places import Spot, Spots, blanked, check_print, is_literal_picture, placed
from campcompile.syntax.layout_tree import (
    Arm,
    Choice,
    Inclusion,
    LayoutFile,
    LayoutNode,
    Literal,
    NameUse,
    Output,
    PictureUse,
    Place,
    Repeat,
)
from campcompile.syntax.merge import parse_merge
from campcompile.syntax.mjml import check_mjml, forbidden_characters, oversize, read_markup
from campcompile.syntax.mjml_tree import Element, Tree
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import MappedText, Source, Span
from campcompile.syntax.suggest import nearest
from campcompile.values import dataclass

MAX_DEPTH = 32
MAX_TAGS = 2_000
MAX_TAG_LENGTH = 2_000
MARKUP_NAMES = frozenset({"body"})
FIXED_NAMES = frozenset({"theme", "src", "lang", "dir", "start", "end"})
FRAGMENTS = frozenset({"blocks", "parts"})  # folders of what stands within a layout

_WORDS = ("if", "elif", "else", "endif", "for", "endfor", "include")
_WORD = regex(r"[^\W\d]\w*")
_INCLUDED = regex(r"[a-z0-9_][a-z0-9_.-]*(?:/[a-z0-9_][a-z0-9_.-]*)*\.(?:mjml|txt)", re.IGNORECASE)
_STRAY = regex(r"[}%]\}")


def read_layout(
    source: Source,
    *,
    fragment: bool | None = None,
    markup: frozenset[str] = MARKUP_NAMES,
    fixed: frozenset[str] = FIXED_NAMES,
) -> Checked[LayoutFile]:
    """A file of layouts/, checked by itself; check_layouts (layout_files.py) checks them together.

    `markup` names what prints MJML and so stands between MJML tags; `fixed` names (by their first word) what
    may print into styles, colours and lengths, as its value is the same for every recipient.
    A file whose name ends in `.txt` is a plain-text layout: no markup is read.
    `fragment` says that the file need not begin with `<mjml>`; by default that holds in `blocks` and `parts`.
    """
    if fragment is None:
        fragment = not FRAGMENTS.isdisjoint(source.path.split("/")[:-1])
    findings = Findings()
    # LOST stands where a character was that reading the file has told of.
    findings.extend(forbidden_characters(source.text.replace(LOST, " "), source.span))
    too_large = oversize(source.text, source.span)
    if too_large or findings.found:
        findings.extend([too_large] if too_large else [])
        empty = LayoutFile(source, (), Tree((), source.whole()), (), fragment)
        return findings.done(empty)
    chunks = lex(source.text)
    plain = source.path.endswith(".txt")
    tree = Tree((), source.whole())
    if not plain:
        tree = findings.take(read_markup(blanked(source.text, chunks), source.span))
        findings.extend(check_mjml(tree, fragment=fragment))
    reader = _Reader(source, tree, plain, markup, fixed)
    return findings.done(findings.take(reader.read(chunks, fragment)))


@dataclass(slots=True)
class _Open:
    """An `if` or `for` that is still open."""

    word: str  # if, for
    tag: Chunk
    spot: Spot | None
    nodes: list[LayoutNode] = field(default_factory=list)
    arms: list[Arm] = field(default_factory=list)
    condition: Expression | None = None
    arm_tag: Chunk | None = None  # of the arm being filled
    variable: str = ""
    items: Name | None = None
    has_else: bool = False


class _Reader:
    def __init__(self, source: Source, tree: Tree, plain: bool, markup: frozenset[str], fixed: frozenset[str]) -> None:
        self.source = source
        self.text = MappedText.plain(source.text, source.path, 0)
        self.tree = tree
        self.plain = plain
        self.markup = markup
        self.fixed = fixed
        top_is_markup = any(isinstance(node, Element) and node.name.startswith("mj") for node in tree.nodes)
        self.spots = Spots(source.text, tree, top_is_markup)
        self.pictures = {
            attribute.span.start: attribute
            for element, _ in tree.elements()
            for attribute in element.attributes
            if is_literal_picture(attribute, element)
        }
        self.findings = Findings()
        self.names: list[NameUse] = []
        self.roots: list[LayoutNode] = []
        self.open: list[_Open] = []
        self.last_address: Spot | None = None  # of the last print in an address
        self.since: set[str] = set()  # the words of the tags after it

    def read(self, chunks: list[Chunk], fragment: bool) -> Checked[LayoutFile]:
        tags = 0
        for index, chunk in enumerate(chunks):
            if chunk.kind in (Kind.WORDS, Kind.VERBATIM):
                before = index > 0 and chunks[index - 1].trims_after
                after = index + 1 < len(chunks) and chunks[index + 1].trims_before
                self.words(chunk, before, after)
                continue
            tags += 1
            if tags > MAX_TAGS:
                self.findings.add(lay.TOO_LARGE.at(self.span(chunk), say="many-tags", limit=f"{MAX_TAGS:,}"))
                break
            self.tag(chunk)
        while self.open:
            self.unclosed(self.open[-1])
            self.close(self.open[-1].tag)
        return self.findings.done(LayoutFile(self.source, tuple(self.roots), self.tree, tuple(self.names), fragment))

    def span(self, chunk: Chunk) -> Span:
        return self.source.span(chunk.start, chunk.end)

    def inner(self, chunk: Chunk) -> str:
        return self.source.text[chunk.inner_start : chunk.inner_end]

    def add(self, node: LayoutNode) -> None:
        nodes = self.open[-1].nodes if self.open else self.roots
        if isinstance(node, Literal) and nodes and isinstance(before := nodes[-1], Literal):
            nodes[-1] = Literal(before.text + node.text)
        else:
            nodes.append(node)

    def words(self, chunk: Chunk, trim_start: bool, trim_end: bool) -> None:
        start, end, text = chunk.start, chunk.end, self.source.text
        if trim_start:
            start = end - len(text[start:end].lstrip())
        if trim_end:
            end = start + len(text[start:end].rstrip())
        if chunk.kind is Kind.WORDS:
            self.stray_braces(start, end)
        if self.plain:
            self.add(Literal(text[start:end]))
            return
        for shown, low, high in self.spots.pieces(start, end):
            picture = self.pictures.get(low)
            if picture is not None and high == picture.span.end:
                self.add(PictureUse(picture.value, picture.span))
            elif shown:
                self.add(Literal(shown))

    def stray_braces(self, start: int, end: int) -> None:
        for stray in _STRAY.finditer(self.source.text, start, end):
            spot = self.spots.at(*stray.span())
            if spot is None or not spot.in_style:  # CSS ends its blocks with braces, too
                span = self.source.span(*stray.span())
                self.findings.add(BROKEN_TAG.at(span, say="stray", seen=stray[0]))

    def tag(self, chunk: Chunk) -> None:
        if chunk.fault is not Fault.NONE:
            self.broken(chunk)
        elif chunk.end - chunk.start > MAX_TAG_LENGTH and chunk.kind in (Kind.PRINT, Kind.TAG):
            self.findings.add(lay.TOO_LARGE.at(self.span(chunk), say="long-tag", limit=f"{MAX_TAG_LENGTH:,}"))
        elif chunk.kind is Kind.PRINT:
            self.print(chunk)
        elif chunk.kind is Kind.TAG:
            self.statement(chunk)

    def broken(self, chunk: Chunk) -> None:
        seen = self.source.text[chunk.start : chunk.end]
        if chunk.kind in (Kind.COMMENT, Kind.RAW):
            self.findings.add(BROKEN_TAG.at(self.span(chunk), say=chunk.kind.value))
            return
        say = "mismatched" if chunk.fault is Fault.MISMATCHED else ""
        meant = "}}" if chunk.kind is Kind.PRINT else "%}"
        self.findings.add(BROKEN_TAG.at(self.span(chunk), say=say, seen=seen, meant=meant))

    def spot(self, chunk: Chunk) -> Spot | None:
        return self.spots.at(chunk.start, chunk.end)

    def print(self, chunk: Chunk) -> None:
        merge = self.findings.take(parse_merge(self.text, chunk.inner_start, chunk.inner_end))
        spot = self.spot(chunk)
        name = merge.name.path if merge else self.inner(chunk)
        span = self.source.span(chunk.inner_start, chunk.inner_end)
        context, place = Context.PLAIN, Place.WORDS
        if not self.plain:
            context, place = placed(self.spots, spot)
            self.findings.extend(check_print(self.spots, spot, name, span, markup=self.markup, fixed=self.fixed))
            if place is Place.ADDRESS and self.second_in_address(spot):
                self.findings.add(UNSAFE_INTERPOLATION.at(span, say="address", seen=name))
        if merge is None:
            return
        self.use(merge.name)
        self.add(Output(merge.name, merge.filter, context, place, spot.parent if spot else "", merge.span))

    def second_in_address(self, spot: Spot | None) -> bool:
        """Whether another print in the same address may come before this one."""
        before, self.last_address = self.last_address, spot
        alone = before is None or spot is None or before.attribute is not spot.attribute
        apart = bool(self.since) and self.since <= {"elif", "else"}
        self.since = set()
        return not alone and not apart

    def use(self, name: Name) -> None:
        loops = [(frame.variable, frame.items.path) for frame in self.open if frame.items is not None]
        self.names.append(NameUse(resolved(name.path, loops), name.span))

    # Tags

    def statement(self, chunk: Chunk) -> None:
        word = _WORD.match(self.source.text, chunk.inner_start, chunk.inner_end)
        seen = word[0] if word else self.inner(chunk)
        span = self.source.span(*word.span()) if word else self.span(chunk)
        if seen not in _WORDS:
            if not seen:
                self.findings.add(BROKEN_TAG.at(span, say="empty"))
                return
            meant = nearest(seen, _WORDS)
            self.findings.add(
                lay.TEMPLATE_SYNTAX.at(
                    span, say="tag" if meant else "", written=seen, meant=meant, fixes=renaming(span, seen, meant)
                )
            )
            return
        assert word is not None
        self.since.add(seen)
        spot = self.spot(chunk)
        if spot is None and not self.plain and seen in ("if", "for", "include"):
            self.findings.add(lay.TEMPLATE_PLACE.at(span, written=seen))
        if seen in ("else", "endif", "endfor") and word.end() < chunk.inner_end:
            rest = self.source.text[word.end() : chunk.inner_end]
            start = chunk.inner_end - len(rest.lstrip())
            shown = self.source.span(start, chunk.inner_end)
            self.findings.add(lay.TEMPLATE_SYNTAX.at(shown, say="rest", written=self.source.quote(shown)))
        match seen:
            case "if":
                self.begin(_Open("if", chunk, spot, arm_tag=chunk, condition=self.condition(chunk, word.end())))
            case "for":
                self.begin(self.loop(chunk, word.end(), spot))
            case "include":
                self.include(chunk, word.end(), spot)
            case "elif" | "else":
                self.next_arm(chunk, seen, word.end(), spot)
            case _:
                self.end(chunk, seen, spot)

    def begin(self, frame: _Open) -> None:
        if len(self.open) == MAX_DEPTH:
            self.findings.add(lay.TOO_LARGE.at(self.span(frame.tag), say="deep-template", limit=str(MAX_DEPTH)))
        self.open.append(frame)

    def condition(self, chunk: Chunk, start: int) -> Expression | None:
        condition = self.findings.take(parse_expression(self.text, start, chunk.inner_end))
        for name in names_in(condition):
            self.use(name)
        return condition

    def loop(self, chunk: Chunk, start: int, spot: Spot | None) -> _Open:
        frame = _Open("for", chunk, spot)
        found = tokens(self.source.text, start, chunk.inner_end)
        shape = [token.kind for token in found] == ["name", "name", "name"] and found[1].text == "in"
        if not shape or "." in found[0].text or any(part.startswith("_") for part in found[2].text.split(".")):
            end = chunk.inner_end if chunk.inner_end > start else start
            first = found[0].start if found else chunk.inner_start
            self.findings.add(lay.TEMPLATE_SYNTAX.at(self.source.span(first, max(end, first)), say="for"))
            return frame
        items = Name(found[2].text, self.source.span(found[2].start, found[2].end))
        self.use(items)
        frame.variable, frame.items = found[0].text, items
        return frame

    def include(self, chunk: Chunk, start: int, spot: Spot | None) -> None:
        found = tokens(self.source.text, start, chunk.inner_end)
        span = self.source.span(found[0].start if found else chunk.inner_start, chunk.inner_end)
        if len(found) != 1 or found[0].kind != "text":
            self.findings.add(lay.INCLUSION.at(span, say="form"))
            return
        name = found[0].text[1:-1]
        if not _INCLUDED.fullmatch(name):
            self.findings.add(lay.INCLUSION.at(span, say="path", name=name))
        elif spot is not None and (spot.attribute is not None or spot.comment):
            self.findings.add(lay.INCLUSION.at(span, say="place"))
        else:
            self.add(Inclusion(name, spot.parent if spot else "", span))

    def next_arm(self, chunk: Chunk, word: str, start: int, spot: Spot | None) -> None:
        condition = self.condition(chunk, start) if word == "elif" else None
        frame = self.open[-1] if self.open else None
        if frame is None or frame.word != "if":
            self.findings.add(UNPAIRED_IF.at(self.span(chunk), say="orphan", seen=word))
            return
        if frame.has_else:
            self.findings.add(UNPAIRED_IF.at(self.span(chunk), say="after-else", seen=word))
            return
        self.check_same(frame, chunk, word, spot)
        self.finish_arm(frame)
        frame.condition, frame.arm_tag, frame.has_else = condition, chunk, word == "else"

    def end(self, chunk: Chunk, word: str, spot: Spot | None) -> None:
        opener = word.removeprefix("end")
        if all(frame.word != opener for frame in self.open):
            if opener == "if":
                self.findings.add(UNPAIRED_IF.at(self.span(chunk), say="orphan", seen=word))
            else:
                self.findings.add(lay.TEMPLATE_SYNTAX.at(self.span(chunk), say="unopened", written=word, opener=opener))
            return
        while self.open[-1].word != opener:
            self.unclosed(self.open[-1])
            self.close(chunk)
        self.check_same(self.open[-1], chunk, word, spot)
        self.close(chunk)

    def check_same(self, frame: _Open, chunk: Chunk, word: str, spot: Spot | None) -> None:
        if self.plain or frame.spot is None:
            return
        if spot is None or not spot.same_as(frame.spot):
            word_span = self.source.span(chunk.inner_start, chunk.inner_start + len(word))
            self.findings.add(lay.TEMPLATE_PLACE.at(word_span, say="unbalanced", written=word, opener=frame.word))

    def unclosed(self, frame: _Open) -> None:
        if frame.word == "if":
            self.findings.add(UNPAIRED_IF.at(self.span(frame.tag)))
        else:
            self.findings.add(
                lay.TEMPLATE_SYNTAX.at(self.span(frame.tag), say="unclosed-block", written="for", closer="endfor")
            )

    def finish_arm(self, frame: _Open) -> None:
        assert frame.arm_tag is not None
        frame.arms.append(Arm(frame.condition, tuple(frame.nodes), self.span(frame.arm_tag)))
        frame.nodes = []

    def close(self, chunk: Chunk) -> None:
        """The innermost open tag ends at `chunk`. What is nested too deeply is left out: it was reported."""
        frame = self.open.pop()
        span = self.span(frame.tag).cover(self.span(chunk))
        if len(self.open) >= MAX_DEPTH:
            return
        place = Place.WORDS if self.plain else placed(self.spots, frame.spot)[1]
        if frame.word == "if":
            self.finish_arm(frame)
            self.add(Choice(tuple(frame.arms), place, span))
        elif frame.items is not None:
            self.add(Repeat(frame.variable, frame.items, tuple(frame.nodes), place, span))
