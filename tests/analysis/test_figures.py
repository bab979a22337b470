"""Numbers, times and dates agree across languages where people would say that they do."""

from __future__ import annotations

import pytest

from campcompile.analysis.figures import figures, said_in_words, without_partner


def left_over(ours: str, our_locale: str, theirs: str, their_locale: str) -> tuple[list[str], list[str]]:
    left, right = figures(ours, our_locale), figures(theirs, their_locale)
    return (
        [figure.text for figure in without_partner(left, right)],
        [figure.text for figure in without_partner(right, left)],
    )


@pytest.mark.parametrize(
    ("ours", "our_locale", "theirs", "their_locale"),
    [
        ("19:00", "en", "kl. 19", "nb"),
        ("19:00", "nb", "19 h", "fr"),
        ("at 7 pm", "en", "晚上7點", "zh-Hant"),
        ("7:30 p.m.", "en", "19h30", "fr"),
        ("kl. 19.30", "nb", "晚上7點半", "zh-Hant"),
        ("12:00", "en", "中午12點", "zh-Hant"),
        ("from 9 am to 5 pm", "en", "kl. 9–17", "nb"),
        ("9:00–17:00", "en", "de 9 h à 17 h", "fr"),
        ("from 9 am to 5 pm", "en", "上午9點至下午5點", "zh-Hant"),
        ("3 March 2026", "en", "2026年3月3日", "zh-Hant"),
        ("March 3rd", "en", "3. mars", "nb"),
        ("3. december kl. 19", "da", "12 月 3 日晚上 7 時", "zh-Hant"),
        ("den 5. marts kl. 7 om aftenen", "da", "5 March, 7 pm", "en"),
        ("1 March", "en", "1er mars", "fr"),
        ("2026-03-03", "en", "3 mars 2026", "fr"),
        ("3/4/2026", "en", "4. mars 2026", "nb"),
        ("1,000 steps, 2.5 mg", "en", "1 000 pas, 2,5 mg", "fr"),
        ("50%", "en", "50 %", "fr"),
        ("15 minutes", "en", "15分鐘", "zh-Hant"),
        ("24 hours", "en", "24 h", "fr"),
        ("+47 55 50 12 34", "en", "55 50 12 34", "nb"),
        ("116 117", "en", "116 117", "nb"),
        ("in December", "en", "12月", "zh-Hant"),
        ("September and October", "en", "9月和10月", "zh-Hant"),
        ("closed on 10 February, open on the 11th", "en", "2月10日休診，2月11日看診", "zh-Hant"),
        ("fermé le 10 février, ouvert le 11", "fr", "closed on 10 February, open on 11 February", "en"),
        ("stengt 10. februar, åpent den 11.", "nb", "closed on 10 February, open on 11 February", "en"),
    ],
)
def test_one_figure_in_two_languages(ours: str, our_locale: str, theirs: str, their_locale: str) -> None:
    assert left_over(ours, our_locale, theirs, their_locale) == ([], [])


@pytest.mark.parametrize(
    ("ours", "our_locale", "theirs", "their_locale", "left"),
    [
        ("15 minutes", "en", "20 minutes", "fr", (["15"], ["20"])),
        ("at 7 pm", "en", "kl. 20", "nb", (["7 pm"], ["kl. 20"])),
        ("3 March", "en", "4. mars", "nb", (["3 March"], ["4. mars"])),
        ("7 pm", "en", "早上7點", "zh-Hant", (["7 pm"], ["早上7點"])),
        ("50 to 69", "en", "50 à 74", "fr", (["69"], ["74"])),
        ("9 am", "en", "21 h", "fr", (["9 am"], ["21 h"])),
        ("2.5 mg", "en", "25 mg", "fr", (["2.5"], ["25"])),
        ("call 5 or 5", "en", "tapez 5", "fr", (["5"], [])),
        ("closed on the 10th", "en", "2月11日休診", "zh-Hant", (["10"], ["2月11日"])),
    ],
)
def test_two_figures_that_differ(
    ours: str, our_locale: str, theirs: str, their_locale: str, left: tuple[list[str], list[str]]
) -> None:
    assert left_over(ours, our_locale, theirs, their_locale) == left


@pytest.mark.parametrize(
    ("figure", "locale", "text", "text_locale"),
    [
        ("2 semaines", "fr", "two weeks", "en"),
        ("12:00", "en", "à midi", "fr"),
        ("19:00", "nb", "晚上七點", "zh-Hant"),
        ("15 minutes", "en", "un quart d'heure", "fr"),
        ("30 minutes", "en", "en halv time", "nb"),
        ("3 habits", "en", "tre vaner", "nb"),
        ("50 minutes", "en", "halvtreds minutter", "da"),
        ("3 habits", "en", "三個習慣", "zh-Hant"),
    ],
)
def test_a_translator_may_write_a_number_out(figure: str, locale: str, text: str, text_locale: str) -> None:
    assert said_in_words(figures(figure, locale)[0], text, text_locale)
    assert not said_in_words(figures("8 days", "en")[0], text, text_locale)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "24 to 26 December"),
        ("en", "December 24–26"),
        ("fr", "du 24 au 26 décembre"),
        ("nb", "24. til 26. desember"),
        ("zh-Hant", "12月24日至26日"),
    ],
)
def test_both_days_of_a_span_are_of_its_month(locale: str, text: str) -> None:
    first, last = figures(text, locale)
    assert "d:12-24" in first.readings and "d:12-26" in last.readings
    assert without_partner((first, last), figures("24 to 26 December", "en")) == ()


def test_a_number_beside_a_date_is_no_day_of_it() -> None:
    rooms, _ = figures("3 rooms from 4 December", "en")
    assert rooms.readings == figures("3 rooms", "en")[0].readings
