"""Conditions: the grammar, what isn't in it, and where each node stands."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.syntax.expression import And, Call, Compare, Expression, IsSet, Literal, Membership, Name, Not, Or
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.template import parse_call, parse_condition

EXAMPLES = Path(__file__).parents[2] / ".." / "shared" / "design" / "examples"
NOWHERE = Span("", 0, 0)


def mapped(text: str) -> MappedText:
    return MappedText.plain(text, "campaigns/a.yaml", 0)


def condition(text: str) -> Expression:
    checked = parse_condition(mapped(text))
    assert not checked.diagnostics, [finding.message for finding in checked.diagnostics]
    assert checked.value is not None
    return checked.value


def findings(text: str) -> list[tuple[str, str, str]]:
    """Code, key of the message, and the text pointed at."""
    return [(d.rule.code, d.say, text[d.span.start : d.span.end]) for d in parse_condition(mapped(text)).diagnostics]


def written(node: Any) -> str:
    """An expression as text, brackets around every operand that is itself a condition."""
    match node:
        case Name(path):
            return str(path)
        case Literal(bool(value)):
            return "true" if value else "false"
        case Literal(str(value)):
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case Literal(value):
            return str(value)
        case Call(function, args):
            return f"{function}({', '.join(map(written, args))})"
        case Compare(first, rest):
            return written(first) + "".join(f" {operator} {written(value)}" for operator, value in rest)
        case Membership(operand, choices, negated):
            return f"{written(operand)} {'not ' * negated}in [{', '.join(map(written, choices))}]"
        case IsSet(operand, negated):
            return f"{written(operand)} is {'not ' * negated}set"
        case Not(operand):
            return f"not ({written(operand)})"
        case And(operands):
            return " and ".join(f"({written(operand)})" for operand in operands)
        case Or(operands):
            return " or ".join(f"({written(operand)})" for operand in operands)
    raise AssertionError(node)


def bare(node: Any) -> Any:
    """A node without its places."""
    if isinstance(node, tuple):
        return tuple(bare(item) for item in node)
    if is_dataclass(node):
        return (type(node).__name__, *(bare(getattr(node, f.name)) for f in fields(node) if "span" not in f.name))
    return node


def nodes(node: Any) -> list[Any]:
    if isinstance(node, tuple):
        return [inner for item in node for inner in nodes(item)]
    if not is_dataclass(node) or isinstance(node, Span):
        return []
    return [node, *(inner for f in fields(node) for inner in nodes(getattr(node, f.name)))]


# The grammar


def test_comparisons_chain() -> None:
    match condition("40 <= age(patient.birth_date) < 65"):
        case Compare(Literal(40), (("<=", Call("age", (Name("patient.birth_date"),))), ("<", Literal(65)))):
            return
    pytest.fail("another tree")


def test_or_binds_looser_than_and_and_not_tighter_than_both() -> None:
    tree = condition("a.b or not c.d and e.f")
    assert written(tree) == "(a.b) or ((not (c.d)) and (e.f))"


def test_brackets_group() -> None:
    assert written(condition("(a.b or c.d) and e.f")) == "((a.b) or (c.d)) and (e.f)"


def test_is_set_and_is_not_set() -> None:
    assert bare(condition("patient.last_visit is set")) == ("IsSet", ("Name", "patient.last_visit"), False)
    assert bare(condition("patient.last_visit is not set")) == ("IsSet", ("Name", "patient.last_visit"), True)


def test_membership_takes_a_list_and_a_trailing_comma() -> None:
    tree = condition('appointment.status not in ["booked", "confirmed",]')
    assert written(tree) == 'appointment.status not in ["booked", "confirmed"]'


@pytest.mark.parametrize("text", ["goal", "goal or run.replied or run.clicked", 'not segment("lapsed")', "x.y == -3"])
def test_words_of_the_language(text: str) -> None:
    condition(text)


def test_either_quote_and_escapes_as_in_jinja() -> None:
    assert bare(condition("""a.b == 'it\\'s "so" \\u00e9'"""))[2] == (("==", ("Literal", 'it\'s "so" é')),)


def test_spaces_and_line_breaks_are_free() -> None:
    assert bare(condition(" patient . name\n is   not set ")) == bare(condition("patient.name is not set"))


