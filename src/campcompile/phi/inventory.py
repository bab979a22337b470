"""Checks the lexicon as people write it (`written.py`), and compiles it to what a run reads (`lexicon.py`).

Asked when the lexicon is compiled and tested, never when a campaign is; the wheel holds what was compiled alone.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from campcompile.phi.patterns import CODE, EXCEPTION, WEAK, Pattern, patterns, stem_patterns
from campcompile.phi.reading import Reading
from campcompile.phi.thumb_index import printed_pages
from campcompile.phi.wordlists import compiled_cues, compiled_words
from campcompile.phi.written import LOCALES, Concept, Stem, Wording, concepts, has_forms, misshapen, stems, wordings
from campcompile.regex import regex
from campcompile.syntax.packs import pack

KINDS = frozenset(
    ["condition", "drug", "vaccine", "procedure", "test", "screening", "device", "specialty", "population", "euphemism",
     "organ", "diet", "measure", "theme"]
)  # fmt: skip
# Codes of HL7's ActCode system, information sensitivity (terminology.hl7.org/CodeSystem/v3-ActCode).
SENSITIVITIES = frozenset(
    ["HIV", "STD", "SEX", "SUD", "ETHUD", "OPIOIDUD", "MH", "PSY", "GDIS", "SICKLE", "VIO", "SDV", "ADOL"]
)
_CATEGORY = regex(r"[A-Z][0-9][0-9A-Z]\Z")
_PROBLEM = regex(r"[ABDFHKLNPRSTUWXYZ][0-9]{2}\Z")


def problems() -> Iterator[str]:
    """What is wrong with all that is written, one sentence each; a test holds it to none."""
    yield from misshapen()
    yield from problems_of_concepts(concepts().values())
    yield from problems_of_stems(stems(), concepts())
    for locale in filter(has_forms, LOCALES):
        yield from problems_of_wordings(locale, wordings(locale), concepts())


def compiled_files() -> Mapping[str, str]:
    """What a run reads, by its path below the repository: concepts, the forms of each locale, cues, other words."""
    folder = "src/campcompile/phi/compiled"
    made = {f"{folder}/concepts.json": _lines({concept.id: _row(concept) for concept in concepts().values()})}
    codes = {concept.id: sorted({*concept.icd10, *concept.icpc2}) for concept in concepts().values()}
    for locale in LOCALES:
        made[f"{folder}/{locale}.json"] = _lines(compiled(wordings(locale), stems(), codes, locale))
    made[f"{folder}/measured.json"] = _lines(pack("phi/measured.yaml").root.data())
    return {**made, f"{folder}/cues.json": _lines(compiled_cues()), f"{folder}/words.json": _lines(compiled_words())}


def compiled(
    said: Iterable[Wording], stems: Iterable[Stem], codes: Mapping[str, Iterable[str]], locale: str
) -> Mapping[str, str]:
    """The pages of a locale's thumb index; `codes`: concept → those of ICD-10 and ICPC-2."""
    readings: dict[str, dict[Reading, None]] = defaultdict(dict)
    for name, pattern, mark in _all_patterns(said, stems, locale):
        readings[pattern.text][name, mark + pattern.marks] = None
    for name, categories in codes.items():
        for category in categories:
            readings[category.lower()][name, CODE] = None
    return printed_pages(readings)


def _all_patterns(said: Iterable[Wording], stems: Iterable[Stem], locale: str) -> Iterator[tuple[str, Pattern, str]]:
    for wording in said:
        for mark, forms in (("", wording.forms), (WEAK, wording.weak), (EXCEPTION, wording.exceptions)):
            yield from ((wording.concept, pattern, mark) for form in forms for pattern in patterns(form, locale))
    for stem in stems:
        endings = stem.endings.get(locale, ())
        yield from ((stem.concept, pattern, "") for ending in endings for pattern in stem_patterns(ending, locale))
        words = stem.exceptions if endings else ()
        yield from ((stem.concept, pattern, EXCEPTION) for word in words for pattern in patterns(word, locale))


def _row(concept: Concept) -> list[str | list[str]]:
    return [concept.kind, list(concept.sensitivity), list(concept.relates)]


def _lines(table: Mapping[str, object]) -> str:
    """JSON with one line for each concept, page or key, so that a change is seen where it is."""
    rows = (
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(entry, ensure_ascii=False)}"
        for name, entry in table.items()
    )
    return "{\n" + ",\n".join(rows) + "\n}\n"


