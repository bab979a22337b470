"""Findings for programs."""

from __future__ import annotations

import json

from samples import SOURCES, TYPO, leak, report_of, source, waived

from campcompile.report.json import report_json
from campcompile.syntax.findings import Applicability, Edit, Fix, Rule, Severity
from campcompile.syntax.source import Span


def test_every_field_of_a_finding() -> None:
    document = json.loads(report_json(report_of(leak(), sources=SOURCES, waived=(waived(),))))
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
        "waived": [
            {
                "code": "PHI012",
                "slug": "reminder-over-detail",
                "severity": "warning",
                "message": "more than needed",
                **used,
                "digest": "kqdmtbrv",
                "until": "2026-12-31",
                "by": "Ingrid Hansen",
                "reason": "the board's own words",
                "waiver": {**used, "line": 1, "column": 1, "end_line": 1, "end_column": 6},
            }
        ],
        "known": 0,
        "language": "en",
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
                "fixes": [],
                "fingerprint": document["findings"][0]["fingerprint"],
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
    again = report_of(leak(), TYPO.at(Span("a", 0, 0), name="預約"), sources=SOURCES)
    assert report_json(report) == report_json(again)
    assert [finding["code"] for finding in json.loads(report_json(report))["findings"]] == ["PHI001", "FLD001"]
    assert "預約" in report_json(report)


def test_a_fix_is_told_with_its_edits_and_never_with_a_secret() -> None:
    file = source("a.yaml", "subject: yes\nkey: hunter2\n")
    fixes = (
        Fix("write `no`", (Edit(file.span(9, 12), "no"),), Applicability.SAFE),
        Fix("put quotes around it", (Edit(file.span(18, 25), '"hunter2"'),), Applicability.SAFE),
    )
    secret = Rule(code="SYN026", slug="secret", severity=Severity.ERROR, message="a secret", private=True)
    report = report_of(
        TYPO.at(file.whole(), name="x", fixes=fixes), secret.at(file.span(18, 25)), sources={file.path: file}
    )
    finding = json.loads(report_json(report))["findings"][0]
    assert finding["fixes"] == [
        {
            "title": "write `no`",
            "applicability": "safe",
            "edits": [{"path": "a.yaml", "line": 1, "column": 10, "end_line": 1, "end_column": 13, "text": "no"}],
        }
    ]
    assert "hunter2" not in report_json(report)
