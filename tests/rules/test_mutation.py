"""A rule's examples notice when its code is wrong: mutants of each module are asked about them."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.rules.mutating import TURN, mutants, parsed
from tests.rules.mutation import FOLDER, equivalent, modules, score

LEAST = 0.95  # of all mutants of rules' code
MODULE = '''
def spoken(words: list[str], most: int = 3) -> bool:
    """Neither this 1 nor this `not` is code."""
    while words:
        words.pop()
    return not any(len(word) > most and word for word in words if word)
'''


def test_a_module_gets_each_thing_wrong_that_a_hurried_hand_would() -> None:
    told = [one.name.removeprefix("spoken: ") for one in mutants(parsed(MODULE))]
    generator = "((len(word) > most and word for word in words if word))"
    assert told == [
        "3 → 4",
        "3 → 2",
        "words → False",
        "words.pop() → pass",
        f"return not any{generator} → return None",
        f"not any{generator} → any{generator}",
        "any → all",
        "len(word) > most and word → len(word) > most or word",
        "len(word) > most → len(word) >= most",
        "len(word) > most → len(word) <= most",
        "word → True",
        "word → False",
    ]


def test_a_mutant_is_the_module_with_that_one_thing_wrong() -> None:
    tree = parsed("def least(a):\n    return min(a)\n")
    wrong, named = ({TURN: None}, {TURN: None})
    missing, swapped = mutants(tree)
    exec(missing.code(tree, "least"), wrong)  # type: ignore[call-overload]
    exec(swapped.code(tree, "least"), named)  # type: ignore[call-overload]
    assert (wrong["least"]([1, 2]), named["least"]([1, 2])) == (None, 2)  # type: ignore[misc]


def test_examples_notice_a_rule_that_finds_nothing_and_none_is_noticed_of_a_rule_as_it_is() -> None:
    path = FOLDER / "law/law_pack_aged.py"
    found = score(path, lambda made: [one for one in made if "yield" in one.name])
    assert found.noticed and found.alive == ()


def test_mutants_that_are_said_to_be_equivalent_are_of_modules_that_are_there() -> None:
    names = {path.relative_to(FOLDER).as_posix() for path in modules()}
    assert set(equivalent()) <= names
    assert all(reason for reasons in equivalent().values() for reason in reasons.values())


@pytest.mark.slow
def test_examples_notice_nearly_all_that_can_be_wrong_with_their_rules() -> None:
    count: Counter[str] = Counter()
    stale = {}
    for path in modules():
        found = score(path)
        count += Counter(noticed=found.noticed, alive=len(found.alive))
        stale[path.stem] = found.stale
    assert {name: names for name, names in stale.items() if names} == {}
    assert count["noticed"] / count.total() >= LEAST, count
