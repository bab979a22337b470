"""Views over FHIR resources: the same rows as sqlonfhir makes, and what lies beyond is named at its place."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.errors import UsageError
from campcompile.package_files import package_names, package_text
from campcompile.plan.fhir.lowering import lower
from campcompile.plan.fhir.view import View, read_view
from campcompile.syntax.decode import decode
from campcompile.syntax.yaml import read_yaml

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
sqlonfhir = pytest.importorskip("sqlonfhir", reason="sqlonfhir is not installed")

KARI = {
    "resourceType": "Patient",
    "id": "kari",
    "active": True,
    "name": [
        {"use": "official", "family": "Nordmann", "given": ["Kari", "Ane"]},
        {"use": "maiden", "family": "Fjære", "given": ["Kari"]},
    ],
    "telecom": [
        {"system": "phone", "value": "55 50 00 01"},
        {"system": "email", "use": "work", "value": "kari@arbeid.example"},
        {"system": "email", "use": "home", "value": "kari@post.example", "rank": 1},
        {"system": "email", "value": "gammel@post.example", "period": {"end": "2020-01-01"}},
    ],
    "birthDate": "1984-03",
    "deceasedBoolean": False,
    "multipleBirthInteger": 2,
    "address": [{"use": "old", "country": "SE"}, {"country": "NO"}],
    "communication": [
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "en"}]}},
        {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "nb-NO"}]}, "preferred": True},
    ],
    "managingOrganization": {"reference": "Organization/fjord"},
    "extension": [{"url": "https://fjord.example/site", "valueString": "kaien"}],
}
OLA: dict[str, Any] = {"resourceType": "Patient", "id": "ola", "active": False, "deceasedDateTime": "2024-05-01"}
BARE: dict[str, Any] = {"resourceType": "Patient", "id": "bare", "birthDate": "1990-01-31", "name": [{}]}
PEOPLE = (KARI, OLA, BARE)
BOOKED = {
    "resourceType": "Appointment",
    "id": "a1",
    "status": "booked",
    "start": "2026-09-22T09:00:00+02:00",
    "end": "2026-09-22T09:30:00+02:00",
    "participant": [
        {"actor": {"reference": "Practitioner/7", "display": "Solveig Aaland"}},
        {"actor": {"reference": "Patient/kari"}},
        {"status": "accepted"},
    ],
}
APPOINTMENTS = (
    BOOKED,
    {**BOOKED, "id": "a2", "status": "noshow"},
    {**BOOKED, "id": "a3", "status": "checked-in"},
    {**BOOKED, "id": "a4", "status": "proposed"},
    {"resourceType": "Appointment", "id": "a5", "status": "booked", "participant": []},
)
VISIT = {
    "resourceType": "Encounter",
    "id": "e1",
    "status": "finished",
    "subject": {"reference": "Patient/kari"},
    "period": {"start": "2025-02-03T10:00:00Z", "end": "2025-02-03T10:20:00Z"},
}
VISITS = (VISIT, {**VISIT, "id": "e2", "status": "planned"}, {"resourceType": "Encounter", "id": "e3"})


def of_ours(resources: Sequence[dict[str, Any]], view: View) -> list[dict[str, Any]]:
    lowered = lower(view)
    places = ", ".join(f"'{place}'" for place in lowered.places) or "'$.id'"
    tops = f"SELECT json_extract(text, [{places}]) AS top, number FROM (SELECT unnest(?) AS text, unnest(?) AS number)"
    texts = [json.dumps(one) for one in resources]
    query = f"SELECT unnest({lowered.rows}) FROM ({tops}) ORDER BY number"
    found = duckdb.execute(query, [texts, list(range(len(texts)))]).fetchall()
    columns = list(view.select.all_columns())
    return [
        {
            column.name: _cell([json.loads(item) for item in cell], column.collection)
            for column, cell in zip(columns, row, strict=True)
        }
        for (row,) in found
    ]


def _cell(values: list[Any], is_list: bool) -> Any:
    return values if is_list else values[0] if values else None


def of_theirs(resources: Sequence[dict[str, Any]], definition: Any) -> list[dict[str, Any]]:
    rows = sqlonfhir.evaluate(copy.deepcopy(list(resources)), copy.deepcopy(definition))
    return json.loads(json.dumps(rows, default=float))


def columns_of(paths: Sequence[str]) -> list[dict[str, Any]]:
    return [{"name": f"c{number}", "path": path, "collection": True} for number, path in enumerate(paths)]


def view_of(select: Any, **more: Any) -> dict[str, Any]:
    return {"name": "patient", "resource": "Patient", "select": select, **more}


def read(definition: Any) -> View:
    return read_view("fhir/patient.json", json.dumps(definition).encode())


PATHS = """
id | name.given | name.given.first() | name.given[1] | name[1].family | name[0].given[1] | name.given[9]
maritalStatus | maritalStatus.text | name.given.join(', ') | maritalStatus.join()
name.where(use = 'official').family | name.where(given = 'Kari').family
name.where(given.exists($this = 'Ane')).family | name.exists(family = 'Fjære')
name.where($this.use = 'maiden').given | telecom.where(system = 'email' and use != 'work').value
telecom.where(use.empty()).system | name.given.where($this != 'Kari') | active | active = true | active.not()
active and name.exists() | maritalStatus.not() | active and maritalStatus.exists()
(maritalStatus.text = 'x') and false | (maritalStatus.text = 'x') or true | maritalStatus.text = 'x' or false
maritalStatus.text != 'x' | name.family = 'Nordmann' | name.given = name.given | name.family = name.given
telecom.rank = 1 | telecom.rank = 1.0 | telecom.rank >= 1 | telecom.rank < 1 | 2 > telecom.rank
deceased.ofType(boolean) | deceased.ofType(dateTime).exists()
deceased.ofType(boolean).where($this = true).exists() | multipleBirth.ofType(integer)
multipleBirth.ofType(integer) > 1 | birthDate | birthDate = '1984-03' | birthDate.substring(0, 4)
birthDate.substring(5) | birthDate.substring(9, 2) | iif(active, 'yes', 'no') | iif(maritalStatus.exists(), 'yes')
iif(active, name, telecom).use | extension('https://fjord.example/site').value.ofType(string) | getResourceKey()
managingOrganization.reference | managingOrganization.where(getReferenceKey(Organization).exists()).reference
'it''s'.first() | 5 | 1.5 | true | managingOrganization.where(getReferenceKey(Patient).exists()).reference | %answer
$this.id | where(active = true).id
""".replace("'it''s'", r"'it\'s'")


def test_paths_bring_what_they_bring_elsewhere() -> None:
    paths = [path.strip() for line in PATHS.strip().splitlines() for path in line.split(" | ")]
    definition = view_of([{"column": columns_of(paths)}], constant=[{"name": "answer", "valueInteger": 42}])
    ours, theirs = of_ours(PEOPLE, read(definition)), of_theirs(PEOPLE, definition)
    assert len(ours) == len(theirs) == len(PEOPLE)
    for mine, other in zip(ours, theirs, strict=True):
        assert {path: mine[f"c{n}"] for n, path in enumerate(paths)} == {
            path: other[f"c{n}"] for n, path in enumerate(paths)
        }


@pytest.mark.parametrize(
    "select",
    [
        [{"column": columns_of(["id"])}, {"forEach": "name", "column": [{"name": "family", "path": "family"}]}],
        [
            {"forEach": "name", "column": columns_of(["use"]), "select": [{"forEach": "given", "column": GIVEN}]}
            for GIVEN in [[{"name": "given", "path": "$this"}]]
        ],
        [{"column": columns_of(["id"])}, {"forEachOrNull": "name.given", "column": [{"name": "g", "path": "$this"}]}],
        [
            {
                "unionAll": [
                    {"column": [{"name": "a", "path": "id"}]},
                    {"forEach": "telecom.where(system = 'email')", "column": [{"name": "a", "path": "value"}]},
                ]
            },
            {"column": columns_of(["active"])},
        ],
        [{"forEach": "where(active = true)", "column": [{"name": "id", "path": "id"}]}],
        [{"select": [{"column": [{"name": "id", "path": "id"}]}, {"column": columns_of(["active"])}]}],
    ],
    ids=["each", "each-in-each", "each-or-null", "union", "condition", "nested"],
)
@pytest.mark.parametrize("where", [(), ("active = true", "name.exists()")], ids=["all", "some"])
def test_rows_are_those_made_elsewhere(select: Any, where: Sequence[str]) -> None:
    definition = view_of(select, **({"where": [{"path": path} for path in where]} if where else {}))
    ours, theirs = of_ours(PEOPLE, read(definition)), of_theirs(PEOPLE, definition)
    assert sorted(map(_key, ours)) == sorted(map(_key, theirs))  # rows of a product come in another order there


def _key(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True)


@pytest.mark.parametrize("name", package_names("plan/fhir/views", ".yaml"))
def test_our_own_views_bring_the_same_elsewhere(name: str) -> None:
    text = package_text(f"plan/fhir/views/{name}")
    resources = {"patient": PEOPLE, "appointment": APPOINTMENTS, "encounter": VISITS}[name.removesuffix(".yaml")]
    definition = read_yaml(decode(name, text.encode()).value).value.root.data()
    rows = of_ours(resources, read_view(name, text.encode()))
    assert rows == of_theirs(resources, definition)
    assert rows


def test_an_address_at_work_or_an_old_one_is_not_written_to() -> None:
    rows = of_ours(PEOPLE, read_view("patient.yaml", package_text("plan/fhir/views/patient.yaml").encode()))
    assert [(row["id"], row["email"], row["locale"], row["country"]) for row in rows] == [
        ("kari", "kari@post.example", "nb-NO", "NO"),
        ("bare", None, None, None),
    ]


BELOW = {"name": ("given", "family", "use"), "telecom": ("system", "value", "use")}
WORDS = st.sampled_from(("'Kari'", "'email'", "'home'", "true", "1"))
ENDINGS = st.sampled_from(("", ".first()", "[0]", "[1]"))


def _conditions(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    simple = st.one_of(
        st.builds("{} {} {}".format, st.sampled_from(names), st.sampled_from(("=", "!=")), WORDS),
        st.builds("{}.{}()".format, st.sampled_from(names), st.sampled_from(("exists", "empty"))),
    )
    longer = st.builds("({} {} {})".format, simple, st.sampled_from(("and", "or")), simple)
    return st.one_of(simple, longer, st.builds("{}.not()".format, longer))


def _paths(owner: str) -> st.SearchStrategy[str]:
    names = BELOW[owner]
    conditions = _conditions(names)
    chosen = st.builds(
        "{}{}".format, st.one_of(st.just(owner), st.builds((owner + ".where({})").format, conditions)), ENDINGS
    )
    values = st.builds("{}.{}{}".format, chosen, st.sampled_from(names), ENDINGS)
    whole = _conditions(tuple(f"{owner}.{name}" for name in names))
    return st.one_of(
        values,
        st.builds("iif({}, {}, {})".format, whole, values, values),
        st.builds("{}.exists({})".format, chosen, conditions),
    )


PATH = st.one_of(_paths("name"), _paths("telecom"))


@settings(max_examples=5, deadline=None)
@given(paths=st.lists(PATH, min_size=3, max_size=3))
def test_any_path_brings_what_it_brings_elsewhere(paths: list[str]) -> None:
    definition = view_of([{"column": columns_of(paths)}])
    assert of_ours(PEOPLE, read(definition)) == of_theirs(PEOPLE, definition)


VIEW = """\
name: patient
resource: Patient
select:
  - column:
      - {name: id, path: getResourceKey()}
      - {name: email, path: telecom.value}
