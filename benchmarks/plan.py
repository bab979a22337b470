"""Who is due, for millions: a bundle's queries beside SQL written by hand for DuckDB, on the same Parquet files.

    .venv/bin/python benchmarks/plan.py [--people 10000000] [--rounds 3] [--evidence docs/evidence.md]

Five e-mails of a campaign: a week and a day before an appointment, two working days after it, half a year and a year
after it where there is no next one; in twelve zones, with consents, suppressions and what went out before. Each query
runs in a process of its own, in turns; both read the same tables of instants, and must find the same rows. The exit
code is 1 where a limit is broken.

Where PostgreSQL is installed, the tenth of the people lie in its tables, too, and its query is timed beside DuckDB's.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median

import duckdb
from page import rewrite
from server import missing, postgres_server

from campcompile.plan.bundles import read_campaigns
from campcompile.plan.duck import Duck
from campcompile.plan.due import prepare
from campcompile.plan.reckoning import Span
from campcompile.plan.sources import read_postgres
from campcompile.postgres import connect

MARK = "<!-- plan: written by benchmarks/plan.py -->"
DAY = date(2026, 3, 6)
RATIO, PEAK_MIB, GROWTH, POSTGRES = 1.1, 500, 11, 5
TABLES = ("patient", "appointment", "consents", "suppressions", "history")
SITES = {
    "ny": "America/New_York", "chicago": "America/Chicago", "denver": "America/Denver", "phoenix": "America/Phoenix",
    "la": "America/Los_Angeles", "anchorage": "America/Anchorage", "honolulu": "Pacific/Honolulu",
    "paris": "Europe/Paris", "oslo": "Europe/Oslo", "taipei": "Asia/Taipei", "london": "Europe/London",
    "lordhowe": "Australia/Lord_Howe",
}  # fmt: skip
PRACTICE = """\
practice:
  name: Test clinics
  legal_name: Test Clinics Inc
  address: ["1 Test Street", "New York", "US"]
  phone: "+1 212 555 0100"
  emergency: "911"
  email: post@clinic.example
  website: https://clinic.example
  time_zone: America/New_York
  holidays: US
sites:
{sites}
jurisdictions: [US]
as_of: "2026-03-06"
locales: {{default: en}}
quiet_hours: "21:00-08:00"
frequency_cap: {{max: 2, per: P7D}}
layout: clinic
senders:
  care: {{from: "Test clinics <care@clinic.example>", reply_to: post@clinic.example}}
