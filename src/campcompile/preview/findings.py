"""Findings as the page tells them: beside the e-mail that they are about, with the author's own lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from campcompile.compiler import Compilation
from campcompile.model.campaign import Campaign
from campcompile.preview.regions import Regions
from campcompile.report.json import place_json
from campcompile.report.report import Place, Report, without_secrets
from campcompile.report.speech import speech
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source, Span

_AROUND = 2  # lines before and after those of a finding
_MOST_LINES = 12


def findings_json(compilation: Compilation, regions: Regions) -> list[dict[str, Any]]:
    """All findings, in order of place."""
    told = speech(compilation.programme.settings.messages)
    found = tuple(map(told.finding, without_secrets(compilation.diagnostics, compilation.sources)))
    report = Report(diagnostics=found, sources=compilation.sources, as_of=compilation.as_of)
    campaigns = {campaign.folder: campaign for campaign in compilation.programme.campaigns}
    return [_finding(one, report, campaigns, regions) for one in report.diagnostics]


def finding_json(found: Diagnostic, sources: Mapping[str, Source], report: Report) -> dict[str, Any]:
    """One finding, without the e-mail that it is about."""
    return {
        "code": found.rule.code,
        "slug": found.rule.slug,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "label": found.label,
        **_place(found.span, sources),
        "lines": list(_lines(found.span, report)),
        "related": [{**_place(one.span, sources), "text": one.text} for one in found.related],
        "flow": [
            {**_place(step.span, sources), "text": step.text, "quote": _quote(step.span, report)} for step in found.path
        ],
        "fixes": [{"title": fix.title, "kind": fix.applicability.value} for fix in report.fixes_of(found)],
    }


def rule_json(code: str) -> dict[str, Any] | None:
    """The manual page of a rule, as `campcompile explain` prints it."""
    rule = all_rules().get(code)
    if rule is None:
        return None
    return {"code": rule.code, "slug": rule.slug, "severity": rule.severity.value, "manual": rule.manual}


def _finding(found: Diagnostic, report: Report, campaigns: Mapping[str, Campaign], regions: Regions) -> dict[str, Any]:
    folder = _folder(found.span.path)
    campaign = campaigns.get(folder)
    email, locale = regions.email_at(found.span, campaign) if campaign is not None else ("", "")
    return {**finding_json(found, report.sources, report), "campaign": folder, "email": email, "locale": locale}


def _folder(path: str) -> str:
    """The campaign that a file belongs to; "" for what all share."""
    parts = path.split("/")
    return parts[1] if len(parts) == 3 and parts[0] == "campaigns" and parts[1] != "_shared" else ""


def _place(span: Span, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {**place_json(span, sources), "start": span.start, "end": span.end}


def _lines(span: Span, report: Report) -> Iterator[dict[str, Any]]:
    """The author's lines around a span; one with a secret is not quoted."""
    source = report.sources.get(span.path)
    if source is None:
        return
    place = Place.of(span, report.sources)
    last = source.position(len(source.text))[0]
    until = min(place.end_line + _AROUND, place.line + _MOST_LINES, last)
    for number in range(max(place.line - _AROUND, 1), until + 1):
        private = (span.path, number) in report.private_lines
        yield {"number": number, "text": "…" if private else source.line(number), "private": private}


def _quote(span: Span, report: Report) -> str:
    source = report.sources.get(span.path)
    line = Place.of(span, report.sources).line
    return "" if source is None or (span.path, line) in report.private_lines else source.quote(span)[:120]
