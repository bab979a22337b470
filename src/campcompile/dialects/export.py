"""An export: the files and the ordered requests that put a compiled campaign into a service; requests as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from campcompile.values import dataclass

SCHEMA = "campcompile.requests/1"
TEST_ADDRESS = "test_address"  # given: where the practice wants a test
Body: TypeAlias = "Mapping[str, Any]"


def answer(step: str) -> str:
    """What stands in a request for what an earlier one was answered: an id, an address."""
    return f"<<answer {step}>>"


def given(name: str) -> str:
    """What stands in a request for what the practice says when it is carried out, such as a list's id."""
    return f"<<given {name}>>"


def number(name: str) -> str:
    """The same for what a service takes as a whole number alone."""
    return f"<<number {name}>>"


def instant(moment: datetime) -> str:
    """A time as most services take it: `2026-12-01T08:00:00.000Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """How to learn whether a request was carried out already: what is at `path` holds `value` at `field`."""

    path: str
    rows: str  # where the answer holds a list of things: its key; "" where it is the thing itself
    field: str  # "settings.title"
    value: str
    body: Body | None = None  # for a service that is asked by POST alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call of a service's API."""

    step: str  # unique in the export: "campaign issue-2026-09.en"
    says: str  # what it does, for people
    method: str
    path: str
    body: Body | None = None
    keeps: str = ""  # what of the answer later requests need: "id", "parts.role=main.id" of a list; "" for nothing
    find: Find | None = None  # None where doing it twice does no harm
    expects: Mapping[str, Any] | None = None  # what the answer must say, or nothing after it may go
    optional: bool = False  # left out where what it asks for is not given


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What a target gets."""

    files: Mapping[str, bytes]  # path below the target's folder → bytes
    requests: tuple[Request, ...] = ()
    notes: tuple[str, ...] = ()  # what a person must do, one sentence each


def trial(name: str, path: str, body: Body, done: Find) -> Request:
    """A test of one e-mail to the practice, before its time is set; its `body` holds `given(TEST_ADDRESS)`."""
    return Request(
        step=f"test {name}",
        says="sends a test to the practice",
        method="POST",
        path=path,
        body=body,
        find=done,
        optional=True,
    )


def requests_file(export: Export, *, target: str, dialect: str, code: str, digest: str) -> bytes:
    """requests.json: what `export --apply` carries out, in order."""
    data = {
        "schema": SCHEMA,
        "target": target,
        "dialect": dialect,
        "code": code,
        "digest": digest,
        "requests": [_plain(request) for request in export.requests],
    }
    return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip with the same bytes for the same files: no clock, no system."""
    import zipfile  # with its compressors, slow to load, and a lint needs none of it

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            archive.writestr(entry, content)
    return buffer.getvalue()


def _plain(request: Request) -> dict[str, Any]:
    find = request.find
    shown: dict[str, Any] = {
        "step": request.step,
        "says": request.says,
        "method": request.method,
        "path": request.path,
    }
    if request.body is not None:
        shown["body"] = request.body
    if request.keeps:
        shown["keeps"] = request.keeps
    if find is not None:
        shown["find"] = {"path": find.path, "rows": find.rows, "field": find.field, "value": find.value}
        if find.body is not None:
            shown["find"]["body"] = find.body
    if request.expects is not None:
        shown["expects"] = request.expects
    if request.optional:
        shown["optional"] = True
    return shown
