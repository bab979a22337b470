"""Deriving gives each value that a text prints or tests its name, once an e-mail; constants become literal text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from campcompile.calendar_file import escaped
from campcompile.formula import And, Const, DateConst, Formula, Lookup, Not, Or, Set, to_json
from campcompile.model.bound import Condition, Print
from campcompile.model.labels import Label
from campcompile.model.rendered import Derived, DerivedType
from campcompile.model.scope import Scope
from campcompile.parts import Branch, Context, Part, Parts, Slot
from campcompile.syntax.markup import escape_attribute, escape_text
from campcompile.syntax.source import Span


class Deriving:
    """The derived values of one e-mail under construction.

    Their names are provisional: `t_` or `c_` and 12 hex digits of what they are made of, so that one
    value has one name in every e-mail of a campaign; the compiler numbers them.
    """

    def __init__(self, scope: Scope, comma: str = ", ") -> None:
        self.scope = scope
        self.comma = comma  # between the lines of an address that stands amid words
        self.derived: dict[str, Derived] = {}

    def printed(
        self, value: Print, context: Context, change: Callable[[str], str] | None = None, host: str = ""
    ) -> Part:
        """A merge field in its context.

        `change` bends a practice's value while compiling, for every site; what it makes is an address on
        `host`, where one is given.
        """
        formula = _changed(value.formula, change or self._one_line)
        if isinstance(formula, Const):
            return escape(str(formula.value), context)
        return Slot(self._name("url" if host else "text", formula, value.label, value.span, host), context)

    def link(self, value: Print, context: Context) -> Part:
        """One address a recipient."""
        if isinstance(value.formula, Const):
            return escape(str(value.formula.value), context)
        name = self._name("url", value.formula, value.label, value.span, self._host(value.field))
        return Slot(name, context)

    def either(self, condition: Condition, then: Parts, orelse: Parts = ()) -> Parts:
        """`then` where the condition is true of a recipient, else `orelse`."""
        known = constant(condition.formula)
        if known is not None:
            return then if known else orelse
        return (Branch(self.test(condition), then, orelse),) if then or orelse else ()

    def adopt(self, derived: Iterable[Derived], made_at: Span, here: Span) -> None:
        """Values that were derived for another e-mail at `made_at` and are printed here, too."""
        for value in derived:
            if value.name not in self.derived:
                moved = value.span == made_at and made_at != here
                self.derived[value.name] = replace(value, span=here) if moved else value

    def test(self, condition: Condition) -> str:
        """The name of the yes/no that a condition is."""
        return self._name("yes_no", condition.formula, condition.label, condition.span)

    def _one_line(self, text: str) -> str:
        return self.comma.join(line.strip() for line in text.split("\n")) if "\n" in text else text

    def _name(self, type: DerivedType, formula: Formula, label: Label, span: Span, host: str = "") -> str:
        name = derived_name(type, formula, host)
        if name not in self.derived:
            self.derived[name] = Derived(name=name, type=type, formula=formula, label=label, host=host, span=span)
        return name

    def _host(self, field: str) -> str:
        names = self.scope.names
        declared = names.dictionary.fields.get(field)
        if declared is not None and declared.host:
            return declared.host
        link = names.settings.links.get(field.removeprefix("links."))
        return link.host if link is not None else ""


@lru_cache(maxsize=4096)
def derived_name(type: str, formula: Formula, host: str) -> str:
    """`c_` (yes/no) or `t_` and 12 hex digits: the same for the same value, wherever it is asked for."""
    text = json.dumps([type, host, to_json(formula)], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return ("c_" if type == "yes_no" else "t_") + hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def constant(formula: Formula) -> bool | None:
    """What a yes/no is for everybody; None where it depends on the person."""
    match formula:
        case Const(value):
            return value is True
        case Set(Const(value)):
            return value != ""
        case Set(DateConst()):
            return True
        case Set(Lookup(_, table, default)):
            known = {text != "" for _, text in table} | {default != ""}
            return known.pop() if len(known) == 1 else None
        case Not(of):
            inner = constant(of)
            return None if inner is None else not inner
        case And(parts) | Or(parts):
            decisive = isinstance(formula, Or)
            found = [constant(part) for part in parts]
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        case _:
            return None


def escape(text: str, context: Context) -> str:
    """Literal text for a context; headers and plain text hold no line ends of an author's."""
    match context:
        case Context.TEXT:
            return escape_text(text)
        case Context.ATTRIBUTE | Context.URL:
            return escape_attribute(text)
        case Context.CALENDAR:
            return escaped(text)
        case Context.HEADER | Context.PLAIN:
            return text.replace("\n", " ") if "\n" in text else text


def _changed(formula: Formula, change: Callable[[str], str]) -> Formula:
    match formula:
        case Const(str(value)):
            return Const(change(value))
        case Lookup(by, table, default):
            return Lookup(by, tuple((site, change(text)) for site, text in table), change(default))
        case _:
            return formula
