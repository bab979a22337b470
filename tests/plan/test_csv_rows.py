"""CSV files as tables of texts: what is no row is named by its number, and takes no other row along."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campcompile.errors import UsageError
from campcompile.plan.csv_rows import read_csv
from campcompile.plan.duck import Duck

pytest.importorskip("duckdb", reason="DuckDB is not installed")
MARK = "has a quotation mark that isn't closed, or one inside of a cell"


@pytest.fixture(scope="module")
def duck() -> Duck:
    return Duck.in_memory()


def read(duck: Duck, path: Path, content: bytes) -> tuple[list[tuple[str, ...]], dict[int, str]]:
    """The rows as they were read, and by number what is wrong with the others."""
    path.write_bytes(content)
    duck.run("DROP TABLE IF EXISTS raw")
    aside = read_csv(duck, path, "raw")
    return duck.rows("SELECT * FROM raw ORDER BY _row"), {one.row: one.reason for one in aside}


@pytest.mark.parametrize(
    ("lines", "good", "wrong"),
    [
        ('p1,"a\np2,b\np3,c\n', [3, 4], {2: MARK}),
        ('p1,a\np2,b\np3,"c', [2, 3], {4: MARK}),
        ('p1,a\np2,"b\np3,c\np4,"d\np5,e\n', [2, 4, 6], {3: MARK, 5: MARK}),
        ('p1,a"b"\np2,"b"c\np3,c\n', [2, 4], {3: MARK}),
        ("p1,a\n\n\r\np2,b\n\n", [2, 5], {}),
        ("p1,a\n\np2\np3,c\n", [2, 5], {4: "has 1 cells, and the header 2"}),
    ],
)
def test_a_bad_row_takes_no_other_along(
    duck: Duck, tmp_path: Path, lines: str, good: list[int], wrong: dict[int, str]
) -> None:
    rows, aside = read(duck, tmp_path / "patient.csv", f"id,name\n{lines}".encode())
    assert [row[0] for row in rows] == good
    assert aside == wrong


def test_a_file_without_a_header_is_named(duck: Duck, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"`patient.csv` is empty"):
        read(duck, tmp_path / "patient.csv", b"")


CELL = st.text(st.sampled_from('ab ,;"\nø行'), max_size=4)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=4))
def test_what_a_spreadsheet_writes_is_read_alike_in_both_ways(
    duck: Duck, tmp_path: Path, cells: list[tuple[str, str]]
) -> None:
    path = tmp_path / "patient.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("id", "name"), *cells])
    written = path.read_bytes()
    quickly, _ = read(duck, path, written)
    by_hand, aside = read(duck, path, written + b"\r\n\r\nlast,one\r\n")
    assert [tuple(cell or "" for cell in row[1:]) for row in quickly] == cells
    assert [row[1:] for row in by_hand] == [*cells, ("last", "one")]
    assert [row[0] for row in by_hand] == [*(row[0] for row in quickly), len(cells) + 4]
    assert not aside
