"""Dated mail: issues with a date, of which the frequency cap lets one reader have only the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice

from campcompile.analysis.anchoring import place_of
from campcompile.analysis.predicates import Verdict, overlap
from campcompile.formula import And, Formula
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.schedule.life import LAYERS, FrequencyCap, after
from campcompile.schedule.moments import dated_moment
from campcompile.schedule.timing import Place, Timing
from campcompile.schedule.wall import wall_of
from campcompile.schedule.working_days import UnknownCalendarError
from campcompile.values import dataclass

_LONG_AGO = timedelta(days=100)
_FAR_AHEAD = timedelta(days=3660)  # what is farther is a slip of the finger
_MOST_RIVALS = 24  # that are looked at for one issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One e-mail with a date, when it goes and until when it may."""

    campaign: Campaign
    email: Email
    day: date
    send: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An issue that whoever got `behind` never gets, and the day on which the cap would let it go."""

    issue: Issue
    behind: Issue
    free: date


def held_back(programme: Programme, today: date) -> Iterator[HeldBack]:
    """The issues from `today` on that the cap holds back until their time is over, in order of time."""
    written = programme.settings.frequency_cap
    if written is None:
        return
    cap, place = FrequencyCap(*written), place_of(programme)
    going: list[Issue] = []
    for issue in _issues(programme, place, today):
        if issue.campaign.layer == "essential":
            going.append(issue)
            continue
        rivals = tuple(_rivals(issue, going, cap, place, programme))
        free = cap.free_at(issue.send, (rival.send for rival in rivals), place.zone)
        if free > issue.send and place.quiet is not None:
            free = place.quiet.later(free, place.zone)
        if free <= issue.expires:
            going.append(replace(issue, send=free))
        elif issue.day >= today:
            yield HeldBack(issue, rivals[0], wall_of(free, place.zone).date())


def may_both_get(
    one: Campaign,
    email: Email,
    other: Campaign,
    second: Email,
    programme: Programme,
    same: tuple[Formula, ...] = (),
) -> bool:
    """Can one person get both, or may that be so for all that can be told? `same` is what holds beside."""
    if one.recipient != other.recipient or not _share_readers(one, other, programme):
        return False
    left, right = _asks(one, email), _asks(other, second)
    if left == right and not same:
        return True
    return overlap(And(left), And((*right, *same)), programme.dictionary) is not Verdict.NO


def _share_readers(one: Campaign, other: Campaign, programme: Programme) -> bool:
    """Is there a language in which somebody gets both, their own or by its fallback?"""
    if set(one.locales) & set(other.locales):
        return True
    fallback = programme.settings.locales.fallback
    return any(
        all(
            {wanted, fallback.get(wanted, ""), fallback.get("*", "")} & set(campaign.locales)
            for campaign in (one, other)
        )
        for wanted in (*programme.settings.locales.all, *fallback)
    )


def _asks(campaign: Campaign, email: Email) -> tuple[Formula, ...]:
    own = () if email.condition is None else (email.condition.formula,)
    return (campaign.audience.formula, *own)


def _rivals(issue: Issue, going: list[Issue], cap: FrequencyCap, place: Place, programme: Programme) -> Iterator[Issue]:
    """What other campaigns send to the same people within the cap's time before an issue, the latest first."""
    for rival in islice(reversed(going), _MOST_RIVALS):
        is_near = rival.campaign.code != issue.campaign.code and after(rival.send, cap.per, place.zone) > issue.send
        if is_near and may_both_get(rival.campaign, rival.email, issue.campaign, issue.email, programme):
            yield rival


def _issues(programme: Programme, place: Place, today: date) -> list[Issue]:
    """Every e-mail with a date, by its first language, in the order in which the cap looks at them."""
    known = [campaign for campaign in programme.campaigns if campaign.layer in LAYERS]
    asked = (_issue(campaign, email, place, today) for campaign in known for email in campaign.emails)
    found = [issue for issue in asked if issue is not None]
    return sorted(found, key=lambda one: (one.day, LAYERS.index(one.campaign.layer), one.send, one.campaign.code))


def _issue(campaign: Campaign, email: Email, place: Place, today: date) -> Issue | None:
    """None for an e-mail without a date, one that is long past, and one that never goes."""
    if not email.send.dates:
        return None
    timing = Timing.of(email.send)
    day = timing.day_for(campaign.locales[0])
    if day is None or timing.at is None or not -_LONG_AGO < day - today < _FAR_AHEAD:
        return None
    try:
        going = dated_moment(timing, day, place)
    except (OverflowError, UnknownCalendarError):  # it expires beyond the calendar, or it is of one that isn't known
        return None
    if going.send is None:
        return None
    return Issue(campaign=campaign, email=email, day=day, send=going.send, expires=going.expires)
