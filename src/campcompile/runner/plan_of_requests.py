"""requests.json, read back: what a service is asked in order, with places for what it answers and what is given."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from campcompile.errors import BundleError
from campcompile.values import dataclass

SCHEMA = "campcompile.requests/1"
_AGAIN = "export the campaign again"
_PLACE = re.compile(r"<<(answer|given|number) ([^<>]+)>>")
Json = Any  # what a service takes and answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """How to learn whether a request was carried out already."""

    path: str
    rows: str
    field: str
    value: str
    body: Json = None  # asked by POST with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    step: str
    says: str
    method: str
    path: str
    body: Json
    keeps: str
    find: Find | None
    expects: Mapping[str, Json] | None
    optional: bool

    @property
    def given(self) -> frozenset[str]:
        """What the practice must say for it."""
        said = f"{self.path} {json.dumps(self.body, ensure_ascii=False)} {self.find.path if self.find else ''}"
        return frozenset(name for kind, name in _PLACE.findall(said) if kind != "answer")

    @property
    def digest(self) -> str:
        """Of all that it says: another request has another."""
        said = [self.step, self.method, self.path, self.body]
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPlan:
    target: str
    dialect: str
    code: str
    digest: str  # of the bundle that it was made from
    requests: tuple[Request, ...]

    @property
    def asks_for(self) -> tuple[str, ...]:
        """What the practice must say before it is carried out, in order."""
        needed = (sorted(request.given) for request in self.requests if not request.optional)
        return tuple(dict.fromkeys(name for names in needed for name in names))


def read_requests(content: bytes) -> RequestPlan:
    """Raises BundleError for what `export` doesn't write."""
    try:
        data = json.loads(content)
        if data["schema"] != SCHEMA:
            raise ValueError(data["schema"])
        return RequestPlan(
            target=data["target"],
            dialect=data["dialect"],
            code=data["code"],
            digest=data["digest"],
            requests=tuple(map(_request, data["requests"])),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BundleError("`requests.json` is no plan of this version", help=_AGAIN) from None


def filled(value: Json, answers: Mapping[str, Json], given: Mapping[str, Json]) -> Json:
    """A body or path with its places filled in; a place that is a whole text keeps its answer's type.

    Raises KeyError for what is not given, ValueError (with its name) for what should be a whole number and isn't.
    """
    if isinstance(value, dict):
        return {key: filled(one, answers, given) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, answers, given) for one in value]
    if not isinstance(value, str):
        return value
    if found := _PLACE.fullmatch(value):
        return _said(found, answers, given)
    return _PLACE.sub(lambda found: str(_said(found, answers, given)), value)


def _said(place: re.Match[str], answers: Mapping[str, Json], given: Mapping[str, Json]) -> Json:
    kind, name = place.groups()
    if kind != "number":
        return (answers if kind == "answer" else given)[name]
    if not str(given[name]).isdecimal():
        raise ValueError(name)
    return int(given[name])


def at(data: Json, path: str) -> Json:
    """What lies below dotted keys of an answer, None where it doesn't; `role=main` is that row of a list."""
    for key in path.split(".") if path else ():
        name, equals, wanted = key.partition("=")
        if equals and isinstance(data, list):
            data = next((row for row in data if at(row, name) == wanted), None)
        else:
            data = data.get(key) if isinstance(data, dict) else None
    return data


def _request(row: Mapping[str, Json]) -> Request:
    find = row.get("find")
    return Request(
        step=row["step"],
        says=row["says"],
        method=row["method"],
        path=row["path"],
        body=row.get("body"),
        keeps=row.get("keeps", ""),
        find=Find(**find) if find else None,
        expects=row.get("expects"),
        optional=row.get("optional", False),
    )
