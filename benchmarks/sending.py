"""`campcompile send` beside a plain loop of smtplib, EmailMessage and Jinja2, to the same mail server in the same run.

    .venv/bin/python benchmarks/sending.py [--messages 3000] [--rounds 3] [--connections 8] [--people 1000000]

The same e-mail of the example practice, four languages in turn; the server writes down each recipient before it says
that it took a message. Ours keeps its ledger on the disk, every claim durable before anything leaves. Both figures are
of the sender alone: CPU seconds (user and system), and the time by the clock.

With --people it says instead the most memory that so many take: of a dry run, which makes each message once; of
planning them in a ledger; and of sending them to nobody (eight ways that take everything at once). --stages chooses
among these.

With --runners two of them on one ledger in PostgreSQL are compared with one: a server of our own, durable, and a mail
server that takes --latency milliseconds over each message, as one does that isn't on this machine. How quickly messages
came is counted from the first to the last in the mail server's book; the time of the whole command is told, too.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

from server import postgres_server

from campcompile.postgres import connect

ROOT = Path(__file__).resolve().parents[1]

SINK = ROOT / "tests" / "kill" / "sink.py"
SAMPLE = ROOT / "docs" / "sample-recipients" / "appointments.csv"
NOW = "2026-09-16T08:00+02:00"

PLAIN_LOOP = """
import csv, re, smtplib, sys
from email.message import EmailMessage
from pathlib import Path
import jinja2
from markupsafe import escape
bundle, people, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
html = jinja2.Environment(autoescape=True)
text = jinja2.Environment()
for environment in (html, text):
    environment.filters |= {"attribute": lambda value: value, "url": lambda value: value}
made = {}
def template(locale):
    if locale not in made:
        base = bundle / "emails" / f"day-before.{locale}"
        page = base.with_name(base.name + ".html").read_text()
        names = sorted(set(re.findall(r"[.][.]/assets/([\\w.]+)", page)))
        pictures = [(name, (bundle / "assets" / name).read_bytes()) for name in names]
        words = base.with_name(base.name + ".txt").read_text()
        made[locale] = html.from_string(page), text.from_string(words), pictures
    return made[locale]
with smtplib.SMTP("127.0.0.1", port) as server, open(people, newline="") as file:
    for row in csv.DictReader(file):
        page, words, pictures = template(row["locale"])
        values = dict.fromkeys((f"t{n}" for n in range(60)), row["patient.first_name"])
        values |= dict.fromkeys((f"c{n}" for n in range(60)), True)
        values |= dict.fromkeys((f"u{n}" for n in range(20)), row["links.confirm"])
        message = EmailMessage()
        message["From"], message["To"] = "post@clinic.example", row["email"]
        message["Subject"] = "A message for you"
        message["Message-ID"] = f"<{row['email']}>"
        message.set_content(words.render(values))
        message.add_alternative(page.render(values), subtype="html")
        for name, content in pictures:
            message.get_payload()[1].add_related(content, "image", name.rpartition(".")[2], cid=f"<{name}>")
        server.send_message(message)
"""
OURS = "from campcompile.cli.main import main; raise SystemExit(main())"

PLAN = """
import sys
from datetime import datetime
from pathlib import Path
from campcompile.runner.bundle import read_bundle
from campcompile.runner.clock import Clock
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.send import Send
bundle, people, ledger, now = sys.argv[1:]
kept = Ledger.open(Path(ledger))
clock = Clock(datetime.fromisoformat(now))
sending = Send(read_bundle(Path(bundle)), "day-before", lambda: open(people, "rb"), kept, clock)
sending.plan()
"""
TO_NOBODY = """
from campcompile.runner.transport import ACCEPTED
class Nobody:
    def open(self): pass
    def deliver(self, envelope, token): return ACCEPTED
    def close(self): pass
with kept.alone():
    account = sending.carry_out([Nobody() for _ in range(8)])
