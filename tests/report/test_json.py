"""Findings for programs."""

from __future__ import annotations

import json

from samples import SOURCES, TYPO, leak, report_of

from campcompile.report.json import report_json
from campcompile.syntax.source import Span


def test_every_field_of_a_finding() -> None:
    document = json.loads(report_json(report_of(leak(), sources=SOURCES, suppressed=1)))
    declared = {"path": "campaigns/_shared/dictionary.yaml", "line": 22, "column": 1, "end_line": 22, "end_column": 13}
    used = {
        "path": "campaigns/post-visit/campaign.yaml",
        "line": 14,
        "column": 34,
        "end_line": 14,
        "end_column": 46,
    }
    assert document == {
        "version": 1,
        "as_of": "2026-08-15",
        "suppressed": 1,
        "findings": [
            {
                "code": "PHI001",
                "slug": "phi-in-inbox-line",
                "severity": "error",
                "message": "the subject reveals `visit.reason`",
                **used,
                "label": "labelled health",
                "help": "name the practice instead, and put the reason behind the portal link",
                "related": [{**declared, "text": "declared here"}],
                "flow": [
                    {**declared, "text": ""},
                    {**used, "text": ""},
                    {**used, "text": "subject (lock screens, mail logs)"},
                ],
            }
        ],
    }


def test_nothing_found_is_an_empty_list() -> None:
    assert json.loads(report_json(report_of()))["findings"] == []


def test_a_finding_in_a_picture_stands_at_its_start() -> None:
    finding = json.loads(report_json(report_of(TYPO.at(Span("assets/a.png", 0, 0), name="x"))))["findings"][0]
    assert (finding["path"], finding["line"], finding["column"]) == ("assets/a.png", 1, 1)


def test_the_same_findings_give_the_same_bytes_in_the_same_order() -> None:
    report = report_of(leak(), TYPO.at(Span("a", 0, 0), name="預約"), sources=SOURCES)
    assert report_json(report) == report_json(report)
    assert [finding["code"] for finding in json.loads(report_json(report))["findings"]] == ["PHI001", "FLD001"]
    assert "預約" in report_json(report)
