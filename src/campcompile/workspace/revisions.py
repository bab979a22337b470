"""A workspace as it was: its files at a revision, read out of git's own store. The one room where git is run.

Nothing is checked out, and nothing in the work tree or the index changes. git is asked for stored objects alone:
no hook, filter or file monitor of the repository runs, and a partial clone fetches nothing.
"""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Iterator
from pathlib import Path

from campcompile.errors import CampcompileError, UnreadableError, UsageError
from campcompile.values import dataclass
from campcompile.workspace.reading import READ_AT_MOST, ROOT_FILE, WorkspaceFiles, is_read, printable

TRUNKS = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_LINK, _SUBMODULE = "120000", "160000"
_HOPS = 8  # links that lead to links


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a revision: its kind, and the name of its bytes."""

    mode: str
    object: str


def read_revision(root: Path, revision: str) -> WorkspaceFiles:
    """The workspace that lies in the folder `root`, as it was at `revision`; no files where there was none yet.

    Raises UsageError for a revision that isn't there, and UnreadableError for links out of the workspace.
    """
    root = root.resolve()
    commit = commit_of(root, revision)
    prefix = _git(root, "rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").strip("\n")
    entries = dict(_entries(root, commit, prefix))
    if ROOT_FILE not in entries:
        return WorkspaceFiles(root=root, files={})
    wanted = {path: _followed(path, entries, root) for path in sorted(entries) if is_read(path)}
    contents = _contents(root, sorted(set(wanted.values())))
    return WorkspaceFiles(root=root, files={path: contents[name] for path, name in wanted.items()})


def commit_of(root: Path, revision: str) -> str:
    """The full name of a revision's commit; raises UsageError where there is none."""
    found = _asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found is None:
        raise UsageError(
            f"no revision or workspace `{printable(revision)}`",
            help="name a branch, tag or commit of this repository, or the folder of a workspace",
        )
    return found


def branching_point(root: Path, head: str = "HEAD") -> tuple[str, str]:
    """(the commit in which the work here left the main line, that line's name): what a pull request begins at.

    Raises UsageError where there is no main line to compare with.
    """
    tip = commit_of(root, head)
    for trunk in TRUNKS:
        if _asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{trunk}^{{commit}}") is None:
            continue
        base = _asked(root, "merge-base", tip, trunk)
        if base is not None:
            return base, trunk.removesuffix("/HEAD")
    raise UsageError(
        "nothing to compare with: there is no branch `main` or `master`, here or at `origin`",
        help="say what: campcompile diff BASE; in a CI job, fetch the target branch first",
    )


def _entries(root: Path, commit: str, prefix: str) -> Iterator[tuple[str, _Entry]]:
    """Every file of the workspace's rooms, by its path from the workspace."""
    tree = _git(root, "ls-tree", "-r", "-z", "--full-tree", commit, *([prefix] if prefix else []))
    for row in tree.decode("utf-8", "surrogateescape").split("\0"):
        if row:
            head, _, path = row.partition("\t")
            mode, _, object = head.split(" ")
            if mode != _SUBMODULE:
                yield path.removeprefix(prefix), _Entry(mode, object)


def _followed(path: str, entries: dict[str, _Entry], root: Path) -> str:
    """The object with a file's bytes, where links end."""
    place = path
    for _ in range(_HOPS):
        entry = entries.get(place)
        if entry is None:
            break
        if entry.mode != _LINK:
            return entry.object
        to = _contents(root, [entry.object])[entry.object].decode("utf-8", "surrogateescape")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(place), to))
    raise UnreadableError(
        f"{printable(path)} is a link that leads out of the workspace", help="nothing was compared: put the file there"
    )


def _contents(root: Path, objects: list[str]) -> dict[str, bytes]:
    """The bytes of each object, at most READ_AT_MOST + 1 of them, in one go."""
    if not objects:
        return {}
    answer = _git(root, "cat-file", "--batch", input="".join(f"{name}\n" for name in objects).encode())
    found, at = {}, 0
    for name in objects:
        end = answer.index(b"\n", at)
        words = answer[at:end].split(b" ")
        if len(words) != 3:
            raise CampcompileError(
                f"git has no content for {name[:12]}", help="the clone is not complete: fetch all of it"
            )
        size = int(words[2])
        found[name] = answer[end + 1 : end + 1 + min(size, READ_AT_MOST + 1)]
        at = end + 1 + size + 1
    return found


def _asked(root: Path, *words: str) -> str | None:
    """What git prints on one line; None where it says no."""
    try:
        return _git(root, *words).decode("utf-8", "replace").strip()
    except _NoAnswer:
        return None


class _NoAnswer(CampcompileError):
    """git ended with an error of its own."""


def _git(root: Path, *words: str, input: bytes = b"") -> bytes:
    """What git prints; raises CampcompileError, in its words, where it fails."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(root), *words]
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(command, input=input, capture_output=True, check=False, env={**os.environ, **quiet})
    except FileNotFoundError:
        raise CampcompileError(
            "git is not there", help="install it, or compare two folders: campcompile diff OLD NEW"
        ) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[0].removeprefix("fatal: ") if said else "git failed"
        raise _NoAnswer(f"git: {printable(reason)}", help="campcompile diff compares revisions of one git repository")
    return done.stdout
