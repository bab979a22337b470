"""Made-up people and campaigns drawn at random, and who is due by the simulator's own means: what engines must find."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from campcompile import bundling
from campcompile.audience.printing import DIALECTS
from campcompile.draft import bind_files
from campcompile.evaluate import Value, evaluate
from campcompile.manifest import Manifest
from campcompile.memory import Memory
from campcompile.model.campaign import Programme
from campcompile.model.planning import derivations_of
from campcompile.plan.due import Campaign
from campcompile.plan.reckoning import Span, window_of
from campcompile.plan.tables import LISTS, Cell, LookupTable
from campcompile.schedule.moments import dated_moment, moment, moments
from campcompile.schedule.sendings import Sending, Window, looks_of, sending_of
from campcompile.schedule.timing import Anchor, Place
from campcompile.simulation.person import Person, World
from campcompile.simulation.refusals import locale_of, refusal
from campcompile.simulation.series import Practice, Series, Step, practice_of
from campcompile.zones import zone
from tests.workspace import workspace

DICTIONARY = """\
records:
  patient: {person: true}
  guardian: {person: true, of: patient}
  appointment: {of: patient}
fields:
  patient.email: {type: email, label: contact, hipaa: F}
  patient.locale: {type: locale, label: contact, required: true}
  patient.country: {type: country, label: contact}
  patient.site: {type: site, label: relationship}
  patient.time_zone: {type: zone, label: contact}
  patient.birth_date: {type: date, label: contact, hipaa: C}
  patient.deceased: {type: yes_no, label: contact, missing: false}
  patient.in_care: {type: yes_no, label: contact, missing: false}
  patient.wants: {type: yes_no, label: contact}
  patient.registered_at: {type: datetime, label: relationship, hipaa: C}
  patient.size: {type: number, label: contact}
  patient.topics: {type: {list: text}, label: contact}
  patient.first_visit: {from: first(appointment.start), where: 'appointment.status != "cancelled"', label: relationship}
  patient.last_visit: {from: last(appointment.start), where: 'appointment.status == "fulfilled"', label: relationship}
  patient.next_visit: {from: next(appointment.start), where: 'appointment.status == "booked"', label: relationship}
  patient.last_paper: {from: last(appointment.signed), where: days_since(appointment.start) < 400, label: relationship}
  guardian.email: {type: email, label: contact}
  guardian.locale: {type: locale, label: contact, required: true}
  guardian.country: {type: country, label: contact}
  appointment.start: {type: datetime, label: relationship, required: true, hipaa: C}
  appointment.signed: {type: date, label: relationship}
  appointment.status: {type: {choice: [booked, cancelled, fulfilled]}, label: relationship, required: true}
  appointment.site: {type: site, label: relationship}
"""
SEGMENTS = """\
in-care: {title: People in care, where: patient.in_care, exclude_from: [updates]}
"""
CONSENT = """\
consents:
  news: {title: News, layers: [updates], purposes: [operations], version: v1, max_age: P12M}
bases:
  - {purpose: treatment, layer: essential, in: ["NO", US], up_to: special, basis: care}
  - {purpose: operations, layer: updates, in: ["NO"], up_to: special, consent: news}
  - {purpose: operations, layer: updates, in: [US], up_to: special, basis: care}
"""
SITES = """\
sites:
  north: {}
  east: {time_zone: America/New_York, holidays: US}
  south: {time_zone: Australia/Lord_Howe}
  paris: {time_zone: Europe/Paris, holidays: FR-57}
