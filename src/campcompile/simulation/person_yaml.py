"""A made-up person as the text of a people's file, so that a witness can be kept, changed and simulated again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campcompile.evaluate import Value
from campcompile.regex import regex
from campcompile.schedule.wall import instant_of, wall_of
from campcompile.simulation.person import Person, RowValues

_PLAIN = regex(r"[a-z][a-z0-9_-]*")
_OTHERWISE = frozenset({"no", "yes", "on", "off", "true", "false", "null", "y", "n"})


def person_yaml(person: Person, zone: ZoneInfo) -> Iterator[str]:
    """Line by line; times in the practice's zone."""
    yield f"{_text(person.name)}:"
    for record, rows in person.rows.items():
        if record == person.record:
            yield f"  {record}: {_row(rows[person.name], zone)}"
        else:
            yield f"  {record}:"
            yield from (f"    {_text(id)}: {_row(row, zone)}" for id, row in rows.items())
    if person.consents:
        given = ", ".join(f'{name}: "{day}"' for name, day in person.consents.items())
        yield f"  consents: {{{given}}}"
    if person.changes:
        yield "  events:"
    for change in person.changes:
        parts = [f"at: {_value(change.at, zone)}"]
        for record, rows in change.rows.items():
            own = ", ".join(f"{_text(id)}: {_row(row, zone)}" for id, row in rows.items())
            parts.append(f"{record}: {_row(rows[person.name], zone) if record == person.record else f'{{{own}}}'}")
        yield f"    - {{{', '.join(parts)}}}"


def _row(row: RowValues, zone: ZoneInfo) -> str:
    values = ", ".join(f"{name.partition('.')[2]}: {_value(value, zone)}" for name, value in row.items())
    return f"{{{values}}}"


def _value(value: Value, zone: ZoneInfo) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            wall = wall_of(value, zone)
            is_plain = instant_of(wall, zone) == value  # not the second time that clocks show it
            return f'"{(wall if is_plain else value).isoformat(timespec="minutes")}"'
        case date():
            return f'"{value.isoformat()}"'
        case tuple():
            return f"[{', '.join(_text(item) for item in value)}]"
        case str():
            return _text(value)
        case None:
            return "null"
        case _:
            return str(value)


def _text(text: str) -> str:
    """Plain where no YAML reads it otherwise; country codes and the like in quotes."""
    is_plain = _PLAIN.fullmatch(text) is not None and text not in _OTHERWISE
    return text if is_plain else json.dumps(text, ensure_ascii=False)
