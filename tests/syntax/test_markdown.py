"""Texts of paragraphs: which Markdown there is, what is said about the rest, and where everything stands."""

from __future__ import annotations

import html
import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from campcompile.syntax import markdown
from campcompile.syntax.findings import Checked
from campcompile.syntax.markdown import parse_prose
from campcompile.syntax.source import MappedText
from campcompile.syntax.words import (
    Block,
    Break,
    Bullets,
    Emphasis,
    Heading,
    Inline,
    Link,
    Merge,
    Paragraph,
    RichText,
    Strong,
    When,
    Words,
)

EXAMPLES = Path(__file__).parents[2] / ".." / "shared" / "design" / "examples"


def mapped(text: str) -> MappedText:
    return MappedText.plain(text, "campaigns/a.yaml", 0)


def prose(text: str) -> RichText:
    checked = parse_prose(mapped(text))
    assert not checked.diagnostics, [finding.message for finding in checked.diagnostics]
    return checked.value


def findings(text: str) -> list[tuple[str, str, str]]:
    """Code, key of the message, and the text pointed at."""
    return [(d.rule.code, d.say, text[d.span.start : d.span.end]) for d in parse_prose(mapped(text)).diagnostics]


def as_html(blocks: tuple[Block, ...]) -> str:
    shown = []
    for block in blocks:
        match block:
            case Paragraph(children):
                shown.append(f"<p>{inline_html(children)}</p>")
            case Heading(level, children):
                shown.append(f"<h{level}>{inline_html(children)}</h{level}>")
            case Bullets(items, start):
                tag = "ul" if start is None else "ol" if start == 1 else f'ol start="{start}"'
                inner = "".join(f"<li>{as_html(item)}</li>" for item in items)
                shown.append(f"<{tag}>{inner}</{tag[:2]}>")
    return "".join(shown)


def inline_html(children: tuple[Inline, ...]) -> str:
    shown = []
    for node in children:
        match node:
            case Words(text):
                shown.append(html.escape(text, quote=False))
            case Merge(name, filter):
                shown.append("{" + name.path + ("|" + filter if filter else "") + "}")
            case When(arms):
                inner = "/".join(inline_html(arm.children) for arm in arms)
                shown.append(f"[{inner}]")
            case Strong(inner_nodes):
                shown.append(f"<strong>{inline_html(inner_nodes)}</strong>")
            case Emphasis(inner_nodes):
                shown.append(f"<em>{inline_html(inner_nodes)}</em>")
            case Link(target, _, inner_nodes):
                shown.append(f'<a href="{target}">{inline_html(inner_nodes)}</a>')
            case Break():
                shown.append("<br>")
    return "".join(shown)


def walk(nodes: Any) -> list[Any]:
    """All nodes, in reading order."""
    found = []
    for node in nodes:
        if isinstance(node, tuple):
            found += walk(node)
            continue
        found.append(node)
        for name in ("children", "items", "arms"):
            found += walk(getattr(node, name, ()))
    return found


