"""Outlook on Windows reads conditional comments: what it sees is whole in every branch, and what others see too."""

from __future__ import annotations

import re
from itertools import product

import pytest

from campcompile.mail.html import to_html
from campcompile.parts import Branch, Parts, Picture
from tests.browser.messages import LAYOUTS, every_block, example_practice
from tests.parity.filling import BLOCKS, OURS, every, ours

_TAG = re.compile(r"<(/?)([A-Za-z][\w:]*)[^>]*?(/?)>")
_EMPTY = frozenset(("br", "hr", "img", "meta", "link", "input", "wbr", "col", "area", "base"))
_BEGIN, _END = "<!--[if ", "<![endif]-->"
_OUTLOOK_ALONE = re.compile(r"<!--\[if (?!!)[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_ALL_OTHERS = re.compile(r"<!--\[if !mso[^\]]*\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MOST_BRANCHES = 10  # of one e-mail: more than 1,024 combinations would take minutes


def as_outlook(html: str) -> str:
    return _COMMENT.sub("", _OUTLOOK_ALONE.sub(r"\1", _ALL_OTHERS.sub("", html)))


def as_others(html: str) -> str:
    return _COMMENT.sub("", _OUTLOOK_ALONE.sub("", _ALL_OTHERS.sub(r"\1", html)))


def unbalanced(markup: str) -> str:
    """The first tag that is closed and not open, or open at the end; "" where all is well."""
    open_tags: list[str] = []
    for closing, name, closed in _TAG.findall(markup):
        if name in _EMPTY or closed:
            continue
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return f"</{name}>"
    return f"<{open_tags[-1]}>" if open_tags else ""


def wrong(html: str) -> list[str]:
    """What is wrong with a page as Outlook reads it, and as all others do."""
    body = html[html.index("<body") : html.index("</body>") + len("</body>")]
    found = [unbalanced(as_outlook(body)), unbalanced(as_others(body))]
    if body.count(_BEGIN) != body.count(_END):
        found.append("a condition is not closed")
    if any(_BEGIN in inner for inner in _OUTLOOK_ALONE.findall(body)):
        found.append("a condition within another")
    return [each for each in found if each]


@pytest.mark.parametrize("layout", OURS)
def test_a_layout_is_whole_in_every_combination_of_its_branches(layout: str) -> None:
    ways = list(every(ours(f"{layout}.mjml"), "<mj-text>words</mj-text>"))
    assert len(ways) > (1 if layout != "portal-text" else 0)
    for mjml in ways:
        assert wrong(to_html(mjml)) == []


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_whole_in_every_combination_of_its_branches(block: str) -> None:
    around = next(every(ours("clinic.mjml"), "__body__"))
    ways = list(every(ours(f"blocks/{block}.mjml"), ""))
    assert ways
    for mjml in ways:
        assert wrong(to_html(around.replace("__body__", mjml))) == []


def test_every_example_is_whole_whatever_holds_for_a_reader() -> None:
    made = [*example_practice().rendered, *(one for layout in LAYOUTS for one in every_block(layout).rendered)]
    most = 0
    for rendered in made:
        names = sorted(branches(rendered.html))
        assert len(names) <= _MOST_BRANCHES, rendered.email.id
        most = max(most, len(names))
        for truths in product((True, False), repeat=len(names)):
            html = joined(rendered.html, dict(zip(names, truths, strict=True)))
            assert wrong(html) == [], (rendered.email.id, rendered.version.locale, truths)
    assert most >= 1


def test_what_is_not_whole_is_found() -> None:
    page = "<body><!--[if mso | IE]><table><tr><td><![endif]--><p>x</p><!--[if mso | IE]></td></tr></table><![endif]-->"
    assert wrong(page + "</body>") == []
    assert wrong(page.replace("</tr>", "") + "</body>") == ["</table>"]
    assert wrong(page.replace("</p>", "") + "</body>") == ["</td>", "</body>"]
    assert wrong(page + "<!--[if mso]>" + "</body>") != []


def branches(parts: Parts) -> set[str]:
    found = set()
    for part in parts:
        if isinstance(part, Branch):
            found |= {part.name} | branches(part.then) | branches(part.orelse)
    return found


def joined(parts: Parts, truths: dict[str, bool]) -> str:
    return "".join(
        part
        if isinstance(part, str)
        else joined(part.then if truths[part.name] else part.orelse, truths)
        if isinstance(part, Branch)
        else "x.png"
        if isinstance(part, Picture)
        else "words"
        for part in parts
    )
