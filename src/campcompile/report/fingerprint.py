"""Which finding of a report is which, for as long as its words stay, whatever moves around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from campcompile.report.report import Report
from campcompile.syntax.fingerprint import fingerprint

Fingerprints = Mapping[tuple[str, int, int, str, str], str]  # by the finding's sort_key


def fingerprints(report: Report) -> Fingerprints:
    """Each finding's fingerprint: `9f3b2c41d07a55e8:1`, a digest and which one of equal ones it is, from the top."""
    private = report.private_lines
    seen: Counter[str] = Counter()
    found = {}
    waived = (one.finding for one in report.waived)
    for diagnostic in sorted((*report.diagnostics, *report.known, *waived), key=lambda one: one.sort_key):
        print_ = fingerprint(diagnostic, report.sources, private)
        seen[print_] += 1
        found[diagnostic.sort_key] = f"{print_}:{seen[print_]}"
    return found
