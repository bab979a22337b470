"""Where the CPU time of one cold compile goes, pass by pass, beside the rendering of MJML alone.

    .venv/bin/python benchmarks/where.py [E-MAILS] [--evidence docs/performance.md]

The passes are timed from outside, by wrapping the names that the compiler calls; each row is a pass without
those that it calls and that have a row of their own. The wrapping itself costs about 1 µs a call.

Judging must not cost more than compiling: the exit code is 1 where the rules take longer than all else but imports.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from page import rewrite
from workspaces import write_workspace

CLOCK = time.process_time
JUDGING = 1.0  # how many times what compiling costs, in a process that has loaded its modules
MARK = "<!-- profile: written by benchmarks/where.py -->"

# (module, name in it, the row it counts for)
PASSES = (
    ("campcompile.cli.inputs", "read", "read the files"),
    ("campcompile.draft", "decode", "decode"),
    ("campcompile.draft", "read_yaml", "YAML into trees"),
    ("campcompile.draft", "check_characters", "characters and secrets"),
    ("campcompile.draft", "check_secrets", "characters and secrets"),
    ("campcompile.draft", "check_schema", "schemas"),
    ("campcompile.draft", "bind_campaign", "names, types and words"),
    ("campcompile.draft", "compose", "blocks and layout into MJML and text"),
    ("campcompile.compiler", "check_programme", "rules"),
    ("campcompile.compiler", "_checked", "rules"),
    ("campcompile.compiler", "_bundle", "bundle and manifests"),
    ("campcompile.cli.compile", "write_bundle", "write the bundle"),
    ("campcompile.mail.splicing", "to_html", "gates before and behind mjml-python"),
    ("mjml", "mjml2html", "MJML into HTML (mjml-python)"),
    ("campcompile.cli.compile", "print_report", "report"),
)


class Stopwatch:
    """Exclusive seconds by row: what a pass calls is taken off its own time."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner: list[float] = []

    def wrap(self, function: Callable[..., Any], row: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            began = CLOCK()
            try:
                return function(*arguments, **options)
            finally:
                took = CLOCK() - began
                own = took - self._inner.pop()
                self.seconds[row] = self.seconds.get(row, 0.0) + own
                if self._inner:
                    self._inner[-1] += took

        return timed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("emails", nargs="?", type=int, default=1000)
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="replace the table in this Markdown page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="campcompile-profile-") as scratch:
        made = write_workspace(Path(scratch), options.emails)
        rows, total = profile(Path(scratch))
    ratio = rows["rules"] / (total - rows["imports"] - rows["rules"])
    told = f"Judging {made:,} e-mails costs {ratio:.2f} times what compiling them does; {JUDGING:g} is the limit."
    table = f"{_table(rows, total, made)}\n\n{told}"
    print(table)
    if options.evidence:
        rewrite(options.evidence, MARK, table)
    return 1 if ratio > JUDGING else 0


def profile(workspace: Path) -> tuple[dict[str, float], float]:
    """The seconds of each row of one compile in this process, and those of all of it."""
    began = CLOCK()
    watch = Stopwatch()
    for module, name, row in PASSES:
        place = import_module(module)
        setattr(place, name, watch.wrap(getattr(place, name), row))
    from campcompile.cli.main import main as campcompile

    imports = CLOCK() - began
    here = Path.cwd()
    os.chdir(workspace)
    began = CLOCK()
    code = campcompile(["compile"])
    total = CLOCK() - began + imports
    os.chdir(here)
    assert code == 0, "the made-up workspace must compile"
    rows = {"imports": imports, **watch.seconds}
    rows["all the rest"] = total - sum(rows.values())
    return rows, total


def _table(rows: dict[str, float], total: float, emails: int) -> str:
    lines = [f"| pass, {emails:,} e-mails | ms | share |", "| --- | ---: | ---: |"]
    for row, seconds in sorted(rows.items(), key=lambda item: -item[1]):
        lines.append(f"| {row} | {seconds * 1000:.0f} | {seconds / total:.0%} |")
    return "\n".join([*lines, f"| **all** | **{total * 1000:.0f}** | |"])


if __name__ == "__main__":
    sys.exit(main())
