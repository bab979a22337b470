"""Reading a workspace: the author's files by name, in one order, without ever leaving its folder."""

from __future__ import annotations

import os
import stat
import time
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path

from campcompile.errors import NoWorkspaceError, UnreadableError
from campcompile.values import dataclass

READ_AT_MOST = 8 * 1024 * 1024
ROOT_FILE = "campcompile.yaml"

_ROOMS = ("assets", "campaigns", "layouts")
_ROOT_NAMES = frozenset({ROOT_FILE, *_ROOMS})
_INNER_NAMES = frozenset(
    ["_shared", "blocks", "themes", "campaign.yaml"]
    + [f"{name}.yaml" for name in ("consent", "dictionary", "phrases", "segments", "theme")]
)
_FORBIDDEN = frozenset('\\:*?"<>|')  # no file name on Windows, or another path there
_MAX_DEPTH = 16
_RESTLESS_NS = 100_000_000  # a clock of files may stand still for 10 ms: until then one more write can go unmarked

Mark = tuple[int, int, int, int]  # what tells that a file was written: its number, size, and two dates in ns


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceFiles:
    """The bytes of an author's files by workspace-relative POSIX path, in order of path.

    How large a file may be (1 MiB) is said by whoever parses it, at its place beside all other findings;
    a file of more than READ_AT_MOST bytes comes with its first READ_AT_MOST + 1.
    """

    root: Path
    files: Mapping[str, bytes]
    marks: Mapping[str, Mark] = field(default_factory=dict)  # of those files that had been at rest when they were read


@dataclass(frozen=True, slots=True)
class _Problem:
    path: str
    text: str

    def __str__(self) -> str:
        return f"{printable(self.path)} {self.text}"


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds campcompile.yaml.

    Raises NoWorkspaceError where there is none.
    """
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / ROOT_FILE).is_file():
            return folder
    raise NoWorkspaceError(
        f"no {ROOT_FILE} in {here} or in a folder above it",
        help="go to a workspace, or make one here: `campcompile init`",
    )


def read(root: Path, known: WorkspaceFiles | None = None) -> WorkspaceFiles:
    """campcompile.yaml and all that lies in campaigns/, layouts/ and assets/.

    Hidden files and editors' backups don't count; what nothing reads (`campaign.yml`) is the compiler's to report.
    `known` are the files as they were a while ago: what wasn't written since is not read again.
    Raises UnreadableError that names every file at fault at once: links out of the workspace or to folders, what is
    no ordinary file (a pipe, a device), no permission, names that another system can't hold or that differ from the
    expected one by case.
    """
    root = root.resolve()
    files: dict[str, bytes] = {}
    marks: dict[str, Mark] = {}
    problems: list[_Problem] = []
    for found in _walk(root):
        if isinstance(found, _Problem):
            problems.append(found)
            continue
        path, place = found
        mark = _mark(place)
        if mark is not None:
            marks[path] = mark
            if known is not None and known.marks.get(path) == mark:
                files[path] = known.files[path]
                continue
        content = _content(root, path, place)
        if isinstance(content, _Problem):
            problems.append(content)
        else:
            files[path] = content
    if problems:
        raise UnreadableError(
            "\n".join(map(str, sorted(problems, key=lambda problem: problem.path))),
            help="nothing was checked: put this right first, then run the command again",
        )
    return WorkspaceFiles(root=root, files=dict(sorted(files.items())), marks=marks)


def is_read(path: str) -> bool:
    """Whether a file of this path belongs to a workspace, by its path alone: not hidden, no backup."""
    rooms = path.split("/")
    inside = path == ROOT_FILE or (len(rooms) > 1 and rooms[0] in _ROOMS)
    return inside and len(rooms) <= _MAX_DEPTH + 1 and not any(map(_is_passed_over, rooms))


def printable(path: str) -> str:
    """A path as it may go to a terminal: control characters and undecodable bytes escaped."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in path)


