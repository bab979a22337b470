"""In Chromium our HTML takes the room that the official mjml's takes: the same boxes within 1 px."""

from __future__ import annotations

from pathlib import Path

import pytest

from campcompile.mail.html import to_html
from tests.browser.conftest import Tab
from tests.browser.messages import HARBOUR, pictures
from tests.parity.filling import OURS, whole
from tests.parity.official import build, official

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not official(), reason="no official mjml here: set CAMPCOMPILE_MJML to its command"),
]

WIDTHS = (320, 375, 640)
BOXES = """[...document.body.querySelectorAll("*")].filter(e => e.getClientRects().length).map(e => {
    const {x, y, width, height} = e.getBoundingClientRect();
    return [e.tagName, x, y, width, height];
})"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The official HTML of our layouts, each with every block, by name."""
    folder: Path = tmp_path_factory.mktemp("boxes")
    return build(folder, {layout: whole(layout) for layout in OURS})


@pytest.mark.parametrize("images", [True, False], ids=["pictures on", "pictures off"])
@pytest.mark.parametrize("layout", OURS)
def test_our_boxes_are_the_official_ones(layout: str, images: bool, built: dict[str, str], tab: Tab) -> None:
    name = next(name for name, content in pictures().items() if content == HARBOUR)
    theirs, ours = (
        boxes(tab, html.replace("../assets/a.png", f"../assets/{name}"), images)
        for html in (built[layout], to_html(whole(layout)))
    )
    for width in WIDTHS:
        assert len(ours[width]) > 40
        assert [box[0] for box in ours[width]] == [box[0] for box in theirs[width]]
        far = [
            (mine, other)
            for mine, other in zip(ours[width], theirs[width], strict=True)
            if max(abs(one - two) for one, two in zip(mine[1:], other[1:], strict=True)) > 1
        ]
        assert far == [], f"{layout} at {width} px"


def boxes(tab: Tab, html: str, images: bool) -> dict[int, list[list]]:
    tab.show(html, images=images)
    found = {}
    for width in WIDTHS:
        tab.look(width)
        found[width] = tab.page.evaluate(BOXES)
    return found
