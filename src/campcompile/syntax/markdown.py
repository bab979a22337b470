"""Texts of paragraphs: CommonMark with `##` headings, lists and links; everything else is a finding.

Only this module knows markdown-it-py. That tells what the Markdown is, but not where each piece stands, so
_places follows its tokens through the text once more. Merge fields and tags are hidden behind as many filler
characters as they are long: Markdown sees letters, and no offset moves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from campcompile.regex import regex
from campcompile.syntax.blocks import Blocks
from campcompile.syntax.condition import MAX_CHARACTERS, too_long
from campcompile.syntax.findings import Applicability, Checked, Edit, Findings, Fix, Rule
from campcompile.syntax.findings_prose import HEADING_LEVEL, HTML, LEFT_OVER_MARKS, LINK_FORM, UNSUPPORTED
from campcompile.syntax.findings_tpl import TOO_MUCH
from campcompile.syntax.jinja import brief
from campcompile.syntax.pieces import Piece
from campcompile.syntax.source import MappedText
from campcompile.syntax.template import Mark, read
from campcompile.syntax.words import Merge, RichText

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    InlineRule: TypeAlias = Callable[[StateInline, bool], bool]

_LETTER, _POINT = "\ue000", "\u00b7"  # the fillers: a letter and a punctuation mark to Markdown
# What CommonMark calls white space, as markdown-it trims it.
_TRIM = "\t\n\v\f\r \xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
# What only markdown-it can judge, among the lines of a text and within a run of words.
_BLOCKS = regex(r"\||^(?:[-+#>=<\[`~ \t]|\d{1,9}[.)](?:\s|$)|\*(?:\s|$)|(?:[*_][ \t]*){3,}$)", re.M)
_INLINES = regex(r"[*_`\[\\<]|&[#A-Za-z]|~~|  \n|\n ")
MAX_BRACKETS = 100
_PARAGRAPH = regex(r"[^\n]+(?:\n[^\n]+)*")
_LEADING_TAB = regex(r"^ *(\t+)", re.M)
_LEVEL = ("##", "###")  # for a heading of level 1, and for one below 3
_BREAK = regex(r" *\\?\n *")
_FOOTNOTE = regex(r"\[\^[^\]\s]{1,40}\]")
_STRUCK = regex(r"~~[^~\n]{1,200}~~")
# A name, or an address of whatever kind: which kinds may be linked to, the binder knows.
_TARGET = regex(r"[a-z_]\w*(?:\.[\w-]+)+|[^\s:]+:[^\s]*|(?:[/#]|www\.)[^\s]*", re.ASCII)
_BLOCK_NAMES = {"blockquote_open": "quote", "fence": "code", "hr": "rule", "table_open": "table"}


def parse_prose(text: MappedText) -> Checked[RichText]:
    """The paragraphs, `##` headings and lists of `text`, with their merge fields and conditions.

    Example: "Hello {{ patient.first_name }}, **welcome**." is one Paragraph of Words, Merge, Words, Strong, Words.
    """
    if len(text.text) > MAX_CHARACTERS:
        return Checked((), (too_long(text),))
    findings = Findings()
    marks = findings.take(read(text))
    flat = _flat(text.text, marks)
    blocks = Blocks(text, marks)
    if flat.count("[") > MAX_BRACKETS:
        bracket = [match.start() for match in re.finditer(r"\[", flat)][MAX_BRACKETS]
        findings.add(TOO_MUCH.at(text.span(bracket, bracket + 1), say="brackets", limit=str(MAX_BRACKETS)))
        return findings.done(())
    _Markdown(text, flat, blocks).read()
    return findings.done(findings.take(blocks.done()))


def _flat(words: str, marks: tuple[Mark, ...]) -> str:
    """The text with each mark replaced by filler of its length, so that every offset stays.

    A merge field is a letter to Markdown. A tag should be nothing to it: beside a star it takes the nature of
    what stands on its other side, so that `{% if x %}_so_{% endif %}` is as good as `_so_`.
    """
    if not marks:
        return words.replace("\t", " ")
    parts: list[str] = []
    at = 0
    for mark in marks:
        before, after = words[mark.start - 1 : mark.start], words[mark.end : mark.end + 1]
        seen = before if after and after in "*_" else after if before and before in "*_" else "a"
        letter = isinstance(mark.printed, Merge) or seen.isalnum() or seen in ("{", "}")
        parts += words[at : mark.start], (_LETTER if letter else _POINT) * (mark.end - mark.start)
        at = mark.end
    parts.append(words[at:])
    return "".join(parts).replace("\t", " ")


class _Markdown:
    """One text on its way into blocks, through markdown-it where it has to: plain words cost a tenth without."""

    def __init__(self, text: MappedText, flat: str, blocks: Blocks) -> None:
        self._text, self._flat, self._blocks = text, flat, blocks
        self._marker_end = 0  # of the last list item
        self._lines: list[int] = []  # where each line begins, and one past the end

    def read(self) -> None:
        if _BLOCKS.search(self._flat):
            self._read_blocks()
            return
        for match in _PARAGRAPH.finditer(self._flat):
            self._paragraph(*self._trimmed(*match.span()))

    def _read_blocks(self) -> None:
        self._lines = [0, *(match.end() for match in re.finditer("\n", self._flat)), len(self._flat) + 1]
        for tab in _LEADING_TAB.finditer(self._text.text):
            self._add(UNSUPPORTED, *tab.span(1), say="tab")
        environment: dict[str, Any] = {}
        tokens: list[Token] = []
        markdown = _engine().markdown
        markdown.block.parse(self._flat, markdown, environment, tokens)
        for index, token in enumerate(tokens):
            self._block(token, tokens[index + 1] if token.type in ("paragraph_open", "heading_open") else token)
        self._references(environment)

    def _add(self, rule: Rule, start: int, end: int, *, say: str = "", seen: str = "") -> None:
        self._blocks.add(rule.at(self._text.span(start, end), say=say, seen=seen))

    # Blocks

    def _block(self, token: Token, inline: Token) -> None:
        match token.type:
            case "paragraph_open":
                self._paragraph(*self._bounds(inline))
            case "heading_open":
                self._heading(token, inline)
            case "bullet_list_open":
                self._blocks.open_list(self._bounds(token)[0], None)
            case "ordered_list_open":
                self._blocks.open_list(self._bounds(token)[0], int(token.attrs.get("start", 1)))
            case "list_item_open":
                self._blocks.item(self._marker(token), token.info + token.markup)
            case "bullet_list_close" | "ordered_list_close":
                self._blocks.close_list()
            case "code_block":
                start, end = self._bounds(token)
                self._add(UNSUPPORTED, self._line_start(start), start, say="indented")
                self._paragraph(start, end)
            case "html_block":
                start, end = self._bounds(token)
                self._add(HTML, start, end, seen=brief(self._text.text[start:end]))
            case "blockquote_open" | "fence" | "hr" | "table_open":
                start, end = self._bounds(token)
                newline = self._flat.find("\n", start, end)
                self._add(UNSUPPORTED, start, end if newline < 0 else newline, say=_BLOCK_NAMES[token.type])

    def _bounds(self, token: Token) -> tuple[int, int]:
        """Where the text of a token's lines begins and ends, white space and the markers of its parents left out."""
        assert token.map is not None
        start, end = self._lines[token.map[0]], self._lines[token.map[1]] - 1
        end = start + len(self._flat[start:end].rstrip(_TRIM))
        if token.type != "inline":
            return start + len(self._flat[start:end]) - len(self._flat[start:end].lstrip(_TRIM)), end
        first_line = token.content.partition("\n")[0].rstrip(_TRIM)
        line_end = min(self._lines[token.map[0] + 1] - 1, end)
        begin = self._flat.rfind(first_line, start, line_end)
        if begin < 0:  # the first line is white space that CommonMark trims, such as a lone no-break space
            begin = self._flat.find(first_line, start, end)
        return begin, end

    def _line_start(self, offset: int) -> int:
        return self._flat.rfind("\n", 0, offset) + 1

    def _marker(self, item: Token) -> int:
        """Where the marker of a list item stands: "-", or "1."."""
        marker = item.info + item.markup
        start = self._flat.find(marker, max(self._bounds(item)[0], self._marker_end))
        self._marker_end = start + len(marker)
        return start

    def _paragraph(self, start: int, end: int) -> None:
        self._blocks.paragraph(start, end, self._pieces(start, end))

    def _heading(self, token: Token, inline: Token) -> None:
        assert token.map is not None
        if token.markup in ("=", "-"):
            start, end = self._bounds(inline)
            underline = self._trimmed(self._lines[token.map[1] - 1], self._lines[token.map[1]] - 1)
            self._add(HEADING_LEVEL, *underline, say="underlined", seen=token.markup * 3)
            self._blocks.heading(2, start, start, end, self._pieces(start, end))
            return
        level = len(token.markup)
        marks = self._flat.find(token.markup, self._lines[token.map[0]])
        start = self._flat.find(inline.content, marks + level)
        if level not in (2, 3):
            span = self._text.span(marks, marks + level)
            fix = Fix(f"write `{_LEVEL[level > 3]}`", (Edit(span, _LEVEL[level > 3]),), Applicability.SAFE)
            self._blocks.add(HEADING_LEVEL.at(span, seen=token.markup, fixes=(fix,)))
        self._blocks.heading(
            level, marks, start, start + len(inline.content), self._pieces(start, start + len(inline.content))
        )

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        words = self._flat[start:end]
        return end - len(words.lstrip(_TRIM)), start + len(words.rstrip(_TRIM))

    def _references(self, environment: dict[str, Any]) -> None:
        found = list(environment.get("references", {}).items())
        found += [(twin["label"], twin) for twin in environment.get("duplicate_refs", ())]
        for label, reference in found:
            first, last = reference["map"]
            start, end = self._trimmed(self._lines[first], self._lines[last] - 1)
            self._add(UNSUPPORTED, start, end, say="footnote" if label.startswith("^") else "reference")

    # Words

    def _pieces(self, start: int, end: int) -> Iterator[Piece]:
        if not _INLINES.search(self._flat, start, end):
            return self._plain_pieces(start, end)
        return self._marked_pieces(start, end)

    def _plain_pieces(self, start: int, end: int) -> Iterator[Piece]:
        words, at = self._text.text, start
        while (newline := self._flat.find("\n", at, end)) >= 0:
            line_end = newline - (self._flat[newline - 1] == " ")
            yield Piece("text", at, line_end, words[at:line_end])
            yield Piece("soft", line_end, newline + 1)
            at = newline + 1
        if at < end:
            yield Piece("text", at, end, words[at:end])

    def _marked_pieces(self, start: int, end: int) -> Iterator[Piece]:
        markdown, state_class, _ = _engine()
        state = state_class(self._flat[start:end], markdown, {}, [])
        markdown.inline.tokenize(state)
        places = list(_places(state, start))
        for pair_up in markdown.inline.ruler2.getRules(""):
            pair_up(state)
        self._left_over_marks(state.tokens, places)
        for token, (at, to) in zip(state.tokens, places, strict=True):
            yield from self._piece(token, at, to)

    def _piece(self, token: Token, at: int, to: int) -> Iterator[Piece]:
        match token.type:
            case "text":
                if token.content:  # else the second star of `**`, which went into the piece beside it
                    self._plain_words(at, to)
                    yield Piece("text", at, to, self._text.text[at:to])
            case "text_special":
                yield Piece("text", at, to, self._text.text[at:to] if token.content == token.markup else token.content)
            case "softbreak":
                yield Piece("soft", at, to)
            case "hardbreak":
                yield Piece("hard", at, to)
            case "strong_open" | "em_open":
                yield Piece("open", to - len(token.markup), to, token.type.removesuffix("_open"))
            case "strong_close" | "em_close":
                yield Piece("close", at, at + len(token.markup), token.type.removesuffix("_close"))
            case "link_open" | "link_close" if token.markup == "autolink":
                if token.nesting < 0:
                    start = self._flat.rfind("<", 0, at)
                    self._add(LINK_FORM, start, to, say="bare", seen=brief(self._text.text[start + 1 : at]))
            case "link_open":
                yield Piece("open", at, to, "link")
            case "link_close":
                yield Piece("close", at, to, "link", self._target(at, to))
            case "image":
                self._add(UNSUPPORTED, at, to, say="image")
            case "code_inline":
                self._add(UNSUPPORTED, at, to, say="code-span")
                ticks = len(token.markup)
                yield Piece("text", at + ticks, to - ticks, self._text.text[at + ticks : to - ticks])
            case "html_inline" if self._flat[at - 1 : at] == "<" and self._flat.startswith(">", to):
                yield Piece("text", at, to, self._text.text[at:to])  # <<name>>, another program's merge field
            case "html_inline":
                self._add(HTML, at, to, seen=brief(self._text.text[at:to]))
            case _:
                raise AssertionError(f"markdown-it made a {token.type}")

    def _target(self, at: int, to: int) -> tuple[str, int, int] | None:
        """The target of a link whose `](target)` stands at `at:to`, and its place.

        None for a target that may not be, which is reported; the link's words remain.
        """
        inside = self._flat[at + 2 : to - 1]
        start = at + 2 + len(inside) - len(inside.lstrip(" \n"))
        end = _engine().destination_end(self._flat, start, to - 1)
        title = self._flat[end : to - 1].strip(" \n")
        if self._flat[start] == "<":
            start, end = start + 1, end - 1
        target = self._text.text[start:end]
        hidden = self._flat[start : to - 1]
        if hidden != self._text.text[start : to - 1].replace("\t", " "):
            self._add(LINK_FORM, start, end, say="merge")
        elif not target:
            self._add(LINK_FORM, at, to, say="empty")
        elif not _TARGET.fullmatch(target):
            self._add(LINK_FORM, start, end, seen=brief(target))
        elif not self._flat[self._flat.rfind("[", 0, at) + 1 : at].strip():
            self._add(LINK_FORM, at - 1, to, say="words")
        else:
            if title:
                self._add(LINK_FORM, end, to - 1, say="title")
            return target, start, end
        return None

    def _plain_words(self, at: int, to: int) -> None:
        words = self._text.text
        for footnote in _FOOTNOTE.finditer(words, at, to):
            self._add(UNSUPPORTED, *footnote.span(), say="footnote")
        for struck in _STRUCK.finditer(words, at, to):
            self._add(UNSUPPORTED, *struck.span(), say="strike")

    def _left_over_marks(self, tokens: list[Token], places: list[tuple[int, int]]) -> None:
        """Report `**` and `__` that made nothing bold; other numbers of stars or lines are meant as they are."""
        run_start = run_end = -1
        for token, (at, to) in zip(tokens, places, strict=True):
            if token.type != "text" or token.content not in ("*", "_"):
                continue
            if at != run_end or self._flat[at] != self._flat[run_start]:
                self._left_over(run_start, run_end)
                run_start = at
            run_end = to
        self._left_over(run_start, run_end)

    def _left_over(self, start: int, end: int) -> None:
        if end - start == 2:
            self._add(LEFT_OVER_MARKS, start, end, seen=self._flat[start:end])


