"""Layouts hold a few of Jinja's tags; each print is told with the context it stands in, each misuse with its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import assert_never

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.parts import Context
from campcompile.syntax.expression import And, Call, Compare, Expression, IsSet, Membership, Name, Not, Or
from campcompile.syntax.expression import Literal as Constant
from campcompile.syntax.layout import read_layout
from campcompile.syntax.layout_files import check_layouts
from campcompile.syntax.layout_names import check_names
from campcompile.syntax.layout_tree import (
    Choice,
    Inclusion,
    LayoutFile,
    LayoutNode,
    Literal,
    Output,
    PictureUse,
    Place,
    Repeat,
)
from campcompile.syntax.source import Source

EVIL = Path(__file__).parents[2] / ".." / "shared" / "evil"
HEAD = '<mjml lang="{{ lang }}" dir="{{ dir }}"><mj-body><mj-section><mj-column>'
TAIL = "</mj-column></mj-section></mj-body></mjml>"


def layout(body: str) -> LayoutFile:
    """A clean layout with `body`, in line 2, in a column."""
    read = read_layout(Source("layouts/a.mjml", f"{HEAD}\n{body}{TAIL}"))
    assert [finding.message for finding in read.diagnostics] == []
    return read.value


def told(body: str, path: str = "layouts/a.mjml") -> list[str]:
    """Each finding about `body` in a column as `CODE line:column quoted`."""
    source = Source(path, f"{HEAD}\n{body}{TAIL}")
    findings = sorted(read_layout(source).diagnostics, key=lambda finding: finding.sort_key)
    assert all(finding.message and finding.help is not None for finding in findings)
    return [
        f"{finding.rule.code} {':'.join(map(str, source.position(finding.span.start)))} {source.quote(finding.span)}"
        for finding in findings
    ]


def in_text(inner: str) -> list[str]:
    """Findings about `inner` in an mj-text, which begins in column 10 of line 2."""
    return told(f"<mj-text>{inner}</mj-text>")


# Prints and their contexts


@pytest.mark.parametrize(
    ("body", "context", "place"),
    [
        ("<mj-text>{{ x }}</mj-text>", Context.TEXT, Place.WORDS),
        ("<mj-text><p>{{ x }}</p></mj-text>", Context.TEXT, Place.WORDS),
        ("<mj-button href='https://a.example/'>{{ x }}</mj-button>", Context.TEXT, Place.WORDS),
        ('<mj-text css-class="a {{ x }}">b</mj-text>', Context.ATTRIBUTE, Place.VALUE),
        ("<mj-text><p title='a {{ x }}'>b</p></mj-text>", Context.ATTRIBUTE, Place.VALUE),
        ('<mj-image src="assets/a.png" alt="{{ x }}"/>', Context.ATTRIBUTE, Place.VALUE),
        ('<mj-button href="{{ x }}">a</mj-button>', Context.URL, Place.ADDRESS),
        ('<mj-text><a href=" {{ x }} ">b</a></mj-text>', Context.URL, Place.ADDRESS),
        ('<mj-image src="{{ x }}" alt=""/>', Context.URL, Place.ADDRESS),
        ('<mj-text><a href="tel:{{ x }}">b</a></mj-text>', Context.ATTRIBUTE, Place.ADDRESS),
    ],
)
def test_a_print_is_told_with_its_context(body: str, context: Context, place: Place) -> None:
    output = layout(body).outputs[-1]
    assert (output.name.path, output.context, output.place) == ("x", context, place)


def test_a_choice_of_addresses_is_an_address() -> None:
    file = layout('<mj-button href="{% if a is set %}{{ a }}{% else %}{{ b }}{% endif %}">x</mj-button>')
    assert [output.context for output in file.outputs[2:]] == [Context.URL, Context.URL]


def test_the_title_is_escaped_for_the_label_it_also_becomes() -> None:
    read = read_layout(
        Source(
            "layouts/a.mjml",
            '<mjml lang="en" dir="ltr"><mj-head><mj-title>“{{ s }}”</mj-title></mj-head><mj-body/></mjml>',
        )
    )
    assert not read.diagnostics
    assert [output.context for output in read.value.outputs] == [Context.ATTRIBUTE]
    assert "&#8220;" in "".join(node.text for node in read.value.nodes if isinstance(node, Literal))


def test_what_is_the_same_for_everybody_may_stand_in_styles() -> None:
    file = layout('<mj-text color="{{ theme.text }}"><p style="color:{{ theme.muted }}">x</p></mj-text>')
    assert [output.place for output in file.outputs[2:]] == [Place.STYLE, Place.STYLE]


def test_blocks_are_printed_between_mjml_tags() -> None:
    assert layout("{{ body }}").outputs[-1].place is Place.MARKUP


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<mj-text><a title={{ x }}>b</a></mj-text>", ["FLD004 2:22 x"]),
        ("<mj-text><p {{ x }}>b</p></mj-text>", ["FLD004 2:16 x"]),
        ("<mj-text><{{ x }}>b</mj-text>", ["FLD004 2:14 x"]),
        ("<mj-text><p style='color:{{ patient.x }}'>b</p></mj-text>", ["FLD004 2:29 patient.x"]),
        ("<mj-text color='{{ patient.x }}'>b</mj-text>", ["FLD004 2:20 patient.x"]),
        ("<mj-raw><style>{{ patient.x }}</style></mj-raw>", ["FLD004 2:19 patient.x"]),
        ("<mj-raw><!--[if mso]>{{ patient.x }}<![endif]--></mj-raw>", ["FLD004 2:25 patient.x"]),
        ("<mj-button href='https://a.example/{{ x }}'>b</mj-button>", ["FLD004 2:39 x"]),
        ("<mj-button href='{{ x }}{{ y }}'>b</mj-button>", ["FLD004 2:28 y"]),
        ("<mj-button href='javascript:{{ x }}'>b</mj-button>", ["FLD004 2:32 x"]),
        ("<mj-text><p onclick='{{ x }}'>b</p></mj-text>", ["LAY011 2:13 onclick"]),
        (
            "<mj-button href='{% if x %}javascript:y{% endif %}'>b</mj-button>",
            ["LNK001 2:18 {% if x %}javascript:y{% endif %}"],
        ),
        (
            "<mj-image alt='' src='{% if x %}https://a.example/b.png{% endif %}'/>",
            ["LAY012 2:23 {% if x %}https://a.example/b.png{% endif %}"],
        ),
        ("<mj-text color='{% if x %}red;a:b{% endif %}'>b</mj-text>", ["LAY009 2:17 {% if x %}red;a:b{% endif %}"]),
        (
            "<mj-text><p style='a:ur{% if x %}l(b{% endif %})'>b</p></mj-text>",
            ["LAY012 2:20 a:ur{% if x %}l(b{% endif %})"],
        ),
        ("{{ patient.x }}", ["LAY017 2:4 patient.x"]),
        ("<mj-text>{{ body }}</mj-text>", ["LAY017 2:13 body"]),
    ],
)
def test_an_unsafe_place_is_found(body: str, expected: list[str]) -> None:
    assert told(body) == expected


# The template language


@pytest.mark.parametrize(
    "inner",
    [
        "{{ practice.name }}",
        "{{ appointment.start | date }}",
        '{% if layer == "essential" and practice.phone is set %}a{% elif not x %}b{% else %}c{% endif %}',
        '{% if layer in ["updates", "promotional"] or has(show, "date") %}a{% endif %}',
        "{% for item in items %}<p>{{ item.text }}</p>{% endfor %}",
        "{% raw %}{{ not_a_field }}{% endraw %}",
        "{# <mj-text> a note that stays here: {{ x }} #}",
        "{%- if x -%} a {%- endif -%}",
    ],
)
def test_the_language_is_silent(inner: str) -> None:
    assert in_text(inner) == []


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("{{ ''.__class__.__mro__ }}", ["FLD004 2:13 ''.__class__.__mro__"]),
        ("{{ a.__class__ }}", ["FLD004 2:13 a.__class__"]),
        ("{{ lipsum(n=10000) }}", ["FLD004 2:13 lipsum"]),
        ("{{ 9**9**7 }}", ["FLD004 2:13 9**9**7"]),
        ("{{ x | safe }}", ["FLD004 2:17 safe"]),
        ("{{ x[0] }}", ["FLD004 2:14 [0]"]),
        ("{{ x | center(80) }}", ["TPL009 2:17 center"]),
        ("{% for i in range(99999) %}{% endfor %}", ["LAY016 2:17 i in range(99999)"]),
        ("{% for i in x if i %}{% endfor %}", ["LAY016 2:17 i in x if i"]),
        ("{% set a = 1 %}", ["LAY016 2:13 set"]),
        ("{% macro a() %}{% endmacro %}", ["LAY016 2:13 macro", "LAY016 2:28 endmacro"]),
        ('{% extends "b.mjml" %}', ["LAY016 2:13 extends"]),
        ('{% import "b.mjml" as b %}', ["LAY016 2:13 import"]),
        ("{% autoescape false %}", ["LAY016 2:13 autoescape"]),
        ("{% iff x %}", ["LAY016 2:13 iff"]),
        ("{% if x %}a", ["TPL003 2:10 {% if x %}"]),
        ("{% for x in y %}a", ["LAY016 2:10 {% for x in y %}"]),
        ("a{% endif %}", ["TPL003 2:11 {% endif %}"]),
        ("a{% endfor %}", ["LAY016 2:11 {% endfor %}"]),
        ("{% if x %}{% else %}{% else %}{% endif %}", ["TPL003 2:30 {% else %}"]),
        ("{% if x %}{% endif x %}", ["LAY016 2:29 x"]),
        ("{{ x }", ["TPL001 2:10 {{ x }"]),
        ("a }}", ["TPL001 2:12 }}"]),
        ("{% include '/etc/passwd' %}", ["LAY014 2:21 '/etc/passwd'"]),
        ("{% include '../a.mjml' %}", ["LAY014 2:21 '../a.mjml'"]),
        ("{% include 'file:a.mjml' %}", ["LAY014 2:21 'file:a.mjml'"]),
        ("{% include name %}", ["LAY014 2:21 name"]),
        ("{% include 'a.mjml' ignore missing %}", ["LAY014 2:21 'a.mjml' ignore missing"]),
    ],
)
def test_what_is_beyond_the_language_is_found(inner: str, expected: list[str]) -> None:
    assert in_text(inner) == expected


def test_ten_thousand_brackets_are_one_finding() -> None:
    findings = in_text("{{ " + "(" * 10_000 + "x" + ")" * 10_000 + " }}")
    assert [finding[:12] for finding in findings] == ["LAY001 2:10 "]


def test_conditions_nested_too_deeply_are_told_once() -> None:
    findings = in_text("{% if x %}" * 40 + "{% endif %}" * 40)
    assert [finding[:6] for finding in findings] == ["LAY001"] * 1


# Branches and markup


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '{% if x %}<mj-text>{% else %}<mj-text align="left">{% endif %}x</mj-text>',
            ["LAY006 2:12 mj-text", "LAY017 2:23 else", "LAY010 2:31 mj-text", "LAY017 2:55 endif"],
        ),
        ("<mj-text {% if x %}align='left'{% endif %}>x</mj-text>", ["LAY017 2:13 if"]),
        ("<mj-text><p title='{% if x %}a'>b{% endif %}</p></mj-text>", ["LAY017 2:37 endif"]),
        ("<mj-text><b>{% for x in y %}</b>{% endfor %}</mj-text>", ["LAY017 2:36 endfor"]),
        ("<mj-text><p title='{% include \"a.mjml\" %}'>b</p></mj-text>", ['LAY014 2:31 "a.mjml"']),
    ],
)
def test_a_branch_that_is_not_closed_in_itself_is_found(body: str, expected: list[str]) -> None:
    assert told(body) == expected


def test_markup_beside_template_tags_keeps_its_place() -> None:
    assert told("{% if theme.logo is set %}<mj-txt>a</mj-txt>{% endif %}") == ["LAY007 2:28 mj-txt"]
    assert told("{{ body }}<mj-text colour='red'>a</mj-text>") == ["LAY008 2:20 colour"]


def test_a_choice_between_tags_says_so() -> None:
    choice = next(node for node in layout("{% if x %}<mj-divider/>{% endif %}").walk() if isinstance(node, Choice))
    assert choice.place is Place.MARKUP


def test_literals_go_into_mjml_in_ascii() -> None:
    file = layout(
        "<mj-text css-class='a'><p title='é “x” \\ \u00a0'>5 &gt; 3 – é</p></mj-text>"
        "<mj-raw><style>.é>b{}</style></mj-raw>"
    )
    texts = "".join(node.text for node in file.walk() if isinstance(node, Literal))
    assert texts.isascii()
    assert "title='&#233; &#8220;x&#8221; &#92; &#160;'" in texts
    assert ".\\e9 >b{}" in texts


def test_a_picture_written_out_is_told_apart() -> None:
    file = layout('<mj-image src="assets/lógo.png" alt=""/>')
    assert [picture.path for picture in file.pictures] == ["assets/lógo.png"]
    assert file.source.quote(file.pictures[0].span) == "assets/lógo.png"


def test_a_plain_text_layout_holds_no_markup() -> None:
    read = read_layout(Source("layouts/a.txt", "a < b {{ practice.name }}\n"))
    assert not read.diagnostics
    assert [output.context for output in read.value.outputs] == [Context.PLAIN]


# Names, and files together


def test_names_in_loops_are_named_by_their_list() -> None:
    file = layout(
        "<mj-text>{% for row in rows %}{{ row.label }}{% if row.value is set %}{% endif %}{% endfor %}</mj-text>"
    )
    assert [use.path for use in file.names] == ["lang", "dir", "rows", "rows[].label", "rows[].value"]


def test_unknown_names_are_found_with_the_right_one() -> None:
    file = layout("<mj-text>{{ practise.name }}{{ words.hello }}</mj-text>")
    (finding,) = check_names(file, ["lang", "dir", "practice.name", "words.*"])
    assert finding.message == "unknown name `practise.name`"
    assert finding.help == "did you mean `practice.name`?"
    assert file.source.quote(finding.span) == "practise.name"


def files(**texts: str) -> Mapping[str, LayoutFile]:
    named = {name.replace("__", "/") + ".mjml": text for name, text in texts.items()}
    return {name: read_layout(Source(f"layouts/{name}", text)).value for name, text in named.items()}


def test_inclusions_are_there_fit_and_end() -> None:
    whole = f'{HEAD}{{% include "blocks/a.mjml" %}}{{% include "blocks/aa.mjml" %}}{TAIL}'
    together = files(clinic=whole, blocks__a="<mj-section></mj-section>", blocks__b='{% include "blocks/b.mjml" %}')
    found = check_layouts(together)
    assert [finding.message for finding in found] == [
        "`mj-section` can't stand in `mj-column`, where it is included",
        "there is no `blocks/aa.mjml` to include",
        "`blocks/b.mjml` includes itself: blocks/b.mjml → blocks/b.mjml",
    ]
    assert found[1].help == "did you mean `blocks/a.mjml`?"


def test_a_circle_of_three_is_shown_whole() -> None:
    def includes(name: str) -> str:
        return f'{{% include "blocks/{name}.mjml" %}}'

    together = files(blocks__a=includes("b"), blocks__b=includes("c"), blocks__c=includes("a"))
    chain = "blocks/a.mjml → blocks/b.mjml → blocks/c.mjml → blocks/a.mjml"
    assert [finding.args["chain"] for finding in check_layouts(together)] == [chain]


def test_a_good_inclusion_is_silent() -> None:
    together = files(clinic=f'{HEAD}{{% include "blocks/a.mjml" %}}{TAIL}', blocks__a="<mj-text>x</mj-text>")
    assert check_layouts(together) == ()


# Jinja agrees

_NAMES = st.sampled_from(["a", "b", "c.d"])
_CONDITIONS = st.recursive(
    st.one_of(
        _NAMES,
        _NAMES.map("{} is set".format),
        _NAMES.map("{} is not set".format),
        _NAMES.map('{} == "x"'.format),
        _NAMES.map('{} in ["x", "y"]'.format),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
        inner.map("not ({})".format),
    ),
    max_leaves=4,
)
_PIECES = st.recursive(
    st.one_of(
        st.sampled_from(["x", " <b>y</b> ", "\n", "{# n #}", "{% raw %}{{ z }}{% endraw %}", "{{- a -}}", "'", "é"]),
        _NAMES.map("{{{{ {} }}}}".format),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.tuples(_CONDITIONS, inner, inner).map(
            lambda parts: f"{{% if {parts[0]} %}}{parts[1]}{{% else %}}{parts[2]}{{% endif %}}"
        ),
        st.tuples(_CONDITIONS, inner).map(lambda parts: f"{{%- if {parts[0]} -%}} {parts[1]} {{%- endif %}}"),
        inner.map(lambda part: f"{{% for i in list %}}{part}{{{{ i.t }}}}{{% endfor %}}"),
    ),
    max_leaves=8,
)
_VALUES = st.sampled_from(["", "x", "y"])


def evaluate(nodes: tuple[LayoutNode, ...], values: Mapping[str, object]) -> str:
    """What the nodes print, by the plainest reading of them."""
    out = []
    for node in nodes:
        match node:
            case Literal(text):
                out.append(text)
            case Output(name=name):
                out.append(str(lookup(name.path, values)))
            case Choice(arms=arms):
                chosen = next((arm for arm in arms if arm.condition is None or true(arm.condition, values)), None)
                out.append(evaluate(chosen.nodes, values) if chosen else "")
            case Repeat(variable=variable, items=items, nodes=inner):
                rows = lookup(items.path, values)
                assert isinstance(rows, list)
                out.extend(evaluate(inner, {**values, variable: row}) for row in rows)
            case PictureUse() | Inclusion():
                raise AssertionError(node)
            case _:
                assert_never(node)
    return "".join(out)


def lookup(path: str, values: Mapping[str, object]) -> object:
    value: object = values
    for part in path.split("."):
        assert isinstance(value, dict)
        value = value[part]
    return value


def true(condition: Expression, values: Mapping[str, object]) -> bool:
    match condition:
        case Name(path):
            return bool(lookup(path, values))
        case IsSet(Name(path), negated):
            return bool(lookup(path, values)) != negated
        case Compare(Name(path), (("==", Constant(wanted)),)):
            return lookup(path, values) == wanted
        case Membership(Name(path), choices, negated):
            return (lookup(path, values) in [choice.value for choice in choices]) != negated
        case Not(operand):
            return not true(operand, values)
        case And(operands):
            return all(true(operand, values) for operand in operands)
        case Or(operands):
            return any(true(operand, values) for operand in operands)
        case Call() | _:
            raise AssertionError(condition)


@settings(max_examples=80, deadline=None)
@given(_PIECES, _VALUES, _VALUES, _VALUES, st.lists(st.fixed_dictionaries({"t": _VALUES}), max_size=2))
def test_jinja_prints_the_same(text: str, a: str, b: str, d: str, rows: list[dict[str, str]]) -> None:
    values = {"a": a, "b": b, "c": {"d": d}, "list": rows}
    environment = jinja2.Environment(keep_trailing_newline=True)
    environment.tests["set"] = bool
    read = read_layout(Source("layouts/a.txt", text))
    assert not read.diagnostics
    assert evaluate(read.value.nodes, values) == environment.from_string(text).render(values)


# Whatever comes in


_SHREDS = st.sampled_from(
    [*"{}%#<>/=\"' ab.|-!\n\x00é", "{% if ", "{% endif %}", "{% for ", "{{ x }}", "<mj-text ", " %}"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_SHREDS, max_size=40).map("".join))
def test_whatever_comes_in_spans_stay_inside_and_nothing_raises(text: str) -> None:
    read = read_layout(Source("layouts/a.mjml", text))
    for finding in read.diagnostics:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.message and finding.help is not None
    check_layouts({"a.mjml": read.value})


EVIL_PLACES = {
    "j001.mjml": "FLD004 1:70",
    "j003.mjml": "FLD004 1:70",
    "j005.mjml": "FLD004 1:70",
    "j007.mjml": "FLD004 1:70",
    "j009.mjml": "LAY016 1:74",
    "j011.mjml": "LAY001 1:67",
    "j013.mjml": "LAY014 1:78",
    "j017.mjml": "LAY016 1:70",
    "j019.mjml": "FLD004 1:79",
    "j021.mjml": "FLD004 1:70",
    "j025.mjml": "TPL003 1:67",
}


@pytest.mark.skipif(not EVIL.is_dir(), reason="the shared collection of bad inputs is not here")
@pytest.mark.parametrize(("name", "place"), EVIL_PLACES.items())
def test_collected_tricks_are_found_where_they_stand(name: str, place: str) -> None:
    source = Source(f"layouts/{name}", (EVIL / name).read_text("utf-8"))
    places = {
        f"{finding.rule.code} {':'.join(map(str, source.position(finding.span.start)))}"
        for finding in read_layout(source).diagnostics
    }
    assert places - {place} <= {"A11Y001 1:2", "LAY016 1:101", "LAY016 1:108"}
    assert place in places


@pytest.mark.skipif(not EVIL.is_dir(), reason="the shared collection of bad inputs is not here")
@pytest.mark.parametrize("name", ["j027.mjml", "j029.mjml", "body.mjml"])
def test_collected_good_layouts_are_silent(name: str) -> None:
    text = (EVIL / name).read_text("utf-8").replace("<mjml>", '<mjml lang="en" dir="ltr">', 1)
    assert read_layout(Source(f"layouts/{name}", text)).diagnostics == ()


@pytest.mark.skipif(not EVIL.is_dir(), reason="the shared collection of bad inputs is not here")
@pytest.mark.parametrize(("name", "unknown"), [("j015.mjml", "first_nmae"), ("j023.mjml", "diagnosis")])
def test_collected_unknown_names_are_found(name: str, unknown: str) -> None:
    file = read_layout(Source(f"layouts/{name}", (EVIL / name).read_text("utf-8"))).value
    (finding,) = check_names(file, ["first_name"])
    assert file.source.quote(finding.span) == unknown
    assert file.source.position(finding.span.start) == (1, 70)
