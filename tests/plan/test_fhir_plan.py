"""`campcompile plan` on a bulk export of FHIR: no line is lost without a word, and files beside it fill it."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from campcompile.cli.main import main
from campcompile.plan.fhir.countries import country_code
from tests.plan.practice import REMINDERS, built
from tests.workspace import DICTIONARY

pytest.importorskip("duckdb", reason="DuckDB is not installed")

FILES = {
    "campaigns/letter/campaign.yaml": REMINDERS,
    "campaigns/_shared/dictionary.yaml": DICTIONARY.replace(
        "  appointment.start", "  patient.deceased: {type: yes_no, label: contact, missing: false}\n  appointment.start"
    ),
}


def person(number: int, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": f"p{number}",
        "communication": [{"language": {"coding": [{"code": "nb"}]}}],
        "address": [{"country": "NO"}],
        **more,
    }


def visit(number: int, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Appointment",
        "id": f"a{number}",
        "status": "booked",
        "start": f"2026-12-08T1{number % 10}:00:00+01:00",
        "participant": [{"actor": {"reference": f"Patient/p{number}"}}],
        **more,
    }


PEOPLE = [json.dumps(person(n)) for n in range(20)]
VISITS = [json.dumps(visit(n)) for n in range(10)]
ADDRESSES = ["id,email", *(f"p{n},p{n}@post.example" for n in range(20))]
COMING = [
    "id,patient_id,start,status",
    *(f"b{n},p{n},2026-12-08T09:00+01:00,booked" for n in range(10, 20)),
]
GOOD = {
    "Patient.ndjson": PEOPLE,
    "Appointment.ndjson": VISITS,
    "patient.csv": ADDRESSES,
    "appointment.csv": COMING,
}
BAD_LINES = {
    "{no json": "is no JSON",
    '{"id": "p30"}': "has no `resourceType`",
    "[]": "has no `resourceType`",
    "": "",  # no resource, and no mistake
    VISITS[0]: "is no Patient",
    '{"resourceType": "Patient"}': "lacks an `id`",
    '{"resourceType": "Patient", "id": 3}': "lacks an `id`",
    json.dumps(person(3)): "`id` stands there twice",
    json.dumps(person(30, address=[])): "`country` is empty, and required",
    json.dumps(person(31, address=[{"country": {"text": "NO"}}])): "`country` holds more than a value",
}
BAD_ROWS = {
    "p99,p99@post.example": "`id` is of no Patient",
    "p3,other@post.example": "`id` stands there twice",
    ",other@post.example": "`id` is empty, and every row needs one",
    "p3": "has 1 cells, and the header 2",
}
CONSENT = {
    "resourceType": "Consent",
    "id": "c",
    "status": "active",
    "category": [{"coding": [{"code": "newsletter"}]}],
    "patient": {"reference": "Patient/p1"},
    "dateTime": "2026-01-10T09:00:00Z",
}
Files = dict[str, list[str] | bytes]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("practice"), FILES)


Plan = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def plan(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Runs the command on files, and on a view of the practice's own; its exit code, and all that it says."""
    views = practice / "fhir"
    views.mkdir()

    def run(files: Files, view: str = "") -> tuple[int, str]:
        data = tmp_path_factory.mktemp("data")
        for name, lines in files.items():
            content = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode()
            (data / name).write_bytes(content)
        (views / "own.yaml").unlink(missing_ok=True)
        if view:
            (views / "own.yaml").write_text(view, encoding="utf-8")
        said = StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
            patch.chdir(practice)
            code = main(["plan", "--date", "2026-12-01", "--data", str(data)])
        return code, said.getvalue()

    return run


@pytest.fixture(scope="module")
def good(plan: Plan) -> tuple[int, str]:
    proposed = json.dumps(visit(30, status="proposed"))
    return plan({**GOOD, "Appointment.ndjson": [*VISITS, proposed], "Consent.ndjson": [json.dumps(CONSENT)]})


