"""A page of the preview in a browser, and the files that it shows."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from threading import Thread
from typing import Any

from campcompile.preview.desk import Desk
from campcompile.preview.server import serving
from campcompile.preview.trial import Trial
from campcompile.preview.watching import watching
from campcompile.preview.workshop import Workshop
from campcompile.workspace.reading import read
from tests.browser.messages import ROOT
from tests.changes.git import commit, git
from tests.workspace import lay

FOUND = (
    "axe.run(document, {resultTypes: ['violations'], iframes: false})"
    ".then(result => result.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html).join(' ')}`.slice(0, 400)))"
)
COUNT = """async (address) => {
    const image = await createImageBitmap(await (await fetch(address)).blob());
    const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    const rows = new Set();
    let found = 0;
    for (let at = 0; at < data.length; at += 4)
        if (data[at] - data[at + 1] > 90 && data[at + 2] - data[at + 1] > 30) {
            found += 1;
            rows.add(Math.floor(at / 4 / image.width));
        }
    return [found, rows.size, image.height];
}"""
NOW = datetime(2026, 9, 10, 9, tzinfo=UTC)
CAMPAIGN = "campaigns/appointment-reminders/campaign.yaml"
WORDS = "Here are the details."
FORMER = "Below is what you should know about it."  # at HEAD~1
START = "#campaign=appointment-reminders&email=week-before&locale=en"


class Preview:
    """A page of the preview, and the files that it shows."""

    def __init__(self, page: Any, root: Path, address: str) -> None:
        self.page = page
        self.root = root
        self.address = address
        self.asked: list[str] = []
        self.refused: list[str] = []
        self.wrong: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda message: message.type == "error" and self.wrong.append(message.text))

    def _failed(self, request: Any) -> None:
        """What the page's own policy refused has not left the browser."""
        if request.failure == "csp":
            self.refused.append(request.url)
            self.asked.remove(request.url)

    @property
    def mail(self) -> Any:
        return self.page.frame_locator("#frame")

    def open(self, where: str = START) -> None:
        self.page.goto(self.address + where)
        self.mail.locator("body *").first.wait_for(state="attached")

    def shows(self, words: str) -> None:
        self.mail.get_by_text(words).first.wait_for()

    def edit(self, before: str, after: str, path: str = CAMPAIGN) -> None:
        place = self.root / path
        text = place.read_text("utf-8")
        assert before in text
        place.write_text(text.replace(before, after, 1), "utf-8")

    def tinted(self, what: Any) -> tuple[int, int, int]:
        """How many pixels of something are tinted, in how many rows, and how many rows there are."""
        picture = base64.b64encode(what.screenshot(animations="disabled")).decode()
        reader = self.page.context.new_page()
        found: tuple[int, int, int] = reader.evaluate(COUNT, f"data:image/png;base64,{picture}")
        reader.close()
        return found

    def axe(self) -> list[str]:
        self.page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
        found: list[str] = self.page.evaluate(FOUND)
        return found


def practice(folder: Path) -> Path:
    """The example practice in a repository of two commits; at the first one an e-mail says `FORMER`."""
    lay(folder, read(ROOT).files)
    text = (folder / CAMPAIGN).read_text("utf-8")
    git(folder, "init", "--quiet")
    (folder / CAMPAIGN).write_text(text.replace(WORDS, FORMER), "utf-8")
    commit(folder, "one")
    (folder / CAMPAIGN).write_text(text, "utf-8")
    commit(folder, "two")
    return folder


@contextmanager
def served(root: Path, tester: Trial | None = None) -> Iterator[tuple[str, Workshop]]:
    """A preview that keeps up with a folder: its address, and the workshop behind it."""
    workshop = Workshop(root, as_of=None, clock=lambda: NOW)
    workshop.refresh()
    desk = Desk(workshop, editor="vscode://file/{path}:{line}", tester=tester)
    with watching(root) as changes, serving(desk, 0) as server:
        thread = Thread(target=workshop.keep_up, args=(changes,), daemon=True)
        thread.start()
        yield server.address, workshop
        changes.close()
        thread.join(5)
