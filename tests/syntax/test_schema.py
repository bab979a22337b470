"""Schemas judge every file; what is wrong is told in an author's words, at the smallest place."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from campcompile.syntax.decode import decode
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.schema import (
    FileKind,
    block_specs,
    check_schema,
    errors,
    is_valid,
    kind_of,
    schema_for,
    schema_text,
)
from campcompile.syntax.schema_errors import MAX_ERRORS
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Document
from campcompile.syntax.yaml import read_yaml

EXAMPLES = Path(__file__).parents[2] / ".." / "shared" / "design" / "examples"
CAMPAIGN = """\
title: News
code: kx31
purpose: operations
layer: updates
audience: everyone
emails:
  - id: autumn
    send: {date: "2026-10-06", at: "09:00"}
    subject: News
    preheader: Longer hours
    body:
"""
WORKSPACE = """\
practice: {name: Fjordklinikken, time_zone: Europe/Oslo}
locales: {default: en}
senders: {care: {from: "Fjordklinikken <care@fjordklinikken.example>"}}
"""


def document(text: str) -> Document:
    checked = read_yaml(Source("campaigns/x/campaign.yaml", text))
    assert [one.message for one in checked.diagnostics] == []
    return checked.value


def findings(text: str, kind: FileKind = FileKind.CAMPAIGN) -> tuple[Diagnostic, ...]:
    return check_schema(document(text), kind)


def told(text: str, kind: FileKind = FileKind.CAMPAIGN) -> list[str]:
    """Each finding as `CODE quoted text: message`."""
    source = Source("campaigns/x/campaign.yaml", text)
    return [f"{one.rule.code} {source.quote(one.span)}: {one.message}" for one in findings(text, kind)]


def body(item: str) -> str:
    return CAMPAIGN + f"      - {item}\n"


# Kinds of files


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("campcompile.yaml", FileKind.WORKSPACE),
        ("campaigns/_shared/dictionary.yaml", FileKind.DICTIONARY),
        ("campaigns/_shared/segments.yaml", FileKind.SEGMENTS),
        ("campaigns/_shared/phrases.yaml", FileKind.PHRASES),
        ("campaigns/_shared/consent.yaml", FileKind.CONSENT),
        ("campaigns/news/campaign.yaml", FileKind.CAMPAIGN),
        ("campaigns/news/nb.yaml", FileKind.TRANSLATION),
        ("campaigns/news/zh-Hant.yaml", FileKind.TRANSLATION),
        ("campaigns/news/fr-CA.yaml", FileKind.TRANSLATION),
        ("layouts/theme.yaml", FileKind.THEME),
        ("layouts/themes/coast.yaml", FileKind.THEME),
        ("campaigns/news/campaigns.yaml", None),
        ("campaigns/_shared/campaign.yaml", None),
        ("campaigns/_shared/theme.yaml", None),
        ("campaigns/nb.yaml", None),
        ("campaigns/news/nb.yml", None),
        ("sub/campcompile.yaml", None),
        ("layouts/clinic.mjml", None),
    ],
)
def test_a_path_says_what_a_file_is(path: str, kind: FileKind | None) -> None:
    assert kind_of(path) is kind


# The schemas themselves


def parts(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every subschema with its place."""
    if isinstance(schema, dict):
        yield path, schema
        for key in ("properties", "$defs"):
            for name, inner in schema.get(key, {}).items():
                yield from parts(inner, f"{path}/{key}/{name}")
        for key in ("items", "additionalProperties", "propertyNames"):
            yield from parts(schema.get(key), f"{path}/{key}")
        for key in ("anyOf", "oneOf", "allOf"):
            for index, inner in enumerate(schema.get(key, [])):
                yield from parts(inner, f"{path}/{key}/{index}")


@pytest.mark.parametrize("kind", FileKind)
def test_a_schema_is_valid_and_says_what_it_is(kind: FileKind) -> None:
    schema = schema_for(kind)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:campcompile:{kind.value}:1"
    assert schema["title"] and schema["description"]


@pytest.mark.parametrize("kind", FileKind)
def test_every_property_at_every_depth_has_a_description_and_an_example(kind: FileKind) -> None:
    definitions = schema_for(kind).get("$defs", {})
    for path, schema in parts(schema_for(kind)):
        for name, inner in schema.get("properties", {}).items():
            described = {**definitions.get(inner.get("$ref", "").rpartition("/")[2], {}), **inner}
            assert described.get("description"), f"{path}/{name}"
            assert described.get("examples"), f"{path}/{name}"


