"""Figures in a Markdown page, between two equal marks."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def rewrite(page: Path, mark: str, figures: str) -> None:
    """Replace what stands between the two marks of `page`; when, of which commit and where comes first."""
    before, _, rest = page.read_text(encoding="utf-8").partition(mark)
    _, found, after = rest.partition(mark)
    assert found, f"{page} has no two marks {mark}"
    text = f"{before}{mark}\n\n{circumstances()}\n\n{figures}\n\n{mark}{after}"
    page.write_text(text, encoding="utf-8", newline="\n")


def circumstances() -> str:
    """`2026-11-22, commit 1a2b3c4, Python 3.11.7, Linux x86_64, 2 cores`."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{datetime.now(UTC).date()}, commit {commit.strip()}, Python {platform.python_version()}, {machine}"
