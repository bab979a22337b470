"""Files that the package brings along, as text: schemas, layouts, words, facts. Never a workspace's own.

importlib.resources takes longer to import (zipfile, tempfile, shutil) than all of these take to read.
"""

from __future__ import annotations

import os
import pkgutil


def package_text(path: str, package: str = "campcompile") -> str:
    """A file's text, by its path below the package. Raises OSError where there is none."""
    content = pkgutil.get_data(package, path)
    if content is None:
        raise FileNotFoundError(path)
    return content.decode("utf-8")


def package_names(folder: str, *suffixes: str) -> tuple[str, ...]:
    """The files with these suffixes below a folder of the package, by their paths below it, sorted."""
    root = os.path.join(os.path.dirname(__file__), *folder.split("/"))  # noqa: PTH118, PTH120  pathlib is slower to load
    found = [
        os.path.relpath(os.path.join(place, name), root).replace(os.sep, "/")  # noqa: PTH118
        for place, _, names in os.walk(root)
        for name in names
        if name.endswith(suffixes)
    ]
    return tuple(sorted(found))
