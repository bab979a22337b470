"""Comments of a layout: only Outlook's conditions may go out, and those must be balanced and as safe as the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.regex import regex
from campcompile.syntax import findings_lay as lay
from campcompile.syntax import markup
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.mjml_facts import facts
from campcompile.syntax.mjml_tree import Comment, Element, Node, Tree
from campcompile.syntax.source import Span

_CONDITION = regex(r"\[if\s+([^\]]*)\]>", re.IGNORECASE)
_EXPRESSION = regex(r"(?:mso|ie|vml|lt|lte|gt|gte|true|false|[0-9.]+|[!&|() ])+", re.IGNORECASE)
_END = "<![endif]"
_URL = regex(r"(?:javascript|vbscript|data|https?)\s*:|//", re.IGNORECASE)
_NAMESPACES = regex(r"xmlns(?::\w+)?")


def check_comments(tree: Tree) -> tuple[Diagnostic, ...]:
    """Findings about the comments of a tree. `<!--[if !mso]><!-->` … `<!--<![endif]-->` must share a parent."""
    found: list[Diagnostic] = []
    waiting: list[tuple[Node, ...]] = [tree.nodes]
    while waiting:
        nodes = waiting.pop()
        found.extend(_siblings(nodes))
        waiting.extend(node.children for node in nodes if isinstance(node, Element) and node.children)
    return tuple(found)


def _siblings(nodes: tuple[Node, ...]) -> Iterator[Diagnostic]:
    revealed: list[Comment] = []
    for node in nodes:
        if not isinstance(node, Comment):
            continue
        text = node.text.strip()
        if text == _END:
            if revealed:
                revealed.pop()
            else:
                yield lay.COMMENT.at(node.span, say="never-begun")
            continue
        condition = _CONDITION.match(text)
        if condition is None:
            if text.strip(markup.NOTE):
                yield lay.COMMENT.at(node.span)
            continue
        if not _EXPRESSION.fullmatch(condition[1]):
            yield lay.COMMENT.at(node.span, say="condition", condition=condition[0][:40])
        if text[condition.end() :] in ("<!", "<!--"):
            revealed.append(node)
        elif text.endswith(_END):
            yield from _hidden(node, condition.end())
        else:
            yield lay.COMMENT.at(node.span, say="unbalanced")
    for node in revealed:
        yield lay.COMMENT.at(node.span, say="revealed-unbalanced")


def _hidden(comment: Comment, start: int) -> Iterator[Diagnostic]:
    """What only Outlook reads: tags that need not balance, with VML, but nothing that runs or fetches."""
    lead = len(comment.text) - len(comment.text.lstrip())
    at = lead + start
    inside = comment.text[at : comment.text.rindex(_END)]
    offset = comment.span.start + 4 + at if comment.span.end - comment.span.start == len(comment.text) + 7 else -1

    def place(low: int, high: int) -> Span:
        return comment.span if offset < 0 else Span(comment.span.path, offset + low, offset + high)

    for token in markup.scan(inside):
        if isinstance(token, markup.Slip):
            rule, say = lay.SLIPS[token.kind]
            written = inside[token.start : token.end][:40]
            yield rule.at(place(token.start, token.end), say=say, written=written)
        elif isinstance(token, markup.Open):
            yield from _hidden_tag(token, place(token.start + 1, token.start + 1 + len(token.name)), place)


def _hidden_tag(token: markup.Open, name_span: Span, place: markup.Place) -> Iterator[Diagnostic]:
    name = token.name.lower()
    if name.startswith("mj"):
        yield lay.NESTING.at(name_span, say="mjml-in-html", name=token.name, parent="a comment")
    elif name in facts().unsafe - {"xml", "noscript"}:
        yield lay.UNSAFE_MARKUP.at(name_span, name=token.name, instead="use text, pictures and links")
    for attribute in token.attributes:
        span = place(attribute.start, attribute.end)
        if attribute.name.lower().startswith("on"):
            yield lay.UNSAFE_MARKUP.at(
                place(attribute.name_start, attribute.name_end), say="handler", name=attribute.name
            )
        elif not _NAMESPACES.fullmatch(attribute.name.lower()) and (
            _URL.match(attribute.value.strip()) or attribute.name.lower() == "src"
        ):
            yield lay.REMOTE.at(span, value=attribute.value[:80])
