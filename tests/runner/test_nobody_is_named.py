"""Nothing that a sender writes, says or leaves behind tells who somebody is: at work, at fault, or killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from campcompile.cli.main import OUR_FAULT
from campcompile.postgres import connect
from campcompile.runner.ledger.place import SECRET_VARIABLE, Place
from tests.runner.conftest import COLUMNS
from tests.runner.faulty import Faulty, faulty

SEEDED = {
    "email": "slow.seeded.person@post.example",
    "recipient_id": "4711-seed",
    "anchor_id": "anchor-seed",
    "patient.first_name": "Unmistakable",
    "links.confirm": "https://time.clinic.example/c/k1-seed",
    "links.one_click": "https://clinic.example/u/k2-seed",
}
SECRETS = ("Unmistakable", "seeded.person", "4711-seed", "anchor-seed", "k1-seed", "k2-seed", "agreed-seed")
COMMAND = "import sys; from campcompile.cli.main import main; sys.exit(main())"
FAULT = """
import campcompile.runner.mailing as mailing
def broken(manifest, message, bodies, recipient, **more):
    try:
        raise ValueError(f"{recipient} {message.subject} {bodies.text!r}")
    except ValueError as error:
        raise KeyError(recipient) from error
mailing.compose = broken
"""


@dataclass
class Desk:
    """Where commands are run, each with a folder of its own for temporary files; all that they say is kept."""

    folder: Path
    bundle: Path
    people: Path
    server: Faulty
    ledger: Place
    said: str = ""

    def words(self, name: str, *more: str | Path) -> list[str]:
        where = self.ledger.file or self.ledger.address
        return [sys.executable, "-c", COMMAND, name, *map(str, more), "--ledger", str(where)]

    def send(self) -> list[str]:
        return self.words("send", self.bundle, "--email", "week-before", "--recipients", self.people, "--smtp",
                          self.server.address, "--apply", "--suppressions", self.folder / "gone.csv",
                          "--consents", self.folder / "agreed.csv")  # fmt: skip

    @property
    def environment(self) -> dict[str, str]:
        temporary = self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        places = {"TMPDIR": str(temporary), SECRET_VARIABLE: str(self.ledger.secret)}
        return {**os.environ, **places, "CAMPCOMPILE_TRACEBACK": "1"}

    def run(self, words: list[str]) -> int:
        done = subprocess.run(
            words, capture_output=True, encoding="utf-8", env=self.environment, timeout=120, check=False
        )
        self.said += done.stdout + done.stderr
        return done.returncode

    def kill_while_one_is_on_its_way(self) -> None:
        with subprocess.Popen(
            self.send(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", env=self.environment
        ) as process:
            while not self.server.taken and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            assert process.stdout is not None
            self.said += process.stdout.read()
        assert process.returncode == -signal.SIGKILL and self.server.taken

    def found(self) -> dict[str, bytes]:
        """All that lies about, but for what the practice brought: files, and a database's rows."""
        brought = {self.people, *self.folder.glob("*.csv")}
        files = [path for path in self.folder.rglob("*") if path.is_file() and path not in brought]
        found = {str(path): path.read_bytes() for path in files}
        if self.ledger.address:
            with closing(connect(self.ledger.address)) as connection:
                for table in ("facts", "sends", "suppressions", "consents", "pauses", "stops", "audit"):
                    rows = connection.execute(f"SELECT * FROM campcompile.{table}".encode()).fetchall()
                    found[table] = repr(rows).encode()
        return {**found, "what was said": self.said.encode()}


@pytest.fixture
def desk(tmp_path: Path, place: Place, make_bundle: Any, make_csv: Any) -> Iterator[Desk]:
    columns = (*COLUMNS, "recipient_id", "anchor_id", "links.one_click")
    people = make_csv(SEEDED, {**SEEDED, "email": "no.seeded.person", "recipient_id": "4711-seed2"}, columns=columns)
    (tmp_path / "gone.csv").write_text("email,layer\nother.seeded.person@post.example,\n")
    (tmp_path / "agreed.csv").write_text("recipient_id,consent,given\nagreed-seed,news,2026-01-02\n")
    with faulty() as server:
        yield Desk(tmp_path, make_bundle("promotional"), people, server, place)


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_whoever_reads_ledger_temporary_files_metrics_or_crashes_learns_no_name(desk: Desk) -> None:
    broken = desk.send()
    broken[2] = FAULT + COMMAND
    assert desk.run(broken) == OUR_FAULT
    assert "ValueError" in desk.said and "KeyError" in desk.said and "in broken" in desk.said, (
        "so that a crash is among what is looked through"
    )
    desk.kill_while_one_is_on_its_way()
    assert desk.run(desk.words("status", "--format", "openmetrics")) in (0, 1)
    assert 'email="week-before"' in desk.said
    desk.run(desk.words("audit", "--export"))
    assert b"Unmistakable" in desk.server.data[0], "so that the lines below could fail"
    for where, content in desk.found().items():
        for secret in SECRETS:
            assert secret.encode() not in content, where
