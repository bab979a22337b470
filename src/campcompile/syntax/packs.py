"""Packs hold facts of vendors and laws as dated data, read once, with the loader that reads everything else."""

from __future__ import annotations

from functools import cache

from campcompile.package_files import package_text
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Document, Scalar, Sequence
from campcompile.syntax.yaml import read_yaml


@cache
def pack(path: str) -> Document:
    """The pack at a path below the package, such as `syntax/data/shorteners.yaml`.

    Every pack says when it was checked (`checked_at`), and against what (`source`).
    """
    return read_yaml(Source(path, package_text(path))).value


@cache
def texts(path: str, key: str) -> frozenset[str]:
    """The list of texts under `key` of a pack, as a set."""
    node = pack(path).root.get(key)
    items = node.items if isinstance(node, Sequence) else ()
    return frozenset(item.value for item in items if isinstance(item, Scalar))
