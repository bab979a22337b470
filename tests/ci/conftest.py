"""A practice's repository with two commits, a server that answers as GitHub's API does, and the program on the path."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.changes.git import commit, git, write
from tests.ci.github import GitHub
from tests.ci.repository import Repository
from tests.workspace import workspace


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    root = tmp_path / "practice"
    write(root, {**workspace({}), ".gitignore": b"build/\nreports/\n"})
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

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            allowed = self.headers["Authorization"] == "Bearer made-up"
            status, answer = (
                fake.answer(self.command, self.path, json.loads(content or b"{}")) if allowed else (401, {})
            )
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        do_GET = do_POST = do_PATCH = _do

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    server.server_close()