@pytest.mark.parametrize("kind", FileKind)
def test_every_object_names_its_keys(kind: FileKind) -> None:
    for path, schema in parts(schema_for(kind)):
        if "properties" in schema:
            assert "additionalProperties" in schema, path


@pytest.mark.parametrize("kind", FileKind)
def test_every_example_is_valid(kind: FileKind) -> None:
    whole = schema_for(kind)
    for path, schema in parts(whole):
        validator = Draft202012Validator({**schema, "$defs": whole.get("$defs", {})})
        for example in schema.get("examples", []):
            assert [error.message for error in validator.iter_errors(example)] == [], path


@pytest.mark.parametrize("kind", FileKind)
def test_every_pattern_has_kind_words_for_its_failure(kind: FileKind) -> None:
    for path, schema in parts(schema_for(kind)):
        if "pattern" in schema:
            assert schema.get("x-say"), path


@pytest.mark.parametrize("kind", FileKind)
def test_the_branches_of_a_choice_differ_in_type(kind: FileKind) -> None:
    """So the branch that an author meant is always known."""
    definitions = schema_for(kind).get("$defs", {})
    for path, schema in parts(schema_for(kind)):
        branches = [
            definitions.get(inner.get("$ref", "").rpartition("/")[2], inner) for inner in schema.get("anyOf", [])
        ]
        if branches and "x-one-of" not in schema:
            types = [
                kind for branch in branches for kind in ([branch["type"]] if isinstance(branch["type"], str) else [])
            ]
            assert len(set(types)) == len(branches), path


def test_the_schemas_are_files_that_an_editor_reads() -> None:
    for kind in FileKind:
        assert json.loads(schema_text(kind)) == schema_for(kind)


def test_blocks_are_read_from_the_schema() -> None:
    specs = block_specs()
    assert {name: specs[name].shorthand for name in specs}.items() >= {
        "text": "text",
        "phrase": "name",
        "button": "label",
        "image": "alt",
        "checklist": "title",
        "details": "title",
        "appointment": "",
        "place": "",
        "divider": "",
        "event": "title",
        "notice": "text",
    }.items()
    assert {name for name, spec in specs.items() if spec.bare} >= {"appointment", "place", "divider", "event"}
    assert not any(specs[name].bare for name in ("text", "phrase", "button", "image", "notice"))
    button = specs["button"].fields
    assert [(field.name, field.role, field.type, field.required) for field in button.values()] == [
        ("label", "words", "line", True),
        ("to", "fixed", "target", True),
    ]
    kinds = {"prose", "line", "items", "rows", "target", "asset", "choices", "text", "date", "phrase"}
    assert all(
        field.type in kinds and field.role in ("words", "fixed") for s in specs.values() for field in s.fields.values()
    )


# Findings


@pytest.mark.parametrize(
    ("item", "wanted"),
    [
        ("buton: {label: x, to: links.b}", "SCH007 buton: unknown block `buton`"),
        ("apointment", "SCH007 apointment: unknown block `apointment`"),
        ("button", "SCH007 button: the block `button` needs its fields"),
        ("Hello dear all", "SCH007 Hello dear all: a text alone is no block"),
        ("if: goal", "SCH007 if: no block is named here"),
        ("{text: a, place: {}}", "SCH007 place: one item of the body is one block; `place` and `text` are two"),
        ("button: {labl: x, to: links.b}", "SCH001 labl: unknown key `labl`"),
        ("button: {label: x}", "SCH002 button: `to` is missing"),
        ("button: Book a time", "SCH003 Book a time: a text stands here; `key: value` is wanted"),
        ("place: here", "SCH003 here: a text stands here; nothing is wanted"),
        ("text: 12", "SCH003 12: `12` is read as a number; text is wanted"),
        ("text:", "SCH003 text: the value is missing"),
        ("appointment: {show: [date, hour]}", "SCH004 hour: `hour` is not allowed here"),
        ("appointment: {show: [date, date]}", "SCH006 date: `date` stands here twice"),
        ("checklist: {items: []}", "SCH006 items: there is nothing in it"),
        ("checklist: {items: [{text: a, iff: b}]}", "SCH001 iff: unknown key `iff`"),
        ("details: {rows: [{label: Friday, value: 8}]}", "SCH003 8: `8` is read as a number; text is wanted"),
        ("Note: bring your card", "SCH001 Note: `Note` is read as a key, and no such key is known"),
    ],
)
def test_a_mistake_in_a_block_is_told_for_the_block_that_was_meant(item: str, wanted: str) -> None:
    assert told(body(item)) == [wanted]


