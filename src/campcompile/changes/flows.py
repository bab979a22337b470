"""Which field reaches which place of an e-mail, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from campcompile.analysis.flow import Flow, How, body_flows, inbox_flows, portal_flows, tested
from campcompile.changes.account import CampaignChange, EmailChange, EmailSide, Mark
from campcompile.model.campaign import Campaign
from campcompile.values import dataclass


class Place(Enum):
    """Where somebody learns something from a field."""

    INBOX = "subject and preheader"
    BODY = "body"
    PORTAL = "portal"
    ADDRESS = "address of a link"
    WHO = "who gets it"


@dataclass(frozen=True, slots=True)
class Reach:
    """A field on its way to a place."""

    field: str
    place: Place
    mark: Mark


def flows_of(email: EmailChange, campaign: CampaignChange) -> tuple[Reach, ...]:
    """Every way of a field into the e-mail; new ones and those that are gone are marked."""
    old = set() if email.before is None else set(_reached(email.before, campaign.before))
    new = set() if email.after is None else set(_reached(email.after, campaign.after))
    marks = {
        one: Mark.KEPT if one in old and one in new else Mark.NEW if one in new else Mark.GONE for one in old | new
    }
    ordered = sorted(marks, key=lambda one: (one[0], list(Place).index(one[1])))
    return tuple(Reach(field, place, marks[field, place]) for field, place in ordered)


def _reached(side: EmailSide, campaign: Campaign | None) -> Iterator[tuple[str, Place]]:
    for version in side.email.versions:
        yield from _placed(inbox_flows(version), Place.INBOX)
    for message in side.messages:
        yield from _placed(body_flows(message), Place.BODY)
        yield from _placed(portal_flows(message), Place.PORTAL)
    conditions = [side.email.condition] if campaign is None else [campaign.audience, side.email.condition]
    for condition in conditions:
        if condition is not None:
            yield from _placed((tested(condition),), Place.WHO)


def _placed(flows: tuple[Flow, ...], place: Place) -> Iterator[tuple[str, Place]]:
    for flow in flows:
        for field in flow.fields:
            yield field, Place.ADDRESS if flow.how is How.ADDRESSED else place
