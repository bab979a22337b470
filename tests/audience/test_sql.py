"""The SQL of a bundle: what other engines' grammars say of it, and what it shows and hides of the author's words."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

import pytest

from campcompile.audience.printing import DIALECTS, print_expression
from campcompile.audience.relation import Column, Compared, Value
from campcompile.audience.words import condition_words
from campcompile.compiler import compile_files
from campcompile.formula import And, Compare, Const, Elapsed, FieldRef, Has, Not, OneOf, Or, Set, Today
from tests.plan import specs
from tests.workspace import workspace

NOW = datetime(2026, 11, 2, tzinfo=UTC)
SEGMENTS = """\
readers: {title: Readers of the newsletter, where: 'segment("hiv") or has(patient.topics, "news")'}
hiv: {title: Told once, where: 'has(patient.topics, "xyz")'}
"""


ELSEWHERE = pytest.mark.parametrize("dialect", ["spark", "postgres", "bigquery", "snowflake"])


@cache
def queries(seed: int, campaigns: int, emails: int) -> Mapping[str, tuple[str, ...]]:
    """Those of campaigns drawn at random, by engine."""
    programme = specs.programme_of(random.Random(seed), campaigns, emails, specs.DATES[(seed - 100) % len(specs.DATES)])
    made = {name: specs.campaigns_of(programme, name) for name in DIALECTS}
    return {name: tuple(sql for one in found for sql in (one.due, one.entrants) if sql) for name, found in made.items()}


@ELSEWHERE
def test_the_sql_is_good_grammar_elsewhere_too(dialect: str) -> None:
    is_good_grammar(dialect, queries(7, campaigns=3, emails=1))


@pytest.mark.slow
@ELSEWHERE
def test_the_sql_of_five_hundred_e_mails_is_good_grammar_elsewhere_too(dialect: str) -> None:
    """The sixty campaigns of nine e-mails that `tests/plan/test_due.py` runs."""
    for seed in range(100, 106):
        is_good_grammar(dialect, queries(seed, campaigns=10, emails=9))


def is_good_grammar(dialect: str, found: Mapping[str, tuple[str, ...]]) -> None:
    """BigQuery and Snowflake read what is written for DuckDB, after a translation, as their own."""
    sqlglot = pytest.importorskip("sqlglot", reason="sqlglot is not installed")
    source = dialect if dialect in DIALECTS else "duckdb"
    assert found[source]
    for sql in found[source]:
        (text,) = sqlglot.transpile(sql, read=source, write=dialect, unsupported_level=sqlglot.ErrorLevel.RAISE)
        assert sqlglot.parse_one(text, read=dialect)


def test_a_bundle_holds_one_readable_query_for_each_engine() -> None:
    bundle = compile_files(workspace(), as_of=None, now=NOW).bundle
    for name in DIALECTS:
        sql = bundle[f"lt26/audience/{name}.sql"].decode()
        assert '-- audience: has(patient.topics, "news")' in sql
        assert "'no-consent'" in sql and "'suppressed'" in sql
        assert max(map(len, sql.splitlines())) < 200


def test_no_segment_is_named_in_a_query() -> None:
    files = workspace({"campaigns/_shared/segments.yaml": SEGMENTS})
    bundle = compile_files(files, as_of=None, now=NOW).bundle
    sql = "".join(text.decode() for path, text in bundle.items() if path.endswith(".sql"))
    assert "hiv" not in sql
    assert "readers" not in sql
    assert '"xyz"' in sql


@pytest.mark.parametrize(
    ("name", "printed"), [("duckdb", "'it''s \\'"), ("postgres", "'it''s \\'"), ("spark", "'it\\'s \\\\'")]
)
def test_a_text_is_written_as_each_engine_reads_it(name: str, printed: str) -> None:
    assert print_expression(Value("it's \\"), DIALECTS[name]) == printed


@pytest.mark.parametrize(("name", "printed"), [("duckdb", 'a."end"'), ("postgres", 'a."end"'), ("spark", "a.`end`")])
def test_a_reserved_name_is_quoted(name: str, printed: str) -> None:
    assert print_expression(Compared("!=", Column("a", "end"), Value(1)), DIALECTS[name]) == f"{printed} <> 1"


def test_a_condition_is_told_in_the_authors_language() -> None:
    last = FieldRef("patient.last_visit")
    told = condition_words(
        And(
            (
                Compare(">=", Elapsed("months", last, Today(Const("UTC"))), Const(12)),
                Or((Not(Set(FieldRef("patient.next_visit"))), Not(OneOf(FieldRef("patient.site"), ("north",))))),
                Not(Has(FieldRef("patient.topics"), "a\nb")),
            )
        )
    )
    assert told == (
        "months_since(patient.last_visit) >= 12 and (patient.next_visit is not set or "
        'patient.site not in ["north"]) and not has(patient.topics, "a b")'
    )
