"""Findings on a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from samples import CAMPAIGN, NOTE, SOURCES, TYPO, leak, report_of, source, span_of, waived

from campcompile.report.text import report_lines
from campcompile.report.width import width
from campcompile.syntax.findings import Fix, Label
from campcompile.syntax.source import Span


def shown(text: str, quoted: str, **options: int) -> tuple[str, str]:
    """The excerpt's two lines, source and underline, behind the gutter."""
    file = source("a.yaml", text)
    lines = list(report_lines(report_of(TYPO.at(span_of(file, quoted), name="x"), sources={"a.yaml": file}), **options))
    return lines[2].partition("│")[2], lines[3].partition("│")[2]


def test_the_sample_of_the_architecture_page() -> None:
    assert "\n".join(report_lines(report_of(leak(), sources=SOURCES))) == (
        "error[PHI001] phi-in-inbox-line: the subject reveals `visit.reason`\n"
        "  ┌─ campaigns/post-visit/campaign.yaml:14:34\n"
        '14│     subject: "Results of your {{ visit.reason }} visit"\n'
        "  │                                  ^^^^^^^^^^^^ labelled health\n"
        "  ┌─ campaigns/_shared/dictionary.yaml:22:1\n"
        "22│ visit.reason: {type: text, label: health}\n"
        "  │ ------------ declared here\n"
        "  = help: name the practice instead, and put the reason behind the portal link\n"
        "  = flow: dictionary.yaml:22 → campaign.yaml:14 → subject (lock screens, mail logs)\n"
        "  = docs: campcompile explain PHI001\n"
        "\n"
        "1 error in 1 file, as of 2026-08-15"
    )


class TestTheUnderlineStandsUnderItsText:
    def test_behind_tabs(self) -> None:
        assert shown("a:\tb\tname", "name") == (" a:  b   name", "         ^^^^")

    def test_behind_and_below_chinese(self) -> None:
        assert shown("標題: 您的預約", "預約") == (" 標題: 您的預約", "           ^^^^")

    def test_behind_accents_that_are_marks_of_their_own(self) -> None:
        assert shown("fe\u0302te: x", "x") == (" fe\u0302te: x", "       ^")

    def test_below_devanagari_marks_count_nothing(self) -> None:
        line, marks = shown("नमस्ते: x", "x")
        assert line.index("x") > marks.index("^")

    def test_an_empty_span_gets_one_mark(self) -> None:
        file = source("a.yaml", "title:\n")
        lines = list(report_lines(report_of(TYPO.at(Span("a.yaml", 6, 6), name="x"), sources={"a.yaml": file})))
        assert lines[1:4] == [" ┌─ a.yaml:1:7", "1│ title:", " │       ^"]

    def test_a_span_over_lines_says_where_it_ends(self) -> None:
        assert shown("if: a\n  or b\n", "a\n  or b") == (" if: a", "     ^ (to line 2)")

    def test_the_end_of_a_file_without_text(self) -> None:
        file = source("a.yaml", "")
        lines = list(report_lines(report_of(TYPO.at(Span("a.yaml", 0, 0), name="x"), sources={"a.yaml": file})))
        assert lines[1:4] == [" ┌─ a.yaml:1:1", "1│", " │ ^"]


class TestLongLines:
    @pytest.mark.parametrize("filler", ["x", "字", "e\u0301", "\t", "\x1b"])
    @pytest.mark.parametrize(("before", "after"), [(0, 300), (300, 0), (300, 300), (20, 300), (300, 20), (30, 30)])
    def test_the_span_stays_in_sight_and_the_line_in_its_width(self, filler: str, before: int, after: int) -> None:
        line, marks = shown(filler * before + "WRONG" + filler * after, "WRONG", width=60)
        assert width(line) <= 60 and "WRONG" in line
        assert width(line.partition("WRONG")[0]) == marks.index("^")
        assert marks.strip() == "^^^^^"
        assert line.startswith(" …") is (width(filler * before) > 26 and width(filler * (before + after)) > 55)

    def test_a_span_longer_than_the_line_is_shown_from_its_start(self) -> None:
        line, marks = shown("key: " + "a" * 300, "a" * 300, width=60)
        assert line == " …" + "a" * 55 + "…"
        assert marks == "  " + "^" * 55

    def test_help_is_wrapped_under_its_first_word(self) -> None:
        report = report_of(leak(), sources=SOURCES)
        lines = [line for line in report_lines(report, width=60) if "practice instead" in line or "portal link" in line]
        assert lines == [
            "  = help: name the practice instead, and put the reason",
            "          behind the portal link",
        ]


