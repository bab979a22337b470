"""The same proof over campaigns as practices write them: every e-mail, in every locale and variant, sink by sink.

Two people are alike in all that a sink may know, and differ in every field above it, their sites left alone (ADR 10).
What is read there is the same, or a finding says why not.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from campcompile.analysis.sinks import Sink, allowed_at, body_sink, clearance, inbox_sink
from campcompile.compiler import Compilation, compile_files
from campcompile.errors import CampcompileError
from campcompile.evaluate import Value
from campcompile.model.fields import Field
from campcompile.model.labels import Label
from campcompile.model.rendered import RenderedEmail
from campcompile.parts import Context, Parts, Slot
from campcompile.render import join, values

HERE = Path(__file__).parents[2]
SHARED = HERE / ".." / "shared" / "design" / "examples"
AS_OF = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PAIRS = 6
FLOWS = ("PHI001", "PHI002", "PHI005", "PHI013", "PHI014")
PRACTICES = {"the example practice": HERE, "the design's examples": SHARED}


@cache
def compiled(root: Path) -> Compilation:
    files = {"campcompile.yaml": (root / "campcompile.yaml").read_bytes()}
    for folder in ("campaigns", "layouts", "assets"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                files[path.relative_to(root).as_posix()] = path.read_bytes()
    return compile_files(files, as_of=AS_OF, now=NOW, lint_only=True)


@pytest.mark.parametrize("name", PRACTICES)
def test_no_sink_of_an_example_tells_two_people_apart_without_a_finding(name: str) -> None:
    root = PRACTICES[name]
    if not (root / "campcompile.yaml").exists():
        pytest.skip(f"{name}: not beside this repository")
    compilation = compiled(root)
    assert compilation.rendered
    found = {one.span.path.rpartition("/")[0] for one in compilation.diagnostics if one.rule.code in FLOWS}
    compared = 0
    for message in compilation.rendered:
        for sink, told in leaks(message, compilation):
            compared += 1
            folder = message.campaign.path.rpartition("/")[0]
            assert not told or folder in found, f"{folder} {message.email.id} {sink}"
    assert compared >= 3 * len(compilation.rendered)


def test_the_comparison_tells_apart_what_a_body_may_tell() -> None:
    """It can fail: two people whom the body greets by different names read different bodies."""
    compilation = compiled(HERE)
    greeting = next(one for one in compilation.rendered if one.email.id == "week-before" and one.version.locale == "en")
    rows = list(pairs(greeting, Label.PUBLIC, compilation))
    assert any(read(greeting, "body", one) != read(greeting, "body", other) for one, other in rows)
    assert all(read(greeting, "inbox", one) == read(greeting, "inbox", other) for one, other in rows)


def leaks(message: RenderedEmail, compilation: Compilation) -> Iterator[tuple[str, bool]]:
    """Each sink, and whether it tells people apart who differ only above its clearance."""
    campaign, programme = message.campaign, compilation.programme
    profile = programme.settings.profile
    allowed = {
        "inbox": clearance(inbox_sink(campaign), profile),
        "address": clearance(Sink.ADDRESS, profile),
        "body": allowed_at(body_sink(campaign), campaign, programme),
    }
    if message.portal is not None:
        allowed["portal"] = allowed_at(Sink.PORTAL, campaign, programme)
    for sink, most in allowed.items():
        yield (
            sink,
            any(
                read(message, sink, one) != read(message, sink, other)
                for one, other in pairs(message, most, compilation)
            ),
        )


def pairs(
    message: RenderedEmail, allowed: Label, compilation: Compilation
) -> Iterator[tuple[dict[str, Value], dict[str, Value]]]:
    """People who are alike up to a label, and differ above it wherever they can."""
    fields = compilation.programme.dictionary.fields
    for seed in range(PAIRS):
        chance = random.Random(f"{message.campaign.code} {message.email.id} {seed}")
        one = {name: value_of(field, chance) for name, field in fields.items()}
        other = {
            name: another(field, one[name], chance) if field.label > allowed and not is_settled(field) else one[name]
            for name, field in fields.items()
        }
        yield one, other


def is_settled(field: Field) -> bool:
    """Which of a practice's public sites somebody goes to, the practice's name may tell (ADR 10)."""
    return field.type.name == "site"


def read(message: RenderedEmail, sink: str, row: dict[str, Value]) -> object:
    """What somebody reads at a sink; the reason, where the message can't be made for this person."""
    found = values(message.derived, row, NOW)
    parts: dict[str, tuple[tuple[Parts, bool], ...]] = {
        "inbox": ((message.subject, True), (message.preheader, True)),
        "body": ((message.html, False), (message.text, True), (message.calendar, True)),
        "portal": () if message.portal is None else ((message.portal.html, False), (message.portal.text, True)),
    }
    if sink == "address":
        slots = (part for part in message.html if isinstance(part, Slot) and part.context is Context.URL)
        return [found[slot.name] for slot in slots]
    try:
        texts = [join(one, found, message.derived, medium="plain" if plain else "html") for one, plain in parts[sink]]
    except CampcompileError as error:
        return type(error).__name__
    return texts


def value_of(field: Field, chance: random.Random) -> Value:
    if field.host:
        return f"https://{field.host}/k1"
    if not field.required and chance.random() < 0.2:
        return field.missing
    match field.type.name:
        case "text" | "code":
            return chance.choice(["Zebra", "Okapi", "Gnu", "7"])
        case "number":
            return chance.randrange(100)
        case "yes_no":
            return chance.random() < 0.5
        case "date":
            return AS_OF - timedelta(days=chance.randrange(-400, 30_000))
        case "datetime":
            return NOW - timedelta(minutes=chance.randrange(-600_000, 2_000_000))
        case "choice":
            return chance.choice(field.type.choices)
        case "list":
            return tuple(sorted(chance.sample(["news", "diabetes", "walks", "b"], chance.randrange(1, 4))))
        case "url":
            return f"https://time.fjordklinikken.example/{chance.randrange(9)}"
        case "locale":
            return chance.choice(["en", "nb"])
        case "country":
            return chance.choice(["NO", "US"])
        case "zone":
            return chance.choice(["Europe/Oslo", "America/New_York"])
        case "site":
            return chance.choice(["kaien", "fjellsiden", "bergen", "loddefjord"])
        case "email":
            return chance.choice(["a@post.example", "b@post.example"])
        case _:
            return chance.choice(["+47 55 50 12 90", "+47 55 50 12 91"])


def another(field: Field, value: Value, chance: random.Random) -> Value:
    """A value that differs, if the type has one."""
    drawn = (value_of(field, chance) for _ in range(30))
    return next((one for one in drawn if one != value), value)
