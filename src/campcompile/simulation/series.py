"""A programme as the simulator asks it: each campaign's conditions, and each e-mail's timing, zone and holidays."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from campcompile.formula import Formula, source_fields
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.planning import (
    Derivation,
    Exclusion,
    derivations_of,
    exclusions_of,
    holidays_of,
    names_of,
    scope_of,
    zone_of,
)
from campcompile.model.scope import Names, Scope
from campcompile.schedule.life import FrequencyCap
from campcompile.schedule.quiet_hours import QuietHours, parse_quiet_hours
from campcompile.schedule.timing import Timing
from campcompile.values import dataclass
from campcompile.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One e-mail of a series."""

    email: Email
    position: int  # 1 is the first in the file
    timing: Timing
    anchor: str  # a field's name, "entry", "event.start"; "" where it has a date
    zone: Formula
    holidays: Formula
    condition: Formula | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One campaign, ready to be asked about people."""

    campaign: Campaign
    steps: tuple[Step, ...]
    exclusions: tuple[Exclusion, ...]
    audience_title: str
    chain: tuple[str, ...]  # the records that a run binds, the anchor's first
    zone: Formula  # of the campaign's own days: entry, re-entry
    by_day: bool  # whether the mere passing of a day can bring somebody in, or out
    anchors_move: bool  # whether it can change what an e-mail counts from: the next visit becomes the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """What is the same for all campaigns."""

    programme: Programme
    zone: ZoneInfo
    quiet: QuietHours | None
    cap: FrequencyCap | None
    derivations: Mapping[str, Derivation]
    series: tuple[Series, ...]


def practice_of(programme: Programme) -> Practice:
    """Every campaign that has words in some language."""
    settings = programme.settings
    names = names_of(programme)
    derivations = dict(derivations_of(programme))
    cap = settings.frequency_cap
    return Practice(
        programme=programme,
        zone=zone(settings.practice.value("time_zone")),
        quiet=parse_quiet_hours(settings.quiet_hours),
        cap=None if cap is None else FrequencyCap(*cap),
        derivations=derivations,
        series=tuple(_series(campaign, programme, names, derivations) for campaign in programme.campaigns),
    )


def _series(campaign: Campaign, programme: Programme, names: Names, derivations: Mapping[str, Derivation]) -> Series:
    scope = scope_of(campaign.anchor, campaign, programme, derivations, names)
    exclusions = tuple(exclusions_of(campaign, scope))
    segment_of = names.segments.get(campaign.audience_name)
    asked = [campaign.audience.formula, *(exclusion.condition.formula for exclusion in exclusions)]
    if campaign.stop_when is not None:
        asked.append(campaign.stop_when.formula)
    return Series(
        campaign=campaign,
        steps=tuple(
            _step(email, place, scope_of(email.send.anchor, campaign, programme, derivations, names))
            for place, email in enumerate(campaign.emails, 1)
        ),
        exclusions=exclusions,
        audience_title=segment_of.title if segment_of is not None else "",
        chain=scope.records,
        zone=scope.zone_of(""),
        anchors_move=any(name in derivations for name in (campaign.anchor, *(e.send.anchor for e in campaign.emails))),
        by_day=campaign.anchor == "entry" or any(_moves(formula, derivations) for formula in asked),
    )


def _step(email: Email, position: int, scope: Scope) -> Step:
    return Step(
        email=email,
        position=position,
        timing=Timing.of(email.send),
        anchor="" if email.send.dates else email.send.anchor,
        zone=zone_of(email.send.zone, scope),
        holidays=holidays_of(scope),
        condition=None if email.condition is None else email.condition.formula,
    )


def _moves(formula: Formula, derivations: Mapping[str, Derivation]) -> bool:
    """Whether a formula's value can change while no field of a row does."""
    return "Today(" in repr(formula) or any(field in derivations for field in source_fields(formula))
