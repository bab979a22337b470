"""The search for the person who would receive most in any seven days: made up, changed at random, kept where worse."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from campcompile.evaluate import Value
from campcompile.model.dictionary import records_with
from campcompile.model.fields import Field
from campcompile.schedule.wall import instant_of, wall_of
from campcompile.simulation.clues import Clue, clues_of
from campcompile.simulation.life import simulate
from campcompile.simulation.outcome import Outcome
from campcompile.simulation.person import Change, Person, owner_record
from campcompile.simulation.series import Practice
from campcompile.values import dataclass

WEEK = timedelta(days=7)
WINDOW = timedelta(days=42)
ROWS = 2  # of each record: more appointments in a week bring more reminders without end
_LEADS = range(36)  # days from the window's first in which events lie
_HOURS = (time(9), time(10), time(14), time(8))
_SEED = 1961
_PATIENCE = 150  # changes of one person, before the search begins with another


@dataclass(frozen=True, slots=True, kw_only=True)
class Worst:
    """The witness, and the e-mails of the worst seven days among all of theirs."""

    person: Person
    since: datetime
    until: datetime
    outcomes: tuple[Outcome, ...]
    week: tuple[Outcome, ...]
    tried: int  # people


def fullest_week(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """The e-mails of the seven days in which most go; the first such days of several."""
    goes = sorted((one for one in outcomes if one.status.goes), key=lambda one: one.at)
    best: Sequence[Outcome] = ()
    first = 0
    for last, one in enumerate(goes):
        while one.at - goes[first].at >= WEEK:
            first += 1
        if last + 1 - first > len(best):
            best = goes[first : last + 1]
    return tuple(best)


def worst_week(
    practice: Practice, since: datetime, tries: int, progress: Callable[[int, int], None] = lambda done, of: None
) -> Worst:
    """The fullest week that `tries` made-up people bring, from `since` on; the same one every time.

    What the witness doesn't need for it is taken away in the end.
    """
    draw = random.Random(_SEED)
    best: tuple[Worst, _Maker, Genes] | None = None
    owners = _owners(practice)
    for place, owner in enumerate(owners):
        maker = _Maker(practice, owner, since, draw)
        genes = maker.likely()
        found = _look(practice, maker, genes)
        for number in range(1, tries + 1):
            is_fresh = not number % _PATIENCE
            other = maker.anybody() if is_fresh else maker.changed(genes)
            candidate = _look(practice, maker, other)
            if is_fresh or _badness(candidate) >= _badness(found):
                genes, found = other, candidate
            if best is None or _badness(found) > _badness(best[0]):
                best = found, maker, genes
            progress(place * tries + number, len(owners) * tries)
    assert best is not None, "a practice writes to somebody"
    return replace(_bare(practice, *best), tried=tries * len(owners))


def _bare(practice: Practice, found: Worst, maker: _Maker, genes: Genes) -> Worst:
    """The same fullest week with as few values as will do."""
    for gene in sorted(genes):
        if gene[0] and gene in genes:
            fewer = {other: clue for other, clue in genes.items() if other != gene}
            other = _look(practice, maker, fewer)
            if len(other.week) >= len(found.week):
                genes, found = fewer, other
    return found


def sample_person(practice: Practice, since: datetime) -> Person:
    """Somebody made up, for a first look: with a visit two weeks from `since`, or on the Monday after."""
    owner = _owners(practice)[0]
    maker = _Maker(practice, owner, since, random.Random(_SEED))
    weekend = {5: 2, 6: 1}.get(wall_of(since, practice.zone).weekday(), 0)
    genes = {
        gene: replace(clue, days=14 + weekend) if (clue.days, clue.months) == (14, 0) else clue
        for gene, clue in maker.plain().items()
    }
    return maker.person(genes)


def _badness(found: Worst) -> tuple[int, int]:
    return len(found.week), sum(one.status.goes for one in found.outcomes)


def _look(practice: Practice, maker: _Maker, genes: Genes) -> Worst:
    person = maker.person(genes)
    since = maker.begin(genes)
    outcomes = simulate(practice, person, since, since + WINDOW)
    return Worst(
        person=person, since=since, until=since + WINDOW, outcomes=outcomes, week=fullest_week(outcomes), tried=1
    )


def _owners(practice: Practice) -> list[str]:
    """The kinds of person that campaigns are about, the most frequent first."""
    found = [owner_record(practice.programme, series.campaign.recipient) for series in practice.series]
    return sorted(dict.fromkeys(found), key=lambda owner: -found.count(owner))


Gene = tuple[str, str, str]  # record, id, field; ("", "", "begin") is the window's first day
Genes = Mapping[Gene, Clue]


class _Maker:
    """Makes people of genes: each a choice among the values that the campaigns' conditions tell apart."""

    def __init__(self, practice: Practice, owner: str, since: datetime, draw: random.Random) -> None:
        self.practice = practice
        self.owner = owner
        self.since = since
        self.draw = draw
        self.fields = practice.programme.dictionary.fields
        self.choices = dict(self._choices())

    def anybody(self) -> Genes:
        return {gene: self.draw.choice(values) for gene, values in self.choices.items()}

    def likely(self) -> Genes:
        """Each field with the first value that a condition asks for, each event in two weeks."""
        return {gene: values[0] for gene, values in self.choices.items()}

    def plain(self) -> Genes:
        """The same, with a single row of each record."""
        return {gene: clue for gene, clue in self.likely().items() if gene[1] in ("", "me", "1")}

    def changed(self, genes: Genes) -> Genes:
        """One to three genes changed."""
        chosen = self.draw.sample(sorted(self.choices), k=min(len(self.choices), self.draw.choice((1, 1, 2, 3))))
        return {**genes, **{gene: self.draw.choice(self.choices[gene]) for gene in chosen}}

    def begin(self, genes: Genes) -> datetime:
        days = genes[("", "", "begin")].value
        assert isinstance(days, int)
        return instant_of(wall_of(self.since, self.practice.zone) + timedelta(days=days), self.practice.zone)

    def person(self, genes: Genes) -> Person:
        begin = wall_of(self.begin(genes), self.practice.zone).date()
        rows: dict[str, dict[str, dict[str, Value]]] = {}
        later: dict[datetime, dict[str, dict[str, dict[str, Value]]]] = {}
        name = "sample"
        for (record, id, field), clue in sorted(genes.items(), key=lambda item: item[0]):
            if not record or field.startswith("then "):
                continue
            value = clue.on(begin, self.practice.zone, self.fields[field].type.name)
            if value is not None:
                own = name if record == self.owner else f"{record}-{id}"
                rows.setdefault(record, {}).setdefault(own, {})[field] = value
        self._close(rows)
        for (record, id, field), clue in genes.items():
            own = f"{record}-{id}"
            if field.startswith("then ") and clue.value is not None and own in rows.get(record, {}):
                at = self._end_of(rows[record][own])
                if at is not None:
                    later.setdefault(at, {}).setdefault(record, {})[own] = {field.removeprefix("then "): clue.value}
        changes = tuple(Change(at=at, rows=later[at], consents={}) for at in sorted(later))
        agreed = dict.fromkeys(self.practice.programme.consent.consents, begin - timedelta(days=30))
        return Person(name=name, record=self.owner, rows=rows, consents=agreed, changes=changes)

    def _close(self, rows: dict[str, dict[str, dict[str, Value]]]) -> None:
        """A row's end lies half an hour after its start."""
        for record, found in rows.items():
            start, end = f"{record}.start", f"{record}.end"
            for row in found.values():
                begins = row.get(start)
                if isinstance(begins, datetime) and end in self.fields:
                    row[end] = begins + timedelta(minutes=30)
        rows.setdefault(self.owner, {}).setdefault("sample", {})

    def _end_of(self, row: Mapping[str, Value]) -> datetime | None:
        instants = [value for value in row.values() if isinstance(value, datetime)]
        return max(instants) if instants else None

    def _choices(self) -> Iterator[tuple[Gene, list[Clue]]]:
        yield ("", "", "begin"), [Clue(days) for days in self._beginnings()]
        clues = clues_of(self.practice)
        for field in self.fields.values():
            chain = records_with(self.practice.programme.dictionary, field.record)
            if field.derivation is not None or field.per_run or not chain or chain[-1] != self.owner:
                continue
            ids = ("me",) if field.record == self.owner else tuple(str(k + 1) for k in range(ROWS))
            for id in ids:
                yield (field.record, id, field.name), self._values(field, clues.get(field.name, ()))
                if field.record != self.owner and field.type.name == "choice":
                    later = [Clue(None), *(Clue(choice) for choice in field.type.choices)]
                    yield (field.record, id, f"then {field.name}"), later

    def _values(self, field: Field, asked: tuple[Clue, ...]) -> list[Clue]:
        """What a condition asks for, then what else is usual for the type."""
        usual: list[Clue]
        settings = self.practice.programme.settings
        match field.type.name:
            case "choice":
                usual = [Clue(choice) for choice in field.type.choices]
            case "yes_no":
                usual = [Clue(None), Clue(True)]
            case "site":
                usual = [Clue(None), *(Clue(site) for site in settings.practice.sites)]
            case "country":
                return [Clue(country) for country in settings.jurisdictions]
            case "locale":
                return [Clue(locale) for locale in settings.locales.all]
            case "date" | "datetime":
                usual = [Clue(None, days=days, at=at) for days in (14, *_LEADS) for at in _HOURS]
                if field.name.endswith("birth_date"):
                    usual = [Clue(None, days=days, months=-12 * age) for age in (45, 70, 30, 60) for days in _LEADS]
            case "email":
                return [Clue("sample@post.example")]
            case "list":
                elements = tuple(str(clue.value) for clue in asked)
                return [Clue(elements), Clue(None), *(Clue((element,)) for element in elements)]
            case "number":
                usual = [Clue(None), Clue(0), Clue(1)]
            case _:
                usual = [Clue(None)]
        return [*asked, *usual]

    def _beginnings(self) -> list[int]:
        """Today, and ten days before each e-mail that has a date."""
        today = wall_of(self.since, self.practice.zone).date()
        days = {
            (day - today).days - 10
            for series in self.practice.series
            for step in series.steps
            for day in step.timing.dates.values()
        }
        return [0, *sorted(day for day in days if 0 < day < 366)]
