"""`lint --fix`, `--unsafe-fixes` and `--diff`, with the real compiler and real files."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from campcompile.cli.main import main
from tests.workspace import LETTER, lay, workspace

CAMPAIGN = "campaigns/letter/campaign.yaml"
SLIPS = (
    LETTER.replace("subject: News from the fjord", 'subject: "RE: News from the fjord!!!"  # as agreed')
    .replace("purpose: operations", "purpose: operations\n\n# whom we write to")
    .replace("links.book}", "links.boook}")
)
SAFELY = SLIPS.replace('"RE: News from the fjord!!!"', '"News from the fjord!"')


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Lays a workspace down with this letter, and goes there."""

    def laid(letter: str | bytes) -> Path:
        lay(tmp_path, workspace({CAMPAIGN: letter}))
        monkeypatch.chdir(tmp_path)
        for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
            monkeypatch.delenv(name, raising=False)
        return tmp_path / CAMPAIGN

    return laid


def test_what_is_safe_is_mended_and_the_rest_reported(practice, run) -> None:
    file = practice(SLIPS)
    outcome = run("lint", "--fix", "--format", "json")
    assert file.read_text(encoding="utf-8") == SAFELY
    assert [found["code"] for found in json.loads(outcome.out)["findings"]] == ["REF002"]
    assert (outcome.code, outcome.err) == (1, "mended 2 findings in 1 file\n")


def test_a_near_name_is_written_where_one_says_so(practice, run) -> None:
    file = practice(SLIPS)
    outcome = run("lint", "--fix", "--unsafe-fixes")
    assert file.read_text(encoding="utf-8") == SAFELY.replace("boook", "book")
    assert outcome.code == 0
    assert "mended 3 findings in 1 file" in outcome.out.splitlines()


def test_fixing_twice_changes_nothing_more(practice, run) -> None:
    file = practice(SLIPS)
    run("lint", "--fix")
    before = file.stat()
    assert "nothing could be mended without you" in run("lint", "--fix").out
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


NORWEGIAN = """\
letter:
  of: "{digest}"  # Lars
  subject: Nytt fra fjorden
  preheader: Dette er nytt i vinter
  body:
    - text: Vi har åpent hele vinteren.
    - button: Bestill time
"""


def in_two_languages(practice: Any, run: Any, letter: str) -> tuple[Path, Path]:
    """The letter and its translation, which was read against just these words."""
    file = practice(letter.replace("locales: [en]", "locales: [en, nb]"))
    translation = file.with_name("nb.yaml")
    translation.write_text(NORWEGIAN.format(digest="00000000"), encoding="utf-8")
    found = json.loads(run("lint", "--format", "json").out)["findings"]
    (edit,) = next(one["fixes"][0]["edits"] for one in found if one["code"] == "LIF005")
    translation.write_text(NORWEGIAN.format(digest=edit["text"].strip('"')), encoding="utf-8")
    return file, translation


def test_a_translation_that_was_read_stays_fresh_through_a_safe_fix(practice, run) -> None:
    file, translation = in_two_languages(practice, run, SLIPS.replace("boook", "book"))
    before = translation.read_text(encoding="utf-8")
    outcome = run("lint", "--fix")
    assert (outcome.code, outcome.out.splitlines()[1]) == (0, "mended 2 findings in 2 files")
    after = translation.read_text(encoding="utf-8")
    assert after != before and after.splitlines()[0:1] + after.splitlines()[2:] == (
        before.splitlines()[0:1] + before.splitlines()[2:]
    )
    assert "# Lars" in after and "RE:" not in file.read_text(encoding="utf-8")


def test_a_translation_that_was_stale_before_stays_so(practice, run) -> None:
    _, translation = in_two_languages(practice, run, SLIPS.replace("boook", "book"))
    translation.write_text(NORWEGIAN.format(digest="00000000"), encoding="utf-8")
    assert run("lint", "--fix").code == 1
    assert "00000000" in translation.read_text(encoding="utf-8")


def test_an_unsafe_fix_of_the_source_asks_for_the_translation_to_be_read(practice, run) -> None:
    in_two_languages(practice, run, SLIPS.replace("boook", "book"))
    outcome = run("lint", "--fix", "--unsafe-fixes")
    assert outcome.code == 1 and "the source words changed after this was translated" in outcome.out


