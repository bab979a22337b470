"""Limits are thresholds as dated data: a number, who says so, and whether that has been confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from campcompile.syntax.findings import Severity
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Scalar
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    value: float
    confirmed: bool  # has the source been read, and does it say this number?
    source: str  # "policy: …" where the number is ours

    def at_most(self, severity: Severity) -> Severity:
        """The severity that this limit may carry: what isn't confirmed never makes an error."""
        return Severity.WARNING if severity is Severity.ERROR and not self.confirmed else severity


@cache
def limits(path: str) -> Mapping[str, Limit]:
    """The limits of a pack below the package, such as `rules/data/readability.yaml`, by name."""
    return {entry.key.value: _limit(entry.value) for entry in _mapping(pack(path).root.get("limits")).entries}


def _limit(node: object) -> Limit:
    row = _mapping(node)
    return Limit(
        value=float(_text(row.get("value"))),
        confirmed=_text(row.get("confirmed")) == "true",
        source=_text(row.get("source")),
    )


def _mapping(node: object) -> YamlMapping:
    assert isinstance(node, YamlMapping), "a pack of limits maps names to value, confirmed and source"
    return node


def _text(node: object) -> str:
    assert isinstance(node, Scalar), "a limit has value, confirmed and source"
    return node.value
