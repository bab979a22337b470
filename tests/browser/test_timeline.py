"""The page that `simulate` draws: for every eye, on a telephone and a desk, light and dark."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from campcompile.cli.main import main
from tests.browser.conftest import Tab

pytest.importorskip("axe_playwright_python", reason="axe-core is not installed: axe-playwright-python brings it")
pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
FOUND = (
    "axe.run({resultTypes: ['violations']}).then(result => result.violations.map(v => `${v.id}: ${v.nodes[0].html}`))"
)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.chdir(ROOT)
    assert main(["simulate", "docs/sample-recipients/people.yaml", "--format", "html"]) == 0
    return capsys.readouterr().out


def test_axe_finds_nothing_and_nothing_sticks_out(tab: Tab, page: str) -> None:
    for width in (375, 1180):
        for dark in (False, True):
            tab.show(page)
            tab.look(width, dark=dark)
            tab.page.evaluate(AXE)
            assert tab.page.evaluate(FOUND) == [], (width, dark)
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.page.locator("svg g title").count() == tab.page.locator("tbody tr").count()
