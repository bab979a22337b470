"""What the documents print is true: their commands run, and their output is that output.

A fence `sh` is run line by line, in a copy of the example practice; a fence `text` behind it is what it prints, where
`…` stands for anything. A fence with a path (`yaml campaigns/…`) is a file to save there, `diff` with a path a change
to make. A line that ends in `# needs …` is not run: it needs the network, or a second window, and says so.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import click
import pytest
import yaml

from campcompile.cli.commands import LazyGroup, campcompile
from campcompile.cli.main import main
from docs.picture import MENDED, campaign_of_readme, put_readme_campaign

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
LINKING = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
FENCE = re.compile(r"^```(\w+)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|srcset)=\"([^\"]+)\"")
NOT_RUN = re.compile(r"# needs \w")

posix = pytest.mark.skipif(os.name == "nt", reason="the commands are printed for a POSIX shell")


class Fence(NamedTuple):
    kind: str
    path: str  # "" for none
    text: str


def fences(page: Path) -> list[Fence]:
    return [Fence(*found) for found in FENCE.findall(page.read_text(encoding="utf-8"))]


class Reader:
    """Somebody who does what a page says, in a folder of his own.

    The first command of README and tutorial goes through a shell to the installed program. The others are called here,
    with the same words: starting Python takes longer than all that they do.
    """

    def __init__(self, place: Path, patch: pytest.MonkeyPatch, *, in_shell: bool) -> None:
        self.patch = patch
        self.in_shell = in_shell
        patch.chdir(place)
        patch.setenv("NO_COLOR", "1")
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        for name in ("campaigns", "layouts", "assets", "schemas", "docs/sample-recipients"):
            shutil.copytree(ROOT / name, place / name)
        shutil.copy(ROOT / "campcompile.yaml", place)
        (place / ".venv").symlink_to(sys.prefix)

    def follow(self, steps: list[Fence]) -> Iterator[tuple[str, str]]:
        """What is printed for each `text` behind an `sh`, and what came."""
        said = ""
        for step, following in pairwise([*steps, Fence("", "", "")]):
            if step.path:
                save(step)
            elif step.kind == "sh":
                may_find = following.kind == "text" and "error" in following.text
                said = "".join(self.run(line, may_find) for line in step.text.splitlines() if not NOT_RUN.search(line))
            elif step.kind == "text" and said:
                yield step.text, said
                said = ""

    def run(self, line: str, may_find: bool) -> str:
        program, *words = shlex.split(line, comments=True)
        if program == "cd":
            self.patch.chdir(*words)
            return ""
        code, said = called(words) if Path(program).name == "campcompile" and not self.in_shell else in_shell(line)
        self.in_shell = False
        assert code == 0 or (may_find and code in (1, 2)), f"{line}\n{said}"
        return said


def in_shell(line: str) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", line], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False
    )
    return done.returncode, done.stdout


def called(words: list[str]) -> tuple[int, str]:
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(words)
    return code, said.getvalue()


def save(step: Fence) -> None:
    target = Path(step.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = changed(target.read_text(encoding="utf-8"), step.text) if step.kind == "diff" else step.text
    target.write_text(text, encoding="utf-8")


def changed(text: str, change: str) -> str:
    """`text` with the lines that begin with `-` replaced by those with `+`; the others say where."""
    lines = change.splitlines(keepends=True)
    old = "".join(line[1:] for line in lines if line[0] != "+")
    new = "".join(line[1:] for line in lines if line[0] != "-")
    assert text.count(old) == 1, change
    return text.replace(old, new)


def agrees(printed: str, said: str) -> bool:
    """`…` in a line stands for anything in it, on a line of its own for any lines."""
    pattern = re.sub(r"^…\\\n", "(?:.*\n)*", re.escape(printed), flags=re.MULTILINE).replace("…", ".*")
    return re.fullmatch(pattern, said) is not None


@posix
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_runs_as_printed(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = fences(page)
    if page.name == "README.md":
        steps = [step for step in steps if not step.path]  # its campaign has the mistake that the next test is about
    for printed, said in Reader(tmp_path, monkeypatch, in_shell=page in PAGES[:2]).follow(steps):
        assert agrees(printed, said), said


def test_the_readmes_finding_is_what_its_campaign_gets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = next(step.text for step in fences(ROOT / "README.md") if step.kind == "text")
    assert lint(tmp_path, campaign_of_readme(), monkeypatch) == (1, printed)


def test_the_readmes_campaign_mended_has_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lint(tmp_path, campaign_of_readme().replace(*MENDED), monkeypatch)[0] == 0


def lint(place: Path, campaign: str, patch: pytest.MonkeyPatch) -> tuple[int, str]:
    put_readme_campaign(place, campaign)
    patch.chdir(place)
    return called(["lint", "--fail-on", "info", "appointment-reminders"])


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    words = FENCE.sub("", page.read_text(encoding="utf-8"))
    words = re.sub(r"`[^`\n]*`", "", words)
    for link in (one or other for one, other in LINK.findall(words)):
        if not link.startswith(("https:", "mailto:", "links.")):
            assert (page.parent / link).exists(), link


def test_units_and_containers_call_commands_and_options_that_there_are() -> None:
    texts = {fence.text: fence.kind for page in PAGES for fence in fences(page)}
    services = [
        yaml.safe_load(text)["services"] for text, kind in texts.items() if kind == "yaml" and "services:" in text
    ]
    called = [service["command"] for found in services for service in found.values()]
    called += [
        shlex.split(words)[1:]
        for text, kind in texts.items()
        if kind == "ini"
        for words in re.findall(r"(?:^ExecStart=|{ )(.*?)(?:$| >)", text, re.MULTILINE)
    ]
    assert len(called) == 4
    for name, *words in called:
        command = LazyGroup().get_command(click.Context(campcompile), name)
        assert command is not None, name
        known = {flag for parameter in command.params for flag in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there")
def test_systemd_finds_nothing_in_the_units(tmp_path: Path) -> None:
    units = [fence.text for page in PAGES for fence in fences(page) if fence.kind == "ini"]
    names = [tmp_path / f"mail.{'timer' if '[Timer]' in text else 'service'}" for text in units]
    for path, text in zip(names, units, strict=True):
        path.write_text(text.replace("/srv/clinic/.venv/bin/campcompile", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", *names], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
