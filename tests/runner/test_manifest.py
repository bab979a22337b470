"""manifest.json: what is written is what is read, and the published schema says the same as the code."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import is_dataclass, replace
from hashlib import sha256
from importlib.resources import files
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from campcompile import formula as formulas
from campcompile import manifest as manifests
from campcompile.codec import ShapeError, decode, encode
from campcompile.formula import Formula
from campcompile.manifest import (
    Asset,
    Derived,
    Email,
    Entry,
    Field,
    File,
    FullWaiver,
    Index,
    LegalBasis,
    Locales,
    Manifest,
    OptOut,
    Practice,
    Target,
    Tool,
    bundle_digest,
    from_json,
    index_from_json,
    to_bytes,
    to_json,
)

SCHEMA = json.loads((files("campcompile") / "schemas" / "manifest.schema.json").read_text(encoding="utf-8"))
INDEX_SCHEMA = json.loads((files("campcompile") / "schemas" / "index.schema.json").read_text(encoding="utf-8"))

_words = st.text(max_size=6)
_leaves = st.one_of(
    st.builds(formulas.FieldRef, _words),
    st.builds(formulas.Const, st.one_of(_words, st.integers(), st.booleans(), st.floats(allow_nan=False))),
    st.builds(formulas.DateConst, st.dates().map(str)),
    st.builds(
        formulas.Lookup,
        st.lists(_words, max_size=2).map(tuple),
        st.lists(st.tuples(_words, _words), max_size=2).map(tuple),
        _words,
    ),
)


def _grown(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    some = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.builds(formulas.Default, inner, st.one_of(_words, st.booleans())),
        st.builds(formulas.LocalDate, inner, inner),
        st.builds(formulas.Today, inner),
        st.builds(formulas.Elapsed, st.sampled_from(["years", "months", "days"]), inner, inner),
        st.builds(formulas.Format, st.sampled_from(["date", "text"]), _words, inner, st.none() | inner),
        st.builds(formulas.Has, inner, _words),
        st.builds(formulas.Compare, st.sampled_from(["==", "<"]), inner, inner),
        st.builds(formulas.OneOf, inner, st.lists(_words | st.integers(), max_size=2).map(tuple)),
        st.builds(formulas.Set, inner),
        st.builds(formulas.Not, inner),
        st.builds(formulas.And, some),
        st.builds(formulas.Or, some),
    )


FORMULAS = st.recursive(_leaves, _grown, max_leaves=6)


@pytest.fixture(autouse=True, scope="module")
def _values_are_drawn() -> None:
    for kind in vars(manifests).values():  # Hypothesis reads an `__init__` that is written with the first value
        if isinstance(kind, type) and is_dataclass(kind):
            with suppress(TypeError):
                kind()
    for node in Formula.__args__:  # type: ignore[attr-defined]
        st.register_type_strategy(node, FORMULAS)


@pytest.mark.parametrize("kind", [Field, Derived, Email, Practice, Locales, OptOut, Asset, Target, LegalBasis])
@settings(max_examples=8, deadline=None, phases=[Phase.generate])
@given(data=st.data())
def test_any_value_of_a_manifest_comes_back_as_it_was_written(kind: type, data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))
    assert decode(kind, json.loads(json.dumps(encode(value)))) == value


def test_the_example_comes_back_as_it_was_written(example: Manifest) -> None:
    assert from_json(json.loads(to_bytes(example))) == example


@settings(max_examples=60, deadline=None)
@given(FORMULAS)
def test_any_formula_comes_back_as_it_was_written(formula: Formula) -> None:
    assert formulas.from_json(json.loads(json.dumps(formulas.to_json(formula)))) == formula


def test_the_example_is_valid_and_so_is_each_schema(example: Manifest) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(INDEX_SCHEMA)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(to_json(example))] == []


def test_every_property_is_described_and_its_examples_are_valid() -> None:
    for schema in (SCHEMA, INDEX_SCHEMA):
        seen = 0
        for place, node in _properties(schema):
            assert node.get("description") and node.get("examples"), place
            for shown in node["examples"]:
                checker = Draft202012Validator({**node, "$defs": schema["$defs"]})
                assert [error.message for error in checker.iter_errors(shown)] == [], place
            seen += 1
        assert seen > 5


def test_whatever_is_taken_away_added_or_turned_is_refused_by_schema_and_code(example: Manifest) -> None:
    good = to_json(example)
    assert isinstance(good, dict)
    checker = jsonschema_rs.validator_for(SCHEMA)
    tried = 0
    for change in _changes(good):
        changed = copy.deepcopy(good)
        place = change(changed)
        assert not checker.is_valid(changed), place
        with pytest.raises(ShapeError):
            from_json(changed)
        tried += 1
    assert tried > 300


def test_a_manifest_of_another_version_is_refused_by_name(example: Manifest) -> None:
    with pytest.raises(ShapeError, match=r"`schema` must be `campcompile.manifest/1`"):
        from_json({**to_json(example), "schema": "campcompile.manifest/2"})  # type: ignore[dict-item]


def test_a_very_deep_formula_is_refused_not_followed(example: Manifest) -> None:
    deep: dict[str, Any] = {"is": "field", "field": "a"}
    for _ in range(5000):
        deep = {"is": "not", "of": deep}
    data: Any = to_json(example)
    data["audience"]["formula"] = deep
    with pytest.raises(ShapeError):
        from_json(data)


def test_the_bytes_do_not_depend_on_the_order_of_mappings(example: Manifest) -> None:

    turned = replace(
        example, derived=dict(reversed(example.derived.items())), data=dict(reversed(example.data.items()))
    )
    assert to_bytes(turned) == to_bytes(example)


def test_the_digest_is_what_sha256sum_of_its_own_list_gives() -> None:
    files = [File(path="emails/b.txt", sha256="b" * 64), File(path="assets/a.png", sha256="a" * 64)]
    listed = f"{'a' * 64}  assets/a.png\n{'b' * 64}  emails/b.txt\n"
    assert bundle_digest(files) == sha256(listed.encode()).hexdigest()
    assert bundle_digest([*files, files[0]]) == bundle_digest(reversed(files))


def test_the_index_comes_back_and_is_valid() -> None:
    index = Index(
        compiler=Tool(name="campcompile", version="0.1.0"),
        data={"tzdata": "2026.6"},
        packs={"us": "2026-01-01"},
        assurance="Proved: …",
        campaigns=(
            Entry(
                folder="appointment-reminders",
                code="ap71",
                manifest=File(path="ap71/manifest.json", sha256="a" * 64),
                digest="b" * 64,
                waivers=(
                    FullWaiver(
                        rule="SUB001",
                        path="campaigns/appointment-reminders/campaign.yaml",
                        digest="kqdmtbrv",
                        until="2026-12-31",
                        by="Ingrid Hansen",
                        reason="the board’s own words",
                    ),
                ),
            ),
        ),
    )
    assert index_from_json(to_json(index)) == index
    assert Draft202012Validator(INDEX_SCHEMA).is_valid(to_json(index))


def _properties(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "examples":
                continue
            if key == "properties" and not place.endswith("/if") and "/then" not in place:
                for name, inner in value.items():
                    yield f"{place}/{name}", inner
            yield from _properties(value, f"{place}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from _properties(value, f"{place}/{number}")


def _changes(good: Any) -> Iterator[Any]:
    """Take away each key, add a key to each object, put an object where a value was."""
    open_mappings = {"derived", "headers", "data", "fallback", "dates", "sends", "site_senders"}
    open_mappings |= {"picks", "places", "consents", "adult_ages", "queries", "entrants"}

    def at(root: Any, path: tuple[Any, ...]) -> Any:
        for step in path:
            root = root[step]
        return root

    def walk(node: Any, path: tuple[Any, ...]) -> Iterator[Any]:
        if isinstance(node, dict) and not (path and path[-1] in open_mappings):

            def add(root: Any) -> Any:
                at(root, path)["unknown-key"] = 1
                return path, "added"

            yield add
            for key in node:
                if key in ("zone", "schema") and "is" in node:
                    continue
                if path == () and key == "schema":
                    continue

                def take(root: Any, key: str = key) -> Any:
                    del at(root, path)[key]
                    return path, key, "taken"

                def turn(root: Any, key: str = key) -> Any:
                    at(root, path)[key] = {"neither": "this"}
                    return path, key, "turned"

                yield take
                if key not in open_mappings:
                    yield turn
        for key, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
            yield from walk(inner, (*path, key))

    yield from walk(good, ())
