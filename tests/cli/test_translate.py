"""`campcompile translate`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from campcompile.cli.main import main

ROOT = Path(__file__).parents[2]


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "campaigns", tmp_path / "campaigns")
    shutil.copy(ROOT / "campcompile.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(["translate", *words])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


def test_a_new_file_then_nothing_more_to_do(practice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (practice / "campaigns/newsletter/fr.yaml").unlink()
    code, text = said(capsys, "campaigns/newsletter/", "fr")
    assert code == 0
    assert text == (
        "made campaigns/newsletter/fr.yaml with the words of issue-2026-09\n"
        "next: translate them there, then: campcompile lint newsletter\n"
    )
    assert said(capsys, "newsletter", "fr") == (0, "campaigns/newsletter/fr.yaml is up to date\n")


def test_what_changed_is_told_and_left_until_it_was_read(practice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = practice / "campaigns/newsletter/campaign.yaml"
    source.write_text(source.read_text(encoding="utf-8").replace("Summer is over", "It is autumn"), encoding="utf-8")
    theirs = practice / "campaigns/newsletter/nb.yaml"
    before = theirs.read_bytes()
    code, text = said(capsys, "newsletter", "nb")
    assert code == 0 and theirs.read_bytes() == before
    assert "campcompile translate newsletter nb --read issue-2026-09" in text
    code, text = said(capsys, "newsletter", "nb", "--read", "issue-2026-09")
    assert (code, text) == (0, "campaigns/newsletter/nb.yaml: noted as read: issue-2026-09\n")
    changed = [
        one for one in zip(before.splitlines(), theirs.read_bytes().splitlines(), strict=True) if one[0] != one[1]
    ]
    assert len(changed) == 1 and changed[0][1].startswith(b"  of: ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("newslettr", "fr"), "did you mean `newsletter`?"),
        (("newsletter", "zh-Hans"), "did you mean `zh-Hant`?"),
        (("newsletter", "de"), "added to `locales` in campcompile.yaml"),
        (("newsletter", "en"), "is the language of campaign.yaml itself"),
        (("newsletter", "fr", "--read", "issue-2026-9"), "did you mean `issue-2026-09`?"),
    ],
)
def test_what_is_not_there_is_said(
    practice: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    code, text = said(capsys, *words)
    assert code == 2 and told in text


def test_a_language_that_the_campaign_is_not_sent_in(practice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = practice / "campaigns/newsletter/campaign.yaml"
    source.write_text(source.read_text(encoding="utf-8") + "locales: [en, fr]\n", encoding="utf-8")
    code, text = said(capsys, "newsletter", "nb")
    assert code == 2 and "add it to `locales` in campaigns/newsletter/campaign.yaml first" in text
