"""Findings and reports in the language that campcompile.yaml asks for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SOURCES, leak, report_of, waived

from campcompile.report.fingerprint import fingerprints
from campcompile.report.json import report_json
from campcompile.report.markdown import markdown_lines
from campcompile.report.sentences import Language, languages, templates_of
from campcompile.report.speech import Speech, pieces, speech
from campcompile.report.text import report_lines
from campcompile.report.width import width, wrapped
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.source import Span

HERE = Span("campcompile.yaml", 0, 0)
CODE = re.compile(r"`[^`]*`")
ENGLISH = re.compile(r"\b(the|is|and|of|that|write|with|this|it|not|or|has|who|what|are|by|than|which|there)\b")
ROT = 0.05  # of its sentences, a language may lag behind

of_each_language = pytest.mark.parametrize("language", languages().values(), ids=languages())


def pairs(language: Language) -> dict[str, str]:
    return {**language.rules, **language.report, **language.phrases}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _ in pieces(text) if name is not None}


def bare(text: str) -> str:
    """A text without what stands in backticks."""
    return CODE.sub("", text)


@of_each_language
def test_a_language_says_what_each_rule_says(language: Language) -> None:
    """A new rule is told in English until somebody translates it: docs/languages.md names it, and so does this."""
    rules = all_rules()
    missing = {code: left for code, rule in rules.items() if (left := language.missing(rule))}
    everything = sum(len(templates_of(rule)) for rule in rules.values())
    assert sum(map(len, missing.values())) <= ROT * everything, f"report/languages/{language.name}.yaml lacks {missing}"


@of_each_language
def test_a_sentence_and_its_own_have_the_same_placeholders_and_the_same_code(language: Language) -> None:
    for english, said in pairs(language).items():
        assert placeholders(english) == placeholders(said), english
        left = CODE.findall(said)
        for code in CODE.findall(english.replace("`you`", "you")):
            assert code in left, f"{english}: {code}"
        assert said.count("`") % 2 == 0, said


@of_each_language
def test_what_is_quoted_in_english_is_no_word_of_ours_and_is_not_translated(language: Language) -> None:
    for english, said in language.rules.items():
        quoted = {name for _, name, inside in pieces(english) if inside}
        plain = {name for _, name, inside in pieces(said) if name and not inside}
        assert quoted & plain <= {name for _, name, inside in pieces(english) if not inside}, english


@of_each_language
def test_no_sentence_is_left_in_english(language: Language) -> None:
    for english, said in pairs(language).items():
        words = re.sub(r"\{\w+\}", "", bare(said))
        if "built in" not in english and "there are if" not in english:  # these name words of the language itself
            assert not ENGLISH.search(words.replace("if, elif", "")), said
    assert [english for english, said in language.rules.items() if english == said] == []


def test_french_has_its_spaces_and_quotation_marks() -> None:
    for said in pairs(languages()["fr"]).values():
        words = bare(said)
        assert not re.search(r"\w [;?!]|\w :( |$)|« | »|'|\"", words), said
        assert not re.search(r"\w[;?!](\s|$)", words), said


def test_norwegian_has_its_quotation_marks() -> None:
    assert [said for said in pairs(languages()["nb"]).values() if '"' in bare(said)] == []


def test_chinese_has_full_width_punctuation() -> None:
    half = re.compile(r"[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]")
    assert [said for said in pairs(languages()["zh-Hant"]).values() if half.search(bare(said))] == []


@pytest.mark.parametrize(
    ("language", "english", "said"),
    [
        ("fr", "3 errors", "3 erreurs"),
        ("fr", "12,345.6", "12\u202f345,6"),
        ("fr", "postal address and phone", "adresse postale et téléphone"),
        ("fr", "name, postal address, phone, e-mail or website", "nom, adresse postale, téléphone, e-mail ou site web"),
        ("fr", "an age, a place and an illness or a treatment", "un âge, un lieu et une maladie ou un traitement"),
        ("fr", "`a, b` or `c`", "`a, b` ou `c`"),
        ("fr", "1 December 2026", "1er décembre 2026"),
        ("fr", "Friday, 8 January 2027", "vendredi 8 janvier 2027"),
        ("nb", "Friday, 8 January 2027", "fredag 8. januar 2027"),
        ("nb", "Gmail on iPhones, Outlook on Windows", "Gmail på iPhone, Outlook på Windows"),
        ("nb", "2 days before or 3 days before", "2 dager før eller 3 dager før"),
        ("zh-Hant", "AT, BE and BG", "AT、BE和BG"),
        ("zh-Hant", "Friday, 8 January 2027", "2027 年 1 月 8 日星期五"),
        ("fr", "tells what the reader has (flu), because of `a`", "dit ce qu’a le lecteur (`flu`), à cause de `a`"),
        ("fr", "something that nobody has heard of", "something that nobody has heard of"),
        ("fr", "write to us before noon", "write to us before noon"),
    ],
)  # fmt: skip
def test_words_in_messages_are_said_too(language: str, english: str, said: str) -> None:
    assert speech(language).say(english) == said


def test_a_finding_is_told_with_its_labels_and_fixes() -> None:
    rule = all_rules()["HYG010"]
    found = speech("nb").finding(rule.at(HERE, by="Lars Berg", digest="kqdmtbrv", label="declared here"))
    assert found.message == "dette unntaket gjelder andre ord enn dem som står her nå, så det brukes ikke"
    assert found.help == "hvis Lars Berg godkjenner det som står her nå, skriv `kqdmtbrv`"
    assert found.label == "erklært her"


def test_what_a_language_has_no_words_for_is_said_in_english_as_a_whole() -> None:
    rule = Rule(code="SUB099", slug="new", severity=Severity.ERROR, message="no word for {kind}", help="{advice}")
    found = speech("fr").finding(rule.at(HERE, kind="sender", advice="delete it"))
    assert (found.message, found.help) == ("no word for sender", "supprimez-le")


def test_a_language_without_a_file_is_english() -> None:
    assert speech("en") == speech("tlh") == Speech()
    assert speech("en").finding(found := leak()) is found


def test_fingerprints_and_order_are_those_of_english() -> None:
    rule = all_rules()["FLD001"]
    found = [replace(leak(), rule=rule, args={"name": name}, say="unheard-of") for name in ("b", "a")]
    english = report_of(*found, sources=SOURCES)
    french = report_of(*map(speech("fr").finding, found), sources=SOURCES)
    assert french.diagnostics[0].message == "champ inconnu\u00a0: `b`"
    assert fingerprints(french) == fingerprints(english)


def test_the_words_around_findings_are_told_too() -> None:
    told = speech("fr")
    report = replace(report_of(told.finding(leak()), sources=SOURCES, waived=(waived(),)), speech=told)
    report = report.with_closing("next: mend these, then lint again")
    lines = list(report_lines(report))
    assert lines[0].startswith("erreur[PHI001] phi-in-inbox-line: ")
    assert any(line.lstrip().startswith("= aide: ") for line in lines)
    assert lines[-2] == "1 erreur dans 1 fichier, 1 sous dérogation, à la date du 2026-08-15"
    assert lines[-1] == "ensuite\u00a0: corrigez ceci, puis relancez campcompile lint"
    assert any("dérogation jusqu’au 2026-12-31, accordée par Ingrid Hansen" in line for line in markdown_lines(report))
    assert json.loads(report_json(report))["language"] == "fr"


def test_a_report_without_findings_says_so() -> None:
    report = replace(report_of(checked="2 campaigns (5 e-mails)"), speech=speech("zh-Hant"), as_of=date(2026, 8, 15))
    assert list(report_lines(report)) == ["2 個活動（5 封郵件）：沒有需要修正的地方，以 2026-08-15 為準"]


def test_words_without_blanks_are_wrapped_too() -> None:
    text = "請在字典裡寫明這個欄位，否則郵件無法印出 `patient.first_name` 的內容（每一封都一樣）"
    lines = wrapped(text, 20)
    assert max(map(width, lines)) <= 22
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert not any(line[0] in "，）" for line in lines)


@settings(max_examples=60)
@given(st.text(alphabet=st.sampled_from("ab `,.{}()1é。"), max_size=60) | st.text(max_size=60))
def test_nothing_that_an_author_writes_stops_a_report(text: str) -> None:
    """Nothing raises, and what stands in backticks stays."""
    for language in languages():
        said = speech(language).say(text)
        assert CODE.findall(said) == CODE.findall(text) or text in speech(language).sentences
