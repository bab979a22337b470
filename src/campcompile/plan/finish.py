"""What is decided between e-mails: sent already, the last of several late ones, one a day, the frequency cap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from campcompile.manifest import Manifest
from campcompile.plan.tables import aware, plain
from campcompile.schedule.life import LAYERS, FrequencyCap, fires_again, next_day
from campcompile.schedule.timing import Anchor
from campcompile.values import dataclass
from campcompile.zones import zone

WAITS = "another-that-day"  # and there is no later day
NEWER = "a-later-one-goes"
ALREADY = "sent-already"
CAPPED = "capped"
OFTEN = "once-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row of `due` that goes, as far as it alone is concerned."""

    number: int  # of the row
    campaign: str
    email: str
    recipient_id: str
    run_id: str
    anchor_id: str
    anchor: datetime | None
    anchor_day: date | None
    repetition: int
    zone: str
    send: datetime
    expires: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An e-mail that the ledger knows."""

    campaign: str
    email: str
    record: str | None  # the recipient's; None where the ledger doesn't tell
    recipient_id: str
    anchor_id: str
    anchor: datetime | None
    anchor_day: date | None
    repetition: int
    sent: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a candidate: another instant, or a reason why it doesn't go."""

    number: int
    send: datetime
    reason: str


def decide(candidates: Iterable[Candidate], sent: Sequence[Sent], manifests: Sequence[Manifest]) -> Iterator[Verdict]:
    """The verdicts that differ from what the query said, for candidates of one person."""
    known = {manifest.code: manifest for manifest in manifests}
    found = list(candidates)
    goes: list[Candidate] = []
    for run in _runs(found):
        for one in _of_run(run, sent, known):
            if isinstance(one, Verdict):
                yield one
            else:
                goes.append(one)
    original = {one.number: one for one in found}
    for one in goes:
        if one.send != original[one.number].send:
            yield Verdict(number=one.number, send=one.send, reason="")
    yield from _capped(goes, sent, known)


def _runs(candidates: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    runs: dict[tuple[str, str], list[Candidate]] = {}
    for one in candidates:
        runs.setdefault((one.campaign, one.run_id), []).append(one)
    return runs.values()


def _of_run(
    run: Sequence[Candidate], sent: Sequence[Sent], known: Mapping[str, Manifest]
) -> Iterator[Candidate | Verdict]:
    manifest = known[run[0].campaign]
    position = {email.id: email.position for email in manifest.emails}
    fresh = []
    for one in run:
        names = (one.email, *(email.was for email in manifest.emails if email.id == one.email and email.was))
        if any(other.email in names and _is_the_same(one, other) for other in sent):
            yield Verdict(number=one.number, send=one.send, reason=ALREADY)
        else:
            fresh.append(one)
    late = sorted((one for one in fresh if one.late), key=lambda one: (one.expires, position[one.email]))
    for one in late[:-1]:
        yield Verdict(number=one.number, send=one.send, reason=NEWER)
    fresh = [one for one in fresh if not one.late] + late[-1:]
    taken = {_local_day(other.sent, run[0].zone) for other in sent if _in_run(other, run)}
    for one in sorted(fresh, key=lambda one: (_local_day(one.send, one.zone), position[one.email], one.repetition)):
        moved = one
        while _local_day(moved.send, moved.zone) in taken:
            later = plain(next_day(aware(moved.send), zone(moved.zone)))
            moved = replace(moved, send=later)
        if moved.send > moved.expires:
            yield Verdict(number=one.number, send=one.send, reason=WAITS)
            continue
        taken.add(_local_day(moved.send, moved.zone))
        yield moved


def _is_the_same(one: Candidate, other: Sent) -> bool:
    """Whether it went out for this anchor; after the anchor was moved it goes again only to another local date."""
    mine = (one.campaign, one.recipient_id, one.anchor_id, one.repetition)
    if mine != (other.campaign, other.recipient_id, other.anchor_id, other.repetition):
        return False
    if one.anchor is None or other.anchor is None:
        return one.anchor_day == other.anchor_day
    here, there = (Anchor(id="", start=aware(start)) for start in (other.anchor, one.anchor))
    return not fires_again(here, there, zone(one.zone))


def _in_run(other: Sent, run: Sequence[Candidate]) -> bool:
    return other.campaign == run[0].campaign and other.anchor_id in {one.anchor_id for one in run}


def _capped(goes: Sequence[Candidate], sent: Sequence[Sent], known: Mapping[str, Manifest]) -> Iterator[Verdict]:
    """In the order of time.md 11: layer, send instant, e-mail, anchor. Essential mail counts, and always goes."""
    if not goes:
        return
    practice = known[goes[0].campaign].practice
    if practice.frequency_cap is None:
        return
    cap = FrequencyCap(practice.frequency_cap.max, practice.frequency_cap.per)
    home = zone(practice.zone)
    others = [(other.campaign, other.sent) for other in sent]

    def order(one: Candidate) -> tuple[Any, ...]:
        return LAYERS.index(known[one.campaign].layer), one.send, one.email, one.anchor_id

    for one in sorted(goes, key=order):
        of_others = [aware(at) for campaign, at in others if campaign != one.campaign]
        is_free = cap.free_at(aware(one.send), of_others, home) <= aware(one.send)
        if known[one.campaign].layer == "essential" or is_free:
            others.append((one.campaign, one.send))
        else:
            yield Verdict(number=one.number, send=one.send, reason=CAPPED)


def _local_day(instant: datetime, where: str) -> date:
    return aware(instant).astimezone(zone(where)).date()
