"""A file of made-up people, in YAML or JSON, becomes people; what is wrong is told with its line and column.

Values stay out of messages: should somebody write down a real person, the screen doesn't repeat it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campcompile.evaluate import Value
from campcompile.model.campaign import Programme
from campcompile.model.fields import Field, Record, Type
from campcompile.model.timing import parse_date
from campcompile.regex import regex
from campcompile.schedule.life import LAYERS
from campcompile.schedule.wall import instant_of, start_of_day
from campcompile.simulation.person import Change, Person, RowValues
from campcompile.syntax.decode import decode
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Kind, Node, Scalar, Sequence
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass
from campcompile.zones import is_zone

_INSTANT = regex(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(:[0-9]{2})?)(Z|[+-][0-9]{2}:[0-9]{2})?")
_NUMBER = regex(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?")
_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "locale": (regex(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}"), "a locale such as `en` or `zh-Hant`"),
    "country": (regex(r"[A-Z]{2}"), 'a country code such as `"NO"`'),
}
_EVENT_KEYS = ("at", "consents", "unsubscribes", "complains", "bounces", "replies", "clicks")
_PERSON_KEYS = ("consents", "events")
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something in the file that can't be read, from line and column 1."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class PeopleFile:
    people: tuple[Person, ...]
    problems: tuple[Problem, ...]


def read_people(path: str, content: bytes, programme: Programme, zone: ZoneInfo) -> PeopleFile:
    """The people of a file. Times without an offset from UTC are the practice's, in `zone`.

    In JSON a tab may stand wherever a space may.
    """
    text = content.replace(b"\t", b" ") if path.endswith(".json") else content
    source = decode(path, text)
    document = read_yaml(source.value)
    reading = _Reading(programme, zone)
    for found in (*source.diagnostics, *document.diagnostics):
        reading.problem(found.span, f"{found.message} ({found.rule.code})")
    people = tuple(reading.people(document.value.root)) if not reading.problems else ()
    problems = []
    for span, message in reading.problems:
        line, column = source.value.position(span.start)
        problems.append(Problem(line, column, message))
    return PeopleFile(people, tuple(sorted(problems)))


class _Reading:
    def __init__(self, programme: Programme, zone: ZoneInfo) -> None:
        self.programme = programme
        self.zone = zone
        self.records = programme.dictionary.records
        self.folders = tuple(campaign.folder for campaign in programme.campaigns)
        self.problems: list[tuple[Span, str]] = []

    def problem(self, span: Span, message: str) -> None:
        self.problems.append((span, message))

    def people(self, root: YamlMapping) -> Iterator[Person]:
        if not root.entries:
            self.problem(root.span, "there is nobody in this file: write a name, then `patient:` with fields below it")
        for entry in root.entries:
            body = self._mapping(entry.value, f"`{entry.key.value}` is a person: write fields below the name")
            if body is not None and (person := self._person(entry.key, body)) is not None:
                yield person

    def _person(self, name: Scalar, body: YamlMapping) -> Person | None:
        owners = [record.name for record in self.records.values() if record.person and not record.of]
        mine = [entry for entry in body.entries if entry.key.value in owners]
        if len(mine) != 1:
            wanted = " or ".join(f"`{owner}`" for owner in owners)
            self.problem(name.span, f"a person has the fields of one of these: {wanted}; here are {len(mine)}")
            return None
        rows: dict[str, dict[str, RowValues]] = {}
        consents: dict[str, date] = {}
        changes: tuple[Change, ...] = ()
        for entry in body.entries:
            key = entry.key.value
            if key == "consents":
                given = self._consents(entry.value)
                consents = {consent: day for consent, day in given.items() if day is not None}
            elif key == "events":
                changes = tuple(sorted(self._events(entry.value, name.value), key=lambda change: change.at))
            elif self._is_record(entry.key, _PERSON_KEYS):
                rows[key] = self._rows(self.records[key], entry.value, name.value)
        return Person(name=name.value, record=mine[0].key.value, rows=rows, consents=consents, changes=changes)

    def _events(self, node: Node, name: str) -> Iterator[Change]:
        for item in node.items if isinstance(node, Sequence) else ():
            body = self._mapping(item, "an event is `at:` and what changes then")
            if body is not None and (change := self._event(body, name)) is not None:
                yield change
        if not isinstance(node, Sequence):
            self.problem(node.span, "`events` is a list: begin each with `- at:`")

    def _event(self, body: YamlMapping, name: str) -> Change | None:
        written = body.get("at")
        if written is None:
            self.problem(body.span, '`at` is missing: when does this happen? Write `at: "2026-09-01T12:00"`')
            return None
        at = self._typed(written, "at", Type("datetime"))
        rows: dict[str, dict[str, RowValues]] = {}
        for entry in body.entries:
            if entry.key.value not in _EVENT_KEYS and self._is_record(entry.key, _EVENT_KEYS):
                rows[entry.key.value] = self._rows(self.records[entry.key.value], entry.value, name)
        consents = body.get("consents")
        change = Change(
            at=at if isinstance(at, datetime) else datetime.combine(date.max, datetime.min.time(), self.zone),
            rows=rows,
            consents={} if consents is None else self._consents(consents),
            unsubscribes=self._names(body, "unsubscribes", LAYERS, "layer"),
            complains=self._yes(body, "complains"),
            bounces=self._yes(body, "bounces"),
            replies=self._names(body, "replies", self.folders, "campaign"),
            clicks=self._names(body, "clicks", self.folders, "campaign"),
        )
        if change.is_nothing:
            self.problem(
                body.span, "nothing changes in this event: add a record, or one of " + _listed(_EVENT_KEYS[1:])
            )
        return change if isinstance(at, datetime) else None

    def _rows(self, record: Record, node: Node, name: str) -> dict[str, RowValues]:
        """The person's own fields stand there at once; of other records each row has an id."""
        body = self._mapping(node, f"`{record.name}` has fields: write `name: value` below it")
        if body is None:
            return {}
        if not record.of:
            return {name: self._row(record, body)}
        rows: dict[str, RowValues] = {}
        for entry in body.entries:
            advice = f"each row of `{record.name}` has an id of its own: write `{record.name}: {{a1: {{…}}}}`"
            row = self._mapping(entry.value, advice)
            if row is not None:
                rows[entry.key.value] = self._row(record, row)
        return rows

    def _row(self, record: Record, body: YamlMapping) -> RowValues:
        fields = self.programme.dictionary.fields
        known = {n.partition(".")[2]: field for n, field in fields.items() if field.record == record.name}
        row: dict[str, Value] = {}
        for entry in body.entries:
            key = entry.key.value
            field = known.get(key.removeprefix(f"{record.name}."))
            if field is None:
                self._unknown(
                    entry.key, f"`{record.name}` has no field", [n for n, f in known.items() if not f.derivation]
                )
            elif field.derivation is not None:
                made = f"{field.derivation.function}({field.derivation.field})"
                self.problem(entry.key.span, f"`{field.name}` is computed from {made}: leave it out")
            else:
                row[field.name] = self._value(entry.value, field)
        return row

    def _value(self, node: Node, field: Field) -> Value:
        if isinstance(node, Scalar) and node.kind is Kind.NULL:
            return None
        if field.type.name == "list":
            items = node.items if isinstance(node, Sequence) else (node,)
            element = field.type.element or Type("text")
            values = (self._typed(item, field.name, element) for item in items)
            return tuple(str(value) for value in values if value is not None)
        return self._typed(node, field.name, field.type)

    def _typed(self, node: Node, name: str, type: Type) -> Value:
        """One value; a problem, and None, for what isn't of the type."""
        if not isinstance(node, Scalar):
            self.problem(node.span, f"`{name}` is one value, {_wanted(type)}")
            return None
        value = self._read(node, type)
        if value is None:
            self.problem(node.span, f"`{name}` must be {_wanted(type, self._sites())}")
        return value

    def _read(self, node: Scalar, type: Type) -> Value:
        text = node.value
        match type.name:
            case "number":
                return (float(text) if "." in text else int(text)) if _NUMBER.fullmatch(text) else None
            case "yes_no":
                return {"true": True, "false": False, "yes": True, "no": False}.get(text.lower())
            case "date":
                day = parse_date(text)
                return day if day is not None and day.year in _YEARS else None
            case "datetime":
                return self._instant(text)
            case "choice":
                return text if text in type.choices else None
            case "site":
                return text if text in self._sites() else None
            case "zone":
                return text if is_zone(text) else None
            case kind if kind in _FORMS:
                return text if _FORMS[kind][0].fullmatch(text) else None
            case _:
                return text or None

    def _instant(self, text: str) -> datetime | None:
        """A day alone is its midnight; a time without an offset the practice's own."""
        if (day := parse_date(text)) is not None:
            return start_of_day(day, self.zone) if day.year in _YEARS else None
        if not _INSTANT.fullmatch(text):
            return None
        try:
            written = datetime.fromisoformat(text)
        except ValueError:
            return None
        if written.year not in _YEARS:
            return None
        return instant_of(written, self.zone) if written.tzinfo is None else written

    def _consents(self, node: Node) -> dict[str, date | None]:
        """`news: "2026-01-10"`, the day on which they agreed; `news: no` where they withdraw."""
        body = self._mapping(node, '`consents` says what they agreed to and when: `news: "2026-01-10"`')
        given: dict[str, date | None] = {}
        known = tuple(self.programme.consent.consents)
        for entry in body.entries if body is not None else ():
            if entry.key.value not in known:
                self._unknown(entry.key, "there is no consent", known)
            elif isinstance(entry.value, Scalar) and entry.value.value.lower() in ("no", "false"):
                given[entry.key.value] = None
            else:
                day = self._typed(entry.value, entry.key.value, Type("date"))
                given[entry.key.value] = day if isinstance(day, date) else None
        return given

    def _names(self, body: YamlMapping, key: str, known: tuple[str, ...], kind: str) -> tuple[str, ...]:
        node = body.get(key)
        items = node.items if isinstance(node, Sequence) else () if node is None else (node,)
        names = []
        for item in items:
            if not isinstance(item, Scalar):
                self.problem(item.span, f"`{key}` names one {kind}, or a list of them")
            elif item.value in known:
                names.append(item.value)
            else:
                self._unknown(item, f"there is no {kind}", known)
        return tuple(names)

    def _yes(self, body: YamlMapping, key: str) -> bool:
        node = body.get(key)
        return node is not None and self._typed(node, key, Type("yes_no")) is True

    def _is_record(self, key: Scalar, others: tuple[str, ...]) -> bool:
        if key.value in self.records:
            return True
        self._unknown(key, "there is no record or key", (*self.records, *others))
        return False

    def _unknown(self, key: Scalar, what: str, known: Iterable[str]) -> None:
        names = list(known)
        near = nearest(key.value, names)
        advice = f"did you mean `{near}`?" if near else f"there are {_listed(names)}" if names else "there are none"
        self.problem(key.span, f"{what} `{key.value[:60]}`: {advice}")

    def _sites(self) -> tuple[str, ...]:
        return tuple(self.programme.settings.practice.sites)

    def _mapping(self, node: Node, otherwise: str) -> YamlMapping | None:
        if isinstance(node, YamlMapping):
            return node
        self.problem(node.span, otherwise)
        return None


def _wanted(type: Type, sites: tuple[str, ...] = ()) -> str:
    match type.name:
        case "number":
            return "a number such as `12`"
        case "yes_no":
            return "`true` or `false`"
        case "date":
            return 'a date such as `"2026-09-01"`'
        case "datetime":
            return 'a date and time such as `"2026-09-01T12:00"`'
        case "choice":
            return f"one of {_listed(type.choices)}"
        case "site":
            return f"one of {_listed(sites)}" if sites else "a site, and the practice has none"
        case "zone":
            return "a time zone such as `Europe/Oslo`"
        case kind if kind in _FORMS:
            return _FORMS[kind][1]
        case _:
            return "a text"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
