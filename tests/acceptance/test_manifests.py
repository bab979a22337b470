"""The manifests of the example practice are valid by the published schemas, and list what is read, no more, no less."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from campcompile.compiler import Compilation, compile_files
from campcompile.evaluate import Value, evaluate
from campcompile.formula import FieldRef, Formula, source_fields
from campcompile.manifest import Manifest, from_json
from campcompile.workspace import read
from tests.acceptance.practice import NOW, clean

ROOT = Path(__file__).parents[2]
CODES = ("dv62", "hx35", "kq47", "wm83")


@cache
def example() -> Compilation:
    """The example practice, compiled."""
    return clean(compile_files(read(ROOT).files, as_of=date(2026, 8, 15), now=NOW))


def published(name: str) -> Draft202012Validator:
    """A schema as schemas/ holds it, judged by jsonschema."""
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def data(path: str) -> Any:
    return json.loads(example().bundle[path])


def manifest(code: str) -> Manifest:
    return from_json(data(f"{code}/manifest.json"))


def test_the_example_has_these_campaigns() -> None:
    index = data("index.json")
    assert sorted(entry["code"] for entry in index["campaigns"]) == sorted(CODES)


@pytest.mark.parametrize(
    ("path", "schema"), [("index.json", "index"), *((f"{code}/manifest.json", "manifest") for code in CODES)]
)
def test_it_is_valid_by_its_published_schema(path: str, schema: str) -> None:
    published(schema).validate(data(path))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("layer"),
        lambda told: told.update(title="Appointment reminders"),
        lambda told: told["fields"][0].update(type="string"),
        lambda told: told["emails"][0]["renderings"][0]["html"].update(sha256="0"),
        lambda told: told["audience"]["formula"].update({"is": "sql"}),
    ],
)
def test_a_spoilt_manifest_is_not_valid(spoil: Callable[[Any], object]) -> None:
    """So that the test above could fail."""
    told = copy.deepcopy(data("kq47/manifest.json"))
    spoil(told)
    with pytest.raises(ValidationError):
        published("manifest").validate(told)


def formulas(told: Manifest) -> Iterator[tuple[str, Formula]]:
    """Every formula of a manifest, with what it is for."""
    yield "audience", told.audience.formula
    if told.goal is not None:
        yield "goal", told.goal.formula
    if told.stop_when is not None:
        yield "stop_when", told.stop_when.formula
    for name, derived in told.derived.items():
        yield name, derived.formula


def anchors(told: Manifest) -> set[str]:
    return {told.anchor, *(email.send.anchor for email in told.emails)} - {"", "entry", "event.start"}


@pytest.mark.parametrize("code", CODES)
def test_no_field_is_listed_that_nothing_reads(code: str) -> None:
    told = manifest(code)
    read_by_formulas = {name for _, formula in formulas(told) for name in source_fields(formula)}
    listed = [field.name for field in told.fields]
    assert listed == sorted(set(listed))
    assert set(listed) == read_by_formulas | anchors(told)
    assert len(listed) >= 4


def values(told: Manifest) -> dict[str, Value]:
    """A person in the audience, whose message prints all that it can."""
    by_type: dict[str, Value] = {
        "text": "Kari", "yes_no": True, "date": date(1980, 1, 1), "datetime": NOW, "number": 1,
    }  # fmt: skip
    return {
        field.name: field.choices[0]
        if field.choices
        else (f"https://{field.host}/k1" if field.host else by_type.get(field.type, "x"))
        for field in told.fields
    }


@pytest.mark.parametrize("code", CODES)
def test_without_any_one_field_something_cannot_be_computed(code: str) -> None:
    """A row that lacks its column: a formula asks for it, maybe where another value is missing, or it is the anchor."""
    told = manifest(code)
    whole = values(told)
    assert told.fields
    for field in told.fields:
        lacked: set[str] = set()
        for other in ("", *whole):
            known = {name: None if name == other else value for name, value in whole.items() if name != field.name}
            row = _Row(known)
            for _, formula in formulas(told):
                evaluate(formula, row, NOW)
            lacked |= row.lacked
        assert lacked == {field.name} or (not lacked and field.name in anchors(told)), field.name


class _Row(dict[str, Value]):
    """A row that remembers what was asked of it in vain."""

    def __init__(self, known: dict[str, Value]) -> None:
        super().__init__(known)
        self.lacked: set[str] = set()

    def __missing__(self, name: str) -> Value:
        self.lacked.add(name)
        return None

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else self.__missing__(name)


@pytest.mark.parametrize("code", CODES)
def test_a_derived_field_that_nothing_prints_or_tests_is_not_listed(code: str) -> None:
    told = manifest(code)
    texts = [
        example().bundle[f"{code}/{file.path}"].decode()
        for email in told.emails
        for rendering in email.renderings
        for file in (rendering.html, rendering.text)
    ]
    texts += [text for email in told.emails for each in email.renderings for text in (each.subject, each.preheader)]
    texts += told.headers.values()
    everything = "\n".join(texts)
    conditions = {email.condition for email in told.emails}
    assert told.derived
    for name in told.derived:
        assert f"{{{{ {name} " in everything or f"{{% if {name} %}}" in everything or name in conditions, name


@pytest.mark.parametrize("code", CODES)
def test_no_name_of_the_repository_leaves_it(code: str) -> None:
    """No title, folder or segment name, in no byte of the bundle."""
    bundle = b"".join(content for path, content in example().bundle.items() if path.startswith(f"{code}/"))
    for word in ("appointment-reminders", "Appointment reminders", "Monthly newsletter", "Welcome to new patients",
                 "new-patient-welcome", "Annual check recall", "annual-check", "upcoming-appointments",
                 "newsletter-readers", "new-patients", "annual-check-due"):  # fmt: skip
        assert word.encode() not in bundle
    assert b"appointment-reminders" in example().bundle["index.json"], "the index stays at home"


def unless_by_site(formula: Formula) -> Iterator[str]:
    """The fields that a formula reads, but for the site that chooses among the practice's own public words."""
    if isinstance(formula, FieldRef):
        yield formula.field
    for part in fields(formula):
        value = getattr(formula, part.name)
        for child in value if isinstance(value, tuple) else (value,):
            if is_dataclass(child):
                yield from unless_by_site(child)  # type: ignore[arg-type]


@pytest.mark.parametrize("code", CODES)
def test_a_label_is_at_least_that_of_what_is_read(code: str) -> None:
    order = ("public", "contact", "relationship", "health", "special")
    told = manifest(code)
    labels = {field.name: order.index(field.label) for field in told.fields}
    judged = 0
    for name, derived in told.derived.items():
        read = [labels[field] for field in unless_by_site(derived.formula)]
        judged += any(read)
        assert order.index(derived.label) >= max(read, default=0), name
    assert judged, "so that this could fail"
