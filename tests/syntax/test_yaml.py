"""YAML is read as YAML 1.2, every scalar keeps its place, and every slip is told in its own words."""

from __future__ import annotations

import re
import string
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.syntax.decode import decode
from campcompile.syntax.findings import Applicability, Diagnostic
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Document, Kind, Mapping, Node, Scalar, Sequence, Style
from campcompile.syntax.yaml import MAX_DEPTH, read_yaml

EXAMPLES = Path(__file__).parents[2] / ".." / "shared" / "design" / "examples"
PATH = "campaigns/x/campaign.yaml"


def read(text: str) -> Document:
    """A document that must have no finding."""
    checked = read_yaml(Source(PATH, text))
    assert [one.message for one in checked.diagnostics] == []
    return checked.value


def findings(text: str) -> tuple[Diagnostic, ...]:
    return read_yaml(Source(PATH, text)).diagnostics


def told(text: str) -> list[str]:
    """Each finding as `CODE line:column quoted text`."""
    source = Source(PATH, text)
    lines = []
    for one in read_yaml(source).diagnostics:
        line, column = source.position(one.span.start)
        lines.append(f"{one.rule.code} {line}:{column} {source.quote(one.span)}")
    return lines


def data(text: str) -> Any:
    return read_yaml(Source(PATH, text)).value.root.data()


def scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield entry.key
            yield from scalars(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        yield node


def value(text: str) -> Scalar:
    node = read(f"key: {text}\n").root.get("key")
    assert isinstance(node, Scalar)
    return node


# What a value is


@pytest.mark.parametrize(
    "text",
    [
        *("no", "NO", "off", "on", "y", "10:30", "2026-09-08", "012", "01450", "0b1", "0b_", "0x1f", "0o17", "1_000"),
        *("+47", "1.50", "5e12", ".5", "1.", ".inf", ".nan", "-0", "1:59:59", "9" * 19, "9" * 10_000, "=", "Yes"),
    ],
)
def test_what_would_lose_a_character_as_a_number_stays_text(text: str) -> None:
    assert value(text).kind is Kind.TEXT
    assert value(text).data() == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("12", 12), ("0", 0), ("-3", -3), ("0.5", 0.5), ("true", True), ("FALSE", False), ("null", None), ("~", None)],
)
def test_numbers_truth_and_nothing_are_those_of_the_core_schema(text: str, wanted: object) -> None:
    assert value(text).data() == wanted


def test_a_quoted_value_is_always_text() -> None:
    assert [value(text).data() for text in ('"12"', "'true'", '""')] == ["12", "true", ""]


def test_the_yaml_1_2_directive_changes_nothing() -> None:
    assert read("%YAML 1.2\n---\na: no\nb: 10:30\n").root.data() == {"a": "no", "b": "10:30"}


def test_windows_line_ends_read_the_same() -> None:
    text = "title: x\nbody:\n  - text: |\n      one\n      two\n"
    windows = decode(PATH, text.replace("\n", "\r\n").encode()).value
    assert read_yaml(windows).value.root.data() == read(text).root.data()


# Where a value stands


def test_every_key_and_value_has_its_span() -> None:
    document = read('title: News\nemails:\n  - id: due\n    send: {at: "09:00"}\n')
    quoted = [document.source.quote(scalar.span) for scalar in scalars(document.root)]
    assert quoted == ["title", "News", "emails", "id", "due", "send", "at", '"09:00"']


@pytest.mark.parametrize(
    ("written", "part", "quoted"),
    [
        ("Hello {{ name }}", "{{ name }}", "{{ name }}"),
        ("'it''s {{ name }}'", "{{ name }}", "{{ name }}"),
        ("'it''s here'", "'", "''"),
        (r'"caf\u00e9 {{ name }}"', "{{ name }}", "{{ name }}"),
        (r'"caf\u00e9 {{ name }}"', "é", r"\u00e9"),
        ('"first\n  second {{ name }}"', "{{ name }}", "{{ name }}"),
        ('"first\n\n  second"', "\n", "\n\n  "),
        ('"first \\\n  second"', "second", "second"),
        ("first\n  second {{ name }}", "second {{ name }}", "second {{ name }}"),
        ("|\n  one\n  two {{ name }}\n", "{{ name }}", "{{ name }}"),
        ("|\n  one\n    two\n", "  two", "  two"),
        ("|2\n    one\n", "  one", "  one"),
        ("|-\n  one\n\n  two\n", "two", "two"),
        ("|+\n  one\n\n", "one\n\n", "one\n\n"),
    ],
)
def test_a_part_of_a_value_maps_to_where_it_was_written(written: str, part: str, quoted: str) -> None:
    scalar = value(written)
    text = scalar.text
    start = text.text.index(part)
    assert scalar.source.quote(text.span(start, start + len(part))) == quoted


