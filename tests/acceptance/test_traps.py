"""Each known trap of a package that we build on: an author never meets it, whatever stands in a campaign or a layout.

Every test goes the author's way, by files into the compiler. The packages' own behaviour is shown beside it, so that
a trap which a newer version no longer has is noticed here. In the order of the list:

* mjml-python: attributes, what it takes and drops, what kills it, fonts, `mj-style inline`.
* MJML with templates: `<` in words and conditions, private-use characters, tokens.
* PyYAML: numbers in sixties, `on`, octals, dates, duplicates, anchors, merge keys, tags, depth.
* Jinja2: lines without columns.
* email-validator: DNS.

Rows that don't apply, since nothing of ours uses the package (the last test holds that): html2text and inscriptis
(plain text is made from the blocks), tldextract and Presidio (nothing recognises by them). That mjml-python holds the
GIL and is deterministic is no trap for an author: tests/test_determinism.py and benchmarks/ tell of it. All that the
validator of MJML knows is in tests/syntax/test_mjml.py, all that the renderer's gates hold in tests/mail/test_html.py.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tomllib
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import dns.exception
import dns.resolver
import jinja2
import mjml
import pytest
import yaml
from email_validator import EmailNotValidError, validate_email

from campcompile.cli.main import main
from campcompile.syntax.findings_syn import PRIVATE_USE
from tests.acceptance.practice import (
    ONE_CLICK,
    attribute,
    attributes,
    clean,
    compiled,
    compiled_letter,
    found,
    letter,
    manifest_of,
    message,
    of_the_language,
    quoted,
    shape,
    shown,
)
from tests.workspace import CAMPCOMPILE, LETTER, lay

ROOT = Path(__file__).parents[2]
CLINIC = (ROOT / "src/campcompile/mail/layouts/clinic.mjml").read_text("utf-8")
BODY_LINE = CLINIC[: CLINIC.index("{{ body }}")].count("\n") + 1
COLUMN = "<mjml><mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>"
SECONDS = 2.0


def layout(piece: str, head: str = "") -> dict[str, str | bytes]:
    """The practice's own layout: ours, with a piece of MJML before the blocks (from column 9 of BODY_LINE)."""
    own = CLINIC.replace("{{ body }}", f"{piece}\n        {{{{ body }}}}", 1)
    return {"layouts/clinic.mjml": own.replace("  </mj-head>", f"{head}  </mj-head>", 1)}


def in_layout(piece: str) -> list[str]:
    """Findings about a piece of a layout as `CODE column quoted`; where there is one, nothing is written."""
    compilation = compiled(layout(piece))
    told = of_the_language(compilation)
    assert bool(told) is not bool(compilation.bundle)
    return [one.replace(f"layouts/clinic.mjml:{BODY_LINE}:", "") for one in told]


def raw(piece: str) -> str:
    """What mjml-python makes of a piece by itself."""
    return mjml.mjml2html(COLUMN.format(piece))


# mjml-python: attributes go through a formatter for programmers

VALUES = {
    "Hindi": "क्षितिज हमें",
    "Thai": "น้ำใจ",
    "decomposed accents": "e\u0301te\u0301 A\u030a",
    "no-break space": "15\u00a0min",
    "emoji of several": "👩‍⚕️ 👨‍👩‍👧 👍🏽 ❤️",
    "backslash": "C:\\temp \\n \\u{a0} \\\\",
    "double quote": 'so-called "home" visit',
    "single quote": "Kari's and O’Hara‘s",
    "markup": "a < b > c & d &amp; <b>e</b>",
    "break-out": '"><img src=x><p title="',
    "a quotation mark before a bracket": "”> 健康 >é ”></b>",
    "our own tokens": "__cc_h0__ __cc_b0__ __cc_body__ x-any-language",
    "Arabic": "مرحبا بكم",
    "Chinese beyond the BMP": "𠮷野家",
}
GARBLED = ("Hindi", "Thai", "decomposed accents", "no-break space", "emoji of several", "backslash")


