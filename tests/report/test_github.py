"""Findings as annotations of a pull request."""

from __future__ import annotations

from samples import NOTE, SOURCES, TYPO, leak, report_of, source, waived

from campcompile.report.github import github_lines
from campcompile.syntax.source import Span


def test_a_finding_is_one_command() -> None:
    assert list(github_lines(report_of(leak(), sources=SOURCES))) == [
        "::error file=campaigns/post-visit/campaign.yaml,line=14,endLine=14,col=34,endColumn=46,"
        "title=PHI001 phi-in-inbox-line::the subject reveals `visit.reason`%0A"
        "help: name the practice instead, and put the reason behind the portal link%0A"
        "docs: campcompile explain PHI001"
    ]


def test_severities_have_githubs_names() -> None:
    where = Span("a.yaml", 0, 0)
    lines = github_lines(report_of(TYPO.at(where, name="x"), NOTE.at(where, name="x")))
    assert [line.split(" ")[0] for line in lines] == ["::warning", "::notice"]


def test_nothing_of_an_author_can_begin_another_command() -> None:
    file = source("a,b:c%.yaml", "x")
    (line,) = github_lines(
        report_of(TYPO.at(Span(file.path, 0, 1), name="50%\r\n::error::x"), sources={file.path: file})
    )
    assert "file=a%2Cb%3Ac%25.yaml," in line
    assert "unknown field `50%25  ::error::x`" in line
    assert "\n" not in line and "\r" not in line


def test_columns_are_left_out_over_several_lines() -> None:
    file = source("a.yaml", "one\ntwo\n")
    (line,) = github_lines(report_of(TYPO.at(Span("a.yaml", 1, 6), name="x"), sources={"a.yaml": file}))
    assert "line=1,endLine=2,title=" in line


def test_the_workspaces_folder_leads_the_path() -> None:
    (line,) = github_lines(report_of(leak(), sources=SOURCES), prefix="clinic/")
    assert "file=clinic/campaigns/" in line


def test_what_is_waived_is_a_notice_with_who_and_why() -> None:
    (line,) = github_lines(report_of(sources=SOURCES, waived=(waived(reason="so it is\r::error::now"),)))
    assert line.startswith("::notice file=campaigns/post-visit/campaign.yaml,line=14,")
    assert "waived until 2026-12-31 by Ingrid Hansen: so it is" in line and "\r" not in line
