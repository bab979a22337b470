"""What goes into MJML comes out in HTML; each known defect of mjml-python is met here, never by an author."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.mail import html as door
from campcompile.mail.html import MjmlFault, attribute, text, to_html
from campcompile.syntax.findings_lay import REMOTE
from campcompile.syntax.layout import read_layout
from campcompile.syntax.layout_tree import Literal, PictureUse
from campcompile.syntax.mjml import check_mjml, read_mjml
from campcompile.syntax.mjml_facts import described, facts
from campcompile.syntax.source import Source

# All of Unicode but control characters, surrogates and private use, which are refused long before.
ANYTHING = st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40)
TRICKY = [
    "नमस्ते",
    "ภาษาไทย",
    "é",
    "a\u00a0b",
    "👩‍👧",
    "a\\b",
    'a"b',
    "a'b",
    "<b>&amp;",
    "a\u200bb",
    "\u202ea",
    "”>",
    "é > b",
    "\\u{a0}",
]


def document(body: str, head: str = "") -> str:
    column = f"<mj-section><mj-column>{body}</mj-column></mj-section>"
    return f'<mjml lang="nb" dir="ltr"><mj-head>{head}</mj-head><mj-body>{column}</mj-body></mjml>'


def parsed(html: str) -> Element:
    page: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return page


def rendered(layout: str) -> str:
    """The HTML of a layout that passed its checks."""
    read = read_layout(Source("layouts/a.mjml", layout))
    assert [finding.message for finding in read.diagnostics] == []
    pieces = [
        node.text if isinstance(node, Literal) else "../assets/a.png" if isinstance(node, PictureUse) else ""
        for node in read.value.nodes
    ]
    return to_html("".join(pieces))


# Values survive


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_any_value_survives_in_an_attribute(value: str) -> None:
    page = parsed(
        to_html(document(f'<mj-image src="assets/a.png" alt="{attribute(value)}" title="{attribute(value)}"/>'))
    )
    (image,) = page.iter("img")
    assert (image.get("alt"), image.get("title")) == (value, value)


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_any_words_survive_between_tags(value: str) -> None:
    page = parsed(to_html(document(f'<mj-text><p title="{attribute(value)}">{text(value)}</p></mj-text>')))
    (paragraph,) = [p for p in page.iter("p") if p.get("title") is not None]
    assert "".join(paragraph.itertext()) == value
    assert paragraph.get("title") == value


@pytest.mark.parametrize("value", TRICKY)
def test_what_mjml_python_garbles_arrives(value: str) -> None:
    body = f'<mj-button href="https://a.example/" title="{attribute(value)}">{text(value)}</mj-button>'
    head = f"<mj-title>{attribute(value)}</mj-title>"
    page = parsed(to_html(document(body, head)))
    (link,) = page.iter("a")
    assert "".join(link.itertext()) == value
    assert link.get("title") == value
    assert page.findtext(".//title") == value
    labels = [element.get("aria-label") for element in page.iter("div") if element.get("aria-label") is not None]
    assert labels == [value]


@pytest.mark.parametrize("value", TRICKY)
def test_what_a_layout_says_itself_arrives(value: str) -> None:
    body = f"<mj-text><p title='{value.translate({39: '&#39;', 60: '&lt;', 38: '&amp;'})}'>{text(value)}</p></mj-text>"
    page = parsed(rendered(document(body)))
    (paragraph,) = [p for p in page.iter("p") if p.get("title") is not None]
    assert (paragraph.get("title"), "".join(paragraph.itertext())) == (value, value)


# Each defect, and that an author doesn't meet it


def test_language_and_direction_stand_on_the_page_and_on_its_outermost_element() -> None:
    page = parsed(to_html(document("<mj-text>x</mj-text>")))
    wrapper = page.find("body/div")
    assert (page.get("lang"), page.get("dir")) == ("nb", "ltr")
    assert wrapper is not None
    assert (wrapper.get("lang"), wrapper.get("dir")) == ("nb", "ltr")


def test_a_picture_without_alt_gets_an_empty_one() -> None:
    html = to_html(document('<mj-image src="assets/a.png"/><mj-text><img src="assets/b.png" alt="b"></mj-text>'))
    assert [image.get("alt") for image in parsed(html).iter("img")] == ["", "b"]


def test_a_button_keeps_its_title_among_other_links() -> None:
    body = (
        '<mj-text><a href="https://a.example/">1</a></mj-text>'
        '<mj-image src="assets/a.png" href="https://b.example/" alt=""/>'
        '<mj-button href="https://c.example/" title="Opens the calendar">3</mj-button>'
        '<mj-button href="https://d.example/">4</mj-button>'
    )
    titles = [link.get("title") for link in parsed(to_html(document(body))).iter("a")]
    assert titles == [None, None, "Opens the calendar", None]


def test_no_font_is_fetched() -> None:
    html = to_html(document('<mj-text font-family="Ubuntu, Roboto, Lato, sans-serif">x</mj-text>'))
    assert "fonts.googleapis.com" not in html
    assert "@import" not in html


def test_an_inline_style_sheet_is_inlined_and_conditions_between_tags_stay() -> None:
    head = '<mj-style inline="inline">.b td { color: #123456 }</mj-style><mj-style>.c { color: red }</mj-style>'
    body = (
        '<mj-raw>__cc_b0__</mj-raw><mj-text css-class="b"><table><tr><td>x __cc_h0__</td></tr></table></mj-text>'
        "<mj-raw>__cc_e0__</mj-raw><mj-text><!--[if mso]><i>y</i><![endif]--></mj-text>"
    )
    html = to_html(document(body, head))
    assert 'style="color: #123456' in html
    assert ".c { color: red }" in html
    assert "inline=" not in html
    assert "<!--[if mso]><i>y</i><![endif]-->" in html
    before, between, after = re.split("__cc_[be]0__", html)
    assert between.startswith("<tr>") and between.endswith("</tr>") and "__cc_h0__" in between
    assert before.endswith("<tbody>") and after.startswith("<tr>")


def test_style_sheets_with_any_letters_and_signs_arrive() -> None:
    layout = document("<mj-text>x</mj-text>", "<mj-style>.a > .é::before { content: '”>' }</mj-style>")
    assert ".a > .\\e9 ::before { content: '\\201d >' }" in rendered(layout)
    assert ".a > .\\e9 ::before { content: '\\201d >' }" in to_html(layout)


def test_words_with_a_greater_sign_behind_other_letters_do_not_panic() -> None:
    assert "&#8221;&gt;" in to_html(document(f"<mj-text>{text('”>')}</mj-text>"))
    assert "&#8221;>" in rendered(document("<mj-text>”></mj-text>"))


def test_tokens_come_out_as_they_went_in() -> None:
    body = (
        '<mj-button href="__cc_h1__">__cc_h2__</mj-button><mj-text css-class="__cc_h3__">__cc_b0__x__cc_e0__</mj-text>'
    )
    html = to_html(document(body, "<mj-title>__cc_h0__</mj-title><mj-preview>__cc_h4__</mj-preview>"))
    assert sorted(re.findall("__cc_[a-z][0-9]__", html)) == sorted(
        ["__cc_h0__", *(f"__cc_h{n}__" for n in range(5)), "__cc_b0__", "__cc_e0__"]
    )


# What may never reach mjml-python, and what may never leave it

DEEP = {
    "wrappers": "<mj-wrapper>" * 1820 + "</mj-wrapper>" * 1820,
    "divs": "<mj-text>" + "<div>" * 9000 + "</div>" * 9000 + "</mj-text>",
    "wrappers never closed": "<mj-wrapper>" * 1820,
    "sections and columns": "<mj-section><mj-column>" * 1034 + "</mj-column></mj-section>" * 1034,
}


@pytest.mark.parametrize("name", DEEP)
def test_what_is_too_deep_never_reaches_mjml_python(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.renderer, "mjml2html", None)
    layout = f'<mjml lang="en" dir="ltr"><mj-body>{DEEP[name]}</mj-body></mjml>'
    assert any(finding.rule.code == "LAY001" for finding in read_layout(Source("layouts/a.mjml", layout)).diagnostics)
    with pytest.raises(MjmlFault):
        to_html(layout)


def test_what_is_too_large_never_reaches_mjml_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.renderer, "mjml2html", None)
    with pytest.raises(MjmlFault):
        to_html(document("<mj-text>" + "x" * 1024 * 1024 + "</mj-text>"))


@pytest.mark.parametrize(
    "body",
    [
        "<mj-column>”></mj-column>",
        '<mj-include path="a.mjml"/>',
        "<mj-text><p class=x>y</p></mj-text>",
        "<mj-text>5 < 3</mj-text>",
        "<mj-raw><div></mj-raw>",
        "<mj-text><!-- x --></mj-text>",
        "<mj-txt>x</mj-txt>",
        "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>",
        '<mj-text colour="red">x</mj-text>',
        '<mj-text font-size="16">x</mj-text>',
        "<mj-accordion></mj-accordion>",
    ],
)
def test_what_mjml_python_drops_leaks_or_dies_of_is_found_in_the_layout(body: str) -> None:
    assert read_layout(Source("layouts/a.mjml", document(body))).diagnostics


def test_a_panic_becomes_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panics(*_: object, **__: object) -> str:
        raise PanicException("start byte index 1 is not a char boundary; it is inside a name")

    monkeypatch.setattr(door.renderer, "mjml2html", panics)
    with pytest.raises(MjmlFault) as fault:
        to_html(document("<mj-text>x</mj-text>"))
    assert "a name" not in str(fault.value)


def test_an_interruption_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(door.renderer, "mjml2html", interrupted)
    with pytest.raises(KeyboardInterrupt):
        to_html(document("<mj-text>x</mj-text>"))


@pytest.mark.parametrize(
    ("body", "change"),
    [
        ("<mj-text>__cc_h0__</mj-text>", ("__cc_h0__", "")),
        ("<mj-text>__cc_h0__</mj-text>", ("__cc_h0__", "__cc_h0____cc_h0__")),
        ("<mj-text>__cc_h0__</mj-text>", ("__cc_h0__", "__cc_h1__")),
        ("<mj-text><a href='https://a.example/'>x</a></mj-text>", ("<a ", "<b ")),
        ("<mj-text>x</mj-text>", ("</body>", "<mj-section></body>")),
        ("<mj-text>x</mj-text>", ("</body>", '<p title="a\\nb"></body>')),
        ("<mj-text>x</mj-text>", ("</body>", '<p title="\\u{a0}"></body>')),
        ("<mj-text>x</mj-text>", ("</body>", "x" * 6_000_000 + "</body>")),
    ],
)
def test_html_unlike_what_was_asked_for_is_refused(
    body: str, change: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    render = door.renderer.mjml2html
    monkeypatch.setattr(door.renderer, "mjml2html", lambda mjml, **rest: render(mjml, **rest).replace(*change))
    with pytest.raises(MjmlFault):
        to_html(document(body))


def test_words_about_backslashes_are_words() -> None:
    assert "C:\\temp \\u{a0} \\n" in to_html(document("<mj-text>C:\\temp \\u{a0} \\n</mj-text>"))


# Whatever passed its checks renders

_SAMPLES = {
    "color": ["#123456", "white", "rgba(1,2,3,0.5)", "transparent"],
    "lengths": ["0", "10px", "10px 5%", "1px 2px 3px 4px"],
    "length": ["0", "17px", "317px"],
    "signed": ["-1px", "2px"],
    "css": ["3px solid #123456", "700", "'Gill Sans', serif", "left top"],
    "text": ["a", "é “x” &amp; \u00a0\\"],
    "link": ["https://a.example/?a=1&amp;b=%C3%A9", "mailto:post@a.example"],
    "picture": ["assets/a.png", "assets/é.png"],
    "integer": ["7"],
    "boolean": ["true", "false"],
}
_FILLED = {"mj-image": ' src="assets/a.png" alt="Way in"', "mj-button": ' href="https://a.example/"'}
_FILLED["mj-navbar-link"] = _FILLED["mj-button"]
_INNER = [
    "x é > y",
    "<p>a<br>b</p>",
    "<!--[if mso]>é ><b>x</b><![endif]-->",
    '<a href="https://a.example/é">Go</a>',
    "",
]


def samples(type_: str) -> list[str]:
    kind, *args = type_.split(" ")
    return args if kind == "choice" else _SAMPLES[kind]


@st.composite
def elements(draw: st.DrawFn, name: str, depth: int = 0) -> str:
    """An element of MJML as the facts allow it."""
    row = facts().tags[name]
    given_ = _FILLED.get(name, "")
    names = sorted(key for key in row.attributes if f" {key}=" not in given_ and key not in ("mj-class", "inline"))
    chosen = draw(st.lists(st.sampled_from(names), unique=True, max_size=4)) if names else []
    values = "".join(f' {key}="{draw(st.sampled_from(samples(row.attributes[key])))}"' for key in chosen)
    match row.content:
        case "tags":
            children = sorted(row.children - {"mj-attributes"})
            kinds = draw(st.lists(st.sampled_from(children), max_size=3, unique=name == "mj-head")) if depth < 6 else []
            inner = "".join(draw(elements(kind, depth + 1)) for kind in kinds)
        case "html":
            inner = draw(st.sampled_from(_INNER)) if depth != 5 else '<meta name="a" content="é">'
        case "rows":
            inner = "<tr><td>é</td></tr>"
        case "none":
            return f"<{name}{given_}{values}/>"
        case _:
            inner = draw(st.sampled_from(["x é", ""]))
    return f"<{name}{given_}{values}>{inner}</{name}>"


@settings(max_examples=50, deadline=None)
@given(elements("mj-head", 4), elements("mj-body"))
def test_a_layout_that_passed_its_checks_renders(head: str, body: str) -> None:
    layout = f'<mjml lang="en" dir="ltr">{head}{body}</mjml>'
    source = Source("layouts/a.mjml", layout)
    findings = [f for f in read_layout(source).diagnostics if f.rule.code != "LAY010" or f.say != "twice"]
    assert [finding.message for finding in findings] == []
    html = rendered(layout)
    words = "".join(parsed(html).itertext())
    assert words.count("Go") == body.count(">Go<")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<mj-text>", "</mj-text>", "<p>", "</p>", "é", ">", "&", "x ", '<a href="', "<br>", "\\", '"']
        ),
        max_size=12,
    )
)
def test_a_layout_of_shreds_renders_or_has_findings(shreds: list[str]) -> None:
    layout = document("".join(shreds))
    if not read_layout(Source("layouts/a.mjml", layout)).diagnostics:
        rendered(layout)


def test_a_tree_read_from_plain_mjml_passes_the_same_checks() -> None:
    layout = document('<mj-image src="https://cdn.example/a.png" alt="Way in"/>')
    assert [finding.rule for finding in check_mjml(read_mjml(Source("a", layout)).value)] == [REMOTE]


# The facts are mjml-python's


@pytest.mark.parametrize("name", sorted(facts().tags))
def test_every_attribute_that_we_allow_is_printed(name: str) -> None:
    row = facts().tags[name]
    silent = [key for key, type_ in row.attributes.items() if not _printed(name, key, type_)]
    assert silent == []


_AROUND = {
    "mj-section": "{}", "mj-wrapper": "{}", "mj-hero": "{}", "mj-raw": "{}",
    "mj-column": "<mj-section>{}</mj-section>", "mj-group": "<mj-section>{}</mj-section>",
    "mj-navbar-link": "<mj-section><mj-column><mj-navbar>{}</mj-navbar></mj-column></mj-section>",
}  # fmt: skip
_WITHIN = {
    "mj-section": "<mj-column><mj-text>x</mj-text></mj-column>",
    "mj-wrapper": "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>",
    "mj-hero": "<mj-text>x</mj-text>",
    "mj-column": "<mj-text>x</mj-text>",
    "mj-group": "<mj-column><mj-text>x</mj-text></mj-column>",
    "mj-body": "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>",
    "mj-navbar": '<mj-navbar-link href="https://a.example/">x</mj-navbar-link>',
    "mj-table": "<tr><td>x</td></tr>",
    "mj-text": "x", "mj-button": "x", "mj-navbar-link": "x",
}  # fmt: skip
# An attribute shows only beside another.
_BESIDE = {"mj-column": ' padding="1px"', "mj-hero": ' background-url="assets/b.png" height="90px"'}


def _printed(name: str, key: str, type_: str) -> bool:
    if (name, key) == ("mj-button", "title"):
        return True  # mjml-python forgets it, to_html doesn't: see above
    if name in ("mjml", "mj-attributes", "mj-all", "mj-class", "mj-style", "mj-breakpoint") or key == "mj-class":
        return True  # no look of their own; test_head_… below and the tests above show them at work
    beside = _BESIDE.get(name, "") + _FILLED.get(name, "")
    if key.startswith("background-") and key not in ("background-color", "background-url") and name != "mj-hero":
        beside += ' background-url="assets/b.png"'
    if key in ("rel", "target") and "href=" not in beside:
        beside += ' href="https://a.example/"'
    beside = re.sub(rf' {key}="[^"]*"', "", beside)

    def page(more: str) -> str:
        element = f"<{name}{beside}{more}>{_WITHIN.get(name, '')}</{name}>"
        if name == "mj-body":
            return door.renderer.mjml2html(f"<mjml>{element}</mjml>", fonts={})
        around = _AROUND.get(name, "<mj-section><mj-column>{}</mj-column></mj-section>")
        return door.renderer.mjml2html(f"<mjml><mj-body>{around.format(element)}</mj-body></mjml>", fonts={})

    plain = page("")
    return any(page(f' {key}="{value}"') != plain for value in (*samples(type_), "left", "zz"))


def test_head_attributes_and_breakpoints_work() -> None:
    head = (
        '<mj-attributes><mj-all font-family="Arial"/><mj-text color="#123456"/>'
        '<mj-class name="big" font-size="33px"/></mj-attributes><mj-breakpoint width="300px"/>'
    )
    html = to_html(document('<mj-text mj-class="big">x</mj-text>', head))
    for wanted in ("font-family:Arial", "color:#123456", "font-size:33px", "min-width:300px"):
        assert wanted in html


def test_every_type_of_the_facts_can_be_described() -> None:
    for row in facts().tags.values():
        for type_ in row.attributes.values():
            kind, form = described(type_)
            assert kind
            assert form or type_ in ("text", "link", "picture", "css")


@pytest.mark.parametrize("tag", ["mj-section", "mj-column", "mj-wrapper", "mj-image"])
def test_a_zero_without_a_unit_is_a_zero_in_a_padding(tag: str) -> None:
    """mjml-python forgets the other sides, too: a picture is then too wide, and so are Outlook's columns."""

    def widths(padding: str) -> list[str]:
        body = '<mj-section><mj-column><mj-image alt="" src="../assets/a.png"/></mj-column></mj-section>'
        body = f"<mj-wrapper>{body}</mj-wrapper>".replace(f"<{tag}", f"<{tag} padding={padding}")
        return re.findall(r'width[:=]"?(\d+)px', to_html(f'<mjml lang="en" dir="ltr"><mj-body>{body}</mj-body></mjml>'))

    assert widths('"0 25px"') == widths('"0px 25px"') == widths("'0 25px 0 25px'")
    assert widths('"0 25px"') != widths('"0px"')


GAPS = """\
<mjml>
<mj-head>
<mj-title>A letter</mj-title>
<mj-attributes>
<mj-all color="#000000" />
<mj-class name="x" color="#000000" />
</mj-attributes>
<mj-style>
a > b { color: red }
</mj-style>
</mj-head>
<mj-body>
<mj-section>
<mj-column>
<mj-text>a <b>b</b> c</mj-text>
</mj-column>
</mj-section>
</mj-body>
</mjml>
"""


@pytest.mark.parametrize("gap", [" \n", "\t\n  ", "  ", "\r\n"])
def test_a_blank_behind_a_tag_of_a_layout_is_no_error(gap: str) -> None:
    """mjml-python refuses a gap in mj-head that begins with a blank: who types one gets the same page."""

    def shown(html: str) -> str:
        return re.sub(r"\s+", "", re.sub(r"id=\S+|for=\S+", "", html))  # mjml-python draws some ids

    assert shown(to_html(GAPS.replace("\n", gap))) == shown(to_html(GAPS))
