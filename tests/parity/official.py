"""The official `mjml` command, where it is here: CAMPCOMPILE_MJML, or what dev.py put into .venv/node."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def official() -> str:
    """The official command, or "" where it is not here."""
    given = os.environ.get("CAMPCOMPILE_MJML", "")
    bundled = ROOT / ".venv" / "node" / "node_modules" / ".bin" / ("mjml.cmd" if os.name == "nt" else "mjml")
    command = given or (str(bundled) if bundled.exists() else "")
    return command if command and Path(command).exists() and shutil.which("node") else ""


def build(folder: Path, documents: Mapping[str, str], *, level: str = "strict") -> dict[str, str]:
    """The official HTML of each document by name, which stays in `folder`; one call of the command builds all."""
    for name, mjml in documents.items():
        (folder / f"{name}.mjml").write_text(mjml, "utf-8")
    files = [str(folder / f"{name}.mjml") for name in documents]
    options = ["-o", str(folder), "--config.validationLevel", level]
    subprocess.run([official(), *files, *options], check=True, capture_output=True, timeout=240)
    return {name: (folder / f"{name}.html").read_text("utf-8") for name in documents}
