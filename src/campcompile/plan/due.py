"""The steps of a plan: reckon, look who comes in, ask each campaign's query; the rows land in the table `due`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from campcompile.manifest import Manifest
from campcompile.plan.engine import Engine, add_absent_lists, facts_of
from campcompile.plan.reckoning import Span, reckoned
from campcompile.plan.tables import LISTS, LookupTable
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A bundle as a plan uses it: its manifest, and its queries for the engine at hand."""

    manifest: Manifest
    due: str
    entrants: str  # "" where nobody enters


COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("campaign", "email", "recipient_id", "person_id", "run_id", "anchor_id"), "text"),
    "anchor": "datetime",
    "anchor_day": "date",
    "repetition": "whole",
    "locale": "text",
    "site": "text",
    "zone": "text",
    "today": "date",
    **dict.fromkeys(("send", "expires", "quiet_from", "quiet_until"), "datetime"),
    "late": "yes_no",
    "reason": "text",
}


def prepare(engine: Engine, campaigns: Sequence[Campaign], span: Span) -> None:
    """Load what the queries read beside the practice's tables, and let in who comes in."""
    manifests = [campaign.manifest for campaign in campaigns]
    add_absent_lists(engine, manifests)
    entering = [campaign for campaign in campaigns if campaign.entrants]
    if entering:
        engine.load(LookupTable(name="entries", columns=LISTS["entries"], rows=known_entries(engine)))
    for table in reckoned(manifests, span, facts_of(engine, manifests)):
        engine.load(table)
    if entered := [row for campaign in entering for row in _entrants(engine, campaign)]:
        rows = [*known_entries(engine), *entered]
        engine.load(LookupTable(name="entries", columns=LISTS["entries"], rows=rows))


def known_entries(engine: Engine) -> list[tuple[Any, ...]]:
    """Who entered which campaign on which day: as listed, or as an e-mail that went out tells."""
    columns = ", ".join(LISTS["entries"])
    told = "SELECT campaign, recipient_id, anchor_day FROM history WHERE anchor_id = 'entry' AND anchor_day IS NOT NULL"
    return engine.rows(f"SELECT {columns} FROM entries UNION {told}")


def _entrants(engine: Engine, campaign: Campaign) -> Iterator[tuple[str, str, date]]:
    for recipient, day in engine.rows(campaign.entrants):
        yield campaign.manifest.code, recipient, day
