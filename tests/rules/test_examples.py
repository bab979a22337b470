"""Every rule has examples that are compiled as an author's files would be, and found out exactly as typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from campcompile.rules.registry import all_rules
from tests.rules.examples import Example, blessed, code_of, differences, example_files, examples_of

ALL = [example for file in example_files() for example in examples_of(file)]


@pytest.mark.parametrize("example", ALL, ids=lambda one: f"{one.file.stem}: {one.title}")
def test_an_example_gives_exactly_the_findings_typed_in_it(example: Example) -> None:
    assert differences(example) == []


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
