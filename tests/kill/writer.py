"""Two bundles, written in turn for ever: the prey of test_kill.py.

python writer.py ROOT            writes until it is killed; prints a line after the first write
python writer.py ROOT every      dies before each file operation of a write, one after the other; prints what is left
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path

from campcompile.workspace import settle, write_bundle

_OPERATIONS = frozenset({"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir"})


def bundle(which: str, *, files: int) -> dict[str, bytes]:
    """Half of the files differ between "old" and "new", a quarter is in one of them only."""
    made = {}
    for number in range(files):
        own = {0: "same", 1: which, 2: which, 3: which}[number % 4]
        name = f"{which}-{number}" if number % 4 == 3 else str(number)
        made[f"ap71/emails/{name}.en.html"] = f"{own} {number}\n".encode() * 40
    return {**made, "ap71/manifest.json": which.encode(), "index.json": digest(made).encode()}


def digest(files: Mapping[str, bytes]) -> str:
    text = "\n".join(f"{path} {hashlib.sha256(content).hexdigest()}" for path, content in sorted(files.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def found(root: Path) -> str:
    """The digest of what lies in build/, our own hidden files left out."""
    build = root / "build"
    paths = (path for path in build.rglob("*") if path.is_file())
    named = {path.relative_to(build).as_posix(): path for path in paths}
    return digest({name: path.read_bytes() for name, path in named.items() if not name.startswith(".")})


def write_for_ever(root: Path) -> None:
    for turn in count():
        write_bundle(root, bundle("old" if turn % 2 else "new", files=40))
        if not turn:
            print("writing", flush=True)


def die_everywhere(root: Path) -> None:
    """For n = 1, 2, …: a write that dies before its n-th file operation, then what `settle` leaves."""
    whole = {digest(bundle(which, files=8)): which for which in ("old", "new")}
    for number in count(1):
        write_bundle(root, bundle("old", files=8))
        ended = _write_and_die(root, number)
        settle(root)
        print(number, whole.get(found(root), "torn"), "ended" if ended else "died", flush=True)
        if ended:
            return


def _write_and_die(root: Path, number: int) -> bool:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    left = number

    def watch(event: str, _: tuple[object, ...]) -> None:
        nonlocal left
        left -= event in _OPERATIONS
        if not left:
            os._exit(9)

    sys.addaudithook(watch)
    write_bundle(root, bundle("new", files=8))
    os._exit(0)


if __name__ == "__main__":
    (die_everywhere if sys.argv[2:] else write_for_ever)(Path(sys.argv[1]))
