"""`lint` and `compile`: which campaigns they look at, what they print where, and what they write."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from campcompile import manifest
from campcompile.cli.compile import merged_index
from campcompile.errors import BundleError

TOOL = manifest.Tool(name="campcompile", version="0.1.0")


def index(*folders: str, version: str = "0.1.0") -> bytes:
    entries = tuple(
        manifest.Entry(
            folder=folder,
            code=folder[:4],
            manifest=manifest.File(path=f"{folder[:4]}/manifest.json", sha256="0" * 64),
            digest="1" * 64,
            waivers=(),
        )
        for folder in folders
    )
    tool = manifest.Tool(name="campcompile", version=version)
    return manifest.to_bytes(manifest.Index(compiler=tool, data={}, packs={}, assurance="", campaigns=entries))


class TestWhichCampaigns:
    @pytest.mark.parametrize(
        ("paths", "only"),
        [
            ([], set()),
            (["campaigns/news"], {"news"}),
            (["campaigns/news/"], {"news"}),
            (["campaigns/news/campaign.yaml"], {"news"}),
            (["news"], {"news"}),
            (["news", "campaigns/recall"], {"news", "recall"}),
            (["campaigns"], set()),
            (["."], set()),
            (["campcompile.yaml"], set()),
            (["campaigns/_shared/dictionary.yaml"], set()),
            (["news", "campaigns/_shared"], set()),
        ],
    )
    def test_a_path_chooses_its_campaign_and_any_other_all(self, workspace, compiler, run, paths, only) -> None:
        run("lint", *paths)
        assert compiler.calls[0]["only"] == only

    def test_a_path_below_where_we_stand(self, workspace, compiler, run, monkeypatch) -> None:
        monkeypatch.chdir(workspace / "campaigns" / "recall")
        run("lint", "campaign.yaml")
        assert compiler.calls[0]["only"] == {"recall"}

    def test_a_workspace_elsewhere(self, workspace, compiler, run, tmp_path, monkeypatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert run("lint", str(workspace)).code == 0
        assert "campaigns/news/campaign.yaml" in compiler.calls[0]["files"]

    def test_a_path_that_is_not_there_is_named_with_what_was_meant(self, workspace, compiler, run) -> None:
        outcome = run("lint", "campaigns/nws")
        assert outcome.code == 2 and not compiler.calls
        assert outcome.err == ("error: no such file or folder: campaigns/nws\n  help: did you mean campaigns/news?\n")

    def test_it_is_looked_for_in_the_workspace_that_it_names(self, workspace, compiler, run, monkeypatch) -> None:
        monkeypatch.chdir(workspace.parent)
        assert "did you mean campaigns/recall?" in run("lint", "practice/campaigns/recal").err

    def test_a_path_of_another_workspace(self, workspace, compiler, run, tmp_path) -> None:
        outcome = run("lint", "news", str(tmp_path))
        assert (outcome.code, outcome.out) == (2, "")


class TestTheDay:
    def test_as_of_is_handed_on_and_the_clock_is_read_once(self, workspace, compiler, run) -> None:
        run("lint", "--as-of", "2026-12-24")
        assert compiler.calls[0]["as_of"] == date(2026, 12, 24)
        now = compiler.calls[0]["now"]
        assert now.tzinfo is UTC and datetime.now(UTC) - now < timedelta(minutes=1)

    def test_a_day_that_does_not_exist(self, workspace, compiler, run) -> None:
        outcome = run("lint", "--as-of", "2026-02-30")
        assert outcome.code == 2
        assert "`2026-02-30` is no date: write year, month and day, as in 2026-09-08" in outcome.err


class TestWhatIsPrinted:
    def test_stdout_carries_the_report_alone(self, workspace, compiler, run, samples) -> None:
        compiler.finds(*samples["error"], *samples["warning"])
        outcome = run("lint", "--format", "json")
        assert [finding["code"] for finding in json.loads(outcome.out)["findings"]] == ["FLD001", "TIM003"]
        assert outcome.err == ""

    def test_a_person_is_told_what_comes_next(self, workspace, compiler, run, samples) -> None:
        assert run("lint").out.splitlines()[-1] == "next: campcompile compile"
        compiler.finds(*samples["warning"])
        assert run("lint").out.splitlines()[-1] == "next: mend these, then lint again"

    def test_annotations_lead_from_the_repositorys_root(self, workspace, compiler, run, samples, monkeypatch) -> None:
        monkeypatch.setenv("GITHUB_WORKSPACE", str(workspace.parent))
        compiler.finds(*samples["error"])
        outcome = run("lint", "--format", "github")
        assert outcome.out.startswith("::error file=practice/campaigns/news/campaign.yaml,line=1,")


class TestCompile:
    def test_the_bundle_is_written_and_accounted_for(self, workspace, compiler, run) -> None:
        outcome = run("compile")
        assert outcome.code == 0
        assert (workspace / "build/nl20/manifest.json").read_bytes() == b"{}"
        assert outcome.out.splitlines()[1:] == [
            "build/nl20/  news",
            "2 files written, 0 unchanged",
            "next: open build/nl20/emails/ in a browser; to try it: campcompile send build/nl20 --test-to ADDRESS",
        ]

    def test_a_second_time_nothing_is_written(self, workspace, compiler, run) -> None:
        run("compile")
        assert "build/ was up to date: 2 files unchanged" in run("compile").out

    def test_with_an_error_build_stays_as_it_is(self, workspace, compiler, run, samples) -> None:
        run("compile")
        compiler.finds(*samples["error"])
        compiler.bundle = {"index.json": b"other"}
        for fail_on in ("error", "never"):
            outcome = run("compile", "--fail-on", fail_on)
            assert outcome.code == 1
            assert "nothing was written: build/ stays as it is" in outcome.out
        assert (workspace / "build/index.json").read_bytes() == b"{}"

    def test_with_a_warning_it_is_written(self, workspace, compiler, run, samples) -> None:
        compiler.finds(*samples["warning"])
        assert run("compile").code == 0
        assert run("compile", "--fail-on", "warning").code == 1
        assert (workspace / "build/index.json").exists()

    def test_lint_writes_nothing(self, workspace, compiler, run) -> None:
        run("lint")
        assert compiler.calls[0]["lint_only"] is True
        assert not (workspace / "build").exists()

    def test_one_campaign_leaves_the_others_in_place(self, workspace, compiler, run) -> None:
        compiler.bundle = {
            "index.json": index("news", "recall", "gone"),
            "news/x": b"1",
            "reca/x": b"1",
            "gone/x": b"1",
        }
        run("compile")
        compiler.bundle = {"index.json": index("news"), "news/x": b"2"}
        assert run("compile", "news").code == 0
        listed = json.loads((workspace / "build/index.json").read_bytes())["campaigns"]
        assert [entry["folder"] for entry in listed] == ["news", "recall"]
        assert (workspace / "build/news/x").read_bytes() == b"2"
        assert (workspace / "build/reca/x").read_bytes() == b"1"

    def test_bundles_of_two_versions_are_not_mixed(self) -> None:
        with pytest.raises(BundleError, match="another version"):
            merged_index(index("recall", version="0.0.9"), index("news"), {"news", "recall"})
        with pytest.raises(BundleError, match="another version"):
            merged_index(b"{", index("news"), {"news", "recall"})
