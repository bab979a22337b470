"""Variables are what a service is handed for each person: derived fields as words, computed before hand-over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from campcompile.manifest import Derived
from campcompile.parts import Branch, Context, Parts, Slot
from campcompile.render import Row, Value, join, values
from campcompile.values import dataclass

YES, NO = "yes", ""  # a service's text field says a yes/no so
_IN_MARKUP = frozenset({Context.TEXT, Context.ATTRIBUTE})


@dataclass(frozen=True, slots=True, order=True)
class Variable:
    """One value of each person's."""

    derived: str  # the derived field's name: "t1"
    markup: bool = False  # escaped for HTML before hand-over, as the service escapes nothing

    @property
    def short(self) -> str:
        return f"{self.derived}h" if self.markup else self.derived


def variable_of(slot: Slot, derived: Mapping[str, Derived], *, in_html: bool, before: bool) -> Variable:
    """What a slot prints; `before`: values are escaped before hand-over."""
    is_markup = in_html and (slot.context in _IN_MARKUP or is_address(slot, derived))
    return Variable(slot.name, is_markup and before)


def is_address(slot: Slot, derived: Mapping[str, Derived]) -> bool:
    return slot.context is Context.URL or derived[slot.name].type == "url"


def variables_in(parts: Parts, derived: Mapping[str, Derived], *, in_html: bool, before: bool) -> dict[Variable, None]:
    """All that parts print or test, in order of appearance."""
    found: dict[Variable, None] = {}
    for part in parts:
        if isinstance(part, Slot):
            found[variable_of(part, derived, in_html=in_html, before=before)] = None
        elif isinstance(part, Branch):
            found[Variable(part.name)] = None
            found |= variables_in(part.then, derived, in_html=in_html, before=before)
            found |= variables_in(part.orelse, derived, in_html=in_html, before=before)
    return found


def handed(
    variables: Iterable[Variable], derived: Mapping[str, Derived], row: Row, now: datetime
) -> dict[Variable, str | bool]:
    """One person's values. What is missing is "": whether a message that prints it can be made, `render.py` says.

    Raises AddressError for a link that mustn't be sent.
    """
    wanted = tuple(variables)
    found = values({variable.derived: derived[variable.derived] for variable in wanted}, row, now)
    return {variable: _worded(variable, derived[variable.derived], found[variable.derived]) for variable in wanted}


def _worded(variable: Variable, field: Derived, value: Value) -> str | bool:
    if field.type == "yes_no":
        return value is True
    if value is None:
        return ""
    context = Context.TEXT if variable.markup else Context.PLAIN
    slot = (Slot(variable.derived, context),)
    known = {variable.derived: field}
    return join(slot, {variable.derived: value}, known, medium="html" if variable.markup else "plain")
