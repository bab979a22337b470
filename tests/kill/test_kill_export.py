"""`export --apply` killed with SIGKILL at a request, before it arrives and after, and run again: nothing is twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from campcompile.cli.main import main
from campcompile.runner.keys import variable_of
from campcompile.runner.services import SERVICES
from tests.dialects.practice import ROWS, SERIES, STRAIGHT, practice
from tests.runner.fake_mailchimp import FakeMailchimp
from tests.runner.fake_services import FAKES, Fake
from tests.served import served
from tests.workspace import LETTER, lay

Clinic = Callable[[str, str], None]
KEY = "0123456789abcdef-us21"
SAID = ("list=12", "list letter.en=12", "pictures=https://pictures.example", "subscription=7")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


class Executioner:
    """A service on this machine, which kills who asks it at one request."""

    def __init__(self, fake: FakeMailchimp | Fake) -> None:
        self.fake = fake
        self.boundary, self.after = -1, False
        self.asked = 0
        self.child: subprocess.Popen[bytes] | None = None
        self.one_at_a_time = threading.Lock()

    def answer(self, request: httpx.Request) -> httpx.Response | None:
        """None where nobody is there to hear it."""
        with self.one_at_a_time:
            here = self.asked == self.boundary
            self.asked += 1
            if here and not self.after:
                return self.kill()
            answer = self.fake(request)
            return self.kill() if here else answer

    def kill(self) -> None:
        assert self.child is not None
        os.kill(self.child.pid, signal.SIGKILL)
        self.child.wait()


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    def make(dialect: str, campaign: str) -> None:
        there = campaign.replace("audience: readers", "audience: readers\ntargets: [there]")
        lay(tmp_path, practice(dialect, there, row=ROWS.get(dialect, "")))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv(variable_of(dialect), KEY)

    return make


def words(address: str, ledger: str) -> list[str]:
    given = [word for one in SAID for word in ("--set", one)]
    return ["export", "--target", "there", "--apply", "--ledger", ledger, "--base-url", address, *given]


def killed(executioner: Executioner, address: str, ledger: str, boundary: int, after: bool) -> None:
    """One run in a process of its own, which doesn't survive its `boundary`th request."""
    executioner.asked, executioner.boundary, executioner.after = 0, boundary, after
    command = [sys.executable, "-m", "campcompile.cli.main", *words(address, ledger)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        executioner.child = child
        assert child.wait(300) == -signal.SIGKILL
    executioner.boundary = -1


def each_once(made: Mapping[str, list[str]]) -> bool:
    return all(count == 1 for names in made.values() for count in Counter(names).values())


def survives(make: Callable[[], FakeMailchimp | Fake], base: str = "", only: str = "") -> int:
    """Kills at each request (or at `only` one), before it arrives and after; returns how many kills there were."""
    whole = Executioner(make())
    with served(whole.answer) as address:
        assert main(words(address + base, "whole")) == 0
    kills = 0
    for boundary, call in enumerate(whole.fake.calls):
        for after in (False, True) if only in ("", call) else ():
            once = Executioner(make())
            with served(once.answer) as address:
                ledger = f"ledger{boundary}{after}"
                killed(once, address + base, ledger, boundary, after)
                assert main(words(address + base, ledger)) == 0, (boundary, after)
            assert once.fake.made == whole.fake.made and each_once(once.fake.made), (boundary, after)
            kills += 1
    return kills


def test_killed_while_the_campaign_is_made_it_is_there_once(clinic: Clinic) -> None:
    clinic("mailchimp", LETTER)
    assert survives(FakeMailchimp, only="POST /campaigns") == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dialect", "campaign"),
    [("mailchimp", LETTER), ("mailchimp", SERIES), *((id, STRAIGHT if id[0] == "c" else LETTER) for id in FAKES)],
)
def test_killed_at_every_request_nothing_is_made_twice(dialect: str, campaign: str, clinic: Clinic) -> None:
    clinic(dialect, campaign)
    make: Callable[[], FakeMailchimp | Fake] = FakeMailchimp if dialect == "mailchimp" else FAKES[dialect]
    assert survives(make, urlsplit(SERVICES[dialect].base(KEY, {})).path) >= 4