def test_windows_line_ends_and_rights_stay(practice, run) -> None:
    file = practice(SLIPS.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    run("lint", "--fix")
    assert file.read_bytes() == SAFELY.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [place.name for place in file.parent.iterdir()] == ["campaign.yaml"]


def test_a_diff_writes_nothing_and_git_can_apply_it(practice, run) -> None:
    file = practice(SLIPS)
    outcome = run("lint", "--diff")
    assert (outcome.code, outcome.err) == (1, "would mend 2 findings in 1 file\n")
    assert file.read_text(encoding="utf-8") == SLIPS
    subprocess.run(["git", "apply", "-p1"], input=outcome.out.encode(), check=True)
    assert file.read_text(encoding="utf-8") == SAFELY


def test_a_diff_without_a_last_line_end(practice, run) -> None:
    file = practice((SLIPS.rstrip() + "  # the end").encode())
    subprocess.run(["git", "apply", "-p1"], input=run("lint", "--diff", "--unsafe-fixes").out.encode(), check=True)
    assert file.read_text(encoding="utf-8").endswith("links.book}  # the end")


def test_a_diff_shows_no_secret(practice, run) -> None:
    key = "AKIA" + "QYLPMN5HHHFPZAM2"
    practice(SLIPS.replace("preheader: What is new this winter", f"preheader: {key}"))
    outcome = run("lint", "--diff")
    assert "+    subject:" in outcome.out and "(this line holds a secret and is not shown)" in outcome.out
    assert key not in outcome.out


def test_only_the_campaign_that_was_named_is_mended(practice, run) -> None:
    file = practice(SLIPS)
    other = file.parents[1] / "other" / "campaign.yaml"
    other.parent.mkdir()
    other.write_text(SLIPS.replace("code: lt26", "code: ot26"), encoding="utf-8")
    run("lint", "--fix", "other")
    assert "RE:" in file.read_text(encoding="utf-8") and "RE:" not in other.read_text(encoding="utf-8")


def test_a_file_that_somebody_saved_meanwhile_is_not_written_over(practice, run, monkeypatch) -> None:
    file = practice(SLIPS)
    import campcompile.compiler as compiler

    compile_files = compiler.compile_files

    def meanwhile(*arguments: Any, **options: Any) -> Any:
        file.write_text(SLIPS + "# and one more line\n", encoding="utf-8")
        return compile_files(*arguments, **options)

    monkeypatch.setattr(compiler, "compile_files", meanwhile)
    outcome = run("lint", "--fix")
    assert outcome.code == 2 and "was changed by somebody else just now" in outcome.err
    assert file.read_text(encoding="utf-8").endswith("# and one more line\n")


def test_a_lint_tells_what_could_be_mended(practice, run) -> None:
    practice(SLIPS)
    assert run("lint").out.splitlines()[-3:] == [
        "2 can be mended for you: campcompile lint --fix (--diff shows how)",
        "1 may be a slip: campcompile lint --diff --unsafe-fixes shows what would change",
        "next: mend these, then lint again",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--fix", "--diff"], "--fix and --diff are two things"),
        (["--unsafe-fixes"], "--unsafe-fixes alone does nothing"),
        (["--diff", "--format", "json"], "--diff prints a diff and no report"),
        (["--diff", "--output", "x"], "--diff prints a diff and no report"),
    ],
)
def test_options_that_contradict_each_other(practice, run, options: list[str], said: str) -> None:
    file = practice(SLIPS)
    outcome = run("lint", *options)
    assert (outcome.code, outcome.out) == (2, "") and said in outcome.err
    assert file.read_text(encoding="utf-8") == SLIPS


def test_a_file_that_can_not_be_written_is_told(practice, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    file = practice(SLIPS)
    monkeypatch.setattr(Path, "replace", _full)
    assert main(["lint", "--fix"]) == 2
    assert "no space left" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == SLIPS
    assert [place.name for place in file.parent.iterdir()] == ["campaign.yaml"]


def _full(*_: object) -> None:
    raise OSError(28, "No space left on device")
