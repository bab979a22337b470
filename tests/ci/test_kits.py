"""What a practice puts into its CI, run as far as it can be: on a real repository, with the own steps of the files."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from campcompile import __version__
from tests.ci.github import GitHub
from tests.ci.repository import BAD, GOOD, Repository

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "ci" / "github" / "action.yml"
EXPRESSION = re.compile(r"\$\{\{ ([^}]+) \}\}")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these steps are for a POSIX shell")


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


class Job:
    """Runs the `run` steps of the action as a runner would; a step that uses another action is named, and not run."""

    def __init__(self, repository: Repository, env: dict[str, str], github: GitHub, **inputs: str) -> None:
        self.repository = repository
        self.temp = repository.root.parent / "temp"
        (self.temp / "campcompile").mkdir(parents=True, exist_ok=True)
        self.env = {**env, "RUNNER_TEMP": str(self.temp), "GITHUB_WORKSPACE": str(repository.root),
                    "GITHUB_REPOSITORY": "clinic/mail", "GITHUB_API_URL": github.url}  # fmt: skip
        self.known = {
            "github.action_path": str(ACTION.parent),
            "github.event_name": "pull_request",
            "github.event.pull_request.base.sha": repository.base,
            "github.event.pull_request.number": "12",
            "github.token": "made-up",
            "runner.temp": str(self.temp),
        }
        for name, declared in read(ACTION)["inputs"].items():
            self.known[f"inputs.{name}"] = inputs.get(name.replace("-", "_"), self.filled(declared["default"]))
        self.used: list[str] = []
        self.said: dict[str, str] = {}

    def filled(self, text: str) -> str:
        """A text with its expressions' values; one that nobody knows is a mistake in the action."""
        return EXPRESSION.sub(lambda found: self.known[found[1]], text)

    def wanted(self, condition: str) -> bool:
        """`a == 'b' && c == 'd'`, the only conditions that the action has."""
        pairs = (part.split(" == ") for part in condition.split(" && "))
        return all(self.known[left] == right.strip("'") for left, right in pairs)

    def run(self) -> int:
        """The exit code of the first step that fails, as the job would end; 0 where none does."""
        for step in read(ACTION)["runs"]["steps"]:
            if not self.wanted(step.get("if", "github.event_name == 'pull_request'")):
                continue
            if "uses" in step:
                self.used.append(step["uses"])
                for value in step["with"].values():
                    self.filled(value)
            elif step["name"] != "install" and (code := self.step(step)):
                return code
        return 0

    def step(self, step: dict[str, Any]) -> int:
        outputs, summary = self.temp / "outputs", self.temp / "summary"
        outputs.write_text("")
        assert step["shell"] == "bash" and not EXPRESSION.search(step["run"]), "an expression in a script is a way in"
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.repository.root / self.filled(step.get("working-directory", ".")),
            env={**self.env, "GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary),
                 **{name: self.filled(value) for name, value in step.get("env", {}).items()}},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
        )  # fmt: skip
        self.said[step["name"]] = done.stdout
        for line in outputs.read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode


class TestGitHub:
    def test_a_violation_fails_and_is_told_and_the_comment_is_written_once(
        self, repository: Repository, program: dict[str, str], github: GitHub
    ) -> None:
        for number in range(120):
            github.add(f"I read it, {number}")
        repository.changed(BAD)
        job = Job(repository, program, github, code_scanning="true")
        assert job.run() == 1, job.said
        assert "::error file=campaigns/letter/campaign.yaml,line=11," in job.said["lint"]
        assert job.said["verdict"].startswith("lint ended with 1, compile with 1, diff with 1")
        (comment,) = github.comments[120:]
        assert comment["body"].startswith("<!-- campcompile") and "SUB003" in comment["body"]
        results = json.loads((job.temp / "campcompile/findings.sarif").read_text())["runs"][0]["results"]
        assert "SUB003" in {result["ruleId"] for result in results}
        page = (job.temp / "campcompile/review.html").read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>") and (job.temp / "summary").read_text() in comment["body"]
        assert job.used == ["actions/setup-python@v6", "github/codeql-action/upload-sarif@v4",
                            "actions/upload-artifact@v5"]  # fmt: skip

    @pytest.mark.slow
    def test_a_good_change_passes_and_the_comment_is_written_anew_in_its_place(
        self, repository: Repository, program: dict[str, str], github: GitHub
    ) -> None:
        repository.changed(BAD)
        assert Job(repository, program, github).run() == 1
        repository.changed(GOOD)
        job = Job(repository, program, github)
        assert job.run() == 0, job.said
        (comment,) = github.comments
        assert "SUB003" not in comment["body"] and "preheader" in comment["body"].lower()
        assert github.calls[-1] == f"PATCH /repos/clinic/mail/issues/comments/{comment['id']}"
        assert "github/codeql-action/upload-sarif@v4" not in job.used

    def test_every_step_has_what_the_runner_needs(self) -> None:
        steps = read(ACTION)["runs"]["steps"]
        for step in steps:
            assert ("uses" in step) ^ ("run" in step and step["shell"] == "bash")
        assert steps[-1]["name"] == "verdict" and "if" not in steps[-1]
        for lock in re.findall(r"requirements/\w+\.txt", steps[1]["run"]):
            assert (ROOT / lock).is_file()
        assert (ACTION.parent / "../.." / "pyproject.toml").resolve() == ROOT / "pyproject.toml"

    def test_the_example_uses_this_action_and_gives_it_what_it_knows(self) -> None:
        steps = read(ROOT / "docs" / "ci-example.yml")["jobs"]["campaigns"]["steps"]
        (step,) = (one for one in steps if "/ci/github@" in one["uses"])
        assert step["uses"].endswith(f"@v{__version__}")
        assert set(step["with"]) <= set(read(ACTION)["inputs"])


