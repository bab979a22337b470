"""Findings made by hand, as a rule would make them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from campcompile.report.report import Report
from campcompile.syntax.findings import Diagnostic, FlowStep, Label, Rule, Severity
from campcompile.syntax.source import Source, Span
from campcompile.syntax.waiver import Waived, Waiver

LEAK = Rule(
    code="PHI001",
    slug="phi-in-inbox-line",
    severity=Severity.ERROR,
    message="the subject reveals `{field}`",
    help="name the practice instead, and put the reason behind the portal link",
)
TYPO = Rule(code="FLD001", slug="unknown-field", severity=Severity.WARNING, message="unknown field `{name}`")
DETAIL = Rule(code="PHI012", slug="reminder-over-detail", severity=Severity.WARNING, message="more than needed")
NOTE = Rule(code="SEG002", slug="leaves-out-missing", severity=Severity.INFO, message="leaves out who has no `{name}`")


def source(path: str, text: str) -> Source:
    return Source(path, text)


def span_of(source: Source, quoted: str) -> Span:
    start = source.text.index(quoted)
    return Span(source.path, start, start + len(quoted))


def report_of(*diagnostics: Diagnostic, sources: Mapping[str, Source] | None = None, **more: object) -> Report:
    return Report(diagnostics=diagnostics, sources=sources or {}, as_of=date(2026, 8, 15), **more)  # type: ignore[arg-type]


CAMPAIGN = source(
    "campaigns/post-visit/campaign.yaml",
    "title: After a visit\n" * 13 + '    subject: "Results of your {{ visit.reason }} visit"\n',
)
DICTIONARY = source("campaigns/_shared/dictionary.yaml", "#\n" * 21 + "visit.reason: {type: text, label: health}\n")
SOURCES = {item.path: item for item in (CAMPAIGN, DICTIONARY)}


def waived(*, lines: range | None = range(14, 15), reason: str = "the board's own words") -> Waived:
    """The sample's field as a finding of another rule, which somebody has approved."""
    waiver = Waiver(
        rule=DETAIL,
        path=CAMPAIGN.path,
        digest="kqdmtbrv",
        until=date(2026, 12, 31),
        by="Ingrid Hansen",
        reason=reason,
        span=span_of(CAMPAIGN, "title"),
        lines=lines,
    )
    return Waived(DETAIL.at(span_of(CAMPAIGN, "visit.reason")), waiver)


def leak() -> Diagnostic:
    """The sample of the architecture page."""
    declared = span_of(DICTIONARY, "visit.reason")
    used = span_of(CAMPAIGN, "visit.reason")
    return LEAK.at(
        used,
        field="visit.reason",
        label="labelled health",
        related=(Label(declared, "declared here"),),
        path=(FlowStep(declared, ""), FlowStep(used, ""), FlowStep(used, "subject (lock screens, mail logs)")),
    )