# ── checks ──────────────────────────────────────────────────────────────────────────────────────────


def problems_of_concepts(written: Collection[Concept]) -> Iterator[str]:
    known = {concept.id for concept in written}
    for concept in written:
        where = f"concepts/{concept.area}.yaml: {concept.id}"
        if concept.kind not in KINDS:
            yield f"{where}: no kind `{concept.kind}`"
        yield from (f"{where}: no sensitivity `{code}`" for code in concept.sensitivity if code not in SENSITIVITIES)
        yield from (
            f"{where}: `{code}` is no category of ICD-10" for code in concept.icd10 if not _CATEGORY.match(code)
        )
        yield from (f"{where}: `{code}` is no code of ICPC-2" for code in concept.icpc2 if not _PROBLEM.match(code))
        yield from (f"{where}: relates to `{other}`, which is none" for other in concept.relates if other not in known)
        if concept.id in concept.relates:
            yield f"{where}: relates to itself"


def problems_of_stems(written: Sequence[Stem], known: Collection[str]) -> Iterator[str]:
    """Every ending belongs to one concept, and every exception ends so."""
    yield from (f"stems.yaml: no concept `{stem.concept}`" for stem in written if stem.concept not in known)
    claims = Counter((locale, end) for stem in written for locale, ends in stem.endings.items() for end in ends)
    yield from (f"stems.yaml: {locale}: `{end}` stands twice" for (locale, end), count in claims.items() if count > 1)
    for stem in written:
        endings = tuple(end for ends in stem.endings.values() for end in ends)
        for word in stem.exceptions:
            if not word.endswith((*endings, *(f"{end}e" for end in endings))):
                yield f"stems.yaml: {stem.concept}: the exception `{word}` ends otherwise"


def problems_of_wordings(locale: str, said: Sequence[Wording], known: Mapping[str, Concept]) -> Iterator[str]:
    """Every concept once in its own area's file, said or absent, and no form claimed by two unless they say so."""
    for wording in said:
        where = f"{locale}/{wording.area}.yaml: {wording.concept}"
        if wording.concept not in known:
            yield f"{where}: no such concept"
        elif wording.area != known[wording.concept].area:
            yield f"{where}: belongs into {known[wording.concept].area}.yaml"
        yield from (f"{where}: {wrong}" for wrong in _wrong_in(wording, locale, known))
    by_concept = {wording.concept: wording for wording in said}
    yield from (f"{locale}: nothing about `{name}`" for name in known if name not in by_concept)
    yield from _claimed_twice(locale, by_concept)


def _wrong_in(wording: Wording, locale: str, known: Collection[str]) -> Iterator[str]:
    forms = (*wording.forms, *wording.weak)
    if bool(wording.absent) == bool(forms):
        yield "has forms, or is absent with a reason"
    yield from (f"`{form}` is written twice" for form, count in Counter(forms).items() if count > 1)
    yield from (f"`{form}` holds no letter" for form in forms if not any(patterns(form, locale)))
    yield from (f"shares `{form}`, which is no form of it" for form in wording.shared_with if form not in forms)
    others = wording.shared_with.values()
    yield from (f"shares a form with `{other}`, which is no concept" for other in others if other not in known)
    texts = {pattern.text for form in forms for pattern in patterns(form, locale)}
    for phrase in wording.exceptions:
        inside = (pattern.text for pattern in patterns(phrase, locale))
        if not any(text in whole for whole in inside for text in texts):
            yield f"the exception `{phrase}` holds none of its forms"


def _claimed_twice(locale: str, said: Mapping[str, Wording]) -> Iterator[str]:
    claims: dict[str, dict[str, str]] = defaultdict(dict)  # pattern → concept → form
    for wording in said.values():
        for form in (*wording.forms, *wording.weak):
            for pattern in patterns(form, locale):
                claims[pattern.text].setdefault(wording.concept, form)
    told: set[tuple[str, str, str]] = set()
    for text, claimants in claims.items():
        for one, other in pairwise(claimants):
            agreed = said[one].shared_with.get(claimants[one]) == other
            agreed = agreed or said[other].shared_with.get(claimants[other]) == one
            if not agreed and (one, other, claimants[one]) not in told:
                told.add((one, other, claimants[one]))  # once for a form, not for each of its spellings
                yield f"{locale}: `{text}` is claimed by `{one}` and `{other}`: say shared_with, or choose"
