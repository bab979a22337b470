"""People as a service imports them: one row each, every value computed, and which version of each e-mail they get."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from campcompile.dialects.compiled import Compiled
from campcompile.dialects.dialect import Dialect
from campcompile.dialects.pages import field_names, table, variables_of
from campcompile.dialects.variables import NO, YES, handed
from campcompile.errors import RenderError
from campcompile.evaluate import evaluate
from campcompile.formula import Formula, source_fields
from campcompile.manifest import Email, Manifest, Rendering
from campcompile.render import Row, render_message
from campcompile.values import dataclass


class Person(Protocol):
    """One row of a file of recipients."""

    @property
    def row(self) -> int: ...
    @property
    def email(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def values(self) -> Row: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    file: bytes  # CSV
    chosen: int  # people who get something
    set_aside: tuple[tuple[int, str], ...]  # row and reason, never a value


def fields_needed(manifest: Manifest) -> frozenset[str]:
    """Every field that a row must bring: for the audience, conditions and prints of all e-mails."""
    formulas: list[Formula] = [manifest.audience.formula, *(field.formula for field in manifest.derived.values())]
    if manifest.stop_when is not None:
        formulas.append(manifest.stop_when.formula)
    return frozenset(name for formula in formulas for name in source_fields(formula))


def people_file(compiled: Compiled, dialect: Dialect, people: Iterable[Person], now: datetime) -> People:
    """The table to import, people who get nothing left out; whoever's message can't be made is set aside.

    Consent, suppression and caps are the planner's: it makes the file that this one is computed from.
    """
    manifest = compiled.manifest
    variables = tuple(variables_of(compiled, dialect))
    rows: list[list[str]] = [["email", *field_names(compiled, dialect)]]
    aside: list[tuple[int, str]] = []
    for person in people:
        try:
            chosen = [_version(compiled, email, person, now) for email in manifest.emails]
            found = handed(variables, manifest.derived, person.values, now)
        except RenderError as error:
            aside.append((person.row, error.message))
            continue
        if any(chosen):
            rows.append([person.email, *chosen, *map(_cell, found.values())])
    return People(file=table(rows), chosen=len(rows) - 1, set_aside=tuple(aside))


def _version(compiled: Compiled, email: Email, person: Person, now: datetime) -> str:
    """Which version of an e-mail a person gets, "" for none; raises RenderError where it can't be made."""
    manifest = compiled.manifest
    conditions = [manifest.audience.formula]
    if email.condition:
        conditions.append(manifest.derived[email.condition].formula)
    if not all(evaluate(formula, person.values, now) is True for formula in conditions):
        return ""
    if manifest.stop_when and evaluate(manifest.stop_when.formula, person.values, now) is True:
        return ""
    look = _chosen(email.look, manifest, person.values, now) or "1"
    site = _chosen(email.sender, manifest, person.values, now)
    rendering = _rendering(email, person.locale, look)
    if rendering is None:
        raise RenderError(f"`{email.id}` is not there in `{person.locale}`")
    render_message(manifest, compiled.template(rendering), person.values, now)
    return ".".join(part for part in (person.locale, look.strip("1"), site) if part)


def _rendering(email: Email, locale: str, look: str) -> Rendering | None:
    return next((one for one in email.renderings if (one.locale, one.look) == (locale, look)), None)


def _chosen(name: str | None, manifest: Manifest, values: Row, now: datetime) -> str:
    value = evaluate(manifest.derived[name].formula, values, now) if name else None
    return value if isinstance(value, str) else ""


def _cell(value: str | bool) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return value
