"""Readability: counts and scores of texts that were counted by hand, word by word."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.readability import Counts, counts_of, readability, sentences_in
from campcompile.analysis.syllables import english_syllables, french_syllables

# A dot parts the syllables of a word as they are spoken; so there are as many as words and dots together.
# Text, words, sentences, syllables, and the grade worked out on paper:
# 0.39 × words / sentences + 11.8 × syllables / words − 15.59
ENGLISH = [
    ("Take your med·i·cine ev·ery day.", 5, 1, 8, 5.24),  # 1.95 + 18.88
    ("Call us if you feel worse. We are here all day.", 11, 2, 11, -1.645),  # 2.145 + 11.8
    ("Please con·firm your ap·point·ment on the tel·e·phone be·fore Mon·day.", 9, 1, 16, 8.8978),  # 3.51 + 20.9778
    ("Wash your hands. Cough in·to your el·bow. Stay home.", 9, 3, 11, 0.0022),  # 1.17 + 14.4222
]
# 207 − 1.015 × words / sentences − 73.6 × syllables / words
FRENCH = [
    ("Pre·nez votre mé·di·ca·ment chaque jour.", 5, 1, 9, 69.445),  # 5.075, 132.48
    ("Ap·pe·lez nous. Nous sommes là toute la jour·née.", 8, 2, 11, 101.74),  # 4.06, 101.2
    ("Mer·ci de con·fir·mer votre ho·raire a·vant lun·di.", 7, 1, 13, 63.2093),  # 7.105, 136.6857
]
# words / sentences + 100 × words of more than six letters / words; the long ones in capitals here
NORWEGIAN = [
    ("Ta medisinen hver dag.", 4, 1, 1, 29.0),  # MEDISINEN
    ("Ring oss. Vi er her hele dagen.", 7, 2, 0, 3.5),
    ("Bekreft legetimen senest dagen før: andre venter.", 7, 2, 2, 32.0714),  # BEKREFT, LEGETIMEN
    ("Influensavaksinen anbefales for eldre.", 4, 1, 2, 54.0),  # INFLUENSAVAKSINEN, ANBEFALES
]
# characters, sentences, clauses; characters / sentences
CHINESE = [
    ("冬季照常看診。", 6, 1, 1, 6.0),
    ("請先洗手，再量體溫。謝謝！", 10, 2, 3, 5.0),
    ("請於3月5日前來電，我們會為您安排HbA1c檢查。", 16, 1, 2, 16.0),
    ("回家先洗手；發燒時在家休息", 12, 2, 2, 6.0),
]


def plain(text: str) -> str:
    return text.replace("·", "")


@pytest.mark.parametrize(("text", "words", "sentences", "syllables", "grade"), ENGLISH)
def test_an_english_text_has_the_grade_worked_out_on_paper(
    text: str, words: int, sentences: int, syllables: int, grade: float
) -> None:
    assert syllables == words + text.count("·")
    assert counts_of(plain(text), "flesch-kincaid")[:3] == (words, sentences, syllables)
    result = readability([plain(text)], "en")
    assert result is not None and result.score == pytest.approx(grade, abs=0.001)


@pytest.mark.parametrize(("text", "words", "sentences", "syllables", "ease"), FRENCH)
def test_a_french_text_has_the_ease_worked_out_on_paper(
    text: str, words: int, sentences: int, syllables: int, ease: float
) -> None:
    assert syllables == words + text.count("·")
    assert counts_of(plain(text), "kandel-moles")[:3] == (words, sentences, syllables)
    result = readability([plain(text)], "fr")
    assert result is not None and result.score == pytest.approx(ease, abs=0.001)


@pytest.mark.parametrize(("text", "words", "sentences", "long_words", "index"), NORWEGIAN)
def test_a_norwegian_text_has_the_lix_worked_out_on_paper(
    text: str, words: int, sentences: int, long_words: int, index: float
) -> None:
    counts = counts_of(text, "lix")
    assert (counts.words, counts.sentences, counts.long_words) == (words, sentences, long_words)
    result = readability([text], "nb")
    assert result is not None and result.score == pytest.approx(index, abs=0.001)


@pytest.mark.parametrize(("text", "characters", "sentences", "clauses", "score"), CHINESE)
def test_a_chinese_text_has_the_characters_counted_by_hand(
    text: str, characters: int, sentences: int, clauses: int, score: float
) -> None:
    counts = counts_of(text, "hanzi")
    assert (counts.words, counts.sentences, counts.clauses) == (characters, sentences, clauses)
    result = readability([text], "zh-Hant")
    assert result is not None and result.score == pytest.approx(score)


@pytest.mark.parametrize(
    "text", ["At 5 p.m. we close.", "Dr. Berg is back.", "Open 9.30 to 15.", "It costs 2.50 today."]
)
def test_a_point_within_a_sentence_ends_none(text: str) -> None:
    assert counts_of(text, "flesch-kincaid").sentences == 1


def test_the_end_of_a_line_ends_a_sentence() -> None:
    result = readability(["Bring your card", "Bring your questions"], "en")
    assert result is not None and result.counts.sentences == 2


def test_another_language_and_no_words_are_not_measured() -> None:
    assert readability(["مرحبا بكم في العيادة"], "ar") is None
    assert readability(["", "— 12:30 —"], "zh-Hant") is None
    assert readability([], "en") is None


def test_a_line_is_counted_once_however_often_it_comes() -> None:
    counts_of.cache_clear()
    readability(["We are open all winter."] * 50, "en")
    assert counts_of.cache_info().misses == 1


# Each word as a dictionary of its language parts it.
ENGLISH_WORDS = """
    ap·point·ment take ta·ble need·ed called want·ed hous·es nurs·es times min·utes change chang·es doc·tor in·sur·ance
    in·flu·en·za rec·om·mend·ed preg·nant chil·dren ill·ness be·tween sleeve in·ter·pret·er ra·di·o hy·per·ten·sion the
    be·fore care·ful·ly state·ment start·ed try·ing flu·id mu·se·um breathe watch·es com·pre·hen·sive ne·ces·si·tates
    phar·ma·co·ther·a·py pre·vi·ous va·ri·ous em·ploy·ee house tired planned lit·tle ap·ples