def test_resources_and_files_beside_them_are_planned(good: tuple[int, str]) -> None:
    code, said = good
    assert code == 0
    for name, rows in {
        "Patient.ndjson": 20,
        "patient.csv": 20,
        "Appointment.ndjson": 10,
        "appointment.csv": 10,
    }.items():
        assert f"{name}: {rows} rows, {rows} good\n" in said
    assert "ap71 letter en: 20" in said


def test_it_is_said_which_columns_came_from_where(good: tuple[int, str]) -> None:
    assert "patient: from Patient.ndjson country, deceased, locale; from patient.csv email\n" in good[1]
    assert "appointment: from Appointment.ndjson and appointment.csv start, status\n" in good[1]


def test_what_a_view_leaves_out_and_what_is_not_read_is_said(good: tuple[int, str]) -> None:
    assert "appointment: 1 of Appointment.ndjson left out by the view appointment.yaml" in good[1]
    assert "not read: Consent.ndjson; what it permits can't be guessed: write a view in fhir/" in good[1]


def test_bad_lines_and_rows_are_named_and_none_is_lost(plan: Plan) -> None:
    files = {**GOOD, "Patient.ndjson": [*PEOPLE, *BAD_LINES], "patient.csv": [*ADDRESSES, *BAD_ROWS]}
    code, said = plan(files)
    assert code == 1
    lines: dict[str, list[str]] = {}
    for number, reason in enumerate(BAD_LINES.values(), start=21):
        lines.setdefault(reason, []).append(str(number))
    for reason, numbers in lines.items():
        unit = "line" if len(numbers) == 1 else "lines"
        assert not reason or f"  Patient.ndjson {unit} {' and '.join(numbers)}: {reason}" in said
    for number, reason in enumerate(BAD_ROWS.values(), start=22):
        assert f"  patient.csv row {number}: {reason}" in said
    assert "Patient.ndjson: 29 rows, 20 good, 9 set aside" in said
    assert "patient.csv: 24 rows, 20 good, 4 set aside" in said
    assert "ap71 letter en: 20" in said


WRITTEN = ("NO", "no", "NOR", "578", "Norway", "NORGE", "Norvège", "norvege", "挪威", "Kingdom of Norway", " Noreg ")


def test_a_country_is_read_however_it_is_written(plan: Plan) -> None:
    people = [json.dumps(person(n, address=[{"country": WRITTEN[n % len(WRITTEN)]}])) for n in range(20)]
    code, said = plan({**GOOD, "Patient.ndjson": people})
    assert code == 0
    assert "ap71 letter en: 20" in said
    assert "can't be read" not in said


def test_a_country_that_cannot_be_read_is_counted_and_a_file_beside_can_bring_it(plan: Plan) -> None:
    """Never `no-basis`, as if it were a country without one."""
    people = [*PEOPLE[:17], *(json.dumps(person(n, address=[{"country": "Bergen"}])) for n in (17, 18, 19))]
    rows = ["id,email,country", *(f"p{n},p{n}@post.example,{'NO' if n == 19 else ''}" for n in range(20))]
    code, said = plan({**GOOD, "Patient.ndjson": people, "patient.csv": rows})
    assert code == 1
    words = "patient: 3 rows name a `country` that can't be read, first Patient.ndjson line 18: it counts as missing"
    assert words in said
    assert "  Patient.ndjson lines 18 and 19: `country` is empty, and required" in said
    assert "ap71 letter en: 18" in said


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("USA", "US"), ("U.S.A.", "US"), ("United States", "US"), ("the United States of America", "US"), ("840", "US"),
        ("ETATS-UNIS", "US"), ("UK", "GB"), ("England", "GB"), ("臺灣", "TW"), ("Taiwan, Province of China", "TW"),
        ("France", "FR"), ("Frankrike", "FR"), ("Danmark", "DK"), ("NLD", "NL"), ("XX", None), ("EU", None), ("", None),
    ],
)  # fmt: skip
def test_countries_have_names_and_codes(written: str, code: str | None) -> None:
    assert country_code(written) == code


