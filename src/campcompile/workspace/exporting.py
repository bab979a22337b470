"""Writing what one target gets: build/CODE/targets/ID/, its requests last, so that they name files that are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from campcompile.errors import BundleError
from campcompile.workspace.bundle import BUILD
from campcompile.workspace.folder import Folder, refuse_link
from campcompile.workspace.intent import is_safe
from campcompile.workspace.lock import locked
from campcompile.workspace.replacing import replace_file

REQUESTS = "requests.json"
_PATIENCE = timedelta(seconds=10)


def export_folder(root: Path, code: str, target: str) -> Path:
    """Where the files of one campaign for one target lie."""
    return root / BUILD / code / "targets" / target


def write_export(root: Path, code: str, target: str, files: Mapping[str, bytes]) -> Path:
    """Make the folder of a target hold `files` and no others; returns it.

    Raises BusyError where another campcompile is writing build/, BundleError where it can't be written.
    """
    assert all(map(is_safe, files)), "an export's paths stay in its folder and aren't hidden"
    place = root / BUILD
    prefix = f"{code}/targets/{target}"
    try:
        refuse_link(place)
        place.mkdir(exist_ok=True)
        with locked(place / ".lock", _PATIENCE):
            folder = Folder(place)
            wanted = {f"{prefix}/{path}": content for path, content in files.items()}
            folder.make_for(f"{prefix}/{REQUESTS}")
            folder.remove(sorted({f"{prefix}/{REQUESTS}"} | set(_present(place, prefix)) - wanted.keys()))
            for path in sorted(wanted, key=lambda path: (path.endswith(f"/{REQUESTS}"), path)):
                folder = Folder(place)  # what `remove` emptied may be gone
                folder.make_for(path)
                replace_file(place / path, wanted[path])
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise BundleError(f"{BUILD}/{prefix} can't be written: {reason}") from error
    return export_folder(root, code, target)


def _present(place: Path, prefix: str) -> Iterator[str]:
    for found in (place / prefix).rglob("*"):
        if found.is_file() or found.is_symlink():
            yield found.relative_to(place).as_posix()
