"""Findings as SARIF 2.1.0, which code hosts show beside the lines of a change.

Standard: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS, 27 March 2020. What
GitHub reads of it: "SARIF support for code scanning", docs.github.com.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from campcompile import __version__
from campcompile.report.fingerprint import fingerprints
from campcompile.report.manual import first_sentence
from campcompile.report.report import Place, Report
from campcompile.syntax.findings import Confidence, Diagnostic, Edit, Fix, Rule, Severity
from campcompile.syntax.source import Source, Span
from campcompile.syntax.waiver import Waiver
from campcompile.values import dataclass

Object = dict[str, object]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISIONS = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_LANGUAGES = {"zh-Hant": "zh-TW"}  # the standard has language and country alone (3.14.7)
_FINGERPRINT = "primaryLocationLineHash"  # the one key that GitHub tells findings of two runs apart by


def report_sarif(report: Report, *, prefix: str = "") -> str:
    """One run; `prefix` ("clinic/") leads from the repository's root to the workspace."""
    found = (*report.diagnostics, *(one.finding for one in report.waived))
    rules = sorted({one.rule.code: one.rule for one in found}.items())
    index = {code: number for number, (code, _) in enumerate(rules)}
    writer = _Writer(report, prefix)
    run: Object = {
        "tool": {
            "driver": {
                "name": "campcompile",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for _, rule in rules],
            }
        },
        "language": _LANGUAGES.get(report.speech.language, report.speech.language),
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": writer.results(index),
        "properties": {
            "asOf": report.as_of.isoformat(),
            "waived": len(report.waived),
            "known": len(report.known),
        },
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(rule: Rule) -> Object:
    """Its whole manual page goes along: whoever reads the finding may have no campcompile at hand."""
    summary = first_sentence(rule)
    page = rule.manual.strip() or summary
    return {
        "id": rule.code,
        "name": rule.slug,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.code.rstrip("0123456789")]},
    }


@dataclass(frozen=True, slots=True)
class _Writer:
    report: Report
    prefix: str

    @property
    def sources(self) -> Mapping[str, Source]:
        return self.report.sources

    def results(self, index: Mapping[str, int]) -> list[Object]:
        prints = fingerprints(self.report)
        results = [
            self.result(found, index[found.rule.code], prints[found.sort_key]) for found in self.report.diagnostics
        ]
        for one in self.report.waived:
            result = self.result(one.finding, index[one.finding.rule.code], prints[one.finding.sort_key])
            results.append({**result, "suppressions": [self.suppression(one.waiver)]})
        return results

    def suppression(self, waiver: Waiver) -> Object:
        """A comment is "in source"; what stands in waivers.yaml is not, as the standard has it (3.35)."""
        return {
            "kind": "inSource" if waiver.is_comment else "external",
            "status": "accepted",
            "justification": waiver.reason,
            "location": self.location(waiver.span, ""),
            "properties": {"by": waiver.by, "until": waiver.until.isoformat(), "digest": waiver.digest},
        }

    def result(self, found: Diagnostic, rule_index: int, fingerprint: str) -> Object:
        text = found.message + (f"\n{self.report.speech.say('help')}: {found.help}" if found.help else "")
        result: Object = {
            "ruleId": found.rule.code,
            "ruleIndex": rule_index,
            "level": _LEVELS[found.severity],
            "message": {"text": text},
            "locations": [self.location(found.span, found.label)],
            "partialFingerprints": {_FINGERPRINT: fingerprint},
            "properties": {"precision": _PRECISIONS[found.confidence]},
        }
        if found.related:
            result["relatedLocations"] = [
                {"id": number, **self.location(label.span, label.text)}
                for number, label in enumerate(found.related, start=1)
            ]
        if found.path:
            steps = [{"location": self.location(step.span, step.text)} for step in found.path]
            result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
        if fixes := self.report.fixes_of(found):
            result["fixes"] = [self.fix(fix) for fix in fixes]
        return result

    def location(self, span: Span, text: str) -> Object:
        physical = {"artifactLocation": self.artifact(span.path), "region": self.region(span)}
        return {"physicalLocation": physical, **({"message": {"text": text}} if text else {})}

    def artifact(self, path: str) -> Object:
        return {"uri": quote(self.prefix + path, errors="backslashreplace")}

    def region(self, span: Span) -> Object:
        place = Place.of(span, self.sources)
        if span.path not in self.sources:  # a picture has no columns
            return {"startLine": 1}
        return {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        }

    def fix(self, fix: Fix) -> Object:
        paths = dict.fromkeys(edit.span.path for edit in fix.edits)
        return {
            "description": {"text": fix.title},
            "artifactChanges": [
                {
                    "artifactLocation": self.artifact(path),
                    "replacements": self.replacements(edit for edit in fix.edits if edit.span.path == path),
                }
                for path in paths
            ],
            "properties": {"applicability": fix.applicability.value},
        }

    def replacements(self, edits: Iterable[Edit]) -> list[Object]:
        return [{"deletedRegion": self.region(edit.span), "insertedContent": {"text": edit.text}} for edit in edits]
