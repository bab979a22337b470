"""Policy packs are read once from rules/data/, with the loader that reads everything else."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from campcompile.syntax.source import Source
from campcompile.syntax.tree import Document, Scalar, Sequence
from campcompile.syntax.yaml import read_yaml


@cache
def pack(name: str) -> Document:
    """The pack `rules/data/<name>.yaml`. Every pack says when it was checked, and against what."""
    path = f"{name}.yaml"
    text = files("campcompile.rules.data").joinpath(path).read_text(encoding="utf-8")
    return read_yaml(Source(path, text)).value


@cache
def texts(name: str, key: str) -> frozenset[str]:
    """The list of texts under `key` of a pack, as a set."""
    node = pack(name).root.get(key)
    items = node.items if isinstance(node, Sequence) else ()
    return frozenset(item.value for item in items if isinstance(item, Scalar))
