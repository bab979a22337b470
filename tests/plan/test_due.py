"""Who is due: what an engine finds is, row by row, what the semantics of time say of each person."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date

import pytest

from campcompile.plan.duck import Duck
from campcompile.plan.due import COLUMNS, prepare
from campcompile.plan.engine import Engine
from campcompile.plan.reckoning import Span
from tests.plan import specs
from tests.plan.engines import Spark, postgres

pytest.importorskip("duckdb", reason="DuckDB is not installed")


@contextmanager
def duckdb() -> Iterator[Duck]:
    yield Duck.in_memory()


@contextmanager
def spark() -> Iterator[Spark]:
    yield Spark()


def compared(
    engine: Engine, seed: int, first: date, *, campaigns: int, emails: int, people: int, days: int
) -> Counter[str]:
    """How many rows there are for each reason; fails where the engine finds another row than the rules say."""
    draw = random.Random(seed)
    programme = specs.programme_of(draw, campaigns, emails, first)
    crowd = specs.people_of(draw, people, first)
    entries = specs.entries_of(draw, crowd, programme, first)
    span = Span(first=first, days=days)
    for table in specs.tables_of_people(crowd, programme, entries):
        engine.load(table)
    made = specs.campaigns_of(programme, engine.dialect.name)
    prepare(engine, made, span)
    union = "\nUNION ALL\n".join(f"SELECT * FROM (\n{one.due}) AS {one.manifest.code}" for one in made)
    found = [specs.as_expected(row, list(COLUMNS)) for row in engine.rows(union)]
    expected = specs.Expected(programme, specs.manifests_of(programme), span).rows(crowd, entries)
    assert len(found) == len(set(found))
    assert sorted(set(found) - expected, key=str) == []
    assert sorted(expected - set(found), key=str) == []
    return Counter(str(row[-1]) for row in expected)


def test_who_is_due_in_duckdb_is_who_is_due_by_the_rules() -> None:
    with duckdb() as engine:
        reasons = compared(engine, 3, specs.DATES[3], campaigns=8, emails=5, people=150, days=2)
    assert reasons[""] > 10
    assert {"no-consent", "no-basis", "minor", "excluded", "deceased"} <= reasons.keys()


@pytest.mark.slow
@pytest.mark.parametrize("engine", [duckdb, spark, postgres], ids=lambda engine: engine.__name__)
def test_five_hundred_e_mails_are_due_alike_in_every_engine(
    engine: Callable[[], AbstractContextManager[Engine]],
) -> None:
    """Six windows with days on which clocks are changed, ten campaigns each, of nine e-mails; one union a window."""
    found: Counter[str] = Counter()
    with engine() as opened:
        for seed, first in enumerate(specs.DATES):
            found += compared(opened, 100 + seed, first, campaigns=10, emails=9, people=40, days=2)
    assert found[""] > 200
