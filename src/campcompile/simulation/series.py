"""A programme as the simulator asks it: each campaign's conditions, and each e-mail's timing, zone and holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from campcompile.formula import Const, Else, FieldRef, Formula, source_fields
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.conditions import bind_segment
from campcompile.model.dictionary import records_with
from campcompile.model.scope import Names, Scope
from campcompile.schedule.life import FrequencyCap
from campcompile.schedule.quiet_hours import QuietHours, parse_quiet_hours
from campcompile.schedule.timing import Timing
from campcompile.syntax.condition import parse_condition
from campcompile.syntax.source import MappedText, Span
from campcompile.values import dataclass
from campcompile.zones import zone

_NOWHERE = Span("", 0, 0)


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
class Exclusion:
    """A segment whose people get nothing of a layer."""

    title: str
    formula: Formula


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
class Derivation:
    """How a derived field comes from a person's rows."""

    function: str  # first | last | next
    field: str
    where: Formula | None
    zone: Formula  # of the source row: which day a date is in


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
    derivations = dict(_derivations(programme))
    cap = settings.frequency_cap
    return Practice(
        programme=programme,
        zone=zone(settings.practice.value("time_zone")),
        quiet=parse_quiet_hours(settings.quiet_hours),
        cap=None if cap is None else FrequencyCap(*cap),
        derivations=derivations,
        series=tuple(_series(campaign, programme, derivations) for campaign in programme.campaigns),
    )


def _names(programme: Programme) -> Names:
    return Names(programme.settings, programme.dictionary, programme.segments)


def _derivations(programme: Programme) -> Iterator[tuple[str, Derivation]]:
    names = _names(programme)
    for field in programme.dictionary.fields.values():
        made = field.derivation
        if made is None:
            continue
        chain = records_with(programme.dictionary, made.field.partition(".")[0])
        scope = Scope(names=names, recipient=field.record, records=chain)
        expression = parse_condition(MappedText.plain(made.where, "", 0)).value if made.where else None
        condition = scope.condition(expression).value if expression is not None else None
        yield (
            field.name,
            Derivation(
                function=made.function,
                field=made.field,
                where=None if condition is None else condition.formula,
                zone=scope.zone_of(""),
            ),
        )


def _series(campaign: Campaign, programme: Programme, derivations: Mapping[str, Derivation]) -> Series:
    names = _names(programme)
    chain = _chain(campaign.anchor, campaign, programme, derivations)
    scope = Scope(names=names, recipient=campaign.recipient, records=chain)
    exclusions = []
    for segment in names.segments.values():
        if campaign.layer in segment.exclude_from:
            condition = bind_segment(segment.name, _NOWHERE, scope).value
            if condition is not None:
                exclusions.append(Exclusion(title=segment.title, formula=condition.formula))
    segment_of = names.segments.get(campaign.audience_name)
    asked = [campaign.audience.formula, *(exclusion.formula for exclusion in exclusions)]
    if campaign.stop_when is not None:
        asked.append(campaign.stop_when.formula)
    return Series(
        campaign=campaign,
        steps=tuple(
            _step(email, place, campaign, programme, derivations) for place, email in enumerate(campaign.emails, 1)
        ),
        exclusions=tuple(exclusions),
        audience_title=segment_of.title if segment_of is not None else "",
        chain=chain,
        zone=scope.zone_of(""),
        anchors_move=any(name in derivations for name in (campaign.anchor, *(e.send.anchor for e in campaign.emails))),
        by_day=campaign.anchor == "entry" or any(_moves(formula, derivations) for formula in asked),
    )


def _step(
    email: Email, position: int, campaign: Campaign, programme: Programme, derivations: Mapping[str, Derivation]
) -> Step:
    chain = _chain(email.send.anchor, campaign, programme, derivations)
    scope = Scope(names=_names(programme), recipient=campaign.recipient, records=chain)
    practice = programme.settings.practice
    holidays = {site.id: site.values["holidays"] for site in practice.sites.values() if "holidays" in site.values}
    return Step(
        email=email,
        position=position,
        timing=Timing.of(email.send),
        anchor="" if email.send.dates else email.send.anchor,
        zone=_zone(email.send.zone, campaign.recipient, scope),
        holidays=scope.site_lookup(holidays, practice.value("holidays")),
        condition=None if email.condition is None else email.condition.formula,
    )


def _zone(written: str, recipient: str, scope: Scope) -> Formula:
    """`site`: the anchor's record's, else the person's, else the practice's; `patient`: their own, else the site's."""
    site = scope.zone_of("")
    if written == "site":
        return site
    if written != "patient":
        return Const(written)
    own = f"{recipient}.time_zone"
    return Else(FieldRef(own), site) if own in scope.names.dictionary.fields else site


def _chain(
    anchor: str, campaign: Campaign, programme: Programme, derivations: Mapping[str, Derivation]
) -> tuple[str, ...]:
    """The records that are bound: the anchor's row and whom it belongs to, then the recipient's."""
    dictionary = programme.dictionary
    source = derivations[anchor].field if anchor in derivations else anchor
    own = records_with(dictionary, campaign.recipient) or (campaign.recipient,)
    anchored = records_with(dictionary, source.partition(".")[0]) if source in dictionary.fields else ()
    return tuple(dict.fromkeys((*anchored, *own)))


def _moves(formula: Formula, derivations: Mapping[str, Derivation]) -> bool:
    """Whether a formula's value can change while no field of a row does."""
    return "Today(" in repr(formula) or any(field in derivations for field in source_fields(formula))
