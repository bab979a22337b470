"""Prism, which plays a service from its official specification and judges each request, on this machine alone."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.served import served

ROOT = Path(__file__).parents[2]
_PASSED_ON = ("Content-Type", "Authorization", "api-key", "Accept")


def prism_command() -> str:
    """Where Prism is: CAMPCOMPILE_PRISM, or what dev.py put into .venv/node; "" where it is not here."""
    given = os.environ.get("CAMPCOMPILE_PRISM", "")
    beside = ROOT / ".venv" / "node" / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    place = given or str(beside)
    return place if shutil.which("node") and Path(place).exists() else ""


@dataclass
class Judged:
    """What was asked, and what Prism said of it."""

    address: str
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # status or violation, with the request


@contextmanager
def judging(specification: Path, *, strict: bool) -> Iterator[Judged]:
    """A service by a specification, behind a door that writes down what it says of each request.

    `strict`: a violation is refused by Prism itself, as the service would.
    """
    port = _free_port()
    options = ["--errors"] if strict else []
    command = ["node", prism_command(), "mock", *options, "-h", "127.0.0.1", "-p", str(port), str(specification)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as prism:
        try:
            _await(port, prism)
            with _door(f"http://127.0.0.1:{port}") as judged:
                yield judged
        finally:
            prism.kill()


@contextmanager
def _door(behind: str) -> Iterator[Judged]:
    judged = Judged(address="")

    def pass_on(request: httpx.Request) -> httpx.Response:
        asked = request.url.raw_path.decode()
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        answer = httpx.request(
            request.method, f"{behind}{asked}", content=request.content, headers=headers, timeout=60, trust_env=False
        )
        judged.asked.append(f"{request.method} {asked}")
        wrong = [one for one in json.loads(answer.headers.get("sl-violations", "[]")) if _of_request(one)]
        if answer.status_code >= 400 or wrong:
            judged.refused.append(f"{judged.asked[-1]}: {answer.status_code} {json.dumps(wrong)[:600]}")
        return answer

    with served(pass_on) as judged.address:
        yield judged


def _of_request(violation: dict[str, object]) -> bool:
    where = violation.get("location")
    return isinstance(where, list) and where[:1] == ["request"]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _await(port: int, prism: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120  # it reads megabytes of specification, beside other tests
    while time.monotonic() < until:
        assert prism.poll() is None, f"Prism ended with {prism.returncode}"
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("Prism doesn't answer")
