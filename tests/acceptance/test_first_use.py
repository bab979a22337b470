"""The first hour of a newcomer: the installed program in an empty folder, each command a process of its own."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from campcompile.cli.main import main
from campcompile.manifest import Manifest, from_json
from campcompile.rules.registry import all_rules
from tests.acceptance.outside import CAMPCOMPILE, run

ROOT = Path(__file__).parents[2]
# One worker goes through the hour, once for all that look at it.
pytestmark = pytest.mark.xdist_group("first-use")

HEADINGS = ("What it does", "Why it matters", "Example", "Use instead", "Sources")
ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, subprocess.CompletedProcess[str]]]:
    """Everything that a newcomer types, one after the other, and what came of it."""
    folder = tmp_path_factory.mktemp("empty")
    told = {}

    def do(what: str, *arguments: str | Path) -> None:
        told[what] = run(folder, *arguments)

    do("no workspace yet", "lint")
    do("init", "init")
    do("lint", "lint", "--fail-on", "info")
    do("compile", "compile")
    do("compile again", "compile")
    do("new", "new", "spring-visits")
    do("lint the new one", "lint", "spring-visits")
    fill_in(folder / "campaigns/spring-visits/campaign.yaml")
    do("lint what was filled in", "lint", "spring-visits", "--fail-on", "info")
    do("compile all", "compile")
    do("explain the new one", "explain", f"spring-visits/{emails_of(folder, 'spring-visits')[0]}")
    do("explain the first one", "explain", "appointment-reminders/week-before")
    manifest = manifest_of(folder, "appointment-reminders")
    people = folder / "people.csv"
    with people.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        row = person(manifest)
        writer.writerows([row.keys(), row.values()])
    send = ("send", f"build/{manifest.code}/manifest.json", "--email", "week-before", "--recipients", people)
    do("send, dry", *send)
    do("send", *send, "--outbox", "outbox")
    do("schema", "schema", "--write")
    do("rules", "rules")
    do("help", "--help")
    do("version", "--version")
    return folder, told


Story = tuple[Path, dict[str, subprocess.CompletedProcess[str]]]


def fill_in(path: Path) -> None:
    """What `new` asks for in brackets, written."""
    text = path.read_text("utf-8")
    assert text.count("[write here") == 1
    path.write_text(re.sub(r"\[write here[^\]]*\]", "we are glad to see you again.", text), "utf-8")


def manifest_of(folder: Path, campaign: str) -> Manifest:
    index = json.loads((folder / "build/index.json").read_bytes())
    (entry,) = (entry for entry in index["campaigns"] if entry["folder"] == campaign)
    return from_json(json.loads((folder / "build" / entry["manifest"]["path"]).read_bytes()))


def emails_of(folder: Path, campaign: str) -> list[str]:
    return [email.id for email in manifest_of(folder, campaign).emails]


def person(manifest: Manifest) -> dict[str, str]:
    """A row that the starter's reminder can be made for."""
    by_type = {
        "datetime": "2026-12-12T09:00+01:00",
        "date": "1980-01-01",
        "yes_no": "no",
        "text": "Kari",
        "number": "1",
    }
    cells = {}
    for field in manifest.fields:
        cells[field.name] = by_type.get(field.type, field.choices[0] if field.choices else "")
        if field.type == "url":
            cells[field.name] = f"https://{field.host}/k1"
    return {"email": "kari@post.example", "locale": manifest.locales.default, **cells}


STEPS = {
    "no workspace yet": 2, "init": 0, "lint": 0, "compile": 0, "compile again": 0, "new": 0, "lint the new one": 1,
    "lint what was filled in": 0, "compile all": 0, "explain the new one": 0, "explain the first one": 0,
    "send, dry": 0, "send": 0, "schema": 0, "rules": 0, "help": 0, "version": 0,
}  # fmt: skip


@pytest.mark.parametrize(("what", "code"), STEPS.items())
def test_each_step_ends_with_its_exit_code_and_in_words(what: str, code: int, story: Story) -> None:
    outcome = story[1][what]
    assert outcome.returncode == code, outcome.stdout + outcome.stderr
    assert "Traceback" not in outcome.stdout + outcome.stderr
    assert bool(outcome.stderr) is (code == 2), "stdout carries the report, stderr what is in the way"
    assert (outcome.stderr if code == 2 else outcome.stdout).strip()


