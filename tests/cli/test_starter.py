"""The first ten minutes: `init`, `lint`, `compile`, `new`, `explain`, with the real compiler."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from campcompile.workspace import read

EMAILS = [f"{id}.{locale}" for id in ("day-before", "week-before") for locale in ("en", "fr")]


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> Path:
    monkeypatch.chdir(tmp_path)
    assert run("init", "clinic").code == 0
    monkeypatch.chdir(tmp_path / "clinic")
    return tmp_path / "clinic"


def test_a_new_workspace_lints_clean_and_compiles(clinic: Path, run) -> None:
    for command in (("lint", "--fail-on", "info"), ("compile", "--fail-on", "info")):
        outcome = run(*command)
        assert (outcome.code, outcome.err) == (0, ""), outcome.out
        assert outcome.out.startswith("nothing to mend in 1 campaign (2 e-mails), as of ")
    made = {path.relative_to(clinic / "build").as_posix() for path in (clinic / "build").rglob("*") if path.is_file()}
    assert {f"h4r7/emails/{name}.{kind}" for name in EMAILS for kind in ("html", "txt")} <= made
    assert "h4r7/manifest.json" in made and "index.json" in made


def test_a_new_campaign_asks_for_its_words_and_nothing_else(clinic: Path, run) -> None:
    assert run("new", "spring-visits").code == 0
    outcome = run("lint", "spring-visits", "--format", "json")
    assert [found["code"] for found in json.loads(outcome.out)["findings"]] == ["FLD005"]
    written = clinic / "campaigns" / "spring-visits" / "campaign.yaml"
    words = written.read_text(encoding="utf-8").replace("[write here what your patients should know]", "see you soon.")
    written.write_text(words, encoding="utf-8")
    assert run("lint", "spring-visits", "--fail-on", "info").code == 0


def test_editors_find_a_schema_for_each_file(clinic: Path) -> None:
    files = read(clinic).files
    for path, content in files.items():
        found = re.match(rb"# yaml-language-server: \$schema=(\S+)\n", content)
        assert found, path
        assert json.loads((clinic / path).parent.joinpath(found[1].decode()).resolve().read_bytes())["$schema"]


def test_init_here_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    assert run("init").out.splitlines()[-1] == "next: campcompile compile"
    outcome = run("init")
    assert outcome.code == 2 and "is there already" in outcome.err


def test_init_writes_over_nobodys_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "campaigns/_shared").mkdir(parents=True)
    (tmp_path / "campaigns/_shared/dictionary.yaml").write_text("mine")
    outcome = run("init")
    assert outcome.code == 2 and "campaigns/_shared/dictionary.yaml is there already" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["campaigns"]
    assert (tmp_path / "campaigns/_shared/dictionary.yaml").read_text() == "mine"


def test_an_e_mail_is_explained(clinic: Path, run) -> None:
    outcome = run("explain", "appointment-reminders/week-before")
    assert outcome.code == 0 and outcome.err == ""
    assert "7 days before `appointment.start`, at 09:00 in the time zone of the site." in outcome.out
    assert "appointment.start   relationship  printed, decides when" in outcome.out
    assert run("explain", "campaigns/appointment-reminders/week-before").out == outcome.out


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("appointment-reminder/week-before", "did you mean `appointment-reminders`?"),
        ("appointment-reminders/weekbefore", "did you mean `week-before`?"),
        ("appointment-reminders/x", "there are `week-before`, `day-before`"),
    ],
)
def test_an_e_mail_that_is_not_there(clinic: Path, run, asked: str, answer: str) -> None:
    outcome = run("explain", asked)
    assert outcome.code == 2 and answer in outcome.err


def test_a_mistake_is_underlined_where_it_is(clinic: Path, run) -> None:
    campaign = clinic / "campaigns/appointment-reminders/campaign.yaml"
    text = campaign.read_text(encoding="utf-8").replace(
        "call us on {{ practice.phone }}", "call us on {{ practice.fone }}"
    )
    campaign.write_text(text, encoding="utf-8")
    outcome = run("lint")
    assert outcome.code == 1
    line = next(number for number, line in enumerate(text.splitlines(), 1) if "practice.fone" in line)
    source, underline = outcome.out.splitlines()[2:4]
    assert f"campaign.yaml:{line}:" in outcome.out.splitlines()[1]
    assert source[underline.index("^") : underline.rindex("^") + 1] in ("practice.fone", "fone")


def test_a_compile_that_is_not_whole_is_finished_by_the_next(clinic: Path, run) -> None:
    run("compile")
    before = (clinic / "build/index.json").read_bytes()
    (clinic / "build/.next").mkdir()
    (clinic / "build/.next/index.json").write_bytes(b"half")
    run("compile")
    assert (clinic / "build/index.json").read_bytes() == before
    assert not (clinic / "build/.next").exists()


def test_the_real_program_end_to_end(clinic: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "campcompile.cli.main", "lint", "--format", "json"],
        cwd=clinic,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["findings"] == [] and done.stderr == b""
