"""Killed at any instant, a write leaves the old bundle or the new one."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from campcompile.workspace import settle

WRITER = Path(__file__).parent / "writer.py"
spec = spec_from_file_location("writer", WRITER)
assert spec is not None and spec.loader is not None
writer = module_from_spec(spec)
spec.loader.exec_module(writer)

WHOLE = {writer.digest(writer.bundle(which, files=40)) for which in ("old", "new")}


def kill_writers(root: Path, times: int, seed: int) -> int:
    """Kill `times` writers at random instants, each on what its forerunner left; how many died in mid-move."""
    chance = random.Random(seed)
    interrupted = 0
    for _ in range(times):
        with subprocess.Popen([sys.executable, str(WRITER), str(root)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None and process.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
        interrupted += settle(root)
        assert writer.found(root) in WHOLE
        assert not (root / "build/.intent.json").exists()
    return interrupted


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_15_kills_at_random_instants_leave_the_old_or_the_new_bundle(tmp_path: Path) -> None:
    kill_writers(tmp_path, 15, seed=15)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
def test_200_kills_at_random_instants_leave_the_old_or_the_new_bundle(tmp_path: Path) -> None:
    assert kill_writers(tmp_path, 200, seed=200) > 5, "some kills must hit the moves, else this shows nothing"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_before_each_file_operation_leaves_the_old_or_the_new_bundle(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(WRITER), str(tmp_path), "every"], capture_output=True, text=True, check=True
    )
    left = [line.split()[1] for line in done.stdout.splitlines()]
    assert len(left) > 40
    assert "torn" not in left
    assert left == sorted(left, reverse=True), "once the new bundle is certain, it stays"
    assert left[0] == "old" and left[-1] == "new"