# What a text is made of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line.\n", "<p>One line.</p>"),
        ("One\ntwo\n\nthree\n", "<p>One two</p><p>three</p>"),
        ("## Ready\nThe vaccine is here.\n", "<h2>Ready</h2><p>The vaccine is here.</p>"),
        ("### Small ###\n", "<h3>Small</h3>"),
        ("**Bold _and_** *so*", "<p><strong>Bold <em>and</em></strong> <em>so</em></p>"),
        ("***both***", "<p><em><strong>both</strong></em></p>"),
        ("- one\n- two\n", "<ul><li><p>one</p></li><li><p>two</p></li></ul>"),
        ("3. one\n4. two\n", '<ol start="3"><li><p>one</p></li><li><p>two</p></li></ol>'),
        ("- one\n\n  more\n", "<ul><li><p>one</p><p>more</p></li></ul>"),
        ("[Book **now**](links.book).", '<p><a href="links.book">Book <strong>now</strong></a>.</p>'),
        ("[Read](https://a.example/x_(y)?z=1&b)", '<p><a href="https://a.example/x_(y)?z=1&b">Read</a></p>'),
        ("[Read](<https://a.example/x>)", '<p><a href="https://a.example/x">Read</a></p>'),
        ("one\\\ntwo  \nthree", "<p>one<br>two<br>three</p>"),
        ("\\*not\\* 5 \\< 6 &amp; &eacute; Q & A", "<p>*not* 5 &lt; 6 &amp; é Q &amp; A</p>"),
        ("5 < 6, 2 * 3, snake_case, #hash, 1) is", "<p>5 &lt; 6, 2 * 3, snake_case, #hash, 1) is</p>"),
        ("Hello {{ patient.first_name }},", "<p>Hello {patient.first_name},</p>"),
        ("**{{ a.b | date }}**", "<p><strong>{a.b|date}</strong></p>"),
        ("*{{ a.b }}*s and _{{ a.b }}_", "<p><em>{a.b}</em>s and <em>{a.b}</em></p>"),
        ("{% if a.b %}_x_{% else %}**y**{% endif %}", "<p>[<em>x</em>/<strong>y</strong>]</p>"),
        ("**a{% if a.b %} b{% endif %}** c", "<p><strong>a[ b]</strong> c</p>"),
        ("Hei{% if a.b %}**x**{% endif %}!", "<p>Hei[<strong>x</strong>]!</p>"),
        ("[Book{% if a.b %} now{% endif %}](links.book)", '<p><a href="links.book">Book[ now]</a></p>'),
        ("## Hello {{ a.b }} ##", "<h2>Hello {a.b}</h2>"),
        ("- {% if a.b %}x{% endif %}\n- {{ c.d }}", "<ul><li><p>[x]</p></li><li><p>{c.d}</p></li></ul>"),
        ("a{# said\n\nnothing #}b", "<p>ab</p>"),
        ("{# alone #}\n\nb", "<p>b</p>"),
        ("{% raw %}{{ **x** }}{% endraw %}", "<p>{{ <strong>x</strong> }}</p>"),
        ("", ""),
        ("\n\n", ""),
    ],
)
def test_reads(text: str, expected: str) -> None:
    assert as_html(prose(text)) == expected


def test_a_tag_may_have_its_own_line() -> None:
    assert as_html(prose("Hello\n{% if a.b %}\nyou\n{% endif %}\nthere")) == "<p>Hello [you ]there</p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("期待您的到來。\n**請提前報到。**", "<p>期待您的到來。<strong>請提前報到。</strong></p>"),
        ("ひらがな\nカタカナ", "<p>ひらがなカタカナ</p>"),
        ("안녕\n하세요", "<p>안녕 하세요</p>"),
        ("中文\nEnglish\n中文", "<p>中文 English 中文</p>"),
        ("來自\n{{ practice.name }}\n的訊息", "<p>來自{practice.name}的訊息</p>"),
        ("{{ a.b }}\n您好", "<p>{a.b}您好</p>"),
        ("您好\n{{ a.b }}, hello", "<p>您好 {a.b}, hello</p>"),
        ("{{ a.b }}\n{{ c.d }}", "<p>{a.b} {c.d}</p>"),
        ("{{ a.b }}\nand {{ c.d }}", "<p>{a.b} and {c.d}</p>"),
        ("party 🎉\n🎂 cake", "<p>party 🎉 🎂 cake</p>"),
        ("中\\\n文", "<p>中<br>文</p>"),
    ],
)
def test_a_line_break_between_chinese_characters_prints_nothing(text: str, expected: str) -> None:
    assert as_html(prose(text)) == expected


def test_words_over_a_line_break_are_one_node() -> None:
    text = "請提前\n報到 and\nmore"
    (paragraph,) = prose(text)
    assert isinstance(paragraph, Paragraph)
    (words,) = paragraph.children
    assert isinstance(words, Words)
    assert (words.text, text[words.span.start : words.span.end]) == ("請提前報到 and more", text)


