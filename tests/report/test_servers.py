"""Findings for build servers and merge requests: GitLab, JUnit, Markdown, JSON Lines."""

from __future__ import annotations

import json
from xml.etree.ElementTree import fromstring

from samples import NOTE, SOURCES, TYPO, leak, report_of, source, waived

from campcompile.report.gitlab import report_gitlab
from campcompile.report.json import report_json, report_json_lines
from campcompile.report.junit import report_junit
from campcompile.report.markdown import markdown_lines
from campcompile.syntax.source import Span

WHERE = Span("a.yaml", 0, 0)
HOSTILE = "x` @team <img src=x> [a](https://bad.example) ]]> & \r\n ## \x1b[31m `"


class TestGitlab:
    def test_an_issue_has_what_merge_requests_read(self) -> None:
        (issue,) = json.loads(report_gitlab(report_of(leak(), sources=SOURCES), prefix="clinic/"))
        assert issue["check_name"] == "PHI001 phi-in-inbox-line"
        assert issue["severity"] == "critical"
        assert issue["location"] == {
            "path": "clinic/campaigns/post-visit/campaign.yaml",
            "lines": {"begin": 14, "end": 14},
        }
        assert "name the practice instead" in issue["description"]

    def test_no_fingerprint_stands_there_twice(self) -> None:
        file = source("a.yaml", "title: x\nx: x\n")
        found = (TYPO.at(file.span(at, at + 1), name="x") for at in (7, 9, 12))
        issues = json.loads(report_gitlab(report_of(*found, sources={"a.yaml": file})))
        assert len({issue["fingerprint"] for issue in issues}) == 3

    def test_nothing_found_is_an_empty_list(self) -> None:
        assert json.loads(report_gitlab(report_of())) == []

    def test_what_is_waived_is_for_information(self) -> None:
        (issue,) = json.loads(report_gitlab(report_of(sources=SOURCES, waived=(waived(),))))
        assert (issue["check_name"], issue["severity"]) == ("PHI012 reminder-over-detail", "info")
        assert "waived until 2026-12-31 by Ingrid Hansen: the board's own words" in issue["description"]


class TestJunit:
    def test_a_finding_at_or_above_the_bar_fails_and_one_below_passes_with_its_words(self) -> None:
        report = report_of(TYPO.at(WHERE, name="x"), NOTE.at(WHERE, name="y"))
        root = fromstring(report_junit(report, fail_on="warning"))
        assert (root.get("tests"), root.get("failures")) == ("2", "1")
        (failure,) = root.iter("failure")
        assert failure.get("message") == "unknown field `x`"
        (beside,) = root.iter("system-out")
        assert "leaves out who has no `y`" in (beside.text or "")

    def test_a_file_is_a_suite_with_its_own_sums(self) -> None:
        report = report_of(*(TYPO.at(Span(path, 0, 0), name="x") for path in ("a.yaml", "b.yaml")))
        suites = fromstring(report_junit(report, fail_on="error", prefix="clinic/")).findall("testsuite")
        assert [(one.get("name"), one.get("tests"), one.get("failures")) for one in suites] == [
            ("clinic/a.yaml", "1", "0"),
            ("clinic/b.yaml", "1", "0"),
        ]

    def test_what_is_waived_is_a_test_that_was_skipped(self) -> None:
        root = fromstring(report_junit(report_of(leak(), sources=SOURCES, waived=(waived(),)), fail_on="error"))
        assert (root.get("tests"), root.get("failures")) == ("2", "1")
        (skipped,) = root.iter("skipped")
        assert "by Ingrid Hansen" in (skipped.get("message") or "")
        assert [suite.get("skipped") for suite in root] == ["0", "1"]

    def test_nothing_found_is_a_test_that_passed(self) -> None:
        root = fromstring(report_junit(report_of(), fail_on="info"))
        assert len(list(root.iter("testcase"))) == 1 and not list(root.iter("failure"))

    def test_what_xml_can_not_hold_is_named(self) -> None:
        report = report_of(TYPO.at(Span("a\x01\ufffe.yaml", 0, 0), name=HOSTILE))
        root = fromstring(report_junit(report, fail_on="info"))
        assert root[0].get("name") == "a<U+0001><U+FFFE>.yaml"


class TestMarkdown:
    def test_what_is_waived_is_folded_and_says_who_and_why(self) -> None:
        report = report_of(sources=SOURCES, waived=(waived(reason="@team <b>now</b>"),) * 12)
        text = "\n".join(markdown_lines(report))
        assert "<details><summary>12 waived</summary>" in text and "and 2 others" in text
        assert "@<!-- -->team &lt;b&gt;now&lt;/b&gt;" in text

    def test_the_gravest_come_first_and_ten_are_open(self) -> None:
        found = (*(NOTE.at(Span("a.yaml", 0, 0), name=f"n{number}") for number in range(30)), leak())
        lines = list(markdown_lines(report_of(*found, sources=SOURCES)))
        assert lines[0].startswith("### campcompile: 1 error and 30 notes in 2 files")
        assert lines[2].startswith("- **error** PHI001 phi-in-inbox-line: the subject reveals `visit.reason`")
        assert lines[12:15] == ["", "<details><summary>21 more</summary>", ""]

    def test_an_author_can_not_call_anybody_or_draw_anything(self) -> None:
        (line,) = (one for one in markdown_lines(report_of(TYPO.at(WHERE, name=HOSTILE))) if one.startswith("- "))
        parts = line.split("`")
        outside = "".join(parts[0::2])
        assert len(parts) % 2 == 1
        assert "@team" not in outside and "<img" not in outside and "](" not in outside.replace("\\]", "")
        assert "\x1b" not in line

    def test_a_thousand_findings_fit_into_a_comment(self) -> None:
        found = [TYPO.at(Span(f"campaigns/{number}.yaml", 0, 0), name="預約" * 60) for number in range(1000)]
        lines = list(markdown_lines(report_of(*found)))
        assert len("\n".join(lines).encode()) < 60_000
        assert lines[-1].endswith("findings more: `campcompile lint` shows them.")
        assert lines.count("</details>") == 1


class TestJsonLines:
    def test_a_head_and_a_line_for_each_finding_with_the_fields_of_json(self) -> None:
        report = report_of(leak(), TYPO.at(WHERE, name="x"), sources=SOURCES)
        head, *findings = map(json.loads, report_json_lines(report))
        whole = json.loads(report_json(report))
        assert {**head, "findings": findings} == whole
