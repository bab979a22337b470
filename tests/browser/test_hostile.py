"""Hostile values in every place of a message: no parser sees another structure, nothing runs, nothing is asked for."""

from __future__ import annotations

from functools import cache

import pytest

from campcompile.compiler import Compilation
from campcompile.errors import AddressError
from campcompile.plain import collapsed
from campcompile.render import Message
from tests.acceptance.practice import attributes, compiled, letter, message, quick_shape, shape, shown
from tests.browser.conftest import Tab
from tests.browser.messages import HARBOUR
from tests.browser.payloads import payloads
from tests.workspace import DICTIONARY

PAGE = "https://fjordklinikken.example/page"
PLAIN = "Kari"
FILES = {
    "campaigns/_shared/dictionary.yaml": DICTIONARY.replace(
        "label: contact, hipaa: A", "label: contact, required: true, hipaa: A"
    )
    + "  patient.page: {type: url, label: contact, required: true}\n",
    "assets/a.png": HARBOUR,
    "campaigns/letter/campaign.yaml": letter(
        """\
- phrase: greeting
- text: |
    ## For {{ recipient.first_name }}

    **{{ recipient.first_name }}**, see [the page of {{ recipient.first_name }}](patient.page).
- button: {label: "{{ recipient.first_name }}’s page", to: patient.page}
- image: {src: a.png, alt: "For {{ recipient.first_name }}", to: patient.page}
- checklist: {title: "To {{ recipient.first_name }}", items: ["{{ recipient.first_name }}: one"]}
- details: {rows: [{label: "{{ recipient.first_name }}", value: "{{ recipient.first_name }}"}]}
- notice: {text: "**{{ recipient.first_name }}**: closed", until: "2026-12-24"}
""",
        subject="{{ recipient.first_name }}: news from the fjord",
        preheader="For {{ recipient.first_name }} alone",
    ),
}
OF_CI = payloads()[::7]


@cache
def to(name: str, page: str = PAGE) -> Message:
    return message(_compiled(), {"patient.first_name": name, "patient.page": page})


@cache
def _compiled() -> Compilation:
    return compiled(FILES)


def of_one_line(text: str) -> str:
    """What may differ between the contexts left out: what prints nothing, and how blanks stand."""
    return "".join(letter for letter in collapsed(text) if letter.isprintable() and letter not in "\u2068\u2069 ")


def test_there_are_five_hundred() -> None:
    assert len(set(payloads())) == 500


def test_two_parsers_see_the_same_structure_whatever_the_value() -> None:
    plain, plain_quick = shape(to(PLAIN).html), quick_shape(to(PLAIN).html)
    for payload in payloads():
        assert quick_shape(to(payload).html) == plain_quick, payload
    for payload in OF_CI:
        assert shape(to(payload).html) == plain, payload


@pytest.mark.slow
def test_the_stricter_parser_sees_the_same_structure_for_all_of_them() -> None:
    plain = shape(to(PLAIN).html)
    for payload in payloads():
        assert shape(to(payload).html) == plain, payload


def test_a_value_arrives_as_words_in_every_place() -> None:
    """In the title, a heading, an alternative text, a list item and the plain text it is the same words."""
    for payload in payloads():
        made = to(payload)
        words = of_one_line(shown(made.html, "h2").removeprefix("For "))
        assert words
        assert words in of_one_line(made.subject), payload
        assert words in of_one_line(made.preheader), payload
        assert words in of_one_line(shown(made.html, "title")), payload
        assert words in of_one_line(shown(made.html, ".cc-button a")), payload
        assert words in of_one_line(shown(made.html, "li")), payload
        assert [words in of_one_line(alt) for alt in attributes(made.html, "img", "alt")] == [True], payload
        assert words in of_one_line(made.text), payload
        assert "\n" not in made.subject + made.preheader


def test_an_address_leads_where_it_may_or_is_refused() -> None:
    """In a query, behind the host, and alone: every link of what is sent leads to the practice."""
    refused = 0
    pages = [f"{PAGE}?q={payload}" for payload in payloads()]
    pages += [page for payload in OF_CI for page in (payload, f"https://fjordklinikken.example{payload}")]
    for page in pages:
        try:
            made = to(PLAIN, page)
        except AddressError:
            refused += 1
            continue
        assert quick_shape(made.html) == quick_shape(to(PLAIN).html), page
        hosts = {href.partition("//")[2].partition("/")[0] for href in attributes(made.html, "a", "href")}
        assert hosts <= {"fjordklinikken.example", ""}, page  # "": a telephone number
    assert len(OF_CI) <= refused < len(pages)


@pytest.mark.browser
@pytest.mark.parametrize("share", [pytest.param(7, id="a seventh"), pytest.param(1, id="all", marks=pytest.mark.slow)])
def test_nothing_runs_and_nothing_is_asked_for(share: int, tab: Tab) -> None:
    """In Chromium, scripts allowed. The tab's fixture looks at what was asked for."""
    outline = "[...document.querySelectorAll('*')].map(e => e.tagName + [...e.attributes].map(a => a.name)).join()"
    # A script would call this one instead of the browser's own.
    tab.page.add_init_script("window.alert = () => { document.documentElement.setAttribute('ran', '') }")
    tab.show(to(PLAIN).html)
    plain = tab.page.evaluate(outline)
    for payload in payloads()[::share]:
        tab.show(to(payload).html)
        assert tab.page.evaluate(outline) == plain, payload
        assert tab.page.url.endswith("/emails/message.html"), payload


@pytest.mark.browser
def test_a_script_that_ran_would_be_seen(tab: Tab) -> None:
    tab.page.add_init_script("window.alert = () => { document.documentElement.setAttribute('ran', '') }")
    tab.show(f"<!doctype html><p>{payloads()[0]}</p><img src='https://evil.example/x.png'>")
    assert tab.page.evaluate("document.documentElement.hasAttribute('ran')")
    assert tab.asked == ["https://evil.example/x.png"]
    tab.asked.clear()