opt_out: {{page: https://clinic.example/o, one_click: https://clinic.example/u, mailto: o@clinic.example, within: P1D}}
privacy_notice: {{en: https://clinic.example/p}}
targets: {{relay: {{dialect: smtp, tls: required}}}}
"""
DICTIONARY = """\
records:
  patient: {person: true}
  appointment: {of: patient}
fields:
  patient.email: {type: email, label: contact}
  patient.locale: {type: locale, label: contact}
  patient.country: {type: country, label: contact}
  patient.birth_date: {type: date, label: contact}
  patient.site: {type: site, label: relationship}
  patient.deceased: {type: yes_no, label: contact, missing: false}
  patient.last_visit: {from: last(appointment.start), where: 'appointment.status == "fulfilled"', label: relationship}
  patient.next_visit: {from: next(appointment.start), where: 'appointment.status == "booked"', label: relationship}
  appointment.start: {type: datetime, label: relationship, required: true}
  appointment.status: {type: {choice: [booked, fulfilled, cancelled, noshow]}, label: relationship, required: true}
"""
CONSENT = """\
consents:
  news: {title: News, layers: [updates], purposes: [operations], version: v1, max_age: P36M}
bases:
  - {purpose: treatment, layer: essential, in: [US], up_to: special, basis: care}
  - {purpose: operations, layer: updates, in: [US], up_to: special, consent: news}
"""
CAMPAIGN = """\
title: After and before a visit
code: rm01
purpose: operations
layer: updates
sender: care
locales: [en]
audience: {{where: 'appointment.status in ["booked", "fulfilled"]'}}
anchor: appointment.start
emails:
"""
EMAIL = """\
  - id: {id}
    send: {{{send}}}
    if: '{condition}'
    subject: Hello from us
    preheader: A word from the clinic
    body: We are well.
"""
_BOOKED, _SEEN = 'appointment.status == "booked"', 'appointment.status == "fulfilled"'
EMAILS = (
    ("week", 'offset: -P7D, at: "09:00"', _BOOKED),
    ("day", 'offset: -P1D, at: "09:00", shift: previous', _BOOKED),
    ("after", 'offset: 2BD, at: "10:00"', _SEEN),
    ("half-year", 'offset: P6M, at: "09:00"', f"{_SEEN} and patient.next_visit is not set"),
    ("year", 'offset: P12M, at: "09:00"', f"{_SEEN} and patient.next_visit is not set"),
)

BY_HAND = """
WITH due AS (
  SELECT c.email, a.patient_id, a.id AS anchor_id, c.send, c.today, c.counted_since, p.email AS address, p.birth_date
  FROM appointment a JOIN patient p ON p.id = a.patient_id JOIN place s ON s.site = p.site
  JOIN send_calendar c ON c.zone = s.zone AND c.holidays = s.holidays
    AND a.start >= c.anchor_from AND a.start < c.anchor_until
  WHERE c.why = '' AND a.status = CASE WHEN c.email IN ('week', 'day') THEN 'booked' ELSE 'fulfilled' END
    AND p.email IS NOT NULL AND NOT coalesce(p.deceased, FALSE) AND p.country = 'US'
    AND coalesce(p.birth_date <= c.home_today - INTERVAL 18 YEAR, TRUE)
    AND (c.email IN ('week', 'day', 'after') OR NOT EXISTS (
      SELECT 1 FROM appointment b WHERE b.patient_id = a.patient_id AND b.status = 'booked' AND b.start > c.send))
)
SELECT 'rm01', d.email, d.patient_id, d.anchor_id, d.send
FROM due d
WHERE lower(d.address) NOT IN (SELECT email FROM suppressions WHERE layer IN ('', 'updates'))
  AND EXISTS (SELECT 1 FROM consents g JOIN consent_days w USING (consent, given)
    WHERE g.patient_id = d.patient_id AND g.consent = 'news' AND w.since <= d.send AND w.until >= d.send)
  AND (SELECT count(*) FROM history h WHERE h.recipient_id = d.patient_id
    AND h.campaign <> 'rm01' AND h.sent > d.counted_since AND h.sent <= d.send) < 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One query in a process of its own."""

    seconds: float  # by the clock, of the query alone
    reckoned: float  # before it: the tables of instants
    peak_mib: float  # of the whole process
    rows: dict[str, int]  # by e-mail


def main() -> int:
    options = _options()
    if options.query:
        return _run_one(options.folder, options.query)
    with tempfile.TemporaryDirectory(prefix="campcompile-bench-", dir=options.scratch) as scratch:
        rows = list(_figures(Path(scratch), options.people, options.rounds))
    table = _table(rows)
    print(table)
    if options.evidence:
        told = "Seconds by the clock of a query alone, medians of processes that took turns, two threads each."
        rewrite(options.evidence, MARK, f"{told}\n\n{table}")
    return 1 if any("**" in row[-1] for row in rows) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3, help="counted runs of each query (default 3)")
    parser.add_argument("--scratch", type=Path, help="a folder with room for half a gigabyte (default: the system's)")
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="replace the table in this Markdown page")
    parser.add_argument("--query", choices=["generated", "by hand"], help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _figures(scratch: Path, people: int, rounds: int) -> Iterator[tuple[str, ...]]:
    write_practice(scratch)
    medians = {}
    for size in (people // 10, people):
        folder = scratch / str(size)
        write_data(folder, size)
        found = _take_turns(scratch, folder, rounds)
        ours, hand = (median(run.seconds for run in found[name]) for name in ("generated", "by hand"))
        peak = max(run.peak_mib for run in found["generated"])
        medians[size] = ours
        rows = found["generated"][0].rows
        assert rows == found["by hand"][0].rows, "both must find the same"
        yield _row(f"{size:,} people, {sum(rows.values()):,} due", f"{ours:.2f} s", f"{hand:.2f} s", ours / hand, RATIO)
        yield _row(f"most memory of it, {size:,}", f"{peak:.0f} MiB", "–", peak, PEAK_MIB if size == people else None)
        if size < people:
            yield from _beside_postgres(scratch, folder, rounds, rows)
    small, large = medians.values()
    yield _row(f"growth, {people // 10:,} to {people:,}", f"{large:.2f} s", f"{small:.2f} s", large / small, GROWTH)


def _beside_postgres(scratch: Path, folder: Path, rounds: int, rows: dict[str, int]) -> Iterator[tuple[str, ...]]:
    """The same query where the data lie in PostgreSQL, in turns with DuckDB's, which reads its Parquet files."""
    if lack := missing():
        print(f"PostgreSQL is left out: {lack}")
        return
    theirs, ours = [], []
    with postgres_server() as server:
        address = f"postgresql://postgres@/postgres?host={server}"
        _fill(address, folder)
        campaigns, _ = read_campaigns(scratch / "build", "postgres")
        began = time.perf_counter()
        engine, _intake = read_postgres(address, [campaign.manifest for campaign in campaigns])
        looked_over = time.perf_counter() - began
        prepare(engine, campaigns, Span(first=DAY, days=1))
        generated = f"SELECT email, COUNT(*) FROM ({campaigns[0].due}) AS due WHERE reason = '' GROUP BY email"
        for turn in range(rounds + 1):
            began = time.perf_counter()
            found = dict(engine.rows(generated))
            seconds = time.perf_counter() - began
            assert found == rows, "both must find the same"
            beside = _of_duckdb(scratch, folder)
            if turn:
                theirs.append(seconds)
                ours.append(beside)
    yield _row("all their rows looked over in PostgreSQL before it", f"{looked_over:.2f} s", "–", looked_over, None)
    name, there, here = f"{len(rows)} e-mails in PostgreSQL, beside DuckDB", median(theirs), median(ours)
    yield _row(f"{name}, {sum(rows.values()):,} due", f"{there:.2f} s", f"{here:.2f} s", there / here, POSTGRES)


def _of_duckdb(scratch: Path, folder: Path) -> float:
    words = [sys.executable, __file__, "--query", "generated", "--folder", str(folder)]
    said = subprocess.run(words, cwd=scratch, check=True, capture_output=True, text=True).stdout
    return Run(**json.loads(said)).seconds


def _fill(address: str, folder: Path) -> None:
    """The tables of the Parquet files, as a practice has them: instants with their offset, and statistics."""
    duck = duckdb.connect()
    duck.execute("SET TimeZone = 'UTC'")
    kinds = {"VARCHAR": "TEXT", "TIMESTAMP": "TIMESTAMPTZ"}
    with connect(address) as connection:
        for table in TABLES:
            rows = f"SELECT * FROM '{folder / table}.parquet'"
            columns = [(name, kinds.get(kind, kind)) for name, kind, *_ in duck.execute(f"DESCRIBE {rows}").fetchall()]
            quoted = ", ".join(f'"{name}"' for name, kind in columns if kind == "TEXT")
            written = folder / f"{table}.csv"
            duck.execute(f"COPY ({rows}) TO '{written}' (HEADER false, FORCE_QUOTE ({quoted}))")
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns)
            connection.execute(f"CREATE TABLE {table} ({typed})".encode())
            with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)".encode()) as copy:
                copy.write(written.read_bytes())
            connection.execute(f"ANALYZE {table}".encode())


def _row(name: str, ours: str, beside: str, figure: float, limit: float | None) -> tuple[str, ...]:
    told = "" if limit is None else f"{limit:g}" if figure <= limit else f"{limit:g} **broken**"
    return name, ours, beside, f"{figure:.2f}", told


def _table(rows: Sequence[Sequence[str]]) -> str:
    lines = ["| what | generated | by hand, or before | ratio | limit |", "| --- | ---: | ---: | ---: | ---: |"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def write_practice(folder: Path) -> None:
    """The workspace, compiled."""
    sites = "".join(f"  {name}: {{time_zone: {where}, holidays: US}}\n" for name, where in SITES.items())
    shared = folder / "campaigns" / "_shared"
    shared.mkdir(parents=True)
    (folder / "campcompile.yaml").write_text(PRACTICE.format(sites=sites.rstrip("\n")), encoding="utf-8")
    (shared / "dictionary.yaml").write_text(DICTIONARY, encoding="utf-8")
    (shared / "consent.yaml").write_text(CONSENT, encoding="utf-8")
    emails = (EMAIL.format(id=id, send=send, condition=condition) for id, send, condition in EMAILS)
    (folder / "campaigns" / "visits").mkdir()
    (folder / "campaigns" / "visits" / "campaign.yaml").write_text(
        CAMPAIGN.format() + "".join(emails), encoding="utf-8"
    )
    words = [sys.executable, "-m", "campcompile.cli.main", "compile", "--fail-on", "never"]
    subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def write_data(folder: Path, people: int) -> None:
    """Made-up people, as many appointments, twice as many consents, half as many e-mails sent, drawn by hashes."""
    folder.mkdir()
    base = duckdb.connect()
    base.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false; SET threads = 2")
    sites = ", ".join(f"'{name}'" for name in SITES)
    for table, query in _DATA.items():
        text = query.format(people=people, half=people // 2, few=people // 40, sites=sites, places=len(SITES))
        base.execute(f"COPY ({text}) TO '{folder / table}.parquet' (FORMAT parquet, COMPRESSION zstd)")


_DATA = {
    "patient": "SELECT 'p' || r AS id, 'p' || r || '@post.example' AS email, 'en' AS locale, 'US' AS country, "
    "[{sites}][(1 + hash(r * 5) % {places})::BIGINT] AS site, "
    "DATE '1935-01-01' + (hash(r * 7) % 32000)::INT AS birth_date, hash(r * 11) % 100 < 3 AS deceased "
    "FROM range({people}) t(r)",
    "appointment": "SELECT 'a' || r AS id, 'p' || (hash(r * 13) % {people}) AS patient_id, s AS \"start\", "
    "CASE WHEN s < TIMESTAMP '2026-03-06' THEN "
    "['fulfilled', 'fulfilled', 'fulfilled', 'noshow', 'cancelled'][(1 + hash(r * 23) % 5)::BIGINT] "
    "ELSE ['booked', 'booked', 'booked', 'booked', 'cancelled'][(1 + hash(r * 23) % 5)::BIGINT] END AS status "
    "FROM (SELECT r, TIMESTAMP '2025-01-30' + to_minutes((hash(r * 19) % (460 * 96))::INT * 15) AS s "
    "FROM range({people}) t(r))",
    "consents": "SELECT 'p' || r AS patient_id, c AS consent, DATE '2025-01-01' + (hash(r) % 400)::INT AS given "
    "FROM range({people}) t(r), (SELECT unnest(['news', 'offers']) AS c) WHERE hash(r * 37 + len(c)) % 100 < 60",
    "suppressions": "SELECT DISTINCT 'p' || (hash(r * 41) % {people}) || '@post.example' AS email, '' AS layer "
    "FROM range({few}) t(r)",
    "history": "SELECT ['x1', 'x2', 'x3'][(1 + hash(r) % 3)::BIGINT] AS campaign, 'one' AS email, 'patient' AS record, "
    "'p' || (hash(r * 43) % {people}) AS recipient_id, 'a0' AS anchor_id, CAST(NULL AS TIMESTAMP) AS anchor, "
    "CAST(NULL AS DATE) AS anchor_day, 0 AS repetition, "
    "TIMESTAMP '2026-03-06' - to_minutes((hash(r * 47) % 43200)::INT) AS sent FROM range({half}) t(r)",
}


def _take_turns(scratch: Path, folder: Path, rounds: int) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {"generated": [], "by hand": []}
    for turn in range(rounds + 1):  # the first warms the disk's cache, and doesn't count
        for name, runs in found.items():
            words = [sys.executable, __file__, "--query", name, "--folder", str(folder)]
            said = subprocess.run(words, cwd=scratch, check=True, capture_output=True, text=True).stdout
            if turn:
                runs.append(Run(**json.loads(said)))
    return found


def _run_one(folder: Path, name: str) -> int:
    """One query in this process: its seconds, this process's most memory, and how many rows of each e-mail."""
    campaigns, _ = read_campaigns(Path("build"), "duckdb")
    duck = Duck.in_memory()
    duck.run("SET threads = 2")
    for table in TABLES:
        duck.run(f"CREATE VIEW {table} AS SELECT * FROM '{folder / table}.parquet'")
    reckoning = time.perf_counter()
    prepare(duck, campaigns, Span(first=DAY, days=1))
    reckoned = time.perf_counter() - reckoning
    generated = f"SELECT campaign, email, recipient_id, anchor_id, send FROM ({campaigns[0].due}) WHERE reason = ''"
    query = _by_hand(duck) if name == "by hand" else generated
    began = time.perf_counter()
    duck.run(f"CREATE TABLE found (campaign, email, recipient_id, anchor_id, send) AS {query}")
    seconds = time.perf_counter() - began
    rows = dict(duck.rows("SELECT email, COUNT(*) FROM found GROUP BY email"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(asdict(Run(seconds=seconds, reckoned=reckoned, peak_mib=peak, rows=dict(sorted(rows.items()))))))
    return 0


def _by_hand(duck: Duck) -> str:
    duck.run("CREATE TABLE place (site VARCHAR, zone VARCHAR, holidays VARCHAR)")
    for site, where in SITES.items():
        duck.run(f"INSERT INTO place VALUES ('{site}', '{where}', 'US')")
    return BY_HAND


if __name__ == "__main__":
    sys.exit(main())
