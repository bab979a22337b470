"""A plan: the rows that go, in a table, and how many of each kind there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from campcompile.manifest import Manifest
from campcompile.plan.duck import Duck
from campcompile.plan.due import COLUMNS, Campaign, known_entries, prepare
from campcompile.plan.engine import Engine, type_name
from campcompile.plan.finish import Candidate, Sent, Verdict, decide
from campcompile.plan.queues import Queue, load_sent, wait_for_turns
from campcompile.plan.reckoning import Span, window_of
from campcompile.plan.tables import LISTS, LookupTable, aware, plain
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.sendings import next_quiet_hours
from campcompile.schedule.timing import Place
from campcompile.values import dataclass
from campcompile.zones import zone

SMALLEST_CELL = 11  # fewer people aren't counted out loud: who they are could be guessed
_PLAN = (
    "campaign", "email", "recipient_id", "anchor_id", "anchor", "anchor_day", "repetition", "locale", "site",
    "send", "expires", "quiet_from", "quiet_until", "late",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    campaign: str
    email: str
    what: str  # a locale, or a reason
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    goes: tuple[Count, ...]  # by locale
    left_out: tuple[Count, ...]  # by reason
    queues: tuple[Queue, ...]  # of campaigns with `per_day`


def make_plan(engine: Engine, duck: Duck, campaigns: Sequence[Campaign], span: Span) -> Summary:
    """Fill the table `due` of `duck` with what `engine` finds, and decide between e-mails."""
    manifests = [campaign.manifest for campaign in campaigns]
    prepare(engine, campaigns, span)
    _collect(engine, duck, campaigns)
    sent = _sent(engine, duck)
    _settle(duck, _decided(duck, manifests, sent), manifests)
    queues = []
    for manifest in manifests:
        if manifest.per_day is not None:
            queue, verdicts = wait_for_turns(duck, manifest, window_of(manifest, span, with_late=False).until)
            queues.append(queue)
            _settle(duck, verdicts, manifests)
    if queues:  # who goes on another day may meet another e-mail there
        _settle(duck, _decided(duck, manifests, sent), manifests)
    if engine is not duck:
        duck.load(LookupTable(name="entries", columns=LISTS["entries"], rows=known_entries(engine)))
    return Summary(queues=tuple(queues), **_counted(duck))


def _decided(duck: Duck, manifests: Sequence[Manifest], sent: Sequence[Sent]) -> Iterator[Verdict]:
    for person in list(_people(duck, manifests, sent)):
        yield from decide(*person, manifests)


def _settle(duck: Duck, verdicts: Iterable[Verdict], manifests: Sequence[Manifest]) -> None:
    """Write the verdicts into `due`; who goes at another instant has other quiet hours after it."""
    rows = [(one.number, one.send, one.reason) for one in verdicts]
    duck.load(
        LookupTable(name="verdicts", columns={"number": "whole", "send": "datetime", "reason": "text"}, rows=rows)
    )
    duck.run("UPDATE due SET send = v.send, reason = v.reason FROM verdicts v WHERE v.number = due.number")
    quiet = parse_quiet_hours(manifests[0].practice.quiet_hours)
    if quiet is None or not rows:
        return
    moved = "SELECT number, send, zone FROM due WHERE reason = '' AND number IN (SELECT number FROM verdicts)"
    hours = [
        (number, *map(plain, next_quiet_hours(aware(send), Place(zone=zone(where), quiet=quiet)) or ()))
        for number, send, where in duck.rows(moved)
    ]
    columns = {"number": "whole", "quiet_from": "datetime", "quiet_until": "datetime"}
    duck.load(LookupTable(name="other_hours", columns=columns, rows=hours))
    duck.run(
        "UPDATE due SET quiet_from = h.quiet_from, quiet_until = h.quiet_until FROM other_hours h "
        "WHERE h.number = due.number"
    )


_SHOWN = (f"{name} AT TIME ZONE 'UTC' AS {name}" if COLUMNS[name] == "datetime" else name for name in _PLAN)
PLAN_QUERY = (
    f"SELECT {', '.join(_SHOWN)} FROM due WHERE reason = '' ORDER BY due.send, campaign, email, recipient_id, anchor_id"
)
ENTRIES_QUERY = "SELECT campaign, recipient_id, entry_day FROM entries ORDER BY ALL"


def _collect(engine: Engine, duck: Duck, campaigns: Sequence[Campaign]) -> None:
    if engine is duck:
        columns = ", ".join(f"{name} {type_name(kind, duck.dialect)}" for name, kind in COLUMNS.items())
        duck.run(f"CREATE OR REPLACE TABLE due ({columns}, number BIGINT)")
        for campaign in campaigns:
            duck.run(f"INSERT INTO due SELECT *, NULL FROM ({campaign.due}) AS answer")
        duck.run("UPDATE due SET number = rowid")
    else:
        rows = [row for campaign in campaigns for row in engine.rows(campaign.due)]
        numbered = [(*row, number) for number, row in enumerate(rows)]
        duck.load(LookupTable(name="due", columns={**COLUMNS, "number": "whole"}, rows=numbered))


def _people(
    duck: Duck, manifests: Sequence[Manifest], sent: Sequence[Sent]
) -> Iterator[tuple[list[Candidate], list[Sent]]]:
    """Those of whom more than one e-mail must be thought, with what was sent to them: the others go as they are."""
    several = "SELECT recipient_id FROM due WHERE reason = '' GROUP BY recipient_id HAVING COUNT(*) > 1"
    rows = duck.rows(
        f"SELECT {', '.join(Candidate.__slots__)} FROM due WHERE reason = '' AND recipient_id IN "
        f"({several} UNION ALL SELECT recipient_id FROM sent) ORDER BY recipient_id, number"
    )
    record_of = {manifest.code: manifest.recipient.record for manifest in manifests}
    people: dict[tuple[str, str], list[Candidate]] = {}
    for row in rows:
        one = Candidate(**dict(zip(Candidate.__slots__, row, strict=True)))
        people.setdefault((record_of[one.campaign], one.recipient_id), []).append(one)
    had: dict[str, list[Sent]] = {}
    for other in sent:
        had.setdefault(other.recipient_id, []).append(other)
    for (record, recipient), candidates in people.items():
        yield candidates, [other for other in had.get(recipient, ()) if other.record in (record, None)]


def _sent(engine: Engine, duck: Duck) -> list[Sent]:
    """What was sent to those who are due; also as the table `sent`."""
    due = [(row[0],) for row in duck.rows("SELECT DISTINCT recipient_id FROM due WHERE reason = ''")]
    engine.load(LookupTable(name="due_recipients", columns={"recipient_id": "text"}, rows=due))
    rows = engine.rows(
        f"SELECT {', '.join(f'history.{name}' for name in Sent.__slots__)} FROM history "
        "JOIN due_recipients ON due_recipients.recipient_id = history.recipient_id"
    )
    sent = [Sent(**dict(zip(Sent.__slots__, row, strict=True))) for row in rows]
    load_sent(duck, sent)
    return sent


def _counted(duck: Duck) -> dict[str, tuple[Count, ...]]:
    goes = "SELECT campaign, email, locale, COUNT(*) FROM due WHERE reason = '' GROUP BY ALL ORDER BY ALL"
    left = "SELECT campaign, email, reason, COUNT(*) FROM due WHERE reason <> '' GROUP BY ALL ORDER BY ALL"
    return {"goes": tuple(_counts(duck.rows(goes))), "left_out": tuple(_counts(duck.rows(left)))}


def _counts(rows: Iterable[tuple[Any, ...]]) -> Iterator[Count]:
    for campaign, email, what, number in rows:
        yield Count(campaign=campaign, email=email, what=what, number=number)
