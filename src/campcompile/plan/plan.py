"""A plan: the rows that go, in a table, and how many of each kind there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from campcompile.plan.duck import Duck
from campcompile.plan.due import COLUMNS, Campaign, prepare
from campcompile.plan.engine import Engine, type_name
from campcompile.plan.finish import Candidate, Sent, decide
from campcompile.plan.reckoning import Span
from campcompile.plan.tables import LookupTable
from campcompile.values import dataclass

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


def make_plan(engine: Engine, duck: Duck, campaigns: Sequence[Campaign], span: Span) -> Summary:
    """Fill the table `due` of `duck` with what `engine` finds, and decide between e-mails."""
    prepare(engine, campaigns, span)
    _collect(engine, duck, campaigns)
    manifests = [campaign.manifest for campaign in campaigns]
    verdicts = [verdict for person in _people(engine, duck, campaigns) for verdict in decide(*person, manifests)]
    duck.load(
        LookupTable(
            name="verdicts",
            columns={"number": "whole", "send": "datetime", "reason": "text"},
            rows=[(one.number, one.send, one.reason) for one in verdicts],
        )
    )
    duck.run("UPDATE due SET send = v.send, reason = v.reason FROM verdicts v WHERE v.number = due.number")
    return _summary(duck)


PLAN_QUERY = (
    f"SELECT {', '.join(_PLAN)} FROM due WHERE reason = '' ORDER BY send, campaign, email, recipient_id, anchor_id"
)


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


def _people(engine: Engine, duck: Duck, campaigns: Sequence[Campaign]) -> Iterator[tuple[list[Candidate], list[Sent]]]:
    """Those of whom more than one e-mail must be thought, with what was sent to them: the others go as they are."""
    due = [(row[0],) for row in duck.rows("SELECT DISTINCT recipient_id FROM due WHERE reason = ''")]
    engine.load(LookupTable(name="due_recipients", columns={"recipient_id": "text"}, rows=due))
    sent = _sent(engine)
    duck.load(LookupTable(name="sent_recipients", columns={"recipient_id": "text"}, rows=[(name,) for name in sent]))
    several = "SELECT recipient_id FROM due WHERE reason = '' GROUP BY recipient_id HAVING COUNT(*) > 1"
    rows = duck.rows(
        f"SELECT {', '.join(Candidate.__slots__)} FROM due WHERE reason = '' AND recipient_id IN "
        f"({several} UNION ALL SELECT recipient_id FROM sent_recipients) ORDER BY recipient_id, number"
    )
    record_of = {campaign.manifest.code: campaign.manifest.recipient.record for campaign in campaigns}
    people: dict[tuple[str, str], list[Candidate]] = {}
    for row in rows:
        one = Candidate(**dict(zip(Candidate.__slots__, row, strict=True)))
        people.setdefault((record_of[one.campaign], one.recipient_id), []).append(one)
    for (record, recipient), candidates in people.items():
        yield candidates, [other for other in sent.get(recipient, ()) if other.record in (record, None)]


def _sent(engine: Engine) -> Mapping[str, list[Sent]]:
    """What was sent to those who are due."""
    columns = ", ".join(f"history.{name}" for name in Sent.__slots__)
    found: dict[str, list[Sent]] = {}
    for row in engine.rows(
        f"SELECT {columns} FROM history JOIN due_recipients ON due_recipients.recipient_id = history.recipient_id"
    ):
        one = Sent(**dict(zip(Sent.__slots__, row, strict=True)))
        found.setdefault(one.recipient_id, []).append(one)
    return found


def _summary(duck: Duck) -> Summary:
    goes = "SELECT campaign, email, locale, COUNT(*) FROM due WHERE reason = '' GROUP BY ALL ORDER BY ALL"
    left = "SELECT campaign, email, reason, COUNT(*) FROM due WHERE reason <> '' GROUP BY ALL ORDER BY ALL"
    return Summary(goes=tuple(_counts(duck.rows(goes))), left_out=tuple(_counts(duck.rows(left))))


def _counts(rows: Iterable[tuple[Any, ...]]) -> Iterator[Count]:
    for campaign, email, what, number in rows:
        yield Count(campaign=campaign, email=email, what=what, number=number)
