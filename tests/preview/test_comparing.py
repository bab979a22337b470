"""What lies here beside a revision of git: one e-mail side by side, its words marked, and what can't be compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from campcompile.preview.desk import Desk
from campcompile.preview.workshop import Workshop
from tests.changes.git import commit, git
from tests.preview.conftest import FILES
from tests.rules.examples import picture
from tests.workspace import lay

LETTER = "campaigns/letter/campaign.yaml"
CHOICE = {"campaign": "letter", "email": "letter", "locale": "en", "base": "HEAD~1"}


@pytest.fixture
def desk(root: Path, workshop: Workshop) -> Desk:
    """A practice of two commits; the second one's letter differs by two words, and by a picture."""
    git(root, "init", "--quiet")
    commit(root, "one")
    text = (root / LETTER).read_text("utf-8")
    text = text.replace("all winter", "all summer").replace("News from", "Notes from")
    (root / LETTER).write_text(text, "utf-8")
    (root / "assets/map.png").write_bytes(picture("300 x 200 px"))
    commit(root, "two")
    workshop.refresh()
    return Desk(workshop, editor="")


def compared(desk: Desk, **asked: str) -> Any:
    return desk.answer("compare", {**CHOICE, **asked})


def words(page: str) -> list[str]:
    return [found.strip() for found in re.findall(r'<span style="background:[^"]*">([^<]*)</span>', page)]


def test_words_that_differ_are_marked_on_both_sides(desk: Desk) -> None:
    found = compared(desk)
    assert not found["same"]
    assert words(found["before"]["marked"]) == ["winter"]
    assert words(found["after"]["marked"]) == ["summer"]
    assert words(found["after"]["bare"]) == words(found["before"]["bare"]) == []
    assert ["gone", "News"] in map(list, found["lines"]["subject"])
    assert ["new", "Notes"] in map(list, found["lines"]["subject"])


def test_blocks_are_marked_so_that_they_can_be_laid_side_by_side(desk: Desk) -> None:
    found = compared(desk)
    for side in ("before", "after"):
        assert found[side]["bare"].count("<!--cc0-->") == 1


def test_an_edit_shows_at_once_and_so_does_another_revision(root: Path, desk: Desk) -> None:
    assert compared(desk, base="HEAD")["same"]
    text = (root / LETTER).read_text("utf-8")
    (root / LETTER).write_text(text.replace("all summer", "all year"), "utf-8")
    desk.workshop.refresh()
    assert words(compared(desk, base="HEAD")["after"]["marked"]) == ["year"]
    assert words(compared(desk)["before"]["marked"]) == ["winter"]


def test_pictures_of_both_sides_are_known_by_their_names_in_the_bundle(desk: Desk) -> None:
    found = compared(desk, campaign="reminder", email="before")
    names = [set(re.findall(r'"picture/([^"]+)"', found[side]["bare"])) for side in ("before", "after")]
    assert len(names[0]) == len(names[1]) == 1 and names[0] != names[1]
    sizes = [desk.picture(name) for side in names for name in side]
    assert all(size is not None for size in sizes) and sizes[0] != sizes[1]


def test_what_is_on_one_side_alone_is_told(root: Path, desk: Desk) -> None:
    new = (root / LETTER).read_bytes().replace(b"lt26", b"nw26")
    lay(root, {"campaigns/new/campaign.yaml": new})
    desk.workshop.refresh()
    found = compared(desk, campaign="new")
    assert found["before"] is None and found["after"] is not None
    assert compared(desk, campaign="never")["after"] is None


@pytest.mark.parametrize("base", ["", "no-such-branch", "--help", "HEAD~9", "../..", "HEAD:campcompile.yaml", "\n"])
def test_what_is_no_revision_is_told_kindly(desk: Desk, base: str) -> None:
    assert "no revision" in compared(desk, base=base)["trouble"]


def test_a_workspace_without_git_is_told_kindly(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workshop.root.parent))
    found = compared(Desk(workshop, editor=""))
    assert found["trouble"] and found["help"]


def test_a_mistake_in_the_past_is_told_beside_what_could_be_made(root: Path, desk: Desk) -> None:
    good = (root / LETTER).read_bytes()
    (root / LETTER).write_bytes(good.replace(b"all summer", b"{{ patient.fristname }}"))
    commit(root, "three")
    (root / LETTER).write_bytes(good)
    desk.workshop.refresh()
    assert compared(desk, base="HEAD")["broken"]
    assert not compared(desk, base="HEAD~1")["broken"]
    assert set(FILES) == {path.relative_to(root).as_posix() for path in root.rglob("*.*") if ".git" not in path.parts}