def test_every_block_and_mark_has_its_place() -> None:
    text = "## Ready **now** ##\n\nA [link *in*](links.book) here\\\nand\n\n- one\n- two {{ a.b }}\n"
    quoted = {type(node).__name__: text[node.span.start : node.span.end] for node in reversed(walk(prose(text)))}
    assert quoted["Heading"] == "## Ready **now**"
    assert quoted["Strong"] == "**now**"
    assert quoted["Paragraph"] == "A [link *in*](links.book) here\\\nand"
    assert quoted["Link"] == "[link *in*](links.book)"
    assert quoted["Emphasis"] == "*in*"
    assert quoted["Break"] == "\\\n"
    assert quoted["Bullets"] == "- one\n- two {{ a.b }}"
    (link,) = [node for node in walk(prose(text)) if isinstance(node, Link)]
    assert text[link.target_span.start : link.target_span.end] == "links.book"


# What isn't Markdown here


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One", ("TPL020", "", "#")),
        ("#### Four", ("TPL020", "", "####")),
        ("Title\n===", ("TPL020", "underlined", "===")),
        ("Title\n---", ("TPL020", "underlined", "---")),
        ("##\n", ("TPL020", "empty", "##")),
        ("- ## x", ("TPL020", "in-list", "##")),
        ("a <b>bold", ("TPL021", "", "<b>")),
        ("a <!-- secret --> b", ("TPL021", "", "<!-- secret -->")),
        ("<div>\nx", ("TPL021", "", "<div>\nx")),
        ("<a title={{ a.b }}>x", ("TPL021", "", "<a title={{ a.b }}>")),
        ("![team](a.png)", ("TPL022", "image", "![team](a.png)")),
        ("```\nx\n```", ("TPL022", "code", "```")),
        ("a\n\n    four spaces", ("TPL022", "indented", "    ")),
        ("the `code`", ("TPL022", "code-span", "`code`")),
        ("> said", ("TPL022", "quote", "> said")),
        ("a\n\n***\n\nb", ("TPL022", "rule", "***")),
        ("|a|b|\n|-|-|\n|c|d|", ("TPL022", "table", "|a|b|")),
        ("note[^1]", ("TPL022", "footnote", "[^1]")),
        ("[^1]: note", ("TPL022", "footnote", "[^1]: note")),
        ("[book]: https://a.example", ("TPL022", "reference", "[book]: https://a.example")),
        ("\tx", ("TPL022", "tab", "\t")),
        ("~~gone~~", ("TPL022", "strike", "~~gone~~")),
        ("- a\n  - b", ("TPL023", "", "-")),
        ("- a\n-\n- b", ("TPL023", "empty", "-")),
        ("[x](https://a.example/{{ a.b }})", ("TPL024", "merge", "https://a.example/{{ a.b }}")),
        ("[x]({{ a.b }})", ("TPL024", "merge", "{{ a.b }}")),
        ("[x]()", ("TPL024", "empty", "]()")),
        ("[](links.book)", ("TPL024", "words", "[](links.book)")),
        ("[x](book)", ("TPL024", "", "book")),
        ("[x](fjordklinikken.example/finn-oss)", ("TPL024", "", "fjordklinikken.example/finn-oss")),
        ('[x](links.book "title")', ("TPL024", "title", ' "title"')),
        ("see <https://a.example>", ("TPL024", "bare", "<https://a.example>")),
        ("write <a@b.example>", ("TPL024", "bare", "<a@b.example>")),
        ("{% if a.b %}one\n\ntwo{% endif %}", ("TPL004", "", "{% if a.b %}")),
        ("- {% if a.b %}one\n- two{% endif %}", ("TPL004", "", "{% if a.b %}")),
        ("## {% if a.b %}one\ntwo{% endif %}", ("TPL004", "", "{% if a.b %}")),
        ("{% if a.b %}- one{% endif %}", ("TPL004", "block", "-")),
        ("{% if a.b %}## one{% endif %}", ("TPL004", "block", "##")),
        ("{% if a.b %}**one{% endif %} two**", ("TPL025", "", "**")),
        ("**one{% if a.b %} two**{% endif %}", ("TPL025", "", "{% if a.b %}")),
        ("**one** and ** two", ("TPL026", "", "**")),
        ("**注意：**請提前報到, **so**", ("TPL026", "", "**")),
    ],
)
def test_outside_the_language(text: str, expected: tuple[str, str, str]) -> None:
    assert expected in findings(text)
    assert len({code for code, _, _ in findings(text)}) == 1