with open(people, "rb") as file:
    assert account.sent == sum(1 for _ in file) - 1, account
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of a sender."""

    cpu_s: float
    wall_s: float
    peak_mib: float


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="campcompile-bench-") as scratch:
        place = Path(scratch)
        bundle = _compiled(place)
        if options.runners:
            return _runners(place, bundle, options)
        if options.people:
            return _many(place, bundle, options.people, options.stages.split(","))
        people = _people(place / "people.csv", options.messages)
        ours, plain = [], []
        for turn in range(options.rounds + 1):
            here = place / str(turn)
            here.mkdir()
            found = _send(here, bundle, people, options.messages, options.connections), _loop(here, bundle, people)
            if turn:  # the first warms the disk's cache
                ours.append(found[0])
                plain.append(found[1])
    _say(ours, plain, options.messages)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--stages", default="plan,dry,sent")
    parser.add_argument("--runners", action="store_true")
    parser.add_argument("--latency", type=int, default=200)
    return parser.parse_args()


def _say(ours: Sequence[Cost], plain: Sequence[Cost], messages: int) -> None:
    for name, costs in (("campcompile send", ours), ("smtplib + EmailMessage + Jinja2", plain)):
        cpu, wall = median(c.cpu_s for c in costs), median(c.wall_s for c in costs)
        print(f"{name}: {cpu:.2f} CPU s, {wall:.2f} s, {messages / wall:,.0f} messages/s, "
              f"{max(c.peak_mib for c in costs):.0f} MiB")  # fmt: skip
    cpu = median(c.cpu_s for c in plain) / median(c.cpu_s for c in ours)
    wall = median(c.wall_s for c in plain) / median(c.wall_s for c in ours)
    print(f"ratio: {cpu:.2f} by CPU seconds, {wall:.2f} by the clock")


def _compiled(place: Path) -> Path:
    for name in ("campaigns", "layouts", "assets", "schemas"):
        subprocess.run(["cp", "-r", ROOT / name, place / name], check=True)
    subprocess.run(["cp", ROOT / "campcompile.yaml", place], check=True)
    subprocess.run([sys.executable, "-c", OURS, "compile"], cwd=place, check=True, stdout=subprocess.DEVNULL)
    return place / "build" / "kq47"


def _people(path: Path, count: int) -> Path:
    with SAMPLE.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*rows[0], "recipient_id"])
        writer.writeheader()
        for number in range(count):
            row = rows[number % len(rows)]
            writer.writerow({**row, "email": f"p{number}@post.example", "recipient_id": f"r{number}"})
    return path


def _send(place: Path, bundle: Path, people: Path, messages: int, connections: int) -> Cost:
    with _sink(place / "ours.log") as port:
        words = ["send", bundle, "--email", "day-before", "--recipients", people, "--smtp", f"127.0.0.1:{port}",
                 "--apply", "--ledger", place / "ledger", "--connections", connections, "--now", NOW]  # fmt: skip
        cost = _run([sys.executable, "-c", OURS, *map(str, words)])
    assert len((place / "ours.log").read_bytes().splitlines()) == messages
    return cost


def _loop(place: Path, bundle: Path, people: Path) -> Cost:
    with _sink(place / "plain.log") as port:
        return _run([sys.executable, "-c", PLAIN_LOOP, str(bundle), str(people), str(port)])


def _many(place: Path, bundle: Path, count: int, stages: Sequence[str]) -> int:
    people = _people(place / "people.csv", count)
    print(f"{count:,} rows, {people.stat().st_size / 2**20:.0f} MiB", flush=True)
    commands = {
        "plan": [PLAN, bundle, people, place / "planned", NOW],
        "dry": [OURS, "send", bundle, "--email", "day-before", "--recipients", people, "--now", NOW],
        "sent": [PLAN + TO_NOBODY, bundle, people, place / "sent", NOW],
    }
    for stage in stages:
        cost = _run([sys.executable, "-c", *map(str, commands[stage])])
        print(f"{stage}: {cost.wall_s:.0f} s, {cost.cpu_s:.0f} CPU s, at most {cost.peak_mib:.0f} MiB", flush=True)
    return 0


def _runners(place: Path, bundle: Path, options: argparse.Namespace) -> int:
    """One runner and two in turn, each time on an empty ledger."""
    people = _people(place / "people.csv", options.messages)
    found: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    with postgres_server(fsync=True) as folder:
        for turn in range(options.rounds):
            for count in found:
                here = place / f"{turn}-{count}"
                here.mkdir()
                found[count].append(_together(here, bundle, people, options, folder, count))
    rates = {count: median(rate for rate, _ in runs) for count, runs in found.items()}
    walls = {count: median(wall for _, wall in runs) for count, runs in found.items()}
    for count in found:
        print(f"{count} at once: {rates[count]:,.0f} messages/s, {walls[count]:.1f} s from start to end")
    print(f"ratio: {rates[2] / rates[1]:.2f} while they send, {walls[1] / walls[2]:.2f} from start to end")
    return 0


def _together(
    place: Path, bundle: Path, people: Path, options: argparse.Namespace, folder: Path, count: int
) -> tuple[float, float]:
    """Messages a second, and seconds from start to end."""
    address = f"postgresql://postgres@/postgres?host={folder}"
    with connect(address) as session:
        session.execute("SET client_min_messages = warning; DROP SCHEMA IF EXISTS campcompile CASCADE")
    environment = {**os.environ, "CAMPCOMPILE_LEDGER_SECRET": str(place / "secret")}
    log = place / "book.log"
    with _sink(log, str(options.latency)) as port:
        words = ["send", bundle, "--email", "day-before", "--recipients", people, "--smtp", f"127.0.0.1:{port}",
                 "--apply", "--ledger", address, "--connections", options.connections, "--now", NOW]  # fmt: skip
        command = [sys.executable, "-c", OURS, *map(str, words)]
        began = perf_counter()
        processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) for _ in range(count)]
        first, last, seen = 0.0, 0.0, 0
        while any(process.poll() is None for process in processes):
            sleep(0.01)
            if (size := log.stat().st_size) > seen:
                first, last, seen = first or perf_counter(), perf_counter(), size
        wall = perf_counter() - began
    recipients = [line.split()[0] for line in log.read_bytes().splitlines()]
    assert len(recipients) == len(set(recipients)) == options.messages, "each once"
    return options.messages / (last - first), wall


@contextmanager
def _sink(log: Path, *options: str) -> Iterator[int]:
    log.touch()
    with subprocess.Popen([sys.executable, SINK, log, "pipelining", *options], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def _run(words: Sequence[str]) -> Cost:
    began = perf_counter()
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(said.decode(errors="replace")[-2000:])
    return Cost(usage.ru_utime + usage.ru_stime, perf_counter() - began, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