@pytest.mark.parametrize("what", GARBLED)
def test_mjml_python_garbles_attributes_by_itself(what: str) -> None:
    value = VALUES[what]
    html = raw(f'<mj-image src="a.png" alt="{value}" />')
    assert attribute(html, "img", "alt") != value


@pytest.mark.parametrize("what", VALUES)
def test_words_in_attributes_arrive_as_typed(what: str) -> None:
    """In alt, in a button's label and title, in a link's title, in the page's title and its label."""
    value = VALUES[what]
    own = {
        "layouts/blocks/button.mjml": '<mj-button href="{{ to }}" css-class="own" title="{{ label }}">'
        "{{ label }}</mj-button>",
        **layout('<mj-text><a class="own" href="{{ practice.website }}" title="{{ practice.name }}">x</a></mj-text>'),
    }
    typed = quoted(f"{{% raw %}}A {value} .{{% endraw %}}")
    body = f"- button: {{label: {typed}, to: links.book}}\n- image: {{src: a.png, alt: {typed}}}"
    settings = CAMPCOMPILE.replace("name: Fjordklinikken", f"name: {quoted('A ' + value + ' .')}", 1)
    text = letter(body, subject=f"{{% raw %}}A {value} .{{% endraw %}}")
    compilation = compiled({**own, "campcompile.yaml": settings, "campaigns/letter/campaign.yaml": text})
    assert of_the_language(compilation) == []
    sent, wanted = message(compilation), f"A {value} ."
    assert attribute(sent.html, "img", "alt") == wanted
    assert attribute(sent.html, ".own a", "title") == wanted
    assert shown(sent.html, ".own a").strip() == wanted
    assert attribute(sent.html, "a.own", "title") == wanted
    assert shown(sent.html, "title") == wanted
    assert attribute(sent.html, "body > div[aria-label]", "aria-label") == wanted
    assert wanted in re.sub(r"\s*\n\s*", " ", sent.text)


def test_mjml_python_forgets_a_buttons_title_by_itself() -> None:
    assert "title" not in raw('<mj-button href="https://a.example/" title="zzz">x</mj-button>').partition("<body")[2]


# mjml-python: what it takes, and drops or leaks without a word


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ('<mj-text padding="10">x</mj-text>', ["LAY009 27 10"]),
        ('<mj-text font-size="16pxx">x</mj-text>', ["LAY009 29 16pxx"]),
        ('<mj-text line-height="1,5">x</mj-text>', ["LAY009 31 1,5"]),
        ('<mj-image src="assets/a.png" alt="x" width="100%"/>', ["LAY009 53 100%"]),
        ('<mj-text color="#12">x</mj-text>', ["LAY009 25 #12"]),
        ('<mj-text color="blu">x</mj-text>', ["LAY009 25 blu"]),
        ('<mj-text align="middle">x</mj-text>', ["LAY009 25 middle"]),
        ('<mj-text colour="#123456">x</mj-text>', ["LAY008 18 colour"]),
        ('<mj-text width="12px">x</mj-text>', ["LAY008 18 width"]),
        ('<mj-txt>x</mj-txt>', ["LAY007 10 mj-txt"]),
        ("<mj-text><blink>x</blink></mj-text>", ["LAY007 19 blink"]),
        ("<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>", ["LAY010 10 mj-section"]),
        ("<mj-text><mj-text>x</mj-text></mj-text>", ["LAY010 19 mj-text"]),
        ("<mj-raw><div></mj-raw>", ["LAY006 18 div"]),
        ("<mj-raw></div></mj-raw>", ["LAY006 19 div"]),
        ("<mj-text><b>x</mj-text>", ["LAY006 19 b"]),
        ('<mj-include path="blocks/text.mjml"/>', ["LAY014 10 mj-include"]),
    ],
)  # fmt: skip
def test_what_mjml_python_would_drop_or_leak_is_found_where_it_stands(piece: str, expected: list[str]) -> None:
    assert in_layout(piece) == expected