def test_a_new_campaign_asks_for_its_words_and_for_nothing_else(story: Story) -> None:
    outcome = story[1]["lint the new one"]
    assert (outcome.returncode, outcome.stderr) == (1, "")
    assert re.findall(r"\[([A-Z]+[0-9]+)\]", outcome.stdout) == ["FLD005"], outcome.stdout
    assert "campaigns/spring-visits/campaign.yaml:" in outcome.stdout


def test_what_comes_next_is_told_at_each_step(story: Story) -> None:
    told = story[1]
    assert "campcompile init" in told["no workspace yet"].stderr
    assert "next: " in told["init"].stdout and "campcompile compile" in told["init"].stdout
    assert "campcompile send" in told["compile"].stdout
    assert "campcompile lint spring-visits" in told["new"].stdout
    assert "--outbox DIR" in told["send, dry"].stdout


def test_a_second_compile_writes_nothing(story: Story) -> None:
    assert "build/ was up to date" in story[1]["compile again"].stdout


def test_the_message_in_the_outbox_can_be_read(story: Story) -> None:
    (path,) = (story[0] / "outbox").glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage) and not message.defects
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and html is not None
    assert message["To"] == "kari@post.example" and message["Subject"]
    assert "{{" not in str(text.get_content()) + str(html.get_content())


def test_what_goes_through_a_pipe_has_no_escape_codes(story: Story) -> None:
    for what, outcome in story[1].items():
        assert ESCAPE not in outcome.stdout + outcome.stderr, what


@pytest.mark.parametrize(
    "env", [{"FORCE_COLOR": "1"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"TERM": "xterm-256color"}]
)
def test_colour_is_asked_for_or_not_there(env: dict[str, str], story: Story) -> None:
    for arguments in (("explain", "FLD001"), ("lint", "--as-of", "2026-12-01")):
        outcome = run(story[0], *arguments, **env)
        coloured = ESCAPE in outcome.stdout
        if "NO_COLOR" in env or "FORCE_COLOR" not in env:
            assert not coloured, arguments
        elif arguments[0] == "explain":
            assert coloured, "so that the other rows could fail"


def on_a_terminal(folder: Path, *arguments: str, **env: str) -> str:
    """What a person sees: the program with a terminal of its own."""
    pty = pytest.importorskip("pty", reason="terminals are tried where Python has the module pty")
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    master, slave = pty.openpty()
    said = b""
    with subprocess.Popen(
        [CAMPCOMPILE, *arguments], cwd=folder, env={**kept, "TERM": "xterm", **env},
        stdin=slave, stdout=slave, stderr=slave,
    ) as process:  # fmt: skip
        os.close(slave)
        while piece := _read(master):
            said += piece
    os.close(master)
    assert process.returncode == 0, said
    return said.decode("utf-8", "replace")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's way of saying that the other end is closed
        return b""


def test_a_terminal_has_colour_and_no_color_takes_it_away(story: Story) -> None:
    assert ESCAPE + "[" in on_a_terminal(story[0], "explain", "FLD001")
    assert ESCAPE not in on_a_terminal(story[0], "explain", "FLD001", NO_COLOR="1")


def test_schema_writes_what_the_repository_holds(story: Story) -> None:
    written = {path.name: path.read_bytes() for path in (story[0] / "schemas").iterdir()}
    held = {path.name: path.read_bytes() for path in (ROOT / "schemas").glob("*.schema.json")}
    assert written == held and len(held) >= 10
    assert story[1]["schema"].stdout == "schemas/ was up to date\n", "init wrote them"


@pytest.mark.parametrize("code", sorted(all_rules()))
def test_every_finding_has_a_manual_page(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", code]) == 0
    page = capsys.readouterr().out
    lines = page.splitlines()
    assert re.fullmatch(rf"(error|warning|info)\[{code}\] [a-z0-9-]+", lines[0])
    places = [lines.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    for place, end in zip(places, [*places[1:], len(lines)], strict=True):
        assert any(line.strip() for line in lines[place + 1 : end]), f"nothing under {lines[place]}"


def test_rules_lists_every_one_of_them(story: Story) -> None:
    lines = story[1]["rules"].stdout.splitlines()  # what is indented tells the law that a rule rests on
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == sorted(all_rules())
