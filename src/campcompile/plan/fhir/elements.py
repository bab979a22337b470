"""What FHIR R4's resources and types hold, by name and type, so that a misspelt name isn't just empty."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from campcompile.package_files import package_text


@cache
def _types() -> Mapping[str, Mapping[str, str | list[str]]]:
    found: Mapping[str, Mapping[str, str | list[str]]] = json.loads(package_text("plan/fhir/data/elements.json"))[
        "types"
    ]
    return found


def names_of(type: str) -> tuple[str, ...]:
    """The elements of a type; none where it isn't known, or is a plain value."""
    return tuple(_types().get(type, ()))


def is_plain(type: str) -> bool:
    """Whether it is a value such as a date, and nothing is below it."""
    return type[:1].islower()


def choices_of(type: str, name: str) -> tuple[str, ...] | None:
    """Of an element that may have one of several types, those types, () for any; None for every other."""
    found = _types().get(type, {}).get(name)
    return tuple(found) if isinstance(found, list) else None


def type_below(type: str, name: str) -> str:
    """The type of an element by its name in JSON, `deceasedBoolean` for one of several; "" where it isn't known."""
    elements = _types().get(type, {})
    found = elements.get(name, "")
    if isinstance(found, str) and found:
        return found
    for choice, types in elements.items():
        if isinstance(types, list) and name.startswith(choice) and name != choice:
            ending = name.removeprefix(choice)
            return ending if ending in _types() else ending[0].lower() + ending[1:]
    return ""
