"""`campcompile plan`: who is due on a day, by the bundles in build/ and a practice's data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, say
from campcompile.cli.inputs import Day
from campcompile.errors import UsageError

if TYPE_CHECKING:  # DuckDB takes longer to import than --help may take to answer
    from campcompile.plan.duck import Duck
    from campcompile.plan.due import Campaign
    from campcompile.plan.engine import Engine
    from campcompile.plan.plan import Count, Summary
    from campcompile.plan.queues import Queue
    from campcompile.plan.sources import Intake

_SHOWN = 20  # kinds of mistakes that are listed; the rest is counted
_ROWS = 10  # rows of one kind


@click.command(short_help="Say who is due on a day, from a practice's data, and write the plan.")
@click.option("--date", "first", type=Day(), metavar="DATE", required=True, help="The day, where the practice is.")
@click.option("--days", type=click.IntRange(1, 31), default=1, show_default=True, help="How many days, from then on.")
@click.option(
    "--data",
    metavar="SOURCE",
    required=True,
    help="A folder of CSV, Parquet or FHIR's NDJSON files, a .duckdb file, or postgresql://…",
)
@click.option(
    "--output", metavar="FILE.parquet", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan here."
)
@click.option("--campaign", "codes", metavar="CODE", multiple=True, help="Only this one; may be given several times.")
@click.pass_context
def plan(
    context: click.Context, first: date, days: int, data: str, output: Path | None, codes: tuple[str, ...]
) -> None:
    """Say who is due on a day, from a practice's data, and write the plan.

    Reads the bundles in build/, so compile first. Counts each campaign, e-mail and language, and what is left
    out, by reason; counts under 11 are hidden, for they could tell who it is. With --output, the rows go into a
    Parquet file that only you can read: recipient, anchor, and the instants of sending, of expiry and of the next
    quiet hours. It holds patients, so a place that could be committed is refused. Where a campaign counts from
    `entry`, FILE.entries.parquet is written beside it: who entered on which day, for the next plan.

    \b
    A folder of data holds a file for each record of the dictionary, with its fields as columns:
      patient.csv       id,email,locale,country,birth_date
      appointment.csv   id,patient_id,start,status
    and, where there are any:
      consents.csv      patient_id,consent,given
      suppressions.csv  email,layer           an empty layer is all mail
      history.csv       campaign,email,recipient_id,anchor_id,anchor,sent
      entries.csv       campaign,recipient_id,entry_day

    \b
    From a system that exports FHIR R4 in bulk, the folder holds Patient.ndjson, Appointment.ndjson and others;
    views in fhir/ of the workspace say what becomes of them, and files as above add what they lack.

    A row that can't be used is set aside with its file, number, column and reason; the others are planned, and
    the totals add up. What was due before the day, and may still go, is planned if there is a history.

    \b
    Examples:
      campcompile plan --date 2026-09-15 --data export/
      campcompile plan --date 2026-09-15 --days 7 --data practice.duckdb --output /srv/plans/week.parquet
      campcompile plan --date 2026-09-15 --data postgresql://reader@localhost/practice
      campcompile plan --date 2026-09-15 --data fhir-export/

    Exit codes: 0 planned; 1 rows were set aside; 2 nothing could be planned.
    """
    from campcompile.plan.bundles import only, read_campaigns
    from campcompile.plan.duck import Duck
    from campcompile.plan.plan import ENTRIES_QUERY, PLAN_QUERY, make_plan
    from campcompile.plan.private import write_private
    from campcompile.plan.reckoning import Span

    is_postgres = data.startswith(("postgresql://", "postgres://"))
    build = _build()
    campaigns, without = read_campaigns(build, "postgres" if is_postgres else "duckdb")
    campaigns = only(campaigns, codes)
    if not campaigns:
        raise UsageError("there is no campaign to plan", help="campcompile new NAME makes one")
    duck = Duck.in_memory()
    engine, intake = _opened(duck, data, campaigns)
    summary = make_plan(engine, duck, campaigns, Span(first=first, days=days))
    out([*_intake_lines(intake), *_summary_lines(summary), *(f"no query for campaign {code}" for code in without)])
    if output is not None:
        write_private(output, lambda path: duck.write_parquet(PLAN_QUERY, path))
        say(f"written: {output}, for you alone to read")
        if any(campaign.entrants for campaign in campaigns):
            entries = output.with_suffix(".entries.parquet")
            write_private(entries, lambda path: duck.write_parquet(ENTRIES_QUERY, path))
            say(f"written: {entries}; the next plan's data need it, as entries.parquet")
    else:
        say("nothing is written: --output FILE.parquet writes the rows")
    context.exit(1 if any(account.aside for account in intake.accounts) else 0)


def _build() -> Path:
    from campcompile.workspace import find_root, settle

    root = find_root(Path.cwd())
    settle(root)
    return root / "build"


def _opened(duck: Duck, data: str, campaigns: list[Campaign]) -> tuple[Engine, Intake]:
    from campcompile.plan.sources import read_duckdb, read_folder, read_postgres

    manifests = [campaign.manifest for campaign in campaigns]
    if data.startswith(("postgresql://", "postgres://")):
        return read_postgres(data, manifests)
    path = Path(data)
    if path.is_dir():
        return duck, read_folder(duck, path, manifests, _build().parent)
    if path.suffix in (".csv", ".parquet", ".ndjson"):
        raise UsageError(f"`{data}` is one table of several", help=f"name the folder that it is in: {path.parent}")
    if path.is_file():
        return duck, read_duckdb(duck, path, manifests)
    raise UsageError(
        f"there is no `{data}`", help="name a folder of CSV, Parquet or NDJSON files, a .duckdb file, or postgresql://…"
    )


def _intake_lines(intake: Intake) -> Iterator[str]:
    for account in intake.accounts:
        aside = f", {account.aside} set aside" if account.aside else ""
        rows = "1 row" if account.rows == 1 else f"{account.rows} rows"
        yield f"{account.file}: {rows}, {account.good} good{aside}"
    kinds = _kinds(intake)
    for (file, column, reason), numbers in kinds[:_SHOWN]:
        what = f"`{column}` {reason}" if column else reason
        yield f"  {file} {_numbers(file, numbers)}: {what}"
    if len(kinds) > _SHOWN:
        yield f"  and {sum(len(numbers) for _, numbers in kinds[_SHOWN:])} rows more, for other reasons"
    yield from intake.notes


def _kinds(intake: Intake) -> list[tuple[tuple[str, str, str], list[int]]]:
    """Rows set aside by file, column and reason: people's first: a bad one takes others along."""
    order = {account.file: place for place, account in enumerate(intake.accounts)}
    found: dict[tuple[str, str, str], list[int]] = {}
    for one in intake.aside:
        found.setdefault((one.file, one.column, one.reason), []).append(one.row)
    return sorted(found.items(), key=lambda kind: (order.get(kind[0][0], len(order)), kind[1][0]))


