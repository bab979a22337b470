"""The page of a change: asks the network for nothing, runs its own script alone, and can be read by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.changes.staged import stage, told

pytest.importorskip("axe_playwright_python", reason="axe-core is not installed: axe-playwright-python brings it")
pytestmark = pytest.mark.browser

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FOUND = (
    "axe.run({resultTypes: ['violations'], iframes: false})"
    ".then(result => result.violations.map(v => `${v.id}: ${v.nodes[0].html}`))"
)
MOST_BYTES = 5_000_000


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("review")
    stage(root)
    place = root / "review.html"
    place.write_text(told(root, "html"), "utf-8")
    return place


@pytest.fixture
def page(chromium: Any, file: Path) -> Iterator[Any]:
    """The page as a reviewer opens it, from a file; a test fails where it asks for anything or complains."""
    context = chromium.new_context()
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector("body.ready")
    yield page
    assert [url for url in asked if not url.startswith((file.as_uri(), "data:", "about:"))] == []
    assert said == []
    context.close()


def test_it_is_one_file_with_a_policy(file: Path) -> None:
    text = file.read_text("utf-8")
    assert len(text.encode()) < MOST_BYTES
    assert "default-src 'none'" in text
    assert not re.search(r"(?:src|href)=\"(?!#)", text)


def test_axe_finds_nothing_and_nothing_sticks_out(page: Any) -> None:
    for width in (375, 1280):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.evaluate(AXE)
            assert page.evaluate(FOUND) == [], (width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_both_sides_are_shown_with_the_words_marked_on_a_telephone_and_in_the_dark(page: Any) -> None:
    page.locator("input[value=phone]").check(force=True)
    page.locator("input[value=dark]").check(force=True)
    card = page.locator("section", has=page.locator("h3", has_text="day-before"))
    card.scroll_into_view_if_needed()
    before, after = (card.frame_locator("iframe").nth(side).locator("body") for side in (0, 1))
    after.locator("span", has_text="Papers").last.wait_for()
    assert "Papers" not in before.inner_text()
    assert card.locator("iframe").first.bounding_box()["width"] == 375
    assert after.evaluate("body => innerWidth") == 375


def test_the_keyboard_reaches_every_switch(page: Any) -> None:
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert {"width", "scheme", "A", "SUMMARY"} <= reached


def test_a_new_way_of_a_field_is_drawn(page: Any) -> None:
    titles = page.locator("svg.flow path.new title").all_text_contents()
    assert "patient.first_name → body: new" in titles
