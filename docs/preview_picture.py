"""Photographs the preview for docs/how-to/watch.md, with a mistake in the example practice.

.venv/bin/python -m docs.preview_picture        needs a Chromium: CAMPCOMPILE_CHROMIUM, else `chromium`
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from campcompile.preview.desk import Desk
from campcompile.preview.server import serving
from campcompile.preview.workshop import Workshop

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "images"
MOST_BYTES = 120_000
PRACTICE = ("campaigns", "layouts", "assets")
SLIP = ("Here are the details.", "Here are the details of your diabetes check.")
WHERE = "#campaign=appointment-reminders&email=week-before&locale=en"
PERSON = ("-c", "user.name=Ada", "-c", "user.email=ada@clinic.example", "-c", "commit.gpgsign=false")


def main() -> None:
    executable = os.environ.get("CAMPCOMPILE_CHROMIUM") or shutil.which("chromium")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        workshop = Workshop(_practice(Path(folder)), as_of=None, clock=lambda: datetime(2026, 9, 10, tzinfo=UTC))
        workshop.refresh()
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        with serving(Desk(workshop, editor="vscode://file/{path}:{line}:{column}"), 0) as server:
            page = browser.new_page(viewport={"width": 1360, "height": 820}, device_scale_factor=1)
            page.goto(server.address + WHERE)
            for name, pose in (("watch", _finding), ("watch-journey", _journey), ("watch-compare", _comparison)):
                _photograph(page, name, pose)
        browser.close()


def _photograph(page: Page, name: str, pose: Callable[[Page], None]) -> None:
    pose(page)
    page.wait_for_timeout(300)
    session = page.context.new_cdp_session(page)
    data = base64.b64decode(session.send("Page.captureScreenshot", {"format": "webp", "quality": 78})["data"])
    assert len(data) < MOST_BYTES, (name, len(data))
    (PICTURES / f"{name}.webp").write_bytes(data)
    print(f"wrote docs/images/{name}.webp")


def _finding(page: Page) -> None:
    page.locator("#panel .card", has_text="diabetes check").locator("button").first.click()
    page.frame_locator("#frame").locator("[data-cc-spot]").wait_for(state="attached")


def _journey(page: Page) -> None:
    page.keyboard.press("y")
    page.get_by_role("checkbox", name="unsubscribes from updates").check()
    page.locator(".gate.shut").first.wait_for(state="attached")
    page.get_by_role("checkbox", name="booked late").check()
    page.locator(".word.expired").first.wait_for()


def _comparison(page: Page) -> None:
    page.keyboard.press("c")
    page.get_by_label("Revision").fill("HEAD")
    page.keyboard.press("Enter")
    page.get_by_text("It differs").wait_for()


def _practice(folder: Path) -> Path:
    """The example practice, as it was committed and with a slip since."""
    shutil.copy(ROOT / "campcompile.yaml", folder)
    for name in PRACTICE:
        shutil.copytree(ROOT / name, folder / name)
    campaign = folder / "campaigns" / "appointment-reminders" / "campaign.yaml"
    for translation in campaign.parent.glob("*.yaml"):
        if translation != campaign:  # a translation that is older than the words is another story
            translation.unlink()
    campaign.write_text(campaign.read_text("utf-8").replace("\nemails:", "\nlocales: [en]\nemails:"), "utf-8")
    for words in (("init", "--quiet"), ("add", "."), ("commit", "--quiet", "--message", "Reminders")):
        subprocess.run(["git", *PERSON, *words], cwd=folder, check=True)
    campaign.write_text(campaign.read_text("utf-8").replace(*SLIP), "utf-8")
    return folder


if __name__ == "__main__":
    main()
