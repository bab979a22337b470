"""The example practice with one thing broken: the rule that it breaks finds it, and no other has a word to say.

What an edit of words does to its translations is LIF005's, and told with each: the source changed, or a translation
says less than it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from campcompile.compiler import compile_files
from campcompile.memory import Memory
from tests.acceptance.mutations import BREAKS, Mutant, mutants

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 8, 15, 9, tzinfo=UTC)
FOLDERS = ("annual-check", "appointment-reminders", "new-patient-welcome", "newsletter")
OF_TRANSLATIONS = frozenset({"LIF005"})
SEED = 1961


@cache
def practice() -> dict[str, bytes]:
    paths = [path for folder in ("campaigns", "layouts", "assets") for path in (ROOT / folder).rglob("*.*")]
    return {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in [*paths, ROOT / "campcompile.yaml"]}


def found(files: dict[str, bytes], folder: str, memory: Memory) -> frozenset[tuple[str, str]]:
    made = compile_files(files, as_of=None, now=NOW, lint_only=True, memory=memory, only=frozenset({folder}))
    return frozenset((one.rule.code, one.message) for one in made.diagnostics)


def drawn(folder: str, count: int) -> list[Mutant]:
    texts = {path: content.decode() for path, content in practice().items() if path.endswith(".yaml")}
    layout = f"layouts/{'newsletter' if folder == 'newsletter' else 'clinic'}.mjml"
    texts[layout] = (ROOT / "src/campcompile/mail" / layout).read_text(encoding="utf-8")  # as a practice takes it over
    return mutants(folder, texts, SEED, count)


def wrong(folder: str, count: int) -> list[str]:
    """Edits that were missed, or of which something unrelated was said."""
    memory = Memory()
    before = found(practice(), folder, memory)
    assert before == frozenset(), "the example practice has nothing to mend"
    told = []
    for mutant in drawn(folder, count):
        new = found({**practice(), mutant.path: mutant.text.encode()}, folder, memory)
        codes = {code for code, _ in new}
        broken = mutant.broken
        if broken.code not in codes or codes - {broken.code} - broken.also - OF_TRANSLATIONS:
            told.append(f"{broken.name}, in {mutant.path}: {sorted(new)}")
    return told


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_few_edits_are_found_by_the_rule_that_they_break(folder: str) -> None:
    assert wrong(folder, 6) == []


@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_hundred_edits_are_found_by_the_rule_that_they_break(folder: str) -> None:
    assert len(drawn(folder, 100)) == 100
    assert wrong(folder, 100) == []


def test_every_way_to_break_a_rule_is_among_the_hundred() -> None:
    assert {one.broken.name for folder in FOLDERS for one in drawn(folder, 100)} == {one.name for one in BREAKS}
