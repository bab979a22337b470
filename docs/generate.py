"""Writes the pages that follow from the code: findings, commands, schemas. `python3 dev.py docs` runs it.

.venv/bin/python docs/generate.py            write what is stale
.venv/bin/python docs/generate.py --check    write nothing; exit code 1 where a page is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

import click

from campcompile.cli.commands import campcompile
from campcompile.cli.schema import schema_files
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Rule

ROOT = Path(__file__).resolve().parents[1]
NOTE = "<!-- Written by `python3 dev.py docs`; change the code instead. -->\n"
WIDTH = 100  # columns of a help text


def main(arguments: Iterable[str]) -> int:
    check = "--check" in arguments
    stale = [path for path, text in pages() if not _holds(ROOT / path, text)]
    if not check:
        for path, text in pages():
            if path in stale:
                (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
                (ROOT / path).write_text(text, encoding="utf-8", newline="\n")
    left = sorted(set(_generated_files()) - {path for path, _ in pages()})
    for path in left:
        print(f"{path} is written by nothing any more: delete it")
    for path in stale:
        print(f"{path} {'is stale: run `python3 dev.py docs`' if check else 'written'}")
    return 1 if left or (check and stale) else 0


def pages() -> Iterator[tuple[str, str]]:
    """Each generated file: its path from the root, and its text."""
    rules = tuple(all_rules().values())
    yield "docs/reference/findings.md", _index(rules)
    for group, members in groupby(rules, key=_group):
        yield f"docs/reference/findings/{group}.md", _manual_pages(group, tuple(members))
    yield "docs/reference/commands.md", _commands()
    for path, content in schema_files().items():
        yield path, content.decode()


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _generated_files() -> Iterator[str]:
    """What lies where only generated files may lie."""
    for pattern in ("docs/reference/findings/*.md", "schemas/*.json"):
        yield from (path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))


def _group(rule: Rule) -> str:
    """`A11Y` of `A11Y001`."""
    return rule.code[:-3]


def _index(rules: tuple[Rule, ...]) -> str:
    rows = [
        f"| [{rule.code}](findings/{_group(rule)}.md#{rule.code.lower()}) | {rule.slug} | {rule.severity.value} "
        f"| {'yes' if rule.suppressible else 'never'} | {_cell(rule.message)} |"
        for rule in rules
    ]
    return "\n".join(
        [
            NOTE,
            "# Findings\n",
            f"All {len(rules)} things that campcompile can find. `campcompile explain CODE` prints the same pages.\n",
            "| code | name | severity | can be allowed | says |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _cell(message: str) -> str:
    return message.replace("{{", "{").replace("}}", "}").replace("|", "\\|")


def _manual_pages(group: str, rules: tuple[Rule, ...]) -> str:
    pages = [f"## {rule.code}\n\n**{rule.slug}**, {rule.severity.value}\n\n{_lowered(rule.manual)}" for rule in rules]
    return f"{NOTE}\n# {group}\n\n" + "\n".join(pages)


def _lowered(manual: str) -> str:
    """A manual page's headings one level down, outside of its examples."""
    lines, fenced = [], False
    for line in manual.strip().splitlines():
        fenced ^= line.startswith("```")
        lines.append(f"#{line}" if line.startswith("## ") and not fenced else line)
    return "\n".join(lines) + "\n"


def _commands() -> str:
    context = click.Context(campcompile, info_name="campcompile", terminal_width=WIDTH, max_content_width=WIDTH)
    parts = [NOTE, "# Commands\n", _help(campcompile, context)]
    for name in campcompile.list_commands(context):
        command = campcompile.get_command(context, name)
        assert command is not None
        own = click.Context(command, parent=context, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
        parts += [f"## {name}\n", _help(command, own)]
    return "\n".join(parts)


def _help(command: click.Command, context: click.Context) -> str:
    return f"```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
