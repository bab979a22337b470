"""`campcompile diff`: what a change does to patients, before it is merged."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, say, terminal_width, wants_colour
from campcompile.cli.inputs import FAIL_ON, Day, Inputs, compile_inputs
from campcompile.cli.reporting import report_of
from campcompile.errors import UsageError
from campcompile.report.report import counts
from campcompile.report.speech import speech
from campcompile.values import dataclass
from campcompile.workspace import find_root, read

if TYPE_CHECKING:
    from campcompile.changes.account import Account
    from campcompile.changes.compare import Side
    from campcompile.compiler import Compilation
    from campcompile.memory import Memory

CHANGED = 4
FORMATS = {
    "text": "for people",
    "json": "for programs",
    "markdown": "one comment below a pull request",
    "html": "a page for a reviewer, e-mails before and after: write it into a file",
}


@click.command(short_help="Say what a change does to patients: who gets what, when, and why.")
@click.argument("base", required=False, default="")
@click.argument("head", required=False, default="")
@click.option(
    "--format",
    "format_",
    type=click.Choice(tuple(FORMATS)),
    default="text",
    show_default=True,
    help="; ".join(f"{name}: {what}" for name, what in FORMATS.items()) + ".",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the account into a file, whole or not at all; stdout stays empty.",
)
@click.option("--detailed-exitcode", is_flag=True, help="End with exit code 4 where anything changes.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    default="error",
    show_default=True,
    help="End with exit code 1 where a new finding, or one about the change, is at least this severe.",
)
@click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Judge both sides as on this day (default: `as_of` of HEAD's campcompile.yaml, else today at the practice).",
)
def diff(
    base: str,
    head: str,
    format_: str,
    output: Path | None,
    detailed_exitcode: bool,
    fail_on: str,
    as_of: date | None,
) -> int:
    """Say what a change does to patients: who gets what, when, and why.

    BASE and HEAD are revisions of git (a branch, a tag, a commit) or folders of workspaces. Without HEAD, the
    files as they lie here are compared; without BASE, with the commit in which this work left the main branch.
    Nothing is checked out or written.

    Said are changes of words, timing, audience, fields that are read, purpose and consent, and findings that
    come and go. Comments, layout of the files and the order of keys change nothing.

    \b
    Examples:
      campcompile diff                       this work, against main
      campcompile diff main
      campcompile diff v1.4 v1.5
      campcompile diff ../before ../after
      campcompile diff --format json --output change.json

    Exit codes: 0 compared; 1 a new finding, or one about the change, at or above --fail-on; 2 no such
    revision, or files that can't be read; with --detailed-exitcode 4 where anything changes and nothing fails.
    """
    old_files, new_files = _pair(base, head)
    account, old, new = _compared(old_files, new_files, as_of)
    if format_ == "html":
        lines = _page(account, old, new, {**_pictures(old_files, old), **_pictures(new_files, new)})
    else:
        lines = _lines(account, old, new, format_, to_file=output is not None)
    _print(account, lines, output)
    if any(counts(found, fail_on) for found in (*account.findings, *account.new)):
        return 1
    return CHANGED if detailed_exitcode and not account.is_empty else 0


@dataclass(frozen=True, slots=True)
class _Files:
    """One side's files, and how it is called."""

    name: str
    inputs: Inputs


def _pair(base: str, head: str) -> tuple[_Files, _Files]:
    """Both sides, as asked for."""
    new = _named(head) if head else _Files("the work tree", Inputs(read(find_root(Path.cwd())), frozenset()))
    if base:
        return _named(base), new
    from campcompile.workspace.revisions import branching_point

    if head and _is_workspace(Path(head)):
        raise UsageError("HEAD is a folder, and BASE is missing", help="say both: campcompile diff OLD NEW")
    commit, trunk = branching_point(find_root(Path.cwd()), head or "HEAD")
    return _in_git(commit, f"{trunk} ({commit[:7]})"), new


def _named(name: str) -> _Files:
    """A folder that holds a workspace, else a revision."""
    if _is_workspace(Path(name)):
        return _Files(name, Inputs(read(Path(name)), frozenset()))
    return _in_git(name, name)


