"""Every example e-mail measured as a patient sees it: sizes, targets, contrast, lines, one column, nothing sideways."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Tab, told
from tests.browser.messages import PEOPLE, examples, pictures

pytestmark = pytest.mark.browser

LOCALES = ("en", "fr", "nb", "zh-Hant")
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


@pytest.mark.parametrize("person", [person for person in PEOPLE if person != "ordinary"])
@pytest.mark.parametrize("locale", LOCALES)
def test_readers_that_strain_a_layout_get_a_whole_one(person: str, locale: str, tab: Tab) -> None:
    wrong = []
    for message in examples(person, locale):
        tab.show(message.html)
        for width in (320, 640):
            wrong += told(message, f"{width} px", tab.measure(width))
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_with_pictures_off_the_words_are_all_there(locale: str, tab: Tab) -> None:
    wrong = []
    for message in examples(locale=locale):
        tab.show(message.html, images=False)
        for width in WIDTHS:
            wrong += told(message, f"{width} px, no pictures", tab.measure(width))
        hidden = "[...document.images].filter(i => i.alt && !i.getBoundingClientRect().height).map(i => i.alt)"
        wrong += [f"{message}: alternative text is not shown: {alt}" for alt in tab.page.evaluate(hidden)]
    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
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
    """The tab answers for those alone, and remembers all else: its fixture looks."""
    for message in examples():
        tab.show(message.html)
        names = tab.page.evaluate("[...document.images].map(image => image.src.split('/').pop())")
        assert set(names) <= set(pictures()), message
        broken = tab.page.evaluate("[...document.images].filter(i => !(i.complete && i.naturalWidth)).length")
        assert broken == 0, message
