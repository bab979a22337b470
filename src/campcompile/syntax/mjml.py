"""Reads MJML: text → Tree, with the place of every tag and attribute, and a finding for all that is no markup."""

from __future__ import annotations

from dataclasses import field

from campcompile.syntax import findings_lay as lay
from campcompile.syntax import markup
from campcompile.syntax.findings import Applicability, Checked, Diagnostic, Edit, Findings, Fix, Label
from campcompile.syntax.markup import Place
from campcompile.syntax.mjml_check import MAX_FINDINGS, check_mjml
from campcompile.syntax.mjml_facts import facts
from campcompile.syntax.mjml_tree import Attribute, Comment, Element, Node, Tree, Words, has_filler
from campcompile.syntax.source import MappedText, Source, Span
from campcompile.syntax.suggest import nearest
from campcompile.values import dataclass

__all__ = ["check_mjml", "read_mjml"]

MAX_BYTES = 1024 * 1024
MAX_MJML_DEPTH = 32  # mjml-python dies of 63 nested sections and columns in a small thread's stack
MAX_HTML_DEPTH = 64
MAX_TAGS = 12_000


def read_mjml(text: MappedText | Source) -> Checked[Tree]:
    """The tree of an MJML text. Whatever can't be read is a finding, and the rest is read on."""
    findings = Findings()
    forbidden = forbidden_characters(text.text, text.span)
    findings.extend(forbidden)
    clean = markup.FORBIDDEN.sub(" ", text.text) if forbidden else text.text
    if too_large := oversize(clean, text.span):
        findings.add(too_large)
        return findings.done(Tree((), text.span(0, 0)))
    return findings.done(findings.take(read_markup(clean, text.span)))


