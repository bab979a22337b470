"""What a manifest tells a planner: tables and columns to read, derived fields, zones, exclusions, and the queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

from campcompile import manifest
from campcompile.audience.lowering import NotLoweredError
from campcompile.audience.printing import DIALECTS, print_query
from campcompile.audience.query import due_query, entrants_query
from campcompile.audience.relation import Query
from campcompile.formula import Const, Formula, source_fields
from campcompile.manifest import Pick, Planning, SendPlace, Table, TableColumn
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.dictionary import records_with
from campcompile.model.fields import Field
from campcompile.model.planning import Derivation, exclusions_of, holidays_of, names_of, scope_of, zone_of
from campcompile.schedule.adults import adult_ages

_ADULT_AGES = adult_ages()  # read when the module loads: a compile reads nothing
_OF_PERSONS = ("email", "locale", "country", "site", "birth_date", "deceased")


def planning_of(campaign: Campaign, programme: Programme, made: Mapping[str, Derivation]) -> Planning:
    """Everything but the queries, which are made from a manifest that has this."""
    names = names_of(programme)
    scope = scope_of(campaign.anchor, campaign, programme, made, names)
    exclusions = tuple(exclusion.condition for exclusion in exclusions_of(campaign, scope))
    places = {}
    for email in campaign.emails:
        around = scope_of(email.send.anchor, campaign, programme, made, names)
        places[email.id] = SendPlace(zone=zone_of(email.send.zone, around), holidays=holidays_of(around))
    home = scope.zone_of("")
    conditions = (campaign.audience, campaign.stop_when, *(email.condition for email in campaign.emails), *exclusions)
    formulas = [condition.formula for condition in conditions if condition is not None]
    formulas += [home, *(part for place in places.values() for part in (place.zone, place.holidays))]
    anchors = {campaign.anchor, *(email.send.anchor for email in campaign.emails)}
    read = {name for formula in formulas for name in source_fields(formula)} | anchors
    picks = {name: pick_of(made[name]) for name in sorted(read & made.keys())}
    consents = {basis.consent for basis in campaign.bases if basis.consent}
    known = programme.consent.consents
    return Planning(
        tables=tuple(_tables(campaign, programme, read, picks)),
        picks=picks,
        places=places,
        home=home,
        exclusions=tuple(_predicate(condition.formula, condition.label.word) for condition in exclusions),
        needs_basis=bool(programme.consent.bases),
        consents={id: known[id].max_age if id in known else "" for id in sorted(consents)},
        adult_ages=_ADULT_AGES,
        queries={},
        entrants={},
    )


def query_files(made: manifest.Manifest) -> tuple[Mapping[str, bytes], Planning]:
    """The SQL of a campaign for each engine, by path in the bundle; and the planning that lists it."""
    files: dict[str, bytes] = {}
    try:
        due, entrants = due_query(made), entrants_query(made)
    except NotLoweredError:  # `plan` says so of a campaign without a query
        return files, made.planning
    queries = _printed(due, "", files)
    of_entrants = {} if entrants is None else _printed(entrants, "entrants.", files)
    return files, replace(made.planning, queries=queries, entrants=of_entrants)


def _printed(query: Query, prefix: str, files: dict[str, bytes]) -> Mapping[str, manifest.File]:
    listed = {}
    for name, dialect in DIALECTS.items():
        path, content = f"audience/{prefix}{name}.sql", print_query(query, dialect).encode()
        files[path] = content
        listed[name] = manifest.File(path=path, sha256=sha256(content).hexdigest())
    return listed


def _predicate(formula: Formula, label: manifest.Label) -> manifest.Predicate:
    return manifest.Predicate(formula=formula, label=label)


def pick_of(made: Derivation) -> Pick:
    """How a planner computes a derived field."""
    return Pick(
        function=made.function,  # type: ignore[arg-type]  # the grammar allows these alone
        field=made.field,
        where=made.where if made.where is not None else Const(True),
        zone=made.zone,
    )


def _tables(
    campaign: Campaign, programme: Programme, read: Iterable[str], picks: Mapping[str, Pick]
) -> Iterator[Table]:
    """The records and fields that are read, whomever they belong to, and what is asked of every person."""
    dictionary = programme.dictionary
    people = records_with(dictionary, campaign.recipient) or (campaign.recipient,)
    wanted = {*read, *(f"{record}.{name}" for record in people for name in _OF_PERSONS)}
    for pick in picks.values():
        wanted |= {pick.field, *source_fields(pick.where), *source_fields(pick.zone)}
    fields = [field for name in sorted(wanted) if (field := dictionary.fields.get(name)) and _is_stored(field)]
    records = {above for field in fields for above in records_with(dictionary, field.record)}
    for record in sorted(records | set(people)):
        declared = dictionary.records.get(record)
        columns = tuple(_column(field, programme) for field in fields if field.record == record)
        yield Table(name=record, of="" if declared is None else declared.of, columns=columns)


def _is_stored(field: Field) -> bool:
    return field.derivation is None and not field.per_run


def _column(field: Field, programme: Programme) -> TableColumn:
    element, choices = field.type.element, field.type.choices
    if field.type.name == "site":
        choices = tuple(programme.settings.practice.sites)
    return TableColumn(
        name=field.name.partition(".")[2],
        type=field.type.name,  # type: ignore[arg-type]  # the schema allows these alone
        element="" if element is None else element.name,  # type: ignore[arg-type]
        choices=element.choices if element is not None else choices,
        required=field.required,
    )
