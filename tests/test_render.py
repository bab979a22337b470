"""Joining parts with one person's values: escaped by context, and never disturbing the text around them."""

from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.address import checked_address
from campcompile.errors import AddressError, MissingValueError
from campcompile.formula import FieldRef
from campcompile.manifest import Derived
from campcompile.parts import Branch, Context, Part, Parts, Picture, Slot
from campcompile.plain import printable
from campcompile.render import join, names

_values = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ['"><script>', "a\r\nBcc: x@y.example", "\0", "李小龍", "אבג", "\u202eevil", "\u2069\u2069", "👩‍⚕️", "%s{{ x }}"]
    ),
)
_slots = st.builds(Slot, st.sampled_from(["t1", "t2"]), st.sampled_from([c for c in Context if c is not Context.URL]))
_pieces: st.SearchStrategy[Part] = st.one_of(st.text(max_size=5), _slots, st.builds(Picture, st.just("ab.png")))


def _nested(inner: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    some = st.lists(inner, max_size=3).map(tuple)
    return st.builds(Branch, st.sampled_from(["c1", "c2"]), some, some)


PARTS: st.SearchStrategy[Parts] = st.lists(st.recursive(_pieces, _nested, max_leaves=6), max_size=6).map(tuple)


@settings(max_examples=150, deadline=None)
@given(PARTS, _values, _values, st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))
def test_rendering_parts_equals_compiling_with_the_values(
    parts: Parts, one: str, two: str, c1: bool | None, c2: bool | None
) -> None:
    found = {"t1": one, "t2": two, "c1": c1, "c2": c2}
    assert join(parts, found) == _written(parts, found)


def _written(parts: Parts, found: dict[str, object]) -> str:
    """The same text as if the values had been the author's words, by independent means."""
    out = []
    for part in parts:
        if isinstance(part, Branch):
            out.append(_written(part.then if found[part.name] is True else part.orelse, found))
        elif isinstance(part, Picture):
            out.append(f"../assets/{part.name}")
        elif isinstance(part, Slot):
            text = printable(str(found[part.name]))
            if part.context in (Context.TEXT, Context.ATTRIBUTE):
                for char, reference in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
                    text = text.replace(char, reference)
            if part.context is Context.CALENDAR:
                text = "".join("\\" + char if char in "\\;," else char for char in text)
            if part.context is Context.HEADER:
                text = " ".join(piece for piece in text.split(" ") if piece)
            out.append(text)
        else:
            out.append(part)
    return "".join(out)


@settings(max_examples=150, deadline=None)
@given(_values)
def test_a_printed_value_holds_no_control_and_no_line_end(value: str) -> None:
    for context in (Context.TEXT, Context.ATTRIBUTE, Context.HEADER, Context.PLAIN, Context.CALENDAR):
        printed = html.unescape(join((Slot("t1", context),), {"t1": value}))
        assert not {unicodedata.category(char) for char in printed} & {"Cc", "Cs", "Zl", "Zp"}


