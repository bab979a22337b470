"""Nothing that a sender writes, says or leaves behind tells who somebody is: at work, at fault, or killed."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from campcompile.cli.main import OUR_FAULT, main
from campcompile.postgres import connect
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.place import SECRET_VARIABLE, Place
from campcompile.runner.preferences.service import Desk as Choices
from campcompile.runner.preferences.service import serve
from tests.runner.conftest import COLUMNS
from tests.runner.fake_carriers import ENVIRONMENT, Fake, target
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


def learned(said: str, folder: Path, brought: set[Path]) -> set[tuple[str, str]]:
    """Where a seeded word stands, in what was said and in every file that nobody brought."""
    files = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path not in brought}
    found = {"what was said": said.encode(), **files}
    return {(where, secret) for where, content in found.items() for secret in SECRETS if secret.encode() in content}


slow = pytest.mark.slow


@pytest.mark.parametrize(
    "vendor", ["aws-ses", pytest.param("mailgun", marks=slow), "postmark", pytest.param("sendgrid", marks=slow)]
)
def test_what_a_service_answers_about_somebody_is_told_to_nobody(
    vendor: str, make_bundle: Any, make_csv: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    bundle = make_bundle("promotional", targets=(target(vendor),))
    rows = [{**SEEDED, "email": f"{name}.seeded.person@post.example", "recipient_id": f"4711-seed{name}"}
            for name in ("ola", "refused", "gone", "busy", "silent", "broken", "locked")]  # fmt: skip
    people = make_csv(*rows, columns=(*COLUMNS, "recipient_id", "anchor_id", "links.one_click"))
    with Fake(vendor) as service:
        words = ["send", bundle, "--email", "week-before", "--recipients", people, "--via", vendor, "--base-url",
                 service.base, "--ledger", tmp_path / "ledger", "--log", tmp_path / "run.jsonl", "--connections", 1,
                 "--apply"]  # fmt: skip
        assert main(list(map(str, words))) == 2, "the account is locked in the end"
        assert any("seeded.person" in repr(one.body) for one in service.taken), "so that the line below could fail"
    elsewhere = [tmp_path / "ledger2" if word == tmp_path / "ledger" else word for word in words]
    assert main(list(map(str, elsewhere))) == 2, "nobody answers"
    log = (tmp_path / "run.jsonl").read_text()
    assert all(f'"state": "{state}"' in log for state in ("sent", "failed", "unknown", "planned"))
    main(["status", "--ledger", str(tmp_path / "ledger")])
    said = "".join(capfd.readouterr())
    assert "refused it with code" in said and "didn't say whether it took it" in said and "doesn't answer" in said
    assert learned(said, tmp_path, {people}) == set()


def test_what_comes_back_by_mail_or_as_a_feed_tells_nobody(tmp_path: Path, capfd: Any) -> None:
    ledger = tmp_path / "ledger"
    Ledger.open(ledger).close()
    brought = tmp_path / "brought"
    brought.mkdir()
    secret = "no.seeded.person@post.example"
    report = f"Final-Recipient: rfc822; {secret}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 {secret}"
    (brought / "1.eml").write_text(
        f'From: <{secret}>\nTo: care@clinic.example\nContent-Type: multipart/report; boundary="b"\n\n--b\n'
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n{report}\n\n--b\n"
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{secret}>\nTo: {secret}\n\n--b--\n"
    )
    feed = tmp_path / "feed.jsonl"
    calls = [(brought, 0)]
    lines = [f'{{"message": "<{secret}>", "event": "bounced"}}', f"{secret} bounced", f'["{secret}"]',
             f'{{"message": "{secret}"}}', f'{{"message": "x", "event": "{secret}"}}', f'"{secret}\udcff']  # fmt: skip
    for number, line in enumerate(lines):
        path = feed.with_name(f"feed{number}.jsonl")
        path.write_bytes(line.encode("utf-8", "surrogateescape"))
        calls.append((path, 2 if number else 0))
    for path, code in calls:
        assert main(["reconcile", str(path), "--ledger", str(ledger)]) == code
    said = "".join(capfd.readouterr())
    assert said.count("error: ") == len(lines) - 1
    assert learned(said, tmp_path, {path for path, _ in calls} | {brought / "1.eml"}) == set()


def test_the_page_of_choices_tells_its_terminal_nothing_of_who_came(tmp_path: Path, capfd: Any) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    desk = Choices(ledger, "", lambda: datetime.now(UTC))
    desk.get = lambda path, language: 1 // 0  # type: ignore[method-assign, assignment]
    told: list[str] = []
    service = serve(desk, "127.0.0.1", 0, told.append)
    service.daemon_threads = False  # so that closing waits for all that they say
    thread = Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    path = "/u/seeded.person@post.example"
    for request in (
        f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n",
        f"POST {path} HTTP/1.1\r\nContent-Length: 99\r\n\r\nseeded.person",
        f"seeded.person {path}\r\n\r\n",
        f"POST {path} HTTP/1.1\r\nContent-Length: seeded.person\r\n\r\n",
    ):
        with socket.create_connection(service.server_address[:2]) as visitor:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # ends with a reset
            visitor.sendall(request.encode())
            time.sleep(0.02)
    service.shutdown()
    service.server_close()
    thread.join()
    ledger.close()
    assert told == ["a request failed: ZeroDivisionError"]
    assert "".join(capfd.readouterr()) == ""
    assert learned("", tmp_path, set()) == set()
