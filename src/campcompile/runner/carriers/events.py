"""What services' own events say of our messages: the shapes are dated data, one a service (data/events.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pkgutil import get_data
from typing import Any

from campcompile.values import dataclass

_SEEN = "accepted"  # an event of a kind that isn't listed, or of a failure that may pass: the service has the message


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Where a service's events have what; places are keys and numbers, joined by dots."""

    sign: str  # the key that no other service's events have
    message: str
    kind: str
    detail: str  # what tells a final failure from one that may pass
    events: Mapping[str, str]  # `kind`, or `kind detail` → ours


@cache
def shapes() -> tuple[Shape, ...]:
    found = json.loads(get_data("campcompile.runner", "data/events.json") or b"{}")
    return tuple(
        Shape(**{name: value for name, value in one.items() if name != "source"}) for one in found["services"].values()
    )


def told_by_service(found: Any) -> tuple[tuple[str, str], ...] | None:
    """The message and the kind of a service's event, none where it is of somebody else's mail; None for no such event.

    Amazon's notifications and Mailgun's webhooks are opened first. Raises ValueError for one that holds no JSON.
    """
    match found:
        case {"Type": "Notification", "Message": str() as inner}:
            return told_by_service(json.loads(inner))
        case {"event-data": dict() as inner}:
            return told_by_service(inner)
        case dict():
            return next((tuple(_told(found, shape)) for shape in shapes() if shape.sign in found), None)
    return None


def _told(found: dict[str, Any], shape: Shape) -> Iterator[tuple[str, str]]:
    message, kind, detail = (_at(found, place) for place in (shape.message, shape.kind, shape.detail))
    if isinstance(message, str) and message:
        yield message, shape.events.get(f"{kind} {detail}") or shape.events.get(str(kind), _SEEN)


def _at(value: Any, place: str) -> Any:
    for step in place.split("."):
        match value:
            case dict():
                value = value.get(step)
            case list() if step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            case _:
                return None
    return value
