"""Writing build/: the bundle there is the old one or the new one, whatever instant the power or the process dies.

The way of a write, under one lock:

    1. stage    every changed file is written to build/.next/; an unchanged one stays as it is
    2. commit   build/.intent.json appears in one step: it names the moves and deletions to come
    3. move     each staged file takes its place: contents, then manifests, then index.json
    4. clear    files that are no longer of the bundle go, then the intent

Killed before 2, the old bundle is in place, and what was staged is dropped. Killed after 2, the new one is
certain, and `settle` does what is left of 3 and 4: each of their steps may be done twice. Every reader and
writer of ours settles first; another reader finds, between the first and last move, digests that don't match.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from campcompile.errors import BundleError
from campcompile.values import dataclass
from campcompile.workspace import intent as intents
from campcompile.workspace.folder import Folder, refuse_link, remove_tree
from campcompile.workspace.intent import Intent
from campcompile.workspace.lock import locked

BUILD = "build"
INDEX = "index.json"
_NEXT = ".next"
_LOCK = ".lock"
_PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write changed; paths below build/, sorted."""

    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: int


Merge = Callable[[bytes, bytes], bytes]  # index.json as it was and as it would be → as it shall be


def write_bundle(
    root: Path, bundle: Mapping[str, bytes], *, merge: Merge | None = None, patience: timedelta = _PATIENCE
) -> Written:
    """Make build/ hold `bundle` (path below build/ → bytes), whole or not at all.

    With `merge`, only the top folders that `bundle` has ("ap71") are replaced, the others stay, and `merge`
    makes the index of both; it isn't asked where there was no index.
    Raises BusyError after `patience` where another campcompile is writing, and BundleError where the
    disk is full, the folder is read-only or a link leads out of it: then the old bundle is untouched,
    or, where the new one was certain already, the next command finishes it.
    """
    assert all(map(intents.is_safe, bundle)), "a bundle's paths stay below build/ and aren't hidden"
    place = root / BUILD
    with _in_words(place):
        refuse_link(place)
        place.mkdir(exist_ok=True)
        with locked(place / _LOCK, patience):
            _settle(Folder(place))
            return _write(Folder(place), bundle, merge)


def settle(root: Path, *, patience: timedelta = _PATIENCE) -> bool:
    """Finish a write that was interrupted, so that build/ holds one whole bundle; True where that was needed.

    To be called before anything is read from build/. Raises as `write_bundle` does.
    """
    place = root / BUILD
    with _in_words(place):
        refuse_link(place)
        if not os.path.lexists(place / intents.NAME):  # while another process stages, the old bundle is whole
            return False
        with locked(place / _LOCK, patience):
            return _settle(Folder(place))


def _settle(build: Folder) -> bool:
    intent = intents.declared(build)
    if intent is not None:
        _carry_out(build, intent)
        return True
    _drop_staged(build)
    return False


def _write(build: Folder, bundle: Mapping[str, bytes], merge: Merge | None) -> Written:
    before = _our_files(build)
    stay: set[str] = set()
    if merge is not None and INDEX in before and build.has_file(INDEX):
        tops = {path.partition("/")[0] for path in bundle}
        stay = {path for path in before if path.partition("/")[0] not in tops}
        bundle = {**bundle, INDEX: merge((build.top / INDEX).read_bytes(), bundle[INDEX])}
    files = {**bundle, intents.RECORD: json.dumps(sorted(stay | bundle.keys()), indent=0).encode()}
    changed = {path: files[path] for path in sorted(files, key=_rank) if not build.holds(path, files[path])}
    gone = tuple(path for path in sorted(before - stay - bundle.keys()) if build.has_file(path))
    if changed or gone:
        try:
            _stage(build, changed)
            intents.declare(build, Intent(tuple(changed), gone))
        except BaseException:
            with contextlib.suppress(OSError):
                _settle(build)
            raise
        _carry_out(build, Intent(tuple(changed), gone))
    seen = tuple(sorted(changed.keys() - {intents.RECORD}))
    return Written(changed=seen, deleted=gone, unchanged=len(bundle) - len(seen))


def _stage(build: Folder, files: Mapping[str, bytes]) -> None:
    staged = Folder(build.top / _NEXT)
    for path, content in files.items():
        if build.has_folder(path):
            raise BundleError(f"{BUILD}/{path} is a folder", help=f"delete {BUILD}/ and compile again")
        build.make_for(path)  # now, so that no move can lack room for its folder
        staged.make_for(path)
        (staged.top / path).write_bytes(content)
    staged.flush(files)


def _carry_out(build: Folder, intent: Intent) -> None:
    """Do, or finish doing, what the intent says."""
    for path in intent.moves:
        build.make_for(path)
        try:
            (build.top / _NEXT / path).replace(build.top / path)
        except FileNotFoundError:
            if not build.has_file(path):  # neither staged nor in place
                raise intents.tampered(build.top) from None
    build.remove(intent.deletions)
    build.flush_folders(intent.moves)
    intents.withdraw(build)
    _drop_staged(build)


def _drop_staged(build: Folder) -> None:
    remove_tree(build.top / _NEXT)
    intents.drop_draft(build)


def _rank(path: str) -> tuple[bool, bool, str]:
    """Contents first, then the campaigns' manifests, the index very last."""
    return path == INDEX, path.rpartition("/")[2] == "manifest.json", path


def _our_files(build: Folder) -> set[str]:
    """The paths that the last write left; none where its record is missing or isn't ours."""
    if not build.has_file(intents.RECORD):
        return set()
    try:
        paths = json.loads((build.top / intents.RECORD).read_bytes())
    except ValueError:
        return set()
    return (
        {path for path in paths if isinstance(path, str) and intents.is_safe(path)}
        if isinstance(paths, list)
        else set()
    )


@contextlib.contextmanager
def _in_words(place: Path) -> Iterator[None]:
    """Tell the system's failures in an author's words."""
    try:
        yield
    except OSError as error:
        raise BundleError(f"{BUILD}/ can't be written: {_reason(error)}", help=_advice(place, error)) from error


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _advice(place: Path, error: OSError) -> str:
    state = (
        "the new bundle is staged: the next command puts it in place"
        if os.path.lexists(place / intents.NAME)
        else "the old bundle is untouched"
    )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"free some space on the disk and compile again; {state}"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"ask for the right to write to {place}; {state}"
    return state
