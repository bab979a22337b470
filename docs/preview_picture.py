"""Photographs the preview for docs/how-to/watch.md, with a mistake in the example practice.

.venv/bin/python -m docs.preview_picture        needs a Chromium: CAMPCOMPILE_CHROMIUM, else `chromium`
"""

from __future__ import annotations

import base64
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from campcompile.preview.desk import Desk
from campcompile.preview.server import serving
from campcompile.preview.workshop import Workshop

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "images" / "watch.webp"
MOST_BYTES = 120_000
PRACTICE = ("campaigns", "layouts", "assets")
SLIP = ("Here are the details.", "Here are the details of your diabetes check.")
WHERE = "#campaign=appointment-reminders&email=week-before&locale=en"


def main() -> None:
    executable = os.environ.get("CAMPCOMPILE_CHROMIUM") or shutil.which("chromium")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        workshop = Workshop(_practice(Path(folder)), as_of=None, clock=lambda: datetime(2026, 9, 10, tzinfo=UTC))
        workshop.refresh()
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        with serving(Desk(workshop, editor="vscode://file/{path}:{line}:{column}"), 0) as server:
            page = browser.new_page(viewport={"width": 1360, "height": 820}, device_scale_factor=1)
            page.goto(server.address + WHERE)
            card = page.locator("#panel .card", has_text="diabetes check")
            card.locator("button").first.click()
            page.frame_locator("#frame").locator("[data-cc-spot]").wait_for(state="attached")
            PICTURE.write_bytes(_webp(page))
        browser.close()
    assert PICTURE.stat().st_size < MOST_BYTES, PICTURE.stat().st_size
    print(f"wrote {PICTURE.relative_to(ROOT)}")


def _practice(folder: Path) -> Path:
    shutil.copy(ROOT / "campcompile.yaml", folder)
    for name in PRACTICE:
        shutil.copytree(ROOT / name, folder / name)
    campaign = folder / "campaigns" / "appointment-reminders" / "campaign.yaml"
    campaign.write_text(campaign.read_text("utf-8").replace(*SLIP), "utf-8")
    for translation in campaign.parent.glob("*.yaml"):
        if translation != campaign:  # a translation that is older than the words is another story
            translation.unlink()
    campaign.write_text(campaign.read_text("utf-8").replace("\nemails:", "\nlocales: [en]\nemails:"), "utf-8")
    return folder


def _webp(page: Page) -> bytes:
    session = page.context.new_cdp_session(page)
    return base64.b64decode(session.send("Page.captureScreenshot", {"format": "webp", "quality": 78})["data"])


if __name__ == "__main__":
    main()
