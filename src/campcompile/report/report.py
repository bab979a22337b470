"""A report is what a command found, and what its reader may do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Findings in order of place, the sources that they point into, and a few closing lines for people."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    as_of: date
    suppressed: int = 0
    checked: str = ""  # what was looked at: "2 campaigns, 5 e-mails"
    closing: tuple[str, ...] = ()

    def with_closing(self, *lines: str) -> Report:
        """The same report with these lines at its end."""
        return replace(self, closing=lines)

    def count(self, severity: Severity) -> int:
        return Counter(diagnostic.severity for diagnostic in self.diagnostics)[severity]

    def fails(self, fail_on: str) -> bool:
        """Whether there is a finding at or above `fail_on`: error, warning, info or never."""
        if fail_on == "never":
            return False
        counted = SEVERITIES[: [severity.value for severity in SEVERITIES].index(fail_on) + 1]
        return any(diagnostic.severity in counted for diagnostic in self.diagnostics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a span lies, for a person: from 1, columns in code points, the end just past the last one."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def of(cls, span: Span, sources: Mapping[str, Source]) -> Place:
        """The start of the file where it has no text (a picture, a missing file)."""
        source = sources.get(span.path)
        if source is None:
            return cls(path=span.path, line=1, column=1, end_line=1, end_column=1)
        line, column = source.position(span.start)
        end_line, end_column = source.position(max(span.start, span.end))
        return cls(path=span.path, line=line, column=column, end_line=end_line, end_column=end_column)


def counted(number: int, noun: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(parts: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
