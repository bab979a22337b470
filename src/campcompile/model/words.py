"""The binding of an author's words: every merge field becomes a typed Print, every condition a Condition."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.formula import Const, FieldRef
from campcompile.model import bound
from campcompile.model.findings import MISSING_FALLBACK, UNKNOWN_NAME
from campcompile.model.presence import set_where_not_true
from campcompile.model.scope import Scope
from campcompile.regex import regex
from campcompile.syntax import words as w
from campcompile.syntax.findings import Findings
from campcompile.syntax.link_check import check_address
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest

_NAME = regex(r"[a-z][a-z0-9_]*(\.[a-z0-9_-]+)*", re.IGNORECASE)


def bind_inlines(inlines: tuple[w.Inline, ...], scope: Scope, findings: Findings) -> bound.Inlines:
    """Bound words; what means nothing prints as its own name, so that the preview shows where it stood."""
    return tuple(_bind(inline, scope, findings) for inline in inlines)


def bind_rich(text: w.RichText, scope: Scope, findings: Findings) -> bound.RichText:
    """Bound Markdown."""
    return tuple(_bind_block(block, scope, findings) for block in text)


def bind_target(written: str, span: Span, scope: Scope, findings: Findings) -> bound.Target:
    """Where a link goes: `links.x`, a url field, or an https address."""
    if written.startswith("www.") or (not _NAME.fullmatch(written) and (":" in written or written[:1] in ("/", "#"))):
        unsafe = check_address(written, span)
        findings.extend(unsafe)
        return bound.Target(address="" if unsafe else written, span=span)
    if not _NAME.fullmatch(written) or "." not in written:
        near = nearest(written, [f"links.{name}" for name in scope.names.settings.links])
        advice = f"did you mean `{near}`?" if near else "write `links.name` (from campcompile.yaml) or an https address"
        findings.add(
            UNKNOWN_NAME.at(span, kind="link", name=written, advice=advice, fixes=renaming(span, written, near))
        )
        return bound.Target(span=span)
    value = scope.resolve(written, span, findings)
    if value is None:
        return bound.Target(span=span)
    if isinstance(value.formula, Const) and str(value.formula.value).startswith("https://"):
        return bound.Target(address=str(value.formula.value), span=span)
    if isinstance(value.formula, Const) and written.startswith("links."):
        return bound.Target(span=span)  # where it is declared, its address has a finding
    if value.type.name != "url" or not isinstance(value.formula, FieldRef):
        advice = "a button goes to a field of type url, to `links.name`, or to an https address"
        findings.add(UNKNOWN_NAME.at(span, kind="link", name=written, advice=advice))
        return bound.Target(span=span)
    printed = bound.Print(
        formula=value.formula,
        field=value.formula.field,
        filter="",
        reads=value.reads,
        label=scope.label_of(value.reads),
        span=span,
    )
    return bound.Target(print=printed, span=span)


def prints_of(inlines: bound.Inlines) -> Iterator[bound.Print]:
    """Every merge field in bound words, links' targets included, in reading order."""
    for inline in inlines:
        match inline:
            case bound.Print():
                yield inline
            case bound.When(arms, _):
                for arm in arms:
                    yield from prints_of(arm.children)
            case bound.Strong(children) | bound.Emphasis(children):
                yield from prints_of(children)
            case bound.Link(target, children, _):
                if target.print is not None:
                    yield target.print
                yield from prints_of(children)
            case _:
                pass


def conditions_of(inlines: bound.Inlines) -> Iterator[bound.Condition]:
    """Every condition in bound words."""
    for inline in inlines:
        match inline:
            case bound.When(arms, _):
                for arm in arms:
                    if arm.condition is not None:
                        yield arm.condition
                    yield from conditions_of(arm.children)
            case bound.Strong(children) | bound.Emphasis(children) | bound.Link(_, children, _):
                yield from conditions_of(children)
            case _:
                pass


def uses_of(inlines: bound.Inlines) -> Iterator[bound.Print | bound.Condition]:
    """Every merge field and condition in bound words."""
    yield from prints_of(inlines)
    yield from conditions_of(inlines)


def lines_of(text: bound.RichText) -> Iterator[bound.Inlines]:
    """The inline content of each paragraph, heading and list item."""
    for block in text:
        match block:
            case bound.Paragraph(children) | bound.Heading(_, children):
                yield children
            case bound.Bullets(items, _):
                for item in items:
                    for paragraph in item:
                        yield paragraph.children


def _bind_block(block: w.Block, scope: Scope, findings: Findings) -> bound.RichBlock:
    match block:
        case w.Paragraph(children, _):
            return bound.Paragraph(bind_inlines(children, scope, findings))
        case w.Heading(level, children, _):
            return bound.Heading(level, bind_inlines(children, scope, findings))
        case w.Bullets(items, start, _):
            return bound.Bullets(
                tuple(
                    tuple(bound.Paragraph(bind_inlines(part.children, scope, findings)) for part in item)
                    for item in items
                ),
                start,
            )


def _bind(inline: w.Inline, scope: Scope, findings: Findings) -> bound.Inline:
    match inline:
        case w.Words(text, span):
            return bound.Words(text, span)
        case w.Merge(name, filter, _, span):
            printed = findings.take(scope.print_field(name.path, filter, name.span))
            return bound.Words(name.path, span) if printed is None else printed
        case w.When(arms, span):
            return bound.When(_bind_arms(arms, scope, findings), span)
        case w.Strong(children, _):
            return bound.Strong(bind_inlines(children, scope, findings))
        case w.Emphasis(children, _):
            return bound.Emphasis(bind_inlines(children, scope, findings))
        case w.Link(written, target_span, children, span):
            target = bind_target(written, target_span, scope, findings)
            return bound.Link(target, bind_inlines(children, scope, findings), span)
        case w.Break(_):
            return bound.Break()


def _bind_arms(arms: tuple[w.Arm, ...], scope: Scope, findings: Findings) -> tuple[bound.Arm, ...]:
    """Each arm may rely on its own condition, and on the earlier ones not being true."""
    result = []
    rest = scope
    for arm in arms:
        if arm.condition is None and not arm.is_unread:
            result.append(bound.Arm(None, bind_inlines(arm.children, rest, findings)))
            continue
        condition = findings.take(rest.condition(arm.condition)) if arm.condition else None
        if condition is None:
            _look_through(arm.children, rest, findings)
            continue
        children = bind_inlines(arm.children, rest.within(condition.implies_set), findings)
        result.append(bound.Arm(condition, children))
        rest = rest.within(set_where_not_true(condition.formula))
    return tuple(result)


def _look_through(children: tuple[w.Inline, ...], scope: Scope, findings: Findings) -> None:
    """The findings in words whose condition means nothing; which fields it was to make sure of, nobody knows."""
    inside = Findings()
    bind_inlines(children, scope, inside)
    findings.extend(found for found in inside if found.rule is not MISSING_FALLBACK)
