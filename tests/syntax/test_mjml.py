"""MJML is read with the place of everything, and what mjml-python would drop, leak or die of is found before."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.findings_lay import RULES
from campcompile.syntax.link_check import check_address, check_link_words
from campcompile.syntax.markup import decode_attribute, escape_attribute, escape_text, scan
from campcompile.syntax.mjml import check_mjml, read_mjml
from campcompile.syntax.mjml_facts import facts, fits
from campcompile.syntax.mjml_tree import Element
from campcompile.syntax.source import MappedText, Piece, Source, Span

EVIL = Path(__file__).parents[2] / ".." / "shared" / "evil"
OPEN = '<mjml lang="en" dir="ltr"><mj-head></mj-head><mj-body><mj-section><mj-column>'
CLOSE = "</mj-column></mj-section></mj-body></mjml>"


def findings(text: str, *, fragment: bool = False) -> list[Diagnostic]:
    read = read_mjml(Source("layouts/a.mjml", text))
    found = (*read.diagnostics, *check_mjml(read.value, fragment=fragment))
    return sorted(found, key=lambda finding: finding.sort_key)


def told(text: str, *, fragment: bool = False) -> list[str]:
    """Each finding as `CODE line:column quoted`."""
    source = Source("layouts/a.mjml", text)
    return [
        f"{finding.rule.code} {':'.join(map(str, source.position(finding.span.start)))} {source.quote(finding.span)}"
        for finding in findings(text, fragment=fragment)
    ]


def in_column(body: str) -> list[str]:
    """Findings about `body` in a column, which begins in line 2."""
    return told(f"{OPEN}\n{body}{CLOSE}")


def helps(body: str) -> list[str]:
    return [finding.help for finding in findings(f"{OPEN}{body}{CLOSE}")]


# What is fine


@pytest.mark.parametrize(
    "body",
    [
        "<mj-text>a&nbsp;b &amp; c &#8212; d</mj-text>",
        "<mj-text><p>One<br>two<br/>three</p></mj-text>",
        '<mj-text color="#123" padding="0 10px" font-family="\'Gill Sans\', serif" line-height="1.5">x</mj-text>',
        '<mj-button href="https://maple.example/book?a=1&amp;b=2" inner-padding="10px 20px">Book</mj-button>',
        '<mj-image src="assets/entrance.jpg" alt="Main entrance with ramp" width="200px"/>',
        '<mj-image src="assets/line.png" alt=""/>',
        "<mj-raw><!--[if mso]><table><tr><td><![endif]--><b>x</b><!--[if mso]></td></tr></table><![endif]--></mj-raw>",
        "<mj-raw><!--[if !mso]><!--><b>y</b><!--<![endif]--></mj-raw>",
        '<mj-table><tr><td align="left" style="padding:4px 0">a</td></tr></mj-table>',
        '<mj-text><a href="tel:+4755501234">+47 55 50 12 34</a> <a href="mailto:post@maple.example">post</a></mj-text>',
        '<mj-text><a href="https://www.maple.example/x">maple.example</a></mj-text>',
        "<mj-text>“quoted” — 5 &gt; 3</mj-text>",
        '<mj-text css-class="a b"\n  align="center"\n>x</mj-text>',
    ],
)
def test_ordinary_markup_is_silent(body: str) -> None:
    assert in_column(body) == []


def test_head_defaults_classes_and_style_sheets_are_silent() -> None:
    head = (
        "<mj-head><mj-title>Maple</mj-title><mj-preview>Hi</mj-preview>"
        '<mj-attributes><mj-all font-family="Arial"/><mj-class name="big" font-size="20px"/></mj-attributes>'
        "<mj-style>.a > b { color: red } @media (max-width:480px) { .b { padding: 0 } }</mj-style></mj-head>"
    )
    body = '<mj-body><mj-section><mj-column><mj-text mj-class="big">x</mj-text></mj-column></mj-section></mj-body>'
    assert told(f'<mjml lang="en" dir="ltr">{head}{body}</mjml>') == []


def test_a_block_need_not_be_a_whole_document() -> None:
    assert told("<mj-text>x</mj-text><mj-divider/>", fragment=True) == []
    assert told("<mj-text>x</mj-text>") == ["LAY010 1:2 mj-text"]


# Tags and nesting


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<mj-txt>hi</mj-txt>", ["LAY007 2:2 mj-txt"]),
        ("<mj-text><blink>x</blink></mj-text>", ["LAY007 2:11 blink"]),
        ("<mj-section></mj-section>", ["LAY010 2:2 mj-section"]),
        ("<p>x</p>", ["LAY010 2:2 p"]),
        ("stray words", ["LAY010 2:1 stray words"]),
        ("<mj-text><mj-divider></mj-divider></mj-text>", ["LAY010 2:11 mj-divider"]),
        ("<mj-spacer>x</mj-spacer>", ["LAY010 2:12 x"]),
        ("<mj-text><p>x</mj-text>", ["LAY006 2:11 p"]),
        ("<mj-text>x</p></mj-text>", ["LAY006 2:13 p"]),
        ("<mj-text>x</mj-txet>", ["LAY006 2:13 mj-txet"]),
        ("<mj-text>x</br></mj-text>", ["LAY006 2:13 br"]),
        ("<mj-text><p/>x</mj-text>", ["LAY006 2:11 p"]),
        ("<mj-text>5 < 6</mj-text>", ["LAY003 2:12 <"]),
        ("<mj-text><![CDATA[x]]></mj-text>", ["LAY003 2:10 <![CDATA[x]]>"]),
        ("<mj-text>&nbps; &foo;</mj-text>", ["LAY003 2:10 &nbps;", "LAY003 2:17 &foo;"]),
        ("<mj-text>&#0;</mj-text>", ["LAY002 2:10 &#0;"]),
        ('<mj-include path="a.mjml"/>', ["LAY014 2:2 mj-include"]),
        ("<mj-text><a href='https://a.example/'><a href='https://a.example/'>x</a></a></mj-text>", ["LAY010 2:40 a"]),
    ],
)
def test_wrong_tags_are_found_where_they_stand(body: str, expected: list[str]) -> None:
    assert in_column(body) == expected


def test_a_misspelt_tag_gets_the_right_one_offered() -> None:
    assert helps("<mj-txt>hi</mj-txt>") == ["did you mean `mj-text`?"]
    assert helps("<mj-text>x</mj-txet>") == ["did you mean `</mj-text>`?"]
    assert helps("<mj-text>&nbps;</mj-text>") == ["did you mean `&nbsp;`?"]


def test_what_is_never_closed_is_told_once_a_tag() -> None:
    assert told('<mjml lang="en" dir="ltr"><mj-body>') == ["LAY006 1:2 mjml", "LAY006 1:28 mj-body"]


def test_a_layout_has_one_body_and_its_language() -> None:
    assert told('<mjml lang="en" dir="ltr"></mjml>') == ["LAY010 1:2 mjml"]
    assert told('<mjml lang="en"><mj-body/><mj-body/></mjml>') == ["A11Y001 1:2 mjml", "LAY010 1:28 mj-body"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<mj-raw><meta name="color-scheme" content="light dark"></mj-raw>', []),
        ("<mj-raw><p>x</p></mj-raw>", ["LAY010 2:10 p"]),
        ("<mj-raw>x</mj-raw>", ["LAY010 2:9 x"]),
        ('<mj-style inline="inline">@media print { p { color: red } }</mj-style>', ["LAY009 2:27 @media"]),
        ("<mj-style>@import 'a.css'; p { background: url(a.png) }</mj-style>",
         ["LAY012 2:11 @import", "LAY012 2:44 url(a.png)"]),
        ("<mj-style>p < b { color: red }</mj-style>", ["LAY003 2:13 <"]),
        ("<mj-title>a <b>c</b></mj-title>", ["LAY010 2:14 b"]),
        ('<mj-font name="Lato" href="https://fonts.example/lato.css"/>', ["LAY012 2:2 mj-font"]),
    ],
)  # fmt: skip
def test_the_head_holds_what_a_head_may(head: str, expected: list[str]) -> None:
    assert told(f'<mjml lang="en" dir="ltr"><mj-head>\n{head}</mj-head><mj-body/></mjml>') == expected


# Attributes


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<mj-text colour="red">x</mj-text>', ["LAY008 2:10 colour"]),
        ('<mj-text color="redd">x</mj-text>', ["LAY009 2:17 redd"]),
        ('<mj-text align="centre">x</mj-text>', ["LAY009 2:17 centre"]),
        ('<mj-text font-size="16">x</mj-text>', ["LAY009 2:21 16"]),
        ('<mj-text padding="1px 2 3px">x</mj-text>', ["LAY009 2:19 1px 2 3px"]),
        ('<mj-text color="red;background:url(//x)">x</mj-text>', ["LAY009 2:17 red;background:url(//x)"]),
        ('<mj-text font-family="a;b">x</mj-text>', ["LAY009 2:23 a;b"]),
        ('<mj-text color="">x</mj-text>', ["LAY009 2:10 color"]),
        ("<mj-text color=red>x</mj-text>", ["LAY004 2:16 red"]),
        ('<mj-text color="red"align="left">x</mj-text>', ["LAY003 2:21 align"]),
        ('<mj-text color="red" color="blue">x</mj-text>', ["LAY005 2:22 color"]),
        ('<mj-text color="red”>x</mj-text>', ["LAY004 2:20 ”"]),
        ("<mj-text color=“red”>x</mj-text>", ["LAY004 2:16 “"]),
        ('<mj-text color="red>x</mj-text>', ['LAY004 2:16 "']),
        ('<mj-text><p title="a < b">x</p></mj-text>', ["LAY004 2:22 <"]),
        ("<mj-text><p titel='a'>x</p></mj-text>", ["LAY008 2:13 titel"]),
        ('<mj-wrapper gap="3px"></mj-wrapper>', ["LAY010 2:2 mj-wrapper", "LAY008 2:13 gap"]),
        ('<mj-text><p onclick="x()">x</p></mj-text>', ["LAY011 2:13 onclick"]),
        ('<mj-text><p style="background:url(x.png)">x</p></mj-text>', ["LAY012 2:31 url(x.png)"]),
    ],
)
def test_wrong_attributes_are_found_where_they_stand(body: str, expected: list[str]) -> None:
    assert sorted(in_column(body)) == sorted(expected)


def test_a_misspelt_attribute_gets_the_right_one_offered() -> None:
    assert helps('<mj-text colour="red">x</mj-text>') == ["did you mean `color`?"]
    assert helps('<mj-text align="centre">x</mj-text>') == ["did you mean `center`?"]


def test_an_unknown_mj_class_is_found() -> None:
    head = '<mj-head><mj-attributes><mj-class name="big" color="red"/></mj-attributes></mj-head>'
    body = '<mj-body><mj-section mj-class="bigg"></mj-section></mj-body>'
    assert told(f'<mjml lang="en" dir="ltr">{head}\n{body}</mjml>') == ["LAY008 2:32 bigg"]


def test_an_address_is_no_default() -> None:
    head = '<mj-head><mj-attributes><mj-button href="https://a.example/"/></mj-attributes></mj-head>'
    assert told(f'<mjml lang="en" dir="ltr">\n{head}<mj-body/></mjml>') == ["LAY008 2:36 href"]


@pytest.mark.parametrize("value", ["0", "10px", "10.5px", "10px 5%"])
def test_lengths_have_units(value: str) -> None:
    assert fits(value, "lengths px %")


@pytest.mark.parametrize("value", ["", "10", "px", "10 px", "1px,2px", "-1px", "99999px", "1e3px", "10px\n"])
def test_lengths_without_known_units_are_refused(value: str) -> None:
    assert not fits(value, "lengths px %")


# What would do harm


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<mj-text><script>alert(1)</script></mj-text>", ["LAY011 2:11 script"]),
        ("<mj-text><SCRIPT>alert(1)</SCRIPT></mj-text>", ["LAY011 2:11 SCRIPT"]),
        ("<mj-text><input name='ssn'/></mj-text>", ["LAY011 2:11 input"]),
        ("<mj-text><!-- Jane Roe --></mj-text>", ["LAY013 2:10 <!-- Jane Roe -->"]),
        ("<mj-text><!--[if mso]><b>x</b>--></mj-text>", ["LAY013 2:10 <!--[if mso]><b>x</b>-->"]),
        ("<mj-text><!--[if !mso]><!-->x</mj-text>", ["LAY013 2:10 <!--[if !mso]><!-->"]),
        ("<mj-text>x<!--<![endif]--></mj-text>", ["LAY013 2:11 <!--<![endif]-->"]),
        ("<mj-text><!--[if mso]><script>x</script><![endif]--></mj-text>", ["LAY011 2:24 script"]),
        ("<mj-text><!--[if mso]><v:fill src='https://x.example/a.png'/><![endif]--></mj-text>",
         ["LAY012 2:36 https://x.example/a.png"]),
        ('<mj-image src="https://maple.example/a.png" alt="x y"/>', ["LAY012 2:16 https://maple.example/a.png"]),
        ('<mj-image src="data:image/png;base64,AA" alt="x y"/>', ["LAY012 2:16 data:image/png;base64,AA"]),
        ('<mj-image src="../secret.png" alt="x y"/>', ["LAY012 2:16 ../secret.png"]),
        ('<mj-image src="assets/a.png"/>', ["A11Y004 2:2 mj-image"]),
        ('<mj-image src="assets/a.png" alt="img_0231.jpg"/>', ["A11Y004 2:35 img_0231.jpg"]),
        ("<mj-social></mj-social>", ["LAY012 2:2 mj-social"]),
        ('<mj-button href="javascript:alert(1)">a</mj-button>', ["LNK001 2:18 javascript:alert(1)"]),
        ('<mj-button href="java&#10;script:alert(1)">a</mj-button>', ["LNK001 2:18 java&#10;script:alert(1)"]),
        ("<mj-button>a</mj-button>", ["LNK001 2:2 mj-button"]),
        ('<mj-button href="">a</mj-button>', ["LNK001 2:12 href"]),
        ('<mj-text><a href="https://evil.example">https://maple.example</a></mj-text>',
         ["LNK002 2:19 https://evil.example"]),
        ('<mj-text><a href="tel:+4755501234">+47 55 50 99 99</a></mj-text>', ["LNK002 2:19 tel:+4755501234"]),
    ],
)  # fmt: skip
def test_what_would_do_harm_is_found_where_it_stands(body: str, expected: list[str]) -> None:
    assert in_column(body) == expected


@pytest.mark.parametrize(
    ("address", "say"),
    [
        ("", ""),
        ("#top", "anchor"),
        ("/book", "relative"),
        ("//maple.example/", "relative"),
        ("http://maple.example/", "http"),
        ("vbscript:x", "scheme"),
        ("ftp://maple.example/", "scheme"),
        ("https://maple.example@evil.example/", "userinfo"),
        ("https://203.0.113.7/", "ip"),
        ("https://0xcb007107/", "ip"),
        ("https://[2001:db8::1]/", "ip"),
        ("https:///x", "host"),
        ("https://maple.example\\@evil.example/", "host"),
        ("https://mаple.example/", "lookalike"),  # the second letter is Cyrillic
        ("https://bit.ly/3xyz", "shortener"),
        ("mailto:", "mailto"),
        ("mailto:a@b.example?bcc=c@d.example", "mailto"),
        ("tel:call-me", "tel"),
    ],
)
def test_an_unsafe_address_is_told_apart(address: str, say: str) -> None:
    found = check_address(address, Span("a", 0, 1))
    assert [finding.say for finding in found] == [say]
    assert all(finding.message and finding.help for finding in found)


@pytest.mark.parametrize("address", ["https://maple.example/a?b=c@d", "https://ålesund.example/", "tel:+4755501234"])
def test_a_safe_address_is_silent(address: str) -> None:
    assert check_address(address, Span("a", 0, 1)) == ()


def test_words_that_are_no_address_may_link_anywhere() -> None:
    assert check_link_words("See report.pdf, at 10.30, e.g. here", "https://maple.example/", Span("a", 0, 1)) == ()


# Size, depth, and whatever bytes come in


def test_ten_mistakes_give_ten_findings() -> None:
    body = (
        '<mj-txt>a</mj-txt><mj-text colour="red">b</mj-text><mj-text color="redd">c</mj-text>'
        "<mj-text color=red>d</mj-text><p>e</p><mj-image src='assets/a.png'/><mj-button>f</mj-button>"
        "<mj-text><b>g</mj-text><mj-text><!-- h --></mj-text><mj-text>&foo;</mj-text>"
    )
    assert len(in_column(body)) == 10


@pytest.mark.parametrize("tag", ["mj-wrapper", "div", "mj-section"])
def test_deep_nesting_is_one_finding_about_depth(tag: str) -> None:
    found = findings(f"<{tag}>" * 9000 + f"</{tag}>" * 9000, fragment=True)
    assert [finding.say for finding in found if finding.rule.code == "LAY001"] == ["deep"]


def test_a_tree_is_never_deeper_than_the_caps() -> None:
    tree = read_mjml(Source("a", "<div>" * 9000)).value
    assert max(len(around) for _, around in tree.elements()) <= 96


def test_more_than_a_mebibyte_is_refused() -> None:
    found = findings(OPEN + "<mj-text>" + "é" * 600_000 + "</mj-text>" + CLOSE)
    assert "LAY001" in {finding.rule.code for finding in found}


@pytest.mark.parametrize(
    "pattern",
    ["<a ", '<a b="', "<", "</", "<!--", "<a b=“", "<mj-style>", "<!", "<a b='><c d=\"", "&a;", "<p>", "</p>"],
)
def test_a_mebibyte_of_one_pattern_is_read_in_time(pattern: str) -> None:
    text = pattern * (900_000 // len(pattern))
    started = time.process_time()
    findings(text)
    assert time.process_time() - started < 2


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("<>/=\"' abmj-!&;[]%{}”\n\x00é")), max_size=80))
def test_whatever_comes_in_spans_stay_inside_and_nothing_raises(text: str) -> None:
    for finding in findings(text):
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.message and finding.help is not None


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("<>/=\"' ab!-”")), max_size=60))
def test_tokens_are_in_order_and_cover_the_text(text: str) -> None:
    at = 0
    for token in scan(text):
        if hasattr(token, "kind"):
            continue
        assert token.start >= at
        at = token.end
    assert at <= len(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs"))))
def test_escaping_is_undone_by_reading(value: str) -> None:
    assert decode_attribute(escape_attribute(value)) == value
    assert escape_attribute(value).isascii()
    assert not set(escape_attribute(value)) & set("\"'<>\\\n")
    assert not set(escape_text(value)) & set("<>")


def test_spans_quote_what_they_claim() -> None:
    source = Source("a", f"{OPEN}<mj-text color=\"red\" css-class='a'>hello <b>you</b></mj-text>{CLOSE}")
    for element, _ in read_mjml(source).value.elements():
        assert source.quote(element.name_span) == element.name
        assert source.quote(element.tag_span).startswith(f"<{element.name}")
        assert source.quote(element.span).endswith(">")
        for attribute in element.attributes:
            assert source.quote(attribute.name_span) == attribute.name
            assert source.quote(attribute.span) == attribute.value


def test_text_from_a_yaml_scalar_keeps_its_places() -> None:
    text = MappedText("<b>x</b>", "a.yaml", (Piece(0, 3, 100, 3), Piece(3, 5, 110, 5)))
    (element,) = read_mjml(text).value.nodes
    assert isinstance(element, Element)
    assert element.name_span == Span("a.yaml", 101, 102)
    assert element.span == Span("a.yaml", 100, 115)


def test_the_facts_agree_with_one_another() -> None:
    known = facts()
    for name, row in known.tags.items():
        assert row.children <= known.tags.keys(), name
        assert not known.dropped.get(name, frozenset()) & row.attributes.keys(), name
    assert not known.html & known.unsafe
    assert not known.refused.keys() & known.tags.keys()


def test_every_rule_says_something_everywhere() -> None:
    assert len({rule.slug for rule in RULES}) == len(RULES)
    for rule in RULES:
        for heading in ("What it does", "Why it matters", "Example", "Use instead", "Sources"):
            assert f"## {heading}" in rule.manual, rule.code


# Bad inputs collected elsewhere, as they are: the place of each trick

EVIL_PLACES = {
    "m002-deep-section-2000.mjml": "LAY010 1:40",
    "m006-unclosed.mjml": "LAY006 1:8",
    "m008-unknown-tag.mjml": "LAY007 1:59",
    "m010-text-outside-column.mjml": "LAY010 1:17",
    "m012-include-self.mjml": "LAY014 1:17",
    "m014-script.mjml": "LAY011 1:68",
    "m016-js-href.mjml": "LNK001 1:75",
    "m018-data-href.mjml": "LNK001 1:75",
    "m021-form.mjml": "LAY011 1:68",
    "m023-link-mismatch.mjml": "LNK002 1:76",
    "m025-userinfo-url.mjml": "LNK001 1:75",
    "m027-comment-secret.mjml": "LAY013 1:67",
    "m029-no-alt.mjml": "A11Y004 1:59",
    "m034-nul.mjml": "LAY002 1:68",
    "m036-divider-in-text.mjml": "LAY010 1:68",
    "m038-curly-quote-attr.mjml": "LAY004 1:81",
}


@pytest.mark.skipif(not EVIL.is_dir(), reason="the shared collection of bad inputs is not here")
@pytest.mark.parametrize(("name", "place"), EVIL_PLACES.items())
def test_collected_tricks_are_found_where_they_stand(name: str, place: str) -> None:
    text = (EVIL / name).read_text("utf-8").replace("<mjml>", '<mjml lang="en" dir="ltr">', 1)
    moved = len(' lang="en" dir="ltr"')
    places = [
        f"{finding.rule.code} 1:{finding.span.start + 1 - (moved if finding.span.start > 5 else 0)}"
        for finding in findings(text)
    ]
    assert place in places


@pytest.mark.skipif(not EVIL.is_dir(), reason="the shared collection of bad inputs is not here")
@pytest.mark.parametrize("name", ["m030-mso-cond.mjml", "m032-nbsp-entity.mjml", "body.mjml"])
def test_collected_good_layouts_are_silent(name: str) -> None:
    text = (EVIL / name).read_text("utf-8").replace("<mjml>", '<mjml lang="en" dir="ltr">', 1)
    assert told(text) == []