class TestWhatATerminalWouldObey:
    @pytest.mark.parametrize("evil", ["\x1b[2J", "\x07", "\u202e", "\u2066", "\x9b1m", "\u200b", "\x7f", "\ud800"])
    def test_is_shown_by_name_and_keeps_the_underline_in_place(self, evil: str) -> None:
        line, marks = shown(f"{evil}name", "name")
        assert evil[0] not in line
        assert f"<U+{ord(evil[0]):04X}>" in line
        assert line.index("name") == marks.index("^")

    def test_in_a_message_and_a_path_too(self) -> None:
        file = source("a\x1b.yaml", "x")
        found = TYPO.at(Span(file.path, 0, 1), name="\x1b[31m", label="\x1b[32m")
        assert "\x1b" not in "\n".join(report_lines(report_of(found, sources={file.path: file})))


class TestTheRest:
    def test_a_finding_in_a_picture_has_no_excerpt(self) -> None:
        lines = list(report_lines(report_of(TYPO.at(Span("assets/team.png", 0, 0), name="x"))))
        assert lines[:3] == [
            "warning[FLD001] unknown-field: unknown field `x`",
            " ┌─ assets/team.png",
            " = docs: campcompile explain FLD001",
        ]

    def test_a_fix_is_named(self) -> None:
        found = TYPO.at(span_of(CAMPAIGN, "subject"), name="x", fixes=(Fix("write `topic`", ()),))
        assert "  = fix: write `topic`" in list(report_lines(report_of(found, sources=SOURCES)))

    def test_the_summary_counts_by_severity(self) -> None:
        where = span_of(CAMPAIGN, "subject")
        report = report_of(
            leak(),
            leak(),
            TYPO.at(where, name="x"),
            NOTE.at(where, name="x"),
            sources=SOURCES,
            waived=(waived(), waived()),
        )
        assert list(report_lines(report))[-1] == "2 errors, 1 warning and 1 note in 1 file, 2 waived, as of 2026-08-15"

    def test_nothing_found_says_what_was_checked_and_what_comes_next(self) -> None:
        report = report_of(checked="2 campaigns", closing=("next: campcompile compile",))
        assert list(report_lines(report)) == [
            "nothing to mend in 2 campaigns, as of 2026-08-15",
            "next: campcompile compile",
        ]

    def test_colour_only_when_asked_and_it_changes_no_word(self) -> None:
        report = report_of(leak(), sources=SOURCES)
        plain, painted = "\n".join(report_lines(report)), "\n".join(report_lines(report, colour=True))
        assert "\x1b" not in plain
        assert "\x1b[1;31merror[PHI001]\x1b[0m" in painted
        assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain


class TestSecrets:
    SECRET = replace(TYPO, code="HYG001", slug="secret", private=True)

    def test_a_line_that_holds_a_secret_is_quoted_by_no_finding(self) -> None:
        file = source("a.yaml", "key: abc123\nname: x\n")
        secret, other = span_of(file, "abc123"), span_of(file, "key")
        report = report_of(
            self.SECRET.at(secret, name="x"),
            TYPO.at(other, name="key", related=(Label(secret, "here"),)),
            TYPO.at(span_of(file, "name"), name="name"),
            sources={"a.yaml": file},
        )
        text = "\n".join(report_lines(report))
        assert "abc123" not in text
        assert text.count("1│ (this line holds a secret and is not shown)") == 3
        assert "2│ name: x" in text
