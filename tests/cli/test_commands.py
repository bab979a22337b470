"""The smaller commands: `new`, `rules`, `explain`, `schema`, `completion`."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from campcompile.cli.new import campaign_text, draw_code
from tests.workspace import LETTER, lay
from tests.workspace import workspace as files_of_practice


class TestNew:
    def test_a_campaign_of_twenty_lines_with_a_code_of_its_own(self, workspace, run) -> None:
        outcome = run("new", "spring-news", "--title", "Spring news")
        text = (workspace / "campaigns/spring-news/campaign.yaml").read_text(encoding="utf-8")
        assert outcome.out.splitlines()[0] == "made campaigns/spring-news/campaign.yaml"
        assert text.startswith(
            "# yaml-language-server: $schema=../../schemas/campaign.schema.json\ntitle: Spring news "
        )
        assert re.search(r"^code: [a-z][a-z0-9]{3,7}\b", text, re.MULTILINE)
        assert "locales: [nb]" in text, "the workspace's own first language"
        assert len(text.splitlines()) <= 22 and "@" not in text

    def test_a_title_made_from_the_name_and_one_that_needs_quotes(self) -> None:
        assert b"\ntitle: Spring news " in campaign_text("spring-news", "", {})
        assert b'\ntitle: "Flu: \\"now\\" #1" ' in campaign_text("x", 'Flu: "now" #1', {})
        assert b'\ntitle: "No" ' not in campaign_text("x", "No", {})

    def test_a_code_is_never_drawn_twice(self) -> None:
        taken: set[str] = set()
        for _ in range(2000):
            code = draw_code(taken)
            assert code not in taken
            taken.add(code)
        assert all(re.fullmatch(r"[a-z][a-z0-9]{3,7}", code) for code in taken)
        assert not any(vowel in "".join(taken) for vowel in "aeiou"), "no code spells a word"

    def test_a_code_that_reads_as_an_illness_is_drawn_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        signs = iter("t2d4k7m4")
        monkeypatch.setattr("secrets.choice", lambda _: next(signs))
        assert draw_code(set()) == "k7m4"

    @pytest.mark.parametrize(
        ("name", "meant"),
        [("Spring News", "spring-news"), ("../x", "x"), ("É", ""), ("流感疫苗", ""), ("2026-news", "")],
    )
    def test_a_name_that_can_not_be_a_folder(self, workspace, run, name: str, meant: str) -> None:
        outcome = run("new", name)
        assert outcome.code == 2
        assert ("did you mean" in outcome.err) is bool(meant) is not ("a title may be anything" in outcome.err)
        assert meant in outcome.err
        assert len(list((workspace / "campaigns").iterdir())) == 3

    def test_a_campaign_that_exists_is_left_alone(self, workspace, run) -> None:
        before = (workspace / "campaigns/news/campaign.yaml").read_bytes()
        outcome = run("new", "news")
        assert outcome.code == 2 and "campaigns/news/campaign.yaml is there already" in outcome.err
        assert (workspace / "campaigns/news/campaign.yaml").read_bytes() == before


class TestRulesAndExplain:
    def test_rules_are_listed_by_code_with_a_line_each(self, run) -> None:
        lines = [line for line in run("rules").out.splitlines() if not line.startswith(" ")]
        codes = [line.split()[0] for line in lines]
        assert codes == sorted(codes) and "SYN001" in codes
        assert all(len(line.split()) > 4 for line in lines)

    def test_rules_tell_the_law_of_the_workspaces_places_on_its_day(self, run, workspace: Path) -> None:
        settings = workspace / "campcompile.yaml"
        settings.write_text('jurisdictions: [FR]\nas_of: "2026-07-13"\n', "utf-8")
        rows = {row["code"]: row for row in json.loads(run("rules", "--format", "json").out)["rules"]}
        assert next((one["place"], one["severity"], one["since"]) for one in rows["TRK001"]["law"]) == (
            "FR",
            "warning",
            "2026-04-14",
        )
        assert rows["SYN001"]["law"] == []
        assert "error in FR since 2020-12-25: CSP R.4127-19-1 (confirmed, looked up on" in run("rules").out

    def test_rules_as_json(self, run) -> None:
        rows = json.loads(run("rules", "--format", "json").out)["rules"]
        first = next(row for row in rows if row["code"] == "SYN001")
        assert (first["slug"], first["severity"], first["waivable"]) == ("not-utf8", "error", False)

    @pytest.mark.parametrize("name", ["SYN001", "syn001", "not-utf8"])
    def test_a_rule_by_code_or_name(self, run, name: str) -> None:
        text = run("explain", name).out
        assert text.startswith("error[SYN001] not-utf8\n")
        for heading in ("What it does", "Why it matters", "Example", "Use instead", "Sources", "What it says"):
            assert f"\n\n{heading}\n" in text
        assert "```" not in text and "##" not in text
        assert max(map(len, text.splitlines())) <= 100

    def test_an_unknown_rule_is_answered_with_the_nearest(self, run) -> None:
        outcome = run("explain", "not-utf")
        assert outcome.code == 2 and "did you mean `not-utf8`?" in outcome.err


class TestSchema:
    def test_kinds_are_listed_and_one_is_printed(self, run) -> None:
        assert "manifest" in run("schema").out.splitlines()
        assert json.loads(run("schema", "manifest").out)["$schema"].startswith("https://json-schema.org/draft/2020-12")

    def test_write_puts_them_into_the_workspace_and_again_changes_nothing(self, workspace, run) -> None:
        kinds = run("schema").out.splitlines()
        assert run("schema", "--write").out.splitlines() == [f"wrote schemas/{kind}.schema.json" for kind in kinds]
        assert sorted(path.name for path in (workspace / "schemas").iterdir()) == [
            f"{kind}.schema.json" for kind in kinds
        ]
        assert run("schema", "--write").out == "schemas/ was up to date\n"

    def test_an_unknown_kind(self, run) -> None:
        outcome = run("schema", "manifst")
        assert (outcome.code, outcome.err) == (2, "error: no schema `manifst`\n  help: did you mean `manifest`?\n")


class TestCompletion:
    @pytest.mark.parametrize("shell", ["zsh", "fish"])
    def test_a_script_for_a_shell(self, run, shell: str) -> None:
        assert "_CAMPCOMPILE_COMPLETE" in run("completion", shell).out

    @pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
    def test_bash_accepts_its_script(self, run) -> None:
        script = run("completion", "bash").out
        assert subprocess.run(["bash", "-n"], input=script, text=True).returncode == 0

    def test_commands_are_completed_without_importing_them(self, run, monkeypatch) -> None:
        monkeypatch.setenv("_CAMPCOMPILE_COMPLETE", "fish_complete")
        monkeypatch.setenv("COMP_WORDS", "campcompile co")
        monkeypatch.setenv("COMP_CWORD", "co")
        found = [line.partition("\t")[0] for line in run().out.splitlines()]
        assert found[0].endswith("compile")
        assert found[-1].endswith("completion")


class TestWaive:
    LETTER = "campaigns/letter/campaign.yaml"

    @pytest.fixture
    def practice(self, tmp_path, monkeypatch) -> Path:
        text = LETTER.replace("News from the fjord", '"Re: the fjord, and all that has happened there since summer"')
        lay(tmp_path, files_of_practice({self.LETTER: text}))
        monkeypatch.chdir(tmp_path)
        return tmp_path

    def test_what_it_prints_waives_as_comment_and_as_row(self, practice, run) -> None:
        told = run("waive", "SUB003", "--by", "Lars Berg", "--reason", 'we "answer": yes')
        lines = told.out.splitlines()
        assert lines[0].startswith(f"{self.LETTER}:11:15 the subject begins with `Re:`")
        comment = next(line.strip() for line in lines if "# allow" in line)
        row = "\n".join(lines[lines.index("  or in campaigns/_shared/waivers.yaml, below `waivers:`:") + 1 :])
        assert run("lint", "--fail-on", "error").code == 1
        (practice / "campaigns/_shared/waivers.yaml").write_text(f"waivers:\n{row}\n")
        outcome = run("lint", "--fail-on", "error")
        assert outcome.code == 0 and "1 waived" in outcome.out
        (practice / "campaigns/_shared/waivers.yaml").unlink()
        letter = practice / self.LETTER
        letter.write_text(letter.read_text().replace("    subject:", f"    {comment}\n    subject:"))
        outcome = run("lint", "--fail-on", "error")
        assert outcome.code == 0 and "1 waived" in outcome.out

    def test_without_a_name_and_a_reason_it_leaves_them_open(self, practice, run) -> None:
        assert " by NAME: REASON" in run("waive", "fake-reply-or-forward", "letter").out

    def test_what_it_can_not_do_it_says(self, practice, run) -> None:
        assert "did you mean `SUB003`" in run("waive", "SUB0033").err
        assert "nothing is a finding of FLD005 here" in run("waive", "FLD005").err
        letter = practice / self.LETTER
        letter.write_text(letter.read_text().replace("the fjord", "{{ patient.fjord }}"))
        outcome = run("waive", "FLD001")
        assert outcome.code == 2 and "can't be waived" in outcome.err
        assert run("waive", "SUB003", "--by", "Lars: Berg").code == 2
