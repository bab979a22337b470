"""Every rule has examples that are compiled as an author's files would be, and found out exactly as typed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from campcompile.compiler import compile_files
from campcompile.report.sentences import languages
from campcompile.report.speech import speech
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Applicability, Diagnostic, Severity
from campcompile.syntax.fixes import apply_fixes, fix_of
from tests.rules.examples import (
    NOW,
    Example,
    all_beside,
    beside_of,
    blessed,
    code_of,
    compiled,
    differences,
    example_files,
    examples_of,
    linted,
    memory_of_examples,
    of_each_file,
)
from tests.workspace import workspace

SAFE = frozenset({Applicability.SAFE})
# Their placeholders hold English in every language: what an export loses; another finding, which `diff` tells.
NOT_TOLD_YET = frozenset({"CHG004", "VEN004"})

MENDED = frozenset(  # codes that `--fix` mends in their examples
    (
        *("A11Y004", "HYG005", "LAY004", "SCH003", "SCH007", "SUB002", "SUB003", "SYN002", "SYN011", "SYN012"),
        *("SYN013", "SYN014", "SYN018", "SYN021", "SYN022", "TPL002", "TPL005", "TPL011", "TPL020"),
    )
)


@of_each_file
def test_each_example_gives_exactly_the_findings_typed_in_it(file: Path) -> None:
    wrong = {one.title: differences(one) for one in examples_of(file)}
    assert {title: lines for title, lines in wrong.items() if lines} == {}


@of_each_file
def test_safe_fixes_bring_no_error_and_leave_nothing_to_fix(file: Path) -> None:
    """The files parse as before, and fixing them again changes nothing."""
    mended = set()
    for example in examples_of(file):
        diagnostics, _ = compiled(example)
        codes = {found.rule.code for found in diagnostics if fix_of(found, SAFE)}
        mended |= codes
        if codes:
            check_fixes(example)
    assert mended >= {code_of(file)} & MENDED, "a rule that is mended no more"


@of_each_file
def test_each_finding_is_told_in_each_language(file: Path) -> None:
    """No placeholder is missing, and no English word of ours is left outside of backticks."""
    found = [one for each in examples_of(file) for one in compiled(each)[0] if one.rule.code not in NOT_TOLD_YET]
    told = {(one.rule.code, one.say, *one.args.items()): one for one in found}
    for name, language in languages().items():
        for one in told.values():
            said = speech(name).finding(one)
            texts = (said.message, said.help, said.label, *(label.text for label in said.related))
            assert language.missing(one.rule) or not any(map(left_in_english, texts)), f"{name}: {texts}"


def left_in_english(said: str) -> list[str]:
    """Little words of English; names of rules, sources of law and what a YAML reader says are English everywhere."""
    ours = re.sub(r"`[^`]*`|[(（][A-Z]{2}(-[A-Z]{2})?: .*|[(（][^()（）]*guidelines.*|YAML.*|\w+-or-\w+", "", said)
    return re.findall(r"\b(?:the|is|and|of|that|write|with|this|it|not|or|has|who|what|are|than)\b", ours)


def check_fixes(example: Example) -> None:
    diagnostics, sources = compiled(example)
    before, files = errors_of(diagnostics), workspace(example.files)
    for _ in range(3):
        files |= apply_fixes(files, sources, diagnostics, SAFE).files
        made = compile_files(files, as_of=None, now=NOW, lint_only=True, memory=memory_of_examples())
        diagnostics, sources = made.diagnostics, dict(made.sources)
        assert not errors_of(diagnostics) - before, example.title
    assert not apply_fixes(files, sources, diagnostics, SAFE).files, example.title


def errors_of(diagnostics: tuple[Diagnostic, ...]) -> Counter[tuple[str, str, str]]:
    """All but HYG005: a faulty waiver is left over where a fix mended what it was about."""
    return Counter(
        (found.rule.code, found.span.path, found.message)
        for found in diagnostics
        if found.severity is Severity.ERROR and found.rule.code != "HYG005"
    )


@pytest.mark.slow
@of_each_file
def test_an_example_is_found_the_same_where_nothing_is_remembered_of_others(file: Path) -> None:
    for example in examples_of(file):
        if not example.before:
            alone = linted(example.files, as_of=None, memory=None).diagnostics
            assert [one.sort_key for one in alone] == [one.sort_key for one in compiled(example)[0]], example.title


@of_each_file
def test_the_printed_findings_are_fresh(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == blessed(file), "run `python -m tests.rules.bless`"


@of_each_file
def test_the_other_places_and_fixes_of_findings_are_as_they_were(file: Path) -> None:
    known = beside_of(file).read_text(encoding="utf-8") if beside_of(file).exists() else ""
    assert known == all_beside(file), "run `python -m tests.rules.bless`"


@of_each_file
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