"""
FRENCH_WORDS = """
    vous té·lé·phone ré·a·li·té san·té le les mer·ci ho·raire hô·pi·tal jour·née se·maine chro·nique vac·cin
    grippe na·ïf po·ète cré·er thé·âtre pa·yer nuit bien ques·tion siècle ou·bli·er pri·ère fé·vri·er an·nées vie
    rue eau
    thé·ra·peu·tique sœur longue gué·rir a·é·rer ex·a·men co·o·pé·rer
"""


@pytest.mark.parametrize("word", ENGLISH_WORDS.split())
def test_english_syllables_are_those_of_a_dictionary(word: str) -> None:
    assert english_syllables(plain(word)) == word.count("·") + 1


@pytest.mark.parametrize("word", FRENCH_WORDS.split())
def test_french_syllables_are_those_of_a_dictionary_with_a_mute_e_at_the_end(word: str) -> None:
    assert french_syllables(plain(word)) == word.count("·") + 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["en", "fr", "nb", "zh-Hant"]))
def test_any_text_has_counts_that_fit_together(text: str, locale: str) -> None:
    result = readability(text.split("\n"), locale)
    counts = result.counts if result else Counts()
    assert counts.words >= counts.long_words >= 0
    assert counts.sentences <= counts.words or locale != "zh-Hant"
    if result and locale in ("en", "fr"):
        assert counts.syllables >= counts.words


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab Cé.!? 您好。，…:\"'", max_size=80), st.sampled_from(["flesch-kincaid", "lix", "hanzi"]))
def test_sentences_lie_in_their_text_in_order_and_hold_all_of_its_words(text: str, measure: str) -> None:
    found = sentences_in(text, measure)
    assert sum(sentence.words for sentence in found) == counts_of(text, measure).words
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
