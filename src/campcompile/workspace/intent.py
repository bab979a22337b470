"""An intent says what a write is about to do; once it lies in build/, the write is certain."""

from __future__ import annotations

import json
import re
from pathlib import Path

from campcompile.errors import BundleError
from campcompile.values import dataclass
from campcompile.workspace.folder import Folder, refuse_link

NAME = ".intent.json"
RECORD = ".files.json"  # the paths of the bundle that is there: nothing else is ever deleted
_DRAFT = ".intent.json.new"
_SAFE = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Intent:
    """Paths below build/: staged files to put in place, in this order, and files to delete after that."""

    moves: tuple[str, ...]
    deletions: tuple[str, ...]


def is_safe(path: str) -> bool:
    """Whether a path stays below build/, is no hidden one of ours, and has a name on every system."""
    return _SAFE.fullmatch(path) is not None


def declare(build: Folder, intent: Intent) -> None:
    """Write the intent in one step: before it nothing has happened, after it the new bundle is certain."""
    text = json.dumps({"version": 1, "moves": intent.moves, "deletions": intent.deletions})
    drop_draft(build)
    (build.top / _DRAFT).write_text(text, encoding="utf-8")
    build.flush([_DRAFT])
    (build.top / _DRAFT).replace(build.top / NAME)
    build.flush_folders([NAME])


def declared(build: Folder) -> Intent | None:
    """The intent that a write left behind, or None.

    Raises BundleError for one that we didn't write.
    """
    refuse_link(build.top / NAME)
    try:
        data = json.loads((build.top / NAME).read_bytes())
        intent = Intent(tuple(data["moves"]), tuple(data["deletions"]))
        sound = data["version"] == 1 and all(
            is_safe(path.removeprefix(".")) for path in intent.moves + intent.deletions
        )
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise tampered(build.top) from None
    if not sound:
        raise tampered(build.top)
    return intent


def withdraw(build: Folder) -> None:
    """The write is done."""
    (build.top / NAME).unlink()


def drop_draft(build: Folder) -> None:
    (build.top / _DRAFT).unlink(missing_ok=True)


def tampered(build: Path) -> BundleError:
    return BundleError(
        f"{build.name}/ was changed by hand in the middle of a write",
        help=f"delete {build.name}/ and compile again: all in it is made anew",
    )