"""
_ONE = "{{column: [{{name: {}, path: id}}]}}"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("telecom.value", "telecom.resolve()", "6:37: views can't use `resolve()` here: they may use `empty`"),
        ("telecom.value", "telecom.frist()", "6:37: views can't use `frist()` here: did you mean `first`?"),
        ("telecom.value", "id + 'x'", "6:32: views can't use `+` here"),
        ("telecom.value", "id | b", "6:32: views can't use `|` here"),
        ("telecom.value", "birthDate > @2000", "6:41: views can't use dates here"),
        ("telecom.value", "birthDate > id", "6:39: `>` compares numbers alone here"),
        ("telecom.value", "Patient.id", "6:29: leave out `Patient`: a path begins inside of the resource"),
        ("telecom.value", "deceased", "6:29: `deceased` has one of several types: say which"),
        ("telecom.value", "telecom.where(", "6:43: the path ends too early"),
        ("telecom.value", "telecoms.value", "6:29: Patient has no `telecoms`: did you mean `telecom`?"),
        ("telecom.value", "name.where(giben = 'a')", "6:40: HumanName has no `giben`: did you mean `given`?"),
        ("telecom.value", "birthDate.year", "6:39: here is a date, and nothing is below it"),
        ("telecom.value", "birthDate.extension('a')", "6:39: here is a date, and nothing is below it"),
        ("telecom.value", "gender.ofType(code)", "6:43: `gender` has one type alone: leave out `ofType`"),
        ("telecom.value", "deceased.ofType(code)", "6:45: `deceased` can be `boolean`, `dateTime`"),
        ("telecom.value", "name.first().ofType(string)", "6:42: `ofType` stands right behind a name"),
        ("telecom.value", '"%emial"', "6:30: there is no constant `%emial`"),
        ("telecom.value", "join(1)", "6:29: in `join(…)` stands a text"),
        ("telecom.value", "first(1)", "6:29: `first` has 0 arguments, and here are 1"),
        ("telecom.value", "id.a" * 400, "6:29: this path is longer than 600 signs"),
        ("path: telecom.value", "pahts: telecom.value", "6:23: views can't use `pahts` here: did you mean `path`?"),
        (", path: telecom.value", "", "6:9: a column needs `path`"),
        ("email", "id", "there are two columns `id`"),
        ("  - column", "  - repeat: item\n    column", "4:5: views can't use `repeat` here"),
        ("Patient", "Pateint", "2:11: `resource` can't be `Pateint` here: did you mean `Patient`?"),
        ("Patient", "Observation", "2:11: `resource` can't be `Observation` here"),
        ("name: patient\n", "", "a view needs `name`"),
        ("name: patient", "name: Patients of ours", "1:7: `name` is the table that this makes"),
        ("select:", "selects:", "3:1: views can't use `selects` here: did you mean `select`?"),
        ("  - column", f"  - unionAll: [{_ONE.format('a')}, {_ONE.format('b')}]\n    column", "4:5: all parts of"),
        ("  - column", "  - forEach: id\n    forEachOrNull: id\n    column", "5:5: `forEachOrNull` stands beside"),
        ("select:", "constant: [{name: a, valueDate: '2026-01-01'}]\nselect:", "3:22: views can't use `valueDate`"),
    ],
)  # fmt: skip
def test_what_lies_beyond_is_named_at_its_place(old: str, new: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_view("fhir/patient.yaml", VIEW.replace(old, new, 1).encode())
    assert said in raised.value.message
    assert raised.value.message.startswith("fhir/patient.yaml:")
