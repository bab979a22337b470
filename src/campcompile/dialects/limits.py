"""What a service counts, as dated data: the length of a subject, the grid of its times."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Scalar
from campcompile.values import dataclass

_DATA = "dialects/data/limits.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    value: int
    confirmed: bool  # does the service's own page say so?


def limit(dialect: str, what: str) -> Limit | None:
    """`limit("mailchimp", "subject")`; None where nothing is known."""
    return _limits().get(f"{dialect}-{what}")


@cache
def _limits() -> Mapping[str, Limit]:
    rows = pack(_DATA).root.get("limits")
    assert isinstance(rows, YamlMapping)
    return {entry.key.value: _limit(entry.value) for entry in rows.entries}


def _limit(node: object) -> Limit:
    assert isinstance(node, YamlMapping)
    value, confirmed = node.get("value"), node.get("confirmed")
    assert isinstance(value, Scalar) and isinstance(confirmed, Scalar)
    return Limit(value=int(value.value), confirmed=confirmed.value == "true")
