"""The dictionary: which records and fields a practice has, their types and labels."""

from __future__ import annotations

from collections.abc import Mapping

from campcompile.model.labels import Label
from campcompile.syntax.source import Span
from campcompile.values import dataclass

SIMPLE_TYPES = (
    "text",
    "number",
    "yes_no",
    "date",
    "datetime",
    "email",
    "phone",
    "url",
    "locale",
    "country",
    "zone",
    "site",
    "code",
)


@dataclass(frozen=True, slots=True)
class Type:
    """One of SIMPLE_TYPES, or choice (with `choices`), or list (with `element`)."""

    name: str
    choices: tuple[str, ...] = ()
    element: Type | None = None

    def __str__(self) -> str:
        if self.name == "choice":
            return "choice of " + ", ".join(self.choices)
        if self.name == "list":
            return f"list of {self.element}"
        return self.name


TEXT = Type("text")
NUMBER = Type("number")
YES_NO = Type("yes_no")
DATE = Type("date")
DATETIME = Type("datetime")
URL = Type("url")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A kind of row: a person, or something that a person has."""

    name: str
    person: bool
    of: str  # the record that each row belongs to; "" for none
    source: str = ""  # own | event | public | rented | purchased | scraped | unknown: where the addresses come from
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """`from: next(appointment.start)`: the earliest, latest past or earliest future of a person's rows."""

    function: str  # first | last | next
    field: str  # "appointment.start"
    where: str  # the condition as a plain sentence's source text; "" for none
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A row of the dictionary."""

    name: str  # "patient.first_name"
    record: str  # "patient"
    type: Type
    label: Label
    span: Span  # of the name in the dictionary
    category: str = ""
    sensitivity: str = ""
    hipaa: str = ""
    required: bool = False
    missing: str | int | float | bool | None = None  # what missing means in a condition
    derivation: Derivation | None = None
    host: str = ""  # of a personal link: the only host its address may have
    per_run: bool = False  # run.replied, run.clicked: kept by the ledger


@dataclass(frozen=True, slots=True)
class Dictionary:
    records: Mapping[str, Record]
    fields: Mapping[str, Field]
