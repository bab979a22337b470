"""Lifting a workspace to the newest format of the language, in text edits: comments and the way it is written stay.

There is one format today, so there is no step. A new format brings one: what it changes, as edits of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from campcompile.syntax.decode import decode
from campcompile.syntax.findings import Edit
from campcompile.syntax.fixes import apply_edits
from campcompile.syntax.schema import kind_of
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Document, Scalar
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass

WORKSPACE_FILE = "campcompile.yaml"
NEWEST = 1
OLDEST = 1

Documents = Mapping[str, Document]  # by workspace-relative path


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From format `start` to the next one."""

    start: int
    title: str  # what changes, for the author
    edits: Callable[[Documents], Iterable[Edit]]


STEPS: tuple[Step, ...] = ()


class CannotMigrate(Exception):
    """A file that can't be edited; the text says which and why, lower case, without full stop."""


def format_of(files: Mapping[str, bytes]) -> int | None:
    """The format that a workspace says it is written in, the first where it says nothing; None for what is none."""
    node = _document(WORKSPACE_FILE, files.get(WORKSPACE_FILE, b"")).root.get("format")
    if node is None:
        return OLDEST
    text = node.value if isinstance(node, Scalar) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def lift(files: Mapping[str, bytes], step: Step) -> Mapping[str, bytes]:
    """The files that one step changes, `format` in campcompile.yaml among them.

    Raises CannotMigrate where a file can't be read to its end: half a migration would be worse than none.
    """
    documents = {path: _document(path, content) for path, content in files.items() if kind_of(path) is not None}
    lost = [path for path, document in documents.items() if document.lost or not _is_utf_8(files[path])]
    if lost:
        raise CannotMigrate(f"{lost[0]} can't be read to its end: mend what `campcompile lint` says of it first")
    edits: dict[str, list[Edit]] = {}
    for edit in (*step.edits(documents), _bump(documents[WORKSPACE_FILE], step.start + 1)):
        edits.setdefault(edit.span.path, []).append(edit)
    lifted = {path: apply_edits(files[path], documents[path].source, of_file) for path, of_file in edits.items()}
    assert all(content is not None for content in lifted.values()), "two edits of a step meet"
    return {path: content for path, content in lifted.items() if content is not None and content != files[path]}


def _document(path: str, content: bytes) -> Document:
    source: Source = decode(path, content).value
    return read_yaml(source).value


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _bump(document: Document, format: int) -> Edit:
    """`format` with its new number; above the first key where nobody wrote it."""
    node = document.root.get("format")
    if node is not None:
        return Edit(node.span, str(format))
    entries = document.root.entries
    at = entries[0].key.span.start if entries else len(document.source.text)
    return Edit(document.source.span(at, at), f"format: {format}\n")
