"""Segments as typed conditions, each bound where every record's row is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.conditions import bind_segment
from campcompile.model.scope import Names, Scope


def bound_segments(programme: Programme) -> Mapping[str, Condition]:
    """By name, those that mean something; none where no campaign has any words. Ask through `facts.once`."""
    names = _names(programme.campaigns)
    if names is None:
        return {}
    scope = Scope(names=names, recipient="", records=tuple(programme.dictionary.records))
    read = {name: segment for name, segment in names.segments.items() if segment.where is not None}
    found = {name: bind_segment(name, segment.span, scope).value for name, segment in read.items()}
    return {name: condition for name, condition in found.items() if condition is not None}


def is_declared(name: str, campaign: Campaign) -> bool:
    """Is there a segment of this name that could be read, as far as a campaign with words can tell?"""
    names = _names((campaign,))
    segment = names.segments.get(name) if names is not None else None
    return segment is not None and segment.where is not None


def _names(campaigns: Iterable[Campaign]) -> Names | None:
    """What names mean, as a version of any e-mail knows it."""
    for campaign in campaigns:
        for email in campaign.emails:
            for version in email.versions:
                return version.scope.names
    return None
