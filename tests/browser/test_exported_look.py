"""What a service makes of an exported page looks, pixel by pixel, as the preview does for the same person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from campcompile.dialects.dialect import Dialect, Escaping, Medium
from campcompile.dialects.pages import pen_of, texts_of
from campcompile.dialects.registry import find_dialect
from campcompile.dialects.variables import handed, variables_in
from campcompile.dialects.writing import Pen
from campcompile.model.rendered import RenderedEmail
from tests.browser.conftest import Tab
from tests.browser.messages import NOW, example_practice, row_of, shown
from tests.dialects.engines import ENGINES, NEEDS
from tests.dialects.fixtures import Case
from tests.dialects.practice import bundle_of

pytestmark = pytest.mark.browser

WIDTH = 375
EMAILS = [("wm83", "issue-2026-09", "en"), ("kq47", "week-before", "zh-Hant")]
MORE = [(code, email, "fr") for code, email, _ in EMAILS]


@pytest.mark.parametrize(
    "id",
    ["mailchimp", "sendgrid", *(pytest.param(id, marks=pytest.mark.slow) for id in ("aws-ses", "hubspot", "listmonk"))],
)
def test_an_exported_page_looks_as_the_preview_does(id: str, tab: Tab) -> None:
    assert_alike(id, EMAILS, tab)


@pytest.mark.slow
@pytest.mark.parametrize("id", ["brevo", "bundle", "hubspot", "mailchimp", "mandrill", "sendgrid"])
def test_an_exported_page_in_french_looks_as_the_preview_does(id: str, tab: Tab) -> None:
    assert_alike(id, MORE, tab)


def assert_alike(id: str, emails: list[tuple[str, str, str]], tab: Tab) -> None:
    dialect = find_dialect(id)
    assert dialect is not None
    if id in NEEDS and not NEEDS[id][1]():
        pytest.skip(f"no {NEEDS[id][0]} here")
    for rendered in chosen(emails):
        preview = shown(example_practice(), rendered, "ordinary")
        exported = as_the_service_makes_it(rendered, dialect)
        assert photographed(tab, exported) == photographed(tab, preview.html), str(preview)
    assert photographed(tab, "<p>Another page</p>") != photographed(tab, preview.html), "a picture of nothing"


def chosen(emails: list[tuple[str, str, str]]) -> Iterator[RenderedEmail]:
    for code, email, locale in emails:
        yield next(
            one
            for one in example_practice().rendered
            if (one.campaign.code, one.email.id, one.version.locale) == (code, email, locale)
        )


def as_the_service_makes_it(rendered: RenderedEmail, dialect: Dialect) -> str:
    """The page that is exported, read by the service's engine with one person's values."""
    bundle = bundle_of(example_practice(), rendered.campaign.code)
    email = next(one for one in bundle.manifest.emails if one.id == rendered.email.id)
    rendering = next(one for one in email.renderings if one.locale == rendered.version.locale)
    parts, derived = bundle.template(rendering).html, bundle.manifest.derived
    before = dialect.capabilities.escaping is Escaping.BEFORE
    wanted = variables_in(parts, derived, in_html=True, before=before)
    found = handed(wanted, derived, dict(row_of(example_practice(), rendered, "ordinary")), NOW)
    pen: Pen = pen_of(bundle, dialect, picture="../assets/{}".format)
    page = texts_of(bundle, rendering, pen).html
    if link := dialect.capabilities.unsubscribe:
        page = page.replace(link, "https://practice.example/stop")  # what the service itself puts there
    values: Mapping[str, str | bool] = {pen.name(variable): value for variable, value in found.items()}
    return ENGINES[dialect.id]([Case(medium=Medium.HTML, written=page, values=dict(values), expected="")])[0]


def photographed(tab: Tab, html: str) -> bytes:
    tab.show(html)
    tab.look(WIDTH)
    return bytes(tab.page.screenshot(full_page=True, animations="disabled"))
