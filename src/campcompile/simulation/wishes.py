"""What a run would send if nothing came between: its anchors as they are now, and each e-mail's moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from campcompile.evaluate import evaluate
from campcompile.schedule.moments import Moment, dated_moment, moment, moments
from campcompile.schedule.timing import Anchor, Place
from campcompile.simulation.person import Bound, World
from campcompile.simulation.refusals import locale_of
from campcompile.simulation.runs import Instance, Key, Pending, Run
from campcompile.simulation.series import Practice, Series, Step
from campcompile.zones import zone

_DAY = timedelta(days=1)


class Wishes:
    """The campaigns' wishes for one person in one window; moments are computed once for each anchor."""

    def __init__(self, practice: Practice, world: World, since: datetime, until: datetime) -> None:
        self.practice = practice
        self.world = world
        self.since, self.until = since, until
        self._known: dict[object, tuple[tuple[int, Moment], ...]] = {}

    def instances(self, series: Series, rows: Mapping[str, str], now: datetime) -> Iterator[Instance]:
        """What a campaign's runs would be about."""
        name = series.campaign.anchor
        if name == "event.start":
            event = series.campaign.event
            if event is not None:
                yield Instance("event", event.start, rows)
        elif name in self.practice.programme.dictionary.fields:
            yield from self._rows_of_anchor(name, rows, now)
        else:
            yield Instance("entry", None, rows)

    def of(self, run: Run, now: datetime) -> Iterator[Pending]:
        """Every e-mail of a run that matters in the window, each with its instant."""
        for step in run.series.steps:
            yield from self._of_step(run, step, now)

    def bound(self, series: Series, rows: Mapping[str, str], now: datetime) -> Bound:
        return self.world.bound(rows, now, series.campaign.folder)

    def _of_step(self, run: Run, step: Step, now: datetime) -> Iterator[Pending]:
        rows = run.instance.rows
        anchor: Anchor | None = None
        if step.anchor:
            instance = self._anchor_of(run, step, now)
            if instance is None:
                return
            rows = instance.rows
            assert instance.start is not None
            anchor = Anchor(id=instance.id, start=instance.start)
        bound = self.bound(run.series, rows, now)
        place = Place(
            zone=zone(str(evaluate(step.zone, bound, now))),
            holidays=str(evaluate(step.holidays, bound, now) or ""),
            quiet=self.practice.quiet,
        )
        for k, found in self._moments(run, step, anchor, place):
            key = Key(step.position, k, "" if anchor is None else anchor.id, None if anchor is None else anchor.start)
            yield Pending(key, step, anchor, place, found, found.send or found.due, rows)

    def _anchor_of(self, run: Run, step: Step, now: datetime) -> Instance | None:
        """What a step counts from: the run's own anchor, or one of its own."""
        if step.anchor == run.campaign.anchor:
            start = run.entry if step.anchor == "entry" else run.instance.start
            return Instance(run.instance.id, start, run.instance.rows)
        if step.anchor == "entry":
            return Instance("entry", run.entry, run.instance.rows)
        if step.anchor == "event.start":
            event = run.campaign.event
            return None if event is None else Instance("event", event.start, run.instance.rows)
        return next(self._rows_of_anchor(step.anchor, run.instance.rows, now), None)

    def _rows_of_anchor(self, name: str, rows: Mapping[str, str], now: datetime) -> Iterator[Instance]:
        made = self.practice.derivations.get(name)
        record = (name if made is None else made.field).partition(".")[0]
        if made is not None:
            id, value = self.world.derived(name, now)
            if isinstance(value, date):
                yield Instance(id, value, {**rows, record: id})
            return
        for id, row in self.world.rows_of(record).items():
            value = row.get(name)
            if isinstance(value, date) and rows.get(record, id) == id:
                yield Instance(id, value, {**rows, record: id})

    def _moments(self, run: Run, step: Step, anchor: Anchor | None, place: Place) -> tuple[tuple[int, Moment], ...]:
        """The moments of a step that matter in the window, computed once for each anchor."""
        locale = self._locale(run)
        key = run.campaign.code, step.position, anchor, place, locale
        if key not in self._known:
            self._known[key] = tuple(self._computed(step, anchor, place, locale))
        return self._known[key]

    def _computed(self, step: Step, anchor: Anchor | None, place: Place, locale: str) -> Iterator[tuple[int, Moment]]:
        if anchor is None:
            day = step.timing.day_for(locale)
            found = None if day is None else dated_moment(step.timing, day, place)
        elif step.timing.offset is None:
            found = None
        elif step.timing.repeat is not None:
            yield from moments(step.timing, anchor, place, self.since, self.until)
            return
        else:
            found = moment(step.timing, anchor, place)
        if (
            found is not None
            and max(found.anchor, found.due, found.expires) >= self.since
            and found.due <= self.until + _DAY
        ):
            yield 0, found

    def _locale(self, run: Run) -> str:
        return locale_of(run.campaign, self.bound(run.series, run.instance.rows, self.since), self.practice)
