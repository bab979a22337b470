"""Fixes change just the letters that they name, whatever the file's line ends are, and never one place twice."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.syntax.decode import decode
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Rule, Severity
from campcompile.syntax.fixes import apply_fixes
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span

SAFE = frozenset({Applicability.SAFE})
RULE = Rule(code="FLD001", slug="x", severity=Severity.ERROR, message="x")
PATH = "campaigns/a/campaign.yaml"


def finding(*edits: tuple[int, int, str], applicability: Applicability = Applicability.SAFE) -> Diagnostic:
    fix = Fix("x", tuple(Edit(Span(PATH, start, end), text) for start, end, text in edits), applicability)
    return RULE.at(Span(PATH, edits[0][0], edits[0][1]), fixes=(fix,))


def fixed(content: bytes, *findings: Diagnostic, allowed: frozenset[Applicability] = SAFE) -> tuple[bytes, int]:
    source = decode(PATH, content).value
    applied = apply_fixes({PATH: content}, {PATH: source}, findings, allowed)
    return applied.files.get(PATH, content), applied.count


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_stay(line_end: str, mark: str) -> None:
    lines = [mark + "title: Årets brev  # kept", "", "subject: yes", "x: 1", ""]
    after, count = fixed(line_end.join(lines).encode(), finding((36, 39, "no\nmore")))
    assert count == 1
    assert after.decode() == line_end.join([*lines[:2], "subject: no", "more", *lines[3:]])


def test_of_two_fixes_at_one_place_the_first_is_applied() -> None:
    assert fixed(b"a: bcd\n", finding((3, 5, "x")), finding((4, 6, "y"))) == (b"a: xd\n", 1)


def test_two_that_write_at_the_same_place_are_not_both_applied() -> None:
    assert fixed(b"a: bcd\n", finding((3, 3, "x")), finding((3, 3, "y")), finding((3, 4, "z"))) == (b"a: xbcd\n", 1)


def test_neighbours_are_both_applied() -> None:
    assert fixed(b"a: bcd\n", finding((3, 4, "x")), finding((4, 6, "y"))) == (b"a: xy\n", 2)


def test_a_fix_of_two_edits_is_applied_whole_or_not_at_all() -> None:
    assert fixed(b"a: bcd\n", finding((3, 4, "x")), finding((0, 1, "y"), (3, 4, "z"))) == (b"a: xcd\n", 1)


@pytest.mark.parametrize("applicability", [Applicability.UNSAFE, Applicability.DISPLAY])
def test_what_is_not_allowed_is_left_alone(applicability: Applicability) -> None:
    assert fixed(b"a: b\n", finding((3, 4, "x"), applicability=applicability)) == (b"a: b\n", 0)


@pytest.mark.parametrize("content", [b"a: b \xe9\n", "a: b\n".encode("utf-16"), b"a: b\n" * 300_000])
def test_a_file_that_was_not_read_as_it_stands_is_left_alone(content: bytes) -> None:
    assert fixed(content, finding((3, 4, "x"))) == (content, 0)


def test_an_edit_outside_the_file_is_not_applied() -> None:
    assert fixed(b"a: b\n", finding((3, 99, "x"))) == (b"a: b\n", 0)


@settings(max_examples=60)
@given(st.data())
def test_fixing_is_the_same_whatever_the_line_ends(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.text("ab é預\u0301", max_size=6), min_size=1, max_size=6))
    text = "\n".join(lines)
    places = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, 4)), max_size=4))
    findings = [finding((start, min(start + more, len(text)), "x\ny")) for start, more in places]
    plain, count = fixed(text.encode(), *findings)
    windows, same = fixed(text.replace("\n", "\r\n").encode(), *findings)
    assert count == same
    if "\n" in text:
        assert windows.decode() == plain.decode().replace("\n", "\r\n")


class TestRenaming:
    @pytest.mark.parametrize(
        ("text", "written", "near", "after", "applicability"),
        [
            ("to: Links-Book", "Links-Book", "links_book", "to: links_book", Applicability.SAFE),
            ("to: linkz", "linkz", "links", "to: links", Applicability.UNSAFE),
            ('to: "linkz"', "linkz", "links", 'to: "links"', Applicability.UNSAFE),
        ],
    )
    def test_the_near_name_takes_the_place_and_quotes_stay(
        self, text: str, written: str, near: str, after: str, applicability: Applicability
    ) -> None:
        (fix,) = renaming(Span("a", 4, len(text)), written, near)
        (edit,) = fix.edits
        assert text[: edit.span.start] + edit.text + text[edit.span.end :] == after
        assert fix.applicability is applicability

    @pytest.mark.parametrize(
        ("length", "near"),
        [(5, ""), (5, "no"), (5, "a b"), (10, "links")],
        ids=["nothing near", "no name", "two words", "written with escapes"],
    )
    def test_no_fix_that_could_not_be_read_back(self, length: int, near: str) -> None:
        assert renaming(Span("a", 0, length), "linkz", near) == ()
