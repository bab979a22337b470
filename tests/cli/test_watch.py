"""`watch` and `preview` as somebody types them; what the page does is tested in tests/preview and tests/browser."""

from __future__ import annotations

import socket
from http.client import HTTPConnection
from pathlib import Path

import click
import pytest

from campcompile.preview.watching import Changes
from campcompile.preview.workshop import Workshop


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the browser was sent; the watch ends as soon as its page has answered."""
    found: list[str] = []
    answers: list[int] = []

    def keep_up(workshop: Workshop, changes: Changes) -> None:
        if found:
            connection = HTTPConnection(found[0].removeprefix("http://").rstrip("/"), timeout=5)
            connection.request("GET", "/")
            answers.append(connection.getresponse().status)
            assert answers == [200]

    monkeypatch.setattr(click, "launch", found.append)
    monkeypatch.setattr(Workshop, "keep_up", keep_up)
    return found


def test_open_shows_the_page_in_the_browser(run, workspace: Path, opened: list[str]) -> None:
    outcome = run("watch", "--open")
    (address,) = opened
    assert address.startswith("http://127.0.0.1:")
    assert outcome.code == 0 and outcome.out == ""
    assert f"{address} shows {workspace.name}, and changes when you save" in outcome.err


def test_without_open_no_browser_is_started(run, opened: list[str]) -> None:
    assert run("watch").code == 0
    assert opened == []


def test_a_port_that_is_taken_is_told(run, opened: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = run("watch", "--port", str(taken.getsockname()[1]))
    assert outcome.code == 2 and "is taken" in outcome.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--editor", "vim"), "no editor `vim`"),
        (("--editor", "javascript:alert('{path}')"), "no editor"),
        (("--smtp", "localhost:1025"), "belong together"),
        (("--test-to", "you@clinic.example"), "belong together"),
        (("--smtp", "192.0.2.1:25", "--test-to", "you@clinic.example"), "is not this machine"),
        (("--smtp", "localhost:1025", "--test-to", "nobody"), "`nobody`"),
    ],
)
def test_what_can_not_be_is_refused_before_anything_starts(
    run, opened: list[str], words: tuple[str, ...], says: str
) -> None:
    outcome = run("watch", *words)
    assert outcome.code == 2 and says in outcome.err