def _walk(root: Path) -> Iterator[_Problem | tuple[str, Path]]:
    for item in _entries(root, "", _ROOT_NAMES):
        if isinstance(item, _Problem):
            if item.path.casefold() in _ROOT_NAMES or not item.path:
                yield item
        elif item.name == ROOT_FILE:
            yield ROOT_FILE, item
        elif item.name in _ROOMS:
            if item.is_symlink():
                yield _Problem(item.name, "is a link to a folder: put the folder itself there")
            elif item.is_dir():
                yield from _walk_room(item, item.name, 1)
            else:
                yield _Problem(item.name, "is no folder")


def _walk_room(folder: Path, prefix: str, depth: int) -> Iterator[_Problem | tuple[str, Path]]:
    for item in _entries(folder, prefix, _INNER_NAMES):
        if isinstance(item, _Problem):
            yield item
            continue
        path = f"{prefix}/{unicodedata.normalize('NFC', item.name)}"
        if not item.is_dir():
            yield path, item
        elif item.is_symlink():
            yield _Problem(path, "is a link to a folder: put the folder itself there")
        elif item.suffix in (".yaml", ".mjml"):
            yield _Problem(path, "is a folder with a file's name: rename it, and put the file there")
        elif depth >= _MAX_DEPTH:
            yield _Problem(path, f"lies more than {_MAX_DEPTH} folders deep")
        else:
            yield from _walk_room(item, path, depth + 1)


def _entries(folder: Path, prefix: str, known: frozenset[str]) -> Iterator[_Problem | Path]:
    """What lies in a folder, by name; what can't be named on every system as a problem."""
    seen: dict[str, str] = {}
    try:
        names = sorted(place.name for place in folder.iterdir())
    except OSError as error:
        yield _Problem(prefix, f"can't be read: {_reason(error)}")
        return
    for name in names:
        if _is_passed_over(name):
            continue
        path = f"{prefix}/{name}" if prefix else name
        folded = unicodedata.normalize("NFC", name).casefold()
        if twin := seen.get(folded):
            yield _Problem(path, f"and `{printable(twin)}` are one name on Windows and macOS: rename one of them")
        elif folded in known and name not in known:
            yield _Problem(path, f"must be named `{folded}`: capital letters count on other systems")
        elif not _is_portable(name):
            yield _Problem(path, "has a name that other systems can't hold: use letters, digits, `-`, `_` and `.`")
        else:
            yield folder / name
        seen[folded] = name


def _is_passed_over(name: str) -> bool:
    """Hidden, or an editor's backup."""
    return name.startswith((".", "#")) or name.endswith("~")


def _is_portable(name: str) -> bool:
    return name.isprintable() and not _FORBIDDEN.intersection(name) and not name.endswith((" ", "."))


def _mark(place: Path) -> Mark | None:
    """None for a link, and for what was written so lately that another write could look the same."""
    try:
        status = place.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode) or time.time_ns() - status.st_mtime_ns < _RESTLESS_NS:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _content(root: Path, path: str, place: Path) -> bytes | _Problem:
    try:
        if place.is_symlink():
            place = place.resolve(strict=True)
            if not place.is_relative_to(root):
                return _Problem(path, "is a link that leads out of the workspace")
            if any(part.startswith(".") for part in place.relative_to(root).parts):
                return _Problem(path, "is a link to a hidden file")
        if not stat.S_ISREG(place.lstat().st_mode):
            return _Problem(path, "is no ordinary file")
        return _read_start(place)
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        return _Problem(path, f"can't be read: {_reason(error)}")


def _read_start(place: Path) -> bytes:
    # Between lstat and open somebody may have put a pipe or a link here: neither is waited for or followed.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    with os.fdopen(os.open(place, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(0, "no ordinary file")
        return file.read(READ_AT_MOST + 1)


def _reason(error: BaseException) -> str:
    """The system's words for an error, without the path and in lower case."""
    words = getattr(error, "strerror", None) or "a loop of links"
    return str(words)[:1].lower() + str(words)[1:]
