"""A workspace is lifted from one format to the next in text edits. The steps here are made up: there is one format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.cli.main import main
from campcompile.syntax import migration
from campcompile.syntax.findings import Edit
from campcompile.syntax.migration import CannotMigrate, Documents, Step, format_of, lift
from campcompile.syntax.tree import Mapping
from tests.workspace import lay, workspace


def title_becomes_name(documents: Documents) -> Iterable[Edit]:
    """`title` of a campaign is called `name`."""
    for path, document in documents.items():
        entry = document.root.entry("title")
        if path.endswith("/campaign.yaml") and entry is not None:
            yield Edit(entry.key.span, "name")


def caps_become_lists(documents: Documents) -> Iterable[Edit]:
    """`frequency_cap` is a list."""
    node = documents["campcompile.yaml"].root.get("frequency_cap")
    if isinstance(node, Mapping):
        yield Edit(documents["campcompile.yaml"].source.span(node.span.start, node.span.start), "[")
        yield Edit(documents["campcompile.yaml"].source.span(node.span.end, node.span.end), "]")


FIRST = Step(start=1, title="a campaign's title is its name", edits=title_becomes_name)
SECOND = Step(start=2, title="caps are a list", edits=caps_become_lists)
CAMPAIGN = "campaigns/letter/campaign.yaml"


def test_comments_line_ends_and_marks_stay_as_they_are() -> None:
    text = "\ufeff# for the board\r\ntitle:   A letter  # of autumn\r\ncode: lt26\r\n"
    files = {"campcompile.yaml": b"# ours\npractice: {name: A}\n", CAMPAIGN: text.encode()}
    assert lift(files, FIRST) == {
        "campcompile.yaml": b"# ours\nformat: 2\npractice: {name: A}\n",
        CAMPAIGN: text.replace("title:", "name:").encode(),
    }


def test_a_format_that_is_written_is_written_anew_in_its_place() -> None:
    files = {"campcompile.yaml": b"practice: {name: A}\nformat: 1  # since 2026\n"}
    assert lift(files, FIRST)["campcompile.yaml"] == b"practice: {name: A}\nformat: 2  # since 2026\n"


@pytest.mark.parametrize(
    ("text", "format"),
    [(b"a: b\n", 1), (b"format: 1\n", 1), (b"format: 2\n", 2), (b"format: soon\n", None), (b"format: [1]\n", None),
     (b"format: 1e9\n", None), (b"", 1), (b"\xff\xfe", 1)],
)  # fmt: skip
def test_the_format_of_a_workspace(text: bytes, format: int | None) -> None:
    assert format_of({"campcompile.yaml": text}) == format


@pytest.mark.parametrize("broken", [b"title: [a\n", b"title: \xe5r\n"])
def test_a_file_that_can_not_be_read_to_its_end_stops_all(broken: bytes) -> None:
    with pytest.raises(CannotMigrate, match=CAMPAIGN):
        lift({"campcompile.yaml": b"format: 1\n", CAMPAIGN: broken}, FIRST)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)


@settings(max_examples=40, deadline=None)
@given(words=st.lists(WORDS, max_size=6), crlf=st.booleans())
def test_what_a_step_does_not_name_stays_byte_for_byte(words: list[str], crlf: bool) -> None:
    comments = "".join(f"# {word}\n" for word in words)
    text = (f"{comments}title: A letter\n{comments}code: lt26\n").replace("\n", "\r\n" if crlf else "\n")
    files = {"campcompile.yaml": b"format: 1\n", CAMPAIGN: text.encode()}
    try:
        after = lift(files, FIRST)
    except CannotMigrate:
        return
    assert after[CAMPAIGN].decode() == text.replace("title: A letter", "name: A letter")


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay(tmp_path, workspace({}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


def state(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.yaml")}


def test_with_one_format_there_is_nothing_to_do(practice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = state(practice)
    assert migration.STEPS == ()
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out.startswith("nothing to do: format 1 is the newest")
    assert state(practice) == before


def test_all_steps_are_taken_and_the_diff_shows_them_first(
    practice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migration, "STEPS", (FIRST, SECOND))
    monkeypatch.setattr(migration, "NEWEST", 3)
    before = state(practice)
    assert main(["migrate", "--diff"]) == 0
    shown = capsys.readouterr().out
    assert "-title: A letter\n+name: A letter" in shown and "+frequency_cap: [{max: 1, per: P7D}]" in shown
    assert state(practice) == before
    assert main(["migrate"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "format 2: a campaign's title is its name",
        "format 3: caps are a list",
        "2 files changed",
        "next: campcompile lint",
    ]
    assert state(practice)["campcompile.yaml"].startswith(b"format: 3\n")
    done = state(practice)
    assert main(["migrate"]) == 0 and state(practice) == done


@pytest.mark.parametrize(
    ("written", "said"),
    [("2", "written in format 2"), ("soon", "no whole number"), ("0", "never been a format 0")],
)
def test_a_format_that_no_step_begins_at_is_refused(
    written: str, said: str, practice: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (practice / "campcompile.yaml").write_text(f"format: {written}\n")
    assert main(["migrate"]) == 2
    assert said in capsys.readouterr().err


def test_what_can_not_be_lifted_is_left_alone(
    practice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(migration, "STEPS", (FIRST,))
    monkeypatch.setattr(migration, "NEWEST", 2)
    (practice / CAMPAIGN).write_text("title: [a\n")
    before = state(practice)
    assert main(["migrate"]) == 2
    assert f"{CAMPAIGN} can't be read to its end" in capsys.readouterr().err
    assert state(practice) == before
