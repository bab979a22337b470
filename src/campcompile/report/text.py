"""Findings for a person at a terminal: the source underlined, what to do instead, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from campcompile.report.excerpt import excerpt
from campcompile.report.paint import Paint
from campcompile.report.report import SEVERITIES, Place, Report
from campcompile.report.speech import Speech
from campcompile.report.width import printed, width, wrapped
from campcompile.syntax.findings import Diagnostic, FlowStep
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass

_NARROWEST = 40


def report_lines(report: Report, *, colour: bool = False, width: int = 100) -> Iterator[str]:
    """The whole report, line by line, at most `width` cells wide where words can be broken."""
    printer = _Printer(report.sources, Paint(colour), max(width, _NARROWEST), report.private_lines, report.speech)
    for diagnostic in report.diagnostics:
        yield from printer.finding(diagnostic)
        yield ""
    yield summary(report, Paint(colour))
    yield from map(report.speech.say, report.closing)


def summary(report: Report, paint: Paint) -> str:
    """`2 errors and 1 warning in 2 files, as of 2026-08-15 (3 campaigns checked)`."""
    say = report.speech.say
    kinds = [
        paint.severity(severity, report.counted(number, severity.value if severity.value != "info" else "note"))
        for severity in SEVERITIES
        if (number := report.count(severity))
    ]
    files = {diagnostic.span.path for diagnostic in report.diagnostics}
    nothing = "nothing new to mend" if report.known else "nothing to mend"
    found = report.speech.listed(kinds) if kinds else paint("green", say(nothing))
    where = report.counted(len(files), "file") if kinds else say(report.checked)
    parts = [report.speech.template("{found} in {where}").format(found=found, where=where) if where else found]
    parts += [say(f"{len(report.waived):,} waived")] if report.waived else []
    parts += [say(f"{len(report.known):,} known")] if report.known else []
    return report.speech.template(", ").join([*parts, say(f"as of {report.as_of.isoformat()}")])


@dataclass(frozen=True, slots=True)
class _Printer:
    sources: Mapping[str, Source]
    paint: Paint
    width: int
    private: frozenset[tuple[str, int]]
    speech: Speech

    def finding(self, diagnostic: Diagnostic) -> Iterator[str]:
        rule, severity = diagnostic.rule, diagnostic.severity
        head = self.paint.severity(severity, f"{self.speech.say(severity.value)}[{rule.code}]")
        yield f"{head} {rule.slug}: {self.paint('bold', printed(diagnostic.message))}"
        spans = [diagnostic.span, *(label.span for label in diagnostic.related)]
        gutter = max(len(str(Place.of(span, self.sources).end_line)) for span in spans)
        yield from self.quotation(diagnostic.span, diagnostic.label, gutter, "^", diagnostic)
        for label in diagnostic.related:
            yield from self.quotation(label.span, label.text, gutter, "-", diagnostic)
        yield from self.note(gutter, "help", diagnostic.help)
        for fix in () if diagnostic.help else diagnostic.fixes:  # help says the same, in better words
            yield from self.note(gutter, "fix", fix.title)
        yield from self.note(gutter, "flow", " → ".join(map(self.station, diagnostic.path)))
        yield from self.note(gutter, "docs", f"campcompile explain {rule.code}")

    def quotation(self, span: Span, label: str, gutter: int, mark: str, diagnostic: Diagnostic) -> Iterator[str]:
        place = Place.of(span, self.sources)
        source = self.sources.get(span.path)
        position = f"{printed(span.path)}:{place.line}:{place.column}" if source else printed(span.path)
        yield f"{' ' * gutter}{self.paint('blue', '┌─')} {position}"
        if source is None:
            return
        quoted = excerpt(source, span, self.width - gutter - 2)
        if place.end_line > place.line and place.end_column > 1:
            label = f"{label} {self.speech.say(f'(to line {place.end_line})')}".strip()
        marks = " ".join(filter(None, [mark * quoted.length, printed(label)]))
        painted = self.paint.severity(diagnostic.severity, marks) if mark == "^" else self.paint("blue", marks)
        bar, number = self.paint("blue", "│"), self.paint("blue", f"{place.line:>{gutter}}")
        if (place.path, place.line) in self.private:
            yield f"{number}{bar} {self.paint('dim', self.speech.say('(this line holds a secret and is not shown)'))}"
            return
        yield f"{number}{bar} {quoted.line}".rstrip()
        yield f"{' ' * gutter}{bar} {' ' * quoted.indent}{painted}"

    def note(self, gutter: int, name: str, text: str) -> Iterator[str]:
        """`= help: …`, wrapped under its first word; nothing for no text."""
        name = self.speech.say(name)
        lead = f"{' ' * gutter}= {name}: "
        for number, line in enumerate(wrapped(printed(text), self.width - width(lead))):
            yield f"{' ' * gutter}= {self.paint('cyan', name)}: {line}" if not number else " " * width(lead) + line

    def station(self, step: FlowStep) -> str:
        place = Place.of(step.span, self.sources)
        return step.text or f"{PurePosixPath(place.path).name}:{place.line}"
