"""Words of one line: merge fields, conditions, and what no one may write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campcompile.syntax import merge
from campcompile.syntax.findings import Severity
from campcompile.syntax.findings_prose import RULES as PROSE_RULES
from campcompile.syntax.findings_tpl import RULES as TEMPLATE_RULES
from campcompile.syntax.jinja import Fault, Kind, lex
from campcompile.syntax.source import MappedText, Piece
from campcompile.syntax.template import parse_line
from campcompile.syntax.words import Inline, Merge, When, Words

EXAMPLES = Path(__file__).parents[2] / ".." / "shared" / "design" / "examples"


def mapped(text: str) -> MappedText:
    return MappedText.plain(text, "campaigns/a.yaml", 0)


def line(text: str) -> tuple[Inline, ...]:
    checked = parse_line(mapped(text))
    assert not checked.diagnostics, [finding.message for finding in checked.diagnostics]
    return checked.value


def findings(text: str) -> list[tuple[str, str, str]]:
    """Code, key of the message, and the text pointed at."""
    return [(d.rule.code, d.say, text[d.span.start : d.span.end]) for d in parse_line(mapped(text)).diagnostics]


def outline(nodes: tuple[Inline, ...]) -> list[Any]:
    """The tree as nested lists: words as text, a merge field as {name}, a condition as a list of its arms."""
    shown: list[Any] = []
    for node in nodes:
        match node:
            case Words(text):
                shown.append(text)
            case Merge(name, filter):
                shown.append("{" + name.path + ("|" + filter if filter else "") + "}")
            case When(arms):
                shown.append([(arm.condition is not None, outline(arm.children)) for arm in arms])
    return shown


def walk(nodes: tuple[Inline, ...]) -> list[Inline]:
    found: list[Inline] = []
    for node in nodes:
        found.append(node)
        if isinstance(node, When):
            found += [inner for arm in node.arms for inner in walk(arm.children)]
    return found


# What a line is made of


def test_a_merge_field_is_a_node_between_words() -> None:
    text = "A message from {{ practice.name }}"
    nodes = line(text)
    assert outline(nodes) == ["A message from ", "{practice.name}"]
    assert text[nodes[1].span.start : nodes[1].span.end] == "practice.name"


def test_a_filter_has_its_place() -> None:
    text = "{{ appointment.start | weekday }}"
    (node,) = line(text)
    assert isinstance(node, Merge)
    assert (node.filter, text[node.filter_span.start : node.filter_span.end]) == ("weekday", "weekday")
    assert text[node.name.span.start : node.name.span.end] == "appointment.start"
    assert text[node.span.start : node.span.end] == "appointment.start | weekday"


def test_conditions_have_arms() -> None:
    text = "{% if a.b %}x{% elif c.d %}y{% else %}z{% endif %}!"
    nodes = line(text)
    assert outline(nodes) == [[(True, ["x"]), (True, ["y"]), (False, ["z"])], "!"]
    assert text[nodes[0].span.start : nodes[0].span.end] == text[:-1]
    assert isinstance(nodes[0], When)
    assert [text[arm.span.start : arm.span.end] for arm in nodes[0].arms] == [
        "{% if a.b %}",
        "{% elif c.d %}",
        "{% else %}",
    ]


def test_a_condition_that_cannot_be_read_is_no_else() -> None:
    checked = parse_line(mapped("{% if a.b c.d %}x{% elif %}y{% else %}z{% endif %}"))
    (node,) = checked.value
    assert isinstance(node, When)
    assert [(arm.condition, arm.is_unread) for arm in node.arms] == [(None, True), (None, True), (None, False)]


def test_conditions_nest() -> None:
    assert outline(line("{% if a.b %}x{% if c.d %}y{% endif %}{% endif %}")) == [[(True, ["x", [(True, ["y"])]])]]


def test_comments_print_nothing() -> None:
    assert outline(line("a{# not said {{ x }} #}b")) == ["a", "b"]


def test_raw_prints_what_stands_in_it() -> None:
    assert outline(line("{% raw %}{{ not_a_field }} }}{% endraw %}")) == ["{{ not_a_field }} }}"]


def test_a_dash_eats_white_space() -> None:
    assert outline(line("a {%- if b.c -%} x {%- endif %} {{- d.e -}} f")) == ["a", [(True, ["x"])], "{d.e}", "f"]


def test_markdown_is_not_read_in_a_line() -> None:
    assert outline(line("**5** <b> [x](y) & co")) == ["**5** <b> [x](y) & co"]


def test_a_line_break_is_a_finding_and_a_space() -> None:
    checked = parse_line(mapped("Hello\r\nBcc: x\u2028y"))
    assert [(d.rule.code, d.span.start, d.span.end) for d in checked.diagnostics] == [
        ("TPL013", 5, 7),
        ("TPL013", 13, 14),
    ]
    assert outline(checked.value) == ["Hello Bcc: x y"]


def test_spans_are_those_of_the_source() -> None:
    text = MappedText("a {{ x.y }}", "f.yaml", (Piece(0, 1, 10, 6), Piece(1, 10, 16, 10)))  # "a" written \u0061
    words, field = parse_line(text).value
    assert (words.span.start, words.span.end) == (10, 17)
    assert (field.span.start, field.span.end) == (20, 23)


# What no one may write


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello {{ a.b }, welcome", ("TPL001", "", "{{ a.b }")),
        ("Hello {{ a.b, welcome", ("TPL001", "", "{{ a.b")),
        ("Hello {{ a.b %}, welcome", ("TPL001", "mismatched", "{{ a.b %}")),
        ("Hello { { a.b } }", ("TPL001", "spaced", "{ { a.b } }")),
        ("Hello ｛｛ a.b ｝｝", ("TPL001", "wide", "｛｛ a.b ｝｝")),
        ("Hello a.b }}", ("TPL001", "stray", "}}")),
        ("Hello {{{ a.b }}", ("TPL001", "three", "{{{")),
        ("a {# b", ("TPL001", "comment", "{#")),
        ("a {% raw %} b", ("TPL001", "raw", "{% raw %}")),
        ("a {% %} b", ("TPL001", "empty", "{% %}")),
        ("{% if a.b }}x{% endif %}", ("TPL001", "mismatched", "{% if a.b }}")),
        ("{% if a.b }x{% endif %}", ("TPL001", "", "{% if a.b }")),
        ("{{ }}", ("TPL010", "empty", "{{ }}")),
        ('{{ "hello" }}', ("TPL010", "words", '"hello"')),
        ("{{ (a.b) }}", ("TPL010", "brackets", "(")),
        ("{{ age(a.b) }}", ("TPL010", "call", "age")),
        ('{{ has(a.b, "x") }}', ("TPL010", "test", "has")),
        ('{{ a.b or "you" }}', ("TPL010", "condition", 'or "you"')),
        ("{{ a.b if c.d else e.f }}", ("TPL010", "condition", "if c.d else e.f")),
        ("{{ not a.b }}", ("TPL010", "condition", "not a.b")),
        ("{{ a.b, c.d }}", ("TPL010", "rest", ", c.d")),
        ("{{ [Name] }}", ("TPL015", "placeholder", "[Name]")),
        ("{{ first name }}", ("TPL015", "", "first name")),
        ("{{ patient.first-name }}", ("TPL015", "hyphen", "patient.first-name")),
        ("{{ a.b | dato }}", ("TPL009", "near", "dato")),
        ("{{ a.b | upper }}", ("TPL009", "", "upper")),
        ("{{ a.b | default('x') }}", ("TPL009", "default", "default")),
        ("{{ a.b | date('long') }}", ("TPL009", "arguments", "('long')")),
        ("{{ a.b | date | time }}", ("TPL009", "second", "| time")),
        ("{{ a.b | e }}", ("TPL009", "escape", "e")),
        ("{{ a.b | }}", ("TPL009", "none", "|")),
        ("{{ a.b | safe }}", ("FLD004", "safe", "safe")),
        ("{% for x in a.b %}{{ a.b }}{% endfor %}", ("TPL002", "loop", "for")),
        ("{% set x = 1 %}", ("TPL002", "variable", "set")),
        ("{% include '/etc/passwd' %}", ("TPL002", "include", "include")),
        ("{% macro f() %}x{% endmacro %}", ("TPL002", "macro", "macro")),
        ("{% autoescape false %}{{ a.b }}{% endautoescape %}", ("TPL002", "escape", "autoescape")),
        ("{% iff a.b %}x{% endif %}", ("TPL002", "near", "iff")),
        ("{% hvis a.b %}x{% endif %}", ("TPL002", "", "hvis")),
        ("{{ a.b | strftime('%d') }}", ("TPL009", "near", "strftime")),
        ("{% trans %}x{% endtrans %}", ("TPL002", "", "trans")),
        ("{% if a.b %}x{% else if c.d %}y{% endif %}", ("TPL002", "spelling", "else if")),
        ("{% if a.b %}x{% elseif c.d %}y{% endif %}", ("TPL002", "spelling", "elseif")),
        ("{% if a.b %}x{% end if %}", ("TPL002", "spelling", "end if")),
        ("{% IF a.b %}x{% endif %}", ("TPL002", "spelling", "IF")),
        ("{% if a.b %}x{% else c.d %}y{% endif %}", ("TPL002", "rest", "c.d")),
        ("{% if %}x{% endif %}", ("TPL006", "empty", "{% if %}")),
        ("{% if a.b = 1 %}x{% endif %}", ("TPL005", "", "=")),
        ("{% if a.b %}x", ("TPL003", "", "{% if a.b %}")),
        ("x{% endif %}", ("TPL003", "orphan", "{% endif %}")),
        ("{% else %}x", ("TPL003", "orphan", "{% else %}")),
        ("{% if a.b %}{% else %}{% elif c.d %}{% endif %}", ("TPL003", "after-else", "{% elif c.d %}")),
    ],
)
def test_a_mistake_is_one_finding_at_its_place(text: str, expected: tuple[str, str, str]) -> None:
    assert findings(text) == [expected]


@pytest.mark.parametrize(
    ("text", "code", "quoted"),
    [
        ("{{ ''.__class__.__mro__ }}", "FLD004", "''.__class__.__mro__"),
        ("{{ patient.__class__ }}", "FLD004", "patient.__class__"),
        ("{{ lipsum(n=10000) }}", "FLD004", "lipsum"),
        ("{{ 9**9**7 }}", "FLD004", "9**9**7"),
        ("{{ 'x'|center(1000000000) }}", "FLD004", "'x'|center(1000000000)"),
        ("{{ [1,2,3]|random }}", "FLD004", "[1,2,3]|random"),
        ("{{ patient.name.upper() }}", "FLD004", "patient.name.upper"),
        ("{{ patient['name'] }}", "FLD004", "['name']"),
        ("{{ a.b + 1 }}", "FLD004", "+"),
        ("{{ " + "(" * 4000 + "1" + ")" * 4000 + " }}", "TPL010", "("),
        ("{% for i in range(99999) %}{% endfor %}", "TPL002", "for"),
        ("{% if x.y %}hi", "TPL003", "{% if x.y %}"),
    ],
)
def test_tricks_that_compute_leak_or_hang_are_findings(text: str, code: str, quoted: str) -> None:
    assert [(found[0], found[2]) for found in findings(text)] == [(code, quoted)]


def test_every_mistake_of_a_line_is_found() -> None:
    text = "{{ a.b | dat }} {{ first name }} {% if a.b = 1 %}x{% endif %} {{ 9**9 }} }}"
    assert [found[0] for found in findings(text)] == ["TPL009", "TPL015", "TPL005", "FLD004", "TPL001"]


def test_words_of_an_unclosed_condition_are_shown_and_its_inner_ones_still_read() -> None:
    checked = parse_line(mapped("{% if a.b %}x{% if c.d %}y{% endif %}z"))
    assert outline(checked.value) == ["x", [(True, ["y"])], "z"]


def test_depth_and_length_are_findings() -> None:
    deep = "{% if a.b %}" * 100 + "x" + "{% endif %}" * 100
    assert [(d.rule.code, d.say) for d in parse_line(mapped(deep)).diagnostics] == [("TPL012", "deep-words")]
    assert [(d.rule.code, d.say) for d in parse_line(mapped("a" * 10_001)).diagnostics] == [("TPL012", "long")]


def test_help_says_what_to_write_instead() -> None:
    (finding,) = parse_line(mapped("{{ patient.visit | weekdya }}")).diagnostics
    assert finding.help == "did you mean `weekday`?"
    (finding,) = parse_line(mapped("{{ a.b | default('you') }}")).diagnostics
    assert finding.help == "say what to print instead: `{% if a.b is set %}{{ a.b }}{% else %}you{% endif %}`"


# Jinja's own syntax, held to Jinja


def jinja_stretches(text: str) -> list[tuple[str, str]]:
    """What Jinja's lexer sees: words, prints and tags, each with its text, white space of `-` left as it is."""
    environment = jinja2.Environment(keep_trailing_newline=True, autoescape=True)
    stretches: list[list[str]] = []
    for _, kind, value in environment.lex(text):
        if kind in ("data", "variable_begin", "block_begin", "comment_begin", "raw_begin", "raw_end"):
            stretches.append([kind, value])
        else:
            stretches[-1][1] += value
    return [(kind.removesuffix("_begin"), value.strip()) for kind, value in stretches if value.strip()]


