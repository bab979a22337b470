"""CPU seconds of whole processes, children included, and the medians of runs that take turns."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One thing to measure: a process, and what makes its start cold."""

    name: str
    words: Sequence[str]
    cwd: Path
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took."""

    cpu_s: float  # user + system, of the process and of all that it started
    peak_mib: float


def alternate(commands: Sequence[Command], rounds: int) -> Mapping[str, Cost]:
    """Median costs by name, from `rounds` turns A B C A B C …: a busy minute of the machine hits all alike.

    One round more comes first and doesn't count: it warms the disk cache.
    """
    costs: dict[str, list[Cost]] = {command.name: [] for command in commands}
    for turn in range(rounds + 1):
        for command in commands:
            cost = _run(command)
            if turn:
                costs[command.name].append(cost)
    return {
        name: Cost(cpu_s=median(c.cpu_s for c in runs), peak_mib=median(c.peak_mib for c in runs))
        for name, runs in costs.items()
    }


def _run(command: Command) -> Cost:
    """Raises RuntimeError where the process fails: a figure of a failed run would be a lie."""
    command.before()
    with subprocess.Popen(
        command.words, cwd=command.cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        words = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command.name} ended with {process.returncode}: {words.decode(errors='replace')[-2000:]}")
    unit = 1 if os.uname().sysname == "Darwin" else 1024  # bytes a unit of ru_maxrss
    return Cost(cpu_s=usage.ru_utime + usage.ru_stime, peak_mib=usage.ru_maxrss * unit / 2**20)
