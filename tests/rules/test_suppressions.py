"""`# allow CODE until DATE: reason` holds back one rule on one line, and is itself looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from campcompile.compiler import compile_files
from campcompile.rules.registry import all_rules
from campcompile.rules.suppressions import apply
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml
from tests.workspace import workspace

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)

AS_OF = date(2026, 11, 2)
REASON = "until 2026-12-31: we answer the patient's own mail"


def judged(text: str, at: str, code: str = "SUB003") -> tuple[bool, list[tuple[str, str]]]:
    """Is a finding at the words `at` kept, and what is said about suppressions: (code, quoted)."""
    source = Source("campaigns/a/campaign.yaml", text)
    document = read_yaml(source).value
    start = text.index(at)
    finding = all_rules()[code].at(source.span(start, start + len(at)), prefix="Re:")
    kept, suppressed, hygiene = apply((finding,), {source.path: document}, AS_OF)
    assert (kept, suppressed) in (((finding,), ()), ((), (finding,)))
    return bool(kept), [(one.rule.code, _quoted(one, source)) for one in hygiene]


def _quoted(diagnostic: Diagnostic, source: Source) -> str:
    assert diagnostic.message and diagnostic.help
    return source.quote(diagnostic.span)


def test_a_comment_above_covers_the_next_line() -> None:
    assert judged(f'# allow SUB003 {REASON}\nsubject: "Re: you"\n', "Re:") == (False, [])


def test_a_comment_at_the_end_covers_its_own_line() -> None:
    assert judged(f'subject: "Re: you"  # allow SUB003 {REASON}\n', "Re:") == (False, [])


def test_a_slug_does_as_well_as_a_code() -> None:
    assert judged(f'subject: "Re: you"  # allow fake-reply-or-forward {REASON}\n', "Re:") == (False, [])


def test_two_comments_above_a_line_both_count() -> None:
    kept, hygiene = judged(f'# allow FLD005 {REASON}\n\n# allow SUB003 {REASON}\nsubject: "Re: you"\n', "Re:")
    assert not kept
    assert hygiene == [("HYG005", f"# allow FLD005 {REASON}")]


def test_a_comment_above_a_long_text_covers_all_of_it() -> None:
    text = f"body:\n  # allow FLD005 {REASON}\n  - text: |\n      one\n      TODO\n"
    assert judged(text, "TODO", "FLD005") == (False, [])


def test_the_line_after_next_is_not_covered() -> None:
    text = f'# allow SUB003 {REASON}\nid: a\nsubject: "Re: you"\n'
    assert judged(text, "Re:") == (True, [("HYG005", f"# allow SUB003 {REASON}")])


def test_another_rule_is_not_held_back() -> None:
    text = f'subject: "Re: you"  # allow FLD005 {REASON}\n'
    assert judged(text, "Re:") == (True, [("HYG005", f"# allow FLD005 {REASON}")])


@pytest.mark.parametrize(
    ("comment", "hygiene"),
    [
        ("# allow SUB003 until 2026-12-31", [("HYG001", "# allow SUB003 until 2026-12-31")]),
        ("# allow SUB003 until 2026-12-31:", [("HYG001", "# allow SUB003 until 2026-12-31:")]),
        ("# allow SUB003 until 2026-12-31: --", [("HYG001", "# allow SUB003 until 2026-12-31: --")]),
        ("# allow SUB003: we answer", [("HYG002", "# allow SUB003: we answer")]),
        ("# allow SUB003 until: we answer", [("HYG002", "# allow SUB003 until: we answer")]),
        ("# allow SUB003 until 2026-02-30: we answer", [("HYG002", "2026-02-30")]),
        ("# allow SUB003 until 31.12.2026: we answer", [("HYG002", "31.12.2026")]),
        ("# allow SUB003 until 2027-05-02: we answer", [("HYG003", "2027-05-02")]),
        ("# allow SUB003 until 2026-11-01: we answer", [("HYG004", "2026-11-01")]),
        ("# allow * until 2026-12-31: we answer", [("HYG006", "*")]),
        ("# allow SUB* until 2026-12-31: we answer", [("HYG006", "SUB*")]),
        ("# allow all until 2026-12-31: we answer", [("HYG006", "all")]),
        ("# allow SUB030 until 2026-12-31: we answer", [("HYG007", "SUB030")]),
        ("# allow fake-reply until 2026-12-31: we answer", [("HYG007", "fake-reply")]),
        ("# allow FLD001 until 2026-12-31: we answer", [("HYG008", "FLD001")]),
        ("# noqa: SUB003", [("HYG009", "# noqa: SUB003")]),
        ("# ignore SUB003 because we answer", [("HYG009", "# ignore SUB003 because we answer")]),
        ("# allow SUB003, FLD005 until 2026: x", [("HYG009", "# allow SUB003, FLD005 until 2026: x")]),
        ("# Allow SUB003 until 2026-12-31: we answer", [("HYG009", "# Allow SUB003 until 2026-12-31: we answer")]),
        ("# allow SUB003", [("HYG002", "# allow SUB003"), ("HYG001", "# allow SUB003")]),
    ],
)  # fmt: skip
def test_a_faulty_suppression_holds_nothing_back_and_says_why(comment: str, hygiene: list[tuple[str, str]]) -> None:
    assert judged(f'subject: "Re: you"  {comment}\n', "Re:") == (True, hygiene)


@pytest.mark.parametrize("until", ["2026-11-02", "2027-05-01"])
def test_today_and_180_days_ahead_are_both_within(until: str) -> None:
    assert judged(f'subject: "Re: you"  # allow SUB003 until {until}: we answer\n', "Re:") == (False, [])


@pytest.mark.parametrize(
    "comment",
    [
        "# allow patients to choose",
        "# allow a day for the post",
        "# patients allow us until noon: then we ask",
        "# allow nobody until noon: first come, first served",
        "# ignore the old list",
        "# skip this in July",
        "# error: [SUB003]",
        "# see SUB003",
        "# allow all of them",
    ],
)
def test_an_ordinary_comment_is_no_suppression(comment: str) -> None:
    assert judged(f'subject: "Re: you"  {comment}\n', "Re:") == (True, [])


def test_a_near_name_is_offered() -> None:
    source = Source("a.yaml", "a: b  # allow leftover-placeholders until 2026-12-31: we answer\n")
    (finding,) = apply((), {"a.yaml": read_yaml(source).value}, AS_OF)[2]
    assert finding.help == "did you mean `leftover-placeholder`?"


def test_a_comment_in_another_file_holds_nothing_back() -> None:
    here = Source("a.yaml", 'subject: "Re: you"\n')
    there = Source("b.yaml", f'subject: "x"  # allow SUB003 {REASON}\n')
    finding = all_rules()["SUB003"].at(here.span(10, 13), prefix="Re:")
    documents = {source.path: read_yaml(source).value for source in (here, there)}
    kept, suppressed, hygiene = apply((finding,), documents, AS_OF)
    assert (kept, suppressed) == ((finding,), ())
    assert [one.rule.code for one in hygiene] == ["HYG005"]


def test_a_gap_in_a_message_cannot_be_allowed() -> None:
    files = workspace(
        {
            "campaigns/letter/campaign.yaml": (
                "title: A letter\ncode: lt26\npurpose: operations\nlayer: updates\nsender: care\naudience: readers\n"
                'locales: [en, nb]\nemails:\n  - id: winter\n    send: {date: "2026-12-01", at: "09:00"}\n'
                "    subject: Winter hours\n    preheader: What is new\n    body: We are open all winter.\n"
            ),
            "campaigns/letter/nb.yaml": (
                "# allow LIF005 until 2026-12-31: the translator is away\n"
                "winter:\n  subject: Åpningstider om vinteren\n  preheader: Dette er nytt\n"
            ),
        }
    )
    compilation = compile_files(files, as_of=date(2026, 11, 22), now=NOW)
    assert [found.rule.code for found in compilation.diagnostics if found.severity is Severity.ERROR] == ["LIF005"]
    assert not compilation.bundle