def test_the_span_of_a_literal_ends_with_its_text() -> None:
    document = read("a: |\n  one\n  two\n\n# a comment\nb: c\n")
    (_, literal, *_) = scalars(document.root)
    assert document.source.quote(literal.span) == "|\n  one\n  two\n"


WORDS = st.text(st.sampled_from(string.ascii_letters + string.digits + " éß祝'\"\\{}[]:#,|>-%@!&*?`.\U0001f600"))


def single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def double(text: str) -> str:
    def write(char: str) -> str:
        if char in '"\\':
            return "\\" + char
        if char == "\n":
            return "\\n"
        return f"\\U{ord(char):08x}" if ord(char) > 0xFFFF else f"\\u{ord(char):04x}" if char == "é" else char

    return '"' + "".join(map(write, text)) + '"'


def literal(text: str, indent: int) -> str:
    lines = "\n".join((" " * indent + line) if line else "" for line in text.split("\n"))
    header = f"|{indent}" if text[:1] in (" ", "\n") else "|"
    return f"{header}-\n{lines}\n"


def folded(words: list[str], gaps: list[int], quotes: str) -> tuple[str, str]:
    """Words over several lines, and what they mean: a break is a space, more breaks are one fewer."""
    written, meant = words[0], words[0]
    for word, gap in zip(words[1:], gaps, strict=False):
        written += "\n" * gap + "    " + word
        meant += (" " if gap == 1 else "\n" * (gap - 1)) + word
    return quotes + written + quotes, meant


@given(WORDS, st.sampled_from([single, double]))
@settings(max_examples=40, deadline=None)
def test_quoted_text_of_one_line_quotes_each_part(text: str, write: Any) -> None:
    check_map(write(text), text)


@given(st.lists(WORDS.map(lambda text: "x" + text), min_size=1, max_size=4), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_literal_text_quotes_each_part(lines: list[str], indent: int) -> None:
    check_map(literal("\n".join(lines), indent + 1), "\n".join(lines))


@given(
    st.lists(st.text(string.ascii_letters + "é祝", min_size=1, max_size=6), min_size=1, max_size=5),
    st.lists(st.integers(1, 3), min_size=4, max_size=4),
    st.sampled_from(["", "'", '"']),
)
@settings(max_examples=40, deadline=None)
def test_text_over_several_lines_quotes_each_part(words: list[str], gaps: list[int], quotes: str) -> None:
    written, meant = folded(words, gaps, quotes)
    document = read_yaml(Source(PATH, f"key: {written}\n")).value
    node = document.root.get("key")
    if isinstance(node, Scalar) and node.kind is Kind.TEXT:
        check_map(written, meant)


def check_map(written: str, meant: str) -> None:
    node = read_yaml(Source(PATH, f"key: {written}\n")).value.root.get("key")
    assert isinstance(node, Scalar)
    assert node.value == meant
    text = node.text
    assert text.text == meant
    at = 0
    for piece in text.pieces:
        assert piece.at == at
        at += piece.length
        source = node.source.text[piece.source_start : piece.source_start + piece.source_length]
        part = meant[piece.at : piece.at + piece.length]
        unchanged = piece.length == piece.source_length and not source.isspace()
        assert source == part if unchanged else source.isspace() or source[0] in "\\'"
    assert at == len(meant)


# Comments


def test_comments_have_their_places_and_text_keeps_its_hashes() -> None:
    text = (
        "# first\na: 'no # comment'  # second\nb: |  # third\n  # text\nc: [x]  # fourth\n\nd: e#f\n"
        "e:  # fifth\n  f: g\n  # last\n"
    )
    document = read(text)
    assert [comment.text for comment in document.comments] == [
        *("# first", "# second", "# third", "# fourth", "# fifth", "# last"),
    ]
    for comment in document.comments:
        assert document.source.quote(comment.whole()) == comment.text


@pytest.mark.parametrize(
    "line",
    [
        *("a: patient.next_visit is not set        # nothing booked", "a: 'x' #y", "a: [x] #y", "a: {b: c} # y"),
        *("a: 12 # y", "a: x  #", "a: true # y", "a: b#c", "a: |  # y", "# a: b #c"),
    ],
)
def test_a_comment_is_a_comment(line: str) -> None:
    assert told(f"{line}\nb: c\n") == []


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("a: Room #4", "SYN013 1:9 #4"),
        ("a: Room # 4", "SYN013 1:9 # 4"),
        ("a: Save $5   #spring", "SYN013 1:14 #spring"),
        ("a: {b: Room #4\n  }", "SYN013 1:13 #4"),
        ("a: #0b6b62", "SYN013 1:4 #0b6b62"),
    ],
)
def test_words_after_a_hash_are_not_lost_in_silence(line: str, wanted: str) -> None:
    assert told(f"{line}\nb: c\n") == [wanted]