def _places(state: StateInline, offset: int) -> Iterator[tuple[int, int]]:
    """Where each token begins and ends: the tokens, read before bold and italics are paired, follow the text."""
    at = 0
    for token in state.tokens:
        match token.type:
            case "text":
                to = at + len(token.content)
            case "text_special":
                to = at + len(token.markup)
            case "softbreak" | "hardbreak":
                newline = _BREAK.match(state.src, at)
                assert newline
                to = newline.end()
            case "link_open":
                to = at + 1
            case _:
                to = token.meta["end"]
        yield offset + at, offset + to
        at = to


class _Engine(NamedTuple):
    """What is used of markdown-it."""

    markdown: MarkdownIt
    state: type[StateInline]
    destination_end: Callable[[str, int, int], int]  # of the link destination at an offset


@cache
def _engine() -> _Engine:
    """markdown-it, set up. Imported here: it costs several times a bare Python start, and plain texts do without."""
    from markdown_it import MarkdownIt
    from markdown_it.helpers import parseLinkDestination
    from markdown_it.rules_inline import StateInline, autolink, backtick, html_inline, image, link

    class AsWritten(MarkdownIt):
        """Takes addresses as they are: which are allowed is decided here, and reported."""

        def normalizeLink(self, url: str) -> str:
            return url

        def normalizeLinkText(self, link: str) -> str:
            return link

        def validateLink(self, url: str) -> bool:
            return True

    markdown = AsWritten("commonmark").enable("table")
    markdown.inline.ruler2.disable("fragments_join")
    rules = {"link": link, "image": image, "backticks": backtick, "autolink": autolink, "html_inline": html_inline}
    for name, rule in rules.items():
        markdown.inline.ruler.at(name, _with_end(rule))
    return _Engine(markdown, StateInline, lambda words, start, end: parseLinkDestination(words, start, end).pos)


def _with_end(rule: InlineRule) -> InlineRule:
    """A rule of markdown-it's that notes where its last token ends, which the token itself doesn't tell."""

    def noting(state: StateInline, silent: bool) -> bool:
        before = len(state.tokens)
        matched = rule(state, silent)
        if matched and len(state.tokens) > before:
            state.tokens[-1].meta["end"] = state.pos
        return matched

    return noting