jurisdictions: ["NO", US]
"""
ASKS = (
    "age(patient.birth_date) >= 30",
    "age(patient.birth_date) < 65 or patient.wants",
    "months_since(patient.last_visit) >= 12",
    "months_since(patient.last_visit) == 6 or days_since(patient.last_visit) <= 40",
    "patient.next_visit is not set",
    "patient.next_visit is set and not patient.wants",
    'has(patient.topics, "it\'s \\\\ news")',
    'not has(patient.topics, "sleep")',
    "patient.wants",
    "patient.size > 2.5",
    "patient.size != 3",
    "months_since(patient.registered_at) >= 6",
    "days_since(patient.registered_at) > 200 or patient.registered_at is not set",
    'patient.registered_at < "2026-03-08"',
    'patient.registered_at not in ["2026-03-08", "2026-03-09"]',
    'patient.birth_date in ["1960-02-29", "2004-02-29"]',
    'patient.site in ["north", "east"]',
    'patient.site != "south"',
    "patient.first_visit is set",
    "patient.last_paper is set",
    "months_since(patient.birth_date) >= patient.size",
    'practice.phone == "+47 55 50 12 34"',
)
OF_APPOINTMENTS = (
    'appointment.status in ["booked", "fulfilled"]',
    'appointment.status != "cancelled"',
    "appointment.start == patient.next_visit",
    "appointment.start != patient.first_visit",
    "days_since(appointment.start) > 3",
    "appointment.signed is set",
)
OFFSETS = (
    "-P7D",
    "-P3D",
    "-P1D",
    "P1D",
    "P2D",
    "P1M",
    "-PT24H",
    "-PT30H",
    "PT3H",
    "-1BD",
    "-2BD",
    "3BD",
    "P6M",
    "-P1M",
)
DATES = (date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 3), date(2026, 10, 24), date(2026, 7, 3), date(2026, 4, 6))


def programme_of(draw: random.Random, campaigns: int, emails: int, first: date) -> Programme:
    files: dict[str, str | bytes] = {
        "campaigns/letter/campaign.yaml": "",
        "campaigns/_shared/dictionary.yaml": DICTIONARY,
        "campaigns/_shared/segments.yaml": SEGMENTS,
        "campaigns/_shared/consent.yaml": CONSENT,
    }
    base = workspace()["campcompile.yaml"].decode()
    hours = draw.choice(('"21:00-08:00"', '"22:30-07:15"', '"12:00-13:30"'))
    base = base.replace('jurisdictions: ["NO"]\n', SITES).replace('"21:00-08:00"', hours)
    files["campcompile.yaml"] = base
    for number in range(campaigns):
        files[f"campaigns/c{number}/campaign.yaml"] = _campaign(draw, f"cc{number:02}", emails, first)
    return bind_files(workspace(files), memory=Memory()).programme


def _campaign(draw: random.Random, code: str, emails: int, first: date) -> str:
    anchor = draw.choice(
        ("appointment.start",) * 4 + ("entry", "patient.birth_date", "patient.next_visit", "event.start", "")
    )
    is_updates = draw.random() < 0.5
    recipient = "guardian" if draw.random() < 0.15 else "patient"
    has_rows = anchor in ("appointment.start", "patient.next_visit")
    asks = [*ASKS, *(OF_APPOINTMENTS * 2 if has_rows else ())]
    lines = [
        f"title: A campaign\ncode: {code}\nsender: care\nlocales: [en, nb]\nrecipient: {recipient}",
        f"purpose: {'operations' if is_updates else 'treatment'}\nlayer: {'updates' if is_updates else 'essential'}",
        f"audience: {{where: {_quoted(draw.choice(asks))}}}",
        "reenter: P60D" if draw.random() < 0.3 and anchor == "entry" else "reenter: per_anchor",
    ]
    if anchor:
        lines.append(f"anchor: {anchor}")
    if anchor == "event.start":
        zone_of_event = draw.choice(("+01:00", "-05:00"))
        start = datetime.combine(first + timedelta(days=draw.randrange(-3, 9)), datetime.min.time())
        lines.append(f'event: {{start: "{start:%Y-%m-%d}T{draw.randrange(24):02}:30{zone_of_event}", place: here}}')
    if draw.random() < 0.3:
        lines.append(f"stop_when: {_quoted(draw.choice(asks))}")
    lines.append("emails:")
    for number in range(emails):
        lines += [f"  - id: e{number}", f"    send: {{{_send(draw, anchor, first)}}}"]
        if draw.random() < 0.5:
            lines.append(f"    if: {_quoted(draw.choice(asks))}")
        lines += ["    subject: Hello from us", "    preheader: A word from the practice", "    body: We are well."]
    return "\n".join(lines) + "\n"


def _send(draw: random.Random, anchor: str, first: date) -> str:
    at = f"{draw.randrange(24):02}:{draw.choice((0, 15, 30)):02}"
    if not anchor:
        day = first + timedelta(days=draw.randrange(-1, 4))
        return f'date: "{day}", at: "{at}", zone: {draw.choice(("site", "patient", "Europe/Paris"))}'
    is_day = anchor in ("entry", "patient.birth_date")
    offset = draw.choice([o for o in OFFSETS if not (is_day and "T" in o)])
    parts = [f"offset: {offset}"]
    if is_day or ("T" not in offset and draw.random() < 0.7):
        parts.append(f'at: "{at}"')
    if "T" not in offset and draw.random() < 0.4:
        parts.append(f"shift: {draw.choice(('previous', 'next'))}")
    if anchor == "patient.birth_date":
        parts.append("repeat: P12M")
    parts.append(f"quiet: {draw.choice(('later', 'later', 'earlier', 'skip'))}")
    parts.append(f"zone: {draw.choice(('site', 'site', 'patient', 'America/New_York'))}")
    if draw.random() < 0.3:
        parts.append(f"expires: {draw.choice(('P8D', 'P2D', '-PT1H', 'P40D'))}")
    return ", ".join(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# ── people ───────────────────────────────────────────────────────────────────────────────────────────


def people_of(draw: random.Random, count: int, first: date) -> list[Person]:
    return [_person(draw, f"p{number}", first) for number in range(count)]


def _person(draw: random.Random, name: str, first: date) -> Person:
    sites = (None, "north", "east", "south", "paris")
    midnight = datetime.combine(first, datetime.min.time(), UTC)

    def maybe(value: Value, chance: float = 0.8) -> Value:
        return value if draw.random() < chance else None

    def instant(days: int) -> datetime:
        return midnight + timedelta(minutes=15 * draw.randrange(-days * 96, days * 96))

    born = first - timedelta(days=draw.randrange(3 * 365, 80 * 365))
    if draw.random() < 0.3:
        born = born.replace(year=draw.choice((1960, 1992, 2004)), month=2, day=29)
    elif draw.random() < 0.6:
        month, day = (first + timedelta(days=draw.randrange(-9, 9))).timetuple()[1:3]
        born = date(born.year, month, min(day, 28))
    patient: dict[str, Value] = {
        "email": maybe(f"{name}@post.example", 0.95),
        "locale": draw.choice(("en", "nb", "nn-NO", "zh-TW", "fr")),
        "country": maybe(draw.choice(("NO", "US", "US", "NO", "FR")), 0.95),
        "site": draw.choice(sites),
        "time_zone": maybe(draw.choice(("Europe/Oslo", "Asia/Taipei", "America/New_York")), 0.5),
        "birth_date": maybe(born, 0.95),
        "deceased": maybe(draw.random() < 0.1),
        "in_care": maybe(draw.random() < 0.2),
        "wants": maybe(draw.random() < 0.5),
        "registered_at": maybe(instant(500)),
        "size": maybe(draw.choice((1, 2.5, 3, 400))),
        "topics": maybe(draw.choice((("it's \\ news",), ("sleep", "it's \\ news"), ("sleep",)))),
    }
    rows: dict[str, dict[str, dict[str, Value]]] = {"patient": {name: _named("patient", patient)}}
    for number in range(draw.choice((0, 1, 2, 3, 5))):
        start = instant(draw.choice((12, 12, 40, 420)))
        row: dict[str, Value] = {
            "start": start,
            "signed": maybe(start.date() + timedelta(days=draw.randrange(3)), 0.5),
            "status": draw.choice(("booked", "booked", "cancelled", "fulfilled")),
            "site": draw.choice(sites),
        }
        rows.setdefault("appointment", {})[f"{name}-a{number}"] = _named("appointment", row)
    if draw.random() < 0.4:
        row = {"email": f"g{name}@post.example", "locale": "nb", "country": draw.choice((None, "NO"))}
        rows["guardian"] = {f"g{name}": _named("guardian", row)}
    given = first - timedelta(days=draw.choice((10, 364, 365, 366, 500)))
    consents = {"news": given} if draw.random() < 0.8 else {}
    return Person(name=name, record="patient", rows=rows, consents=consents, changes=())


def _named(record: str, row: Mapping[str, Value]) -> dict[str, Value]:
    return {f"{record}.{name}": value for name, value in row.items() if value is not None}


# ── as tables, and as campaigns ──────────────────────────────────────────────────────────────────────


def tables_of_people(
    people: Sequence[Person], programme: Programme, entries: Sequence[tuple[str, str, date]]
) -> Iterator[LookupTable]:
    for record in programme.dictionary.records.values():
        fields = [f for f in programme.dictionary.fields.values() if f.record == record.name and f.derivation is None]
        columns = {"id": "text", **({f"{record.of}_id": "text"} if record.of else {})}
        columns |= {field.name.partition(".")[2]: field.type.name for field in fields}
        rows: list[tuple[Any, ...]] = []
        for person in people:
            for id, row in person.rows.get(record.name, {}).items():
                owner = (person.name,) if record.of else ()
                rows.append((id, *owner, *(_cell(row.get(field.name)) for field in fields)))
        yield LookupTable(name=record.name, columns=columns, rows=rows)
    given = [(person.name, id, day) for person in people for id, day in person.consents.items()]
    yield LookupTable(name="consents", columns={"patient_id": "text", "consent": "text", "given": "date"}, rows=given)
    yield LookupTable(name="entries", columns=LISTS["entries"], rows=entries)


def _cell(value: Value) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def manifests_of(programme: Programme) -> list[Manifest]:
    derived = dict(derivations_of(programme))
    made = [bundling.bundle(campaign, (), programme, {}, {}, derived) for campaign in programme.campaigns]
    return [bundle.manifest for bundle in made]


def campaigns_of(programme: Programme, engine: str) -> list[Campaign]:
    derived = dict(derivations_of(programme))
    found = []
    for campaign in programme.campaigns:
        made = bundling.bundle(campaign, (), programme, {}, {}, derived)
        text = {path.partition("/")[2]: content.decode() for path, content in made.files.items()}
        entrants = text.get(f"audience/entrants.{engine}.sql", "")
        found.append(Campaign(manifest=made.manifest, due=text[f"audience/{engine}.sql"], entrants=entrants))
    assert engine in DIALECTS
    return found


def entries_of(
    draw: random.Random, people: Sequence[Person], programme: Programme, first: date
) -> list[tuple[str, str, date]]:
    found = []
    for campaign in programme.campaigns:
        if campaign.anchor == "entry":
            for person in people:
                for id in person.rows.get(campaign.recipient, {}):
                    if draw.random() < 0.5:
                        found.append((campaign.code, id, first - timedelta(days=draw.randrange(190))))
    return found


# ── who is due, by the simulator's means ─────────────────────────────────────────────────────────────


class Expected:
    """Every row that a query must answer, found person by person."""

    def __init__(self, programme: Programme, manifests: Sequence[Manifest], span: Span) -> None:
        self.practice: Practice = practice_of(programme)
        self.manifests = {manifest.code: manifest for manifest in manifests}
        self.span = span
        self.window: Window = window_of(manifests[0], span, with_late=False)

    def rows(self, people: Sequence[Person], entries: Sequence[tuple[str, str, date]]) -> set[tuple[Cell, ...]]:
        found: set[tuple[Cell, ...]] = set()
        for person in people:
            world = World(person, self.practice.programme, self.practice.derivations)
            for series in self.practice.series:
                for id in world.rows_of(series.campaign.recipient):
                    entered = [day for code, who, day in entries if (code, who) == (series.campaign.code, id)]
                    found |= set(self._of(series, world, id, entered))
        return found

    def _of(self, series: Series, world: World, id: str, entered: list[date]) -> Iterator[tuple[Cell, ...]]:
        rows = {series.campaign.recipient: id}
        for anchor_id, start, bound in self._anchors(series, world, rows, entered):
            for step in series.steps:
                yield from self._of_step(series, step, world, anchor_id, start, bound)

    def _anchors(
        self, series: Series, world: World, rows: Mapping[str, str], entered: list[date]
    ) -> Iterator[tuple[str, date | datetime | None, Mapping[str, str]]]:
        name = series.campaign.anchor
        record = name.partition(".")[0]
        if name == "entry":
            days = [*entered, *self._enters(series, world, rows, entered)]
            yield from (("entry", day, rows) for day in days)
        elif name == "event.start":
            event = series.campaign.event
            assert event is not None
            yield "event", event.start, rows
        elif name in self.practice.derivations:
            made = self.practice.derivations[name].field.partition(".")[0]
            row, value = world.derived(name, self.window.since)
            if isinstance(value, date):
                yield row, value, {**rows, made: row}
        else:
            for row, values in world.rows_of(record).items():
                value = values.get(name)
                if isinstance(value, date):
                    yield row, value, {**rows, record: row}

    def _enters(self, series: Series, world: World, rows: Mapping[str, str], entered: list[date]) -> Iterator[date]:
        manifest = self.manifests[series.campaign.code]
        where = str(evaluate(series.zone, world.bound(rows, self.window.since), self.window.since))
        for sending, again in looks_of(manifest.reenter, zone(where), self.span.first, self.span.days, self.window):
            bound = world.bound(rows, sending.send)
            stop = series.campaign.stop_when
            is_over = stop is not None and evaluate(stop.formula, bound, sending.send) is True
            is_meant = evaluate(series.campaign.audience.formula, bound, sending.send) is True and not is_over
            if is_meant and (not entered or (again is not None and max(entered) <= again)):
                yield sending.today
                return

    def _of_step(
        self, series: Series, step: Step, world: World, id: str, start: date | datetime | None, rows: Mapping[str, str]
    ) -> Iterator[tuple[Cell, ...]]:
        around = world.bound(rows, self.window.since)
        place = Place(
            zone=zone(str(evaluate(step.zone, around, self.window.since))),
            holidays=str(evaluate(step.holidays, around, self.window.since)),
            quiet=self.practice.quiet,
        )
        for k, sending in self._sendings(series, step, place, id, start, around):
            bound = world.bound(rows, sending.send)
            stop = series.campaign.stop_when
            if stop is not None and evaluate(stop.formula, bound, sending.send) is True:
                continue
            if step.condition is not None and evaluate(step.condition, bound, sending.send) is not True:
                continue
            against = refusal(series, step, bound, world, self.practice, sending.send)
            code = "" if against is None else against.code.replace("consent-too-old", "no-consent")
            if code != "not-in-audience":
                who = rows[series.campaign.recipient]
                yield (
                    *(series.campaign.code, step.email.id, who, id, k),
                    *(_cell(sending.send), _cell(sending.expires), _cell(sending.quiet_until)),
                    *(locale_of(series.campaign, bound, self.practice), sending.why or code),
                )

    def _sendings(
        self, series: Series, step: Step, place: Place, id: str, start: date | datetime | None, bound: Any
    ) -> Iterator[tuple[int, Sending]]:
        if step.timing.dates:
            day = step.timing.day_for(locale_of(series.campaign, bound, self.practice))
            found = [] if day is None else [(0, dated_moment(step.timing, day, place))]
        elif start is None:
            found = []
        else:
            anchor = Anchor(id=id, start=start)
            until = self.window.until + timedelta(days=2)
            if step.timing.repeat is None:
                found = [(0, moment(step.timing, anchor, place))]
            else:
                found = list(moments(step.timing, anchor, place, self.window.since - timedelta(days=40), until))
        for k, one in found:
            sending = sending_of(one, step.timing, place, self.window)
            if sending is not None:
                yield k, sending


def as_expected(row: Sequence[Any], columns: Sequence[str]) -> tuple[Cell, ...]:
    """An engine's row in the form of `Expected.rows`."""
    named = dict(zip(columns, row, strict=True))
    names = (
        "campaign",
        "email",
        "recipient_id",
        "anchor_id",
        "repetition",
        "send",
        "expires",
        "quiet_until",
        "locale",
        "reason",
    )
    return tuple(named[name] for name in names)
