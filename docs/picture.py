"""Photographs the message that the README's campaign becomes: on a telephone, light and dark.

.venv/bin/python -m docs.picture        needs a Chromium: CAMPCOMPILE_CHROMIUM, else `chromium`

It is compiled and written into an outbox as anybody would; nothing is drawn by hand.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
PRACTICE = ("campcompile.yaml", "campaigns", "layouts", "assets")
CAMPAIGN = "campaigns/appointment-reminders"
MENDED = ('text: "Hello {{ recipient.first_name }},"', "phrase: greeting")  # as the README says to mend it
SENT = "2026-09-10T09:00+02:00"
READER = """\
email,locale,patient.first_name,patient.site,appointment.start,appointment.status,appointment.site,links.confirm
maria@mail.example,en,Maria,kaien,2026-09-17T10:30+02:00,booked,kaien,https://time.lyngvag.example/c/9f2c
"""
PHONE: ViewportSize = {"width": 390, "height": 400}  # CSS pixels
SHARPNESS = 1.5  # pixels of the picture for one of CSS: sharp enough at the README's 240 px
PICTURES: dict[str, Literal["light", "dark"]] = {"reminder.png": "light", "reminder-dark.png": "dark"}


def main() -> None:
    with TemporaryDirectory() as folder:
        page = shown_html(message(Path(folder)))
    IMAGES.mkdir(exist_ok=True)
    for name, scheme in PICTURES.items():
        (IMAGES / name).write_bytes(photograph(page, scheme))
        print(f"wrote docs/images/{name}")


def campaign_of_readme() -> str:
    """The README's campaign, its mistake still in it."""
    found = re.search(r"^```yaml .*?\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def put_readme_campaign(practice: Path, campaign: str) -> None:
    """Make the README's campaign the reminders of a copy of the example practice."""
    for name in PRACTICE:
        source = ROOT / name
        shutil.copytree(source, practice / name) if source.is_dir() else shutil.copy(source, practice)
    for words in (practice / CAMPAIGN).iterdir():
        words.unlink()
    (practice / CAMPAIGN / "campaign.yaml").write_text(campaign, "utf-8")


def message(folder: Path) -> EmailMessage:
    """What the reader gets of the README's campaign, mended."""
    campaign = campaign_of_readme().replace(*MENDED)
    put_readme_campaign(folder, campaign)
    (folder / "people.csv").write_text(READER, "utf-8")
    _campcompile(folder, "compile", "appointment-reminders")
    outbox = ("--recipients", "people.csv", "--outbox", "outbox", "--now", SENT)
    _campcompile(folder, "send", "build/kq47", "--email", "week-before", *outbox)
    (eml,) = (folder / "outbox").rglob("*.eml")
    made = BytesParser(policy=policy.default).parsebytes(eml.read_bytes())
    assert isinstance(made, EmailMessage)
    return made


def shown_html(message: EmailMessage) -> str:
    """The HTML part with the pictures it carries written into it, so that it needs no other file."""
    body = message.get_body(("html",))
    assert body is not None
    html = str(body.get_content())
    for part in message.walk():
        if part.get_content_maintype() == "image":
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            address = f"data:{part.get_content_type()};base64,{base64.b64encode(data).decode()}"
            html = html.replace("cid:" + str(part["Content-ID"]).strip("<>"), address)
    return html


def photograph(page: str, scheme: Literal["light", "dark"]) -> bytes:
    """A PNG of the whole page at a phone's width."""
    chromium = os.environ.get("CAMPCOMPILE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        tab = browser.new_page(
            viewport=PHONE,
            device_scale_factor=SHARPNESS,
            color_scheme=scheme,
            offline=True,
        )
        tab.set_content(page)
        picture = tab.screenshot(full_page=True)
        browser.close()
    return picture


def _campcompile(folder: Path, *words: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "campcompile.cli.main", *words], cwd=folder, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SystemExit(result.stdout + result.stderr)


if __name__ == "__main__":
    main()
