"""campcompile beside its yardsticks, as ratios of CPU seconds within one run.

    .venv/bin/python benchmarks/run.py [--mjml PATH] [--json FILE] [--evidence docs/evidence.md]

Absolute seconds belong to one machine; a ratio of two medians that took turns travels better. The exit code is 1
where a limit is broken. Figures that need the official `mjml` are left out, by name, where there is none.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from measure import Command, Cost, alternate
from page import circumstances, rewrite
from workspaces import MESSAGES_A_CAMPAIGN, write_workspace

ROOT = Path(__file__).resolve().parents[1]
CAMPCOMPILE = Path(sys.executable).with_name("campcompile")
MARK = "<!-- benchmarks: written by benchmarks/run.py -->"

# What docs/evidence.md says why: where the first lines lay, 35 and 1/5 and 1/10, and what they would cost.
LINT, COMPILE, RENDERING = 45, 3 / 4, 1 / 30

RAW_LOOP = """
import sys, mjml
from pathlib import Path
for path in sorted(Path("build").glob("*/emails/*.mjml")):
    mjml.mjml2html(path.read_text("utf-8"), fonts={})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One ratio: what was divided by what, and how large it may be."""

    name: str
    numerator: str
    numerator_s: float
    denominator: str
    denominator_s: float
    limit: float | None = None

    @property
    def ratio(self) -> float:
        return self.numerator_s / self.denominator_s

    @property
    def broken(self) -> bool:
        return self.limit is not None and self.ratio > self.limit


def main() -> int:
    options = _options()
    mjml = _find_mjml(options.mjml)
    with tempfile.TemporaryDirectory(prefix="campcompile-bench-") as scratch:
        figures = list(_figures(Path(scratch), mjml, options.rounds))
    table = _table(figures)
    print(table)
    if not mjml:
        print("left out: everything beside the official mjml (give --mjml or CAMPCOMPILE_MJML)")
    official = _official_version(mjml)
    if options.json:
        rows = [{**asdict(figure), "ratio": figure.ratio} for figure in figures]
        record = {"circumstances": circumstances(), "official": official, "figures": rows}
        options.json.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    if options.evidence:
        told = f"Official: {official}. Medians of CPU seconds (user + system) of whole processes that took turns."
        rewrite(options.evidence, MARK, f"{told}\n\n{table}")
    return 1 if any(figure.broken for figure in figures) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mjml", help="the official command; else CAMPCOMPILE_MJML, else .venv/node")
    parser.add_argument("--rounds", type=int, default=5, help="counted runs of each command (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="replace the table in this Markdown page")
    return parser.parse_args()


def _find_mjml(given: str | None) -> str:
    installed = ROOT / ".venv" / "node" / "node_modules" / ".bin" / "mjml"
    return given or os.environ.get("CAMPCOMPILE_MJML", "") or (str(installed) if installed.exists() else "")


def _figures(scratch: Path, mjml: str, rounds: int) -> Iterator[Figure]:
    yield from _small_commands(scratch / "one", max(rounds, 9))
    hundred = _compiled_workspace(scratch / "100", 100)
    thousand = _compiled_workspace(scratch / "1000", 1000)
    yield from _against_mjml(hundred, mjml, "100 e-mails", rounds)
    yield from _against_mjml(thousand, mjml, "1,000 e-mails", max(rounds // 2, 2))
    yield _change(thousand, scratch / "changed", rounds)
    yield _growth(thousand, _compiled_workspace(scratch / "10000", 10_000), max(rounds // 2, 2))


def _small_commands(workspace: Path, rounds: int) -> Iterator[Figure]:
    write_workspace(workspace, MESSAGES_A_CAMPAIGN)
    bare = Command(name="python -I -c pass", words=[sys.executable, "-I", "-c", "pass"], cwd=workspace)
    version = Command(name="campcompile --version", words=[str(CAMPCOMPILE), "--version"], cwd=workspace)
    lint = Command(name="campcompile lint, one campaign", words=[str(CAMPCOMPILE), "lint"], cwd=workspace)
    costs = alternate([bare, version, lint], rounds)
    yield _figure("start-up", costs, version, bare, limit=5)
    yield _figure(f"cold lint of one campaign ({MESSAGES_A_CAMPAIGN} e-mails)", costs, lint, bare, limit=LINT)


def _against_mjml(workspace: Path, mjml: str, size: str, rounds: int) -> Iterator[Figure]:
    ours = _cold_compile(workspace)
    raw = Command(name="raw mjml-python loop", words=[sys.executable, "-I", "-c", RAW_LOOP], cwd=workspace)
    sources = sorted(str(path.relative_to(workspace)) for path in workspace.glob("build/*/emails/*.mjml"))
    output = workspace / "official"
    output.mkdir(exist_ok=True)
    official = Command(name="mjml, one call", words=[mjml, *sources, "-o", str(output)], cwd=workspace)
    costs = alternate([ours, official, raw] if mjml else [ours, raw], rounds)
    if mjml:
        yield _figure(f"cold compile of {size}", costs, ours, official, limit=COMPILE)
        yield _figure(f"MJML rendering alone of {size}", costs, raw, official, limit=RENDERING)
    yield _figure(f"cold compile of {size}, beside the rendering alone", costs, ours, raw)


def _change(workspace: Path, other: Path, rounds: int) -> Figure:
    """What `diff` costs where ten e-mails of ten campaigns say something else in one language."""
    shutil.copytree(workspace, other, ignore=shutil.ignore_patterns("build", "official"))
    for translation in sorted(other.glob("campaigns/*/nb.yaml"))[:10]:
        text = translation.read_text("utf-8")
        translation.write_text(text.replace("button: ", "button: Ja, ", 1), "utf-8")
    ours = _cold_compile(workspace)
    words = [str(CAMPCOMPILE), "diff", str(workspace), str(other)]
    diff = Command(name="campcompile diff", words=words, cwd=workspace)
    costs = alternate([diff, ours], rounds)
    return _figure("diff of 1,000 e-mails, 10 changed", costs, diff, ours, limit=1 / 2)


def _growth(thousand: Path, ten_thousand: Path, rounds: int) -> Figure:
    small = _cold_compile(thousand, "compile of 1,000")
    large = _cold_compile(ten_thousand, "compile of 10,000")
    return _figure("growth from 1,000 to 10,000 e-mails", alternate([small, large], rounds), large, small, limit=10)


def _compiled_workspace(root: Path, messages: int) -> Path:
    """A generated workspace with its build/: the official mjml is fed with what we emit."""
    made = write_workspace(root, messages)
    subprocess.run([CAMPCOMPILE, "compile"], cwd=root, check=True, stdout=subprocess.DEVNULL)
    found = len(list(root.glob("build/*/emails/*.mjml")))
    assert found == made, f"{found} of {made} e-mails were compiled"
    return root


def _cold_compile(workspace: Path, name: str = "campcompile compile") -> Command:
    def forget() -> None:
        shutil.rmtree(workspace / "build", ignore_errors=True)

    return Command(name=name, words=[str(CAMPCOMPILE), "compile"], cwd=workspace, before=forget)


def _figure(
    name: str, costs: Mapping[str, Cost], numerator: Command, denominator: Command, limit: float | None = None
) -> Figure:
    return Figure(
        name=name,
        numerator=numerator.name,
        numerator_s=costs[numerator.name].cpu_s,
        denominator=denominator.name,
        denominator_s=costs[denominator.name].cpu_s,
        limit=limit,
    )


def _table(figures: Sequence[Figure]) -> str:
    lines = [
        "| what | CPU s | beside | CPU s | ratio | limit |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
    ]
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:g}" + (" **broken**" if figure.broken else "")
        lines.append(
            f"| {figure.name} | {figure.numerator_s:.3f} | {figure.denominator} | {figure.denominator_s:.3f} "
            f"| {figure.ratio:.3g} | {limit} |"
        )
    return "\n".join(lines)


def _official_version(mjml: str) -> str:
    if not mjml:
        return "without the official mjml"
    words = subprocess.run([mjml, "--version"], capture_output=True, text=True, check=True).stdout
    return ", ".join(words.split("\n")).strip(", ")


if __name__ == "__main__":
    raise SystemExit(main())
