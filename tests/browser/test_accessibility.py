"""What a screen reader gets: axe-core finds nothing, and what is read aloud comes in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from itertools import pairwise
from typing import Any

import pytest

from tests.browser.conftest import SOME_LOCALES, Tab
from tests.browser.messages import examples

pytest.importorskip("axe_playwright_python", reason="axe-core is not installed: axe-playwright-python brings it")
pytestmark = pytest.mark.browser

AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
# The mail program is the page around a message, with landmarks of its own: a message is one article in it.
OF_WHOLE_PAGES = ("landmark-one-main", "region")
OF_THE_PORTAL = ("page-has-heading-one",)  # which sets what it shows under a heading of its own
OFF = "{" + ", ".join(f"'{rule}': {{enabled: false}}" for rule in OF_WHOLE_PAGES) + "}"
RUN = f"axe.run({{resultTypes: ['violations'], rules: {OFF}}}).then(result => result.violations.map(told))"
TOLD = "told = v => `${v.id} (${v.impact}): ${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)}`;"
_SPOKEN = frozenset({"StaticText", "image"})


@pytest.mark.parametrize("locale", SOME_LOCALES)
def test_axe_finds_nothing(locale: str, tab: Tab) -> None:
    wrong = []
    for message in examples(locale=locale):
        tab.show(message.html)
        tab.look(375)
        known = OF_THE_PORTAL if message.layout == "portal-text" else ()
        wrong += [f"{message}: {each}" for each in axe(tab) if not each.startswith(known)]
    assert wrong == []


def test_axe_finds_what_is_wrong(tab: Tab) -> None:
    tab.show("<!doctype html><html><title>x</title><h1></h1><img src='../assets/none.png'><a href='#'></a>")
    assert {each.split(" ")[0] for each in axe(tab)} >= {"html-has-lang", "empty-heading", "image-alt", "link-name"}
    tab.asked.clear()


@pytest.mark.parametrize("locale", SOME_LOCALES)
def test_what_is_read_aloud_comes_in_the_order_of_the_page_and_says_what_it_is(locale: str, tab: Tab) -> None:
    """Every word of the page is read, once, and each where it stands: nothing jumps, nothing hidden is read."""
    for message in examples(locale=locale):
        tab.show(message.html)
        tab.look(375)
        nodes = list(heard(tab))
        assert words(" ".join(spoken(nodes))) == words(" ".join(tab.page.evaluate(SEEN))), message
        assert nodes[0]["name"] == message.subject, message
        assert [node["role"] for node in nodes if node["role"] in ("table", "row", "cell")] == [], message
        levels = [level(node) for node in nodes if node["role"] == "heading"]
        assert levels.count(1) == (message.layout != "portal-text"), message
        assert levels[:1] == sorted(levels)[:1], message
        assert all(after <= before + 1 for before, after in pairwise(levels)), message
        assert all(node["name"] for node in nodes if node["role"] in ("link", "heading", "image")), message


def test_lists_are_lists_and_marks_are_silent(tab: Tab) -> None:
    (message,) = (message for message in examples() if message.layout == "newsletter" and message.email == "letter")
    tab.show(message.html)
    nodes = list(heard(tab))
    assert [node["role"] for node in nodes].count("list") == 2
    assert "✓" not in " ".join(spoken(nodes))


# The words that a reader sees, in the order of their places: from above to below, then as the line runs.
SEEN = """(() => {
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  while (walker.nextNode()) {
    const node = walker.currentNode, image = node.nodeName === "IMG";
    const text = image ? node.alt : node.nodeType === Node.TEXT_NODE ? node.data.trim() : "";
    if (!text || (node.parentElement.closest("[aria-hidden]"))) continue;
    const range = document.createRange();
    range.selectNode(node);
    const boxes = image ? [node.getBoundingClientRect()] : [...range.getClientRects()].filter(box => box.width);
    if (boxes.length && boxes[0].height) words.push({text, top: Math.round(boxes[0].top / 12), left: boxes[0].left});
  }
  return words.sort((a, b) => a.top - b.top || a.left - b.left).map(word => word.text);
})()"""


def axe(tab: Tab) -> list[str]:
    """What axe-core finds on the page, a line each."""
    tab.page.evaluate(AXE)
    found: list[str] = tab.page.evaluate(TOLD + RUN)
    return found


def heard(tab: Tab) -> Iterator[Mapping[str, Any]]:
    """Chromium's accessibility tree, in the order that a screen reader goes through it: role, name, properties."""
    session = tab.page.context.new_cdp_session(tab.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}

    def walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        if not node.get("ignored"):
            role, name = node["role"]["value"], node.get("name", {}).get("value", "")
            yield {"role": role, "name": name, "properties": node.get("properties", [])}
            if role in _SPOKEN:
                return
        for child in node.get("childIds", ()):
            if child in by_id:
                yield from walk(by_id[child])

    yield from walk(nodes[0])


def spoken(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    return [str(node["name"]) for node in nodes if node["role"] in _SPOKEN]


def level(heading: Mapping[str, Any]) -> int:
    return next(int(each["value"]["value"]) for each in heading["properties"] if each["name"] == "level")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
