"""Every example e-mail measured as a patient sees it: sizes, targets, contrast, lines, one column, nothing sideways."""

from __future__ import annotations

import pytest

from tests.browser.conftest import LOCALES, SOME_LOCALES, Tab, told
from tests.browser.messages import PEOPLE, examples, pictures, right_to_left

pytestmark = pytest.mark.browser

PHONES = (320, 375)
WIDTHS = (*PHONES, 640, 1200)
A4 = 794  # CSS pixels
HEAVIEST = 60_000  # bytes


@pytest.mark.parametrize("locale", LOCALES)
def test_every_example_measures_well_at_every_width_light_and_dark(locale: str, tab: Tab) -> None:
    """Forced darkness is measured beside both: measure.js says how."""
    wrong = []
    for message in examples(locale=locale):
        tab.show(message.html)
        for width in WIDTHS:
            for dark in (False, True):
                wrong += told(message, f"{width} px{', dark' * dark}", tab.measure(width, dark=dark))
    assert wrong == []


STRAINS = [person for person in PEOPLE if person != "ordinary"]
EACH_STRAIN = [  # in one language a strain; in the others with the slow tests
    pytest.param(person, locale, marks=() if locale == ("en", "zh-Hant")[number % 2] else pytest.mark.slow)
    for number, person in enumerate(STRAINS)
    for locale in LOCALES
]


@pytest.mark.parametrize(("person", "locale"), EACH_STRAIN)
def test_readers_that_strain_a_layout_get_a_whole_one(person: str, locale: str, tab: Tab) -> None:
    wrong = []
    for message in examples(person, locale):
        tab.show(message.html)
        for width in (320, 640):
            wrong += told(message, f"{width} px", tab.measure(width))
    assert wrong == []


def test_a_page_from_the_right_begins_its_lines_there(tab: Tab) -> None:
    """Every word that isn't centred stands at the right edge of its column, and figures keep their order."""
    edges = """[...document.querySelectorAll(".cc-head h1, .cc-block p, .cc-block h2, .cc-foot p")].map(element => {
        const range = document.createRange();
        range.selectNodeContents(element);
        const boxes = [...range.getClientRects()], box = element.getBoundingClientRect();
        return boxes.length && !element.closest("a") ? Math.round(box.right - Math.max(...boxes.map(b => b.right))) : 0;
    })"""
    wrong = []
    for message in right_to_left():
        tab.show(message.html)
        for width in WIDTHS:
            wrong += told(message, f"{width} px, from the right", tab.measure(width))
            assert max(tab.page.evaluate(edges)) <= 1, message
        assert tab.page.evaluate("[...document.querySelectorAll('a[href^=tel]')].every(a => a.dir === 'ltr')")
    assert wrong == []


@pytest.mark.parametrize("locale", SOME_LOCALES)
def test_with_pictures_off_the_words_are_all_there(locale: str, tab: Tab) -> None:
    wrong = []
    for message in examples(locale=locale):
        tab.show(message.html, images=False)
        for width in WIDTHS:
            wrong += told(message, f"{width} px, no pictures", tab.measure(width))
        hidden = "[...document.images].filter(i => i.alt && !i.getBoundingClientRect().height).map(i => i.alt)"
        wrong += [f"{message}: alternative text is not shown: {alt}" for alt in tab.page.evaluate(hidden)]
    assert wrong == []


@pytest.mark.parametrize("locale", SOME_LOCALES)
def test_on_paper_every_word_is_dark_on_white(locale: str, tab: Tab) -> None:
    """Paper is white whatever the reader's screen prefers, and printers leave grounds away."""
    wrong = []
    for message in examples(locale=locale):
        tab.show(message.html)
        for dark in (False, True):
            wrong += told(message, f"printed{', dark' * dark}", tab.measure(A4, dark=dark, printed=True))
    tab.page.emulate_media(media="screen")
    assert wrong == []


def test_every_example_is_light() -> None:
    for person in PEOPLE:
        for message in examples(person):
            assert len(message.html.encode()) < HEAVIEST, message


def test_an_example_asks_for_its_pictures_and_nothing_else(tab: Tab) -> None:
    """The tab answers for those alone, and remembers all else: its fixture looks, here and in every other test."""
    for message in examples(locale="en"):
        tab.show(message.html)
        names = tab.page.evaluate("[...document.images].map(image => image.src.split('/').pop())")
        assert set(names) <= set(pictures()), message
        broken = tab.page.evaluate("[...document.images].filter(i => !(i.complete && i.naturalWidth)).length")
        assert broken == 0, message


FAULTS = """<!doctype html><html lang="en"><title>x</title><body style="margin:0;background:#ffffff">
<p style="font-size:12px;color:#000">small</p>
<p style="font-size:16px;color:#8a8a8a">pale</p>
<p style="font-size:16px;color:#000;background:#fff;white-space:nowrap">WORDS</p>
<p><a href="#" style="font-size:16px;color:#000">alone</a></p>
<table><tr><td style="width:60px;font-size:16px">cell</td></tr></table>
<div class="mj-column-per-50" style="width:50%;font-size:16px">half</div>
<div class="cc-button" style="margin-top:1500px"><a href="#" style="font-size:16px;color:#000">far</a></div>"""


def test_the_measures_find_what_is_wrong(tab: Tab) -> None:
    tab.show(FAULTS.replace("WORDS", "many words " * 20))
    assert tab.measure(320).keys() == {"small", "faint", "sideways", "targets", "columns", "reach"}
    assert tab.measure(1200).keys() >= {"lines", "sideways"}
    tab.show('<body style="background:#123"><p style="color:#fff;font-size:16px">white words</p></body>')
    assert tab.measure(A4) == {}
    assert tab.measure(A4, printed=True).keys() == {"faint"}


def test_forced_darkness_is_measured_beside_the_page_as_it_is(tab: Tab) -> None:
    """Black on a middling grey reads well; words turned white by a mail program don't."""
    tab.show('<body style="background:#fff"><p style="background:#7c7c7c;color:#000;font-size:16px">words</p></body>')
    faint = tab.measure(A4)["faint"]
    assert [each.partition(", ")[2] for each in faint] == ["forced dark, full", "forced dark, partial"]
    assert tab.measure(A4, dark=True) == {}, "who asks the page to be dark doesn't force it"