def _in_git(revision: str, name: str) -> _Files:
    from campcompile.workspace.revisions import read_revision

    return _Files(name, Inputs(read_revision(find_root(Path.cwd()), revision), frozenset()))


def _is_workspace(place: Path) -> bool:
    return (place / "campcompile.yaml").is_file()


def _compared(old: _Files, new: _Files, as_of: date | None) -> tuple[Account, Side, Side]:
    """The account, and both sides compiled: the campaigns that differ, where that is enough to tell, else all."""
    from campcompile.changes.compare import account_of
    from campcompile.changes.narrowing import changed_alone, is_enough
    from campcompile.memory import Memory

    memory = Memory()  # what is alike on both sides is made once
    folders = changed_alone(old.inputs.workspace.files, new.inputs.workspace.files)
    while True:
        after = _side(new, folders, as_of, memory)
        before = _side(old, folders, after.compilation.as_of, memory)
        account = account_of(before, after)
        programmes = before.compilation.programme, after.compilation.programme
        if not folders or is_enough(*programmes, (*account.new, *account.fixed), folders):
            return _told(account, after.compilation), before, after
        folders = frozenset()


def _told(account: Account, new: Compilation) -> Account:
    """The same account, with what is found about the change in HEAD's language; the other findings are so already."""
    told = speech(new.programme.settings.messages)
    waived = {one.finding.message: told.finding(one.finding).message for one in new.waived}  # a new waiver's is quoted
    told = replace(told, sentences={**told.sentences, **waived})
    return replace(account, findings=tuple(map(told.finding, account.findings)))


def _side(files: _Files, folders: frozenset[str], as_of: date | None, memory: Memory) -> Side:
    """One side compiled; of `folders` alone, where any are named."""
    from campcompile.changes.compare import Side
    from campcompile.changes.narrowing import without_others
    from campcompile.report.fingerprint import fingerprints

    workspace = files.inputs.workspace
    inputs = Inputs(replace(workspace, files=without_others(workspace.files, folders)), frozenset())
    compilation = compile_inputs(inputs, as_of=as_of, lint_only=True, memory=memory)
    report = report_of(compilation)
    paths = (path.split("/") for path in inputs.workspace.files)
    return Side(
        name=files.name,
        compilation=replace(compilation, diagnostics=report.diagnostics),
        prints=fingerprints(report),
        folders=frozenset(parts[1] for parts in paths if len(parts) == 3 and parts[2] == "campaign.yaml"),
    )


def _print(account: Account, lines: Iterable[str], output: Path | None) -> None:
    if output is None:
        out(lines)
        return
    from campcompile.report.change_text import total
    from campcompile.workspace import write_report

    write_report(output, "".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
    say(f"{total(account)}: {output}")


def _lines(account: Account, old: Side, new: Side, format: str, *, to_file: bool) -> Iterable[str]:
    sources, before = new.compilation.sources, old.compilation.sources
    match format:
        case "json":
            from campcompile.report.change_json import account_json

            return [account_json(account, sources, before)]
        case "markdown":
            from campcompile.report.change_markdown import account_markdown

            return account_markdown(account, sources, before)
        case _:
            from campcompile.report.change_text import account_lines

            colour = not to_file and wants_colour(sys.stdout)
            return account_lines(account, sources, before, colour=colour, width=100 if to_file else terminal_width())


def _page(account: Account, old: Side, new: Side, pictures: Mapping[str, tuple[str, bytes]]) -> Iterable[str]:
    from campcompile.report.change_page import Sides, review_page

    if sys.stdout.isatty():
        say("this is a page: write it into a file with --output review.html")
    sides = Sides(
        new=new.compilation.programme,
        old=old.compilation.programme,
        sources=new.compilation.sources,
        old_sources=old.compilation.sources,
        pictures=pictures,
    )
    return review_page(account, sides).rstrip("\n").split("\n")


def _pictures(files: _Files, side: Side) -> Mapping[str, tuple[str, bytes]]:
    """By their names in the bundle, the pictures that e-mails show."""
    contents = files.inputs.workspace.files
    assets = side.compilation.programme.assets.values()
    return {asset.name: (asset.media_type, contents[asset.path]) for asset in assets}
