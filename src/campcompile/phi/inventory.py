"""The lexicon as people write and review it: `concepts/*.yaml`, `forms/<locale>/*.yaml`, `stems.yaml` (docs/lexicon.md).

Read when the lexicon is compiled and tested, never when a campaign is: `lexicon.py` reads what `compiled_files` writes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from campcompile.phi.patterns import ENDINGS, Pattern, patterns
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass

KINDS = frozenset(
    ["condition", "drug", "vaccine", "procedure", "test", "screening", "device", "specialty", "population", "euphemism", "organ", "diet", "measure"]
)
# Codes of HL7's ActCode system, information sensitivity (terminology.hl7.org/CodeSystem/v3-ActCode).
SENSITIVITIES = frozenset(["HIV", "STD", "SEX", "SUD", "ETHUD", "OPIOIDUD", "MH", "PSY", "GDIS", "SICKLE", "VIO", "SDV", "ADOL"])
LOCALES = tuple(ENDINGS)
WEAK, EXCEPTION, STEM, LEAST = "w", "n", "s", 3
"""Marks beside those of a pattern. A stem counts from LEAST letters before it on (`-mab`, but no `mab`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing that words can tell of somebody's health."""

    id: str
    area: str  # the file's name
    kind: str
    gloss: str = ""  # in English, where the id doesn't say it
    sensitivity: Sequence[str] = ()
    icd10: Sequence[str] = ()  # categories, such as E11
    relates: Sequence[str] = ()  # concepts that this one tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How one locale says one concept, as written (`patterns.py` has the notation)."""

    concept: str
    area: str
    forms: Sequence[str] = ()
    weak: Sequence[str] = ()  # count only with a strong cue
    exceptions: Sequence[str] = ()  # `not`: phrases in which a form doesn't mean the concept
    shared_with: Mapping[str, str] = {}  # form → the other concept that it means, too
    absent: str = ""  # why this locale has no word for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """Endings of drug names that tell the class, by locale: -statin, -pril, -mab."""

    concept: str
    endings: Mapping[str, Sequence[str]]
    exceptions: Sequence[str]


@cache
def concepts() -> Mapping[str, Concept]:
    return {
        name: Concept(id=name, area=area, **entry)
        for area, entries in _read("concepts").items()
        for name, entry in entries.items()
    }


def has_forms(locale: str) -> bool:
    return files("campcompile.phi").joinpath("forms", locale).is_dir()


@cache
def wordings(locale: str) -> tuple[Wording, ...]:
    """In the order of the files; empty where nobody has written the locale yet."""
    if not has_forms(locale):
        return ()
    return tuple(
        Wording(concept=name, area=area, exceptions=entry.pop("not", ()), **entry)
        for area, entries in _read(f"forms/{locale}").items()
        for name, entry in entries.items()
    )


@cache
def stems() -> tuple[Stem, ...]:
    return tuple(
        Stem(concept=name, exceptions=entry.pop("not", ()), endings=entry)
        for name, entry in _read("stems")["stems"].items()
    )


def problems() -> Iterator[str]:
    """What is wrong with the lexicon, one sentence each; a test holds it to none."""
    yield from _problems_of_concepts()
    yield from (f"stems: no concept `{stem.concept}`" for stem in stems() if stem.concept not in concepts())
    for locale in filter(has_forms, LOCALES):
        yield from _problems_of_wordings(locale)


def compiled_files() -> Mapping[str, str]:
    """What a run reads, by its path below the repository: one file for all concepts, one for each locale."""
    folder = "src/campcompile/phi/compiled"
    made = {f"{folder}/concepts.json": _lines({concept.id: _row(concept) for concept in concepts().values()})}
    for locale in filter(has_forms, LOCALES):
        made[f"{folder}/{locale}.json"] = _lines(_compiled(locale))
    return made


# ── checks ───────────────────────────────────────────────────────────────────────────────────────────


def _problems_of_concepts() -> Iterator[str]:
    known = concepts()
    if len(known) != sum(len(entries) for entries in _read("concepts").values()):
        yield "concepts: an id stands in two files"
    for concept in known.values():
        if concept.kind not in KINDS:
            yield f"{concept.id}: no kind `{concept.kind}`"
        yield from (f"{concept.id}: no sensitivity `{code}`" for code in concept.sensitivity if code not in SENSITIVITIES)
        yield from (f"{concept.id}: relates to `{other}`, which is none" for other in concept.relates if other not in known)
        if concept.id in concept.relates:
            yield f"{concept.id}: relates to itself"


def _problems_of_wordings(locale: str) -> Iterator[str]:
    """Every concept once in its own area's file, said or absent, and no form claimed by two unless they say so."""
    known = concepts()
    said: dict[str, Wording] = {}
    for wording in wordings(locale):
        where = f"{locale}/{wording.area}.yaml: {wording.concept}"
        if wording.concept not in known:
            yield f"{where}: no such concept"
        elif wording.area != known[wording.concept].area:
            yield f"{where}: belongs into {known[wording.concept].area}.yaml"
        if wording.concept in said:
            yield f"{where}: stands in two files"
        if bool(wording.absent) == bool(wording.forms or wording.weak):
            yield f"{where}: has forms, or is absent with a reason"
        said[wording.concept] = wording
    yield from (f"{locale}: nothing about `{name}`" for name in known if name not in said)
    yield from _claimed_twice(locale, said)


def _claimed_twice(locale: str, said: Mapping[str, Wording]) -> Iterator[str]:
    claims: dict[str, dict[str, str]] = defaultdict(dict)  # pattern → concept → form
    for wording in said.values():
        for form in (*wording.forms, *wording.weak):
            for pattern in patterns(form, locale):
                claims[pattern.text].setdefault(wording.concept, form)
    for text, claimants in claims.items():
        for one, other in zip(list(claimants), list(claimants)[1:], strict=False):
            agreed = said[one].shared_with.get(claimants[one]) == other
            if not agreed and said[other].shared_with.get(claimants[other]) != one:
                yield f"{locale}: `{text}` is claimed by `{one}` and `{other}`: say shared_with, or choose"


# ── compiling ────────────────────────────────────────────────────────────────────────────────────────


def _row(concept: Concept) -> list[Any]:
    return [concept.kind, list(concept.sensitivity), list(concept.relates), [code.lower() for code in concept.icd10]]


def _compiled(locale: str) -> Mapping[str, Mapping[str, list[str]]]:
    """Concept → marks → patterns."""
    made: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for name, pattern, mark in _all_patterns(locale):
        made[name][mark + pattern.marks][pattern.text] = None
    return {name: {marks: list(texts) for marks, texts in by_marks.items()} for name, by_marks in made.items()}


def _all_patterns(locale: str) -> Iterator[tuple[str, Pattern, str]]:
    for wording in wordings(locale):
        for mark, forms in (("", wording.forms), (WEAK, wording.weak), (EXCEPTION, wording.exceptions)):
            yield from ((wording.concept, pattern, mark) for form in forms for pattern in patterns(form, locale))
    for stem in stems():
        for ending in stem.endings.get(locale, ()):
            yield stem.concept, Pattern(ending), STEM
            yield from (
                (stem.concept, pattern, EXCEPTION) for form in stem.exceptions for pattern in patterns(form, locale)
            )


def _lines(table: Mapping[str, Any]) -> str:
    """JSON with one line for each concept, so that a change is seen where it is."""
    rows = (f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in table.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _read(path: str) -> Mapping[str, Mapping[str, Any]]:
    """The files of a folder by their names, or `<path>.yaml` alone, as plain values."""
    place = files("campcompile.phi").joinpath(path)
    found = sorted(place.iterdir(), key=lambda file: file.name) if place.is_dir() else [files("campcompile.phi").joinpath(f"{path}.yaml")]
    read: dict[str, Mapping[str, Any]] = {}
    for file in found:
        checked = read_yaml(Source(f"{path}/{file.name}", file.read_text(encoding="utf-8")))
        if checked.diagnostics:
            raise ValueError(f"{path}/{file.name}: {checked.diagnostics[0].message}")
        read[file.name.removesuffix(".yaml")] = checked.value.root.data()
    return read
