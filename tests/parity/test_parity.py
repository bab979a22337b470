"""mjml-python builds what the official mjml builds: the same tags, addresses, words and styles in the same order.

Runs where the official command is: CAMPCOMPILE_MJML, or the one that dev.py puts into .venv/node.
Each difference that we know of is named in DIFFERENCES, and told in docs/parity.md.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from campcompile.mail.html import to_html
from tests.parity.filling import OURS, filled, nodes_of, whole
from tests.parity.official import build, official

DOCUMENTS = sorted(Path(__file__).with_name("documents").glob("*.mjml"))
NAMES = [*(path.stem for path in DOCUMENTS), *OURS]

# Every known difference, as docs/parity.md tells it: what is said of one → why it doesn't count.
DIFFERENCES = {
    "a font fetched from afar": lambda tag, attributes: tag == "link" and "fonts.googleapis.com" in attributes["href"],
    "the import of that font": lambda tag, attributes: tag == "style" and attributes == {"type": "text/css"},
}


pytestmark = pytest.mark.skipif(not official(), reason="no official mjml here: set CAMPCOMPILE_MJML to its command")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with the official HTML of each document, and ours by name; one call of the command builds all."""
    folder = tmp_path_factory.mktemp("parity")
    documents = {name: expanded(name) for name in NAMES}
    build(folder, documents)
    return folder, {name: to_html(mjml) for name, mjml in documents.items()}


@pytest.fixture(scope="module")
def pages(built: tuple[Path, dict[str, str]]) -> Callable[[str], tuple[Element, Element]]:
    """For each document the official page and ours."""
    folder, ours = built

    def pair(name: str) -> tuple[Element, Element]:
        theirs = (folder / f"{name}.html").read_text("utf-8")
        return html5lib.parse(theirs, namespaceHTMLElements=False), html5lib.parse(
            ours[name], namespaceHTMLElements=False
        )

    return pair


def expanded(name: str) -> str:
    """The MJML of a document, or of a layout of ours with each of the blocks once."""
    if name in OURS:
        return whole(name)
    (path,) = (path for path in DOCUMENTS if path.stem == name)
    return "".join(filled(nodes_of(path, f"layouts/{path.name}"), ""))


_ZERO = re.compile(r"\b0px\b")


def elements(page: Element) -> list[tuple[str, dict[str, str]]]:
    return [
        (str(element.tag), {str(key): value for key, value in element.attrib.items()})
        for element in page.iter()
        if isinstance(element.tag, str)
        and not any(known(str(element.tag), element.attrib) for known in DIFFERENCES.values())
    ]


def comparable(tag: str, attributes: dict[str, str], page_class: str) -> dict[str, object]:
    """The attributes that matter, in one spelling."""
    found: dict[str, object] = {}
    for key, value in attributes.items():
        match key:
            case "style":
                style = {
                    name.strip(): _ZERO.sub("0", re.sub(r",\s+", ",", " ".join(rest.split())))
                    for name, colon, rest in (rule.partition(":") for rule in value.split(";"))
                    # mjml 5 sets it on the outermost div, too; it is on the body in both.
                    if colon and not (tag == "div" and name.strip() == "word-spacing")
                }
                if style:
                    found[key] = style
            case "class":
                # mj-body's css-class: on the body there, on the outermost div here.
                if classes := set(value.split()) - set(page_class.split()):
                    found[key] = classes
            case "vertical-align" if tag == "td":
                pass  # no attribute of HTML; mjml-python prints it on a button's cell
            case _:
                found[key] = " ".join(value.split())
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_tags_are_the_same(name: str, pages: Callable[[str], tuple[Element, Element]]) -> None:
    theirs, ours = (["\n".join(tag for tag, _ in elements(page))] for page in pages(name))
    assert list(difflib.unified_diff(theirs[0].split("\n"), ours[0].split("\n"), "official", "ours", n=1)) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_attributes_and_styles_are_the_same(name: str, pages: Callable[[str], tuple[Element, Element]]) -> None:
    theirs, ours = pages(name)
    body = theirs.find("body")
    assert body is not None
    page_class = body.get("class", "")
    for (tag, left), (other, right) in zip(elements(theirs), elements(ours), strict=True):
        assert (other, comparable(other, right, page_class)) == (tag, comparable(tag, left, page_class))


@pytest.mark.parametrize("name", NAMES)
def test_the_words_are_the_same(name: str, pages: Callable[[str], tuple[Element, Element]]) -> None:
    def words(page: Element) -> list[str]:
        body = page.find("body")
        assert body is not None
        pieces = []
        for element in body.iter():
            if isinstance(element.tag, str):  # no comment
                pieces.append(element.text or "")
            pieces.append(element.tail or "")
        return " ".join(pieces).split()

    theirs, ours = pages(name)
    assert words(theirs) == words(ours)


_OUTLOOK = re.compile(r"<!--\[if (?:mso \| IE|mso|lte mso 11)\]>(.*?)<!\[endif\]-->", re.DOTALL)
_TAG = re.compile(r"<(/?[\w:]+)([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_LONG_FRACTION = re.compile(r"\d+\.\d{6,}")


def outlook(html: str) -> list[tuple[str, list[tuple[str, object]]]]:
    """The tags that only Outlook reads, with their attributes in one spelling."""
    found = []
    for tag, rest in _TAG.findall("".join(_OUTLOOK.findall(html))):
        attributes: list[tuple[str, object]] = []
        for key, value in sorted(_ATTRIBUTE.findall(rest)):
            value = _LONG_FRACTION.sub(lambda number: f"{float(number[0]):.4f}".rstrip("0"), " ".join(value.split()))
            if key == "style" and value:
                attributes.append((key, sorted(rule.strip() for rule in value.split(";") if rule.strip())))
            elif value:
                attributes.append((key, value))
        found.append((tag, attributes))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_what_only_outlook_reads_is_the_same(name: str, built: tuple[Path, dict[str, str]]) -> None:
    folder, ours = built
    theirs = outlook((folder / f"{name}.html").read_text("utf-8"))
    assert len(theirs) > 20
    assert outlook(ours[name]) == theirs
