"""The layouts that come with campcompile: one theme, one header, one footer; what differs stands in the layout."""

from __future__ import annotations

from dataclasses import replace

import pytest

from campcompile.mail.layouts import read_layouts
from campcompile.mail.theme import DEFAULT
from campcompile.parts import Parts
from campcompile.syntax.source import Source

LAYOUTS = ("clinic", "newsletter", "portal-notice")


def literals(parts: Parts) -> str:
    return "".join(part for part in parts if isinstance(part, str))


def test_there_are_a_letter_a_newsletter_and_a_portal_notice() -> None:
    assert read_layouts({}).value.names == set(LAYOUTS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_layouts_share_theme_header_and_footer(desk, layout: str) -> None:
    desk.theme = replace(DEFAULT, light=replace(DEFAULT.light, accent="#123456"))
    message = desk.compose(desk.button("Go", "links.book"), layer="updates", layout=layout)
    html, text = literals(message.html), literals(message.text)
    assert desk.codes() == []
    assert "#123456" in html
    assert "Fjordklinikken AS" in html and "Fjordklinikken AS" in text
    assert "Unsubscribe" in html and "Unsubscribe" in text


def test_a_newsletters_subject_is_its_headline(desk) -> None:
    news = desk.compose(desk.text("Words"), subject="News of the fjord", layout="newsletter")
    letter = desk.compose(desk.text("Words"), subject="News of the fjord")
    assert ">News of the fjord</h1>" in literals(news.html)
    assert literals(news.text).startswith("News of the fjord\n\nWords\n")
    assert ">News of the fjord</h1>" not in literals(letter.html)
    assert literals(letter.text).startswith("Words\n")


def test_an_own_part_is_in_every_layout(desk) -> None:
    own = {"layouts/parts/footer.txt": "-- \nOurs alone\n"}
    desk.layouts = read_layouts({path: Source(path, text) for path, text in own.items()}).value
    for layout in LAYOUTS:
        assert literals(desk.compose(desk.text("Words"), layout=layout).text).endswith("-- \nOurs alone\n")
