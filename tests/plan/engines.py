"""Real engines for tests: a PostgreSQL server of our own, and Spark; tests skip where they aren't installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks import server
from campcompile.audience.printing import DIALECTS
from campcompile.plan.engine import type_name
from campcompile.plan.postgres import Postgres
from campcompile.plan.tables import LookupTable


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A session with a server of its own."""
    with postgres_server() as folder:
        yield Postgres.connect(f"host={folder} user=postgres dbname=postgres")


@contextmanager
def postgres_server() -> Iterator[Path]:
    """The folder that a server of its own listens in; skips by name where PostgreSQL isn't installed."""
    if lack := server.missing():
        pytest.skip(lack)
    with server.postgres_server() as folder:
        yield folder


class Spark:
    """PySpark with two threads; tables are views of data frames."""

    dialect = DIALECTS["spark"]

    def __init__(self) -> None:
        sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed")
        if shutil.which("java") is None:
            pytest.skip("there is no Java for Spark")
        options = {
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.ansi.enabled": "true",
            "spark.sql.catalogImplementation": "in-memory",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            # A few rows: what is spared is thought. Frames from Python tell no size of theirs, and Spark would
            # shuffle them all; planning anew, compiling and inferring filters would cost more than the rows.
            "spark.sql.shuffle.partitions": "1",
            "spark.default.parallelism": "1",
            "spark.sql.defaultSizeInBytes": "10000",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.constraintPropagation.enabled": "false",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss8m",
        }
        builder = sql.SparkSession.builder.master("local[2]").appName("campcompile")
        for name, value in options.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")
        self.tables: set[str] = set()

    def load(self, table: LookupTable) -> None:
        types = ", ".join(f"`{name}` {type_name(kind, self.dialect)}" for name, kind in table.columns.items())
        numbers = [place for place, kind in enumerate(table.columns.values()) if kind == "number"]
        rows = [tuple(_cell(cell, place in numbers) for place, cell in enumerate(row)) for row in table.rows]
        frame = (
            self.session.createDataFrame(rows, types).coalesce(1).localCheckpoint()
        )  # else it is read anew each time
        frame.createOrReplaceTempView(table.name)
        self.tables.add(table.name)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def has(self, table: str) -> bool:
        return table in self.tables


def _cell(cell: Any, is_number: bool) -> Any:
    if is_number and cell is not None:
        return float(cell)
    return list(cell) if isinstance(cell, tuple) else cell
