"""Draws the SVG files of this folder as the PNG files of assets/ (mail clients show no SVG).

.venv/bin/python docs/artwork/draw.py        needs a Chromium: CAMPCOMPILE_CHROMIUM, else `chromium`
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
ASSETS = HERE.parents[1] / "assets"


def main() -> None:
    chromium = os.environ.get("CAMPCOMPILE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for drawing in sorted(HERE.glob("*.svg")):
            page.set_content(f"<body style='margin:0'>{drawing.read_text('utf-8')}</body>")
            target = ASSETS / f"{drawing.stem}.png"
            page.locator("svg").screenshot(path=target, omit_background=True)
            print(f"{target.name}: {target.stat().st_size / 1024:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
