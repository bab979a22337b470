"""docs/rules.md and its pages are what the rules say today."""

from __future__ import annotations

from tests.rules.bless import ROOT, pages


def test_the_reference_of_rules_is_fresh() -> None:
    fresh = pages()
    stale = [path for path, text in fresh.items() if _read(path) != text]
    assert stale == [], "run `python -m tests.rules.bless`"


def test_no_page_is_left_of_a_rule_that_is_gone() -> None:
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs/rules").glob("*.md")}
    assert found <= set(pages())


def _read(path: str) -> str:
    file = ROOT / path
    return file.read_text(encoding="utf-8") if file.exists() else ""
