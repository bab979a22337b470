"""A scope is what names mean in one place: which rows are bound, which fields are surely set, which locale prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime

from campcompile import formats
from campcompile.formula import (
    Const,
    DateConst,
    Default,
    FieldRef,
    Format,
    Formula,
    LocalDate,
    Lookup,
    Today,
    source_fields,
)
from campcompile.model import event as events
from campcompile.model.bound import Condition, Print
from campcompile.model.event import Event
from campcompile.model.fields import DATE, TEXT, URL, YES_NO, Dictionary, Field, Type
from campcompile.model.findings import (
    MISSING_FALLBACK,
    TYPE_AND_FORMAT,
    UNBOUND_RECORD,
    UNDEFINED_FIELD,
    UNKNOWN_NAME,
)
from campcompile.model.labels import Label, join
from campcompile.model.practice import Settings
from campcompile.model.presence import needed
from campcompile.syntax.expression import Expression
from campcompile.syntax.findings import Checked, Diagnostic, Findings
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest
from campcompile.values import dataclass

FILTERS = ("date", "weekday", "time", "elapsed")
PRINTABLE_PRACTICE = ("name", "legal_name", "address", "phone", "email", "website", "emergency")
_UNPRINTABLE = {
    "yes_no": "show words instead: `{% if … %}`",
    "choice": "its code is the same in every language: show words with `{% if … == … %}`",
    "site": "print the site's own `practice.name`",
    "locale": "leave it out: the reader sees the language",
    "zone": "leave it out: times are printed in the site's zone",
}


@dataclass(frozen=True, slots=True)
class SegmentSource:
    """A segment as declared: its condition is bound anew in each scope that uses it."""

    name: str
    title: str
    where: Expression | None
    words: str
    label: Label
    exclude_from: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Names:
    """All that a workspace declares and an expression may mean."""

    settings: Settings
    dictionary: Dictionary
    segments: Mapping[str, SegmentSource]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A typed operand: its formula, and the fields that it reads."""

    type: Type
    formula: Formula
    name: str  # as written
    reads: frozenset[str] = frozenset()
    label: Label = Label.PUBLIC  # what it tells beside the fields that it reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What names mean in one e-mail and locale, or in a campaign's own conditions."""

    names: Names
    recipient: str  # a person record; "" in the dictionary's and segments' own check, where any is bound
    records: tuple[str, ...]  # bound rows, most specific first: ("appointment", "patient")
    sure: frozenset[str] = frozenset()  # fields that are surely set
    locale: str = ""
    event: Event | None = None  # the campaign's
    zone: Formula = field(default_factory=lambda: Const("UTC"))  # the e-mail's: whose day `now` is
    goal: Condition | None = None
    knows_goal: bool = False

    def within(self, implied: frozenset[str]) -> Scope:
        """The same scope where more fields are surely set."""
        return self if implied <= self.sure else replace(self, sure=self.sure | implied)

    def has_record(self, record: str) -> bool:
        """Is one row of `record` bound here?"""
        return record in self.records

    def label_of(self, reads: Iterable[str]) -> Label:
        fields = self.names.dictionary.fields
        return join(fields[name].label for name in reads if name in fields)

    def site_lookup(self, values: Mapping[str, str], default: str, *, record: str = "") -> Formula:
        """A value that differs by site: a constant where no site says otherwise."""
        if all(value == default for value in values.values()):
            return Const(default)
        by = self._site_fields(record)
        return Lookup(by, tuple(sorted(values.items())), default) if by else Const(default)

    @property
    def site_label(self) -> Label:
        """What is told by a value that sites differ in: the most that any site's name tells, whoever reads it."""
        sites = self.names.settings.practice.sites.values()
        return join(site.label for site in sites) if self._site_fields("") else Label.PUBLIC

    def zone_of(self, record: str) -> Formula:
        """The zone that a datetime of `record` prints in: its site's, else the person's, else the practice's."""
        practice = self.names.settings.practice
        zones = {s.id: s.values["time_zone"] for s in practice.sites.values() if "time_zone" in s.values}
        return self.site_lookup(zones, practice.value("time_zone") or "UTC", record=record)

    def resolve(self, path: str, span: Span, findings: Findings) -> Value | None:
        """What a dotted name means here; None, with a finding, for one that means nothing."""
        head, _, rest = path.partition(".")
        if head == "practice" and rest:
            return self._practice_value(path, rest, span, findings)
        if head == "links" and rest:
            return self._link_value(path, rest, span, findings)
        if head == "event" and rest:
            return self._event_value(path, rest, span, findings)
        name = f"{self.recipient}.{rest}" if head == "recipient" and rest and self.recipient else path
        declared = self.names.dictionary.fields.get(name)
        if declared is None and head == "recipient" and not self.recipient:
            return self._any_person_value(path, rest, span, findings)
        if declared is None:
            self._report_unknown(path, name, span, findings)
            return None
        if not self._bound(declared):
            findings.add(self._unbound(path, declared, span))
            return None
        formula: Formula = FieldRef(declared.name)
        if declared.missing is not None:
            formula = Default(formula, declared.missing)
        return Value(type=declared.type, formula=formula, name=path, reads=frozenset({declared.name}))

    def print_field(
        self, path: str, filter: str, span: Span, *, implied: frozenset[str] = frozenset()
    ) -> Checked[Print | None]:
        """A merge field as words in this scope's locale; a finding where it is unknown, unfit or may be missing."""
        findings = Findings()
        value = self.resolve(path, span, findings)
        if value is None:
            return findings.done(None)
        formula = self._format(value, filter, span, findings)
        if formula is None:
            return findings.done(None)
        for missing in sorted(needed(formula) - self.sure - implied):
            findings.add(MISSING_FALLBACK.at(span, name=path, related=self._declaration(missing)))
        reads = value.reads | frozenset(source_fields(formula))
        name = next(iter(value.reads)) if len(value.reads) == 1 else path
        label = max(value.label, self.label_of(value.reads))
        printed = Print(formula=formula, field=name, filter=filter, reads=reads, label=label, span=span)
        return findings.done(printed)

    def condition(self, expression: Expression, words: str = "") -> Checked[Condition | None]:
        """A typed yes/no; None where it can't be understood."""
        from campcompile.model.conditions import bind_condition

        return bind_condition(expression, self, words)

    @property
    def format_locale(self) -> str:
        """The locale that values print in: English is written as the practice's country writes it."""
        country = self.names.settings.practice.value("holidays")[:2]
        return f"en-{country}" if self.locale == "en" and country else self.locale

    def today(self) -> Formula:
        return Today(self.zone)

    def day_of(self, value: Value) -> Formula:
        """A date's own formula, or the local day of a datetime."""
        if value.type == DATE:
            return value.formula
        record = next(iter(value.reads), "").partition(".")[0]
        return LocalDate(value.formula, self.zone_of(record))

    def _format(self, value: Value, filter: str, span: Span, findings: Findings) -> Formula | None:
        kind = value.type.name
        is_date = kind in ("date", "datetime")
        if filter and filter not in FILTERS:
            findings.add(
                UNKNOWN_NAME.at(span, kind="format", name=filter, advice=f"the formats are {', '.join(FILTERS)}")
            )
            return None
        if is_date and not filter:
            findings.add(TYPE_AND_FORMAT.at(span, say="needs-filter", name=value.name, type=kind))
            return None
        if filter and not is_date:
            findings.add(
                TYPE_AND_FORMAT.at(span, say="wrong-filter", name=value.name, filter=filter, type=str(value.type))
            )
            return None
        if filter == "time" and kind == "date":
            findings.add(TYPE_AND_FORMAT.at(span, say="time-of-date", name=value.name))
            return None
        if kind in _UNPRINTABLE:
            advice = _UNPRINTABLE[kind]
            findings.add(
                TYPE_AND_FORMAT.at(span, say="not-printable", name=value.name, type=str(value.type), advice=advice)
            )
            return None
        if is_date and filter != "elapsed" and isinstance(value.formula, DateConst):
            return Const(self._event_words(value.name.removeprefix("event."), filter))
        if is_date:
            record = next(iter(value.reads), "").partition(".")[0]
            zone = self.zone_of(record) if kind == "datetime" else None
            if filter == "elapsed":
                return Format("elapsed", self.format_locale, self.day_of(value), self.zone)
            return Format(filter, self.format_locale, value.formula, zone)
        if kind == "list":
            return Format("list", self.format_locale, value.formula)
        if kind == "number":
            return Format("number", self.format_locale, value.formula)
        return value.formula

    def _practice_value(self, path: str, key: str, span: Span, findings: Findings) -> Value | None:
        practice = self.names.settings.practice
        if key not in PRINTABLE_PRACTICE:
            near = nearest(key, PRINTABLE_PRACTICE)
            advice = f"did you mean `practice.{near}`?" if near else f"there are {', '.join(PRINTABLE_PRACTICE)}"
            findings.add(
                UNKNOWN_NAME.at(
                    span,
                    kind="practice value",
                    name=path,
                    advice=advice,
                    fixes=renaming(span, path, near and f"practice.{near}"),
                )
            )
            return None
        values = {site.id: site.values[key] for site in practice.sites.values() if key in site.values}
        default = practice.value(key)
        if not default and not values:
            findings.add(UNDEFINED_FIELD.at(span, say="not-given", name=path, key=key))
            return None
        formula = self.site_lookup(values, default)
        label = self.site_label if isinstance(formula, Lookup) else Label.PUBLIC
        return Value(type=TEXT, formula=formula, name=path, label=label)

    def _link_value(self, path: str, name: str, span: Span, findings: Findings) -> Value | None:
        links = self.names.settings.links
        if name not in links:
            near = nearest(name, links)
            advice = (
                f"did you mean `links.{near}`?" if near else "links are declared under `links:` in campcompile.yaml"
            )
            findings.add(
                UNKNOWN_NAME.at(
                    span, kind="link", name=path, advice=advice, fixes=renaming(span, path, near and f"links.{near}")
                )
            )
            return None
        link = links[name]
        if link.host:
            return Value(type=URL, formula=FieldRef(path), name=path, reads=frozenset({path}))
        return Value(type=URL, formula=Const(link.address), name=path)

    def _event_value(self, path: str, key: str, span: Span, findings: Findings) -> Value | None:
        """One of the campaign's `event`; any, where it isn't known which campaign (a phrase's own check)."""
        if key not in events.NAMES:
            near = nearest(key, events.NAMES)
            advice = f"did you mean `event.{near}`?" if near else f"there are {', '.join(events.NAMES)}"
            findings.add(
                UNKNOWN_NAME.at(
                    span,
                    kind="event value",
                    name=path,
                    advice=advice,
                    fixes=renaming(span, path, near and f"event.{near}"),
                )
            )
            return None
        event = self.event
        if event is None and self.recipient:
            advice = "add `event: {start: …, end: …, place: …}` to the campaign"
            findings.add(UNBOUND_RECORD.at(span, record="event", name=path, advice=advice))
            return None
        if event is not None and not event.has(key):
            findings.add(UNDEFINED_FIELD.at(span, say="no-event", name=path, key=key))
            return None
        if key in ("start", "end", "last_day"):
            day = "2000-01-01" if event is None else self._event_day(key).isoformat()
            return Value(type=DATE if key == "last_day" else Type("datetime"), formula=DateConst(day), name=path)
        if key == "link" and event is not None and not event.link.startswith("https:"):
            return self.resolve(event.link, span, findings)
        return Value(
            type=URL if key == "link" else TEXT,
            formula=Const("" if event is None else str(getattr(event, key))),
            name=path,
        )

    def _event_day(self, key: str) -> date:
        value = getattr(self.event, key)
        return value.date() if isinstance(value, datetime) else value

    def _event_words(self, key: str, filter: str) -> str:
        """An event's day or time is the same for everybody, so its words are made while compiling."""
        if self.event is None:
            return ""
        value = getattr(self.event, key)
        if filter == "time":
            return formats.time_words(value.timetz().replace(tzinfo=None), self.format_locale)
        words = formats.weekday_words if filter == "weekday" else formats.date_words
        return words(self._event_day(key), self.format_locale)

    def _any_person_value(self, path: str, rest: str, span: Span, findings: Findings) -> Value | None:
        """`recipient.x` where any person may be the recipient (a phrase's own check)."""
        dictionary = self.names.dictionary
        for record in dictionary.records.values():
            declared = dictionary.fields.get(f"{record.name}.{rest}")
            if record.person and declared is not None:
                return Value(
                    type=declared.type, formula=FieldRef(declared.name), name=path, reads=frozenset({declared.name})
                )
        self._report_unknown(path, path, span, findings)
        return None

    def _bound(self, declared: Field) -> bool:
        return declared.per_run or not self.recipient or declared.record in self.records

    def _unbound(self, path: str, declared: Field, span: Span) -> Diagnostic:
        fields = self.names.dictionary.fields.values()
        derived = [
            f.name for f in fields if f.derivation is not None and f.derivation.field == declared.name
        ]  # facts about the person, made from this field
        of_person = self.names.dictionary.records.get(declared.record)
        if of_person is not None and of_person.person:
            advice = f"this campaign writes to `{self.recipient}`, and no row of `{declared.record}` belongs to it"
        elif derived:
            names = " or ".join(f"`{name}`" for name in derived)
            advice = f"use {names}, or anchor the campaign on `{declared.record}`"
        else:
            advice = (
                f"anchor the campaign on a field of `{declared.record}`, or declare a derived field in the dictionary"
            )
        return UNBOUND_RECORD.at(
            span, record=declared.record, name=path, advice=advice, related=self._declaration(declared.name)
        )

    def _report_unknown(self, path: str, name: str, span: Span, findings: Findings) -> None:
        known = [f for f in self.names.dictionary.fields.values() if self._bound(f)]
        candidates = [f.name for f in known] + [f"practice.{key}" for key in PRINTABLE_PRACTICE]
        records = self.names.dictionary.records
        people = [self.recipient] if self.recipient else [record.name for record in records.values() if record.person]
        personal = ["recipient." + f.name.removeprefix(f"{f.record}.") for f in known if f.record in people]
        if path.startswith("recipient."):
            candidates = personal
        near = nearest(path, [*candidates, *personal]) or nearest(name, candidates)
        if near:
            findings.add(UNDEFINED_FIELD.at(span, name=path, nearest=near, fixes=renaming(span, path, near)))
        else:
            findings.add(UNDEFINED_FIELD.at(span, say="unheard-of", name=path))

    def _declaration(self, name: str) -> tuple[Place, ...]:
        declared = self.names.dictionary.fields.get(name)
        return () if declared is None or not declared.span.path else (Place(declared.span, "declared here"),)

    def _site_fields(self, record: str) -> tuple[str, ...]:
        """The site fields of the bound rows, `record`'s own first."""
        fields = self.names.dictionary.fields.values()
        order = [record, *(r for r in self.records if r != record)] if record else list(self.records)
        return tuple(f.name for bound in order for f in fields if f.record == bound and f.type.name == "site")


__all__ = ["YES_NO", "Names", "Scope", "SegmentSource", "Value"]
