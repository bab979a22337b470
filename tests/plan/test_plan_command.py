"""`campcompile plan`: bad rows are named and set aside, good ones planned; a plan is nobody else's to read."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from campcompile.cli.main import main
from campcompile.manifest import Table, TableColumn
from campcompile.plan.contract import Aside, accept
from campcompile.plan.duck import Duck
from campcompile.plan.postgres import Postgres
from campcompile.plan.postgres_rows import see_table
from tests.plan.engines import postgres_server
from tests.plan.practice import REMINDERS, built
from tests.workspace import CONSENT, DICTIONARY

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
WELCOME = REMINDERS.replace("ap71", "gr55").replace(
    "audience: upcoming\nanchor: appointment.start", "audience: readers\nanchor: entry"
)
WELCOME = WELCOME.replace("emails:", "per_day: 12\nemails:").replace("offset: -P7D", "offset: P0D")
WELCOME = WELCOME.replace("expires: -P4D", "expires: P2D")
FILES = {
    "campaigns/reminders/campaign.yaml": REMINDERS,
    "campaigns/welcome/campaign.yaml": WELCOME,
    "campaigns/_shared/dictionary.yaml": DICTIONARY,
    "campaigns/_shared/consent.yaml": CONSENT,
}
PATIENTS = ["id,email,locale,country,topics", *(f"p{n},p{n}@post.example,nb,NO,news;sleep" for n in range(20))]
APPOINTMENTS = ["id,patient_id,start,status", *(f"a{n},p{n},2026-12-08T1{n % 10}:00+01:00,booked" for n in range(20))]
CONSENTS = ["patient_id,consent,given", *(f"p{n},news,2026-01-10" for n in range(15))]


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("practice"), FILES)


Plan = Callable[..., tuple[int, str]]


@pytest.fixture
def plan(practice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Plan:
    """Runs the command on files; its exit code, and all that it says."""

    def run(*options: str, data: Path | str | None = None, **files: list[str] | bytes) -> tuple[int, str]:
        if data is None:
            data = tmp_path / "data"
            data.mkdir()
            given = {"patient": PATIENTS, "appointment": APPOINTMENTS, "consents": CONSENTS, **files}
            for name, lines in given.items():
                content = lines if isinstance(lines, bytes) else ("\n".join(lines) + "\n").encode()
                (data / f"{name}.csv").write_bytes(content)
        monkeypatch.chdir(practice)
        capsys.readouterr()
        code = main(["plan", "--date", "2026-12-01", "--data", str(data), *options])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_good_rows_are_planned_and_counted_by_campaign_e_mail_and_language(plan: Plan) -> None:
    code, said = plan()
    assert code == 0
    assert "patient.csv: 20 rows, 20 good" in said
    assert "ap71 letter en: 20" in said
    assert "lt26 letter capped: 15" in said  # one e-mail a week: the reminder counts


def test_nothing_is_said_but_what_the_command_says(practice: Path, tmp_path: Path) -> None:
    """A process of its own: DuckDB speaks up at the very end of one that does not end as it likes."""
    for name, lines in {"patient": PATIENTS, "appointment": APPOINTMENTS}.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "campcompile.cli.main", "plan", "--date", "2026-12-01", "--data", str(tmp_path)]
    ended = subprocess.run(command, cwd=practice, capture_output=True, text=True, check=True)
    assert ended.stderr == "nothing is written: --output FILE.parquet writes the rows\n"


def test_who_is_left_out_is_counted_by_reason_and_few_are_not_told(plan: Plan) -> None:
    _, said = plan()
    assert "lt26 letter no-consent: fewer than 11" in said


@pytest.mark.parametrize(
    ("name", "line", "reason"),
    [
        (
            "appointment",
            "b1,p1,2026-12-08T10:00,booked",
            "row 22: `start` has no offset from UTC: write 2026-03-12T09:00+01:00",
        ),
        ("appointment", "b1,p1,tomorrow,booked", "row 22: `start` is no date and time such as 2026-03-12T09:00+01:00"),
        ("appointment", "b1,p99,2026-12-08T10:00+01:00,booked", "row 22: `patient_id` is of no patient that is known"),
        ("appointment", "b1,p1,2026-12-08T10:00+01:00,maybe", "row 22: `status` is none of booked, cancelled"),
        ("appointment", "b1,p1,,booked", "row 22: `start` is empty, and required"),
        ("appointment", "a1,p1,2026-12-08T10:00+01:00,booked", "row 22: `id` stands there twice"),
        ("patient", "p20,p20@post.example,nb,Norway,", "row 22: `country` is no country code such as NO"),
        ("patient", 'p20,"p20@post.example,nb,NO,', "row 22: has a quotation mark that isn't closed"),
        ("appointment", "b1,p1,2026-12-08T10:00+01:00", "row 22: has 3 cells, and the header 4"),
        ("consents", "p1,news,10.1.2026", "row 17: `given` is no date such as 2026-03-12"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_planned(plan: Plan, name: str, line: str, reason: str) -> None:
    rows = {"patient": PATIENTS, "appointment": APPOINTMENTS, "consents": CONSENTS}[name]
    code, said = plan(**{name: [*rows, line]})
    assert code == 1
    assert f"{name}.csv {reason}" in said
    assert f"{name}.csv: {len(rows)} rows, {len(rows) - 1} good, 1 set aside" in said
    assert "ap71 letter en: 20" in said


def test_one_row_in_a_hundred_is_bad_and_none_is_lost(plan: Plan) -> None:
    rows = [f"b{n},p{n % 20},{'2026-12-08T10:00+01:00' if n % 100 else 'soon'},cancelled" for n in range(2000)]
    code, said = plan(appointment=[*APPOINTMENTS, *rows])
    assert code == 1
    assert "appointment.csv: 2020 rows, 2000 good, 20 set aside" in said
    assert "ap71 letter en: 20" in said


def test_a_mistake_of_many_rows_is_told_once_that_of_people_before_what_comes_of_it(plan: Plan) -> None:
    code, said = plan(patient=[PATIENTS[0], *(f"{line};;" for line in ("p1", "p2")), *PATIENTS[13:]])
    assert code == 1
    names = "  patient.csv rows 2 and 3: has 1 cells, and the header 5\n"
    others = "  appointment.csv rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more: `patient_id` is of no patient that is "
    assert names + others in said


def test_letters_in_another_encoding_make_no_two_people_one(plan: Plan) -> None:
    rows = "\n".join([*PATIENTS, "pø,po@post.example,nb,NO,news", "på,pa@post.example,nb,NO,news", ""])
    code, said = plan(patient=rows.encode("latin-1"))
    assert code == 1
    assert "  patient.csv rows 22 and 23: is no UTF-8: save the file as “CSV UTF-8”" in said
    assert "patient.csv: 22 rows, 20 good, 2 set aside" in said


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"patient": ["id,e_mail,locale,country,topics"]}, "`patient.csv`: the column `email` is missing"),
        ({"patient": ["id,email,locale,country"]}, "the column `topics` is missing"),
        ({"patient": ["id,email,locale,country,topics,Email"]}, "the column `email` stands there twice"),
    ],
)
def test_a_missing_column_stops_the_plan_and_is_named(plan: Plan, files: dict[str, list[str]], words: str) -> None:
    code, said = plan(**files)
    assert code == 2
    assert words in said


def test_columns_without_a_name_are_no_mistake(plan: Plan) -> None:
    """As spreadsheets write them; read by hand, too."""
    code, said = plan(patient=[f"{line},," for line in PATIENTS], appointment=[f"{APPOINTMENTS[0]},", *APPOINTMENTS])
    assert code == 1
    assert "patient.csv: 20 rows, 20 good" in said
    assert "appointment.csv rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 11 more: has 4 cells, and the header 5" in said


def test_a_missing_table_is_named(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "Pasient.csv").write_text("id\n", encoding="utf-8")
    code, said = plan(data=tmp_path)
    assert code == 2
    assert "has no table `patient`" in said
    assert "is it `Pasient`?" in said


def test_one_file_of_several_is_no_source(plan: Plan, tmp_path: Path) -> None:
    code, said = plan(data=tmp_path / "patient.csv")
    assert code == 2
    assert f"name the folder that it is in: {tmp_path}" in said


def test_a_plan_is_for_its_owner_alone(plan: Plan, tmp_path: Path) -> None:
    target = tmp_path / "plan.parquet"
    assert plan("--campaign", "ap71", "--output", str(target))[0] == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    utc = "strftime(MIN({}) AT TIME ZONE 'UTC', '%Y-%m-%d %H:%M')"
    instants = f"{utc.format('send')}, {utc.format('quiet_from')}, ANY_VALUE(typeof(send))"
    found = duckdb.sql(f"SELECT campaign, COUNT(*), {instants} FROM '{target}' GROUP BY 1 ORDER BY 1").fetchall()
    assert found == [("ap71", 20, "2026-12-01 08:00", "2026-12-01 20:00", "TIMESTAMP WITH TIME ZONE")]


def test_a_plan_that_could_be_committed_is_refused(plan: Plan, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    code, said = plan("--output", str(tmp_path / "plan.parquet"))
    assert code == 2
    assert "could be committed" in said
    assert not (tmp_path / "plan.parquet").exists()


def test_a_plan_in_an_ignored_folder_is_fine(plan: Plan, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("plans/\n", encoding="utf-8")
    (tmp_path / "plans").mkdir()
    assert plan("--output", str(tmp_path / "plans" / "plan.parquet"))[0] == 0


def test_so_many_first_e_mails_go_a_day_and_the_rest_waits_until_it_expires(plan: Plan, tmp_path: Path) -> None:
    crowd = [PATIENTS[0], *(f"p{n},p{n}@post.example,nb,NO,news" for n in range(50))]
    target, given = tmp_path / "plan.parquet", tmp_path / "data"
    code, said = plan("--campaign", "gr55", "--output", str(target), patient=crowd)
    assert code == 0
    assert "gr55 letter en: 12" in said
    assert (
        "gr55: 12 first e-mails a site and day; 24 wait, the last until 2026-12-03, and 14 would expire waiting" in said
    )
    columns = (
        "campaign, email, 'patient' AS record, recipient_id, anchor_id, anchor, anchor_day, repetition, send AS sent"
    )
    duckdb.sql(f"COPY (SELECT {columns} FROM '{target}') TO '{given / 'history.parquet'}'")
    (tmp_path / "plan.entries.parquet").rename(given / "entries.parquet")
    _, said = plan("--campaign", "gr55", "--date", "2026-12-02", data=given)
    assert "entries.parquet: 50 rows, 50 good" in said
    assert "gr55 letter en: 12" in said
    assert "gr55 letter sent-already: 12" in said
    assert "gr55 letter waits-its-turn: 12" in said
    _, again = plan("--campaign", "gr55", data=given)
    assert "gr55 letter sent-already: 12" in again
    assert "gr55 letter en" not in again


def test_a_zone_that_is_none_is_named_with_its_row() -> None:
    column = TableColumn(name="time_zone", type="zone", element="", choices=(), required=False)
    duck = Duck.in_memory()
    rows = "(VALUES (2, 'p1', 'Europe/Oslo'), (3, 'p2', 'Oslo')) t(_row, id, time_zone)"
    duck.run(f"CREATE TABLE raw AS SELECT * FROM {rows}")
    columns = {"id": "VARCHAR", "time_zone": "VARCHAR"}
    account, aside = accept(duck, "patient.csv", "raw", Table(name="patient", of="", columns=(column,)), columns)
    assert (account.rows, account.good, account.aside) == (2, 1, 1)
    assert aside == [Aside("patient.csv", 3, "time_zone", "is no time zone such as Europe/Oslo")]


@pytest.mark.parametrize("listed", [["email,layer", "P{n}@post.example,"], ["email", "p{n}@post.example"]])
def test_a_suppression_without_a_layer_is_for_all_mail(plan: Plan, listed: list[str]) -> None:
    head, line = listed
    _, said = plan(suppressions=[head, *(line.format(n=n) for n in range(20))])
    assert "ap71 letter suppressed: 20" in said


def test_what_was_sent_is_not_planned_again(plan: Plan) -> None:
    head = "campaign,email,record,recipient_id,anchor_id,anchor,repetition,sent"
    line = "ap71,letter,patient,p{n},a{n},2026-12-08T1{k}:00+01:00,0,2026-12-01T09:00+01:00"
    code, said = plan(history=[head, *(line.format(n=n, k=n % 10) for n in range(20))])
    assert code == 0
    assert "ap71 letter sent-already: 20" in said
    assert "ap71 letter en" not in said


def test_parquet_and_duckdb_bring_the_same(plan: Plan, tmp_path: Path) -> None:
    folder, file = tmp_path / "files", tmp_path / "practice.duckdb"
    folder.mkdir()
    with duckdb.connect(str(file)) as base:
        base.execute("SET TimeZone = 'UTC'")
        base.execute(
            "CREATE TABLE patient AS SELECT 'p' || i AS id, 'p' || i || '@post.example' AS email, 'nb' AS locale, "
            "'NO' AS country, ['news'] AS topics FROM range(20) t(i)"
        )
        base.execute(
            "CREATE TABLE appointment AS SELECT 'a' || i AS id, 'p' || i AS patient_id, "
            "TIMESTAMPTZ '2026-12-08 10:00:00+01' AS \"start\", 'booked' AS status FROM range(20) t(i)"
        )
        for table in ("patient", "appointment"):
            base.execute(f"COPY {table} TO '{folder / table}.parquet' (FORMAT parquet)")
    for source in (folder, file):
        code, said = plan(data=source)
        assert code == 0, said
        assert "ap71 letter en: 20" in said


PEOPLE = (
    "CREATE TABLE patient (id TEXT, email TEXT, locale TEXT, country TEXT, topics TEXT[])",
    "INSERT INTO patient VALUES "
    + ", ".join(f"('p{n}', 'p{n}@post.example', 'nb', 'NO', ARRAY['news'])" for n in range(20))
    + ", ('p1', 'twice@post.example', 'nb', 'NO', NULL)",
)
_ROW = "('{id}', '{of}', TIMESTAMPTZ '2026-12-08 10:00:00+01', '{status}')"
_ROWS = [_ROW.format(id=f"a{n}", of=f"p{n}", status="booked") for n in range(20)]
_ROWS += [_ROW.format(id=f"b{n}", of="nobody" if n % 100 == 7 else "p2", status="cancelled") for n in range(2000)]
_ROWS += [
    _ROW.format(id="c1", of="p99", status="booked"),
    _ROW.format(id="c2", of="p1", status="maybe"),
    _ROW.format(id="c3", of="p1", status="booked").replace("TIMESTAMPTZ '2026-12-08 10:00:00+01'", "NULL"),
    _ROW.format(id="a1", of="p1", status="booked"),
]
TABLES = (
    *PEOPLE,
    'CREATE TABLE appointment (id TEXT, patient_id TEXT, "start" TIMESTAMPTZ, status TEXT)',
    f"INSERT INTO appointment VALUES {', '.join(_ROWS)}",
)
WRONG = (
    "`patient_id` is of no patient that is known",
    "`status` is none of booked, cancelled",
    "`start` is empty, and required",
    "`id` stands there twice",
)


@pytest.fixture
def brought(tmp_path: Path) -> Callable[..., tuple[Path, Path]]:
    """A practice's tables, once statements have changed them: a folder of Parquet files, and a DuckDB file."""

    def write(*statements: str) -> tuple[Path, Path]:
        folder, file = tmp_path / "files", tmp_path / "practice.duckdb"
        folder.mkdir()
        with duckdb.connect(str(file)) as base:
            for statement in (*TABLES, *statements):
                base.execute(statement.replace("TEXT", "VARCHAR"))
            for table in ("patient", "appointment"):
                base.execute(f"COPY (FROM {table}) TO '{folder / table}.parquet' (FORMAT parquet)")
        return folder, file

    return write


