"""The registry knows every dialect: one file a target, found by its name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from campcompile.dialects import targets
from campcompile.dialects.dialect import Dialect


@cache
def dialect_ids() -> tuple[str, ...]:
    """`constant-contact`, `mailchimp` …: by the files' names, none of which is imported."""
    return tuple(sorted(module.name.replace("_", "-") for module in iter_modules(targets.__path__)))


@cache
def find_dialect(id: str) -> Dialect | None:
    """The dialect of this id; its file alone is imported."""
    if id not in dialect_ids():
        return None
    dialect = import_module(f"{targets.__name__}.{id.replace('-', '_')}").DIALECT
    assert isinstance(dialect, Dialect) and dialect.id == id
    return dialect


def dialects() -> tuple[Dialect, ...]:
    """Every dialect, by id."""
    return tuple(dialect for id in dialect_ids() if (dialect := find_dialect(id)) is not None)
