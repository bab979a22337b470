"""Measures public MJML templates, compiled by us and by the official mjml: `python -m tests.parity.templates FOLDER`.

Nobody's templates are in this repository: FOLDER holds what you fetched, under its own licence. For each file it
prints whether all boxes stand within 1 px of the official ones in Chromium, at three widths, with pictures on and off;
where some don't, the first one, and the codes of what our layout checks say about the file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Route, sync_playwright

from campcompile.mail.html import MjmlFault, to_html
from campcompile.syntax.findings import Severity
from campcompile.syntax.layout import read_layout
from campcompile.syntax.source import Source
from tests.browser.conftest import ARGUMENTS
from tests.browser.messages import HARBOUR
from tests.browser.test_boxes import BOXES, WIDTHS
from tests.parity.filling import filled
from tests.parity.official import build

PAGE = "https://templates.example/"


def main(folder: Path) -> None:
    documents = {str(path.relative_to(folder)): _tamed(path) for path in sorted(folder.rglob("*.mjml"))}
    outcomes: Counter[str] = Counter()
    with sync_playwright() as playwright, TemporaryDirectory() as place:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        tab = browser.new_page()
        for name, mjml in documents.items():
            outcome, told = compared(tab, mjml, Path(place))
            outcomes[outcome] += 1
            print(f"{name}: {outcome} {told}".rstrip(), flush=True)
        browser.close()
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))


def _tamed(path: Path) -> str:
    """A template whose merge fields, another program's, are words to both."""
    return path.read_text("utf-8").replace("{{", "((").replace("{%", "(%")


def compared(tab: Any, mjml: str, place: Path) -> tuple[str, str]:
    """What came of one template, and the first thing that differs."""
    read = read_layout(Source("layouts/template.mjml", mjml))
    codes = sorted({found.rule.code for found in read.diagnostics if found.severity is Severity.ERROR})
    try:
        theirs = build(place, {"template": mjml}, level="soft")["template"]
    except (subprocess.CalledProcessError, FileNotFoundError):
        return "refused by the official mjml", " ".join(codes)
    try:
        ours = to_html("".join(filled(read.value.nodes, "")))
    except MjmlFault as fault:
        return "not rendered by us", f"{fault}; {' '.join(codes)}"
    difference = next(_differences(tab, theirs, ours), "")
    if not difference:
        return "the same", ""
    return "other, and refused by our checks" if codes else "other", f"{difference}; {' '.join(codes)}"


def _differences(tab: Any, theirs: str, ours: str) -> Iterator[str]:
    for images in (True, False):
        left, right = (_boxes(tab, html, images) for html in (theirs, ours))
        for width in WIDTHS:
            if [box[0] for box in left[width]] != [box[0] for box in right[width]]:
                yield f"{width} px: {len(left[width])} boxes there, {len(right[width])} here"
                continue
            for one, other in zip(left[width], right[width], strict=True):
                if max(abs(a - b) for a, b in zip(one[1:], other[1:], strict=True)) > 1:
                    yield f"{width} px{'' if images else ', no pictures'}: {one} there, {other[1:]} here"


def _boxes(tab: Any, html: str, images: bool) -> dict[int, list[list[Any]]]:
    def answer(route: Route) -> None:
        if route.request.url == PAGE:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif images and route.request.resource_type == "image":
            route.fulfill(body=HARBOUR, content_type="image/png")
        else:
            route.abort()

    tab.unroute_all()
    tab.route("**/*", answer)
    tab.goto(PAGE, wait_until="load")
    found = {}
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 667})
        found[width] = tab.evaluate(BOXES)
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