@pytest.mark.parametrize(
    "item",
    [
        *("appointment", "place", "appointment: {show: [weekday, date]}", "{place: , if: goal}"),
        "text: |\n          Hello.\n",
        '{button: {label: Book, to: links.b}, id: book, if: "age(patient.birth_date) >= 65"}',
    ],
)
def test_the_forms_of_a_block_are_silent(item: str) -> None:
    assert told(body(item)) == []


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("title: News", "title: 2026", "SCH003 2026: `2026` is read as a number; text is wanted"),
        ("title: News", "title: true", "SCH003 true: `true` is read as true or false; text is wanted"),
        ("subject: News", "subject: ~", "SCH003 ~: the value is missing"),
        ("subject: News", "subject:", "SCH003 subject: the value is missing"),
        ("subject: News", 'subject: ""', 'SCH005 "": the text is empty'),
        ("title: News", 'title: "News\\nfor all"', 'SCH005 "News\\nfor all": the text runs over several lines'),
        ("title: News", "title: |\n  News\n  for all", "SCH005 title: the text runs over several lines"),
        ("layer: updates", "layer: upates", "SCH004 upates: `upates` is not allowed here"),
        ("code: kx31", "code: News", "SCH005 News: `News` does not have the right form"),
        ("id: autumn", "id: no", "SCH005 no: `no` can't be a name: some YAML tools read it as true, false or nothing"),
        ("audience: everyone", "audience: [a]", "SCH003 audience: a list stands here; text or `key: value` is wanted"),
        ("audience: everyone", "audience: {where: [a, 3]}", "SCH003 3: `3` is read as a number; text is wanted"),
        ("audience: everyone", "audience: {}", "SCH002 audience: `where` is missing"),
        ("code: kx31", "code: kx31\nper_day: 1_000", "SCH003 1_000: `1_000` is text; a whole number is wanted"),
        ("code: kx31", "code: kx31\nper_day: 0", "SCH006 0: `0` is out of range"),
        ("code: kx31", "code: kx31\nlocales: en", "SCH003 en: a text stands here; a list is wanted"),
        ("code: kx31", "code: kx31\nsubjct: x", "SCH001 subjct: unknown key `subjct`"),
        ("code: kx31", "code: kx31\nstopwhen: goal", "SCH001 stopwhen: unknown key `stopwhen`"),
        ("purpose: operations\n", "", "SCH002 title: `purpose` is missing"),
    ],
)
def test_a_mistake_in_a_campaign_is_found_at_its_place(old: str, new: str, wanted: str) -> None:
    text = body("appointment").replace(old, new, 1)
    assert told(text) == [wanted]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        (body("appointment").replace("subject: News", "subjct: News"), "did you mean `subject`?"),
        (body("appointment").replace("layer: updates", "layer: off"), "`essential`, `updates`, `promotional`"),
        (body("appointment").replace("    subject", '    at: "10:00"\n    subject'), "it belongs under `send:`"),
        (body("text: 12"), 'put quotes around it: `"12"`'),
        (body("Hello dear all"), "write `- text: Hello dear all`"),
        (body("appointment").replace("code: kx31\n", ""), "add it, for example `code: ap71`"),
    ],
)
def test_the_help_says_what_to_write(text: str, advice: str) -> None:
    (finding,) = findings(text)
    assert advice in finding.help


def test_a_mistyped_key_is_not_also_a_missing_one() -> None:
    assert told(body("appointment").replace("    subject:", "    subjct:")) == ["SCH001 subjct: unknown key `subjct`"]


def test_all_mistakes_are_told_at_once() -> None:
    text = (
        body("buton: x")
        .replace("title: News", "title: 3")
        .replace("layer: updates", "layer: x")
        .replace("id: ", "ID: ")
    )
    assert [line.split(":")[0] for line in told(text)] == ["SCH003 3", "SCH004 x", "SCH001 ID", "SCH007 buton"]


@pytest.mark.parametrize("written", ["off", "no", "yes", "on"])
def test_a_switch_in_the_words_of_yaml_1_1_is_text(written: str) -> None:
    text = f"records: {{patient: {{person: {written}}}}}\nfields: {{}}\n"
    (finding,) = findings(text, FileKind.DICTIONARY)
    truth = "true" if written in ("yes", "on") else "false"
    assert (finding.message, finding.help) == (
        f"`{written}` is text; `true` or `false` is wanted",
        f"write `{truth}`",
    )


def test_another_format_is_the_one_finding() -> None:
    for written in ("2", "0", '"1"', "one"):
        (finding,) = findings(f"format: {written}\nunknown: key\n", FileKind.WORKSPACE)
        assert finding.rule.code == "SCH008"
    assert told("format: 1\n" + WORKSPACE, FileKind.WORKSPACE) == []