# Slips with one meaning are read as meant, and the other mistakes in the line are still found


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('a.b = "x"', 'a.b == "x"'),
        ('a.b === "x"', 'a.b == "x"'),
        ("a.b <> 3", "a.b != 3"),
        ("a.b => 3", "a.b >= 3"),
        ("a.b ≥ 3", "a.b >= 3"),
        ("a.b ＝＝ 3", "a.b == 3"),
        ("a.b && c.d", "a.b and c.d"),
        ("a.b || c.d", "a.b or c.d"),
        ("!a.b", "not a.b"),
        ("a.b AND c.d", "a.b and c.d"),
        ("a.b == True", "a.b == true"),
        ("a.b == no", "a.b == false"),
        ("a.b == NO", 'a.b == "NO"'),
        ("a.b == “x”", 'a.b == "x"'),
        ("a.b == «x»", 'a.b == "x"'),
        ("a.b == ”x”", 'a.b == "x"'),
        ("a.b == ‘x’", 'a.b == "x"'),
        ("a.b == booked", 'a.b == "booked"'),
        ("a.b in (1, 2)", "a.b in [1, 2]"),
        ("a.b in [x, y]", 'a.b in ["x", "y"]'),
        ("has(a.b, sleep)", 'has(a.b, "sleep")'),
        ("a.b is empty", "a.b is not set"),
        ("a.b is null", "a.b is not set"),
        ("a.b not set", "a.b is not set"),
        ("a.b is not None", "a.b is set"),
        ("a.b is defined", "a.b is set"),
        ('a.b == ""', "a.b is not set"),
        ("a.b != null", "a.b is set"),
    ],
)
def test_a_slip_with_one_meaning_is_a_finding_and_read_as_meant(text: str, meant: str) -> None:
    checked = parse_condition(mapped(text))
    assert checked.diagnostics
    assert bare(checked.value) == bare(condition(meant))


def test_two_slips_are_two_findings() -> None:
    assert findings('a.b = "x" && c.d is empty') == [
        ("TPL005", "", "="),
        ("TPL005", "", "&&"),
        ("TPL007", "", "is empty"),
    ]


def test_a_fix_applied_leaves_no_finding() -> None:
    text = 'a.b="x"&&!c.d||e.f is null'
    edits = [edit for d in parse_condition(mapped(text)).diagnostics for fix in d.fixes for edit in fix.edits]
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == 'a.b=="x" and not c.d or e.f is not set'
    condition(text)


# What can't be read points at the smallest text that is wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9**9", ("FLD004", "arithmetic", "**")),
        ("a.b + 1 > 3", ("FLD004", "arithmetic", "+")),
        ("-a.b > 3", ("FLD004", "arithmetic", "-")),
        ('"a" ~ a.b == "x"', ("FLD004", "arithmetic", "~")),
        ("''.__class__", ("FLD004", "inside", "''.")),
        ("a.__class__", ("FLD004", "inside", "a.__class__")),
        ("a.b[0] == 1", ("FLD004", "inside", "a.b[")),
        ("a.b.upper() == 1", ("FLD004", "inside", "a.b.upper")),
        ("agee(a.b) > 3", ("TPL008", "near", "agee")),
        ("months_sinse(a.b) > 3", ("TPL008", "near", "months_sinse")),
        ("lipsum(n=10000)", ("TPL008", "", "lipsum")),
        ("today() > a.b", ("TPL008", "today", "today")),
        ("age() > 3", ("TPL008", "arguments", "age()")),
        ("age(3) > 3", ("TPL008", "arguments", "age(3)")),
        ('has("x", a.b)', ("TPL008", "arguments", 'has("x", a.b)')),
        ("segment(no-contact)", ("TPL011", "bare", "no-contact")),
        ("a.b == 'x", ("TPL011", "unclosed", "'")),
        ('a.b == "\\q"', ("TPL011", "escape", '"\\q"')),
        ("patient.first name is set", ("TPL015", "", "patient.first name")),
        ("patient.first-name is set", ("TPL015", "hyphen", "patient.first-name")),
        ("a.b | upper == 1", ("TPL006", "filter", "|")),
        ("(a.b", ("TPL006", "unclosed", "(")),
        ("a.b)", ("TPL006", "", ")")),
        ("a.b ==", ("TPL006", "half", "==")),
        ("a.b and", ("TPL006", "half", "and")),
        ("and a.b", ("TPL006", "value", "and")),
        ("(a.b == 1) == true", ("TPL006", "compares-condition", "a.b == 1")),
        ("age(a.b) is set", ("TPL006", "set-of-what", "age(a.b)")),
        ('a.b is "x"', ("TPL006", "is-equal", '"x"')),
        ("a.b is odd", ("TPL006", "is-what", "odd")),
        ('"x" in a.b', ("TPL006", "in-field", '"x" in a.b')),
        ("a.b in []", ("TPL006", "in-nothing", "[]")),
        ("a.b in c.d", ("TPL006", "in-what", "c.d")),
        ("a.b in [c.d]", ("TPL006", "choice", "c.d")),
        ("a.b is set is set", ("TPL006", "second-test", "is")),
        ("a.b if c.d else e.f", ("TPL006", "inline-if", "if")),
        ("true", ("TPL006", "literal", "true")),
        ('"x" or a.b', ("TPL006", "literal", '"x"')),
        ("a.b == 007", ("TPL006", "number", "007")),
        ("a.b == 1_000", ("TPL006", "number", "1_000")),
        ("{{ a.b }}", ("TPL006", "braces", "{{")),
        ("{% if a.b %}", ("TPL006", "braces", "{%")),
        ("a.b set", ("TPL007", "", "a.b set")),
        ("", ("TPL006", "empty", "")),
    ],
)
def test_outside_the_grammar(text: str, expected: tuple[str, str, str]) -> None:
    assert findings(text) == [expected]


