"""First e-mails that wait for their turn, where a campaign says `per_day`: who goes, until when the others wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from campcompile.manifest import Manifest
from campcompile.plan.duck import Duck
from campcompile.plan.finish import Sent, Verdict
from campcompile.plan.tables import LISTS, LookupTable, aware, plain
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.schedule.turns import Turn, Wish, take_turns
from campcompile.schedule.wall import wall_of
from campcompile.values import dataclass
from campcompile.zones import zone

WAITING = "waits-its-turn"
TOO_LATE = "waits-too-long"
_RUN = "due.recipient_id, due.run_id, CASE WHEN due.run_id = 'entry' THEN due.anchor_day END"
_SENT_IN_RUN = (
    "sent.campaign = due.campaign AND sent.recipient_id = due.recipient_id AND "
    "sent.anchor_id IN (due.run_id, due.anchor_id) AND (due.run_id <> 'entry' OR sent.anchor_day = due.anchor_day)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """How long a campaign's `per_day` takes for those who are due."""

    campaign: str
    per_day: int
    waiting: int  # beyond the plan's window
    too_late: int  # whose time is over before their turn
    last: date | None  # the day on which the last of them goes


def load_sent(duck: Duck, sent: Sequence[Sent]) -> None:
    """What went to those who are due, as a table beside theirs."""
    columns = LISTS["history"]
    rows = [tuple(getattr(one, name) for name in columns) for one in sent]
    duck.load(LookupTable(name="sent", columns=columns, rows=rows))


def wait_for_turns(duck: Duck, manifest: Manifest, until: datetime) -> tuple[Queue, list[Verdict]]:
    """Let the campaign's first e-mails of runs take turns; verdicts on those that don't go when they wished to."""
    assert manifest.per_day is not None
    quiet = parse_quiet_hours(manifest.practice.quiet_hours)
    turns = list(take_turns(_wishes(duck, manifest.code), manifest.per_day, quiet, _taken(duck, manifest.code)))
    waiting = [turn for turn in turns if turn.send is not None and turn.send >= until]
    days = [wall_of(turn.send, turn.wish.zone).date() for turn in turns if turn.send is not None]
    queue = Queue(
        campaign=manifest.code,
        per_day=manifest.per_day,
        waiting=len(waiting),
        too_late=sum(turn.send is None for turn in turns),
        last=max(days, default=None),
    )
    return queue, list(_verdicts(turns, until))


def _verdicts(turns: Sequence[Turn], until: datetime) -> Iterator[Verdict]:
    for turn in turns:
        send = turn.send or turn.wish.send
        if turn.send is None or turn.send >= until:
            yield Verdict(number=turn.wish.number, send=plain(send), reason=WAITING if turn.send else TOO_LATE)
        elif turn.send != turn.wish.send:
            yield Verdict(number=turn.wish.number, send=plain(send), reason="")


def _wishes(duck: Duck, code: str) -> Iterator[Wish]:
    """The first e-mail of every run that hasn't begun."""
    first = f"SELECT *, ROW_NUMBER() OVER (PARTITION BY {_RUN} ORDER BY send, number) AS place FROM due"
    rows = duck.rows(
        f"SELECT number, site, send, expires, zone FROM ({first} WHERE campaign = '{code}' AND reason = '') AS due "
        f"WHERE place = 1 AND NOT EXISTS (SELECT 1 FROM sent WHERE {_SENT_IN_RUN})"
    )
    for number, site, send, expires, where in rows:
        yield Wish(number=number, site=site, send=aware(send), expires=aware(expires), zone=zone(where))


def _taken(duck: Duck, code: str) -> Counter[tuple[str, date]]:
    """How many runs began, by site and day."""
    rows: list[tuple[Any, ...]] = duck.rows(
        f"SELECT MIN(due.site), MIN(sent.sent), MIN(due.zone) FROM due JOIN sent ON {_SENT_IN_RUN} "
        f"WHERE due.campaign = '{code}' GROUP BY {_RUN}"
    )
    return Counter((site, wall_of(aware(sent), zone(where)).date()) for site, sent, where in rows)
