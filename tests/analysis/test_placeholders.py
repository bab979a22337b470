"""What waits to be filled in is found; what only looks so is not (more in tests/rules/fields)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.placeholders import placeholders


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[Nom du Cabinet] — [Adresse]", ["[Nom du Cabinet]", "[Adresse]"]),
        ("le XX/XX/XXXX", ["XX/XX/XXXX"]),
        ("XX診所", ["XX"]),
        ("［姓名］您好", ["［姓名］"]),
        ("【…】", ["【…】"]),
        ("https://a.example/*|UNIQID|*", ["*|UNIQID|*"]),
        ("{% if x %}", ["{% if x %}"]),
        ("[____]", ["[____]"]),
    ],
)
def test_placeholders(text: str, found: list[str]) -> None:
    assert [one.text for one in placeholders(text)] == found


@pytest.mark.parametrize(
    "text", ["[1]", "[#]", "[ ]", "[x]", "[…]", "[EN]", "{}", "{1, 2}", "a_b__c", "xx", "20%", "%%"]
)
def test_what_only_looks_so(text: str) -> None:
    assert list(placeholders(text)) == []


def test_a_member_of_staff_is_no_sample() -> None:
    assert [one.kind for one in placeholders("Dr Smith is back")] == ["sample"]
    assert list(placeholders("Dr Smith is back", names=frozenset({"anna smith"}))) == []


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="[]{}<>_*|%$xX○【】 aTODO\x02\x03", max_size=60))
def test_any_text_is_read_and_every_place_quotes_its_words(text: str) -> None:
    for one in placeholders(text):
        assert text[one.start : one.end] == one.text