def test_the_help_for_a_cut_off_text_shows_the_line_mended() -> None:
    (finding,) = findings("subject: Save $5 #spring\n")
    assert '`subject: "Save $5 #spring"`' in finding.help


# Slips, each in its own words


SLIPS = [
    ("subject: Reminder: your visit: 3 days", "SYN014 1:18 :", "Reminder: your visit: 3 days"),
    ("subject: Votre rendez-vous : confirmer", "SYN014 1:28 :", "Votre rendez-vous : confirmer"),
    ("subject: 'l'horaire'", "SYN014 1:12 '", "l'horaire"),
    ('subject: "say "hi" now"', 'SYN014 1:15 "', 'say "hi" now'),
    ("subject: 'a' b", "SYN014 1:14 b", "'a' b"),
    ("subject: {{ practice.name }} news", "SYN014 1:10 {{", "{{ practice.name }} news"),
    ("subject: {% if x %}y{% endif %}", "SYN014 1:10 {%", "{% if x %}y{% endif %}"),
    ("subject: **News** for you", "SYN014 1:10 **", "**News** for you"),
    ("subject: [Book](links.book) now", "SYN014 1:10 [", "[Book](links.book) now"),
    ("subject: %off today", "SYN014 1:10 %", "%off today"),
    ("subject: @home", "SYN014 1:10 @", "@home"),
    ("subject: `code`", "SYN014 1:10 `", "`code`"),
    ("subject: ]", "SYN014 1:10 ]", "]"),
    ("subject: & Co", "SYN014 1:10 &", "& Co"),
    ("subject: ? really", "SYN014 1:10 ?", "? really"),
    ("subject: | News", "SYN014 1:10 |", "| News"),
    ("subject: !a!b News", "SYN009 1:10 !a!b", "!a!b News"),
    ("subject: !important News", "SYN009 1:10 !important", "News"),
    ("subject: &mark News", "SYN008 1:10 &mark", "News"),
    ('subject: "News', 'SYN016 1:10 "', "News"),
    ("subject: 'News", "SYN016 1:10 '", "News"),
    (r'subject: "C:\docs"', r"SYN017 1:13 \d", r"C:\docs"),
    (r'subject: "\ud83d\ude00"', r"SYN017 1:11 \ud83d\ude00", r"\ud83d\ude00"),
    ("subject:News", "SYN018 1:8 :N", "News"),
    ("subject: >\n  one\n  two", "SYN012 1:10 >", "one\ntwo\n"),
    ("subject: {label: {{ x }}, to: y}", "SYN014 1:18 {{", {"label": "{{ x }}", "to": "y"}),
    ("subject: {label: a: b, to: y}", "SYN014 1:19 :", {"label": "a: b", "to": "y"}),
    ("subject: {label: 'l'h', to: y}", "SYN014 1:20 '", {"label": "l'h", "to": "y"}),
    ('subject: {where: x in ["a"], to: y}', "SYN014 1:23 [", {"where": 'x in ["a"]', "to": "y"}),
    ("subject: [a: b, c]", "SYN014 1:12 :", ["a: b", "c"]),
    ("subject:\n  - Please note: bring it\n  - b", "SYN014 2:5 Please note:", ["Please note: bring it", "b"]),
]


@pytest.mark.parametrize(("line", "wanted", "meant"), SLIPS)
def test_a_slip_is_found_at_its_place_and_reading_goes_on(line: str, wanted: str, meant: object) -> None:
    text = f"{line}\npreheader: Hello\n"
    assert told(text) == [wanted]
    assert data(text) == {"subject": meant, "preheader": "Hello"}


