"""One person's life through all campaigns: at every instant at which something changes, what goes and what doesn't."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from campcompile.evaluate import evaluate
from campcompile.schedule.life import LAYERS, fires_again, last_past_due, may_begin_again, next_day
from campcompile.schedule.moments import Why, at_once, half_period
from campcompile.schedule.wall import start_of_day, wall_of
from campcompile.simulation.outcome import OF_TIME, Outcome, Reason, Status
from campcompile.simulation.person import Bound, Person, World
from campcompile.simulation.refusals import refusal
from campcompile.simulation.runs import Instance, Key, Pending, Run, may_wait, outcome
from campcompile.simulation.series import Practice, Series
from campcompile.simulation.wishes import Wishes
from campcompile.zones import zone

_DAY = timedelta(days=1)
_ANCHOR_GONE = Reason("anchor-gone", "what it counts from is not there any more")


def simulate(practice: Practice, person: Person, since: datetime, until: datetime) -> tuple[Outcome, ...]:
    """Every e-mail that goes, or is dropped, cancelled or expires, from `since` to `until`, in order of time.

    What was due before `since` to a person who was there already counts as done.
    """
    return _Life(practice, person, since, until).outcomes()


class _Life:
    def __init__(self, practice: Practice, person: Person, since: datetime, until: datetime) -> None:
        self.practice = practice
        self.person = person
        self.since, self.until = since, until
        self.world = World(person, practice.programme, practice.derivations)
        self.runs: dict[tuple[str, str, str], Run] = {}
        self.begun: dict[tuple[str, str], list[datetime]] = {}
        self.refused: set[tuple[str, str, str]] = set()
        self.found: list[Outcome] = []
        self.sent: list[tuple[datetime, Run]] = []
        self.agenda: list[datetime] = []
        self.wishes = Wishes(practice, self.world, since, until)

    def outcomes(self) -> tuple[Outcome, ...]:
        changes = [change for change in self.person.changes if change.at > self.since]
        for change in self.person.changes:
            if change.at <= self.since:
                self.world.apply(change)
        days = set(self._midnights())
        happenings = {self.since, *(change.at for change in changes)}
        self.agenda = [*days | happenings]
        heapify(self.agenda)
        last = None
        while self.agenda and (now := heappop(self.agenda)) <= self.until:
            if now == last:
                continue
            last = now
            while changes and changes[0].at <= now:
                self.world.apply(changes.pop(0))
            if now in happenings or now in days:
                self._look_at_all(now, everything=now in happenings)
            self._send(now)
        return tuple(sorted(self.found, key=lambda one: (one.at, one.due, one.name)))

    def _midnights(self) -> Iterator[datetime]:
        day = wall_of(self.since, self.practice.zone).date() + _DAY
        while (midnight := start_of_day(day, self.practice.zone)) <= self.until:
            yield midnight
            day += _DAY

    # ── who is in which run ──────────────────────────────────────────────────────────────────────────

    def _look_at_all(self, now: datetime, *, everything: bool) -> None:
        for series in self.practice.series:
            if everything or series.by_day:
                for recipient, rows in self._recipients(series):
                    self._look_at(series, recipient, rows, now, changed=everything or series.anchors_move)

    def _recipients(self, series: Series) -> Iterator[tuple[str, Mapping[str, str]]]:
        record = series.campaign.recipient
        for id in self.world.rows_of(record):
            yield id, {record: id}

    def _look_at(
        self, series: Series, recipient: str, rows: Mapping[str, str], now: datetime, *, changed: bool
    ) -> None:
        code = series.campaign.code
        alive = set()
        for instance in self.wishes.instances(series, rows, now):
            key = code, recipient, instance.id
            alive.add(key)
            bound = self.wishes.bound(series, instance.rows, now)
            met = evaluate(series.campaign.audience.formula, bound, now) is True
            run = self.runs.get(key)
            again = run is None or series.campaign.anchor == "entry"
            if met and again and self._may_begin(key, series, instance, run, now):
                run = self._begin(key, series, instance, bound, now)
            if run is not None and not run.ended:
                run.instance = instance
                self._refresh(run, met, now, changed=changed or met is not run.met)
        for key, run in self.runs.items():
            if key[:2] == (code, recipient) and key not in alive:
                self._cancel_all(run, _ANCHOR_GONE, now)

    def _may_begin(
        self, key: tuple[str, str, str], series: Series, instance: Instance, run: Run | None, now: datetime
    ) -> bool:
        if key in self.refused:
            return False
        reenter = series.campaign.reenter
        if run is not None and reenter in ("once", "per_anchor"):
            return False
        if may_begin_again(reenter, self.begun.get(key[:2], []), now, self.practice.zone):
            return True
        if series.campaign.anchor != "entry":
            self.refused.add(key)
            self._report_no_new_run(key, series, instance, now)
        return False

    def _report_no_new_run(self, key: tuple[str, str, str], series: Series, instance: Instance, now: datetime) -> None:
        run = Run(series, key[1], instance, now, wall_of(now, self.practice.zone).date(), ended=True)
        began = max(self.begun[key[:2]]).astimezone(self.practice.zone)
        words = f"the last run began on {began:%d %B %Y}, and `reenter` is `{series.campaign.reenter}`"
        for pending in self.wishes.of(run, now):
            if pending.moment.expires >= now:
                self._record(run, pending, Status.DROPPED, now, (Reason("no-new-run", words),))

    def _begin(self, key: tuple[str, str, str], series: Series, instance: Instance, bound: Bound, now: datetime) -> Run:
        if key in self.runs:
            self._cancel_all(self.runs[key], Reason("new-run", "another run of the campaign begins"), now)
        where = zone(str(evaluate(series.zone, bound, now)))
        run = Run(series, key[1], instance, now, wall_of(now, where).date())
        self.runs[key] = run
        self.begun.setdefault(key[:2], []).append(now)
        return run

    # ── what changes in a run ────────────────────────────────────────────────────────────────────────

    def _refresh(self, run: Run, met: bool, now: datetime, *, changed: bool) -> None:
        """Take in what changed: e-mails that are new, moved, or not wanted any more."""
        if ending := self._ending(run, now):
            run.ended = True
            self._cancel_all(run, ending, now)
            return
        run.met = met
        if not met:
            title = run.series.audience_title
            who = f"the audience “{title}”" if title else "its audience"
            self._cancel_all(run, Reason("not-in-audience", f"they are not in {who} any more"), now)
        elif changed:
            self._take_in(run, now)

    def _take_in(self, run: Run, now: datetime) -> None:
        wanted = {pending.key: pending for pending in self.wishes.of(run, now)}
        gone = {key: pending for key, pending in run.pending.items() if key not in wanted}
        same = {(key.step, key.repetition, key.anchor) for key in wanted}
        moved = {key: one for key, one in gone.items() if (key.step, key.repetition, key.anchor) in same}
        self._cancel(run, moved, Reason("moved", "its event was moved: it is planned anew"), now)
        self._cancel(run, {key: one for key, one in gone.items() if key not in moved}, _ANCHOR_GONE, now)
        new = [pending for key, pending in wanted.items() if key not in run.pending and key not in run.done]
        new = [pending for pending in new if not self._was_sent(run, pending, now)]
        for pending in new:
            if pending.when >= now:
                self._wait_until(run, pending, pending.when)
        self._past_due(run, [pending for pending in new if pending.when < now], now)

    def _ending(self, run: Run, now: datetime) -> Reason | None:
        """Why a run is over for good."""
        campaign = run.campaign
        bound = self.wishes.bound(run.series, run.instance.rows, now)
        if campaign.stop_when is not None and evaluate(campaign.stop_when.formula, bound, now) is True:
            return Reason("stopped", f"the run has ended: `{campaign.stop_when.words}`")
        if campaign.layer in self.world.refused:
            return Reason("unsubscribed", f"they unsubscribed from `{campaign.layer}` mail")
        if self.world.unreachable:
            return Reason("suppressed", f"nothing is sent: {self.world.unreachable}")
        return None

    def _was_sent(self, run: Run, pending: Pending, now: datetime) -> bool:
        """An e-mail whose event was moved after it went out: it goes again only to another local date."""
        if pending.anchor is None or pending.step.timing.repeat is not None:
            return False
        for other, _ in run.sent:
            same = (other.key.step, other.key.repetition, other.key.anchor)
            if same == (pending.key.step, pending.key.repetition, pending.key.anchor) and other.anchor is not None:
                where = zone(str(evaluate(run.series.zone, self.wishes.bound(run.series, pending.rows, now), now)))
                if not fires_again(other.anchor, pending.anchor, where):
                    words = "its event was moved within the day, and it went out already"
                    self._decide(run, pending, Status.DROPPED, now, Reason("sent-already", words))
                    return True
        return False

    def _past_due(self, run: Run, late: list[Pending], now: datetime) -> None:
        """Of those that should have gone before now, the last one goes at once, if it still may."""
        if now == self.since:
            run.done |= {pending.key for pending in late}
            return
        free = []
        for pending in late:
            found = at_once(pending.moment, now, pending.step.timing, pending.place)
            if found.send is None:
                assert found.why_not is not None
                status = Status.EXPIRED if found.why_not is Why.EXPIRED else Status.DROPPED
                same = (pending.key.step, pending.key.repetition, pending.key.anchor)
                if any((key.step, key.repetition, key.anchor) == same for key in run.done):
                    run.done.add(pending.key)  # told already, for the time that its event was moved from
                    continue
                self._decide(run, pending, status, now, OF_TIME[found.why_not])
            else:
                pending.when = found.send
                free.append(pending)
        chosen = last_past_due((pending.moment.due, pending.step.position, pending) for pending in free)
        for pending in free:
            if pending is chosen:
                pending.notes.append(Reason("past-due", "it was past due already, and goes as soon as it may"))
                self._wait_until(run, pending, pending.when)
            else:
                words = "it was past due, and a later e-mail of the series goes instead"
                self._decide(run, pending, Status.DROPPED, now, Reason("overtaken", words))

    # ── what goes now ────────────────────────────────────────────────────────────────────────────────

    def _send(self, now: datetime) -> None:
        ready = [
            (run, pending) for run in self.runs.values() for pending in run.pending.values() if pending.when <= now
        ]
        for run, pending in sorted(ready, key=_rank):
            if pending.key in run.pending and pending.when <= now:
                self._try(run, pending, now)

    def _try(self, run: Run, pending: Pending, now: datetime) -> None:
        found = pending.moment
        if found.why_not is not None and found.send is None:
            self._decide(run, pending, Status.DROPPED, now, OF_TIME[found.why_not])
        elif reason := self._refusal(run, pending, now):
            self._decide(run, pending, Status.DROPPED, now, reason)
        elif self._too_soon(run, pending, now):
            words = "the same e-mail went less than half a period ago"
            self._decide(run, pending, Status.DROPPED, now, Reason("too-soon", words))
        elif now > found.expires:
            self._decide(run, pending, Status.EXPIRED, now, OF_TIME[Why.EXPIRED])
        elif self._day_is_taken(run, pending, now):
            wait = next_day(pending.when, pending.place.zone)
            self._defer(run, pending, wait, now, Reason("one-a-day", "a run sends one e-mail a day: it waits a day"))
        elif (free := self._free_under_cap(run, pending, now)) > now:
            cap = self.practice.cap
            assert cap is not None
            words = f"the frequency cap ({cap.max} in {cap.per}) is reached by other campaigns: it waits"
            self._defer(run, pending, free, now, Reason("frequency-cap", words))
        else:
            self.sent.append((now, run))
            run.sent.append((pending, now))
            status = Status.DEFERRED if now > found.due else Status.SENT
            if now != found.due and not pending.notes:
                side = "at their end" if now > found.due else "before they begin"
                pending.notes.append(Reason("quiet-hours", f"it is due in quiet hours, and goes {side}"))
            turn = may_wait(run.campaign, pending) if len(run.sent) == 1 else None
            self._decide(run, pending, status, now, *((turn,) if turn is not None else ()))

    def _refusal(self, run: Run, pending: Pending, now: datetime) -> Reason | None:
        bound = self.wishes.bound(run.series, pending.rows, now)
        return refusal(run.series, pending.step, bound, self.world, self.practice, now)

    def _too_soon(self, run: Run, pending: Pending, now: datetime) -> bool:
        if pending.step.timing.repeat is None or pending.anchor is None:
            return False
        least = half_period(pending.step.timing, pending.anchor, pending.place, pending.key.repetition)
        return any(
            other.key.step == pending.key.step and now - at < least
            for key, run_ in self.runs.items()
            if key[:2] == (run.campaign.code, run.recipient)
            for other, at in run_.sent
        )

    def _day_is_taken(self, run: Run, pending: Pending, now: datetime) -> bool:
        """Whether the run has sent today, or will send an e-mail that stands earlier in the file."""
        where = pending.place.zone
        today = wall_of(now, where).date()
        if any(wall_of(at, where).date() == today for _, at in run.sent):
            return True
        return any(
            other.step.position < pending.step.position
            and wall_of(other.when, where).date() == today
            and self._would_go(run, other, now)
            for other in run.pending.values()
        )

    def _would_go(self, run: Run, pending: Pending, now: datetime) -> bool:
        return pending.moment.send is not None and self._refusal(run, pending, now) is None

    def _free_under_cap(self, run: Run, pending: Pending, now: datetime) -> datetime:
        """When the cap lets it go: after what other campaigns sent, and after those that come before it today."""
        cap = self.practice.cap
        if cap is None or run.campaign.layer == "essential":
            return now
        where = pending.place.zone
        others = [at for at, other in self.sent if other.campaign.code != run.campaign.code]
        today = wall_of(now, where).date()
        first = [
            waiting.when
            for other in self.runs.values()
            if LAYERS.index(other.campaign.layer) < LAYERS.index(run.campaign.layer)
            for waiting in other.pending.values()
            if waiting.when > now
            and wall_of(waiting.when, where).date() == today
            and self._would_go(other, waiting, now)
        ]
        free = cap.free_at(now, others, self.practice.zone)
        if first and free == now:
            last = max(first)
            after_them = cap.free_at(last, [*others, *first], self.practice.zone)
            free = after_them if after_them > last else now
        return free

    def _defer(self, run: Run, pending: Pending, until: datetime, now: datetime, reason: Reason) -> None:
        quiet = pending.place.quiet
        until = until if quiet is None else quiet.later(until, pending.place.zone)
        if reason not in pending.notes:
            pending.notes.append(reason)
        if until > pending.moment.expires:
            over = Reason("expires-waiting", "its time is over before it may go")
            self._decide(run, pending, Status.DROPPED, now, over)
        else:
            self._wait_until(run, pending, until)

    # ── keeping account ──────────────────────────────────────────────────────────────────────────────

    def _wait_until(self, run: Run, pending: Pending, when: datetime) -> None:
        pending.when = when
        run.pending[pending.key] = pending
        heappush(self.agenda, when)

    def _cancel_all(self, run: Run, reason: Reason, now: datetime) -> None:
        self._cancel(run, dict(run.pending), reason, now)

    def _cancel(self, run: Run, gone: Mapping[Key, Pending], reason: Reason, now: datetime) -> None:
        for key, pending in gone.items():
            del run.pending[key]
            if pending.moment.send is not None:
                self._record(run, pending, Status.CANCELLED, now, (reason,))

    def _decide(self, run: Run, pending: Pending, status: Status, now: datetime, *why: Reason) -> None:
        run.pending.pop(pending.key, None)
        run.done.add(pending.key)
        self._record(run, pending, status, now, (*pending.notes, *why))

    def _record(self, run: Run, pending: Pending, status: Status, now: datetime, why: tuple[Reason, ...]) -> None:
        self.found.append(outcome(run, pending, status, now, why))


def _rank(item: tuple[Run, Pending]) -> tuple[int, datetime, str, int, str]:
    """layer, send instant, e-mail, anchor."""
    run, pending = item
    return LAYERS.index(run.campaign.layer), pending.when, run.campaign.code, pending.step.position, pending.key.anchor
