"""The catalogue's 120 rules: each is in the product with a page and examples, or is named here with the reason."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from campcompile.rules.registry import all_rules
from tests.rules.examples import code_of, example_files, examples_of

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SPECIFIED = ROOT / ".." / "shared" / "spec" / "rules.json"
CATALOGUE = dict(
    list(csv.reader((HERE / "catalogue.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"))[1:]
)
# A better idea, each told in docs/adr/0015.
REFUSED = {
    "ABT003": "an experiment has no rule that stops it, so nobody can peek",
    "ABT005": "a variant can't lack what the e-mail has; a test holds it",
    "VEN005": "a bundle can't hold what the compiler never reads; tests hold it",
}
# Not built yet, and what it waits for. This list only grows shorter.
WAITING = {
    "CON005": "the reach of every send in time",
    "CON007": "proofs about ages in audiences",
    "DEL007": "a runner that counts bounces and stops",
    "SEG002": "proofs about audiences",
    "SEG003": "proofs about audiences",
    "SEG005": "proofs about audiences",
    "SEG007": "proofs about audiences",
    "VEN004": "other targets than SMTP",
}
BUILT = sorted(set(CATALOGUE) - set(REFUSED) - set(WAITING))
# Codes of the catalogue with fewer silent examples than two, from before this test. This list only grows shorter.
ONE_NEAR_MISS = frozenset(
    [
        "A11Y004",
        "DEL006",
        "LIT001",
        "LIT002",
        "LIT003",
        "LNK001",
        "SUB001",
        "SUB002",
        "SUB003",
        "SUB004",
        "SUB005",
        "SUB006",
    ]
)


def test_120_of_120_are_accounted_for() -> None:
    assert len(CATALOGUE) == 120
    assert set(REFUSED) | set(WAITING) <= set(CATALOGUE)
    assert not set(REFUSED) & set(WAITING)
    assert set(BUILT) <= set(all_rules())


def test_what_is_built_is_no_longer_waited_for_or_refused() -> None:
    assert sorted((set(WAITING) | set(REFUSED)) & set(all_rules())) == []


@pytest.mark.parametrize("code", BUILT)
def test_a_rule_has_its_name_and_its_page(code: str) -> None:
    assert all_rules()[code].slug == CATALOGUE[code]
    page = (ROOT / f"docs/rules/{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} {CATALOGUE[code]}\n")


def test_each_fires_in_an_example_and_is_silent_in_two() -> None:
    firing: dict[str, int] = {}
    silent: dict[str, int] = {}
    for file in example_files():
        code = code_of(file)
        for example in examples_of(file):
            counts = firing if any(expected.code == code for expected in example.expected) else silent
            counts[code] = counts.get(code, 0) + 1
    assert [code for code in BUILT if not firing.get(code)] == []
    assert [code for code in BUILT if silent.get(code, 0) < 2 and code not in ONE_NEAR_MISS] == []
    assert [code for code in ONE_NEAR_MISS if silent.get(code, 0) >= 2] == []


def test_every_refusal_has_its_reason_in_the_decisions() -> None:
    decided = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/adr").glob("*.md"))
    assert [code for code in REFUSED if code not in decided] == []


@pytest.mark.skipif(not SPECIFIED.exists(), reason="the catalogue's own file isn't in this checkout")
def test_the_list_is_the_catalogues() -> None:
    rules = json.loads(SPECIFIED.read_text(encoding="utf-8"))["rules"]
    assert {rule["code"]: rule["slug"] for rule in rules} == CATALOGUE
