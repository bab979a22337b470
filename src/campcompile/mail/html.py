"""MJML becomes HTML: the one door to mjml-python and css-inline, with a gate before and behind each.

mjml-python is a renderer only: it drops, leaks and garbles without a word, and dies of what it can't take.
What comes in has passed syntax/mjml_check.py; whatever goes wrong here is our own fault, never an author's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import css_inline
import mjml as renderer

from campcompile.regex import regex
from campcompile.syntax.markup import css_ascii, escape_attribute, escape_text, in_ascii

MAX_MJML_BYTES = 1024 * 1024
MAX_HTML_BYTES = 5 * 1024 * 1024
MAX_DEPTH = 192  # a layout's 96 tags around a block's 96; mjml-python dies from 1,034 on

_TAG = regex(r"<(/?)([A-Za-z][^\s/>]*)[^>]*?(/?)>")
_VOID = frozenset({"br", "hr", "img", "wbr", "col", "meta", "input", "link", "area", "base"})
_STYLE_SHEET = regex(r"(<(?:mj-style|style)\b[^>]*>)(.*?)(?=</)", re.DOTALL)
# A gap between two tags that begins with a blank, not with a new line, is an error to mjml-python in mj-head and
# wherever else it expects certain tags alone.
_BLANKS = regex(r">[ \t\r\f\v]+(?=\s*(?:<mj-|</mj-(?:head|attributes|social|navbar|accordion|accordion-element)>))")
_INLINE_STYLE = regex(r"<mj-style\b[^>]*\sinline=[^>]*>(.*?)</mj-style\s*>", re.DOTALL)
# What mjml-python prints twice: the language on `html` and on a `div`, the title also as that div's label.
_TWICE = regex(r"<mjml\b[^>]*>|<mj-title\b[^>]*>.*?</mj-title", re.DOTALL)
_ASKED = regex(r"<(a|img|mj-button|mj-image|mj-navbar-link)(?=[\s/>])([^>]*)")
_GIVEN = regex(r"<(?:mj-|(?:a|img)(?=[\s/>])[^>]*)")
_LINK = regex(r"<a(?=[\s/>])")
_HREF = regex(r"\shref\s*=")
_BUTTON_TITLE = regex(r"\stitle\s*=\s*(\"[^\"]*\"|'[^']*')")
_NO_ALT = regex(r"<img (?![^>]*\balt=)")
_BACKSLASH_IN_TAG = regex(r"<[A-Za-z][^<>]*\\")
_TOKEN = regex(r"__cc_[a-z]+[0-9]*__")
_REFERENCE = regex(r"&(#[0-9]+);")
_RAW_TOKEN = regex(r"<mj-raw>(__cc_[a-z]+[0-9]*__)</mj-raw>")
_PADDING_BY_SIDES = regex(r"""\spadding=(?:"[^" ]+ [^"]+"|'[^' ]+ [^']+')""")
_BARE_ZERO = regex(r"""(?<=["' ])0(?=["' ])""")


class MjmlFault(AssertionError):
    """MJML that we made came out otherwise than asked for. The message never quotes the text."""


def attribute(value: str) -> str:
    """`value` for a quoted attribute of MJML: printable ASCII, everything else as a character reference."""
    return escape_attribute(value)


def text(value: str) -> str:
    """`value` as words between the tags of MJML."""
    return escape_text(value)


def has_inline_style(mjml: str) -> bool:
    """Whether a style sheet of the document is to be written into the tags themselves."""
    return " inline=" in mjml and _INLINE_STYLE.search(mjml) is not None


def to_html(mjml: str) -> str:
    """The HTML of a whole MJML document whose attribute values were written by `attribute`.

    Tokens `__cc_…__` come out as often as they went in (those of `<mjml>` and mj-title twice).
    A picture without `alt` gets an empty one, and `title` of a button arrives, which mjml-python forgets.
    The language and direction of `<mjml lang dir>` stand on `html` and on the outermost element of the body.
    Raises MjmlFault where the HTML is not what was asked for.
    """
    mjml = _BLANKS.sub(">", mjml.strip())  # a blank behind `</mjml>` is an error to mjml-python
    _guard(mjml)
    if not mjml.isascii():
        mjml = _all_ascii(mjml)
    mjml = _with_units(mjml)
    inline = _INLINE_STYLE.findall(mjml) if has_inline_style(mjml) else []
    html = _render(_INLINE_STYLE.sub("", mjml) if inline else mjml)
    asked = list(_asked(mjml))
    given = _GIVEN.findall(html)
    if len(given) != len(asked) or "<mj-" in given:
        raise MjmlFault(f"{len(given)} links and pictures came out, {len(asked)} were asked for")
    if any(tag.startswith("<img") and " alt=" not in tag for tag in given):
        html = _NO_ALT.sub('<img alt="" ', html)
    if any(title for _, title in asked):
        html = _with_titles(html, [title for link, title in asked if link])
    if inline:
        html = _inlined(html, "\n".join(inline), frozenset(_RAW_TOKEN.findall(mjml)))
    _compare(mjml, html)
    return html


def _guard(mjml: str) -> None:
    """Refuse what could end the process: mjml-python has no limits of its own."""
    if len(mjml) > MAX_MJML_BYTES:
        raise MjmlFault(f"MJML of {len(mjml):,} characters")
    if mjml.count("<") <= MAX_DEPTH:
        return
    depth = 0
    for closing, name, closed in _TAG.findall(mjml):
        if closing:
            depth -= 1
        elif not closed and name not in _VOID:
            depth += 1
            if depth > MAX_DEPTH:
                raise MjmlFault(f"MJML of more than {MAX_DEPTH} nested tags")


def _all_ascii(mjml: str) -> str:
    """The same document in ASCII.

    mjml-python takes the number of characters before a `>` in text for one of bytes, and panics.
    """
    mjml = _STYLE_SHEET.sub(lambda sheet: sheet[1] + css_ascii(sheet[2]), mjml)
    return in_ascii(mjml)


def _with_units(mjml: str) -> str:
    """The same document with `0px` for a `0` among the sides of a padding.

    mjml-python reads no number there, and then leaves the padding out of the widths of pictures and Outlook's columns.
    """
    return _PADDING_BY_SIDES.sub(lambda padding: _BARE_ZERO.sub("0px", padding[0]), mjml)


def _render(mjml: str) -> str:
    try:
        return renderer.mjml2html(mjml, fonts={})
    except ValueError as error:
        raise MjmlFault(f"mjml-python: {error}") from error
    except BaseException as error:
        # Rust's panics are no Exception, and their class can't be imported.
        if type(error).__name__ == "PanicException":
            raise MjmlFault("mjml-python panicked") from None
        raise


def _asked(mjml: str) -> Iterator[tuple[bool, str]]:
    """What a document asks for, in order: for each link or picture, whether it is a link, and a button's title."""
    for name, attributes in _ASKED.findall(mjml, max(mjml.find("<mj-body"), 0)):
        if name in ("a", "img"):
            yield name == "a", ""
            continue
        if name == "mj-navbar-link" or _HREF.search(attributes):
            title = _BUTTON_TITLE.search(attributes) if name == "mj-button" else None
            yield True, title[1] if title else ""
        if name == "mj-image":
            yield False, ""


def _with_titles(html: str, titles: list[str]) -> str:
    waiting = iter(titles)

    def titled(_: re.Match[str]) -> str:
        title = next(waiting, "")
        return f"<a title={title}" if title else "<a"

    return _LINK.sub(titled, html)


def _inlined(html: str, css: str, between_tags: frozenset[str]) -> str:
    """`html` with the rules of `css` written into `style` attributes.

    css-inline reads HTML as browsers do, which push text out of a table: a token there travels as a comment.
    """
    for token in between_tags:
        html = html.replace(token, f"<!--{token}-->")
    html = _REFERENCE.sub(r"&amp;cc-\1;", html)  # css-inline writes the character that a reference stands for
    html = css_inline.inline(
        html,
        inline_style_tags=False,
        keep_style_tags=True,  # with keep_at_rules beside it, css-inline 0.23.1 inlines nothing
        load_remote_stylesheets=False,
        extra_css=css,
    )
    for token in between_tags:
        html = html.replace(f"<!--{token}-->", token)
    return html.replace("&amp;cc-#", "&#")


def _compare(mjml: str, html: str) -> None:
    """Refuse HTML that is not what the document asked for."""
    if len(html) > MAX_HTML_BYTES:
        raise MjmlFault(f"HTML of {len(html):,} characters")
    if "\\" in html and _BACKSLASH_IN_TAG.search(html):
        raise MjmlFault("an attribute came out with a backslash")
    if "__cc_" in mjml or "__cc_" in html:
        _compare_tokens(mjml, html)


def _compare_tokens(mjml: str, html: str) -> None:
    asked, given = _TOKEN.findall(mjml), _TOKEN.findall(html)
    for printed_twice in _TWICE.findall(mjml, 0, max(mjml.find("<mj-body"), 0)):
        asked += _TOKEN.findall(printed_twice)
    if len(asked) == len(given) and sorted(asked) == sorted(given):
        return
    # A background's address stands in the HTML up to three times: for CSS, for old clients, for Outlook.
    more = Counter(given)
    more.subtract(asked)
    if "background-url" not in mjml or any(count < 0 for count in more.values()):
        raise MjmlFault("tokens were lost, doubled or changed")
