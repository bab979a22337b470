"""One browser and one tab for all tests of this folder; e-mails are served from memory, and nothing else is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.browser.messages import Shown, pictures

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

HOST = "https://mail.example"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb"]
MEASURE = Path(__file__).with_name("measure.js").read_text("utf-8")
COLUMNS = 78  # of the longest line: 75, and what narrow letters add
LOCALES = ("en", "fr", "nb", "zh-Hant")
# Where a continuous integration has no time for all: the shortest words and another script; the others are slow.
SOME_LOCALES = ("en", "zh-Hant", *(pytest.param(locale, marks=pytest.mark.slow) for locale in ("fr", "nb")))


@dataclass
class Tab:
    """A browser's tab that shows e-mails, and knows what they asked the network for."""

    page: Any  # sync_api.Page; playwright is asked for above, where it may be missing
    html: str = ""
    images: bool = True
    asked: list[str] = field(default_factory=list)  # addresses that no mail program would have at hand

    def show(self, html: str, *, images: bool = True) -> None:
        self.html, self.images = html, images
        self.page.goto(f"{HOST}/emails/message.html", wait_until="load" if images else "domcontentloaded")

    def look(self, width: int, *, dark: bool = False, printed: bool = False) -> None:
        """Set the window's width, and what the reader's system asks for."""
        self.page.set_viewport_size({"width": width, "height": 667})
        self.page.emulate_media(media="print" if printed else "screen", color_scheme="dark" if dark else "light")

    def measure(self, width: int, *, dark: bool = False, printed: bool = False) -> Mapping[str, list[str]]:
        """What is wrong at a width, by kind; nothing where all is well."""
        self.look(width, dark=dark, printed=printed)
        options = {"width": width, "dark": dark, "print": printed, "columns": COLUMNS}
        found: Mapping[str, list[str]] = self.page.evaluate(MEASURE, options)
        return {kind: told for kind, told in found.items() if told}

    def answer(self, route: Any) -> None:
        address = route.request.url.removeprefix(HOST)
        name = address.removeprefix("/assets/")
        if address == "/emails/message.html":
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
        elif self.images and name in pictures():
            route.fulfill(body=pictures()[name])
        else:
            if name not in pictures():
                self.asked.append(route.request.url)
            route.abort()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    executable = os.environ.get("CAMPCOMPILE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("no Chromium here, and CAMPCOMPILE_CHROMIUM names none")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _tab(chromium: Any) -> Iterator[Tab]:
    tab = Tab(chromium.new_page())
    tab.page.route("**/*", tab.answer)
    yield tab
    tab.page.close()


@pytest.fixture
def tab(_tab: Tab) -> Iterator[Tab]:
    """The tab; a test fails where its e-mails asked for anything but themselves and their pictures."""
    _tab.asked.clear()
    yield _tab
    assert _tab.asked == []


def told(message: Shown, how: str, found: Mapping[str, list[str]]) -> list[str]:
    """What was found of a message, a line each."""
    return [f"{message}, {how}: {kind}: {each}" for kind, all_of_it in found.items() for each in all_of_it]