@pytest.mark.parametrize(
    ("text", "wanted", "meant"),
    [
        ("a: x\nwords here\nb: c\n", "SYN018 2:1 words here", {"a": "x", "b": "c"}),
        ("a: x\n  b: c\nd: e\n", "SYN015 2:3 b:", {"a": "x", "d": "e"}),
        ("a:\n  - b: c\n   d: e\nf: g\n", "SYN015 3:4 d:", {"a": [{"b": "c"}], "f": "g"}),
        ("a:\n  - Photo ID\n   - Card\n", "SYN015 3:4 -", {"a": ["Photo ID - Card"]}),
        ("where: b\n  # why\n  and c\nd: e\n", "SYN013 3:3 and c", {"where": "b", "d": "e"}),
        ("a: [b, c\nd: e\n", "SYN016 1:4 [", None),
        ("a: {b: c, d: [e, f}\ng: h\n", "SYN016 1:14 [", None),
        ("a: {title: Blood pressure, cholesterol}\n", "SYN014 1:28 cholesterol", {"a": {"title": "Blood pressure"}}),
        ("a: {b:c, d: e}\n", "SYN014 1:5 b:c", {"a": {"d": "e"}}),
        ("a: b\n# why\nand c\nd: e\n", "SYN018 3:1 and c", {"a": "b", "d": "e"}),
        ("a: b\n\t\nc: d\n", "SYN011 2:1 \t", {"a": "b", "c": "d"}),
        ("a: {b}\nc: d\n", "SYN014 1:4 {", {"a": "{b}", "c": "d"}),
        ("{a}: b\nc: d\n", "SYN010 1:1 {", {"c": "d"}),
        ("%TAG ! x:  # why\n---\na: b\n", "SYN019 1:1 %TAG ! x:", {"a": "b"}),
        ("a: - b\nc: d\n", "SYN014 1:4 -", None),
        ("a:\n\t- b\n\t- c\n", "SYN011 2:1 \t", {"a": ["b", "c"]}),
        ("a: b\na: c\n", "SYN004 2:1 a", {"a": "b"}),
        ('a: b\n"a": c\n', 'SYN004 2:1 "a"', {"a": "b"}),
        ("a: &x 1\n", "SYN008 1:4 &x", {"a": 1}),
        ("<<: {a: b}\nc: d\n", "SYN008 1:1 <<", {"c": "d"}),
        ("a: !!binary aGk=\n", "SYN009 1:4 !!binary", {"a": "aGk="}),
        ("a: !!python/object/apply:os.system [id]\n", "SYN009 1:4 !!python/object/apply:os.system", {"a": ["id"]}),
        ("? [a, b]\n: 1\nc: d\n", "SYN010 1:3 [", {"c": "d"}),
        ("a: b\n---\nc: d\n", "SYN007 2:1 ---", {"a": "b"}),
        ("a: b\n...\nc: d\n", "SYN007 3:1 c: d", {"a": "b"}),
        ("%FOO x\n---\na: b\n", "SYN019 1:1 %FOO x", {"a": "b"}),
        ("%TAG ! x:\n---\na: b\n", "SYN019 1:1 %TAG ! x:", {"a": "b"}),
        ("", "SYN005 1:1 ", {}),
        ("# nothing\n", "SYN005 1:1 # nothing", {}),
        ("- a\n- b\n", "SYN006 1:1 - a", {}),
        ("just words\n", "SYN006 1:1 just words", {}),
    ],
)
def test_a_mistake_of_structure_is_found_at_its_place(text: str, wanted: str, meant: object) -> None:
    assert told(text) == [wanted]
    if meant is not None:
        assert data(text) == meant


def test_an_unclosed_quote_does_not_swallow_the_next_key() -> None:
    text = 'subject: "News\npreheader: "Hello"\nbody: x\n'
    assert told(text) == ['SYN016 1:10 "']
    assert data(text) == {"subject": "News", "preheader": "Hello", "body": "x"}


def test_a_duplicate_shows_the_first() -> None:
    (finding,) = findings("audience: lapsed\nlayer: x\naudience: everyone\n")
    assert [label.span.start for label in finding.related] == [0]


def test_ten_slips_are_ten_findings() -> None:
    text = (
        "a: 'l'horaire'\nb: Reminder: you\nc: {{ x }}\nd: Room #4\ne: @home\nf: \"open\ng: >\n  folded\n"
        "h: &mark x\nb: again\nk:tight\nl: done\n"
    )
    assert [line.split()[0] for line in told(text)] == (
        ["SYN014", "SYN014", "SYN014", "SYN013", "SYN014", "SYN016", "SYN012", "SYN008", "SYN004", "SYN018"]
    )
    assert data(text)["l"] == "done"


