"""Files that hold patients: never where they could be committed, and readable by their owner alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from campcompile.errors import UsageError


def write_private(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file, mode 0600, in one step. Raises UsageError where it would lie in a work tree."""
    folder = path.resolve().parent
    if not folder.is_dir():
        raise UsageError(f"there is no folder `{path.parent}`", help="make it first: a plan holds patients")
    if _could_be_committed(folder / path.name):
        advice = "choose a place outside of the repository, or add its folder to .gitignore"
        raise UsageError(f"`{path}` could be committed, and a plan holds patients", help=advice)
    waiting = folder / f".{path.name}.{os.getpid()}"
    os.close(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        write(waiting)
        waiting.chmod(0o600)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)


def _could_be_committed(path: Path) -> bool:
    """Whether a path lies in a git work tree, and git doesn't ignore it."""
    top = next((folder for folder in path.parents if (folder / ".git").exists()), None)
    if top is None:
        return False
    git = shutil.which("git")
    if git is None:
        return True
    command = [git, "-C", str(top), "check-ignore", "--quiet", str(path)]
    return subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode != 0