def oversize(text: str, place: Place) -> Diagnostic | None:
    """The finding about a text of more than 1 MiB."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size <= MAX_BYTES:
        return None
    return lay.TOO_LARGE.at(place(0, first_line(text)), size=f"{size:,}", most=f"{MAX_BYTES:,}")


def forbidden_characters(text: str, place: Place) -> tuple[Diagnostic, ...]:
    """A finding for each character that no layout may hold, at most 20."""
    found = []
    for match in markup.FORBIDDEN.finditer(text):
        span = place(*match.span())
        fix = Fix("delete it", (Edit(span, ""),), Applicability.SAFE)
        found.append(lay.FORBIDDEN_CHARACTER.at(span, character=f"U+{ord(match[0]):04X}", fixes=(fix,)))
        if len(found) == 20:
            break
    return tuple(found)


def first_line(text: str) -> int:
    end = text.find("\n")
    return len(text) if end < 0 else end


def read_markup(text: str, place: Place) -> Checked[Tree]:
    """Like read_mjml, for a text that is known to be small and clean; template tags may be blanked out in it."""
    reader = _Reader(text, place)
    for token in markup.scan(text):
        reader.take(token)
        if len(reader.findings.found) >= MAX_FINDINGS or reader.tags > MAX_TAGS:
            reader.broken_off = True
            break
    return reader.done()


@dataclass(slots=True)
class _Frame:
    """An element whose closing tag has not come yet."""

    token: markup.Open
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Reader:
    text: str
    place: Place
    findings: Findings = field(default_factory=Findings)
    roots: list[Node] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    mjml_depth: int = 0
    html_depth: int = 0
    reported_depth: bool = False
    broken_off: bool = False  # the rest isn't read, so what is open there may well be closed in it
    tags: int = 0

    @property
    def is_too_deep(self) -> bool:
        return self.mjml_depth > MAX_MJML_DEPTH or self.html_depth > MAX_HTML_DEPTH

    def take(self, token: markup.Token) -> None:
        match token:
            case markup.Open():
                self.open(token)
            case markup.Close():
                self.close(token)
            case markup.Words():
                self.add(Words(self.text[token.start : token.end], self.place(token.start, token.end)))
            case markup.Comment():
                self.add(Comment(self.text[token.start + 4 : token.end - 3], self.place(token.start, token.end)))
            case markup.Slip():
                self.slip(token)

    def done(self) -> Checked[Tree]:
        for frame in reversed(self.stack) if not self.broken_off else ():
            self.unclosed(frame)
        while self.stack:
            self.pop(len(self.text))
        self.findings.found[MAX_FINDINGS:] = []
        return self.findings.done(Tree(tuple(self.roots), self.place(0, first_line(self.text))))

    def add(self, node: Node) -> None:
        # Below the first tag that is too deep nothing is kept: the tree stays shallow whatever comes in.
        if not self.is_too_deep:
            (self.stack[-1].children if self.stack else self.roots).append(node)

    def open(self, token: markup.Open) -> None:
        self.tags += 1
        if self.tags > MAX_TAGS:
            self.findings.add(lay.TOO_LARGE.at(self.name_span(token), say="many-elements", limit=f"{MAX_TAGS:,}"))
            return
        self.duplicates(token)
        if token.closed and not token.name.startswith("mj") and token.name.lower() not in facts().void:
            self.findings.add(lay.UNCLOSED.at(self.name_span(token), say="self-closing", name=token.name))
        if token.closed or token.name.lower() in facts().void:
            self.add(self.element(token, (), token.end))
            return
        self.stack.append(_Frame(token))
        self.count(token.name, 1)
        if self.is_too_deep and not self.reported_depth:
            self.reported_depth = True
            self.findings.add(
                lay.TOO_LARGE.at(self.name_span(token), say="deep", mjml=str(MAX_MJML_DEPTH), html=str(MAX_HTML_DEPTH))
            )

    def close(self, token: markup.Close) -> None:
        span = self.place(token.start + 2, token.start + 2 + len(token.name))
        if token.name.lower() in facts().void:
            self.findings.add(lay.UNCLOSED.at(span, say="void", name=token.name))
            return
        if all(frame.token.name != token.name for frame in reversed(self.stack)):
            meant = self.stack and nearest(token.name, [self.stack[-1].token.name])
            if meant and token.name in facts().tags and meant not in facts().tags:
                self.pop(token.end)  # its opening tag is the misspelt one: that has its finding
            elif meant:
                opened = Label(self.name_span(self.stack[-1].token), "opened here")
                self.findings.add(
                    lay.UNCLOSED.at(span, say="mistyped-close", name=token.name, meant=meant, related=(opened,))
                )
                self.pop(token.end)
            else:
                self.findings.add(lay.UNCLOSED.at(span, say="never-opened", name=token.name))
            return
        while self.stack[-1].token.name != token.name:
            self.unclosed(self.stack[-1])
            self.pop(token.start)
        self.pop(token.end)

    def pop(self, end: int) -> None:
        frame = self.stack.pop()
        self.count(frame.token.name, -1)
        self.add(self.element(frame.token, tuple(frame.children), end))

    def count(self, name: str, step: int) -> None:
        if name.startswith("mj"):
            self.mjml_depth += step
        else:
            self.html_depth += step

    def element(self, token: markup.Open, children: tuple[Node, ...], end: int) -> Element:
        return Element(
            token.name,
            tuple(
                Attribute(
                    attribute.name,
                    attribute.value,
                    self.place(attribute.name_start, attribute.name_end),
                    self.place(attribute.start, attribute.end),
                    attribute.quote,
                )
                for attribute in token.attributes
            ),
            children,
            self.name_span(token),
            self.place(token.start, token.end),
            self.place(token.start, end),
        )

    def name_span(self, token: markup.Open) -> Span:
        return self.place(token.start + 1, token.start + 1 + len(token.name))

    def unclosed(self, frame: _Frame) -> None:
        if has_filler(frame.token.name) or len(self.findings.found) >= MAX_FINDINGS:
            return
        self.findings.add(lay.UNCLOSED.at(self.name_span(frame.token), name=frame.token.name))

    def duplicates(self, token: markup.Open) -> None:
        first: dict[str, markup.Attribute] = {}
        for attribute in token.attributes:
            earlier = first.setdefault(attribute.name.lower(), attribute)
            if earlier is not attribute:
                self.findings.add(
                    lay.DUPLICATE_ATTRIBUTE.at(
                        self.place(attribute.name_start, attribute.name_end),
                        name=attribute.name,
                        tag=token.name,
                        related=(Label(self.place(earlier.name_start, earlier.name_end), "first given here"),),
                    )
                )

    def slip(self, token: markup.Slip) -> None:
        if token.kind in ("unclosed-comment", "unclosed-condition"):
            self.broken_off = True
        elif has_filler(self.text[token.start : token.end]):
            return  # a template tag where none can stand: its own finding says so
        rule, say = lay.SLIPS[token.kind]
        # Where the rest of the file is the slip, its first line is enough to point at.
        shown = self.text[token.start : token.end]
        end = token.start + first_line(shown) if "\n" in shown else token.end
        written = self.text[token.start : end]
        span = self.place(token.start, end)
        fixes: tuple[Fix, ...] = ()
        if token.kind == "unquoted" and '"' not in written:
            fixes = (Fix("put quotes around it", (Edit(span, f'"{written}"'),), Applicability.SAFE),)
        self.findings.add(rule.at(span, say=say, written=written[:40], fixes=fixes))
