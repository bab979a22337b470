"""A page is a layout or block being filled: its own text, tokens for words, forks for what depends on the person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from campcompile.mail.deriving import constant
from campcompile.mail.layouts import OWN
from campcompile.mail.naming import ANY_LANGUAGE, Language, Late, Names, Raw, Value, find
from campcompile.mail.printing import Press, is_given
from campcompile.mail.splicing import Tokens, carried
from campcompile.model.bound import Condition
from campcompile.model.campaign import Choices, Fixed, Item, Items, Rows
from campcompile.parts import Context, Picture
from campcompile.syntax import expression as e
from campcompile.syntax.expression import Expression
from campcompile.syntax.layout_tree import (
    Arm,
    Choice,
    Inclusion,
    LayoutNode,
    Literal,
    Output,
    PictureUse,
    Place,
    Repeat,
)
from campcompile.syntax.source import Span


class Page:
    """Fills one layout or block, in one medium, with one e-mail's names."""

    def __init__(self, press: Press, tokens: Tokens, names: Names) -> None:
        self.press = press
        self.tokens = tokens
        self.names = dict(names)
        self.out: list[str] = []
        self.late: list[tuple[int, str, Context]] = []  # index in tokens.held, name, context
        self.including: tuple[str, ...] = ()
        self.own = False  # is this file the workspace's? Then findings point into it

    def fill(self, name: str) -> str:
        """The text of a file, with tokens; "" where there is no such file."""
        self._include(name)
        return "".join(self.out)

    def _include(self, name: str) -> None:
        file = self.press.kit.layouts.files.get(name)
        if name in self.including or file is None:
            return  # syntax has told it
        outer = self.including, self.own
        self.including, self.own = (*self.including, name), file.source.path.startswith(OWN)
        self._nodes(self.press.kit.nodes(name))
        self.including, self.own = outer

    def _nodes(self, nodes: Sequence[LayoutNode]) -> None:
        for node in nodes:
            match node:
                case Literal(text):
                    self.out.append(text)
                case Output():
                    self._print(node)
                case Choice():
                    self._arms(node.arms, node.place is Place.MARKUP)
                case Repeat():
                    self._repeat(node)
                case Inclusion(name):
                    self._include(name)
                case PictureUse(path):
                    self._picture(path)
                case _:
                    assert_never(node)

    def _print(self, node: Output) -> None:
        value = find(self.names, node.name.path)
        if isinstance(value, Raw):
            self.out.append(value.text)
            return
        if isinstance(value, Language):
            self.out.append(value.tag if node.context is Context.PLAIN else ANY_LANGUAGE)
            return
        if isinstance(value, Late):
            self.late.append((len(self.tokens.held), value.name, node.context))
            self.out.append(self.tokens.hold(()))
            return
        if self.own:
            self.press.place = node.span
        dials = node.place is Place.ADDRESS and bool(self.out) and self.out[-1].endswith("tel:")
        parts = self.press.parts(value, node.filter, node.context, dials=dials)
        if parts:
            self.out.append(self.tokens.hold(parts))

    def _picture(self, path: str) -> None:
        asset = self.press.kit.layouts.assets.get(path.removeprefix("assets/"))
        if asset is not None:
            self.press.pictures[asset.name] = None
            self.out.append(self.tokens.hold((Picture(asset.name),)))

    def _repeat(self, node: Repeat) -> None:
        """Each turn under its item's own condition."""
        value = find(self.names, node.items.path)
        items = value.items if isinstance(value, Items) else value.rows if isinstance(value, Rows) else ()
        between = any(isinstance(inner, Literal) and "<mj-" in inner.text for inner in node.nodes)
        hidden = self.names.get(node.variable)
        for item in items:
            self.names[node.variable] = item
            condition = item.condition if isinstance(item, Item) else None
            self.under(condition, node.nodes, between)
        self.names[node.variable] = hidden

    def under(self, condition: Condition | None, nodes: Sequence[LayoutNode], between: bool) -> None:
        """The nodes, shown where a condition is true."""
        if condition is None:
            self._nodes(nodes)
        else:
            self._fork(condition, nodes, (), between)

    def _arms(self, arms: Sequence[Arm], between: bool) -> None:
        """The first arm that is surely true; before it, a fork for each that depends on the person."""
        for at, arm in enumerate(arms):
            reduced = True if arm.condition is None else self._reduced(arm.condition)
            if reduced is True:
                self._nodes(arm.nodes)
                return
            if reduced is False:
                continue
            condition = self.press.test(reduced)
            if condition is None:
                continue  # a finding says why
            self._fork(condition, arm.nodes, arms[at + 1 :], between)
            return

    def _fork(self, condition: Condition, nodes: Sequence[LayoutNode], others: Sequence[Arm], between: bool) -> None:
        known = constant(condition.formula)
        if known is not None:
            self._nodes(nodes) if known else self._arms(others, between)
            return
        before, orelse, after = self.tokens.fork(self.press.deriving.test(condition))
        self.out.append(carried(before, between))
        sure = self.press.sure
        self.press.sure = sure | condition.implies_set
        self._nodes(nodes)
        self.press.sure = sure
        if others:
            self.out.append(carried(orelse, between))
            self._arms(others, between)
        self.out.append(carried(after, between))

    # Conditions: what the e-mail itself decides is decided here, the rest is the person's.

    def _reduced(self, condition: Expression) -> bool | Expression:
        match condition:
            case e.Name(path) | e.IsSet(e.Name(path), negated=False):
                value = find(self.names, path)
                return self._presence(value, condition)
            case e.IsSet(e.Name() as name, negated=True):
                return self._negated(self._reduced(e.IsSet(name, False, condition.span)), condition)
            case e.Not(operand):
                return self._negated(self._reduced(operand), condition)
            case e.And(operands) | e.Or(operands):
                return self._joined(operands, condition)
            case e.Call("has", (e.Name(path), e.Literal(wanted))):
                value = find(self.names, path)
                if self.press.aside(value):
                    return condition
                return isinstance(value, Choices) and wanted in value.names
            case e.Compare(e.Name(path), ((op, e.Literal(wanted)),)) if op in ("==", "!="):
                value = find(self.names, path)
                if self.press.aside(value):
                    return condition
                known = _text(value)
                return known is not None and (known == wanted) == (op == "==")
            case e.Membership(e.Name(path), choices, negated):
                value = find(self.names, path)
                if self.press.aside(value):
                    return condition
                known = _text(value)
                return known is not None and (known in [choice.value for choice in choices]) != negated
            case _:
                return condition

    def _presence(self, value: Value, condition: Expression) -> bool | Expression:
        path = self.press.aside(value)
        if not path:
            return is_given(value)
        if path.startswith("event.") or not self.press.given(path):
            return self.press.given(path)
        if isinstance(condition, e.IsSet):
            return e.IsSet(e.Name(path, self._place(condition.operand.span)), False, self._place(condition.span))
        return condition

    def _negated(self, inner: bool | Expression, condition: Expression) -> bool | Expression:
        return not inner if isinstance(inner, bool) else e.Not(inner, self._place(condition.span))

    def _joined(self, operands: tuple[Expression, ...], condition: e.And | e.Or) -> bool | Expression:
        decisive = isinstance(condition, e.Or)
        open_ones: list[Expression] = []
        for operand in operands:
            reduced = self._reduced(operand)
            if reduced is decisive:
                return decisive
            if not isinstance(reduced, bool):
                open_ones.append(reduced)
        if not open_ones:
            return not decisive
        if len(open_ones) == 1:
            return open_ones[0]
        return type(condition)(tuple(open_ones), self._place(condition.span))

    def _place(self, span: Span) -> Span:
        return span if self.own else self.press.place


def _text(value: Value) -> str | None:
    """A value that can be compared while compiling; None for what isn't given or is no text."""
    match value:
        case Language(text) | Fixed(text) | Raw(text) | str(text):
            return text
        case _:
            return None
