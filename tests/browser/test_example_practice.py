"""What the program hands over, in a real browser: messages of an outbox, with the pictures that they carry."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
CAMPCOMPILE = Path(sys.executable).with_name("campcompile")
SENDS = (
    ("kq47", "week-before", "appointments.csv"),
    ("kq47", "day-before", "appointments.csv"),
    ("wm83", "issue-2026-09", "readers.csv"),
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory, copy_of_example: Callable[[Path], Path]) -> list[Path]:
    """Sample messages in all locales: their HTML, with the pictures that they carry beside it."""
    practice = copy_of_example(tmp_path_factory.mktemp("practice"))
    run(practice, "compile")
    found = []
    for code, email, people in SENDS:
        recipients = ROOT / "docs" / "sample-recipients" / people
        outbox = practice / "outbox" / code / email
        run(practice, "send", f"build/{code}", "--email", email, "--recipients", recipients, "--outbox", outbox)
        messages = sorted(outbox.rglob("*.eml"))
        assert len(messages) == 4, "one in each locale"
        found += [unpack(eml, eml.with_suffix("")) for eml in messages]
    return found


def run(practice: Path, *words: str | Path) -> None:
    result = subprocess.run([CAMPCOMPILE, *words], cwd=practice, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def unpack(eml: Path, folder: Path) -> Path:
    """The HTML part as a file that finds its pictures, as a mail program shows it."""
    folder.mkdir()
    message = BytesParser(policy=policy.default).parsebytes(eml.read_bytes())
    assert isinstance(message, EmailMessage)
    body = message.get_body(("html",))
    assert body is not None
    html = body.get_content()
    for part in message.walk():
        if part.get_content_maintype() == "image":
            name = str(part.get_filename())
            (folder / name).write_bytes(part.get_payload(decode=True))
            html = html.replace("cid:" + str(part["Content-ID"]).strip("<>"), name)
    page = folder / "message.html"
    page.write_text(html, encoding="utf-8")
    return page


@pytest.fixture
def shown(chromium: sync_api.Browser) -> Iterator[sync_api.Page]:
    page = chromium.new_page(viewport={"width": 375, "height": 667})
    yield page
    page.close()


def test_every_picture_is_carried_along_and_shown(pages: list[Path], shown: sync_api.Page) -> None:
    for page in pages:
        shown.goto(page.as_uri())
        broken = "[...document.images].filter(i => !(i.complete && i.naturalWidth)).map(i => i.src)"
        assert shown.evaluate("document.images.length") > 0
        assert shown.evaluate(broken) == [], page.parent


def test_no_message_asks_the_network_for_anything(pages: list[Path], shown: sync_api.Page) -> None:
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))
    for page in pages:
        shown.goto(page.as_uri())
    assert asked
    assert [url for url in asked if not url.startswith("file:")] == []


def test_the_language_is_told_to_screen_readers(pages: list[Path], shown: sync_api.Page) -> None:
    languages = set()
    for page in pages:
        shown.goto(page.as_uri())
        languages.add(shown.evaluate("document.documentElement.lang"))
    assert languages == {"en", "fr", "nb", "zh-Hant"}