@pytest.mark.parametrize("name", ["practice.duckdb", "files"])
def test_bad_rows_of_parquet_and_duckdb_are_named_and_the_others_planned(
    plan: Plan, brought: Callable[..., tuple[Path, Path]], name: str
) -> None:
    code, said = plan(data=next(source for source in brought() if source.name == name))
    assert code == 1, said
    tables = (":patient", ":appointment") if name.endswith("duckdb") else ("/patient.parquet", "/appointment.parquet")
    patient, appointment = (f"{name}{table}".removeprefix("files/") for table in tables)
    assert f"{patient}: 21 rows, 20 good, 1 set aside" in said
    assert f"{appointment}: 2024 rows, 2000 good, 24 set aside" in said
    assert (
        f"{appointment} rows 28, 128, 228, 328, 428, 528, 628, 728, 828, 928 and 11 more: `patient_id` is of no" in said
    )
    assert "ap71 letter en: 20" in said


@pytest.mark.parametrize(
    ("statement", "table", "words"),
    [
        ("ALTER TABLE patient RENAME email TO e_mail", "patient", "the column `email` is missing"),
        ("ALTER TABLE appointment DROP patient_id", "appointment", "the column `patient_id` is missing"),
        ("ALTER TABLE patient ALTER email TYPE BOOLEAN USING TRUE", "patient", "the column `email` is BOOLEAN"),
        ("ALTER TABLE patient ALTER topics TYPE INTEGER[] USING [1]", "patient", "the column `topics` is INTEGER[]"),
        (
            'ALTER TABLE appointment ALTER "start" TYPE TIMESTAMP',
            "appointment",
            "the column `start` is an instant without a zone\n  help: make it TIMESTAMP WITH TIME ZONE",
        ),
    ],
)
def test_a_table_of_parquet_and_duckdb_that_is_not_as_the_contract_says_is_named(
    plan: Plan, brought: Callable[..., tuple[Path, Path]], statement: str, table: str, words: str
) -> None:
    folder, file = brought(statement)
    for source, name in ((folder, f"{table}.parquet"), (file, f"practice.duckdb:{table}")):
        code, said = plan(data=source)
        assert code == 2
        assert f"`{name}`: {words}" in said


