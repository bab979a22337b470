"""Vendors are services that send mail: what each may be told, as dated facts (data/vendors.yaml)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache

from campcompile.model.campaign import Campaign
from campcompile.model.fields import Dictionary
from campcompile.model.labels import Label, join
from campcompile.model.practice import Evidence, TargetSpec
from campcompile.syntax.packs import pack, texts
from campcompile.syntax.tree import Mapping, Scalar
from campcompile.values import dataclass

_DATA = "analysis/data/vendors.yaml"
_OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    id: str
    name: str  # "Constant Contact"
    baa: str  # yes | no | plan | limited | on_request | unclear | own (nobody else gets it)
    without_baa: Label  # the highest label that may reach it
    with_baa: Label
    confidence: str  # high | medium | low
    note: str

    @property
    def is_own(self) -> bool:
        return self.baa == _OWN


def vendor_of(target: TargetSpec) -> Vendor | None:
    """Who gets what is compiled for a target; None for one that nothing is known of."""
    name = target.vendor or (_OWN if target.dialect == "smtp" else target.dialect)
    return vendors().get(name)


def clearances_of(target: TargetSpec, jurisdictions: Iterable[str]) -> Iterator[tuple[Label, Evidence | None]]:
    """The highest label that a target's vendor may be told: always, and while the agreement with it holds.

    The agreement is one of the United States (45 CFR 164.504(e)); elsewhere what the vendor is known to take counts.
    """
    vendor = vendor_of(target)
    if vendor is not None and vendor.is_own:
        yield Label.SPECIAL, None
        return
    without, best = (vendor.without_baa, vendor.with_baa) if vendor else (Label.CONTACT, Label.HEALTH)
    if "US" not in {place.partition("-")[0] for place in jurisdictions} and vendor is not None:
        without = best
    yield without, None
    if target.baa is not None and best > without:
        yield best, target.baa


@cache
def vendors() -> dict[str, Vendor]:
    rows = pack(_DATA).root.get("vendors")
    assert isinstance(rows, Mapping)
    return {entry.key.value: _vendor(entry.key.value, entry.value) for entry in rows.entries}


def is_stale(as_of: date) -> bool:
    """Are the facts older than a reader should trust?"""
    most = pack(_DATA).root.get("stale_after_days")
    assert isinstance(most, Scalar)
    return as_of - date.fromisoformat(checked_at()) > timedelta(days=int(most.value))


def checked_at() -> str:
    day = pack(_DATA).root.get("checked_at")
    assert isinstance(day, Scalar)
    return day.value


def is_in_eea(place: str) -> bool:
    """Is a place (`FR`, `FR-57`) in the European Economic Area?"""
    return place.partition("-")[0] in texts(_DATA, "eea")


def label_told(campaign: Campaign, dictionary: Dictionary) -> Label:
    """What a service that sends a campaign learns: who is written to, and what it says; of a portal, its notice."""
    if campaign.deliver != "portal":
        return join(email.label for email in campaign.emails)
    deciding = [campaign.audience, *(email.condition for email in campaign.emails if email.condition is not None)]
    anchor = dictionary.fields.get(campaign.anchor)
    return join((*(condition.label for condition in deciding), anchor.label if anchor else Label.PUBLIC))


def _vendor(name: str, row: object) -> Vendor:
    assert isinstance(row, Mapping)

    def text(key: str) -> str:
        value = row.get(key)
        return value.value if isinstance(value, Scalar) else ""

    return Vendor(
        id=name,
        name=text("name"),
        baa=text("baa"),
        without_baa=Label.named(text("without")),
        with_baa=Label.named(text("with")),
        confidence=text("confidence"),
        note=text("note"),
    )
