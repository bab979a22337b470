"""What a planner must know beside conditions: bound rows, where derived fields come from, zones, exclusions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.formula import Const, Else, FieldRef, Formula
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.conditions import bind_segment
from campcompile.model.dictionary import records_with
from campcompile.model.scope import Names, Scope
from campcompile.syntax.condition import parse_condition
from campcompile.syntax.source import MappedText, Span
from campcompile.values import dataclass

_NOWHERE = Span("", 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a derived field comes from a person's rows."""

    function: str  # first | last | next
    field: str
    where: Formula | None
    zone: Formula  # of the source row: which day a date is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """A segment whose people get nothing of a layer."""

    title: str
    condition: Condition


def names_of(programme: Programme) -> Names:
    """What names mean in the whole practice."""
    return Names(programme.settings, programme.dictionary, programme.segments)


def derivations_of(programme: Programme) -> Iterator[tuple[str, Derivation]]:
    """Each derived field's name, and how it is made."""
    names = names_of(programme)
    for field in programme.dictionary.fields.values():
        made = field.derivation
        if made is None:
            continue
        chain = records_with(programme.dictionary, made.field.partition(".")[0])
        scope = Scope(names=names, recipient=field.record, records=chain)
        expression = parse_condition(MappedText.plain(made.where, "", 0)).value if made.where else None
        condition = scope.condition(expression).value if expression is not None else None
        where = None if condition is None else condition.formula
        yield field.name, Derivation(function=made.function, field=made.field, where=where, zone=scope.zone_of(""))


def exclusions_of(campaign: Campaign, scope: Scope) -> Iterator[Exclusion]:
    """The segments that `exclude_from` keeps out of the campaign's layer."""
    for segment in scope.names.segments.values():
        if campaign.layer in segment.exclude_from:
            condition = bind_segment(segment.name, _NOWHERE, scope).value
            if condition is not None:
                yield Exclusion(title=segment.title, condition=condition)


def scope_of(
    anchor: str, campaign: Campaign, programme: Programme, derivations: Mapping[str, Derivation], names: Names
) -> Scope:
    """The rows that an anchor binds: its own and whom it belongs to, then the recipient's."""
    dictionary = programme.dictionary
    source = derivations[anchor].field if anchor in derivations else anchor
    own = records_with(dictionary, campaign.recipient) or (campaign.recipient,)
    anchored = records_with(dictionary, source.partition(".")[0]) if source in dictionary.fields else ()
    chain = tuple(dict.fromkeys((*anchored, *own)))
    return Scope(names=names, recipient=campaign.recipient, records=chain)


def zone_of(written: str, scope: Scope) -> Formula:
    """`site`: the anchor's record's, else the person's, else the practice's; `patient`: their own, else the site's."""
    site = scope.zone_of("")
    if written == "site":
        return site
    if written != "patient":
        return Const(written)
    own = f"{scope.recipient}.time_zone"
    return Else(FieldRef(own), site) if own in scope.names.dictionary.fields else site


def holidays_of(scope: Scope) -> Formula:
    """Which calendar of working days holds: the site's, else the practice's."""
    practice = scope.names.settings.practice
    holidays = {site.id: site.values["holidays"] for site in practice.sites.values() if "holidays" in site.values}
    return scope.site_lookup(holidays, practice.value("holidays"))
