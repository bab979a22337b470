"""Findings for code scanning."""

from __future__ import annotations

import json
from typing import Any

import pytest
from samples import NOTE, SOURCES, TYPO, leak, report_of, source, span_of, waived
from sarif_form import faults

from campcompile.report.sarif import report_sarif
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Applicability, Edit, Fix
from campcompile.syntax.source import Span


def sarif(*diagnostics: Any, prefix: str = "", **more: Any) -> dict[str, Any]:
    document = json.loads(report_sarif(report_of(*diagnostics, **more), prefix=prefix))
    assert faults(document) == []
    run: dict[str, Any] = document["runs"][0]
    return run


def test_nothing_found_is_a_run_without_results() -> None:
    run = sarif()
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_a_result_says_what_where_and_how_grave() -> None:
    (result,) = sarif(leak(), sources=SOURCES)["results"]
    assert (result["ruleId"], result["level"]) == ("PHI001", "error")
    assert result["message"]["text"].splitlines()[0] == "the subject reveals `visit.reason`"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "campaigns/post-visit/campaign.yaml"}
    assert place["region"] == {"startLine": 14, "startColumn": 34, "endLine": 14, "endColumn": 46}


def test_the_flow_leads_from_declaration_to_the_subject() -> None:
    (result,) = sarif(leak(), sources=SOURCES)["results"]
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [step["location"]["physicalLocation"]["region"]["startLine"] for step in steps]
    assert lines == [22, 14, 14]
    assert steps[-1]["location"]["message"]["text"] == "subject (lock screens, mail logs)"


def test_a_second_place_is_a_related_location() -> None:
    (related,) = sarif(leak(), sources=SOURCES)["results"][0]["relatedLocations"]
    assert related["message"]["text"] == "declared here"
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "campaigns/_shared/dictionary.yaml"


def test_each_rule_stands_once_with_its_whole_page() -> None:
    where = Span("a.yaml", 0, 0)
    rule = all_rules()["SUB003"]
    run = sarif(rule.at(where, prefix="Re:"), rule.at(where, prefix="Fwd:"), NOTE.at(where, name="x"))
    described = {one["id"]: one for one in run["tool"]["driver"]["rules"]}
    assert list(described) == ["SEG002", "SUB003"]
    assert described["SUB003"]["help"]["markdown"] == rule.manual.strip()
    assert "## Use instead" in described["SUB003"]["help"]["text"]


def test_a_fix_is_a_replacement_of_a_region() -> None:
    file = source("a.yaml", 'subject: "yes"\n')
    fix = Fix("write `no`", (Edit(span_of(file, "yes"), "no"),), Applicability.UNSAFE)
    (result,) = sarif(TYPO.at(file.whole(), name="x", fixes=(fix,)), sources={"a.yaml": file})["results"]
    assert result["fixes"] == [
        {
            "description": {"text": "write `no`"},
            "artifactChanges": [
                {
                    "artifactLocation": {"uri": "a.yaml"},
                    "replacements": [
                        {
                            "deletedRegion": {"startLine": 1, "startColumn": 11, "endLine": 1, "endColumn": 14},
                            "insertedContent": {"text": "no"},
                        }
                    ],
                }
            ],
            "properties": {"applicability": "unsafe"},
        }
    ]


def test_a_path_is_a_uri_below_the_repositorys_root() -> None:
    (result,) = sarif(TYPO.at(Span("assets/équipe 1%.png", 0, 0), name="x"), prefix="clinic/")["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical == {
        "artifactLocation": {"uri": "clinic/assets/%C3%A9quipe%201%25.png"},
        "region": {"startLine": 1},
    }


@pytest.mark.parametrize(("lines", "kind"), [(range(14, 15), "inSource"), (None, "external")])
def test_what_is_waived_is_a_suppressed_result(lines: range | None, kind: str) -> None:
    log = json.loads(report_sarif(report_of(leak(), sources=SOURCES, waived=(waived(lines=lines),))))
    assert faults(log) == []
    run = log["runs"][0]
    open_one, held_back = run["results"]
    assert "suppressions" not in open_one and run["properties"]["waived"] == 1
    (suppression,) = held_back["suppressions"]
    assert (suppression["kind"], suppression["status"]) == (kind, "accepted")
    assert suppression["justification"] == "the board's own words"
    assert suppression["properties"] == {"by": "Ingrid Hansen", "until": "2026-12-31", "digest": "kqdmtbrv"}
    assert run["tool"]["driver"]["rules"][held_back["ruleIndex"]]["id"] == "PHI012"
