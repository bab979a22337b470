"""Where a report goes, and what a baseline takes out of it."""

from __future__ import annotations

import json

import pytest

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.source import Source

OTHER = Rule(code="FLD002", slug="other", severity=Severity.ERROR, message="another thing")


class TestOutput:
    @pytest.mark.parametrize("command", ["lint", "compile"])
    def test_the_report_goes_into_the_file_and_stdout_stays_empty(
        self, workspace, compiler, run, samples, command: str
    ) -> None:
        compiler.finds(*samples["error"])
        outcome = run(command, "--format", "json", "--output", "../report.json")
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err == "1 error in 1 file, as of 2026-08-15: ../report.json\n"
        document = json.loads((workspace.parent / "report.json").read_bytes())
        assert [finding["code"] for finding in document["findings"]] == ["FLD001"]

    def test_an_older_report_is_replaced_whole_and_keeps_its_rights(self, workspace, compiler, run) -> None:
        report = workspace.parent / "report.json"
        report.write_text("x" * 10_000)
        report.chmod(0o640)
        assert run("lint", "--format", "jsonl", "--output", str(report)).code == 0
        assert len(report.read_text().splitlines()) == 1
        assert report.stat().st_mode & 0o777 == 0o640
        assert sorted(place.name for place in workspace.parent.iterdir()) == ["practice", "report.json"]

    def test_text_in_a_file_has_no_colours(self, workspace, compiler, run, samples, monkeypatch) -> None:
        monkeypatch.setenv("FORCE_COLOR", "1")
        compiler.finds(*samples["error"])
        run("lint", "--output", "../report.txt")
        assert "\x1b" not in (workspace.parent / "report.txt").read_text(encoding="utf-8")

    @pytest.mark.parametrize("place", ["campaigns/news/campaign.yaml", "campaigns/../campcompile.yaml"])
    def test_a_file_of_the_workspace_is_never_written_over(self, workspace, compiler, run, place: str) -> None:
        before = (workspace / place).read_bytes()
        outcome = run("lint", "--output", place)
        assert outcome.code == 2 and "is a file of the workspace" in outcome.err
        assert (workspace / place).read_bytes() == before

    def test_a_folder_that_is_not_there(self, workspace, compiler, run) -> None:
        outcome = run("lint", "--output", "nowhere/report.txt")
        assert outcome.code == 2 and "can't write nowhere/report.txt: no such file" in outcome.err


class TestBaseline:
    def write(self, run) -> None:
        run("lint", "--format", "json", "--output", "../known.json")

    def test_what_is_known_is_neither_told_nor_counted(self, workspace, compiler, run, samples) -> None:
        compiler.finds(*samples["error"])
        self.write(run)
        outcome = run("lint", "--baseline", "../known.json")
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.splitlines()[0] == (
            "nothing new to mend in 1 campaign (0 e-mails), 1 known, as of 2026-08-15"
        )  # fmt: skip

    def test_what_is_new_fails_alone(self, workspace, compiler, run, samples) -> None:
        compiler.finds(*samples["error"])
        self.write(run)
        compiler.finds(*samples["error"], OTHER)
        outcome = run("lint", "--baseline", "../known.json", "--format", "json")
        assert outcome.code == 1
        document = json.loads(outcome.out)
        assert ([finding["code"] for finding in document["findings"]], document["known"]) == (["FLD002"], 1)

    def test_a_second_one_like_the_known_is_new(self, workspace, compiler, run, samples) -> None:
        compiler.finds(*samples["error"])
        self.write(run)
        source = Source("campaigns/news/campaign.yaml", (workspace / "campaigns/news/campaign.yaml").read_text())
        compiler.finds(*samples["error"])
        (known,) = compiler.diagnostics
        compiler.diagnostics = (known, known.rule.at(source.span(7, 10), name="x"))
        assert run("lint", "--baseline", "../known.json").code == 1

    def test_what_is_found_no_more_is_told_beside_the_report(self, workspace, compiler, run, samples) -> None:
        compiler.finds(*samples["error"])
        self.write(run)
        compiler.finds()
        outcome = run("lint", "--baseline", "../known.json")
        assert outcome.code == 0
        assert outcome.err == (
            "../known.json has an entry of what is found no more: write it anew\n"
            "  campaigns/news/campaign.yaml: FLD001 unknown field `x`\n"
        )
        assert run("lint", "news", "--baseline", "../known.json").err == "", "the others were not looked at"

    @pytest.mark.parametrize(
        "content", ["", "[]", "{}", '{"findings": [1]}', '{"findings": [{}]}', "[" * 100_000, "\xff"]
    )
    def test_a_file_that_is_no_report(self, workspace, compiler, run, content: str) -> None:
        (workspace.parent / "known.json").write_text(content, encoding="latin-1")
        outcome = run("lint", "--baseline", "../known.json")
        assert outcome.code == 2
        assert outcome.err == (
            "error: `known.json` is no report that can be a baseline\n"
            "  help: write one: campcompile lint --format json --output FILE\n"
        )

    def test_a_file_that_is_not_there(self, workspace, compiler, run) -> None:
        outcome = run("lint", "--baseline", "../known.json")
        assert outcome.code == 2 and "can't read ../known.json" in outcome.err
