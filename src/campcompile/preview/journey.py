"""A journey: one made-up person's time with the practice, and what becomes of every e-mail of every campaign.

The page sends what it changed about the ordinary person (an appointment moved, made late, cancelled; a layer
unsubscribed from), and gets the whole journey again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from campcompile.errors import UsageError
from campcompile.model.fields import Field
from campcompile.report.simulation import totals
from campcompile.schedule.life import LAYERS, consent_ends
from campcompile.schedule.wall import instant_of, start_of_day
from campcompile.schedule.working_days import UnknownCalendarError
from campcompile.simulation.outcome import Outcome
from campcompile.simulation.person import Change, Person, RowValues
from campcompile.simulation.person_yaml import person_yaml
from campcompile.simulation.series import Practice
from campcompile.simulation.story import story_of
from campcompile.simulation.worst import sample_person, worst_week
from campcompile.values import dataclass
from campcompile.zones import is_zone

DAYS = 70
WHO = {"sample": "Somebody with a visit in two weeks", "most": "Who gets most in seven days"}
_ENDS = ("cancelled", "canceled")
_TRIES = 40  # people, in the search for who gets most: the page doesn't wait for `simulate --worst-week`'s many
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What was changed about the person; instants by the id of a row."""

    starts: Mapping[str, datetime]  # when an appointment is
    booked: Mapping[str, datetime]  # when it comes to be known, where it wasn't always
    cancelled: Mapping[str, datetime]
    unsubscribed: Mapping[str, datetime]  # by layer
    withdrawn: Mapping[str, datetime]  # by consent
    bounces: datetime | None


