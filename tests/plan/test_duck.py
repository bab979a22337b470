"""DuckDB gets little memory at first, and more where a query can't do with it."""

from __future__ import annotations

import pytest

from campcompile.plan.duck import Duck

pytest.importorskip("duckdb", reason="DuckDB is not installed")


def test_a_query_that_is_short_of_memory_gets_more() -> None:
    duck = Duck.in_memory()
    duck.run("SET memory_limit = '8MB'")
    assert duck.rows("SELECT len(list(number)) FROM range(2000000) t(number)") == [(2_000_000,)]
