"""The people that a preview shows e-mails to: somebody ordinary, and some that strain a layout; all made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campcompile.bundling import manifest_field
from campcompile.errors import MissingValueError
from campcompile.evaluate import Value
from campcompile.formula import source_fields
from campcompile.model.campaign import Programme
from campcompile.model.fields import Field
from campcompile.model.rendered import RenderedEmail
from campcompile.render import Row, join, values
from campcompile.runner.cells import typed
from campcompile.schedule.wall import instant_of, wall_of
from campcompile.values import dataclass
from campcompile.zones import zone

ORDINARY = "ordinary"
KINDS: Mapping[str, str] = {
    ORDINARY: "Somebody ordinary",
    "long": "Very long names",
    "few": "Tells us little",
    "right-to-left": "Writes from right to left",
}
_NAMES = {"fr": ("Camille", "Laurent"), "nb": ("Kari", "Nordlie"), "zh": ("怡君", "林")}
_OTHERS = ("Emma", "Larsen")
_STRAINED = {
    "long": ("Maximiliane-Theodora Wilhelmina", "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren"),
    "right-to-left": ("مريم", "بنت عبد الرحمن השרון"),
}
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Entry:
    """One field of a person, as the page shows it and lets it be changed."""

    field: Field
    text: str  # as it may be typed; "" for missing
    problem: str = ""  # why what was typed can't be read


@dataclass(frozen=True, slots=True)
class Sample:
    """A person as one e-mail sees them, at the instant that it goes."""

    row: Row
    entries: tuple[Entry, ...]
    now: datetime


def sample(message: RenderedEmail, programme: Programme, kind: str, typed_in: Mapping[str, str], day: date) -> Sample:
    """The fields that an e-mail reads, each with what was typed for it, else what is usual for such a person.

    `day` is when it goes, in the practice's zone, at nine. A person who tells little tells what the e-mail
    can't do without.
    """
    now = instant_of(datetime.combine(day, time(9)), _zone(programme))
    maker = _Maker(programme, message.version.locale, kind, now)
    fields = [programme.dictionary.fields[name] for name in _names(message) if name in programme.dictionary.fields]
    entries = []
    row: dict[str, Value] = {}
    for field in fields:
        text, problem = typed_in.get(field.name), ""
        try:
            value = maker.usual(field) if text is None else typed(text, manifest_field(field, programme, {}))
        except ValueError as error:
            value, problem = None, str(error)
        if value is not None:
            row[field.name] = value
        entries.append(Entry(field, written(value, _zone(programme)) if text is None else text, problem))
    return Sample(row, tuple(entries), now)


def completed(message: RenderedEmail, programme: Programme, found: Sample) -> tuple[Sample, tuple[str, ...]]:
    """The same person, who tells also what the e-mail prints and can't do without; and the names of those fields."""
    maker = _Maker(programme, message.version.locale, ORDINARY, found.now)
    row = dict(found.row)
    lacking: list[str] = []
    for field in [entry.field for entry in found.entries if entry.field.name not in row]:
        if _can_be_printed(message, row, found.now):
            break
        row[field.name] = maker.usual(field)
        lacking.append(field.name)
    return Sample(row, found.entries, found.now), tuple(lacking)


def written(value: Value, own: object = None) -> str:
    """A value as it may be typed; an instant with its offset."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case tuple():
            return "; ".join(value)
        case _:
            return str(value)


def _can_be_printed(message: RenderedEmail, row: Row, now: datetime) -> bool:
    try:
        found = values(message.derived, row, now)
        for parts in (message.subject, message.preheader, message.html, message.text):
            join(parts, found, message.derived, medium="plain")
    except MissingValueError:
        return False
    return True


def _names(message: RenderedEmail) -> list[str]:
    """The fields that an e-mail reads, its look too, by name."""
    formulas = [derived.formula for derived in message.derived.values()]
    return sorted({name for formula in (*formulas, message.look_by) for name in source_fields(formula)})


def _zone(programme: Programme) -> ZoneInfo:
    return zone(programme.settings.practice.value("time_zone") or "UTC")


class _Maker:
    """Makes one person's values, each from its field's type and name."""

    def __init__(self, programme: Programme, locale: str, kind: str, now: datetime) -> None:
        self.programme = programme
        self.locale = locale
        self.kind = kind
        self.zone = _zone(programme)
        self.wall = wall_of(now, self.zone)

    def usual(self, field: Field) -> Value:
        """None where the person doesn't tell."""
        if self.kind == "few" and not field.required:
            return None
        return self._of_type(field, field.type.name)

    def _of_type(self, field: Field, kind: str) -> Value:
        match kind:
            case "yes_no":
                return True
            case "number":
                return 3
            case "date":
                return self._day(field)
            case "datetime":
                past = field.derivation is not None and field.derivation.function in ("first", "last")
                day = self.wall.date() + (-26 if past else 1) * _WEEK
                return instant_of(datetime.combine(day, time(10, 30)), self.zone).astimezone(self.zone)
            case "choice":
                return field.type.choices[0]
            case "list":
                element = field.type.element
                return (field.type.choices or (element.choices if element else ()) or ("news",))[:1]
            case "url":
                return f"https://{field.host or 'portal.clinic.example'}/c/9f2c41"
            case _:
                return self._words(field, kind)

    def _day(self, field: Field) -> date:
        day = self.wall.date()
        if field.name.endswith("birth_date"):
            return day.replace(year=day.year - 45, day=min(day.day, 28))
        return day - 26 * _WEEK

    def _words(self, field: Field, kind: str) -> Value:
        settings = self.programme.settings
        match kind:
            case "email":
                return "sample@post.example"
            case "phone":
                return settings.practice.value("phone") or "+47 55 50 12 80"
            case "locale":
                return self.locale
            case "country":
                return next(iter(settings.jurisdictions), "NO").partition("-")[0]
            case "zone":
                return settings.practice.value("time_zone")
            case "site":
                return next(iter(settings.practice.sites), None)
            case "code":
                return "A1"
            case _:
                return self._name(field)

    def _name(self, field: Field) -> str:
        first, last = _STRAINED.get(self.kind) or _NAMES.get(self.locale.partition("-")[0], _OTHERS)
        own = field.name.partition(".")[2]
        if "first" in own or "given" in own:
            return first
        if "last" in own or "family" in own:
            return last
        return next(self._others(own), f"{first} {last}")

    def _others(self, own: str) -> Iterator[str]:
        """Words that aren't a patient's name: whom they see."""
        if self.kind == ORDINARY and ("provider" in own or "doctor" in own):
            yield next(iter(self.programme.settings.practice.staff), "Dr. Ingrid Hansen")