@pytest.mark.parametrize(
    "piece",
    [
        '<mj-text colour="#123456">x</mj-text>',
        '<mj-text padding="10">x</mj-text>',
        "<mj-txt>x</mj-txt>",
        "<mj-section><mj-column><mj-text>x</mj-text></mj-column></mj-section>",
    ],
)
def test_mjml_python_takes_them_by_itself(piece: str) -> None:
    html = raw(piece)
    assert ">x<" in html and "#123456" not in html, "the words are there, and what was asked for is not"


@pytest.mark.parametrize(
    "head", ["", '    <mj-font name="Roboto" href="https://fonts.googleapis.com/css?family=Roboto"/>\n']
)
def test_no_font_is_fetched_from_anywhere(head: str) -> None:
    compilation = compiled(layout('<mj-text font-family="Roboto">x</mj-text>', head))
    if head:
        assert [one.partition(" ")[0] for one in found(compilation)] == ["LAY012"] and not compilation.bundle
        return
    assert of_the_language(compilation) == []
    everything = "".join(map(str, compilation.rendered)).encode()
    assert everything
    assert b"fonts.googleapis.com" not in everything and b"@import" not in everything and b"<link" not in everything
    assert "fonts.googleapis.com" in raw('<mj-text font-family="Roboto">x</mj-text>'), "mjml-python's own way"


INLINE = """\
    <mj-style inline="inline">
      .cc-block p, .cc-block a, strong, h2, li { letter-spacing: 3px }
    </mj-style>
"""
EVERYTHING = """\
- phrase: greeting
- text: |
    ## For {{ practice.name }}

    It is **{% if recipient.first_name is set %}{{ recipient.first_name }}{% else %}*you*{% endif %}**,
    and [here](links.book) is @.

    - one
    - two @
  if: recipient.first_name is set
- button: {label: "Book @", to: links.book}
- image: {src: a.png, alt: "A @"}
- checklist: {title: To, items: ["a @", {text: b, if: recipient.first_name is set}]}
"""


def test_a_style_sheet_marked_inline_is_written_into_the_tags() -> None:
    """Into those of the words, too, which join a layout after it was compiled."""
    text = letter(EVERYTHING.replace("@", "x"))
    sent = message(compiled({"campaigns/letter/campaign.yaml": text, **layout("", INLINE)}))
    styles = attributes(sent.html, ".cc-block p, .cc-block a, strong, h2, li", "style")
    assert len(styles) >= 8 and all(re.search(r"letter-spacing:\s*3px", style) for style in styles)
    piece = '<mjml><mj-head><mj-style inline="inline">.a { color: red }</mj-style></mj-head>'
    alone = mjml.mjml2html(piece + '<mj-body><mj-raw><p class="a">x</p></mj-raw></mj-body></mjml>')
    assert 'style="color' not in alone, "mjml-python's own way"


@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("first_name", ["Kari", None])
def test_a_style_sheet_marked_inline_changes_no_words(what: str, first_name: str | None) -> None:
    prose, blocks = EVERYTHING.split("- button", 1)
    typed = f"{{% raw %}}{VALUES[what]}{{% endraw %}}"
    markdown = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", VALUES[what])
    body = prose.replace("@", markdown) + "- button" + blocks.replace("@", quoted(typed)[1:-1])
    files = {"campaigns/letter/campaign.yaml": letter(body)}
    odd = "__cc_h0__ x-any-language &quot;&#60;&amp;#95;&#95;é"
    own = f"<mj-text><p title='{odd}'>{odd}</p></mj-text>"
    with_sheet, without = compiled({**files, **layout(own, INLINE)}), compiled({**files, **layout(own)})
    assert of_the_language(with_sheet) == of_the_language(without) == []
    row = {"patient.first_name": first_name}
    ours, usual = message(with_sheet, row), message(without, row)
    assert shown(ours.html) == shown(usual.html)
    assert [attributes(ours.html, "*", name) for name in ("alt", "href", "title", "src")] == [
        attributes(usual.html, "*", name) for name in ("alt", "href", "title", "src")
    ]
    assert [tag for tag, *_ in shape(ours.html)] == [tag for tag, *_ in shape(usual.html)]
    assert ours.text == usual.text