PIECES = st.sampled_from(
    ["{{ a.b }}", "{{- a.b | date -}}", "{{a.b}}", "{% if a.b == \"}}\" %}", "{%- if a.b in ['%}', 'x'] -%}",
     "{% endif %}", "{%- endif +%}", "{# x {{ y }} #}", "{#- x -#}", "{% raw %}{{ x }}{% endraw %}",
     "{%- raw -%} {% x {%- endraw -%}", "{{ a.b\n }}", "Hello", " ", "\n", "'", '"', "{ ", "it's", "中", "100%"]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join))
@example("{{ a.b }}it's{{ a.b }}")
def test_stretches_are_those_of_jinja(text: str) -> None:
    names = {
        Kind.WORDS: "data",
        Kind.VERBATIM: "data",
        Kind.PRINT: "variable",
        Kind.TAG: "block",
        Kind.COMMENT: "comment",
    }
    chunks = lex(text)
    try:
        theirs = jinja_stretches(text)
    except jinja2.TemplateSyntaxError:
        assert any(chunk.fault is not Fault.NONE for chunk in chunks) or parse_line(mapped(text)).diagnostics
        return
    ours = [
        (names.get(chunk.kind, "raw"), text[chunk.start : chunk.end].strip())
        for chunk in chunks
        if text[chunk.start : chunk.end].strip()
    ]
    assert [pair for pair in ours if pair[0] != "raw"] == [pair for pair in theirs if not pair[0].startswith("raw")]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40) | st.lists(PIECES, max_size=8).map("".join))
