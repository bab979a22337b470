"""Segments as typed conditions, each bound where every record's row is at hand."""

from __future__ import annotations

from collections.abc import Mapping

from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.conditions import bind_segment
from campcompile.model.scope import Names, Scope


def bound_segments(programme: Programme) -> Mapping[str, Condition]:
    """By name, those that mean something. Ask through `facts.once`."""
    # Of the programme, never of a campaign's versions: one that was remembered knows the segments of its own day.
    names = Names(settings=programme.settings, dictionary=programme.dictionary, segments=programme.segments)
    scope = Scope(names=names, recipient="", records=tuple(programme.dictionary.records))
    read = {name: segment for name, segment in names.segments.items() if segment.where is not None}
    found = {name: bind_segment(name, segment.span, scope).value for name, segment in read.items()}
    return {name: condition for name, condition in found.items() if condition is not None}


def is_declared(name: str, campaign: Campaign) -> bool:
    """Is there a segment of this name that could be read, as far as a campaign with words can tell?"""
    for email in campaign.emails:
        for version in email.versions:
            segment = version.scope.names.segments.get(name)
            return segment is not None and segment.where is not None
    return False
