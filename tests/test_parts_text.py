"""The written form of parts: what is printed is what is read, and Jinja reads it too."""

from __future__ import annotations

import jinja2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from campcompile.parts import Branch, Context, Part, Parts, Picture, Slot
from campcompile.parts_text import PartsError, normal, parse_parts, print_parts

PICTURES = ("3f2a9c1d5b7e8a40.png", "00ff00ff00ff00ff.jpg", "1111222233334444.jpeg")
_tricky = st.lists(
    st.sampled_from(["{", "}", "{{", "}}", "{%", "%}", "{#", "#}", '"', "'", " ", "\n", "../assets/", "..", "é", "-"])
    | st.text(max_size=3),
    max_size=6,
).map("".join)  # fmt: skip
_leaves: st.SearchStrategy[Part] = st.one_of(
    _tricky,
    st.builds(Slot, st.sampled_from(["t1", "t2", "u1"]), st.sampled_from(list(Context))),
    st.builds(Picture, st.sampled_from(PICTURES)),
)


def _nested(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    some = st.lists(inner, max_size=3).map(tuple)
    return st.builds(Branch, st.sampled_from(["c1", "c2"]), some, some)


PARTS: st.SearchStrategy[Parts] = st.lists(st.recursive(_leaves, _nested, max_leaves=6), max_size=6).map(tuple)


@settings(max_examples=150, deadline=None)
@given(PARTS, st.sampled_from(list(Context)))
@example(("{", Slot("t1", Context.TEXT)), Context.TEXT)
@example(("{../assets/",), Context.TEXT)
@example(("{", "{", "%", "{{{", Branch("c1", ("{",), ("../assets/" + PICTURES[0],))), Context.PLAIN)
def test_any_parts_come_back_as_they_were_printed(parts: Parts, default: Context) -> None:
    assert parse_parts(print_parts(parts, default), default, PICTURES) == normal(parts)


@settings(max_examples=50, deadline=None)
@given(PARTS, st.sampled_from(list(Context)), st.booleans(), st.booleans())
def test_jinja_reads_the_same_text(parts: Parts, default: Context, c1: bool, c2: bool) -> None:
    environment = jinja2.Environment(keep_trailing_newline=True, autoescape=False)
    for context in Context:
        environment.filters[context.value] = str
    values = {"t1": "one", "t2": "two", "u1": "https://x.example/"}
    text = print_parts(parts, default).replace("\r\n", "\n").replace("\r", "\n")  # Jinja's own line ends
    expected = _told(parts, {**values, "c1": c1, "c2": c2}).replace("\r\n", "\n").replace("\r", "\n")
    assert environment.from_string(text).render(values, c1=c1, c2=c2) == expected


def _told(parts: Parts, values: dict[str, object]) -> str:
    told = ""
    for part in parts:
        if isinstance(part, Slot):
            told += str(values[part.name])
        elif isinstance(part, Picture):
            told += f"../assets/{part.name}"
        elif isinstance(part, Branch):
            told += _told(part.then if values[part.name] else part.orelse, values)
        else:
            told += part
    return told


def test_a_written_form_that_a_person_can_read() -> None:
    parts = (
        "Hello",
        Branch("c1", (" ", Slot("t1", Context.TEXT)), (" there",)),
        ', {{ <a href="',
        Slot("u1", Context.URL),
        '"><img src="',
        Picture(PICTURES[0]),
        '">',
    )
    assert print_parts(parts, Context.TEXT) == (
        'Hello{% if c1 %} {{ t1 }}{% else %} there{% endif %}, {{ "{{" }} '
        '<a href="{{ u1 | url }}"><img src="../assets/3f2a9c1d5b7e8a40.png">'
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ t1", "begins nothing"),
        ("{{ t1 | md5 }}", "begins nothing"),
        ("{{ T1 }}", "begins nothing"),
        ("{# note #}", "begins nothing"),
        ("{% for x in y %}", "begins nothing"),
        ("{% if c1 %}a", "not closed"),
        ("{% if c1 %}a{% else %}b{% else %}c{% endif %}", "not closed"),
        ("a{% endif %}", "without an `if`"),
        ("{% else %}", "without an `if`"),
        ("../assets/ffffffffffffffff.png", "not listed"),
        ("../assets/../manifest.json", "begins nothing"),
        ("{% if c1 %}" * 100 + "{% endif %}" * 100, "within one another"),
    ],
)
def test_what_was_not_printed_by_us_is_refused(text: str, why: str) -> None:
    with pytest.raises(PartsError, match=why):
        parse_parts(text, Context.TEXT, PICTURES)
