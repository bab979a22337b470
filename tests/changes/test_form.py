"""The form of a file is nobody's business: other quotes, comments, line ends or orders of keys change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest
import yaml

from tests.changes.clinic import CLINIC, account


def reformatted(text: str, chance: Random) -> str:
    """The same YAML with its keys in another order, another style for each list and mapping, and a comment."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    shuffle(root, chance)
    return "# said in another form\n" + yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True, width=60)


def shuffle(node: yaml.Node, chance: Random) -> None:
    if isinstance(node, yaml.MappingNode):
        chance.shuffle(node.value)
        node.flow_style = False
        for _, value in node.value:
            shuffle(value, chance)
    elif isinstance(node, yaml.SequenceNode):
        node.flow_style = chance.random() < 0.5 and all(isinstance(one, yaml.ScalarNode) for one in node.value)
        for value in node.value:
            shuffle(value, chance)


def all_reformatted(seed: int) -> Mapping[str, str | bytes]:
    chance = Random(seed)
    return {
        path: reformatted(text, chance) if isinstance(text, str) and text else text for path, text in CLINIC.items()
    }


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 20))])
def test_a_reformatted_practice_has_no_changes(seed: int) -> None:
    found = account(all_reformatted(seed))
    assert found.is_empty, [(one.topic, one.before, one.after) for one in found.all_changes()]


def test_other_line_ends_are_no_change() -> None:
    found = account({path: text.replace("\n", "\r\n") for path, text in CLINIC.items() if isinstance(text, str)})
    assert not list(found.all_changes())


def test_a_condition_said_otherwise_selects_the_same_people() -> None:
    segments = str(CLINIC["campaigns/_shared/segments.yaml"])
    said = segments.replace('appointment.status == "booked"', 'appointment.status  in  ["booked"]')
    assert account({"campaigns/_shared/segments.yaml": said}).is_empty