def test_did_you_mean_is_in_the_help() -> None:
    (finding,) = parse_condition(mapped("mounths_since(a.b) > 3")).diagnostics
    assert finding.help == "did you mean `months_since`?"


@pytest.mark.parametrize(
    "text", ["(" * 9000, "not " * 2400, "age(" * 2000, "a.b == (" * 1000, "(" * 400 + "a.b" + ")" * 400]
)
def test_depth_is_a_finding_and_no_crash(text: str) -> None:
    assert [d.rule.code for d in parse_condition(mapped(text)).diagnostics] == ["TPL012"]


def test_thirty_levels_are_fine() -> None:
    condition("(" * 30 + "a.b" + ")" * 30)


def test_messages_stay_short() -> None:
    for text in (
        "a" * 9000 + "(b.c)",
        "a.b == " + "x" * 9000,
        "9" * 9000 + " == a.b",
        "a " * 4000,
        "a.b is " + "x" * 9000,
    ):
        diagnostics = parse_condition(mapped(text)).diagnostics
        assert diagnostics, text[:20]
        for finding in diagnostics:
            assert len(finding.message) < 200
            assert len(finding.help) < 300


def test_length_is_a_finding() -> None:
    (finding,) = parse_condition(mapped("a.b or " * 2000 + "a.b")).diagnostics
    assert (finding.rule.code, finding.say) == ("TPL012", "long")


# What a derived field comes from


def test_a_source_is_a_function_and_a_field() -> None:
    text = "next(appointment.start)"
    call = parse_call(mapped(text)).value
    assert call is not None
    assert bare(call) == ("Call", "next", (("Name", "appointment.start"),))
    assert text[call.function_span.start : call.function_span.end] == "next"
    assert text[call.args[0].span.start : call.args[0].span.end] == "appointment.start"


@pytest.mark.parametrize(
    ("text", "say", "quoted"),
    [
        ("nxt(appointment.start)", "near", "nxt"),
        ("max(appointment.start)", "", "max"),
        ("appointment.start", "form", "appointment.start"),
        ("next(start)", "field", "(start)"),
        ("next()", "field", "()"),
        ("next(a.b, c.d)", "field", "(a.b, c.d)"),
        ("next(a.b) or 1", "rest", "or 1"),
        ("", "form", ""),
    ],
)
def test_a_source_that_is_none(text: str, say: str, quoted: str) -> None:
    (finding,) = parse_call(mapped(text)).diagnostics
    assert (finding.rule.code, finding.say, text[finding.span.start : finding.span.end]) == ("TPL014", say, quoted)


# Properties