def test_ten_mistakes_are_ten_findings() -> None:
    text = "# A\n\n> b\n\n- c\n  - d\n\n`e` <b> ![f](g) [h](i) {{ 9*9 }} {{ a b }}\n\n***\n"
    assert len(findings(text)) == 10


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://a.example", "mailto:a@b.example", "/x", "#top"])
def test_an_address_of_any_kind_is_passed_on(address: str) -> None:
    (paragraph,) = prose(f"[x]({address})")
    assert isinstance(paragraph, Paragraph)
    (link,) = paragraph.children
    assert isinstance(link, Link)
    assert link.target == address


def test_another_programs_merge_field_is_no_html() -> None:
    text = "Hei <<fornavn>>, takk"
    (paragraph,) = prose(text)
    assert isinstance(paragraph, Paragraph)
    (words,) = paragraph.children
    assert isinstance(words, Words)
    assert words.text == text


def test_a_left_over_star_that_means_itself_is_silent() -> None:
    assert not findings("Price* **now** \\*\\* 2 * 3 ___ and `".replace("`", ""))


def test_depth_length_and_brackets_are_findings() -> None:
    assert ("TPL012", "long") in [found[:2] for found in findings("a" * 10_001)]
    assert ("TPL012", "brackets") in [found[:2] for found in findings("[" * 200)]
    assert ("TPL012", "deep-words") in [found[:2] for found in findings("*a **b " * 60 + "c" + "** d*" * 60)]


@pytest.mark.parametrize(
    "scrap",
    ["*a ", "**a ", "_a_ ", "*a_ ", "[a](", "![", "<a ", "&a", "`a``", "a\n", "{{ a.b }}\n", "> ", "\t", "|a", "- ",
     "- a\n", "<!-- ", "<a b='", "[a]: b\n", "\\\n", "1. ", "# ", "a\n===\n", "     a\n\n", "中\n", "*a **b ",
     "{% if a.b %}**"],
)  # fmt: skip
def test_ten_thousand_characters_never_hang(scrap: str) -> None:
    start = time.process_time()
    parse_prose(mapped((scrap * 10_000)[:10_000]))
    assert time.process_time() - start < 1  # 0.2 s at rest; machines that run tests are seldom at rest


# Held to CommonMark

WORDS = st.sampled_from(
    ["word", "so", "Ä", "中文", "，", ".", ",", " ", " ", "\n", "**", "*", "_", "__", "***", "\\*", "\\\n", "  \n",
     "&amp;", "& ", "[x](links.book)", "[**x** y](https://a.example)", "(", ")", "!", "5 * 3", "-", "1.", "'", "\\",
     "[", "]", "#"]
)  # fmt: skip
LINES = st.lists(WORDS, max_size=8).map("".join)
TEXTS = st.lists(
    st.tuples(st.sampled_from(["", "", "## ", "### ", "- ", "1. ", "\n", "  ", " "]), LINES).map("".join), max_size=5
).map("\n".join)


def commonmark(text: str) -> str:
    """markdown-it's own HTML, in as_html's form."""
    reference = MarkdownIt("commonmark")
    reference.normalizeLink = lambda url: url  # type: ignore[method-assign]
    tokens = reference.parse(text)
    for token in tokens:
        token.hidden = False  # paragraphs of tight lists too
    shown = reference.renderer.render(tokens, reference.options, {})
    shown = shown.replace("&quot;", '"').replace("<br />\n", "<br>")
    return re.sub(r"(</?(?:p|h\d|ul|ol|li)\b[^>]*>)\n", r"\1", shown)


