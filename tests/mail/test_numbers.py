"""A number in groups stays on one line in HTML, and what it says does not change."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campcompile.mail.numbers import GLUE, glued, unbroken, unglued
from campcompile.parts import Branch

NOWRAP = '<span style="white-space:nowrap">'


def html(text: str) -> str:
    (part,) = unbroken((text,), {})
    assert isinstance(part, str)
    return part


@pytest.mark.parametrize("number", ["+47 55 50 12 80", "116 117", "+1 (202) 555-0143", "04 00 00 00 00"])
def test_a_telephone_number_is_not_broken(number: str) -> None:
    assert html(f"<p>Call {number}.</p>") == f"<p>Call {NOWRAP}{number}</span>.</p>"


@pytest.mark.parametrize(
    "text",
    [
        '<p style="margin:0 0 16px;padding:0 0 0 24px">We open at 9, and close at 17.</p>',
        "5014 Bergen",
        "Ring 113",
        "12345 12345 12345 12345 12345",
        "1.5 2.5",
    ],
)
def test_what_is_no_number_in_groups_stays_as_it_is(text: str) -> None:
    assert html(text) == text


def test_numbers_of_an_arm_are_not_broken_either() -> None:
    (branch,) = unbroken((Branch("c1", ("116 117",), ("112",)),), {})
    assert branch == Branch("c1", (f"{NOWRAP}116 117</span>",), ("112",))


def test_a_practices_number_is_not_broken_and_a_persons_words_are_left_alone(desk_of, shown) -> None:
    desk = desk_of(sites={"loddefjord": {"phone": "+47 55 50 12 60"}})
    message = desk.compose(desk.text("Call {{ practice.phone }}, Kari."), desk.button("Call 116 117", "links.confirm"))
    page = shown(message, "html", patient__site="loddefjord")
    assert f"Call {NOWRAP}+47 55 50 12 60</span>, Kari." in page
    assert f"Call {NOWRAP}116 117</span>" in page
    assert "nowrap" not in str(message.subject)
    hello = desk.compose(desk.text("{% if recipient.first_name is set %}Hi {{ recipient.first_name }}{% endif %}"))
    assert "Hi 12 34" in shown(hello, "html", patient__first_name="12 34")


def test_no_tag_comes_into_a_title(desk, shown) -> None:
    message = desk.compose(desk.text("Hello"), subject="Call 116 117", preheader="Call 116 117")
    assert "<title>Call 116 117</title>" in shown(message, "html")


@given(st.text("12 +()-a<>&;.", min_size=1, max_size=40))
def test_words_stay_the_same_words(text: str) -> None:
    assert unglued(glued(text)) == text
    marked = re.sub(rf"{re.escape(NOWRAP)}([^<]*)</span>", r"\1", html(text))
    assert marked == text
    assert GLUE not in html(text)
