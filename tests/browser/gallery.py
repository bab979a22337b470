"""Photographs the example e-mails for docs/gallery.md: `python -m tests.browser.gallery`.

Needs a Chromium: CAMPCOMPILE_CHROMIUM, else `chromium`. Every e-mail is a row: on a telephone in each language, in
the light, honoured dark and forced dark, and on a desk. Below it in the page: what a screen reader says of one.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.conftest import ARGUMENTS, Tab
from tests.browser.messages import Shown, example_practice, shown
from tests.browser.test_accessibility import heard

DOCS = Path(__file__).parents[2] / "docs"
PICTURE = DOCS / "images" / "gallery.webp"
MOST_BYTES = 400_000
SCALE = 0.36
COLUMNS = (  # locale, width, how it is shown
    ("en", 375, "light"),
    ("fr", 375, "dark"),
    ("nb", 375, "forced dark"),
    ("zh-Hant", 375, "light"),
    ("en", 640, "light"),
)
SPOKEN = ("three-days-before", "fr")
_ASKS_FOR_DARK = re.compile(r'<meta name="(?:supported-)?color-scheme"[^>]*>|:root \{ color-scheme[^}]*\}')
_READ_ALOUD = re.compile(r"(?<=<!-- read aloud -->\n).*?(?=<!-- read aloud -->)", re.DOTALL)


def main() -> None:
    executable = os.environ.get("CAMPCOMPILE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        tab = Tab(browser.new_page())
        tab.page.route("**/*", tab.answer)
        PICTURE.write_bytes(_sheet(browser, _rows(tab)))
        spoken = _said(tab)
        browser.close()
    assert PICTURE.stat().st_size < MOST_BYTES, PICTURE.stat().st_size
    page = DOCS / "gallery.md"
    page.write_text(_READ_ALOUD.sub(lambda _: spoken, page.read_text("utf-8")), "utf-8")
    print(f"wrote docs/images/{PICTURE.name} and docs/gallery.md")


def _messages() -> dict[tuple[str, str], dict[str, Shown]]:
    """By campaign and e-mail, in each locale."""
    made: dict[tuple[str, str], dict[str, Shown]] = {}
    practice = example_practice()
    for rendered in practice.rendered:
        message = shown(practice, rendered, "ordinary")
        made.setdefault((message.campaign, message.email), {})[message.locale] = message
    return made


def _rows(tab: Tab) -> list[list[tuple[int, bytes]]]:
    session = tab.page.context.new_cdp_session(tab.page)
    rows = []
    for by_locale in _messages().values():
        row = []
        for locale, width, scheme in COLUMNS:
            forced = scheme == "forced dark"
            html = by_locale[locale].html
            tab.show(_unasked(html) if forced else html)
            session.send("Emulation.setAutoDarkModeOverride", {"enabled": forced})
            tab.look(width, dark=scheme == "dark")
            row.append((width, tab.page.screenshot(full_page=True)))
        rows.append(row)
    return rows


def _unasked(html: str) -> str:
    """The page as a mail program sees it that doesn't ask for dark colours, and turns the light ones."""
    return _ASKS_FOR_DARK.sub("", html).replace("(prefers-color-scheme: dark)", "not all")


def _sheet(browser: Any, rows: list[list[tuple[int, bytes]]]) -> bytes:
    images = "".join(
        "<div>" + "".join(f'<img width="{width * SCALE}" src="{_data(png)}">' for width, png in row) + "</div>"
        for row in rows
    )
    width = round(sum(width for _, width, _ in COLUMNS) * SCALE) + 16 * (len(COLUMNS) + 1)
    page = browser.new_page(viewport={"width": width, "height": 600}, device_scale_factor=1)
    style = "body{margin:0;padding:8px;background:#8b9397}div{display:flex;align-items:flex-start}img{margin:8px}"
    page.set_content(f"<style>{style}</style>{images}")
    session = page.context.new_cdp_session(page)
    options = {"format": "webp", "quality": 62, "captureBeyondViewport": True}
    size = page.evaluate("({width: innerWidth, height: document.body.scrollHeight})")
    clip = {"x": 0, "y": 0, **size, "scale": 1}
    return base64.b64decode(session.send("Page.captureScreenshot", {**options, "clip": clip})["data"])


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _said(tab: Tab) -> str:
    """What a screen reader goes through, a line each."""
    email, locale = SPOKEN
    message = next(found[locale] for (_, name), found in _messages().items() if name == email)
    tab.show(message.html)
    tab.look(375)
    told = {"heading": "heading: ", "link": "link: ", "image": "picture: ", "listitem": "• "}
    lines = [f"article: {message.subject}"]
    prefix, behind = "", ""
    for node in heard(tab):
        name = str(node["name"]).strip()
        if node["role"] in told:
            prefix = told[node["role"]]
        elif node["role"] != "StaticText":
            continue
        if name and name != behind:
            lines.append(prefix + name)
        behind, prefix = (name, "") if name else (behind, prefix)
    return "```text\n" + "\n".join(lines) + "\n```\n"


if __name__ == "__main__":
    main()
