"""Exported pages hold together in every branch, for Outlook too, and look as the preview does for a sample person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import pytest

from campcompile.dialects.compiled import mailings
from campcompile.dialects.dialect import Dialect, Escaping, Medium
from campcompile.dialects.pages import pen_of, texts_of
from campcompile.dialects.registry import find_dialect
from campcompile.dialects.variables import handed, variables_in
from campcompile.manifest import Manifest, Rendering
from campcompile.parts import Branch, Parts
from campcompile.render import Row, render_message
from campcompile.runner.bundle import Bundle
from tests.dialects import interpreters
from tests.dialects.engines import ENGINES, NEEDS
from tests.dialects.fixtures import Case
from tests.dialects.practice import NOW, ROWS, STRAIGHT, bundle_of, compiled, example, practice
from tests.dialects.test_same_words import settled

CODES = ("dv62", "hx35", "kq47", "wm83")
KARI: Row = {
    "patient.first_name": "Kari <b>",
    "patient.last_name": 'O"Brien & *|X|*',
    "patient.email": "kari@mail.example",
    "patient.site": "fjellsiden",
    "links.one_click": "https://lyngvag.example/u/31c8",
}
# Who reads a service's words in tests, and how its HTML is compared: Django's engine spells `'` in a way of its own.
READERS = {"brevo": (interpreters.brevo, settled), "mailchimp": (interpreters.mailchimp, str)}
_MSO = re.compile(r"<!--\[if [^\]]*mso[^\]]*\]>(.*?)<!\[endif\]-->", re.DOTALL)
_NOT_MSO = re.compile(r"<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->", re.DOTALL)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)


class Tags(HTMLParser):
    """Every tag that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """`<o:AllowPNG/>`: nothing is left open."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-1:]}"
            self.open.pop()


def assert_whole(html: str) -> None:
    """The page as browsers see it, and as Outlook does, is balanced."""
    assert html.count("<!--[if") == html.count("<![endif]-->")
    outlook = _MSO.sub(r"\1", _NOT_MSO.sub("", html))
    for seen in (html, outlook):
        tags = Tags()
        tags.feed(seen)
        tags.close()
        assert not tags.open, tags.open


def choices(parts: Parts) -> Iterator[Mapping[str, bool]]:
    """All conditions true, all false, and each by itself the other way."""
    names = sorted(_conditions(parts))
    for default in (True, False):
        yield dict.fromkeys(names, default)
        for name in names:
            yield dict.fromkeys(names, default) | {name: not default}


def _conditions(parts: Parts) -> set[str]:
    branches = [part for part in parts if isinstance(part, Branch)]
    return {name for part in branches for name in ({part.name} | _conditions(part.then) | _conditions(part.orelse))}


@pytest.mark.parametrize("id", [pytest.param(id, marks=pytest.mark.slow if id == "listmonk" else ()) for id in ENGINES])
def test_every_branch_of_an_exported_page_is_whole_for_browsers_and_for_outlook(id: str) -> None:
    dialect = find_dialect(id)
    assert dialect is not None
    if id in NEEDS and not NEEDS[id][1]():
        pytest.skip(f"no {NEEDS[id][0]} here")
    pages = [case for bundle in bundles(id) for case in page_cases(bundle, dialect)]
    assert len(pages) >= (50 if dialect.capabilities.branches else 1)
    for page in dict.fromkeys(ENGINES[id](pages)):
        assert_whole(page)


def bundles(id: str) -> Iterator[Bundle]:
    """The example practice's campaigns; for a service without conditions a letter that has none."""
    dialect = find_dialect(id)
    if dialect is not None and dialect.capabilities.branches:
        yield from (bundle_of(example(), code) for code in CODES)
    else:
        yield bundle_of(compiled(practice(id, STRAIGHT, row=ROWS[id])), "lt26")


def page_cases(bundle: Bundle, dialect: Dialect) -> Iterator[Case]:
    """Each page with each of its conditions this way and that."""
    pen, before = pen_of(bundle, dialect), dialect.capabilities.escaping is Escaping.BEFORE
    for mailing in mailings(bundle.manifest):
        if mailing.locale != "en":  # what is around the words is the same in each
            continue
        parts = bundle.template(mailing.renderings[0]).html
        written = pen.write(parts, Medium.HTML)
        if link := dialect.capabilities.unsubscribe:
            written = written.replace(link, "https://practice.example/stop")  # what the service itself puts there
        variables = variables_in(parts, pen.derived, in_html=True, before=before)
        for chosen in choices(parts):
            values: dict[str, str | bool] = {
                pen.name(one): chosen.get(one.derived, f"({one.short})") for one in variables
            }
            yield Case(medium=Medium.HTML, written=written, values=values, expected="")


def test_a_page_that_is_not_whole_is_seen() -> None:
    with pytest.raises(AssertionError):
        assert_whole("<table><!--[if mso]><tr><![endif]--></table>")


@pytest.mark.parametrize("locale", ["en", "fr", "nb", "zh-Hant"])
@pytest.mark.parametrize("id", ["brevo", "mailchimp"])
def test_a_newsletter_is_the_previews_page_but_for_the_opt_out(id: str, locale: str) -> None:
    bundle, dialect, (read, seen) = bundle_of(example(), "wm83"), find_dialect(id), READERS[id]
    assert dialect is not None
    manifest, link = bundle.manifest, dialect.capabilities.unsubscribe
    assert manifest.opt_out is not None
    rendering = next(one for one in manifest.emails[0].renderings if one.locale == locale)
    pen = pen_of(bundle, dialect)
    texts = texts_of(bundle, rendering, pen)
    expected = render_message(manifest, bundle.template(rendering), KARI, NOW, "assets/{}".format)
    before = dialect.capabilities.escaping is Escaping.BEFORE
    values = {pen.name(one): value for one, value in _handed(bundle, rendering, manifest, before=before).items()}
    assert link in texts.html and link in texts.text
    assert seen(read(texts.html.replace(link, manifest.opt_out.page), values)) == seen(expected.html)
    assert read(texts.text.replace(link, manifest.opt_out.page), values) == expected.text
    assert read(texts.subject, values) == expected.subject


def _handed(bundle: Bundle, rendering: Rendering, manifest: Manifest, *, before: bool) -> Mapping[object, str | bool]:
    template = bundle.template(rendering)
    wanted = variables_in(template.html, manifest.derived, in_html=True, before=before)
    for parts in (template.subject, template.text):
        wanted |= variables_in(parts, manifest.derived, in_html=False, before=before)
    return handed(wanted, manifest.derived, KARI, NOW)  # type: ignore[return-value]
