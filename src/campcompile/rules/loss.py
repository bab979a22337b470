"""A loss is one thing that a target can't carry as it was written, with its place and what to do instead."""

from __future__ import annotations

from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One thing that would not arrive as it was written."""

    span: Span
    what: str  # follows the target's name: "can't test a condition"
    instead: str
    severity: Severity = Severity.ERROR
    is_of_terms: bool = False  # is it the service's own terms that keep it out?