names = st.from_regex(r"[a-z][a-z_0-9]{0,6}\.[a-z][a-z_0-9]{0,6}", fullmatch=True).filter(lambda name: "__" not in name)
names = names.filter(
    lambda name: not set(name.split(".")) & {"not", "and", "or", "is", "in", "true", "false", "if", "set"}
)
name_nodes = names.map(lambda name: Name(name, NOWHERE))
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
literals = st.one_of(texts, st.integers(-999, 999), st.booleans()).map(lambda value: Literal(value, NOWHERE))
calls = st.tuples(st.sampled_from(["age", "days_since", "months_since"]), name_nodes).map(
    lambda pair: Call(pair[0], (pair[1],), NOWHERE, NOWHERE)
)
tests = st.one_of(
    st.tuples(name_nodes, texts.map(lambda value: Literal(value, NOWHERE))).map(
        lambda pair: Call("has", pair, NOWHERE, NOWHERE)
    ),
    name_nodes,
)
values = st.one_of(name_nodes, literals, calls)
comparisons = st.tuples(
    values, st.lists(st.tuples(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), values), min_size=1, max_size=3)
).map(lambda pair: Compare(pair[0], tuple(pair[1]), NOWHERE))
conditions = st.recursive(
    st.one_of(
        tests,
        comparisons,
        st.tuples(values, st.lists(literals, min_size=1, max_size=3), st.booleans()).map(
            lambda parts: Membership(parts[0], tuple(parts[1]), parts[2], NOWHERE)
        ),
        st.tuples(name_nodes, st.booleans()).map(lambda pair: IsSet(*pair, NOWHERE)),
    ),
    lambda inner: st.one_of(
        inner.map(lambda operand: Not(operand, NOWHERE)),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: And(tuple(operands), NOWHERE)),
        st.lists(inner, min_size=2, max_size=3).map(lambda operands: Or(tuple(operands), NOWHERE)),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(conditions)
def test_what_is_written_is_read_back(tree: Expression) -> None:
    assert bare(condition(written(tree))) == bare(tree)


@settings(max_examples=40, deadline=None)
@given(conditions, st.integers(0, 50))
def test_every_span_quotes_an_expression_that_reads_as_its_node(tree: Expression, shift: int) -> None:
    text = written(tree)
    checked = parse_condition(MappedText.plain(text, "a.yaml", shift))
    for node in nodes(checked.value):
        quoted = text[node.span.start - shift : node.span.end - shift]
        if isinstance(node, Literal):
            assert bare(condition(f"{quoted} == {quoted}"))[1] == bare(node)
        elif isinstance(node, Call) and node.function in ("age", "days_since", "months_since"):
            assert bare(condition(f"{quoted} > 1"))[1] == bare(node)
        else:
            assert bare(condition(quoted)) == bare(node)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["a.b", "(", ")", "[", "]", '"', "'", "“", "x", " ", "and", "or", "not", "is", "in", "set", "==", "=", "!",
             "age", "has", "segment", ",", ".", "|", "-", "3", "true",
             "{{", "}}", "%}", "\\", "**", "if", "é", "中", "\n"]
        ) | st.text(max_size=3),
        max_size=25,
    ).map("".join)
)  # fmt: skip
def test_no_text_breaks_the_parser_and_every_finding_lies_in_it(text: str) -> None:
    for checked in (parse_condition(mapped(text)), parse_call(mapped(text))):
        assert checked.value is not None or checked.diagnostics
        assert_findings_stand(text, checked.diagnostics)


def assert_findings_stand(text: str, diagnostics: tuple[Diagnostic, ...]) -> None:
    for finding in diagnostics:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.message
        assert finding.help


# The conditions of the design


def conditions_of(tree: Any) -> list[str]:
    found = []
    if isinstance(tree, list):
        return [text for item in tree for text in conditions_of(item)]
    if not isinstance(tree, dict):
        return []
    for key, value in tree.items():
        if key in ("if", "where", "goal", "stop_when"):
            found += value if isinstance(value, list) else [value]
        found += conditions_of(value)
    return found


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the design examples are not beside this checkout")
def test_every_condition_of_the_design_examples_reads() -> None:
    texts = [
        text
        for path in sorted(EXAMPLES.rglob("*.yaml"))
        for text in conditions_of(yaml.safe_load(path.read_text("utf-8")))
    ]
    assert len(texts) > 30
    for text in texts:
        condition(text)