def test_a_decorative_picture_keeps_its_empty_alt() -> None:
    body = '- text: Hello\n- image: {src: a.png, alt: ""}'
    sent = message(
        compiled({"campaigns/letter/campaign.yaml": letter(body), **layout('<mj-image src="assets/a.png" alt=""/>')})
    )
    assert attributes(sent.html, "img", "alt") == ["", ""]
    assert len(re.findall("<img", sent.html)) == len(re.findall(r'<img[^>]*\balt=""', sent.html)) == 2


@pytest.mark.parametrize("piece", ['<mj-image src="assets/a.png"/>', '<mj-text><img src="assets/a.png"></mj-text>'])
def test_a_picture_without_alt_is_found(piece: str) -> None:
    compilation = compiled(layout(piece))
    assert [one.partition(" ")[0] for one in found(compilation)] == ["A11Y004"]


# mjml-python: what kills the process

DEADLY = {
    "wrappers": "<mj-wrapper>" * 2000 + "</mj-wrapper>" * 2000,
    "divs": "<mj-text>" + "<div>" * 9000 + "</div>" * 9000 + "</mj-text>",
    "divs that are never closed": "<mj-text>" + "<div>" * 9000,
    "tags in raw": "<mj-raw>" + "<b>" * 9000 + "</b>" * 9000 + "</mj-raw>",
    "a quotation mark before a bracket": "<mj-column>”></mj-column>",
    "itself": '{% include "clinic.mjml" %}',
    "itself by MJML": '<mj-include path="./clinic.mjml"/>',
    "conditions": "{% if practice.name is set %}" * 500 + "x" + "{% endif %}" * 500,
}


@pytest.mark.parametrize("what", DEADLY)
def test_what_would_kill_the_process_is_a_finding_within_two_seconds(what: str) -> None:
    began = time.process_time()
    compilation = compiled(layout(DEADLY[what]))
    assert time.process_time() - began < SECONDS
    codes = {one.partition(" ")[0] for one in of_the_language(compilation)}
    assert codes & {"LAY001", "LAY006", "LAY010", "LAY014", "TPL009"}, found(compilation)[:3]
    assert not compilation.bundle


@pytest.mark.parametrize(
    "document",
    [
        "'<mjml><mj-body>' + '<mj-wrapper>' * 5000 + '</mj-wrapper>' * 5000 + '</mj-body></mjml>'",
        "'<mjml><mj-body><mj-section><mj-column>”></mj-column></mj-section></mj-body></mjml>'",
    ],
    ids=["dies", "panics"],
)
def test_mjml_python_dies_by_itself(document: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", f"import mjml; mjml.mjml2html({document})"], capture_output=True, check=False
    )
    assert result.returncode != 0


def test_words_before_a_bracket_are_words() -> None:
    """The panic's other door: letters beyond ASCII before a `>` in a text."""
    sent = message(compiled(layout("<mj-text>” ”> 健康 > é></mj-text>")))
    assert "” ”> 健康 > é>" in shown(sent.html)


@pytest.mark.parametrize("quotes", [100, 2000])
def test_deep_words_are_a_finding_or_a_message(quotes: int) -> None:
    """Lists within lists, emphasis within emphasis, conditions within conditions: in a campaign, not a layout."""
    for deep in (
        "\n".join("  " * level + "- x" for level in range(quotes)),
        "*" * quotes + "x" + "*" * quotes,
        "[" * quotes + "x" + "](links.book)" * quotes,
        "{% if recipient.first_name is set %}" * quotes + "x" + "{% endif %}" * quotes,
        "> " * quotes + "x",
    ):
        began = time.process_time()
        compilation = compiled_letter(f"- text: {quoted(deep)}")
        assert time.process_time() - began < SECONDS
        assert compilation.bundle or compilation.diagnostics


