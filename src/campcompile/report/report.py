"""A report is what a command found, and what its reader may do next."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from campcompile.report.speech import Speech
from campcompile.syntax.findings import Diagnostic, Fix, Severity, printable
from campcompile.syntax.fingerprint import Lines, lines_of, private_lines, secrets
from campcompile.syntax.source import Source, Span
from campcompile.syntax.waiver import Waived
from campcompile.values import dataclass

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, kw_only=True)
class Report:
    """Findings in order of place, the sources that they point into, and a few closing lines for people."""

    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    as_of: date
    waived: tuple[Waived, ...] = ()  # what somebody has approved: counted, and shown where a format has a place for it
    known: tuple[Diagnostic, ...] = ()  # what a baseline accepts: counted, not shown
    checked: str = ""  # what was looked at: "2 campaigns, 5 e-mails"
    closing: tuple[str, ...] = ()
    speech: Speech = Speech()  # the language that its findings are told in, and its own words

    def with_closing(self, *lines: str) -> Report:
        """The same report with these lines at its end."""
        return replace(self, closing=lines)

    def counted(self, number: int, noun: str) -> str:
        """`3 errors`, in the report's language."""
        return self.speech.say(counted(number, noun))

    def count(self, severity: Severity) -> int:
        return Counter(diagnostic.severity for diagnostic in self.diagnostics)[severity]

    def fails(self, fail_on: str) -> bool:
        """Whether there is a finding at or above `fail_on`: error, warning, info or never."""
        return any(counts(diagnostic, fail_on) for diagnostic in self.diagnostics)

    @cached_property
    def private_lines(self) -> Lines:
        """(path, line) of lines that hold a secret: no format quotes them, whatever else is wrong there."""
        return private_lines((*self.diagnostics, *self.known), self.sources)

    def fixes_of(self, diagnostic: Diagnostic) -> tuple[Fix, ...]:
        """A finding's fixes, but for those that would print a line with a secret."""
        return tuple(
            fix
            for fix in diagnostic.fixes
            if all(self.private_lines.isdisjoint(lines_of(edit.span, self.sources)) for edit in fix.edits)
        )


def without_secrets(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, Source]) -> tuple[Diagnostic, ...]:
    """The findings, none of which repeats what a private rule found: a subject may be quoted that has a key in it."""
    pattern = secrets((found.span for found in diagnostics if found.rule.private), sources)
    if pattern is None:
        return diagnostics
    return tuple(_hushed(found, pattern) for found in diagnostics)


def _hushed(found: Diagnostic, pattern: re.Pattern[str]) -> Diagnostic:
    if not any(map(pattern.search, found.args.values())):
        return found
    return replace(found, args={name: pattern.sub("…", value) for name, value in found.args.items()})


def counts(diagnostic: Diagnostic, fail_on: str) -> bool:
    """Whether a finding is at or above `fail_on`."""
    if fail_on == "never":
        return False
    return diagnostic.severity in SEVERITIES[: [severity.value for severity in SEVERITIES].index(fail_on) + 1]


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


def approval(waived: Waived, speech: Speech) -> str:
    """`waived until 2026-12-31 by Ingrid Hansen: the board's own words`."""
    waiver = waived.waiver
    template = speech.template("waived until {day} by {who}: {reason}")
    return printable(template.format(day=waiver.until.isoformat(), who=waiver.by, reason=waiver.reason))


def counted(number: int, noun: str) -> str:
    """`1 error`, `3 errors`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(parts: list[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
