"""The catalogue's 120 rules: each is in the product with a page and examples, or is named here with the reason."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from campcompile.rules.registry import all_rules
from tests.rules.cases import Case, cases_of
from tests.rules.examples import code_of, example_files

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SPECIFIED = ROOT / ".." / "shared" / "spec" / "rules.json"
CATALOGUE = dict(
    list(csv.reader((HERE / "catalogue.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"))[1:]
)
# A better idea, each told in docs/adr/0015 or 0021.
REFUSED = {
    "ABT003": "an experiment has no rule that stops it, so nobody can peek",
    "ABT005": "a variant can't lack what the e-mail has; a test holds it",
    "DEL007": "the runner has limits always, and no campaign can leave them out",
    "VEN005": "a bundle can't hold what the compiler never reads; tests hold it",
}
BUILT = sorted(set(CATALOGUE) - set(REFUSED))
# Rules that judge words, so that each language has its own way of breaking and of almost breaking them.
OF_WORDS = (
    *("PHI001", "PHI005", "PHI007", "PHI008", "PHI009", "PHI010", "PHI012", "PHI013", "PHI014", "PHI015"),
    *("CON010", "ADV001", "ADV002", "ADV003", "ADV004", "ADV005", "ADV006", "ADV008", "ADV009", "ADV010"),
    *("CAN003", "CAN004", "CAN005", "SUB001", "SUB002", "SUB003", "SUB004", "SUB005", "SUB006", "DEL006"),
    *("A11Y002", "A11Y003", "A11Y004", "A11Y006", "RSP004", "LIT001", "LIT002", "LIT003", "TIM008", "FLD005"),
    *("LIF005", "LNK002", "LNK003", "LNK004"),
)
LANGUAGES = ("en", "fr", "nb", "zh-Hant")
FIRING, SILENT = 1, 2  # of each, at least


def test_120_of_120_are_accounted_for() -> None:
    assert len(CATALOGUE) == 120
    assert set(REFUSED) <= set(CATALOGUE)
    assert set(BUILT) <= set(all_rules())


def test_what_is_built_is_not_refused() -> None:
    assert sorted(set(REFUSED) & set(all_rules())) == []


@pytest.mark.parametrize("code", BUILT)
def test_a_rule_has_its_name_and_its_page(code: str) -> None:
    assert all_rules()[code].slug == CATALOGUE[code]
    page = (ROOT / f"docs/rules/{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code} {CATALOGUE[code]}\n")


def test_each_fires_and_almost_fires_in_two_cases() -> None:
    assert [code for code in BUILT if not _is_shown(_shown()[code])] == []


@pytest.mark.parametrize("code", OF_WORDS)
def test_a_rule_of_words_fires_and_almost_fires_in_each_language(code: str) -> None:
    shown = _shown()[code]
    lacking = [name for name in LANGUAGES if not _is_shown(case for case in shown if case.locale == name)]
    assert lacking == [], "each language needs an e-mail that it fires on, and two that it leaves alone"


def test_every_refusal_has_its_reason_in_the_decisions() -> None:
    decided = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs/adr").glob("*.md"))
    assert [code for code in REFUSED if code not in decided] == []


@pytest.mark.skipif(not SPECIFIED.exists(), reason="the catalogue's own file isn't in this checkout")
def test_the_list_is_the_catalogues() -> None:
    rules = json.loads(SPECIFIED.read_text(encoding="utf-8"))["rules"]
    assert {rule["code"]: rule["slug"] for rule in rules} == CATALOGUE


@cache
def _shown() -> dict[str, list[Case]]:
    """Every case of the examples, by the code that they are about."""
    return {code_of(file): list(cases_of(file)) for file in example_files()}


def _is_shown(cases: Iterable[Case]) -> bool:
    fires = [case.fires for case in cases]
    return fires.count(True) >= FIRING and fires.count(False) >= SILENT
