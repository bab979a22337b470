"""Every rule has examples that are compiled as an author's files would be, and found out exactly as typed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from campcompile.compiler import compile_files
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Applicability, Diagnostic, Severity
from campcompile.syntax.fixes import apply_fixes, fix_of
from tests.rules.examples import (
    NOW,
    Example,
    blessed,
    code_of,
    compiled,
    differences,
    example_files,
    examples_of,
)
from tests.workspace import workspace

SAFE = frozenset({Applicability.SAFE})

ALL = [example for file in example_files() for example in examples_of(file)]


of_each = pytest.mark.parametrize(  # scope: both tests of an example come together, and compile it once
    "example", ALL, ids=lambda one: f"{one.file.stem}: {one.title}", scope="module"
)


@of_each
def test_an_example_gives_exactly_the_findings_typed_in_it(example: Example) -> None:
    assert differences(example) == []


@of_each
def test_safe_fixes_bring_no_error_and_leave_nothing_to_fix(example: Example) -> None:
    """They are applied once in ten examples: the files parse as before, and fixing them again changes nothing."""
    diagnostics, sources = compiled(example)
    if not any(fix_of(found, SAFE) for found in diagnostics):
        return
    before, files = errors_of(diagnostics), workspace(example.files)
    for _ in range(3):
        files |= apply_fixes(files, sources, diagnostics, SAFE).files
        made = compile_files(files, as_of=None, now=NOW, lint_only=True)
        diagnostics, sources = made.diagnostics, dict(made.sources)
        assert not errors_of(diagnostics) - before
    assert not apply_fixes(files, sources, diagnostics, SAFE).files


def errors_of(diagnostics: tuple[Diagnostic, ...]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (found.rule.code, found.span.path, found.message) for found in diagnostics if found.severity is Severity.ERROR
    )


def test_ten_and_more_findings_have_a_safe_fix() -> None:
    """The test above is about something: these are the codes that `--fix` mends in the examples."""
    mended = {found.rule.code for one in ALL for found in compiled(one)[0] if fix_of(found, SAFE)}
    assert mended >= {
        *("A11Y004", "HYG005", "LAY004", "SCH003", "SCH007", "SUB002", "SUB003", "SYN002", "SYN011", "SYN012"),
        *("SYN013", "SYN014", "SYN018", "SYN021", "SYN022", "TPL002", "TPL005", "TPL011", "TPL020"),
    }


@pytest.mark.parametrize("file", example_files(), ids=lambda file: file.stem)
def test_the_printed_findings_are_fresh(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == blessed(file), "run `python -m tests.rules.bless`"


@pytest.mark.parametrize("file", example_files(), ids=lambda file: file.stem)
def test_an_example_file_names_its_rule_and_shows_it_firing_and_silent(file: Path) -> None:
    code = code_of(file)
    assert all_rules()[code].slug.replace("-", "_") == file.stem
    firing = [one for one in examples_of(file) if any(expected.code == code for expected in one.expected)]
    assert firing, f"{code} fires in none of its examples"
    if not code.startswith(("SYN", "SCH", "HYG")):
        assert len(firing) < len(examples_of(file)), f"{code} is silent in none of its examples"


def test_every_rule_has_an_example_file() -> None:
    lacking = sorted(set(all_rules()) - {code_of(file) for file in example_files()})
    assert lacking == []