def test_chunks_lie_end_to_end(text: str) -> None:
    chunks = lex(text)
    assert "".join(text[chunk.start : chunk.end] for chunk in chunks) == text
    assert all(chunk.start <= chunk.inner_start <= chunk.inner_end <= chunk.end for chunk in chunks)


# Properties

SCRAPS = st.sampled_from(
    ["{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "-", "if", "endif", "else", "elif", " ", "a.b", "raw", "endraw",
     "for", "|", "date", "safe", "'", '"', "(", "[", "==", "\n", "\r", "x", "｛", "é", "{% if a.b %}", "{% endif %}",
     "{{ a.b }}", "%", "\x00"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(SCRAPS | st.text(max_size=2), max_size=20).map("".join))
def test_no_text_breaks_a_line_and_spans_quote_what_they_claim(text: str) -> None:
    checked = parse_line(mapped(text))
    for finding in checked.diagnostics:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.message
        assert finding.help
    last = 0
    for node in walk(checked.value):
        quoted = text[node.span.start : node.span.end]
        if isinstance(node, Words):
            assert node.span.start >= last
            last = node.span.end
            assert node.text
            assert len(node.text) <= len(quoted)
            if not any(char in quoted for char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"):
                assert node.text == quoted
        if isinstance(node, Merge):
            assert node.name.path.replace(" ", "") in quoted.replace(" ", "").replace("\n", "").replace("\r", "")


@settings(max_examples=80, deadline=None)
@given(
    st.from_regex(r"[a-z][a-z_0-9]{0,5}\.[a-z][a-z_0-9]{0,5}", fullmatch=True),
    st.sampled_from(["", " | date", "|time", " |  elapsed"]),
)
def test_the_quick_way_to_read_a_merge_field_agrees_with_the_reader(name: str, filter: str) -> None:
    text = mapped(name + filter)
    quick = merge._SIMPLE.fullmatch(text.text)
    if quick:
        assert merge._simple(text, quick) == merge._Merges(text, 0, len(text.text)).merge()


@pytest.mark.parametrize(
    "scrap", ["{{", "{% if a.b %}", "{{ ' ", "{{ a.b }", "}}", '{% if "', "{# ", "｛｛", "{ {", "{{ (", "{% raw %}"]
)
def test_ten_thousand_characters_are_read_at_once(scrap: str) -> None:
    assert parse_line(mapped((scrap * 10_000)[:10_000])).diagnostics


# The catalogue


def test_every_rule_explains_itself_and_no_code_is_used_twice() -> None:
    rules = TEMPLATE_RULES + PROSE_RULES
    assert len({rule.code for rule in rules}) == len({rule.slug for rule in rules}) == len(rules)
    for rule in rules:
        assert rule.severity in (Severity.ERROR, Severity.WARNING)
        for heading in ("## What it does", "## Why it matters", "## Example", "## Use instead", "## Sources"):
            assert heading in rule.manual, rule.code
        for message, help in [(rule.message, rule.help), *rule.also.values()]:
            assert not message.endswith(".")
            assert message[0] in "`" or message[0].islower() or message[0] == "`", message
            assert help, rule.code


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the design examples are not beside this checkout")
def test_every_line_of_the_design_examples_reads() -> None:
    texts = [
        text
        for path in sorted(EXAMPLES.rglob("*.yaml"))
        for text in lines_of(yaml.safe_load(path.read_text("utf-8")))
        if "\n" not in text
    ]
    assert len(texts) > 150
    for text in texts:
        line(text)


def lines_of(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [text for value in tree.values() for text in lines_of(value)]
    if isinstance(tree, list):
        return [text for item in tree for text in lines_of(item)]
    return [tree] if isinstance(tree, str) else []