# MJML with templates


def test_less_than_in_words_is_less_than() -> None:
    words = "5 < 6 and 7 > 6 & a<b> <mj-text> {% raw %}{% if a < b %} {{ x }}{% endraw %}"
    arrives = "5 < 6 and 7 > 6 & a<b> <mj-text> {% if a < b %} {{ x }}"
    compilation = compiled_letter(
        f"- button: {{label: {quoted(words)}, to: links.book}}\n- image: {{src: a.png, alt: {quoted(words)}}}",
        subject=words,
    )
    assert of_the_language(compilation) == []
    sent = message(compilation)
    assert sent.subject == arrives
    assert shown(sent.html, ".cc-button a").strip() == arrives
    assert attribute(sent.html, "img", "alt") == arrives


def test_less_than_in_a_text_is_less_than() -> None:
    sent = message(compiled_letter("- text: Come if 5 < 6, and 7 > 6."))
    assert shown(sent.html, ".cc-block p") == "Come if 5 < 6, and 7 > 6."
    assert "Come if 5 < 6, and 7 > 6." in sent.text


def test_less_than_in_a_layout_is_found_in_words_and_works_in_conditions() -> None:
    assert in_layout("<mj-text>5 < 6</mj-text>") == ["LAY003 20 <"]
    sent = message(compiled(layout("<mj-text>{% if 5 < 6 %}yes{% endif %}{% if 6 < 5 %}no{% endif %}</mj-text>")))
    assert "yes" in shown(sent.html) and "no" not in shown(sent.html, ".cc-card").split()
    with pytest.raises(ValueError):
        raw("<mj-text>{% if a < b %}x{% endif %}</mj-text>")


@pytest.mark.parametrize("char", ["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"])
def test_a_private_use_character_is_found_and_never_garbled(char: str) -> None:
    compilation = compiled_letter(f"- text: Our sign {char} is new")
    assert found(compilation) == [f"{PRIVATE_USE.code} 14:24 {char}"]
    assert not compilation.bundle
    assert in_layout(f"<mj-text>a{char}b</mj-text>") == [f"LAY002 19 {char}"]


@pytest.mark.parametrize(
    "words", ["__cc_h0__", "__cc_s12__ __cc_body__", "__cc_b0__ __cc_e0__", "x-any-language", "cc_body"]
)
def test_words_that_look_like_our_own_tokens_are_words(words: str) -> None:
    typed = words.replace("_", "\\_")
    body = f"- text: {quoted(f'A {typed} .')}\n- button: {{label: {quoted(f'B {words} .')}, to: links.book}}"
    own = layout(f'<mj-text css-class="q">L {words} .</mj-text>')
    compilation = compiled({"campaigns/letter/campaign.yaml": letter(body, subject=words), **own})
    assert of_the_language(compilation) == []
    sent = message(compilation)
    assert shown(sent.html, ".cc-block p") == f"A {words} ."
    assert shown(sent.html, ".cc-button a").strip() == f"B {words} ."
    assert shown(sent.html, ".q").strip() == f"L {words} ."
    assert sent.subject == words


# PyYAML: YAML 1.1

ROWS = {
    "on": True, "off": False, "yes": True, "no": False, "NO": False, "Off": False,
    "012": 10, "0o14": None, "0x1F": 31, "1_000": 1000, "10:30": 630, "1:30:00": 5400, ".5": 0.5, "1e3": None, "+1": 1,
    "2026-12-01": "a date", "2026-12-01T09:00:00Z": "a time", "=": "dies", "0777": 511,
}  # fmt: skip


