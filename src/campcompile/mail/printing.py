"""Printing turns what a name means into parts, in the context where a layout prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from itertools import zip_longest
from typing import assert_never

from campcompile.formula import Const, Lookup, Set
from campcompile.mail.deriving import Deriving, escape
from campcompile.mail.inlines import inline_parts, prose_html, prose_plain, target_parts
from campcompile.mail.kit import Kit
from campcompile.mail.locale_words import Field
from campcompile.mail.naming import Aside, Language, Late, Lines, Raw, Value, dialled
from campcompile.mail.numbers import unbroken
from campcompile.model.bound import Condition, Print, Target
from campcompile.model.campaign import Asset, Choices, Fixed, Item, Items, Line, Prose, Row, Rows
from campcompile.model.practice import NamedLink
from campcompile.model.scope import Scope
from campcompile.parts import Context, Part, Parts, Picture
from campcompile.syntax.expression import Expression
from campcompile.syntax.findings import Findings
from campcompile.syntax.source import Span
from campcompile.values import dataclass


@dataclass(slots=True, kw_only=True)
class Press:
    """What the pages of one e-mail share: its kit, its scope, and what has been printed so far."""

    kit: Kit
    scope: Scope
    deriving: Deriving
    findings: Findings
    place: Span  # of the block or e-mail being printed: findings of built-in layouts point there
    pictures: dict[str, None] = field(default_factory=dict)  # names of those used
    sure: frozenset[str] = frozenset()  # fields that the conditions in force imply
    _prints: dict[tuple[str, str], Print | None] = field(default_factory=dict)
    _tests: dict[Expression, Condition | None] = field(default_factory=dict)

    def parts(self, value: Value, filter: str, context: Context, *, dials: bool = False) -> Parts:
        """A value in its context; nothing for what isn't given. `dials`: it stands after `tel:`."""
        match value:
            case Aside(path, change, host):
                change = dialled if dials else change
                printed = self.field(path, filter)
                if printed is None:
                    return ()
                if context is Context.URL and change is None and self._is_address(printed):
                    return (self.deriving.link(printed, context),)
                return (self.deriving.printed(printed, context, change, host),)
            case Lines(path):
                return self._lines(path, context)
            case Line(words) | Item(words):
                parts = inline_parts(words, context, self.deriving, self.kit.look)
                return unbroken(parts, self.deriving.derived) if context is Context.TEXT else parts
            case Prose(text):
                if context is Context.TEXT:
                    return prose_html(text, self.deriving, self.kit.look)
                return prose_plain(text, self.deriving, self.kit.look, self.kit.words.plain("colon"))
            case Target():
                return target_parts(value, context, self.deriving)
            case NamedLink():
                return self._link(value, context)
            case Asset(name=name):
                self.pictures[name] = None
                return () if context is Context.PLAIN else (Picture(name),)
            case Fixed(text):
                return (escape(text, context),)
            case str():
                return (escape(value, context),)
            case tuple():
                return self._wording(value, context)
            case None | Items() | Rows() | Choices() | Row() | Raw() | Language() | Late() | Mapping():
                return ()
            case _:
                assert_never(value)

    def field(self, path: str, filter: str) -> Print | None:
        """A merge field of the layout's; None where there is nothing to print, or a finding says why not."""
        if not self.given(path):
            return None
        key = (path, filter)
        if key not in self._prints:
            self._prints[key] = self.findings.take(self.scope.print_field(path, filter, self.place, implied=self.sure))
        return self._prints[key]

    def test(self, expression: Expression) -> Condition | None:
        """A condition of the layout's on fields."""
        if expression not in self._tests:
            self._tests[expression] = self.findings.take(self.scope.condition(expression))
        return self._tests[expression]

    def given(self, path: str) -> bool:
        """False for a value that neither the practice nor a site, or the event, states: layouts do without it."""
        if path.startswith("event."):
            event = self.scope.event
            return event is not None and event.has(path.removeprefix("event."))
        if not path.startswith("practice."):
            return True
        key = path.removeprefix("practice.")
        practice = self.kit.settings.practice
        return bool(practice.value(key)) or any(site.values.get(key) for site in practice.sites.values())

    def aside(self, value: Value) -> str:
        """The field that a value is read from when the message is sent; "" for what the e-mail itself holds."""
        return value.path if isinstance(value, Aside | Lines) else ""

    def _is_address(self, printed: Print) -> bool:
        declared = self.scope.names.dictionary.fields.get(printed.field)
        return declared is not None and declared.type.name == "url"

    def _wording(self, wording: tuple[str | Field, ...], context: Context) -> Parts:
        parts: list[Part] = []
        for part in wording:
            if isinstance(part, str):
                parts.append(escape(part, context))
            else:
                parts.extend(self.parts(Aside(part.path), part.filter, context))
        return tuple(parts)

    def _link(self, link: NamedLink, context: Context) -> Parts:
        if not link.host:
            return (escape(link.address, context),)
        printed = self.field(f"links.{link.name}", "")
        return () if printed is None else (self.deriving.link(printed, context),)

    def _lines(self, path: str, context: Context) -> Parts:
        """An address by lines. Where sites have more or fewer lines, each further line brings its own break."""
        printed = self.field(path, "")
        if printed is None:
            return ()
        rows = _rows_of_lines(printed)
        end = "<br />" if context is Context.TEXT else "\n" if context is Context.PLAIN else " "
        parts: Parts = ()
        for at, formula in enumerate(rows):
            line = Print(
                formula=formula,
                field=printed.field,
                filter="",
                reads=printed.reads,
                label=printed.label,
                span=printed.span,
            )
            shown: Parts = (end if at else "", self.deriving.printed(line, context))
            present = Condition(
                formula=Set(formula),
                reads=printed.reads,
                label=printed.label,
                implies_set=frozenset(),
                span=printed.span,
            )
            parts += self.deriving.either(present, shown)
        return parts


def is_given(value: Value) -> bool:
    """Whether a value of the e-mail's own has something to show."""
    match value:
        case None | "":
            return False
        case Line(words) | Item(words):
            return bool(words)
        case Prose(text):
            return bool(text)
        case Target():
            return bool(value.address) or value.print is not None
        case Items(rows) | Rows(rows):
            return bool(rows)
        case Fixed(text) | Raw(text):
            return bool(text)
        case _:
            return True


def _rows_of_lines(printed: Print) -> list[Const | Lookup]:
    """The k-th line of each site's text, for k = 0, 1, …"""
    match printed.formula:
        case Const(str(text)):
            return [Const(line) for line in text.split("\n")]
        case Lookup(by, table, default):
            sites = [site for site, _ in table]
            texts = [text.split("\n") for _, text in table]
            rows = zip_longest(default.split("\n"), *texts, fillvalue="")
            return [Lookup(by, tuple(zip(sites, row[1:], strict=True)), row[0]) for row in rows]
        case _:
            return []