def test_what_could_not_be_read_is_kept_apart() -> None:
    document = read_yaml(Source(PATH, "a: [b, c\nd: e\n")).value
    assert [document.source.quote(span) for span in document.lost] == ["[b, c"]


@pytest.mark.parametrize(("line", "_wanted", "meant"), [slip for slip in SLIPS if isinstance(slip[2], str)])
def test_the_fix_of_a_slip_mends_it(line: str, _wanted: str, meant: str) -> None:
    (finding,) = findings(f"{line}\n")
    for fix in finding.fixes:
        text = f"{line}\n"
        for edit in sorted(fix.edits, key=lambda edit: -edit.span.start):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        assert fix.applicability in (Applicability.SAFE, Applicability.UNSAFE)
        assert read(text).root.data() == {"subject": meant}


# Bad input


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: " + "[" * 100_000, "SYN003"),
        ("a: " + "{a: " * 30_000, "SYN003"),
        ("- " * 10_000, "SYN003"),
        ("{" * 100_000, "SYN014"),
        ("".join(f"k{n}: v\n" for n in range(11_000)), "SYN003"),
        ("".join(f"a{n}: &a{n} [" + f"*a{n - 1}," * 9 + "]\n" for n in range(1, 10)), "SYN008"),
        ("a: '" + "\n" * 300_000, "SYN016"),
        ("a: b: c\n" * 3_000, "SYN014"),
        ("a\n" * 100_000, "SYN006"),
        ("a: @x" + " " * 300_000 + "\nb: c\n", "SYN014"),
        ("a: x\nbad\n" + "  c\n" * 30_000, "SYN018"),
        ("a: |\n" + "  # # #\n" * 30_000 + "b: @c\n", "SYN014"),
    ],
    ids=[
        "brackets",
        "braces",
        "dashes",
        "open braces",
        "keys",
        "aliases",
        "open quote",
        "many slips",
        "no keys",
        "blanks",
        "left out",
        "hashes",
    ],
)
def test_a_hostile_file_is_a_finding_within_two_seconds(text: str, code: str) -> None:
    began = time.process_time()
    assert code in [one.rule.code for one in findings(text)]
    assert time.process_time() - began < 2


def test_deep_but_allowed_nesting_is_read() -> None:
    depth = MAX_DEPTH - 1
    assert told("a: " + "[" * depth + "]" * depth + "\n") == []


FRAGMENTS = [
    *(
        "'",
        '"',
        "{",
        "}",
        "[",
        "]",
        ": ",
        ":",
        "- ",
        "\n",
        "\t",
        " ",
        "#",
        " #",
        "&a ",
        "*a",
        "!x ",
        "|",
        ">",
        "%",
        "@",
    ),
    *("? ", ", ", "---\n", "...\n", "\\", "{{", "}}", "\x00", "\x85", "  ", "\n\n", "<<: ", "a", "key: ", "é", "\\x"),
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
@settings(max_examples=70, deadline=None)
def test_any_text_is_read_without_an_exception(text: str) -> None:
    check_reading(text.encode())


@given(st.binary(max_size=200))
@settings(max_examples=30, deadline=None)
def test_any_bytes_are_read_without_an_exception(data: bytes) -> None:
    check_reading(data)


def check_reading(data: bytes) -> None:
    began = time.process_time()
    source = decode(PATH, data).value
    checked = read_yaml(source)
    for one in checked.diagnostics:
        assert one.message and one.help is not None
        assert 0 <= one.span.start <= one.span.end <= len(source.text)
    for scalar in scalars(checked.value.root):
        scalar.data()
        assert scalar.text.text == scalar.value
        assert 0 <= scalar.text.whole().start <= scalar.text.whole().end <= len(source.text)
    assert time.process_time() - began < 2


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the design's examples are not beside the repository")
def test_the_designs_examples_read_without_a_finding() -> None:
    paths = sorted(EXAMPLES.rglob("*.yaml"))
    assert len(paths) >= 40
    for path in paths:
        checked = read_yaml(decode(path.name, path.read_bytes()).value)
        assert [(path.name, one.message) for one in checked.diagnostics] == []
        for scalar in scalars(checked.value.root):
            text = scalar.text
            assert text.text == scalar.value
            if scalar.style is Style.LITERAL:
                assert re.sub(r"\n +", "\n", scalar.source.quote(text.whole())) == re.sub(r"\n +", "\n", text.text)
