"""Law is what packs say, by place and day: which provision is in force, how strict it is, and who says so.

People write `data/law/<pack>.yaml`; `inventory.py` compiles them to `compiled/law.json`, which is read here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from functools import cache, lru_cache
from typing import Any

from campcompile.analysis.facts import Facts
from campcompile.package_files import package_text
from campcompile.syntax.findings import Severity
from campcompile.values import dataclass

EVERYWHERE = "*"
# Which rule asks for a provision: `campcompile rules` tells what of the law each rests on.
ASKED_BY: Mapping[str, str] = {
    "ad-audiences": "TRK003",
    "advertiser-identity": "ADV007",
    "age-of-majority": "CON007",
    "care-first": "CAN005",
    "care-page-trackers": "TRK002",
    "click-tracking": "TRK004",
    "cold-mail": "CON006",
    "colorectal-screening-from": "ADV009",
    "consent-max-age": "CON005",
    "consumer-health-consent": "CON009",
    "cure-claims": "ADV001",
    "deceptive-subject": "CAN003",
    "discounts": "ADV003",
    "false-urgency": "CAN004",
    "fear-appeals": "ADV008",
    "generated-text": "ADV010",
    "health-consent": "CON003",
    "implied-consent-max-age": "CON005",
    "legal-basis": "CON001",
    "mammography-from": "ADV009",
    "marketing-opt-in": "CON002",
    "marketing-permission": "CON009",
    "marketing-purpose": "CON008",
    "open-based-decisions": "TRK005",
    "open-tracking": "TRK001",
    "opt-out-delay": "CAN006",
    "opt-out-list": "CAN007",
    "paid-reviews": "ADV006",
    "referral-rewards": "ADV005",
    "review-gating": "ADV006",
    "sender-authentication": "DEL002",
    "separate-consent": "CON004",
    "stream-separation": "DEL003",
    "superlatives": "ADV002",
    "testimonials": "ADV004",
    "unsubscribe-friction": "CON010",
}
_ORDER = (Severity.INFO, Severity.WARNING, Severity.ERROR)


class Mark(Enum):
    """How far a source was read."""

    CONFIRMED = "confirmed"  # its text, or a page that quotes it
    SECONDARY = "secondary"  # a report of it
    UNCONFIRMED = "unconfirmed"  # from memory: to be read before anybody relies on it
    POLICY = "policy"  # no law: this project's own choice

    @property
    def bears_errors(self) -> bool:
        return self in (Mark.CONFIRMED, Mark.SECONDARY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """One rule of one place, from a day on."""

    name: str  # "open-tracking"
    pack: str  # "fr"
    place: str  # "FR", "US-WA"; "*" for everywhere
    value: str  # a threshold such as `10BD`, or "" where the severity says all
    severity: Severity  # what its source and mark allow
    mark: Mark
    law: str  # "CSP R.4127-19-1"
    source: str
    note: str
    effective_from: date
    checked_at: date

    @property
    def words(self) -> str:
        """`FR: CSP R.4127-19-1`, as a finding cites it."""
        return self.law if self.place == EVERYWHERE else f"{self.place}: {self.law}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    id: str
    title: str
    places: tuple[str, ...]
    checked_at: date
    stale_after: timedelta

    def is_stale(self, as_of: date) -> bool:
        """Are its facts older than a reader should trust?"""
        return as_of - self.checked_at > self.stale_after


def provisions(name: str, facts: Facts) -> tuple[Provision, ...]:
    """What is in force of `name` for a workspace on its day: its own places first, what holds everywhere last."""
    return in_force(name, facts.programme.settings.jurisdictions, facts.as_of)


def strictest(name: str, facts: Facts) -> Provision | None:
    """The one that asks most; of equals, the first."""
    found = provisions(name, facts)
    return max(found, key=lambda one: _ORDER.index(one.severity), default=None)


@lru_cache(maxsize=1024)
def in_force(name: str, jurisdictions: tuple[str, ...], as_of: date) -> tuple[Provision, ...]:
    """What each jurisdiction says on a day, each provision once; a country's own pack goes before Europe's."""
    found = [one for place in (*jurisdictions, EVERYWHERE) for one in _of_place(name, place, as_of)]
    return tuple(dict.fromkeys(found))


def law_behind(code: str, jurisdictions: tuple[str, ...], as_of: date) -> tuple[Provision, ...]:
    """What a rule rests on in these places on a day: () for one that asks for no law."""
    asked = [name for name, rule in ASKED_BY.items() if rule == code]
    return tuple(one for name in asked for one in in_force(name, jurisdictions, as_of))


def packs_of(jurisdictions: Iterable[str]) -> tuple[Pack, ...]:
    """The packs that a workspace's jurisdictions select, with those that hold everywhere."""
    wanted = set(jurisdictions) | {place.partition("-")[0] for place in jurisdictions} | {EVERYWHERE}
    return tuple(pack for pack in packs().values() if wanted & set(pack.places))


def is_covered(place: str) -> bool:
    """Does a pack speak of this place, or of its country?"""
    country = place.partition("-")[0]
    return any(country in pack.places or place in pack.places for pack in packs().values())


@cache
def packs() -> Mapping[str, Pack]:
    """Every pack by its id."""
    return {
        name: Pack(
            id=name,
            title=row["title"],
            places=tuple(row["places"]),
            checked_at=date.fromisoformat(row["checked_at"]),
            stale_after=timedelta(days=int(row["stale_after_days"])),
        )
        for name, row in _compiled()["packs"].items()
    }


def names() -> tuple[str, ...]:
    """The names of all provisions, sorted."""
    return tuple(sorted(_compiled()["provisions"]))


def _of_place(name: str, place: str, as_of: date) -> Iterator[Provision]:
    """A state's own first, then its country's, then those of the union that it belongs to."""
    country = place.partition("-")[0]
    latest: dict[tuple[str, str], Provision] = {}
    for row in _rows(name):
        own = row.place in (place, country) or (not row.place and country in packs()[row.pack].places)
        if own and row.effective_from <= as_of:
            latest[row.pack, row.place] = row  # rows are in the order of their days
    named = ((at, one) for at, one in latest.items())
    for _, one in sorted(named, key=lambda pair: (pair[1].place != place, len(packs()[pair[1].pack].places))):
        yield one if one.place else _at(one, EVERYWHERE if place == EVERYWHERE else country)


@cache
def _rows(name: str) -> tuple[Provision, ...]:
    return tuple(_provision(name, row) for row in _compiled()["provisions"].get(name, ()))


def _provision(name: str, row: Mapping[str, str]) -> Provision:
    mark, severity = Mark(row["source_mark"]), Severity(row["severity"])
    if severity is Severity.ERROR and not mark.bears_errors:
        severity = Severity.WARNING
    return Provision(
        name=name,
        pack=row["pack"],
        place=row.get("place", ""),
        value=row.get("value", ""),
        severity=severity,
        mark=mark,
        law=row["law"],
        source=row["source"],
        note=row.get("note", ""),
        effective_from=date.fromisoformat(row["effective_from"]),
        checked_at=date.fromisoformat(row.get("checked_at") or _compiled()["packs"][row["pack"]]["checked_at"]),
    )


def _at(provision: Provision, place: str) -> Provision:
    from dataclasses import replace

    return replace(provision, place=place)


@cache
def _compiled() -> Any:
    return json.loads(package_text("analysis/compiled/law.json"))
