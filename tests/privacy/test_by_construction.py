"""What can't happen, so no rule looks for it (docs/privacy.md); and the page's own tables."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from campcompile.analysis.sinks import Sink, clearance
from campcompile.formula import source_fields
from campcompile.manifest import Manifest, from_json
from campcompile.model.labels import Label
from campcompile.phi.assurance import assurance
from campcompile.render import Message
from campcompile.runner.message import Bodies, compose
from campcompile.runner.mime import text_part
from campcompile.runner.recipients import Person, read_recipients
from tests.acceptance.practice import compiled

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "src" / "campcompile" / "syntax" / "schemas"
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SEVERAL = {"cc", "bcc", "recipients", "addresses", "to_list"}


@pytest.fixture(scope="module")
def bundle() -> dict[str, bytes]:
    return dict(compiled({}).bundle)


@pytest.fixture(scope="module")
def manifest(bundle: dict[str, bytes]) -> Manifest:
    return from_json(json.loads(bundle["lt26/manifest.json"]))


def keys_of(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        yield from data
    for child in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from keys_of(child)


def test_no_key_of_the_language_names_a_second_recipient() -> None:
    schemas = {path.name: path for path in SCHEMAS.glob("*.schema.json")}
    assert {"campaign.schema.json", "dictionary.schema.json", "workspace.schema.json"} <= schemas.keys()
    for schema in schemas.values():
        assert SEVERAL.isdisjoint(keys_of(json.loads(schema.read_text(encoding="utf-8")))), schema.name


def test_no_key_of_a_manifest_names_a_recipient(bundle: dict[str, bytes]) -> None:
    told = json.loads(bundle["lt26/manifest.json"])
    assert SEVERAL.isdisjoint(keys_of(told))
    allowed = {"pasient@fjordklinikken.example", "post@fjordklinikken.example", "avmeld@fjordklinikken.example"}
    assert set(re.findall(r"[\w.]+@[\w.]+", json.dumps(told))) <= allowed


def test_a_message_has_one_recipient(manifest: Manifest) -> None:
    headers = {"List-Unsubscribe": "<https://fjordklinikken.example/u/k1>", "List-Unsubscribe-Post": "x"}
    hello = Message(subject="Hello", preheader="", html="<p>Hello</p>\n", text="Hello\n", headers=headers, pictures=())
    bodies = Bodies(text=text_part("plain", hello.text), html=text_part("html", hello.html))
    envelope = compose(manifest, hello, bodies, "kari@post.example", sender=manifest.sender, token="ab" * 16, now=NOW)
    message = email.message_from_bytes(envelope.data)
    assert message.get_all("To") == ["kari@post.example"] and envelope.recipient == "kari@post.example"
    assert not {"cc", "bcc", "resent-to"} & {name.lower() for name in message.keys()}  # noqa: SIM118 (no dict)


def test_two_people_with_one_mailbox_stay_two(manifest: Manifest) -> None:
    rows = "email,locale,patient.first_name\nhome@post.example,en,Kari\nhome@post.example,en,Ola\n"
    people = [
        one
        for one in read_recipients(rows.encode(), manifest, frozenset({"patient.first_name"})).rows()
        if isinstance(one, Person)
    ]
    assert [(one.row, one.values["patient.first_name"]) for one in people] == [(2, "Kari"), (3, "Ola")]


def test_a_manifest_names_no_title_folder_or_segment(bundle: dict[str, bytes]) -> None:
    told = bundle["lt26/manifest.json"].decode()
    for private in ("A letter", "Readers of the newsletter", '"letter/', "readers"):
        assert private not in told, private


def test_a_manifest_lists_the_fields_that_it_reads_and_no_other(manifest: Manifest) -> None:
    listed = {field.name for field in manifest.fields}
    read = {name for derived in manifest.derived.values() for name in source_fields(derived.formula)}
    read |= set(source_fields(manifest.audience.formula))
    assert listed == read
    assert "patient.email" not in listed, "the dictionary declares it, and nothing prints or asks for it"


def test_the_page_has_the_table_of_clearances() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| ([a-z-]+) \| (\w+) \| (\w+) \|$", page, re.MULTILINE)
    printed = {key: (strict, standard) for key, strict, standard in rows if key != "key"}
    assert printed == {sink.value: (clearance(sink, "strict").word, clearance(sink, "standard").word) for sink in Sink}


def test_nothing_clears_what_is_special() -> None:
    for profile in ("strict", "standard"):
        assert max(clearance(sink, profile) for sink in Sink) is Label.HEALTH


def test_standard_allows_nothing_less_than_strict() -> None:
    for sink in Sink:
        assert clearance(sink, "standard") >= clearance(sink, "strict"), sink


@pytest.mark.parametrize("page", ["README.md", "docs/privacy.md"])
def test_the_pages_say_what_explain_says(page: str) -> None:
    words = " ".join((ROOT / page).read_text(encoding="utf-8").replace("*", "").split())
    assert assurance() in words
