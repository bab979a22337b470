"""The preview all day long: a thousand edits, and every evil file one after the other."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.previews import CAMPAIGN, WORDS, Preview, practice, served
from tests.evil.cases import CASES
from tests.evil.practice import LETTER, good
from tests.workspace import lay

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EDITS = 1_000
SETTLED = 250  # edits, after which nothing grows any more: tables are made once they have been asked for often
MOST_SERVER_BYTES = 12_000_000
MOST_PAGE_BYTES = 2_000_000


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system doesn't tell of a process's memory so")
def test_memory_is_flat_over_a_thousand_edits(chromium: Any, tmp_path: Path) -> None:
    root = practice(tmp_path / "practice")
    command = [str(Path(sys.executable).with_name("campcompile")), "watch", str(root)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        context = chromium.new_context(viewport={"width": 1440, "height": 860})
        preview = Preview(context.new_page(), root, server.stderr.readline().split(" ")[0])
        preview.open()
        text = (root / CAMPAIGN).read_text("utf-8")
        taken = {}
        for number in range(1, EDITS + 1):
            painted = _painted(preview)
            (root / CAMPAIGN).write_text(text.replace(WORDS, f"Here are {number} details."), "utf-8")
            _until(lambda before=painted: _painted(preview) != before, f"edit {number} was not painted")
            if number < SETTLED or number % 10 == 0:
                _until(lambda: _judged(preview) == _painted(preview), f"edit {number} was not judged")
            if number in (SETTLED, EDITS):
                taken[number] = _memory(server.pid, preview)
        preview.shows(f"Here are {EDITS} details.")
        server.terminate()
        context.close()
    server_bytes, page_bytes = (last - first for first, last in zip(taken[SETTLED], taken[EDITS], strict=True))
    print(
        f"from edit {SETTLED} to {EDITS}: server {server_bytes:+,} bytes, page {page_bytes:+,} bytes; at last {taken}"
    )
    assert server_bytes < MOST_SERVER_BYTES
    assert page_bytes < MOST_PAGE_BYTES


def _painted(preview: Preview) -> str:
    return str(preview.page.evaluate("document.documentElement.dataset.painted")).partition(" ")[0]


def _judged(preview: Preview) -> str:
    return str(preview.page.evaluate("document.documentElement.dataset.judged"))


def _memory(pid: int, preview: Preview) -> tuple[int, int]:
    """What the server holds, and what the page's own values take after the browser has tidied up."""
    resident = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * 4096
    session = preview.page.context.new_cdp_session(preview.page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return resident, int(found["JSHeapUsedSize"])


def test_every_evil_file_saved_in_a_row_leaves_the_page_alive_and_right(chromium: Any, tmp_path: Path) -> None:
    files = good()
    root = lay(tmp_path / "practice", files)
    with served(root) as (address, workshop):
        context = chromium.new_context()
        preview = Preview(context.new_page(), root, address)
        preview.open("#campaign=letter&email=letter&locale=en")
        preview.shows("we are open all winter.")
        for case in CASES:
            spoiled = case.spoiled()
            lay(root, spoiled)
            _until(lambda wanted=spoiled: wanted.items() <= workshop.state.draft.files.items(), case.row)
            assert preview.mail.locator("body *").count() > 0, case.row
            for path in {
                path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()
            } - files.keys():
                (root / path).unlink()
            lay(root, files)
        for room in ("campaigns", "layouts", "assets"):
            shutil.rmtree(root / room, ignore_errors=True)
        lay(root, files)
        preview.page.get_by_text("no findings").wait_for()
        preview.page.locator("#past").wait_for(state="hidden")
        preview.shows("we are open all winter.")
        assert (root / LETTER).read_bytes() == files[LETTER]
        assert preview.wrong == []
        assert [url for url in preview.asked if not url.startswith((address, "data:", "about:"))] == []
        context.close()


def _until(fulfilled: Any, what: str, patience_s: float = 30) -> None:
    until = time.monotonic() + patience_s
    while not fulfilled():
        assert time.monotonic() < until, what
        time.sleep(0.01)