def test_yaml_1_1_has_these_surprises() -> None:
    for written, read in ROWS.items():
        try:
            assert yaml.safe_load(f"x: {written}")["x"] != written or read is None, written
        except yaml.YAMLError:
            assert read == "dies"


@pytest.mark.parametrize("written", ROWS)
def test_words_that_yaml_1_1_would_change_arrive_as_written(written: str) -> None:
    """Where they could be a number, a finding asks for quotes; nothing is ever changed in silence."""
    compilation = compiled_letter(f"- details: {{rows: [{{label: Words, value: {written}}}]}}")
    if told := found(compilation):
        (one,) = told
        assert one == f"SCH003 14:48 {written}"
        help = compilation.diagnostics[0].help
        assert f'`"{written}"`' in help
        compilation = compiled_letter(f'- details: {{rows: [{{label: Words, value: "{written}"}}]}}')
    sent = message(compilation)
    assert shown(sent.html, "td.cc-ink.cc-row").strip() == written
    assert f"Words: {written}\n" in sent.text


def test_times_days_and_countries_without_quotes_mean_what_they_say() -> None:
    settings = CAMPCOMPILE.replace('holidays: "NO"', "holidays: NO").replace('["NO"]', "[NO]")
    settings = settings.replace('as_of: "2026-11-02"', "as_of: 2026-11-02").replace('"21:00-08:00"', "21:00-08:00")
    text = LETTER.replace('{date: "2026-12-01", at: "09:00"}', "{date: 2026-12-01, at: 10:30}")
    assert settings.count('"NO"') == 0 and "10:30" in text
    manifest = manifest_of(compiled({"campcompile.yaml": settings, "campaigns/letter/campaign.yaml": text}))
    assert (manifest.emails[0].send.dates, manifest.emails[0].send.at) == ({"": "2026-12-01"}, "10:30")
    assert (manifest.practice.holidays, manifest.practice.quiet_hours) == ("NO", "21:00-08:00")
    assert [basis.jurisdiction for basis in manifest.bases] == ["NO"]


@pytest.mark.parametrize(
    ("send", "expected"),
    [
        ('{date: "2026-12-01", at: "09:00", at: "10:00"}', ["SYN004 10:45 at"]),
        ('{date: 2026-02-30, at: "09:00"}', ["SCH050 10:18 2026-02-30"]),
        ('&a {date: "2026-12-01", at: "09:00"}', ["SYN008 10:11 &a"]),
        ('{date: "2026-12-01", at: !!str "09:00"}', ["SYN009 10:36 !!str"]),
        ('!!python/object/apply:os.system [x]', ["SCH003 10:5 send", "SYN009 10:11 !!python/object/apply:os.system"]),
    ],
)  # fmt: skip
def test_what_yaml_would_do_in_silence_is_found(send: str, expected: list[str]) -> None:
    text = LETTER.replace('{date: "2026-12-01", at: "09:00"}', send)
    compilation = compiled({"campaigns/letter/campaign.yaml": text})
    assert found(compilation) == expected
    assert not compilation.bundle


def test_the_last_of_two_keys_never_wins_in_silence() -> None:
    text = LETTER.replace("layer: updates\n", "layer: updates\nlayer: essential\n")
    assert found(compiled({"campaigns/letter/campaign.yaml": text})) == ["SYN004 5:1 layer"]
    assert yaml.safe_load(text)["layer"] == "essential", "PyYAML's own way"


def doubling(form: str) -> str:
    """Twelve keys, each made of the one before it nine times over."""
    names = "abcdefghijklm"
    lines = (f"{after}: &{after} {form % ', '.join([f'*{before}'] * 9)}\n" for before, after in pairwise(names))
    return "".join(lines)


