"""The lexicon as people write it: nothing in it contradicts itself, and what a run reads is made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from campcompile.phi.folded import fold
from campcompile.phi.inventory import (
    compiled_files,
    problems,
    problems_of_concepts,
    problems_of_stems,
    problems_of_wordings,
)
from campcompile.phi.lexicon import find_concepts
from campcompile.phi.patterns import patterns
from campcompile.phi.written import LOCALES, Concept, Stem, Wording, concepts, has_forms, stems, wordings

ROOT = Path(__file__).parents[2]
KNOWN: Mapping[str, Concept] = {
    name: Concept(id=name, area="blood", kind="condition") for name in ("anaemia", "iron-deficiency")
}


def wording(concept: str = "anaemia", **entry: Any) -> Wording:
    return Wording(**{"concept": concept, "area": "blood", **entry})


def complaints(*said: Wording) -> Sequence[str]:
    """What is wrong with these, beyond what they leave unsaid."""
    found = problems_of_wordings("en", said, KNOWN)
    return [problem.removeprefix("en/blood.yaml: ") for problem in found if "nothing about" not in problem]


# ── the lexicon itself ───────────────────────────────────────────────────────────────────────────────


def test_nothing_is_wrong_with_the_lexicon() -> None:
    """No form is claimed by two concepts unsaid, and each language says every concept or why it doesn't."""
    assert list(problems()) == []


def test_the_inventory_is_as_large_as_it_says() -> None:
    assert 600 <= sum(concept.kind != "theme" for concept in concepts().values()) <= 950


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if has_forms(locale)])
def test_every_strong_form_is_found_where_it_stands_alone(locale: str) -> None:
    """What a reviewer writes is what a text is found by: as written, with its capitals."""
    lost = [
        f"{said.concept}: {form}"
        for said in wordings(locale)
        for form in said.forms
        if said.concept not in _found_in(form.removesuffix("!").strip("-"), locale)
    ]
    assert lost == []


def _found_in(text: str, locale: str) -> frozenset[str]:
    read = fold(text)
    return frozenset(mention.concept_id for mention in find_concepts(read.text, locale, cased=read.cased))


def test_what_a_run_reads_is_fresh() -> None:
    stale = [path for path, text in compiled_files().items() if (ROOT / path).read_text(encoding="utf-8") != text]
    assert stale == [], "run `python3 dev.py docs`"


def test_an_ending_is_no_form_of_another_concept() -> None:
    """`-statin` is looked at in words alone, so a form that is an ending would be told twice."""
    for locale in LOCALES:
        endings = {ending: stem.concept for stem in stems() for ending in stem.endings.get(locale, ())}
        claims = {form: said.concept for said in wordings(locale) for form in (*said.forms, *said.weak)}
        assert {form for form, name in claims.items() if endings.get(form, name) != name} == set()


# ── what the checks see ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"kind": "illness"}, "no kind `illness`"),
        ({"sensitivity": ["AIDS"]}, "no sensitivity `AIDS`"),
        ({"icd10": ["d50.1"]}, "`d50.1` is no category of ICD-10"),
        ({"relates": ["iron"]}, "relates to `iron`, which is none"),
        ({"relates": ["anaemia"]}, "relates to itself"),
    ],
)
def test_a_concept_names_codes_and_concepts_that_exist(entry: Mapping[str, Any], says: str) -> None:
    written = Concept(**{"id": "anaemia", "area": "blood", "kind": "condition", **entry})
    assert list(problems_of_concepts([written])) == [f"concepts/blood.yaml: anaemia: {says}"]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({}, "has forms, or is absent with a reason"),
        ({"forms": ["anaemia"], "absent": "nobody says so"}, "has forms, or is absent with a reason"),
        ({"forms": ["anaemia"], "weak": ["anaemia"]}, "`anaemia` is written twice"),
        ({"forms": ["anaemia", "++"]}, "`++` holds no letter"),
        ({"forms": ["anaemia"], "not": ["low iron"]}, "the exception `low iron` holds none of its forms"),
        ({"forms": ["anaemia"], "shared_with": {"iron": "iron-deficiency"}}, "shares `iron`, which is no form of it"),
        ({"forms": ["iron"], "shared_with": {"iron": "metal"}}, "shares a form with `metal`, which is no concept"),
        ({"forms": ["anaemia"], "area": "heart"}, "belongs into blood.yaml"),
    ],
)
def test_a_wording_is_whole(entry: dict[str, Any], says: str) -> None:
    said = wording(**{"exceptions" if key == "not" else key: value for key, value in entry.items()})
    assert [problem.partition("anaemia: ")[2] for problem in complaints(said)] == [says]


