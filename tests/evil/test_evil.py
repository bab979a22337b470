"""Each row of the evil corpus is found where it stands, in two seconds, and its good twin is silent."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from campcompile.compiler import Compilation, compile_files
from campcompile.syntax.findings import Diagnostic, Severity
from tests.evil.cases import CASES, LATER, Case

AS_OF = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
MOST_SECONDS = 2.0


def compiled(files: dict[str, bytes]) -> Compilation:
    begin = time.perf_counter()
    compilation = compile_files(files, as_of=AS_OF, now=NOW)
    assert time.perf_counter() - begin < MOST_SECONDS
    return compilation


def told(compilation: Compilation, case: Case) -> list[str]:
    """The errors, and those warnings that the case names, as `CODE line:column`."""
    return [
        _told(found, compilation, case)
        for found in compilation.diagnostics
        if found.severity is Severity.ERROR or found.rule.code in case.finds
    ]


def _told(found: Diagnostic, compilation: Compilation, case: Case) -> str:
    line, column = compilation.sources[found.span.path].position(found.span.start)
    path = "" if found.span.path == case.file else f" {found.span.path}"
    return f"{found.rule.code}{path} {line}:{column}"


@pytest.mark.parametrize("case", CASES, ids=[case.row for case in CASES])
def test_a_trick_is_found_where_it_stands(case: Case) -> None:
    compilation = compiled(case.spoiled())
    assert told(compilation, case) == [found for found in case.finds.split(", ") if found]
    assert any(case.says in f"{found.message}\n{found.help}" for found in compilation.diagnostics) or not case.says
    assert bool(compilation.bundle) == all(found.severity is not Severity.ERROR for found in compilation.diagnostics)


@pytest.mark.parametrize("case", CASES, ids=[case.row for case in CASES])
def test_a_message_is_one_line_that_fits_a_screen(case: Case) -> None:
    for found in compiled(case.spoiled()).diagnostics:
        for words in (found.message, found.help):
            assert words.isprintable() and len(words) < 400, words


@pytest.mark.parametrize("case", CASES, ids=[case.row for case in CASES])
def test_the_same_without_the_trick_is_silent(case: Case) -> None:
    assert told(compiled(case.whole()), case) == []


@pytest.mark.parametrize("case", LATER, ids=[case.row for case in LATER])
def test_what_a_later_rule_will_find_crashes_nothing(case: Case) -> None:
    assert told(compiled(case.spoiled()), case) == [], "its rule is there now: move the row, and type where it is found"