def test_a_line_that_is_no_text_changes_nothing_for_the_others(plan: Plan) -> None:
    """Several files, one of them read by hand: the dead, and what differs, are found there, too."""
    gone = [json.dumps(person(n, deceasedDateTime="2026-01-02")) for n in range(12)]
    known = json.dumps(person(12, telecom=[{"system": "email", "value": "kari@post.example"}]))
    rest = "".join(f"{line}\n" for line in (known, *PEOPLE[13:], "", "{")).encode() + b'{"id": "\xff"}'
    files = {name: lines for name, lines in GOOD.items() if name != "Patient.ndjson"}
    code, said = plan({**files, "Patient.000.ndjson": gone, "Patient.001.ndjson": rest})
    assert code == 1
    assert "  Patient.001.ndjson line 10: is no JSON\n  Patient.001.ndjson line 11: is no UTF-8\n" in said
    assert "Patient.000.ndjson: 12 rows, 12 good\nPatient.001.ndjson: 10 rows, 8 good, 2 set aside\n" in said
    assert "patient: patient.csv says otherwise than Patient.000.ndjson … Patient.001.ndjson in email" in said
    assert "ap71 letter deceased: 12" in said


def test_a_column_that_nothing_brings_is_named(plan: Plan) -> None:
    code, said = plan({"Patient.ndjson": PEOPLE}, view=VIEW.replace("email", "mail"))
    assert code == 2
    assert "nothing brings `country`, `deceased`, `email`, `locale` of `patient`" in said
    assert "`patient.csv` with the columns id, country, deceased, email, locale fills it, beside Patient.ndjson" in said


CONSENTED = """\
name: consents
resource: Consent
select:
  - column:
      - {name: patient_id, path: patient.getReferenceKey(Patient)}
      - {name: consent, path: "'news'"}
      - {name: given, path: "dateTime.substring(0, 10)"}
where:
  - {path: "status = 'active' and category.coding.exists(code = 'newsletter')"}
"""


VIEW = """\
name: patient
resource: Patient
select:
  - column:
      - {name: id, path: getResourceKey()}
      - {name: email, path: telecom.value.first()}
"""


def test_a_bad_value_is_blamed_on_the_file_that_brought_it(plan: Plan) -> None:
    rows = ["id,email,locale,country,deceased", *(f"p{n},p{n}@post.example,nb,NO,no" for n in range(20))]
    rows[4] = rows[4].replace(",no", ",maybe")
    code, said = plan({**GOOD, "patient.csv": rows}, view=VIEW)
    assert code == 1
    assert "  patient.csv row 5: `deceased` is none of yes, no, true, false" in said
    assert "  Patient.ndjson line 4: is set aside with its row of patient.csv" in said
    for name in ("Patient.ndjson", "patient.csv"):
        assert f"{name}: 20 rows, 19 good, 1 set aside" in said


def test_a_consent_counts_by_a_view_of_the_practice_alone(plan: Plan) -> None:
    code, said = plan({**GOOD, "Consent.ndjson": [json.dumps(CONSENT)]}, view=CONSENTED)
    assert code == 0
    assert "Consent.ndjson: 1 row, 1 good" in said
    assert "consents: from Consent.ndjson patient_id, consent, given" in said


def test_a_mistake_in_a_view_is_told_with_its_place(plan: Plan) -> None:
    code, said = plan(GOOD, view=CONSENTED.replace("substring", "lowBoundary"))
    assert code == 2
    assert "fhir/own.yaml:7:39: views can't use `lowBoundary()` here" in said


def test_a_packed_file_is_not_overlooked(plan: Plan) -> None:
    code, said = plan({**GOOD, "Encounter.ndjson.gz": b"\x1f\x8b"})
    assert code == 2
    assert "`Encounter.ndjson.gz` can't be read as it is" in said