def test_a_form_of_two_concepts_is_said_by_one_of_them() -> None:
    unsaid = complaints(wording(forms=["low iron"]), wording("iron-deficiency", forms=["low irons", "Low iron"]))
    assert unsaid == ["en: `low iron` is claimed by `anaemia` and `iron-deficiency`: say shared_with, or choose"]
    shared = wording(forms=["low iron"], shared_with={"low iron": "iron-deficiency"})
    assert complaints(shared, wording("iron-deficiency", forms=["Low iron"])) == []


def test_spellings_by_rule_are_claimed_too() -> None:
    assert complaints(wording(forms=["anaemia"]), wording("iron-deficiency", forms=["anemia"])) == [
        "en: `anemia` is claimed by `anaemia` and `iron-deficiency`: say shared_with, or choose"
    ]


def test_a_concept_that_a_language_leaves_unsaid_is_told() -> None:
    assert list(problems_of_wordings("en", [wording(forms=["anaemia"])], KNOWN)) == [
        "en: nothing about `iron-deficiency`"
    ]


def test_stems_belong_to_one_concept_and_their_exceptions_end_so() -> None:
    written = [
        Stem(concept="statin", endings={"en": ["statin"]}, exceptions=["nystatin", "aspirin"]),
        Stem(concept="cortisone", endings={"en": ["statin"]}),
    ]
    assert list(problems_of_stems(written, ["statin"])) == [
        "stems.yaml: no concept `cortisone`",
        "stems.yaml: en: `statin` stands twice",
        "stems.yaml: statin: the exception `aspirin` ends otherwise",
    ]


# ── spelling by rule ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("locale", "form", "texts"),
    [
        ("en", "haemorrhoid", ["haemorrhoid", "hemorrhoid"]),
        ("en", "IVF", ["ivf", "i.v.f"]),
        ("en", "ivf!", ["ivf"]),
        ("fr", "cancer du sein", ["cancer du sein", "cancers du sein"]),
        ("fr", "dépistage", ["dépistage", "depistage"]),
        ("nb", "hørsel", ["hørsel", "horsel", "hoersel"]),
        ("zh-Hant", "B型肝炎", ["b型肝炎", "b 型肝炎"]),
    ],
)
def test_a_form_stands_for_its_spellings(locale: str, form: str, texts: Sequence[str]) -> None:
    assert [pattern.text for pattern in patterns(form, locale)] == texts


@pytest.mark.parametrize(
    ("locale", "form", "marks"),
    [
        ("nb", "kreft", "<>"),
        ("nb", "sår", ""),
        ("nb", "sukkersyke!", "!"),
        ("nb", "høyt blodtrykk", ">"),
        ("nb", "-kreft", "<"),
        ("en", "diabet-", ">"),
        ("en", "ED", "c"),
        ("en", "PrEP", "c"),
        ("en", "EpiPen", ""),
        ("en", "HIV-positive", ""),
        ("en", "diabetes", ""),
    ],
)
def test_the_notation_says_how_a_form_stands_in_a_word(locale: str, form: str, marks: str) -> None:
    assert next(patterns(form, locale)).marks == marks