def _numbers(file: str, rows: list[int]) -> str:
    """`row 5`; `rows 5, 6 and 7`; of many the first ten."""
    unit = "line" if file.endswith(".ndjson") else "row"
    if len(rows) == 1:
        return f"{unit} {rows[0]}"
    shown, more = rows[:_ROWS], len(rows) - _ROWS
    *first, last = [str(row) for row in shown] + ([f"{more} more"] if more > 0 else [])
    return f"{unit}s {', '.join(first)} and {last}"


def _summary_lines(summary: Summary) -> Iterator[str]:
    yield f"due: {_people(one.number for one in summary.goes)}"
    for one in summary.goes:
        yield f"  {one.campaign} {one.email} {one.what or '–'}: {_shown(one)}"
    if summary.left_out:
        yield f"left out: {_people(one.number for one in summary.left_out)}"
    for one in summary.left_out:
        yield f"  {one.campaign} {one.email} {one.what}: {_shown(one)}"
    for queue in summary.queues:
        if queue.waiting or queue.too_late:
            yield _queue_line(queue)


def _queue_line(queue: Queue) -> str:
    """How long it takes where only so many first e-mails may go a day."""
    said = [f"{_people((queue.waiting,))} wait, the last until {queue.last}"] if queue.waiting else []
    if queue.too_late:
        said.append(f"{_people((queue.too_late,))} would expire waiting")
    return f"{queue.campaign}: {queue.per_day} first e-mails a site and day; {', and '.join(said)}"


def _people(numbers: Iterable[int]) -> str:
    from campcompile.plan.plan import SMALLEST_CELL

    total = sum(numbers)
    return "none" if not total else f"fewer than {SMALLEST_CELL}" if total < SMALLEST_CELL else str(total)


def _shown(count: Count) -> str:
    return _people((count.number,))