def test_two_keys_that_exclude_each_other() -> None:
    text = (
        "records: {p: {person: true}}\nfields:\n"
        "  p.a: {type: text, from: first(p.b), label: contact}\n  p.c: {label: contact}\n"
    )
    assert told(text, FileKind.DICTIONARY) == [
        "SCH009 from: `type` and `from` contradict each other",
        "SCH002 p.c: a field has a `type`, or is derived with `from`; here is neither",
    ]


def test_a_translation_holds_only_blocks_with_words() -> None:
    text = "due:\n  of: 12345678\n  subject: Nytt\n  body:\n    - text: a\n    - appointment\n    - phrase: greeting\n"
    assert told(text, FileKind.TRANSLATION) == [
        "SCH007 appointment: the block `appointment` has no words to translate",
        "SCH007 phrase: the block `phrase` has no words to translate",
    ]


def test_a_value_that_a_later_pass_judges_better_is_left_to_it() -> None:
    text = body("appointment").replace('at: "09:00"', "at: nine")
    assert not is_valid(document(text).root.data(), FileKind.CAMPAIGN)
    assert told(text) == []


def test_a_line_break_in_the_words_of_an_email_is_left_to_where_words_are_read() -> None:
    assert told(body("appointment").replace("subject: News", 'subject: "Hi\\nBcc: x"')) == []


def test_what_could_not_be_read_gets_no_second_finding() -> None:
    text = body("appointment").replace("code: kx31", "code kx31") + "targets: [relay\n"
    checked = read_yaml(Source("campaigns/x/campaign.yaml", text))
    assert [one.rule.code for one in checked.diagnostics] == ["SYN018", "SYN016"]
    assert check_schema(checked.value, FileKind.CAMPAIGN) == ()


def test_a_secret_is_never_shown() -> None:
    text = WORKSPACE + "profile: 0123456789abcdef0123456789abcdef-us21\n"
    (finding,) = findings(text, FileKind.WORKSPACE)
    assert "0123456789abcdef" not in finding.message + finding.help + "".join(fix.title for fix in finding.fixes)


def test_of_thousands_of_mistakes_the_first_hundreds_are_told_within_two_seconds() -> None:
    text = CAMPAIGN + "      - x\n" * 9_000
    began = time.process_time()
    assert len(findings(text)) == MAX_ERRORS
    assert time.process_time() - began < 2


# Two validators, one verdict


VALID: dict[FileKind, list[Any]] = {
    kind: [example for _, schema in parts(schema_for(kind), "") if _ == "" for example in schema["examples"]]
    for kind in FileKind
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False, width=16),
    st.sampled_from(["", "a\n", "P7D", "P7D\n", "-P", "en", "EN", "x" * 1000, "09:00\n", "١", "2026-10-06", "a.b"]),
    st.lists(st.sampled_from(["en", "nb", "en"]), max_size=3),
    st.dictionaries(st.sampled_from(["text", "if", "x"]), st.just("a"), max_size=2),
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_both_validators_agree_on_mutated_documents(draw: st.DataObject) -> None:
    kind = draw.draw(st.sampled_from(FileKind))
    document = copy.deepcopy(draw.draw(st.sampled_from(VALID[kind])))
    for _ in range(draw.draw(st.integers(1, 3))):
        mutate(document, draw)
    assert is_valid(document, kind) == (next(errors(document, kind), None) is None)


def mutate(document: Any, draw: st.DataObject) -> None:
    """Replace, remove or add one thing somewhere in a document."""
    holder = document
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            break
        key = draw.draw(st.sampled_from(keys))
        if isinstance(holder[key], dict | list) and draw.draw(st.booleans()):
            holder = holder[key]
            continue
        match draw.draw(st.sampled_from(["replace", "remove", "add"])):
            case "replace":
                holder[key] = draw.draw(ODD)
            case "remove":
                del holder[key]
            case "add" if isinstance(holder, dict):
                holder[draw.draw(st.sampled_from(["id", "if", "on", "nb", "extra", "text"]))] = draw.draw(ODD)
            case _:
                holder.append(draw.draw(ODD))
        return


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the design's examples are not beside the repository")
def test_the_designs_examples_have_no_finding() -> None:
    paths = [(path.relative_to(EXAMPLES).as_posix(), path) for path in sorted(EXAMPLES.rglob("*.yaml"))]
    assert len(paths) >= 40
    for name, path in paths:
        kind = kind_of(name)
        assert kind is not None, name
        read = read_yaml(decode(name, path.read_bytes()).value).value
        assert [(name, one.message) for one in check_schema(read, kind)] == []