def joined(shown: str) -> str:
    """With line breaks as we print them, which differs on purpose."""
    return re.sub(r"(?<=[中文，])\n(?=[中文，])", "", shown).replace("\n", " ").replace("  ", " ")


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_what_is_accepted_is_commonmark(text: str) -> None:
    checked = parse_prose(mapped(text))
    if any(finding.rule.code != "TPL026" for finding in checked.diagnostics) or re.search(r"[中文，][*_)(]*\n", text):
        return
    assert as_html(checked.value).replace("  ", " ") == joined(re.sub(r"<p></p>", "", commonmark(text)))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["word", "中文", " ", "\n", "\n\n", "{{ a.b }}", "{% if a.b %}", "{% endif %}", ".", "\xa0"])
    ).map("".join)
)
def test_the_quick_way_through_plain_words_agrees_with_markdown_it(text: str) -> None:
    quick = parse_prose(mapped(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown, "_BLOCKS", re.compile(""))
        patch.setattr(markdown, "_INLINES", re.compile(""))
        slow = parse_prose(mapped(text))
    assert quick.value == slow.value
    assert quick.diagnostics == slow.diagnostics


# Properties

SCRAPS = st.sampled_from(
    ["**", "*", "_", "[", "](", ")", "links.book", "https://a.example", "# ", "## ", "- ", "  - ", "1. ", "> ",
     "    ", "`", "```", "<b>", "<", "&amp;", "&", "\\", "\n", "\n\n", "  \n", "{{ a.b }}", "{% if a.b %}",
     "{% else %}", "{%- endif -%}", "{% endif %}", "{{", "}}", "{#", "#}", "中", "é", "word", " ", "|", "|-|", "![",
     "~~", "[^1]", "[x]: y", "\t", "\x00", "\r", "===", "---", "\xa0"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(SCRAPS | st.text(max_size=2), max_size=25).map("".join))
def test_no_text_breaks_it_and_spans_quote_what_they_claim(text: str) -> None:
    checked: Checked[RichText] = parse_prose(mapped(text))
    for finding in checked.diagnostics:
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert finding.message
        assert finding.help
    last = 0
    for node in walk(checked.value):
        quoted = text[node.span.start : node.span.end]
        match node:
            case Words(words):
                assert node.span.start >= last
                last = node.span.end
                assert words
                assert "\ue000" not in words
                if not re.search(r"[\\&\n]", quoted):
                    assert words == quoted
            case Strong():
                assert quoted[:2] == quoted[-2:] and quoted[:2] in ("**", "__")
            case Emphasis():
                assert quoted[0] == quoted[-1] and quoted[0] in "*_"
            case Link(target):
                assert (quoted[0], quoted[-1]) == ("[", ")")
                assert text[node.target_span.start : node.target_span.end] == target
            case Merge(name):
                assert quoted.startswith(name.path)
            case When():
                assert quoted.startswith("{%") and quoted.endswith("%}")
            case Heading():
                assert quoted.startswith("#") or "\n=" in text or "\n-" in text
            case Break():
                assert "\n" in quoted


# The words of the design


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the design examples are not beside this checkout")
def test_every_text_of_the_design_examples_reads() -> None:
    texts = [
        text
        for path in sorted(EXAMPLES.rglob("*.yaml"))
        if path.parent.name != "_shared" or path.name == "phrases.yaml"
        for text in texts_of(yaml.safe_load(path.read_text("utf-8")), path.name == "phrases.yaml")
    ]
    assert len(texts) > 60
    for text in texts:
        prose(text)


def texts_of(tree: Any, inside: bool) -> list[str]:
    """The values of `text` and `body`, and of all below them where `inside`."""
    if isinstance(tree, dict):
        return [text for key, value in tree.items() for text in texts_of(value, inside or key in ("text", "body"))]
    if isinstance(tree, list):
        return [text for item in tree for text in texts_of(item, False if not inside else isinstance(item, str))]
    return [tree] if inside and isinstance(tree, str) else []
