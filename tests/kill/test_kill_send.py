"""Killed at any instant, a sender sends nothing twice and loses nothing: seen at the mail server, not in the ledger."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from campcompile.runner.feed import clear_up, read_feed
from campcompile.runner.ledger.account import audit_faults, counts, unknown
from campcompile.runner.ledger.ledger import Ledger

SINK = Path(__file__).parent / "sink.py"
CONNECTIONS = 4
posix = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")


@dataclass(frozen=True)
class Server:
    address: str
    log: Path

    @property
    def taken(self) -> Counter[str]:
        """How often each recipient's mail arrived."""
        return Counter(line.split()[0] for line in self.log.read_text().splitlines())

    @property
    def tokens(self) -> list[str]:
        return [line.split()[1] for line in self.log.read_text().splitlines()]


@contextmanager
def serving(log: Path) -> Iterator[Server]:
    log.touch()
    with subprocess.Popen([sys.executable, str(SINK), str(log), "pipelining"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        try:
            yield Server(f"127.0.0.1:{port}", log)
        finally:
            process.kill()


@dataclass(frozen=True)
class People:
    """The source tables, which the mail server's book is held against."""

    file: Path
    suppressions: Path
    due: frozenset[str]
    forbidden: frozenset[str]  # opted out, or past their deadline


def people(place: Path, count: int) -> People:
    """Every seventh has opted out, every eleventh's deadline is over."""
    now = datetime.now(UTC)
    base = {
        "locale": "nb", "patient.first_name": "Kari", "appointment.start": "2026-03-12T09:00+01:00",
        "appointment.status": "booked", "appointment.site": "bergen", "send": (now - timedelta(hours=2)).isoformat(),
    }  # fmt: skip
    everybody = [f"p{number}@post.example" for number in range(count)]
    gone = {address for number, address in enumerate(everybody) if number % 7 == 3}
    late = {address for number, address in enumerate(everybody) if number % 11 == 5}
    file, suppressions = place / "people.csv", place / "suppressions.csv"
    with file.open("w", newline="") as handle:
        columns = ("email", "recipient_id", "links.confirm", "links.one_click", "expires", *base)
        writer = csv.DictWriter(handle, columns)
        writer.writeheader()
        for number, address in enumerate(everybody):
            expires = now + (timedelta(hours=-1) if address in late else timedelta(hours=5))
            writer.writerow(
                {
                    **base, "email": address, "recipient_id": f"r{number}", "expires": expires.isoformat(),
                    "links.confirm": f"https://time.clinic.example/c/{number}",
                    "links.one_click": f"https://clinic.example/u/{number}",
                }
            )  # fmt: skip
    suppressions.write_text("email,layer\n" + "".join(f"{address},\n" for address in sorted(gone)))
    return People(file, suppressions, frozenset(set(everybody) - gone - late), frozenset(gone | late))


def command(bundle: Path, who: People, server: Server, ledger: Path) -> list[str]:
    words = ["send", bundle, "--email", "week-before", "--recipients", who.file, "--smtp", server.address, "--apply",
             "--ledger", ledger, "--suppressions", who.suppressions, "--connections", CONNECTIONS]  # fmt: skip
    return [sys.executable, "-c", "from campcompile.cli.main import main; raise SystemExit(main())", *map(str, words)]


def kill_often(words: list[str], server: Server, times: int, seed: int) -> int:
    """Kill senders at random instants of their sending, one after the other; how many there were to kill."""
    chance = random.Random(seed)
    killed = 0
    while killed < times:
        before = server.log.stat().st_size
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while process.poll() is None and server.log.stat().st_size == before and chance.random() > 0.01:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.03))
        process.kill()
        if process.wait() >= 0:
            break
        killed += 1
    subprocess.run(words, check=False, capture_output=True, timeout=120)
    return killed


def survive(layer: str, times: int, place: Path, make_bundle: Any, seed: int) -> tuple[People, Server, Path, int]:
    """Send to people, `times` times killed and once to the end; what holds for every policy is asserted."""
    who, ledger = people(place, 300 + 30 * times), place / "ledger"
    bundle = make_bundle(layer)
    with serving(place / "log") as server:
        words = command(bundle, who, server, ledger)
        killed = kill_often(words, server, times, seed)
        assert killed >= times * 0.9, "else this shows little: more people are needed"
        book = Ledger.open(ledger)
        doubtful = unknown(book)
        assert audit_faults(book) == []
        assert max(server.taken.values()) == 1, "twice"
        assert not who.forbidden & server.taken.keys(), "opted out, or too late"
        assert len(doubtful) <= 1.5 * CONNECTIONS * killed
        lost = who.due - server.taken.keys()
        assert len(lost) <= len(doubtful), "what didn't arrive is unknown, and listed"
        rows = {one.row for one in doubtful}
        assert {int(address[1:].partition("@")[0]) + 2 for address in lost} <= rows
        if layer == "essential":
            feed = [json.dumps({"message": token, "event": "accepted"}) for token in server.tokens]
            until = datetime.now(UTC) + timedelta(hours=1)
            clear_up(book, read_feed(feed), until, datetime.now(UTC))
            assert unknown(book) == []
            subprocess.run(words, check=False, capture_output=True, timeout=120)
            assert server.taken == dict.fromkeys(who.due, 1), "nothing is lost, nothing came twice"
        states = {state.value: count for _, _, state, count in counts(book)}
        assert states["sent"] <= len(server.taken)
        book.close()
        return who, server, ledger, killed


@posix
@pytest.mark.parametrize(("layer", "times"), [("promotional", 4), ("essential", 4)])
def test_8_kills_at_random_instants_send_nothing_twice(
    layer: str, times: int, tmp_path: Path, make_bundle: Any
) -> None:
    survive(layer, times, tmp_path, make_bundle, seed=times)


@pytest.mark.slow
@posix
@pytest.mark.parametrize("layer", ["promotional", "essential"])
def test_1000_kills_at_random_instants_send_nothing_twice(layer: str, tmp_path: Path, make_bundle: Any) -> None:
    survive(layer, 500, tmp_path, make_bundle, seed=500)
