"""Writes what follows from other files: pages of rules, commands and keys, schemas, the compiled lexicon and packs.

`python3 dev.py docs` runs it.

.venv/bin/python -m docs.generate            write what is stale
.venv/bin/python -m docs.generate --check    write nothing; exit code 1 where a page is stale
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from campcompile.analysis import inventory as analysis_inventory
from campcompile.cli.commands import campcompile
from campcompile.cli.schema import schema_files
from campcompile.phi.assurance import assurance
from campcompile.phi.inventory import compiled_files
from campcompile.report import sentences
from campcompile.report.keys import keys_page
from campcompile.report.targets import targets_page
from campcompile.rules.history import FILE, histories, updated
from campcompile.rules.registry import all_rules
from tests.rules.bless import pages as rule_pages

ROOT = Path(__file__).resolve().parents[1]
HISTORY = f"src/campcompile/{FILE}"
WIDTH = 100  # columns of a help text
ASSURED = ("README.md", "docs/privacy.md")  # say what a clean run says about privacy, between two marks
ASSURANCE_MARK = "<!-- assurance: written by docs/generate.py -->"
PROSE_WIDTH = 124
ONLY_GENERATED = (
    "docs/rules/*.md",
    "schemas/*.json",
    "src/campcompile/phi/compiled/*.json",
    "src/campcompile/analysis/compiled/*.json",
    "src/campcompile/report/compiled/*.json",
)


def main(arguments: Sequence[str]) -> int:
    check = "--check" in arguments
    compiled = compiled_files()
    stale = _settle(compiled, check)  # first: pages print figures of it
    fresh = {
        "docs/commands.md": commands(),
        "docs/keys.md": keys_page(),
        "docs/targets.md": targets_page(),
        **rule_pages(),
        HISTORY: updated(histories(), all_rules().values()),
        **schemas(),
        **{path: assured(path) for path in ASSURED},
        **analysis_inventory.compiled_files(),
        **sentences.compiled_files(),
        sentences.PAGE: sentences.languages_page(),
    }
    stale += _settle(fresh, check)
    left = sorted(set(_generated_files()) - {*fresh, *compiled})
    for path in left:
        print(f"{path} is written by nothing any more: delete it")
    return 1 if left or (check and stale) else 0


def _settle(fresh: Mapping[str, str], check: bool) -> list[str]:
    """Writes what is stale, or says so; its paths."""
    stale = [path for path, text in fresh.items() if not _holds(path, text)]
    for path in stale:
        if not check:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(fresh[path], encoding="utf-8", newline="\n")
        print(f"{path} is stale: run `python3 dev.py docs`" if check else f"wrote {path}")
    return stale


def commands() -> str:
    """Every command's help."""
    context = _context(campcompile, "campcompile", None)
    parts = ["# Commands", _help(campcompile, context)]
    for name in campcompile.list_commands(context):
        command = campcompile.get_command(context, name)
        assert command is not None
        own = _context(command, name, context)
        parts += [f"## {name}", _help(command, own)]
        if isinstance(command, click.Group):
            for below, sub in sorted(command.commands.items()):
                parts += [f"## {name} {below}", _help(sub, _context(sub, below, own))]
    return "\n\n".join(parts) + "\n"


def schemas() -> Mapping[str, str]:
    """schemas/ as `campcompile schema --write` writes it: the repository is a workspace too."""
    return {path: content.decode() for path, content in schema_files().items()}


def assured(path: str) -> str:
    """A page with the paragraph that `explain` says, and its figures, between its marks."""
    before, _, after = (ROOT / path).read_text(encoding="utf-8").split(ASSURANCE_MARK)
    words = textwrap.fill(assurance(), PROSE_WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{before}{ASSURANCE_MARK}\n{words}\n{ASSURANCE_MARK}{after}"


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    return click.Context(command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH)


def _help(command: click.Command, context: click.Context) -> str:
    return f"```text\n{command.get_help(context)}\n```"


def _holds(path: str, text: str) -> bool:
    file = ROOT / path
    return file.exists() and file.read_text(encoding="utf-8") == text


def _generated_files() -> Iterator[str]:
    for pattern in ONLY_GENERATED:
        yield from (path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
