"""The workshop keeps up with whatever is done to the files, and what is looked at never disappears."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from campcompile.compiler import compile_files
from campcompile.draft import Focus, bind_email
from campcompile.memory import Memory
from campcompile.preview.desk import Desk
from campcompile.preview.watching import watching
from campcompile.preview.workshop import Choice, State, Workshop
from campcompile.workspace.reading import read
from tests.browser.messages import ROOT, example_practice
from tests.changes.git import commit, git
from tests.evil.cases import CASES
from tests.evil.practice import good
from tests.preview.conftest import FILES, NOW, workshop_of
from tests.workspace import lay

LETTER = "campaigns/letter/campaign.yaml"
CHOICE = Choice("letter", "letter", "en")


def shown(workshop: Workshop, choice: Choice = CHOICE) -> str:
    """The words of the e-mail that the page has, with `past: ` before what is kept from another day."""
    found = workshop.view(choice, workshop.state)
    if found.view is None:
        return "nothing"
    text = "".join(part for part in found.view.message.text if isinstance(part, str))
    return ("past: " if found.is_past else "") + " ".join(text.split())


def save(root: Path, path: str, before: str, after: str) -> None:
    text = (root / path).read_text("utf-8")
    assert before in text
    (root / path).write_text(text.replace(before, after), "utf-8")


def test_what_is_looked_at_is_there_before_all_is_compiled(
    root: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[State] = []
    tell = Workshop._tell
    monkeypatch.setattr(Workshop, "_tell", lambda self, state: (states.append(state), tell(self, state))[1])
    assert "all winter" in shown(workshop)
    save(root, LETTER, "all winter", "all year")
    workshop.refresh()
    first, second = states
    assert (first.revision, first.judged, list(first.now)) == (2, 1, [CHOICE.focus])
    assert (second.revision, second.judged, second.now) == (2, 2, {})
    assert "all year" in shown(workshop)


def test_one_email_alone_is_bound_as_it_is_among_all() -> None:
    """Quick is not otherwise: each example e-mail in each language, the same to the last character."""
    memory, files, messages = Memory(), read(ROOT).files, example_practice().rendered
    assert len({(one.campaign.folder, one.email.id, one.version.locale) for one in messages}) == 11 * 4
    for message in messages:
        version = message.version
        focus = Focus(message.campaign.folder, message.email.id, version.locale)
        draft = bind_email(files, focus, memory=memory)
        (campaign,) = draft.programme.campaigns
        (email,) = campaign.emails
        own = next(one for one in email.versions if (one.locale, one.variant) == (version.locale, version.variant))
        made = next(one for one in draft.messages(own, email, campaign).value if one.look == message.look)
        assert (made.html, made.text, made.subject, made.derived) == (
            message.html,
            message.text,
            message.subject,
            message.derived,
        )


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (LETTER, "emails:", "emails: ["),
        (LETTER, "- text: we are open", "- txt: we are open"),
        (LETTER, "we are open all winter", "we are open {{ patient.fristname }}"),
        (LETTER, "we are open all winter", "we are {% if open"),
        (LETTER, "phrase: greeting", "phrase: greetin"),
        ("campaigns/_shared/phrases.yaml", "en: Hello", "en: {{ Hello"),
        ("campaigns/_shared/dictionary.yaml", "patient.first_name:", "patient.frist_name:"),
        ("campcompile.yaml", "practice:", "practice: ["),
    ],
)
def test_a_mistake_leaves_the_last_good_email_and_goes_with_its_mending(
    root: Path, workshop: Workshop, path: str, before: str, after: str
) -> None:
    desk = Desk(workshop, editor="")
    good = shown(workshop)
    save(root, path, before, after)
    workshop.refresh()
    assert shown(workshop) == f"past: {good}"
    told = desk.answer("mail", {"campaign": "letter", "email": "letter", "locale": "en"})
    assert told["past"] and told["problems"] and told["html"]
    save(root, path, after, before)
    workshop.refresh()
    assert shown(workshop) == good
    assert desk.answer("overview", {})["findings"] == []


def test_a_mistake_in_another_email_holds_nothing_back(root: Path, workshop: Workshop) -> None:
    choice = Choice("reminder", "day-before", "en")
    assert "Until tomorrow" in shown(workshop, choice)
    save(root, "campaigns/reminder/campaign.yaml", "{{ appointment.start | date }}", "{{ appointment.strat }}")
    save(root, "campaigns/reminder/campaign.yaml", "body: Until tomorrow.", "body: See you tomorrow.")
    workshop.refresh()
    assert shown(workshop, choice).startswith("Fjordklinikken See you tomorrow.") or "See you" in shown(
        workshop, choice
    )
    assert not shown(workshop, choice).startswith("past")


@pytest.mark.parametrize("every", [pytest.param(15, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)])
def test_every_evil_file_saved_in_a_row_leaves_it_alive_and_right(tmp_path: Path, every: int) -> None:
    files = good()
    root = lay(tmp_path / "practice", files)
    workshop = workshop_of(root)
    desk = Desk(workshop, editor="")
    asked = {"campaign": "letter", "email": "letter", "locale": "en"}
    for case in CASES[::every]:
        for path in {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} - files.keys():
            (root / path).unlink()
        lay(root, case.spoiled())
        workshop.refresh()
        assert desk.answer("mail", asked)["revision"] == workshop.state.revision, case.row
        assert desk.answer("overview", {})["judged"] == workshop.state.revision, case.row
        fresh = compile_files(read(root).files, as_of=None, now=NOW, lint_only=True)
        assert workshop.state.compilation.diagnostics == fresh.diagnostics, case.row
    shutil.rmtree(root)
    lay(root, files)
    workshop.refresh()
    assert shown(workshop) == shown(workshop_of(root))
    assert desk.answer("overview", {})["findings"] == []


def test_it_survives_what_happens_to_files(root: Path, workshop: Workshop) -> None:
    good = shown(workshop)

    def now(words: str) -> None:
        workshop.refresh()
        assert words in shown(workshop)

    (root / LETTER).unlink()
    now(f"past: {good}")
    lay(root, FILES)
    now(good)
    (root / "campaigns/letter").rename(root / "campaigns/other")
    now(f"past: {good}")
    assert "all winter" in shown(workshop, Choice("other", "letter", "en"))
    (root / "campaigns/other").rename(root / "campaigns/letter")
    now(good)
    (root / LETTER).write_bytes(FILES[LETTER][: len(FILES[LETTER]) // 2])
    now("")
    (root / LETTER).write_bytes(b"\xff\xfe\x00\x01" + FILES[LETTER])
    now(f"past: {good}")
    lay(root, FILES)
    now(good)
    for number in range(500):
        lay(root, {f"campaigns/letter/notes-{number}.yaml": b"a: [\n"})
    now(good)
    assert len(workshop.state.compilation.diagnostics) >= 500
    shutil.rmtree(root / "campaigns")
    now(f"past: {good}")
    lay(root, FILES)
    now(good)
    assert workshop.state.compilation.diagnostics == ()


def test_a_file_that_may_not_be_read_is_told_and_what_was_read_stays(
    root: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def refuse(path: Any, *rest: Any) -> int:  # chmod keeps nothing from root, who may run this
        if str(path).endswith("letter/campaign.yaml"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return opened(path, *rest)

    good = shown(workshop)
    save(root, LETTER, "all winter", "all year")
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        workshop.refresh()
        assert "letter/campaign.yaml can't be read: permission denied" in workshop.state.trouble
        assert shown(workshop) == good
    workshop.refresh()
    assert workshop.state.trouble == "" and "all year" in shown(workshop)


def test_a_half_saved_file_never_does_harm(root: Path, workshop: Workshop) -> None:
    desk = Desk(workshop, editor="")
    whole = FILES[LETTER]
    good_words = shown(workshop)
    for length in range(0, len(whole), 37):
        (root / LETTER).write_bytes(whole[:length])
        workshop.refresh()
        assert desk.answer("mail", {"campaign": "letter", "email": "letter", "locale": "en"})["html"]
    (root / LETTER).write_bytes(whole)
    workshop.refresh()
    assert shown(workshop) == good_words


def test_a_switch_of_branches_with_500_files_is_followed(root: Path, workshop: Workshop) -> None:
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "one")
    git(root, "switch", "--quiet", "--create", "other")
    lay(root, {f"campaigns/letter/notes-{number}.yaml": b"a: b\n" for number in range(500)})
    save(root, LETTER, "all winter", "all year")
    commit(root, "two")
    shown(workshop)
    with watching(root) as changes:
        thread = threading.Thread(target=workshop.keep_up, args=(changes,), daemon=True)
        thread.start()
        for branch, words in (("main", "all winter"), ("other", "all year"), ("main", "all winter")):
            git(root, "switch", "--quiet", branch)
            files, until = read(root).files, time.monotonic() + 30
            while workshop.state.draft.files != files or workshop.state.judged != workshop.state.revision:
                assert time.monotonic() < until
                time.sleep(0.01)
            assert words in shown(workshop) and not shown(workshop).startswith("past")
        changes.close()
        thread.join(10)
    assert workshop.state.compilation.diagnostics == ()


def test_a_link_out_of_the_workspace_is_told_and_not_followed(root: Path, workshop: Workshop) -> None:
    (root.parent / "secret.yaml").write_text("title: a secret\n", "utf-8")
    (root / "campaigns/letter/fr.yaml").symlink_to(root.parent / "secret.yaml")
    workshop.refresh()
    assert "leads out of the workspace" in workshop.state.trouble
    assert "secret" not in str(Desk(workshop, editor="").answer("overview", {}).get("findings"))
    (root / "campaigns/letter/fr.yaml").unlink()
    workshop.refresh()
    assert workshop.state.trouble == ""


def test_two_browsers_see_their_own_emails(root: Path, workshop: Workshop) -> None:
    other = Choice("reminder", "day-before", "en")
    shown(workshop)
    shown(workshop, other)
    workshop.viewers = 2
    save(root, "campcompile.yaml", "name: Fjordklinikken\n", "name: Fjellklinikken\n")
    workshop.refresh()
    assert "Fjellklinikken" in shown(workshop) and "Fjellklinikken" in shown(workshop, other)


def test_findings_are_those_of_a_compile_from_scratch(root: Path, workshop: Workshop) -> None:
    shown(workshop)
    for before, after in (("all winter", "TODO"), ("TODO", "{{ patient.email }}"), ("News from", "Your diabetes in")):
        save(root, LETTER, before, after)
        workshop.refresh()
        files = {path: (root / path).read_bytes() for path in FILES}
        fresh = compile_files(files, as_of=None, now=NOW, lint_only=True)
        assert workshop.state.compilation.diagnostics == fresh.diagnostics
