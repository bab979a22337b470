"""The preview in a browser: edit, break, mend, switch everything, drag; and nothing leaves the machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from campcompile.preview.desk import Desk
from campcompile.preview.static import static_files
from campcompile.preview.trial import Trial
from campcompile.preview.workshop import Workshop
from campcompile.workspace.reading import read
from tests.browser.previews import FORMER, NOW, WORDS, Preview, practice, served
from tests.preview.conftest import FILES
from tests.workspace import lay

pytest.importorskip("axe_playwright_python", reason="axe-core is not installed: axe-playwright-python brings it")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return practice(tmp_path_factory.mktemp("preview") / "practice")


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    with served(root) as (address, _):
        yield address


@pytest.fixture
def preview(chromium: Any, root: Path, address: str) -> Iterator[Preview]:
    """A page of its own for each test; what a test does to the files is undone, and no page asked anybody else."""
    context = chromium.new_context(viewport={"width": 1440, "height": 860}, color_scheme="light")
    made = Preview(context.new_page(), root, address)
    made.page.set_default_timeout(15_000)
    made.open()
    before = read(root).files
    yield made
    for path, content in before.items():
        if (root / path).read_bytes() != content:
            (root / path).write_bytes(content)
    context.close()
    assert [url for url in made.asked if not url.startswith((address, "data:", "about:"))] == []
    assert made.wrong == []


def test_an_edit_shows_without_losing_the_place_and_a_mistake_leaves_the_last_good_email(preview: Preview) -> None:
    page = preview.page
    preview.shows(WORDS)
    scroll = "document.querySelector('#frame').contentDocument.scrollingElement"
    page.keyboard.press("3")
    page.keyboard.press("p")
    preview.shows("Hello Maximiliane-Theodora")
    page.evaluate(f"{scroll}.scrollTo(0, 240)")
    preview.edit(WORDS, "Here is what we know.")
    preview.shows("Here is what we know.")
    preview.shows("Hello Maximiliane-Theodora")
    assert page.locator("[data-key=locale]").input_value() == "en"
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


def test_the_way_of_a_field_is_drawn_as_a_path(preview: Preview) -> None:
    page = preview.page
    preview.edit("preheader: One thing for you to confirm", "preheader: At {{ appointment.start | time }}")
    card = page.locator("#panel .card", has_text="appointment.start").first
    card.wait_for()
    card.locator("button").first.click()
    steps = card.locator(".flow li")
    steps.last.wait_for()
    assert steps.count() >= 2 and "dictionary.yaml" in steps.first.inner_text()
    page.locator("[data-spot=preheader].spotted").first.wait_for(state="attached")


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
    page.locator("#journey-view:not([aria-busy])").wait_for()
    page.locator("[data-row]").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("#journey-view:not([aria-busy])").wait_for()
    page.get_by_role("checkbox", name="cancelled").check()
    page.locator(".word.cancelled").first.wait_for()
    page.get_by_role("checkbox", name="unsubscribes from updates").check()
    page.get_by_role("cell", name="they unsubscribed from").wait_for()
    page.locator(".gate.shut").first.wait_for(state="attached")
    assert preview.axe() == []
    page.get_by_role("button", name="As it was").click()
    page.locator(".word.cancelled").first.wait_for(state="detached")
    page.get_by_role("checkbox", name="booked late").check()
    page.locator(".word.expired").first.wait_for()
    page.get_by_role("button", name="As it was").click()
    page.locator(".word.expired").first.wait_for(state="detached")


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


def test_what_is_typed_for_a_person_stays_text(preview: Preview) -> None:
    evil = "<img src=x onerror=top.stolen=1><b>Ingeborg</b>"
    preview.page.keyboard.press("e")
    preview.page.get_by_label("patient.first_name").fill(evil)
    preview.shows(evil)
    assert preview.mail.locator("img[src=x]").count() == 0
    assert preview.page.evaluate("'stolen' in window") is False


def test_two_browsers_follow_each_their_own_email(preview: Preview, chromium: Any) -> None:
    context = chromium.new_context()
    other = Preview(context.new_page(), preview.root, preview.address)
    other.open("#campaign=newsletter&email=issue-2026-09&locale=en&width=640")
    preview.shows("Hello Emma,")
    other.shows("Hello Emma,")
    preview.edit("en: Hello{%", "en: Good day{%", "campaigns/_shared/phrases.yaml")
    preview.shows("Good day Emma,")
    other.shows("Good day Emma,")
    assert other.page.locator("[data-key=width][aria-pressed=true]").inner_text() == "640"
    context.close()
    preview.edit(WORDS, "Here is what we know.")
    preview.shows("Here is what we know.")


@pytest.mark.parametrize("asleep_s", [0.5, pytest.param(60, marks=pytest.mark.slow)])
def test_a_browser_that_slept_shows_what_was_saved_meanwhile(preview: Preview, asleep_s: float) -> None:
    preview.shows(WORDS)
    session = preview.page.context.new_cdp_session(preview.page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    preview.edit(WORDS, "Here is what we know.")
    time.sleep(asleep_s / 2)
    preview.edit("Here is what we know.", "Here is what everybody knows.")
    time.sleep(asleep_s / 2)
    session.send("Page.setWebLifecycleState", {"state": "active"})
    preview.shows("Here is what everybody knows.")
    preview.edit("Here is what everybody knows.", WORDS)
    preview.shows(WORDS)


REACHED = """() => {
    const told = (one) => one.id || one.dataset.again || `${one.dataset.key}=${one.dataset.value}`
        + one.textContent.trim().slice(0, 40);
    const all = document.querySelectorAll("button, select, input, a[href], summary, iframe[src], [tabindex='0']");
    const open = [...all].filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility());
    return [open.map(told), document.activeElement === document.body ? "" : told(document.activeElement)];
}"""


def test_the_keyboard_alone_reaches_everything(preview: Preview) -> None:
    page = preview.page
    preview.edit(WORDS, "Here are the details of your diabetes check.")
    page.locator("#panel .card").first.wait_for()
    page.keyboard.press("n")
    page.locator("#panel .card .more").first.wait_for()
    for view in "feryc":
        page.locator("h1").click()
        page.keyboard.press(view)
        page.wait_for_timeout(300)
        wanted = set(page.evaluate(REACHED)[0])
        reached: set[str] = set()
        for _ in range(2 * len(wanted) + 10):
            page.keyboard.press("Tab")
            reached.add(page.evaluate(REACHED)[1])
            if wanted <= reached:
                break
        assert wanted <= reached, (view, wanted - reached)


def test_the_keyboard_alone_opens_shows_and_closes(preview: Preview) -> None:
    page = preview.page
    page.keyboard.press("?")
    page.locator("#help[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#help[open]").wait_for(state="detached")
    preview.edit(WORDS, "Here are the details of your diabetes check.")
    card = page.locator("#panel .card", has_text="diabetes check").first
    card.locator("button").first.focus()
    page.keyboard.press("Enter")
    card.locator(".more").wait_for()
    card.get_by_role("button", name="Explain").focus()
    page.keyboard.press("Enter")
    card.get_by_text("What it does").wait_for()
    card.locator("button").first.focus()
    page.keyboard.press("Enter")
    card.locator(".more").wait_for(state="detached")


def test_a_test_goes_to_an_allowed_address_and_is_marked(chromium: Any, tmp_path: Path) -> None:
    taken: list[Any] = []

    class Server:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            taken.append(envelope)
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mail_server = Controller(Server(), hostname="127.0.0.1", port=port)
    mail_server.start()
    tester = Trial(f"127.0.0.1:{port}", ("me@clinic.example", "you@clinic.example"), lambda: NOW)
    small = lay(tmp_path / "practice", FILES)
    with served(small, tester) as (address, _):
        context = chromium.new_context()
        preview = Preview(context.new_page(), small, address)
        preview.open("#campaign=letter&email=letter&locale=en")
        preview.page.keyboard.press("e")
        preview.page.locator("#test-to").select_option("you@clinic.example")
        preview.page.get_by_role("button", name="Send").click()
        preview.page.get_by_text("Sent to you@clinic.example.").wait_for()
        assert preview.axe() == []
        mail_server.stop()
        preview.page.get_by_role("button", name="Send").click()
        preview.page.get_by_text("Not sent:").wait_for()
        context.close()
    (envelope,) = taken
    assert envelope.rcpt_tos == ["you@clinic.example"]
    message = message_from_bytes(envelope.content, policy=default)
    assert message["Subject"].startswith("[Test] ") and message["X-Campcompile-Test"] == "yes"


def test_files_show_the_same_without_a_server(chromium: Any, root: Path, tmp_path: Path) -> None:
    workshop = Workshop(root, as_of=None, clock=lambda: NOW)
    workshop.refresh()
    lay(tmp_path, dict(static_files(Desk(workshop, editor=""))))
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
