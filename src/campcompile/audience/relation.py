"""A relational form of our own: values of a row, yes/no over them, and queries of named steps; no engine is known here.

Every yes/no is three-valued as in SQL and in language.md: what is missing makes a comparison unknown.
Instants are UTC without a zone. What an engine would do differently from the next one isn't in this
form: no zone, no arithmetic on months or instants but what is listed below.
"""

from __future__ import annotations

from typing import TypeAlias

from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    table: str  # an alias
    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A text, number or yes/no; None is what is missing."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Nothing:
    """A missing value of a field's type."""

    type: str


@dataclass(frozen=True, slots=True)
class Everything:
    """All columns of a table, as they are."""

    table: str


@dataclass(frozen=True, slots=True)
class Day:
    iso: str


@dataclass(frozen=True, slots=True)
class Compared:
    op: str  # == != < <= > >=
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Among:
    of: Expression
    values: tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """Whether a value stands in a column of a table, in rows that meet a condition."""

    of: Expression
    column: Column
    where: Expression


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether a list holds a text; a missing list holds none."""

    of: Expression
    value: str


@dataclass(frozen=True, slots=True)
class Missing:
    of: Expression


@dataclass(frozen=True, slots=True)
class Negated:
    of: Expression


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class First:
    """The first that isn't missing."""

    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """The value of the first condition that holds."""

    arms: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Chosen:
    """The value that a text chooses."""

    by: Expression
    table: tuple[tuple[str, str], ...]
    default: Expression


@dataclass(frozen=True, slots=True)
class Between:
    """Whole days, months or years from one day to another; months clamp, as `evaluate.whole_months` counts."""

    unit: str
    since: Expression
    until: Expression


@dataclass(frozen=True, slots=True)
class Year:
    """The year of an instant, in UTC."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Later:
    """An instant so many seconds after another."""

    of: Expression
    seconds: Expression


@dataclass(frozen=True, slots=True)
class DayOf:
    """The day of an instant, its own as it stands."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Call:
    """A function that all engines have and mean alike: LOWER, MIN, MAX, COUNT, NULLIF."""

    name: str
    of: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """1 for the first row among those with the same values, in an order; each with whether it descends."""

    within: tuple[Expression, ...]
    order: tuple[tuple[Expression, bool], ...]


Expression: TypeAlias = (
    "Column | Value | Nothing | Everything | Day | Compared | Among | Listed | Holds | Missing | Negated | All | Some "
    "| First | Cases | Chosen | Between | Year | Later | DayOf | Call | Ranked"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    table: str
    alias: str
    on: tuple[Expression, ...]
    optional: bool = False  # rows without a match stay


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition that must hold, and the author's words for it."""

    condition: Expression
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Select:
    columns: tuple[tuple[str, Expression], ...]  # name and value; Everything has no name
    table: str
    alias: str
    joins: tuple[Join, ...] = ()
    where: tuple[Filter, ...] = ()
    group: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A named part of a query; several selects are put below one another."""

    name: str
    comment: str
    selects: tuple[Select, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Steps in order; the last one's rows are the answer."""

    title: tuple[str, ...]
    steps: tuple[Step, ...]