class TestComment:
    def comment(self, github: GitHub, tmp_path: Path, words: str, token: str = "made-up") -> Any:
        (tmp_path / "change.md").write_text(words)
        env = {**os.environ, "GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "clinic/mail", "GITHUB_TOKEN": token}
        command = [sys.executable, str(ACTION.parent / "comment.py"), str(tmp_path / "change.md"), "12"]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    def test_it_is_written_then_kept_then_written_anew(self, github: GitHub, tmp_path: Path) -> None:
        for words in ("one e-mail changes", "one e-mail changes", "nothing changes"):
            assert self.comment(github, tmp_path, words).returncode == 0
        assert [call.split()[0] for call in github.calls] == ["GET", "POST", "GET", "GET", "PATCH"]
        (comment,) = github.comments
        assert comment["body"].endswith("\nnothing changes")

    def test_a_person_who_quotes_us_keeps_their_words(self, github: GitHub, tmp_path: Path) -> None:
        self.comment(github, tmp_path, "one")
        quoted = github.add(github.comments.pop()["body"])
        before = dict(quoted)
        self.comment(github, tmp_path, "two")
        assert quoted == before and len(github.comments) == 2

    @pytest.mark.parametrize(("status", "code"), [(403, 0), (401, 0), (500, 1)])
    def test_who_may_not_write_is_told_and_a_fault_is_one(
        self, status: int, code: int, github: GitHub, tmp_path: Path
    ) -> None:
        github.refuses = status
        done = self.comment(github, tmp_path, "one")
        assert done.returncode == code and ("::notice" in done.stdout) is (code == 0)


def test_what_is_waived_opens_no_alert(tmp_path: Path) -> None:
    results = [
        {"ruleId": "A"},
        {"ruleId": "B", "suppressions": [{"kind": "inSource"}]},
        {"ruleId": "C", "suppressions": []},
    ]
    (tmp_path / "all").write_text(json.dumps({"version": "2.1.0", "runs": [{"results": results}]}))
    script = ACTION.parent / "open_results.py"
    subprocess.run([sys.executable, str(script), str(tmp_path / "all"), str(tmp_path / "open")], check=True)
    (run,) = json.loads((tmp_path / "open").read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["A", "C"]


@pytest.mark.slow
@pytest.mark.parametrize(("letter", "code"), [(BAD, 1), (GOOD, 0)], ids=["bad", "good"])
def test_the_gitlab_job_ends_as_it_must_and_leaves_its_reports(
    letter: str, code: int, repository: Repository, program: dict[str, str]
) -> None:
    repository.changed(letter)
    job = read(ROOT / "ci" / "gitlab" / "campaigns.yml")["campaigns"]
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])],
        cwd=repository.root,
        env={**program, **job["variables"], "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.base},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stdout
    for report in job["artifacts"]["reports"].values():
        assert (repository.root / report).stat().st_size > 0
    issues = json.loads((repository.root / "reports/quality.json").read_text())
    assert ("SUB003 fake-reply-or-forward" in {issue["check_name"] for issue in issues}) is bool(code)
    assert (repository.root / "reports/review.html").is_file()


def test_the_hooks_of_pre_commit_find_and_mend(repository: Repository, program: dict[str, str]) -> None:
    hooks = {hook["id"]: hook for hook in read(ROOT / ".pre-commit-hooks.yaml")}
    repository.changed(BAD)

    def run(id: str) -> int:
        command = shlex.split(hooks[id]["entry"])
        return subprocess.run(command, cwd=repository.root, env=program, capture_output=True, check=False).returncode

    assert run("campcompile-lint") == 1
    assert run("campcompile-fix") == 0
    assert "Re:" not in (repository.root / "campaigns/letter/campaign.yaml").read_text()
    for hook in hooks.values():
        assert hook["language"] == "python" and not hook["pass_filenames"]
        fits = re.compile(hook["files"]).search
        assert fits("campaigns/letter/fr.yaml") and fits("clinic/campcompile.yaml") and fits("assets/logo.png")
        assert not fits("docs/campaigns.md") and not fits("README.md")


def test_code_owners_name_files_that_there_are() -> None:
    lines = (ROOT / "ci" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    assert all(row[0].startswith("/") and row[1:] and all(one.startswith("@") for one in row[1:]) for row in rows)
    named = {row[0] for row in rows}
    assert "/campaigns/_shared/waivers.yaml" in named
    missing = [path for path in named if not (ROOT / path.lstrip("/")).exists()]
    assert sorted(missing) == ["/campaigns/_shared/waivers.yaml", "/requirements.txt"], "of a practice's own"
