"""A baseline is a report of another day: what stands in it is known, and only what is new counts."""

from __future__ import annotations

import json
from dataclasses import replace

from campcompile.errors import UsageError
from campcompile.report.fingerprint import fingerprints
from campcompile.report.report import Report
from campcompile.syntax.findings import printable
from campcompile.values import dataclass

_HOW = "write one: campcompile lint --format json --output FILE"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding of another day."""

    fingerprint: str
    code: str
    path: str
    message: str

    def __str__(self) -> str:
        return printable(f"{self.path}: {self.code} {self.message}")


def read_baseline(name: str, content: bytes) -> tuple[Entry, ...]:
    """The entries of a report in JSON; raises UsageError where `content` is something else."""
    try:
        findings = json.loads(content)["findings"]
        entries = tuple(
            Entry(*(str(found[key]) for key in ("fingerprint", "code", "path", "message"))) for found in findings
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UsageError(f"`{name}` is no report that can be a baseline", help=_HOW) from None
    return entries


def without_known(report: Report, baseline: tuple[Entry, ...]) -> tuple[Report, tuple[Entry, ...]]:
    """The report with what is new in it, and the entries that are found no more."""
    prints = fingerprints(report)
    accepted = {entry.fingerprint for entry in baseline}
    new = tuple(found for found in report.diagnostics if prints[found.sort_key] not in accepted)
    known = tuple(found for found in report.diagnostics if prints[found.sort_key] in accepted)
    alive = set(prints.values())
    stale = tuple(entry for entry in baseline if entry.fingerprint not in alive)
    return replace(report, diagnostics=new, known=known), stale
