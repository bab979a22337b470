"""The preview in a browser: edit, break, mend, switch everything, drag; and nothing leaves the machine."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from campcompile.preview.desk import Desk
from campcompile.preview.server import serving
from campcompile.preview.static import static_files
from campcompile.preview.watching import watching
from campcompile.preview.workshop import Workshop
from campcompile.workspace.reading import read
from tests.browser.messages import ROOT
from tests.changes.git import commit, git

pytest.importorskip("axe_playwright_python", reason="axe-core is not installed: axe-playwright-python brings it")
pytestmark = pytest.mark.browser

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
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
        self.page.evaluate(AXE)
        found: list[str] = self.page.evaluate(FOUND)
        return found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("preview") / "practice"
    for path, content in read(ROOT).files.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_bytes(content)
    text = (made / CAMPAIGN).read_text("utf-8")
    git(made, "init", "--quiet")
    (made / CAMPAIGN).write_text(text.replace(WORDS, FORMER), "utf-8")
    commit(made, "one")
    (made / CAMPAIGN).write_text(text, "utf-8")
    commit(made, "two")
    return made


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[str]:
    workshop = Workshop(root, as_of=None, clock=lambda: NOW)
    workshop.refresh()
    with watching(root) as changes, serving(Desk(workshop, editor="vscode://file/{path}:{line}"), 0) as server:
        thread = threading.Thread(target=workshop.keep_up, args=(changes,), daemon=True)
        thread.start()
        yield server.address
        changes.close()
        thread.join(5)


@pytest.fixture
def preview(chromium: Any, root: Path, served: str) -> Iterator[Preview]:
    context = chromium.new_context(viewport={"width": 1440, "height": 860}, color_scheme="light")
    made = Preview(context.new_page(), root, served)
    made.page.set_default_timeout(15_000)
    made.open()
    before = read(root).files
    yield made
    for path, content in before.items():
        if (root / path).read_bytes() != content:
            (root / path).write_bytes(content)
    context.close()
    assert [url for url in made.asked if not url.startswith((served, "data:", "about:"))] == []
    assert made.wrong == []


def test_an_edit_shows_without_losing_the_place_and_a_mistake_leaves_the_last_good_email(preview: Preview) -> None:
    page = preview.page
    preview.shows(WORDS)
    scroll = "document.querySelector('#frame').contentDocument.scrollingElement"
    page.evaluate(f"{scroll}.scrollTo(0, 240)")
    page.keyboard.press("3")
    preview.edit(WORDS, "Here is what we know.")
    preview.shows("Here is what we know.")
    assert page.evaluate(f"{scroll}.scrollTop") == 240
    assert page.locator("[data-key=width][aria-pressed=true]").inner_text() == "640"

    preview.edit("Here is what we know.", "Here is what {{ patient.fristname }} knows.")
    page.get_by_text("as it was when it was whole last").wait_for()
    page.locator("#past").get_by_text("unknown field").wait_for()
    preview.shows("Here is what we know.")
    page.locator("#tree [data-email='appointment-reminders/week-before'] .badge.error").wait_for()

    preview.edit("Here is what {{ patient.fristname }} knows.", WORDS)
    page.locator("#past").wait_for(state="hidden")
    preview.shows(WORDS)
    page.get_by_text("no findings").wait_for()


def test_everything_is_switched_by_keys(preview: Preview) -> None:
    page = preview.page
    for key, width in (("1", 322), ("2", 377), ("3", 642)):
        page.keyboard.press(key)
        assert page.locator("#device").bounding_box()["width"] == width
    ground = "getComputedStyle(document.querySelector('#frame').contentDocument.body).backgroundColor"
    light = page.evaluate(ground)
    page.keyboard.press("d")
    dark = page.evaluate(ground)
    page.keyboard.press("d")
    forced = page.evaluate(ground)
    page.keyboard.press("d")
    assert len({light, dark, forced}) == 3 and page.evaluate(ground) == light
    page.keyboard.press("i")
    assert preview.mail.locator("img[src]").count() == 0
    page.keyboard.press("i")
    assert preview.mail.locator("img[src]").count() > 0
    for key, words in (("t", "Hello Emma,"), ("h", "<!doctype html>"), ("x", "<mjml")):
        page.keyboard.press(key)
        page.locator("#source").get_by_text(words, exact=False).first.wait_for()
    page.keyboard.press("m")
    page.keyboard.press("l")
    preview.shows("Bonjour Camille")
    page.keyboard.press("p")
    preview.shows("Maximiliane-Theodora")
    page.keyboard.press("e")
    page.get_by_label("patient.first_name").fill("Ingeborg")
    preview.shows("Bonjour Ingeborg")
    page.keyboard.press("Escape")
    page.locator("#panel").focus()
    for key, words in (("r", "Gmail cuts at about"), ("a", "Who gets it"), ("f", "Nothing found here")):
        page.keyboard.press(key)
        page.locator("#panel").get_by_text(words).first.wait_for()
    page.keyboard.press("j")
    page.locator("#tree [aria-current=true]").get_by_text("three-days-before").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("newsl")
    assert page.locator("#tree [data-email]").count() == 1
    page.keyboard.press("Enter")
    page.locator("#tree [aria-current=true][data-email^=newsletter]").wait_for()


def test_a_finding_leads_to_its_spot_and_back(preview: Preview) -> None:
    page = preview.page
    preview.edit(WORDS, "Here are the details of your diabetes check.")
    card = page.locator("#panel .card", has_text="diabetes check").first
    card.wait_for()
    card.locator("button").first.click()
    preview.mail.locator("[data-cc-spot]").wait_for(state="attached")
    card.locator(".lines mark").get_by_text("diabetes check").wait_for()
    assert card.get_by_text("Open in editor").get_attribute("href").startswith("vscode://file/")
    card.get_by_text("Explain").click()
    card.get_by_text("What it does").wait_for()
    assert preview.axe() == []
    preview.mail.get_by_text("We look forward to seeing you.").click()
    page.locator("#panel").get_by_text("This spot is").wait_for()
    preview.edit("Here are the details of your diabetes check.", WORDS)
    page.get_by_text("no findings").wait_for()


def test_a_journey_changes_as_the_appointment_is_dragged(preview: Preview) -> None:
    page = preview.page
    page.keyboard.press("y")
    handle = page.locator("[data-row]").first
    handle.wait_for()
    first = page.locator(".outcomes tbody tr").first.inner_text()
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 60, box["y"] + 12, steps=4)
    page.mouse.up()
    page.wait_for_selector("tr.changed")
    assert page.locator(".outcomes tbody tr").first.inner_text() != first
    page.locator("[data-row]").first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("checkbox", name="cancelled").check()
    page.locator(".word.cancelled").first.wait_for()
    assert preview.axe() == []
    page.get_by_role("button", name="As it was").click()
    page.locator(".word.cancelled").first.wait_for(state="detached")


def test_a_revision_of_git_is_compared_word_by_word_and_pixel_by_pixel(preview: Preview) -> None:
    page = preview.page
    page.keyboard.press("c")
    then, now = (page.frame_locator(f".pane.{side} .shown") for side in ("before", "after"))
    then.locator("span[style*=line-through]").get_by_text(FORMER[:10]).wait_for()
    now.locator("span[style*=background]").get_by_text(WORDS[:8]).wait_for()
    preview.edit(WORDS, "Here are the new details.")
    now.get_by_text("new").first.wait_for()
    preview.edit("Here are the new details.", WORDS)
    page.get_by_text("It differs from HEAD~1").wait_for()

    page.get_by_role("button", name="Pixels").click()
    page.locator("html[data-compared$=pixels]").wait_for(state="attached")
    tinted, rows, high = preview.tinted(page.locator(".pane.after .sheet"))
    assert tinted > 100, "the paragraph that differs is tinted"
    assert rows < high / 8, "what stands below it is not: blocks stand level"
    assert preview.axe() == []

    page.get_by_label("Revision").fill("HEAD")
    page.keyboard.press("Enter")
    page.get_by_text("No difference").wait_for()
    page.get_by_label("Revision").fill("nowhere")
    page.keyboard.press("Enter")
    page.locator("#compared").get_by_text("no revision").wait_for()
    page.get_by_label("Revision").fill("HEAD~1")
    page.get_by_role("button", name="All that changed").click()
    page.locator("#compare-frame[src*='HEAD~1']").wait_for()
    page.frame_locator("#compare-frame").get_by_text("What patients will notice").first.wait_for()


def test_axe_finds_nothing_on_the_page_itself(preview: Preview) -> None:
    for scheme, keys in (("light", "eray?"), ("dark", "fy")):
        preview.page.emulate_media(color_scheme=scheme)
        for key in keys:
            preview.page.keyboard.press(key)
            preview.page.wait_for_timeout(150)
            assert preview.axe() == [], (scheme, key)
        preview.page.reload()


def test_what_is_previewed_runs_nothing_and_reaches_nobody(preview: Preview) -> None:
    """Even where a layout's markup came through whole: the frame runs no script, and loads from nowhere."""
    evil = (
        "<!doctype html><html><head><meta http-equiv=refresh content='0;url=https://evil.example/'></head><body>"
        "<script>top.stolen = 1</script><img src=https://evil.example/a.png onerror='top.stolen = 2'>"
        "<img src=x onerror='parent.stolen = 3'><a id=a href='https://evil.example/'>go</a>"
        "<style>@import 'https://evil.example/a.css'; body {background: url(https://evil.example/b.png)}</style>"
        "<iframe src='https://evil.example/'></iframe><form action='https://evil.example/'><button>s</button></form>"
    )
    preview.page.route("**/ask/mail", lambda route: route.fulfill(json=_spoiled(route, evil)))
    preview.page.keyboard.press("l")
    preview.mail.locator("#a").click()
    preview.page.wait_for_timeout(200)
    assert preview.page.evaluate("'stolen' in window") is False
    preview.page.unroute("**/ask/mail")
    assert [url for url in preview.asked if "evil" in url] == []
    assert any("evil" in url for url in preview.refused), "the page did hold what could have asked"
    preview.wrong.clear()  # the browser says what it refused


def _spoiled(route: Any, html: str) -> Any:
    mail = route.fetch().json()
    return {**mail, "html": html}


def test_files_show_the_same_without_a_server(chromium: Any, root: Path, tmp_path: Path) -> None:
    workshop = Workshop(root, as_of=None, clock=lambda: NOW)
    workshop.refresh()
    for path, content in static_files(Desk(workshop, editor="")):
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    context = chromium.new_context()
    preview = Preview(context.new_page(), root, (tmp_path / "index.html").as_uri())
    preview.open()
    preview.shows(WORDS)
    assert preview.page.evaluate("document.querySelector('#frame').contentDocument.images[0].naturalWidth") > 0
    preview.page.keyboard.press("l")
    preview.shows("Bonjour Camille")
    preview.page.keyboard.press("r")
    preview.page.get_by_text("Gmail cuts at about").wait_for()
    preview.page.keyboard.press("y")
    preview.page.locator(".outcomes tbody tr").first.wait_for()
    context.close()
    assert preview.wrong == []
    assert [url for url in preview.asked if not url.startswith(("file:", "data:", "about:"))] == []
