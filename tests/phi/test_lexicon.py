"""Concepts are found where a text names them, and nowhere else, however the word is written.

The words are those of small lexicons of the tests' own, so that a reviewer's change of a form breaks nothing here.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.phi.folded import fold
from campcompile.phi.inventory import compiled
from campcompile.phi.lexicon import Lexicon, Mention, concept, concept_ids, find_concepts, knows, tells_of
from campcompile.phi.patterns import LEAST_PLAIN, PLAIN, level, patterns
from campcompile.phi.written import Stem, Wording

FORMS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {
        "diabetes": ["diabetes", "diabet-"],
        "hba1c": ["A1C", "a1c"],
        "allergy": ["allergy"],
        "anaemia": ["anaemia"],
        "crohns-disease": ["Crohn's disease"],
        "ed": ["ED", "erectile dysfunction"],
        "flu-vaccine": ["flu shot"],
        "hiv": ["hiv"],
        "kidney": ["kidney"],
        "kidney-stones": ["kidney stone"],
        "lgbtq": ["LGBTQ+"],
        "sti": ["STI"],
        "prep": ["PrEP!"],
        "diagnosis": ["diagnosis"],
    },
    "fr": {
        "asthma": ["asthme"],
        "blood-test": ["prise de sang"],
        "check": ["contrôle médical"],
        "depression": ["dépression"],
        "screening": ["dépistage"],
        "pregnancy": ["enceinte", "œuf"],
        "alcohol": ["arrêt de l'alcool"],
        "ivf": ["FIV"],
    },
    "nb": {
        "cancer": ["-kreft", "kreft-"],
        "diabetes": ["diabetes"],
        "high-blood-pressure": ["høyt blodtrykk"],
        "hearing-loss": ["hørselstap"],
        "illness": ["sykdom"],
        "sti": ["kjønnssykdom!"],
        "lump": ["kul"],
        "vaccine": ["vaksine"],
    },
    "zh-Hant": {
        "cancer": ["癌", "癌症"],
        "liver-cancer": ["肝癌"],
        "hpv-vaccine": ["HPV疫苗"],
        "health-check": ["台北健檢"],
        "diabetes": ["糖尿病"],
    },
}
WEAK: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {"positive": ["positive"], "hba1c": ["sugar"]},
    "zh-Hant": {"test": ["檢查"]},
}
EXCEPTIONS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "en": {"kidney": ["kidney beans", "steak and kidney pie"], "positive": ["positive vibes"]},
    "nb": {"cancer": ["edderkreft"], "lump": ["kul idé"]},
    "zh-Hant": {"cancer": ["防癌險"]},
}
STEMS = (
    Stem(concept="statin", endings={"en": ["statin"], "fr": ["statin"], "nb": ["statin"]}, exceptions=["nystatin"]),
    Stem(concept="antibody", endings={"en": ["mab"], "fr": ["mab"], "nb": ["mab"]}),
    Stem(concept="migraine-antibody", endings={"en": ["nezumab"]}),
    Stem(concept="ace-inhibitor", endings={"en": ["pril"], "nb": ["pril"]}),
    Stem(concept="diuretic", endings={"fr": ["sémide"]}),
)
CODES = {"hiv": ["b24"], "diabetes": ["e11"], "hypertension": ["i10"]}


@cache
def lexicon(locale: str) -> Lexicon:
    said = [
        Wording(
            concept=name,
            area="test",
            forms=FORMS[locale].get(name, ()),
            weak=WEAK.get(locale, {}).get(name, ()),
            exceptions=EXCEPTIONS.get(locale, {}).get(name, ()),
        )
        for name in dict.fromkeys([*FORMS[locale], *WEAK.get(locale, {})])
    ]
    return Lexicon(compiled(said, STEMS, CODES, locale), locale)


def mentions(locale: str, text: str) -> tuple[Mention, ...]:
    read = fold(text)
    return lexicon(locale).find(read.text, read.cased)


def found(locale: str, text: str) -> list[str]:
    """Each mention as `concept: form`, with a `?` where it is weak."""
    return [f"{one.concept_id}: {one.form}{'?' if one.weak else ''}" for one in mentions(locale, text)]


# ── word edges ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Your diabetes visit", ["diabetes: diabetes"]),
        ("(Diabetes)", ["diabetes: diabetes"]),
        ("prediabetes", []),
        ("Our diabetic kitchen", ["diabetes: diabet"]),
        ("sting, tasting", []),
        ("Kidneys and allergies", ["kidney: kidneys", "allergy: allergies"]),
        ("two diagnoses", ["diagnosis: diagnoses"]),
        ("a kidney's work", ["kidney: kidney"]),
        ("Crohn’s disease, Crohns disease, crohn-s-disease", [f"crohns-disease: {form}" for form in (
            "crohn's disease", "crohns disease", "crohn s disease")]),
        ("anaemia and anemia", ["anaemia: anaemia", "anaemia: anemia"]),
        ("kidney stones", ["kidney-stones: kidney stones"]),
        ("LGBTQ+ care, lgbtq people", ["lgbtq: lgbtq", "lgbtq: lgbtq?"]),
    ],
)  # fmt: skip
def test_english_words_have_edges_plurals_and_possessives(text: str, says: list[str]) -> None:
    assert found("en", text) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("L’asthme de l'enfant, d'asthmes", ["asthma: asthme", "asthma: asthmes"]),
        ("asthmatique", []),
        ("vos prises de sang", ["blood-test: prises de sang"]),
        ("les contrôles médicaux", ["check: contrôles médicaux"]),
        ("depistage", ["screening: depistage"]),
        ("le dépistage", ["screening: dépistage"]),
        ("à faire : depistage", []),
        ("à lire : /rappel/depistage-sein", ["screening: depistage"]),
        ("oeuf", ["pregnancy: oeuf"]),
        ("arret-de-l-alcool", ["alcohol: arret de l alcool"]),
        ("FIV, FIVs", ["ivf: fiv", "ivf: fivs"]),
        ("FIVE", []),
        ("l’arrêt de l’alcool", ["alcohol: arrêt de l'alcool"]),
    ],
)
def test_french_words_have_elision_plurals_and_lost_accents(text: str, says: list[str]) -> None:
    assert found("fr", text) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("diabetesoppfølging", ["diabetes: diabetes"]),
        ("barnediabetesen", ["diabetes: diabetesen"]),
        ("barnediabetesoppfølging", []),
        ("brystkreften", ["cancer: kreften"]),
        ("kreftscreening", ["cancer: kreft"]),
        ("edderkreft", []),
        ("vaksinene, influensavaksiner", ["vaccine: vaksinene", "vaccine: vaksiner"]),
        ("hudsykdommer", ["illness: sykdommer"]),
        ("en kjønnssykdom", ["sti: kjønnssykdom"]),
        ("høyt blodtrykksnivå", ["high-blood-pressure: høyt blodtrykk"]),
        ("et kulere sted", []),
        ("kulene", ["lump: kulene"]),
        ("en kul idé", []),
        ("horselstap, hoerselstap", ["hearing-loss: horselstap", "hearing-loss: hoerselstap"]),
    ],
)
def test_norwegian_words_make_compounds_and_end_in_articles(text: str, says: list[str]) -> None:
    assert found("nb", text) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("您的肝癌追蹤", ["liver-cancer: 肝癌"]),
        ("癌症篩檢", ["cancer: 癌症"]),
        ("防癌險說明", []),
        ("防癌險與癌症", ["cancer: 癌症"]),
        ("接種HPV疫苗吧", ["hpv-vaccine: hpv疫苗"]),
        ("HPV 疫苗", ["hpv-vaccine: hpv 疫苗"]),
        ("臺北健檢、台北健檢", ["health-check: 臺北健檢", "health-check: 台北健檢"]),
        ("糖尿病檢查", ["diabetes: 糖尿病", "test: 檢查?"]),
        ("ＨＰＶ疫苗", ["hpv-vaccine: hpv疫苗"]),
    ],
)
def test_chinese_takes_the_longest_word_and_heeds_exceptions(text: str, says: list[str]) -> None:
    assert found("zh-Hant", text) == says


# ── how sure ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ask about ED", ["ed: ed"]),
        ("ask about ed", ["ed: ed?"]),
        ("ASK ED ABOUT IT", ["ed: ed?"]),
        ("ED", ["ed: ed"]),
        ("E.D. advice", ["ed: e.d"]),
        ("two STIs", ["sti: stis"]),
        ("A1c, a1c", ["hba1c: a1c", "hba1c: a1c"]),
        ("sugar", ["hba1c: sugar?"]),
        ("positive, positive vibes", ["positive: positive?"]),
        ("PrEP, PREP, Prep, prep, PrEPs", ["prep: prep", "prep: prep", "prep: prep?", "prep: prep?"]),
    ],
)
def test_weak_words_and_small_abbreviations_are_weak(text: str, says: list[str]) -> None:
    assert found("en", text) == says


def test_without_the_authors_capitals_an_abbreviation_is_weak() -> None:
    assert [one.weak for one in lexicon("en").find("ask about ed")] == [True]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kidney beans, kidney", ["kidney: kidney"]),
        ("steak and kidney pies", []),
        ("steak and kidney", ["kidney: kidney"]),
    ],
)
def test_an_exception_silences_the_form_that_it_surrounds(text: str, says: list[str]) -> None:
    assert found("en", text) == says


# ── tags, codes, names of fields ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("flu_shot flu-shot FLU/SHOT", ["flu-vaccine: flu shot"] * 3),
        ("utm_campaign=hiv_recall", ["hiv: hiv"]),
        ("diabetes2026, 2026diabetes", ["diabetes: diabetes"] * 2),
        ("{{ patient.lastA1c }} hivRecall HIVRecall recallHIV", ["hba1c: a1c", "hiv: hiv", "hiv: hiv", "hiv: hiv"]),
        ("stings, Sting, iSting", []),
        ("recallED linkedIn", []),
        ("flu  shot", ["flu-vaccine: flu  shot"]),
        ("no flu – shot put", []),
        ("kidney\n      stones", ["kidney-stones: kidney       stones"]),
    ],
)
def test_tags_and_names_of_fields_are_read_as_words(text: str, says: list[str]) -> None:
    assert found("en", text) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("b24-liste", ["hiv: b24?"]),
        ("recall-E11", ["diabetes: e11?"]),
        ("E11.9 and E11.65", ["diabetes: e11.9", "diabetes: e11.65"]),
        ("E119", ["diabetes: e119?"]),
        ("e11.example", ["diabetes: e11?"]),
        ("3e11, e11bc, be11", []),
        ("b24號", ["hiv: b24?"]),
    ],
)
def test_a_code_of_icd_10_is_weak_unless_it_has_its_decimals(text: str, says: list[str]) -> None:
    assert found("nb", text) == says


# ── drugs by their endings ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("locale", "text", "says"),
    [
        ("en", "your pitavastatins", ["statin: pitavastatins"]),
        ("en", "nystatin and statin", []),
        ("fr", "l'atorvastatine, la nystatine", ["statin: atorvastatine"]),
        ("nb", "atorvastatiner, atorvastatinen", ["statin: atorvastatiner", "statin: atorvastatinen"]),
        ("en", "in April, mid-april; Queen Mab; amab", []),
        ("en", "ramipril", ["ace-inhibitor: ramipril"]),
        ("en", "fremanezumab or infliximab", ["migraine-antibody: fremanezumab", "antibody: infliximab"]),
        ("fr", "torasémide", ["diuretic: torasémide"]),
        ("fr", "torasemide", ["diuretic: torasemide"]),
    ],
)
def test_a_drug_is_known_by_the_ending_of_its_name(locale: str, text: str, says: list[str]) -> None:
    assert found(locale, text) == says


def test_a_form_of_two_concepts_is_told_twice_and_a_closer_form_alone() -> None:
    said = [
        Wording(concept="pill", area="test", forms=["the pill"], shared_with={"the pill": "drug"}),
        Wording(concept="drug", area="test", forms=["the pill", "tablet"]),
        Wording(concept="tablets", area="test", forms=["tablets"]),
    ]
    find = Lexicon(compiled(said, (), {}, "en"), "en").find
    assert [one.concept_id for one in find("the pill")] == ["drug", "pill"]
    assert [one.concept_id for one in find("tablets")] == ["tablets"]


# ── the lexicon that is shipped ──────────────────────────────────────────────────────────────────────


def test_locales_share_the_lexicon_of_their_language() -> None:
    assert knows("en-US") == knows("en")
    assert not knows("da") and not knows("zh-Hans") and not knows("zh-CN")
    assert find_concepts("cancer", "da") == ()


def test_a_concept_tells_of_all_that_it_leads_to() -> None:
    assert {"mammogram", "breast-cancer", "cancer"} <= tells_of("mammogram")
    assert concept("hiv").sensitivity == {"HIV"}
    for name in concept_ids():
        assert name in tells_of(name)


# ── any text ─────────────────────────────────────────────────────────────────────────────────────────

PIECES = st.sampled_from(
    ["diabetes", "hiv", "HIV", "癌", "防癌險", "kreft", "dépistage", "depistage", "statin", "nystatin", "E11", ".9",
     "A1C", "kidney", " beans", " ", "  ", "\n", "-", "_", "'s", "mm", "s", "é", "İ", "ß", "\u0301", "\u200b", "２"]
)  # fmt: skip


@settings(max_examples=150)
@given(st.sampled_from(sorted(FORMS)), st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join))
def test_places_quote_the_text_in_order_and_never_overlap_in_part(locale: str, text: str) -> None:
    read = fold(text)
    places = [(0, 0)]
    for one in lexicon(locale).find(read.text, read.cased):
        assert one.form == level(read.text)[one.start : one.end] != ""
        assert places[-1][1] <= one.start < one.end or places[-1] == (one.start, one.end)
        places.append((one.start, one.end))
    assert [one._replace(weak=False) for one in lexicon(locale).find(read.text)] == [
        one._replace(weak=False) for one in lexicon(locale).find(read.text, read.text)
    ]


@settings(max_examples=100)
@given(st.sampled_from(sorted(FORMS)), st.text(alphabet="aeéœøå's -kyCANCER癌台", max_size=20).filter(str.strip))
def test_patterns_are_levelled_and_each_comes_once(locale: str, form: str) -> None:
    made = list(patterns(form, locale))
    assert len({pattern.text for pattern in made}) == len(made)
    for pattern in made:
        assert pattern.text == level(pattern.text).strip()
        assert PLAIN not in pattern.marks or len(pattern.text) >= LEAST_PLAIN


@pytest.mark.parametrize(
    ("locale", "piece"),
    [
        ("en", "diabetes"),
        ("en", "kidney beans "),
        ("en", "A1c"),
        ("en", "flu  shot"),
        ("fr", "nystatine "),
        ("fr", "depistage"),
        ("fr", "é depistage "),
        ("nb", "sykdom"),
        ("zh-Hant", "癌防癌險"),
    ],
)
def test_a_long_text_costs_as_much_a_letter_as_a_short_one(locale: str, piece: str) -> None:
    """100,000 letters may cost at most 30 times what an eighth of them costs: quadratic would be 64."""
    text = (piece * 100_000)[:100_000]
    assert any(_seconds(locale, text) < max(30 * _seconds(locale, text[:12_500]), 0.05) for _ in range(3))


def _seconds(locale: str, text: str) -> float:
    began = time.process_time()
    mentions(locale, text)
    return time.process_time() - began