def test_texts_in_parquet_and_duckdb_are_judged_row_by_row(
    plan: Plan, brought: Callable[..., tuple[Path, Path]]
) -> None:
    written = """CASE id WHEN 'a0' THEN '2026-12-08T10:00' WHEN 'a1' THEN 'soon' ELSE '2026-12-08T10:00+01:00' END"""
    for source in brought(
        "DELETE FROM appointment WHERE id NOT LIKE 'a%'",
        f'ALTER TABLE appointment ALTER "start" TYPE TEXT USING {written}',
        "UPDATE patient SET country = 'Norway' WHERE id = 'p2'",
    ):
        code, said = plan(data=source)
        assert code == 1
        assert "appointment" in said
        assert " row 1: `start` has no offset from UTC: write 2026-03-12T09:00+01:00" in said
        assert " row 2: `start` is no date and time such as 2026-03-12T09:00+01:00" in said
        assert " row 3: `country` is no country code such as NO" in said
        assert ": 21 rows, 19 good, 2 set aside" in said


def test_what_cannot_be_opened_is_named_and_a_view_can(plan: Plan, brought: Callable[..., tuple[Path, Path]]) -> None:
    folder, file = brought("ALTER TABLE appointment RENAME TO visits", "CREATE VIEW appointment AS FROM visits")
    assert "practice.duckdb:appointment: 2024 rows, 2000 good, 24 set aside" in plan(data=file)[1]
    (folder / "patient.parquet").write_bytes(b"PAR1")
    code, said = plan(data=folder)
    assert code == 2
    assert "patient.parquet` is no Parquet file that can be read" in said


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres_server() as folder:
        yield f"postgresql://postgres@/postgres?host={folder}"


