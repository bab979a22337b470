"""`campcompile diff` from the command line: revisions, folders, exit codes, and formats that programs read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tests.changes.clinic import NE, RE, REMINDERS, files_with
from tests.changes.git import commit, git
from tests.cli.conftest import Outcome
from tests.workspace import lay

Run = Callable[..., Outcome]
ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "src/campcompile/schemas/change.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in a folder of a repository: `main`, and a branch on which one e-mail goes two days earlier."""
    top = tmp_path_factory.mktemp("repository")
    git(top, "init", "--quiet", "--initial-branch", "main")
    clinic = top / "clinic"
    lay(clinic, files_with({}))
    commit(top, "the practice")
    git(top, "switch", "--quiet", "--create", "earlier")
    (clinic / RE).write_text(REMINDERS.replace("offset: -P7D", "offset: -P9D"), encoding="utf-8")
    commit(top, "reminders: earlier")
    return clinic


def test_without_words_this_work_is_compared_with_where_it_left_main(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    outcome = run("diff")
    assert outcome.code == 0, outcome.err
    assert "−7 d 09:00 → −9 d 09:00" in outcome.out
    assert outcome.out.startswith("main (")


def test_two_revisions_are_compared_without_a_checkout(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    before = git(repository, "status", "--porcelain")
    outcome = run("diff", "earlier", "main")
    assert "−9 d 09:00 → −7 d 09:00" in outcome.out
    assert git(repository, "status", "--porcelain") == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("main", "main", "--detailed-exitcode"), 0),
        (("main", "earlier"), 0),
        (("main", "earlier", "--detailed-exitcode"), 4),
        (("nowhere",), 2),
        (("--upload-pack=x", "main"), 2),
    ],
)
def test_exit_codes(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(repository)
    assert run("diff", *words).code == code


def test_a_new_error_fails_and_an_old_one_does_not(tmp_path: Path, run: Run) -> None:
    wrong = {NE: files_with({})[NE].replace(b"links.book", b"links.bok")}
    lay(tmp_path / "good", files_with({}))
    lay(tmp_path / "bad", {**files_with({}), **wrong})
    assert run("diff", str(tmp_path / "good"), str(tmp_path / "bad"), "--detailed-exitcode").code == 1
    assert run("diff", str(tmp_path / "good"), str(tmp_path / "bad"), "--fail-on", "never").code == 0
    assert run("diff", str(tmp_path / "bad"), str(tmp_path / "bad")).code == 0


def test_json_is_of_its_published_form(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    told = json.loads(run("diff", "main", "earlier", "--format", "json").out)
    jsonschema.Draft202012Validator(SCHEMA).validate(told)
    [campaign] = told["campaigns"]
    [email] = campaign["emails"]
    assert email["digests"]["before"]["seen"] == email["digests"]["after"]["seen"]
    assert email["digests"]["before"]["rest"] != email["digests"]["after"]["rest"]


def test_a_workspace_that_was_not_there_yet_is_all_new(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    git(repository, "switch", "--quiet", "--orphan", "empty")
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    git(repository, "switch", "--quiet", "earlier")
    outcome = run("diff", "empty", "main", "--fail-on", "never")
    assert outcome.code == 0, outcome.err
    assert "+ reminders (ap71): new" in outcome.out


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_in_a_revision_is_followed_inside_the_workspace_alone(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, files_with({}))
    (tmp_path / "assets/again.png").symlink_to("team.png")
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "a link")
    monkeypatch.chdir(tmp_path)
    assert run("diff", "main", "--detailed-exitcode").code == 0
    (tmp_path / "assets/again.png").unlink()
    (tmp_path / "assets/again.png").symlink_to("/etc/hostname")
    wrong = commit(tmp_path, "a link out")
    outcome = run("diff", wrong, "main")
    assert outcome.code == 2
    assert "leads out of the workspace" in outcome.err
