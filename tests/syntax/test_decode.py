"""Bytes become text: strict UTF-8, line ends of one kind, nothing invisible that YAML would act on."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.syntax.decode import FORBIDDEN, LOST, MAX_BYTES, decode
from campcompile.syntax.findings import Checked
from campcompile.syntax.source import Source


def told(data: bytes) -> list[tuple[str, str, tuple[int, int]]]:
    """Each finding as (code, which message, (line, column))."""
    checked = decode("campcompile.yaml", data)
    return [(one.rule.code, one.say, checked.value.position(one.span.start)) for one in checked.diagnostics]


def test_plain_utf8_is_read_without_a_finding() -> None:
    assert decode("a.yaml", "title: Rendez-vous à Bergen 祝您\n".encode()) == Checked(
        Source("a.yaml", "title: Rendez-vous à Bergen 祝您\n")
    )


def test_a_byte_order_mark_at_the_start_is_dropped() -> None:
    checked = decode("a.yaml", b"\xef\xbb\xbftitle: x\n")
    assert (checked.value.text, checked.diagnostics) == ("title: x\n", ())


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_every_system_give_the_same_text(end: bytes) -> None:
    checked = decode("a.yaml", b"title: x" + end + b"code: ab12" + end)
    assert (checked.value.text, checked.diagnostics) == ("title: x\ncode: ab12\n", ())


def test_a_windows_1252_letter_is_shown_as_the_letter_it_was() -> None:
    checked = decode("a.yaml", b"title: Rendez-vous \xe0 Bergen\n")
    (finding,) = checked.diagnostics
    assert (finding.rule.code, finding.say, finding.args["letter"]) == ("SYN001", "latin1", "à")
    assert checked.value.position(finding.span.start) == (1, 20)
    assert checked.value.text == f"title: Rendez-vous {LOST} Bergen\n"


def test_overlong_utf8_is_told_apart() -> None:
    assert told(b"title: x\nid: \xc0\xaf\n") == [("SYN001", "overlong", (2, 5))]
    assert told(b"id: \xe0\x80\xaf\n") == [("SYN001", "overlong", (1, 5))]
    assert told(b"id: \xff\xfe\xfd\n") == [("SYN001", "", (1, 5))]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_refused_and_still_read(codec: str) -> None:
    checked = decode("a.yaml", "title: News\ncode: ab12\n".encode(codec))
    assert [(one.rule.code, one.say) for one in checked.diagnostics] == [("SYN001", "utf16")]
    assert checked.value.text == "title: News\ncode: ab12\n"


@pytest.mark.parametrize(
    ("char", "say"),
    [
        ("\0", "nul"),
        ("\x1b", ""),
        ("\x7f", ""),
        ("\x85", "line"),
        ("\u2028", "line"),
        ("\ufeff", "mark"),
        (LOST, "lost"),
    ],
)
def test_a_control_character_is_found_at_its_place_and_made_harmless(char: str, say: str) -> None:
    data = f"title: x\ncode: a{char}b\n".encode()
    assert told(data) == [("SYN002", say, (2, 8))]
    assert decode("a.yaml", data).value.text == f"title: x\ncode: a{LOST}b\n"


def test_tabs_and_line_feeds_are_no_control_characters() -> None:
    assert told(b"title:\tx\n") == []


def test_a_file_above_one_mebibyte_is_read_up_to_its_last_whole_key() -> None:
    data = b"title: News\n" + b"filler: " + b"x" * 100 + b"\n" + b"long: |\n" + b"  words\n" * (MAX_BYTES // 8)
    checked = decode("a.yaml", data)
    assert [one.rule.code for one in checked.diagnostics] == ["SYN003"]
    assert checked.value.text == "title: News\nfiller: " + "x" * 100 + "\n"


def test_a_thousand_bad_bytes_are_twenty_findings() -> None:
    assert len(told(b"a: \xff b\n" * 1000)) == 20


@given(st.binary(max_size=400))
@settings(max_examples=40, deadline=None)
def test_any_bytes_become_text_that_yaml_may_read(data: bytes) -> None:
    began = time.monotonic()
    checked = decode("a.yaml", data)
    assert not FORBIDDEN.search(checked.value.text)
    assert "\r" not in checked.value.text
    for one in checked.diagnostics:
        assert one.message and 0 <= one.span.start <= one.span.end <= len(checked.value.text)
    assert time.monotonic() - began < 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=30, deadline=None)
def test_a_finding_stands_where_the_character_stood(text: str) -> None:
    checked = decode("a.yaml", text.encode())
    clean = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if checked.diagnostics and checked.diagnostics[0].say == "utf16":
        return  # a text of NULs is taken for UTF-16
    assert len(checked.value.text) == len(clean)
    for one in checked.diagnostics:
        char = clean[one.span.start]
        assert char == LOST or FORBIDDEN.match(char)