def written(server: str, *statements: str) -> None:
    """The practice's own tables, made anew."""
    from campcompile.postgres import connect

    with connect(server) as base:
        base.execute(b"DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        for statement in statements:
            base.execute(statement.encode())


@pytest.mark.slow
@pytest.mark.parametrize("is_view", [False, True])
def test_bad_rows_of_postgres_are_named_and_the_others_planned(plan: Plan, server: str, is_view: bool) -> None:
    behind = ("ALTER TABLE appointment RENAME TO visits", "CREATE VIEW appointment AS SELECT * FROM visits")
    written(server, *TABLES, *(behind if is_view else ()))
    code, said = plan(data=server)
    assert code == 1, said
    assert "patient: 21 rows, 20 good, 1 set aside" in said
    assert "patient row 21: `id` stands there twice" in said
    assert "appointment: 2024 rows, 2000 good, 24 set aside" in said
    assert "appointment rows 28, 128, 228, 328, 428, 528, 628, 728, 828, 928 and 11 more: `patient_id` is of no" in said
    assert "ap71 letter en: 20" in said


@pytest.mark.slow
def test_each_thing_wrong_with_a_row_of_postgres_is_told(plan: Plan, server: str) -> None:
    written(server, *TABLES, "DELETE FROM appointment WHERE patient_id = 'nobody'", "VACUUM FULL appointment")
    _, said = plan(data=server)
    assert "appointment: 2004 rows, 2000 good, 4 set aside" in said
    for number, reason in enumerate(WRONG, start=2021 - 20):
        assert f"appointment row {number}: {reason}" in said


@pytest.mark.slow
def test_a_zone_that_is_none_is_named_with_its_row_of_postgres(server: str) -> None:
    zones = "INSERT INTO patient VALUES ('p1', 'Europe/Oslo'), ('p2', 'Oslo'), ('p3', NULL)"
    written(server, "CREATE TABLE patient (id TEXT, time_zone TEXT)", zones)
    column = TableColumn(name="time_zone", type="zone", element="", choices=(), required=False)
    account, aside = see_table(Postgres.connect(server), Table(name="patient", of="", columns=(column,)))
    assert (account.rows, account.good, account.aside) == (3, 2, 1)
    assert aside == [Aside("patient", 2, "time_zone", "is no time zone such as Europe/Oslo")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE patient RENAME email TO e_mail", "`patient`: the column `email` is missing"),
        ("ALTER TABLE appointment DROP patient_id", "`appointment`: the column `patient_id` is missing"),
        (
            'ALTER TABLE appointment ALTER "start" TYPE TIMESTAMP',
            "`appointment`: the column `start` is timestamp without time zone\n  help: make it timestamp with",
        ),
        ('ALTER TABLE appointment ALTER "start" TYPE TEXT', "`appointment`: the column `start` is text"),
        ("ALTER TABLE patient ALTER topics TYPE TEXT USING 'news'", "`patient`: the column `topics` is text"),
        ("ALTER TABLE patient ALTER email TYPE BOOLEAN USING TRUE", "`patient`: the column `email` is boolean"),
        ("DROP TABLE appointment", "the database has no table `appointment`"),
    ],
)
def test_a_table_of_postgres_that_is_not_as_the_contract_says_is_named(
    plan: Plan, server: str, statement: str, words: str
) -> None:
    written(server, *TABLES, statement)
    code, said = plan(data=server)
    assert code == 2
    assert words in said


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["''", "NULL"])
def test_an_address_that_is_suppressed_in_capitals_is_suppressed(plan: Plan, server: str, layer: str) -> None:
    listed = f"INSERT INTO suppressions SELECT upper(email), {layer} FROM patient"
    written(server, *TABLES, "CREATE TABLE suppressions (email TEXT, layer TEXT)", listed)
    _, said = plan(data=server)
    assert "ap71 letter suppressed: 20" in said