@settings(max_examples=150, deadline=None)
@given(_values)
def test_the_direction_of_a_value_stays_inside_it(value: str) -> None:
    printed = printable(value)
    depth = lowest = 0
    for char in printed:
        depth += (char in "\u2066\u2067\u2068") - (char == "\u2069")
        lowest = min(lowest, depth)
    assert (depth, lowest) == (0, 0)
    telling = {"R", "AL", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    if {unicodedata.bidirectional(char) for char in printed} & telling:
        assert printed.startswith("\u2068") and printed.endswith("\u2069")


@pytest.mark.parametrize("name", ["Kari", "Anne-Lise O'Hara", "李小龍", "Zoë 👩‍⚕️", "Ngô Bảo Châu", "नमस्ते", "e\u0301"])
def test_names_that_read_from_left_to_right_are_untouched(name: str) -> None:
    assert join((Slot("t1", Context.PLAIN),), {"t1": name}) == name


def test_a_name_from_right_to_left_is_isolated() -> None:
    hello = ("Hello ", Slot("t1", Context.PLAIN), "!")
    assert join(hello, {"t1": "משה"}) == "Hello \u2068משה\u2069!"


def test_unknown_is_not_true() -> None:
    branch = (Branch("c1", ("shown",), ("else",)),)
    assert [join(branch, {"c1": found}) for found in (True, False, None)] == ["shown", "else", "else"]


def test_a_missing_value_that_is_printed_is_an_error_that_names_the_field() -> None:
    derived = {"t1": Derived(type="text", label="contact", formula=FieldRef("patient.first_name"), host="")}
    with pytest.raises(MissingValueError, match=r"`patient\.first_name` is missing"):
        join((Slot("t1", Context.TEXT),), {"t1": None}, derived)


def test_a_missing_value_in_an_arm_that_is_not_shown_is_none() -> None:
    assert join((Branch("c1", (Slot("t1", Context.TEXT),)),), {"t1": None, "c1": False}) == ""


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("https://time.example/c/k1", "https://time.example/c/k1"),
        ("https://TIME.example/c/k1", "https://time.example/c/k1"),
        ("https://time.example", "https://time.example"),
        ("https://time.example/?a=1&b=2#c", "https://time.example/?a=1&b=2#c"),
        ("https://time.example/李", "https://time.example/%E6%9D%8E"),
        ("https://time.example/%E6%9D%8E", "https://time.example/%E6%9D%8E"),
        ('https://time.example/"><b>', "https://time.example/%22%3E%3Cb%3E"),
        ("https://time.example/100%", "https://time.example/100%25"),
        ("https://time.example/a b", "https://time.example/a%20b"),
        ("https://time.example/\u202e", "https://time.example/%E2%80%AE"),
        ("tel:+4755501234", "tel:+4755501234"),
    ],
)
def test_a_link_is_sent_as_ascii(address: str, printed: str) -> None:
    assert checked_address(address, "time.example") == printed


@pytest.mark.parametrize(
    "address",
    [
        "http://time.example/",
        "HTTPS://time.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "//time.example/",
        "https:time.example",
        "https://time.example.evil.example/",
        "https://evil.example/time.example",
        "https://time.example@evil.example/",
        "https://user:pw@time.example/",
        "https://time.example:8443/",
        "https://time.example\\.evil.example/",
        "https://time.example/\r\nBcc: x",
        "https://time.example/\0",
        "https://time.exämple/",
        "https:///path",
        "https://?time.example",
        " https://time.example/",
        "tel:+47(0)555",
        "tel:113;ext=1",
        "",
    ],
)
def test_a_link_elsewhere_is_refused_without_quoting_it(address: str) -> None:
    derived = {"u1": Derived(type="url", label="contact", formula=FieldRef("links.confirm"), host="time.example")}
    for context, medium in ((Context.URL, "html"), (Context.PLAIN, "plain"), (Context.HEADER, "plain")):
        with pytest.raises(AddressError, match=r"`links\.confirm`") as caught:
            join((Slot("u1", context),), {"u1": address}, derived, medium=medium)  # type: ignore[arg-type]
        assert len(address) < 6 or address not in str(caught.value)


def test_a_link_is_escaped_in_html_and_not_in_plain_text() -> None:
    slot, found = (Slot("u1", Context.URL),), {"u1": "https://time.example/?a=1&copy=2"}
    assert join(slot, found) == "https://time.example/?a=1&amp;copy=2"
    assert join(slot, found, medium="plain") == "https://time.example/?a=1&copy=2"


def test_names_are_found_in_every_arm() -> None:
    parts = ("a", Slot("t1", Context.TEXT), Branch("c1", (Slot("t2", Context.TEXT),), (Branch("c2", ()),)))
    assert names(parts) == {"t1", "t2", "c1", "c2"}