def moves_from(data: Any) -> Moves:
    """What the page sent; raises ValueError for what it can't have sent."""
    found = data if isinstance(data, dict) else {}
    bounces = found.get("bounces")
    return Moves(
        starts=_instants(found.get("starts")),
        booked=_instants(found.get("booked")),
        cancelled=_instants(found.get("cancelled")),
        unsubscribed={layer: at for layer, at in _instants(found.get("unsubscribed")).items() if layer in LAYERS},
        withdrawn=_instants(found.get("withdrawn")),
        bounces=_instant(bounces) if bounces else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Traveller:
    """Whose journey it is, and from which day on."""

    person: Person
    since: datetime  # in the practice's zone


def traveller(practice: Practice, who: str, day: date) -> Traveller:
    """Somebody with a visit two weeks from `day`, or, where `who` is "most", who would get most in any seven days.

    Raises UsageError where the practice can't be simulated.
    """
    if not practice.series:
        raise UsageError("there is no campaign yet")
    if not is_zone(practice.programme.settings.practice.value("time_zone")):
        raise UsageError("the practice has no time zone")
    today = instant_of(datetime.combine(day, time.min), practice.zone)
    try:
        if who == "most":
            found = worst_week(practice, today, _TRIES)
            return Traveller(person=found.person, since=found.since.astimezone(practice.zone) - _WEEK)
    except UnknownCalendarError as error:
        raise UsageError(str(error)) from None
    return Traveller(person=sample_person(practice, today), since=today.astimezone(practice.zone) - _WEEK)


def journey_json(practice: Practice, whose: Traveller, moves: Moves) -> dict[str, Any]:
    """The story of ten weeks. Raises UsageError where the practice can't be simulated."""
    person = _moved(whose.person, moves, practice)
    try:
        story = story_of(practice, person, whose.since, DAYS)
    except UnknownCalendarError as error:
        raise UsageError(str(error)) from None
    return {
        "who": WHO,
        "since": story.since.isoformat(),
        "until": story.until.isoformat(),
        "zone": practice.zone.key,
        "total": totals(story),
        "quiet": practice.programme.settings.quiet_hours,
        "outcomes": [_outcome(one, practice) for one in story.outcomes],
        "rows": list(_rows(person, practice, moves)),
        "changes": list(_changes(person, practice)),
        "layers": list(_layers(practice)),
        "consents": {name: day.isoformat() for name, day in person.consents.items()},
        "gates": list(_gates(person, practice)),
        "file": "\n".join(person_yaml(person, practice.zone)),
    }


def _moved(person: Person, moves: Moves, practice: Practice) -> Person:
    """The person as the page changed them."""
    rows: dict[str, dict[str, RowValues]] = {record: dict(found) for record, found in person.rows.items()}
    changes = list(person.changes)
    for record, id, field in _starts(person, practice):
        row = dict(rows[record][id])
        if id in moves.starts:
            _move(row, field, moves.starts[id])
        rows[record][id] = row
        if id in moves.booked:
            del rows[record][id]
            changes.append(_change(moves.booked[id], record, id, row))
        ending = _ending(record, practice)
        if id in moves.cancelled and ending is not None:
            changes.append(_change(moves.cancelled[id], record, id, {ending[0].name: ending[1]}))
    for layer, at in moves.unsubscribed.items():
        changes.append(Change(at=at, rows={}, consents={}, unsubscribes=(layer,)))
    for consent, at in moves.withdrawn.items():
        if consent in person.consents:
            changes.append(Change(at=at, rows={}, consents={consent: None}))
    if moves.bounces is not None:
        changes.append(Change(at=moves.bounces, rows={}, consents={}, bounces=True))
    return replace(person, rows=rows, changes=tuple(sorted(changes, key=lambda change: change.at)))


def _move(row: dict[str, Any], field: Field, start: datetime) -> None:
    """Move a row's start; its end keeps its distance."""
    end = f"{field.record}.end"
    before = row.get(field.name)
    if isinstance(before, datetime) and isinstance(row.get(end), datetime):
        row[end] = row[end] + (start - before)
    row[field.name] = start


def _change(at: datetime, record: str, id: str, values: RowValues) -> Change:
    return Change(at=at, rows={record: {id: values}}, consents={})


def _starts(person: Person, practice: Practice) -> Iterator[tuple[str, str, Field]]:
    """Each row that campaigns count from: its record, its id, the field of its instant."""
    fields = practice.programme.dictionary.fields
    anchors = {step.anchor for series in practice.series for step in series.steps}
    anchors |= {practice.derivations[name].field for name in anchors if name in practice.derivations}
    for record, rows in person.rows.items():
        own = [fields[name] for name in sorted(anchors) if name in fields and fields[name].record == record]
        timed = [field for field in own if field.type.name == "datetime" and field.derivation is None]
        for id, row in rows.items():
            yield from ((record, id, field) for field in timed[:1] if row.get(field.name) is not None)


def _ending(record: str, practice: Practice) -> tuple[Field, str] | None:
    """The field and the value that say that such a row is called off."""
    for field in practice.programme.dictionary.fields.values():
        if field.record == record and field.type.name == "choice":
            for choice in field.type.choices:
                if choice in _ENDS:
                    return field, choice
    return None


def _rows(person: Person, practice: Practice, moves: Moves) -> Iterator[dict[str, Any]]:
    whole = [*person.rows.items(), *(item for change in person.changes for item in change.rows.items())]
    told = set()
    fields = practice.programme.dictionary.fields
    for record, rows in whole:
        for id, row in rows.items():
            starts = [name for name, value in row.items() if isinstance(value, datetime) and not name.endswith(".end")]
            starts = [name for name in starts if fields[name].derivation is None]
            if record == person.record or not starts or id in told:
                continue
            told.add(id)
            at = row[starts[0]]
            assert isinstance(at, datetime)
            yield {
                "record": record,
                "id": id,
                "field": starts[0],
                "at": at.astimezone(practice.zone).isoformat(),
                "booked": _told(moves.booked.get(id), practice),
                "cancelled": _told(moves.cancelled.get(id), practice),
                "can_be_cancelled": _ending(record, practice) is not None,
            }


def _changes(person: Person, practice: Practice) -> Iterator[dict[str, Any]]:
    for change in person.changes:
        words = [f"{record} {id}" for record, rows in change.rows.items() for id in rows]
        words += [
            f"withdraws {name}" if given is None else f"agrees to {name}" for name, given in change.consents.items()
        ]
        words += [f"unsubscribes from {layer}" for layer in change.unsubscribes]
        words += ["the mailbox bounces"] * change.bounces
        yield {"at": change.at.astimezone(practice.zone).isoformat(), "words": ", ".join(words)}


def _layers(practice: Practice) -> Iterator[str]:
    """The layers that can be refused, and that there is mail of."""
    used = {series.campaign.layer for series in practice.series}
    yield from (layer for layer in LAYERS if layer in used and layer != "essential")


def _gates(person: Person, practice: Practice) -> Iterator[dict[str, str]]:
    """What lets mail through, and for how long: consents until they end, layers until they are refused."""
    rules = practice.programme.consent.consents
    for name, given in person.consents.items():
        since = start_of_day(given, practice.zone)
        age = rules[name].max_age if name in rules else ""
        ends = [change.at for change in person.changes if name in change.consents and change.consents[name] is None]
        ends += [consent_ends(given, age, practice.zone)] if age else []
        yield {
            "name": f"consent {name}",
            "since": _told(since, practice),
            "until": _told(min(ends, default=None), practice),
        }
    for layer in _layers(practice):
        ends = [change.at for change in person.changes if layer in change.unsubscribes]
        yield {"name": f"takes {layer}", "since": "", "until": _told(min(ends, default=None), practice)}


def _outcome(one: Outcome, practice: Practice) -> dict[str, Any]:
    return {
        "campaign": one.series.campaign.folder,
        "email": one.step.email.id,
        "layer": one.series.campaign.layer,
        "path": one.series.campaign.path,
        "status": one.status.value,
        "at": one.at.astimezone(practice.zone).isoformat(),
        "due": one.due.astimezone(practice.zone).isoformat(),
        "expires": one.expires.astimezone(practice.zone).isoformat(),
        "zone": one.zone,
        "anchor": one.anchor,
        "why": [{"code": reason.code, "words": reason.words} for reason in one.why],
    }


def _told(instant: datetime | None, practice: Practice) -> str:
    return "" if instant is None else instant.astimezone(practice.zone).isoformat()


def _instants(data: Any) -> dict[str, datetime]:
    return {str(name): _instant(text) for name, text in data.items()} if isinstance(data, dict) else {}


def _instant(text: Any) -> datetime:
    instant = datetime.fromisoformat(str(text))
    if instant.tzinfo is None or not 1990 < instant.year < 2190:
        raise ValueError("an instant has an offset, and lies in these centuries")
    return instant