@pytest.mark.slow
def test_a_country_of_postgres_that_is_no_code_is_told(plan: Plan, server: str) -> None:
    written(server, *TABLES, "UPDATE patient SET country = 'Norway' WHERE id = 'p19'", "VACUUM FULL patient")
    _, said = plan(data=server)
    assert "`country` is no country code such as NO" in said
    assert "patient: 21 rows, 19 good, 2 set aside" in said


@pytest.mark.slow
def test_an_empty_text_in_postgres_is_nothing(plan: Plan, server: str) -> None:
    """A column is read as it stands only where none of its texts is empty."""
    written(server, *TABLES, "UPDATE patient SET email = '' WHERE substr(id, 2)::INTEGER < 12 AND id <> 'p1'")
    _, said = plan(data=server)
    assert "ap71 letter no-address: 11" in said


@pytest.mark.slow
def test_what_is_planned_is_what_was_looked_over(server: str) -> None:
    """A row that the practice adds meanwhile has passed no test, and one that it changes lies elsewhere."""
    from campcompile.plan.postgres import Postgres
    from campcompile.postgres import connect

    written(server, *PEOPLE)
    engine = Postgres.connect(server)
    engine.still()
    engine.source("patient", {"id": "text", "email": "email"})
    with connect(server) as practice:
        practice.execute(b"INSERT INTO patient VALUES ('p50', '', 'nb', 'NO', NULL)")
        practice.execute(b"UPDATE patient SET email = '' WHERE id = 'p2'")
    engine.view("patient")
    assert engine.count("patient") == 21
    assert engine.rows("SELECT COUNT(*), COUNT(email) FILTER (WHERE email <> '') FROM patient") == [(21, 21)]
