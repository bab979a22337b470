"""From a save to the painted page: `campcompile watch` in a Chromium, beside the official `mjml --watch`.

    .venv/bin/python benchmarks/preview.py [--mjml PATH] [--edits 50] [--evidence docs/evidence.md]

Seconds on the wall, since that is what somebody waits; so nothing else should run meanwhile. `mjml --watch` is timed
until its file is there: it has no page. The exit code is 1 where a limit is broken.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from page import rewrite
from playwright.sync_api import sync_playwright
from workspaces import write_workspace

ROOT = Path(__file__).resolve().parents[1]
CAMPCOMPILE = Path(sys.executable).with_name("campcompile")
LAYOUT = ROOT / "src" / "campcompile" / "mail" / "layouts" / "clinic.mjml"
MARK = "<!-- preview: written by benchmarks/preview.py -->"
WORDS = "Please arrive"
SHOWN = "#campaign=desk-1&email=days-6&locale=en"
_PATIENCE_S = 20.0
_APART_S = 0.4  # between two edits: findings are told meanwhile, as for somebody who reads what they wrote


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds from the save on; 0 for no limit."""

    name: str
    times_ms: list[float]
    median_limit: float = 0
    high_limit: float = 0

    @property
    def median(self) -> float:
        return statistics.median(self.times_ms)

    @property
    def high(self) -> float:
        """Of twenty edits nineteen are quicker."""
        ordered = sorted(self.times_ms)
        return ordered[max(round(0.95 * len(ordered)) - 1, 0)]

    @property
    def broken(self) -> bool:
        return bool(self.median_limit and self.median > self.median_limit) or bool(
            self.high_limit and self.high > self.high_limit
        )


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="campcompile-preview-") as scratch:
        figures = list(_figures(Path(scratch), options.mjml, options.edits))
    table = "\n".join(_rows(figures))
    print(table)
    if options.evidence:
        rewrite(options.evidence, MARK, table)
    return int(any(figure.broken for figure in figures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    installed = ROOT / ".venv" / "node" / "node_modules" / ".bin" / "mjml"
    known = os.environ.get("CAMPCOMPILE_MJML") or (str(installed) if installed.exists() else "")
    parser.add_argument("--mjml", default=known, help="the official command; else CAMPCOMPILE_MJML, else .venv/node")
    parser.add_argument("--edits", type=int, default=50)
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="replace the table in this Markdown page")
    return parser.parse_args()


def _figures(scratch: Path, mjml: str, edits: int) -> Iterator[Figure]:
    workspace = scratch / "workspace"
    emails = write_workspace(workspace, 100)
    layout = workspace / "layouts" / "clinic.mjml"
    layout.parent.mkdir()
    shutil.copy(LAYOUT, layout)
    with _painted_page(workspace) as painted:
        campaign = workspace / "campaigns" / "desk-1" / "campaign.yaml"
        mails = _timed(campaign, _worded, edits, painted)
        yield Figure(f"one e-mail of {emails}, edit → painted", mails, median_limit=50, high_limit=150)
        yield Figure(f"a layout of {emails} e-mails, edit → painted", _timed(layout, _padded, edits, painted), 150)
    if mjml:
        with _watching_mjml(mjml, scratch) as (source, written):
            yield Figure("`mjml --watch`, one file, edit → file written", _timed(source, _spaced, edits // 3, written))


def _worded(text: str, number: int) -> str:
    return text.replace(WORDS, f"{WORDS}{' ' * (number % 2)} {number}", 1)


def _padded(text: str, number: int) -> str:
    return re.sub(r'padding="(\d+)px', lambda found: f'padding="{int(found[1]) + number % 7}px', text, count=1)


def _spaced(text: str, number: int) -> str:
    return text.replace("Words", f"Words {number}")


def _timed(place: Path, edit: Callable[[str, int], str], edits: int, done: Callable[[], float]) -> list[float]:
    """From just before each write to the instant that `done` tells, in milliseconds."""
    original = place.read_text("utf-8")
    times = []
    for number in range(edits + 2):
        began = time.time()
        place.write_text(edit(original, number + 1), "utf-8")
        times.append(done() - 1000 * began)
        time.sleep(_APART_S)
    place.write_text(original, "utf-8")
    done()
    return times[2:]  # the first ones fill what later ones find filled


@contextmanager
def _painted_page(workspace: Path) -> Iterator[Callable[[], float]]:
    """A page that shows an e-mail; the function waits until it has painted another, and tells when that was."""
    executable = os.environ.get("CAMPCOMPILE_CHROMIUM") or shutil.which("chromium")
    command = [str(CAMPCOMPILE), "watch", str(workspace)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert server.stderr is not None
        address = server.stderr.readline().split(" ")[0]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1440, "height": 860})
            page.goto(address + SHOWN)
            page.wait_for_selector("html[data-painted]", state="attached")
            time.sleep(1)
            seen = [_painted(page)[0]]

            def wait() -> float:
                until = time.monotonic() + _PATIENCE_S
                while time.monotonic() < until:
                    revision, instant = _painted(page)
                    if revision != seen[0]:
                        seen[0] = revision
                        return instant
                    time.sleep(0.02)  # the page notes the instant itself; who asks too often takes its time away
                raise SystemExit("the page did not change")

            yield wait
            browser.close()
    finally:
        server.terminate()
        server.wait()


def _painted(page: Any) -> tuple[str, float]:
    """The revision that was painted last, and when, in milliseconds since 1970."""
    revision, _, instant = str(page.evaluate("document.documentElement.dataset.painted")).partition(" ")
    return revision, float(instant)


@contextmanager
def _watching_mjml(mjml: str, scratch: Path) -> Iterator[tuple[Path, Callable[[], float]]]:
    source, target = scratch / "letter.mjml", scratch / "letter.html"
    section = "<mj-section><mj-column><mj-text>Words</mj-text><mj-button>Go</mj-button></mj-column></mj-section>"
    source.write_text(f"<mjml><mj-body>{section * 6}</mj-body></mjml>", "utf-8")
    process = subprocess.Popen([mjml, "--watch", str(source), "-o", str(target)], stdout=subprocess.DEVNULL)
    seen = [""]

    def wait() -> float:
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            content = target.read_text("utf-8") if target.exists() else ""
            if content.rstrip().endswith("</html>") and content != seen[0]:
                seen[0] = content
                return 1000 * time.time()
            time.sleep(0.002)
        raise SystemExit("mjml wrote nothing")

    try:
        wait()
        time.sleep(1)
        yield source, wait
    finally:
        process.terminate()
        process.wait()


def _rows(figures: list[Figure]) -> Iterator[str]:
    yield "| figure | median ms | 95th percentile ms | limits |"
    yield "| --- | ---: | ---: | --- |"
    for figure in figures:
        limits = ", ".join(f"{limit:g}" for limit in (figure.median_limit, figure.high_limit) if limit) or "–"
        verdict = ": not met" if figure.broken else ""
        name = f"{figure.name} ({len(figure.times_ms)} edits)"
        yield f"| {name} | {figure.median:.0f} | {figure.high:.0f} | {limits}{verdict} |"


if __name__ == "__main__":
    sys.exit(main())
