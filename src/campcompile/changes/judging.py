"""The rules about a change itself, asked once the account is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from campcompile.changes.account import (
    CampaignChange,
    Change,
    Consequence,
    Direction,
    EmailChange,
    Fate,
    Rescheduled,
    Selected,
)
from campcompile.changes.findings import (
    AUDIENCE_WIDENED,
    CONSENT_WEAKENED,
    QUIET_HOURS_REMOVED,
    UNSAFE_LIVE_EDIT,
    WAIVER_ADDED,
)
from campcompile.changes.places import span_of
from campcompile.changes.rescheduling import Timetable, keeps_everybody
from campcompile.changes.waived import newly_waived
from campcompile.compiler import Compilation
from campcompile.model.campaign import Programme
from campcompile.model.labels import Label
from campcompile.model.shared import Basis
from campcompile.model.timing import parse_offset
from campcompile.schedule.quiet_hours import parse_quiet_hours
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Source, Span

_HARDER_TO_REFUSE = {"essential": 2, "updates": 1, "promotional": 0}
_CONSENT = "campaigns/_shared/consent.yaml"
_WORKSPACE = "campcompile.yaml"

Sources = Mapping[str, Source]


def judged(
    changes: Iterable[Change], campaigns: Iterable[CampaignChange], before: Compilation, after: Compilation
) -> tuple[Diagnostic, ...]:
    """The findings about the change, in the order of places."""
    live = [one for one in campaigns if one.before is not None and one.after is not None]
    old, new = before.programme, after.programme
    found = [
        *_audiences(changes),
        *(finding for one in live for finding in _campaign(one, old, new, after.sources)),
        *_consent(old, new, after.sources),
        *_quiet_hours(old, new, after.sources),
        *(WAIVER_ADDED.at(one.span, code=one.rule.code, message=one.message) for one in newly_waived(before, after)),
    ]
    return tuple(sorted(found, key=lambda one: one.sort_key))


def _campaign(change: CampaignChange, old: Programme, new: Programme, sources: Sources) -> Iterator[Diagnostic]:
    was, now = change.before, change.after
    assert was is not None and now is not None
    yield from _audiences(change.changes)
    if was.code != now.code:
        yield UNSAFE_LIVE_EDIT.at(span_of(sources, now.path, "code"), say="code", before=was.code)
    if was.anchor != now.anchor:
        span = span_of(sources, now.path, "anchor")
        yield UNSAFE_LIVE_EDIT.at(span, say="anchor", before=was.anchor, after=now.anchor)
    if _HARDER_TO_REFUSE.get(now.layer, 0) > _HARDER_TO_REFUSE.get(was.layer, 0):
        span = span_of(sources, now.path, "layer")
        yield CONSENT_WEAKENED.at(span, what="the layer", before=was.layer, after=now.layer)
    for email in change.emails:
        yield from _audiences(email.changes)
        yield from _live_edits(email, old, new)


def _audiences(changes: Iterable[Change]) -> Iterator[Diagnostic]:
    for change in changes:
        if not isinstance(change.detail, Selected) or change.span is None:
            continue
        before, after = change.before or "everybody", change.after or "everybody"
        if change.detail.direction in (Direction.WIDENED, Direction.SHIFTED):
            yield AUDIENCE_WIDENED.at(change.span, before=before, after=after)
        elif change.detail.direction is Direction.UNDECIDED:
            yield AUDIENCE_WIDENED.at(change.span, say="undecided", severity=Severity.INFO, before=before, after=after)


def _live_edits(email: EmailChange, old: Programme, new: Programme) -> Iterator[Diagnostic]:
    if email.fate is Fate.RENAMED and email.after is not None and email.after.email.was != email.was:
        yield UNSAFE_LIVE_EDIT.at(email.after.email.span, say="renamed", id=email.id, was=email.was)
    for change in email.changes:
        if isinstance(change.detail, Rescheduled) and change.span is not None:
            yield from _rescheduled(change.detail, change.span, old, new)


def _rescheduled(change: Rescheduled, span: Span, old: Programme, new: Programme) -> Iterator[Diagnostic]:
    was, now = change.before, change.after
    if Consequence.TWICE in change.consequences:
        yield UNSAFE_LIVE_EDIT.at(span, say="anchor", before=was.anchor, after=now.anchor)
    if Consequence.RHYTHM in change.consequences:
        before, after = str(was.repeat), str(now.repeat or "never")
        yield UNSAFE_LIVE_EDIT.at(span, say="rhythm", severity=Severity.WARNING, before=before, after=after)
    if Consequence.MISSES in change.consequences and was.offset is not None:
        expires = keeps_everybody(Timetable(was, old.settings), Timetable(now, new.settings))
        say = "" if expires else "late"
        yield UNSAFE_LIVE_EDIT.at(span, say=say, window=_window(change.window), expires=expires)


def _window(window: timedelta) -> str:
    hours = -(-window // timedelta(hours=1))
    days = -(-hours // 24)
    return f"{days} days" if days > 1 else f"{hours} hours"


def _consent(old: Programme, new: Programme, sources: Sources) -> Iterator[Diagnostic]:
    for place, row in _rows(new.consent.bases).items():
        former = _rows(old.consent.bases).get(place)
        if former is None:
            continue
        if (former.consent and not row.consent) or row.up_to > former.up_to:
            what = f"{place[0]} mail of the layer {place[1]} in {place[2]}"
            yield CONSENT_WEAKENED.at(row.span, what=what, before=_ground(former), after=_ground(row))
    for id, consent in new.consent.consents.items():
        former_consent = old.consent.consents.get(id)
        if former_consent is None:
            continue
        for key in ("layers", "purposes"):
            was, now = getattr(former_consent, key), getattr(consent, key)
            if set(now) > set(was):
                span = span_of(sources, _CONSENT, "consents", id, key)
                yield CONSENT_WEAKENED.at(span, what=f"what `{id}` covers", before=", ".join(was), after=", ".join(now))
        if _longer(former_consent.max_age, consent.max_age):
            span = span_of(sources, _CONSENT, "consents", id, "max_age")
            after = consent.max_age or "for ever"
            yield CONSENT_WEAKENED.at(span, what=f"how long `{id}` holds", before=former_consent.max_age, after=after)
    yield from _opt_out(old, new, sources)


def _opt_out(old: Programme, new: Programme, sources: Sources) -> Iterator[Diagnostic]:
    was, now = old.settings.opt_out, new.settings.opt_out
    if was is not None and now is None:
        yield CONSENT_WEAKENED.at(
            span_of(sources, _WORKSPACE, "opt_out"), what="the opt-out", before=was.page or was.mailto, after="nothing"
        )
    elif was is not None and now is not None and _longer(was.within, now.within):
        span = span_of(sources, _WORKSPACE, "opt_out", "within")
        yield CONSENT_WEAKENED.at(span, what="how soon an opt-out holds", before=was.within, after=now.within)


def _rows(bases: tuple[Basis, ...]) -> Mapping[tuple[str, str, str], Basis]:
    """The row that reaches furthest, for each purpose, layer and jurisdiction."""
    found: dict[tuple[str, str, str], Basis] = {}
    for row in bases:
        for place in row.jurisdictions:
            key = (row.purpose, row.layer, place)
            if key not in found or row.up_to > found[key].up_to:
                found[key] = row
    return found


def _ground(row: Basis) -> str:
    reach: Label = row.up_to
    return f"{f'consent {row.consent}' if row.consent else f'basis {row.basis}'}, up to {reach.word}"


def _longer(before: str, after: str) -> bool:
    """Whether a duration grew; none at all holds for ever."""
    if not before or before == after:
        return False
    was, now = parse_offset(before), parse_offset(after)
    if was is None or now is None:
        return not after
    return (now.months * 30.4 + now.days) * 1440 + now.minutes > (was.months * 30.4 + was.days) * 1440 + was.minutes


def _quiet_hours(old: Programme, new: Programme, sources: Sources) -> Iterator[Diagnostic]:
    was, now = old.settings.quiet_hours, new.settings.quiet_hours
    if not was or was == now:
        return
    span = span_of(sources, _WORKSPACE, "quiet_hours")
    if not now:
        yield QUIET_HOURS_REMOVED.at(span, before=was)
    elif _minutes(now) < _minutes(was):
        yield QUIET_HOURS_REMOVED.at(span, say="shorter", before=was, after=now)


def _minutes(text: str) -> float:
    hours = parse_quiet_hours(text)
    if hours is None:
        return 0
    day = datetime(2026, 1, 1)
    night = datetime.combine(day, hours.end) - datetime.combine(day, hours.start)
    return night.total_seconds() % timedelta(days=1).total_seconds()
