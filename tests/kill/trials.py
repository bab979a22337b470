"""Senders killed at any instant, and what must hold when all is over: seen at the server, not in the ledger.

People come in waves, each a file of its own, all on one ledger: so the thousandth sender starts as quickly as the
first, and is killed while it sends and not only while it plans.
"""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from campcompile.runner.feed import clear_up, read_feed
from campcompile.runner.ledger.account import audit_faults, counts, unknown
from campcompile.runner.ledger.entry import State
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.place import SECRET_VARIABLE, Place

ROOT = Path(__file__).resolve().parents[2]
NURSERY = Path(__file__).with_name("nursery.py")
CONNECTIONS = 4
KILLS_A_WAVE = 5
PEOPLE_A_WAVE = 90
ANCHOR = datetime.fromisoformat("2026-03-12T09:00+01:00")


@dataclass(frozen=True)
class Server:
    """What takes messages: `way` is how `send` is told of it, `keys` the variables that let it in."""

    log: Path
    way: tuple[str, ...]
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def taken(self) -> Counter[str]:
        """How often each recipient's mail arrived."""
        return Counter(line.split()[0] for line in self.log.read_text().splitlines())

    @property
    def tokens(self) -> list[str]:
        return [line.split()[1] for line in self.log.read_text().splitlines()]

    @property
    def bytes(self) -> int:
        return self.log.stat().st_size


@contextmanager
def listening(words: Sequence[str | Path], log: Path) -> Iterator[int]:
    """The port of a server that writes down what it takes, and prints its port first."""
    log.touch()
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


class Nursery:
    """Where senders are born."""

    def __init__(self, asked: IO[str], answers: IO[str]) -> None:
        self._asked = asked
        self._answers = answers

    def born(self, words: list[str]) -> int:
        return self._ask(words)

    def ended(self, pid: int) -> int:
        return self._ask(pid)

    def _ask(self, what: object) -> int:
        print(json.dumps(what), file=self._asked, flush=True)
        return int(self._answers.readline())