BOMBS = {
    "merge keys": "a: &a {x: 1}\n" + doubling("{<<: [%s]}"),
    "aliases": "a: &a [x]\n" + doubling("[%s]"),
    "flow depth": "x: " + "[" * 100_000,
    "block depth": "x:\n" + "".join(" " * at + "a:\n" for at in range(1, 1_000)),
    "a bad date": "x: 2026-13-45\n",
    "a bad sexagesimal": "x: 190:20:30:99999999999\n",
    "a key that is a list": "? [a, b]\n: c\n",
}  # fmt: skip


@pytest.mark.parametrize("what", BOMBS)
def test_what_yaml_dies_of_is_a_finding_within_two_seconds(what: str) -> None:
    began = time.process_time()
    compilation = compiled({"campaigns/letter/campaign.yaml": LETTER + BOMBS[what]})
    assert time.process_time() - began < SECONDS
    assert found(compilation) and not compilation.bundle


# Jinja2: lines, and no columns


def test_jinja_knows_lines_alone_and_findings_know_columns() -> None:
    words = "a {{ practice.name }} b {% if recipient.first_name is set %}c{% endif %} d {{ practice.nam }} e {{ x.y }}"
    tree = jinja2.Environment().parse(words)
    assert {node.lineno for node in tree.find_all(jinja2.nodes.Getattr)} == {1}
    assert not hasattr(next(iter(tree.find_all(jinja2.nodes.Getattr))), "col_offset")
    compilation = compiled_letter(f"- text: {words}")
    column = 15 + words.index("practice.nam }")
    other = 15 + words.index("x.y")
    assert [one.split(maxsplit=1)[1] for one in found(compilation)] == [f"14:{column} practice.nam", f"14:{other} x.y"]


def test_no_line_end_of_a_text_layout_is_lost() -> None:
    """Jinja drops the last line end of a template unless told not to."""
    text = (ROOT / "src/campcompile/mail/layouts/clinic.txt").read_text("utf-8")
    own = text.rstrip("\n") + "\n\nThe last line.\n"
    sent = message(compiled({"layouts/clinic.txt": own}))
    assert sent.text.endswith("\n\nThe last line.\n")
    assert jinja2.Environment().from_string("x\n").render() == "x", "Jinja's own way"


# email-validator: DNS


def test_addresses_are_judged_without_asking_dns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those of the workspace and those of recipients; the library itself would ask."""
    lay(tmp_path / "build", clean(compiled({})).bundle)
    people = tmp_path / "people.csv"
    people.write_text(
        "email,locale,patient.first_name,patient.topics,links.one_click\n"
        f"kari@surely-not-there.example,en,Kari,news,{ONE_CLICK}\nno address,en,Kari,news,{ONE_CLICK}\n"
    )
    asked: list[str] = []

    def refuse(_: object, name: object, *__: Any, **___: Any) -> Any:
        asked.append(str(name))
        raise dns.exception.Timeout

    monkeypatch.setattr(dns.resolver.Resolver, "resolve", refuse)
    with suppress(EmailNotValidError):
        validate_email("kari@surely-not-there.example")
    assert asked, "email-validator's own way"
    asked.clear()
    outbox = tmp_path / "outbox"
    bundle = str(tmp_path / "build/lt26")
    code = main(["send", bundle, "--email", "letter", "--recipients", str(people), "--outbox", str(outbox)])
    assert code == 1, "one row is set aside"
    assert "row 3: `email` is no e-mail address" in capsys.readouterr().out
    assert len(list(outbox.iterdir())) == 1
    settings = CAMPCOMPILE.replace("pasient@fjordklinikken.example", "pasient@surely-not-there.example")
    assert compiled({"campcompile.yaml": settings}).bundle, "another domain than the practice's is warned of, no more"
    assert asked == []


# Packages with traps that nothing of ours uses


def test_packages_whose_traps_do_not_apply_are_not_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[^A-Za-z0-9_.-]", wish)[0] for wish in project["dependencies"]}
    assert "mjml-python" in wanted
    assert not wanted & {"html2text", "inscriptis", "tldextract", "presidio-analyzer", "jinja2"}
