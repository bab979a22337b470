"""A practice's repository with two commits, a server that answers as GitHub's API does, and the program on the path."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.changes.git import commit, git
from tests.ci.github import GitHub
from tests.ci.repository import Repository
from tests.served import served
from tests.workspace import lay, workspace


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    root = tmp_path / "practice"
    lay(root, {**workspace({}), ".gitignore": b"build/\nreports/\n"})
    git(root, "init", "--quiet", "--initial-branch", "main")
    return Repository(root, commit(root, "as it was"))


@pytest.fixture
def program(tmp_path: Path) -> dict[str, str]:
    """An environment in which `campcompile` and `python` are those that run these tests."""
    place = tmp_path / "bin"
    place.mkdir()
    for name, words in (("campcompile", "-m campcompile.cli.main"), ("python", "")):
        (place / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" {words} "$@"\n')
        (place / name).chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "CI_", "GIT_"))}
    return {**kept, "PATH": f"{place}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}


@pytest.fixture
def github() -> Iterator[GitHub]:
    fake = GitHub()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.headers["Authorization"] != "Bearer made-up":
            return httpx.Response(401, json={})
        status, found = fake.answer(request.method, request.url.raw_path.decode(), json.loads(request.content or b"{}"))
        return httpx.Response(status, json=found)

    with served(answer) as fake.url:
        yield fake