@contextmanager
def nursing(output: Path, place: Place, keys: Mapping[str, str]) -> Iterator[Nursery]:
    environment = {**os.environ, **keys, SECRET_VARIABLE: str(place.secret)}
    words = [sys.executable, str(NURSERY), str(output)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", env=environment
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            yield Nursery(process.stdin, process.stdout)
        finally:
            process.kill()


@dataclass
class People:
    """The source tables, which the mail server's book is held against."""

    files: list[Path] = field(default_factory=list)
    due: set[str] = field(default_factory=set)
    forbidden: set[str] = field(default_factory=set)  # opted out, or past their deadline

    def wave(self, folder: Path) -> tuple[Path, Path]:
        """A file of people and one of who opted out: every seventh has, every eleventh's deadline is over."""
        now, number = datetime.now(UTC), len(self.files)
        began = (now - timedelta(hours=2)).isoformat()
        base = {
            "locale": "nb", "patient.first_name": "Kari", "appointment.start": "2026-03-12T09:00+01:00",
            "appointment.status": "booked", "appointment.site": "bergen", "send": began,
        }  # fmt: skip
        names = ("busy" if place % 13 == 6 else "p" for place in range(PEOPLE_A_WAVE))  # a service says "later" to some
        everybody = [f"{name}{number}x{place}@post.example" for place, name in enumerate(names)]
        gone = {address for place, address in enumerate(everybody) if place % 7 == 3}
        late = {address for place, address in enumerate(everybody) if place % 11 == 5}
        file, suppressions = folder / f"people{number}.csv", folder / f"suppressions{number}.csv"
        with file.open("w", newline="") as handle:
            columns = ("email", "recipient_id", "links.confirm", "links.one_click", "expires", *base)
            writer = csv.DictWriter(handle, columns)
            writer.writeheader()
            for address in everybody:
                expires = now + (timedelta(hours=-1) if address in late else timedelta(hours=5))
                own = f"https://clinic.example/u/{address}"
                writer.writerow(
                    {**base, "email": address, "recipient_id": address, "expires": expires.isoformat(),
                     "links.confirm": own.replace("clinic", "time.clinic"), "links.one_click": own}
                )  # fmt: skip
        suppressions.write_text("email,layer\n" + "".join(f"{address},\n" for address in sorted(gone)))
        self.files.append(file)
        self.due |= set(everybody) - gone - late
        self.forbidden |= gone | late
        return file, suppressions


@dataclass
class Trial:
    """Senders, killed one after the other, `runners` of them at a time."""

    bundle: Path
    place: Place
    server: Server
    nursery: Nursery
    folder: Path
    chance: random.Random
    runners: int
    people: People = field(default_factory=People)
    commands: list[list[str]] = field(default_factory=list)
    killed: int = 0

    def command(self, file: Path, suppressions: Path) -> list[str]:
        ledger = self.place.file or self.place.address
        words = ["send", self.bundle, "--email", "week-before", "--recipients", file, *self.server.way, "--apply",
                 "--ledger", ledger, "--suppressions", suppressions, "--connections", CONNECTIONS]  # fmt: skip
        return list(map(str, words))

    def wave(self) -> None:
        """Some people, some kills, and one run to the end."""
        words = self.command(*self.people.wave(self.folder))
        self.commands.append(words)
        alive = [self.nursery.born(words) for _ in range(self.runners)]
        for _ in range(KILLS_A_WAVE):
            self.wait_a_little()
            victim = self.chance.randrange(self.runners)
            self.killed += self.kill(alive[victim])
            alive[victim] = self.nursery.born(words)
        for pid in alive:
            assert self.nursery.ended(pid) in (0, 1), "1: something is unknown"

    def wait_a_little(self) -> None:
        """Until any instant of its start, or until it has sent a few."""
        if self.chance.random() < 0.3:
            time.sleep(self.chance.uniform(0, 0.08))
            return
        goal = self.server.bytes + self.chance.randint(1, 8 * self.runners) * 55  # a line of the book
        patience = time.monotonic() + 5
        while self.server.bytes < goal and time.monotonic() < patience:
            time.sleep(0.001)
        time.sleep(self.chance.uniform(0, 0.004))

    def kill(self, pid: int) -> bool:
        """False where it had ended by itself."""
        os.kill(pid, signal.SIGKILL)
        return self.nursery.ended(pid) == -signal.SIGKILL

    def finish(self) -> None:
        """Each command once more, until nothing is on its way: a server needs an instant to see that somebody died."""
        for words in self.commands:
            assert self.nursery.ended(self.nursery.born(words)) in (0, 1)
        for _ in range(50):
            with closing(Ledger.open(self.place)) as book:
                if not any(state is State.CLAIMED for _, _, state, _ in counts(book)):
                    return
            time.sleep(0.1)
            self.nursery.ended(self.nursery.born(self.commands[-1]))
        raise AssertionError("claims of the dead are left")


def survive(bundle: Path, times: int, folder: Path, server: Server, place: Place, runners: int = 1) -> dict[str, int]:
    """Kill senders `times` times, then let one end; what holds for every policy is asserted."""
    output = folder / "said"
    with nursing(output, place, server.keys) as nursery:
        trial = Trial(bundle, place, server, nursery, folder, random.Random(times), runners)
        while trial.killed < times:
            trial.wave()
        trial.finish()
        people = trial.people
        with closing(Ledger.open(place)) as book:
            doubtful = unknown(book)
            assert audit_faults(book) == []
            assert max(server.taken.values()) == 1, "twice"
            assert not people.forbidden & server.taken.keys(), "opted out, or too late"
            assert len(doubtful) <= 1.5 * CONNECTIONS * trial.killed
            assert len(doubtful) > times / 4, "else few were killed while they sent, and this shows little"
            lost = people.due - server.taken.keys()
            names = {book.secret.token(book.secret.occurrence("ap71", "week-before", "", ANCHOR, who)) for who in lost}
            assert names <= {one.token for one in doubtful}, "what didn't arrive is unknown, and listed"
            figures = {"kills": trial.killed, "people": len(people.due), "unknown": len(doubtful), "lost": len(lost)}
            if json.loads(bundle.read_bytes())["layer"] == "essential":
                feed = [json.dumps({"message": token, "event": "accepted"}) for token in server.tokens]
                until = datetime.now(UTC) + timedelta(hours=1)
                clear_up(book, read_feed(feed), until, datetime.now(UTC))
                assert unknown(book) == []
                trial.finish()
                assert server.taken == dict.fromkeys(people.due, 1), "nothing is lost, nothing came twice"
            states = {state: count for _, _, state, count in counts(book)}
            assert states[State.SENT] <= len(server.taken)
    said = output.read_text()
    assert "Traceback" not in said and "@post.example" not in said
    return figures
