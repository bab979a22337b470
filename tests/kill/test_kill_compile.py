"""Killed at any instant, `campcompile compile` leaves the old bundle or the new one."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from campcompile.workspace import settle

COMPILE = [sys.executable, "-m", "campcompile.cli.main", "compile"]


def digest(root: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted((root / "build").rglob("*")):
        name = path.relative_to(root / "build").as_posix()
        if path.is_file() and not name.startswith("."):
            whole.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def compile_whole(root: Path) -> str:
    subprocess.run(COMPILE, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return digest(root)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_200_kills_of_compile_leave_the_old_or_the_new_bundle(tmp_path: Path) -> None:
    subprocess.run([*COMPILE[:-1], "init", "."], cwd=tmp_path, check=True, stdout=subprocess.DEVNULL)
    settings = tmp_path / "campcompile.yaml"
    old = settings.read_text(encoding="utf-8")
    versions = (old, old.replace("name: Harbor Family Practice", "name: Harbor Practice"))
    assert versions[0] != versions[1]
    digests = []
    for text in versions:
        settings.write_text(text, encoding="utf-8")
        started = time.monotonic()
        digests.append(compile_whole(tmp_path))
        seconds = time.monotonic() - started
    chance = random.Random(200)
    ends = {"old": 0, "new": 0}
    present = 1
    for _ in range(200):
        settings.write_text(versions[1 - present], encoding="utf-8")
        with subprocess.Popen(COMPILE, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(chance.uniform(0, 1.1 * seconds))
            process.kill()
        settle(tmp_path)
        found = digest(tmp_path)
        assert found in digests, "torn; or the sources of campcompile were changed while this ran"
        ends["old" if found == digests[present] else "new"] += 1
        present = digests.index(found)
    assert min(ends.values()) > 5, f"both ends must occur, else this shows nothing: {ends}"
