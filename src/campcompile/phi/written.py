"""The lexicon as people write and review it: concepts/, forms/<locale>/ and stems.yaml (docs/lexicon.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import cache
from importlib.resources import files
from typing import Any

from campcompile.phi.patterns import ENDINGS
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass

LOCALES = tuple(ENDINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing that words can tell of somebody's health."""

    id: str
    area: str  # the file's name
    kind: str
    gloss: str = ""  # in English, where the id doesn't say it
    sensitivity: Sequence[str] = ()
    icd10: Sequence[str] = ()  # categories, such as E11
    icpc2: Sequence[str] = ()  # codes of the problem lists of Norwegian and other general practices, such as T90
    relates: Sequence[str] = ()  # concepts that this one tells of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How one locale says one concept, as written (`patterns.py` has the notation)."""

    concept: str
    area: str
    forms: Sequence[str] = ()
    weak: Sequence[str] = ()  # count only with a strong cue
    exceptions: Sequence[str] = ()  # `not`: phrases in which a form doesn't mean the concept
    shared_with: Mapping[str, str] = field(default_factory=dict)  # form → the other concept that it means, too
    absent: str = ""  # why this locale has no word for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """Endings of drug names that tell the class, by locale: -statin, -pril, -mab."""

    concept: str
    endings: Mapping[str, Sequence[str]]
    exceptions: Sequence[str] = ()  # `not`: words that end so and are no such drug


_KEYS: Mapping[str, Mapping[str, type]] = {
    "concepts": {"kind": str, "gloss": str, "sensitivity": list, "icd10": list, "icpc2": list, "relates": list},
    "forms": {"forms": list, "weak": list, "not": list, "shared_with": dict, "absent": str},
    "stems": {**dict.fromkeys(LOCALES, list), "not": list},
}


@cache
def concepts() -> Mapping[str, Concept]:
    return {name: Concept(id=name, area=area, **entry) for area, name, entry in _entries("concepts", "concepts")}


@cache
def wordings(locale: str) -> tuple[Wording, ...]:
    """In the order of the files; empty where nobody has written the locale yet."""
    if not has_forms(locale):
        return ()
    return tuple(
        Wording(concept=name, area=area, exceptions=entry.pop("not", ()), **entry)
        for area, name, entry in _entries(f"forms/{locale}", "forms")
    )


@cache
def stems() -> tuple[Stem, ...]:
    return tuple(
        Stem(concept=name, exceptions=entry.pop("not", ()), endings=entry)
        for _, name, entry in _entries("stems", "stems")
    )


def has_forms(locale: str) -> bool:
    return files("campcompile.phi").joinpath("forms", locale).is_dir()


def misshapen() -> Iterator[str]:
    """What in the files is no entry at all, one sentence each: an unknown key, a number among the forms."""
    places = [("concepts", "concepts"), ("stems", "stems")]
    places += [(f"forms/{locale}", "forms") for locale in filter(has_forms, LOCALES)]
    for path, kind in places:
        read = _read(path)
        for area, content in read.items():
            for name, entry in content.items():
                yield from (f"{path}/{area}.yaml: {name}: {wrong}" for wrong in _wrong_in(entry, _KEYS[kind]))
        times = Counter(name for content in read.values() for name in content)
        yield from (f"{path}: {name}: stands in {count} files" for name, count in times.items() if count > 1)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────


def _entries(path: str, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Area, id and entry, in the order of the files; what is `misshapen` is left out."""
    for area, content in _read(path).items():
        for name, entry in content.items():
            if not any(_wrong_in(entry, _KEYS[kind])):
                yield area, name, dict(entry)


def _wrong_in(entry: Any, keys: Mapping[str, type]) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield f"holds no keys; it may have {', '.join(keys)}"
        return
    if "kind" in keys and "kind" not in entry:
        yield "no `kind`"
    for key, value in entry.items():
        if key not in keys:
            yield f"no key `{key}`; there are {', '.join(keys)}"
        elif not isinstance(value, keys[key]):
            yield f"`{key}` is no {keys[key].__name__}"
        else:
            odd = (text for text in _texts_of(value) if not isinstance(text, str) or not text or text != text.strip())
            yield from (f"`{key}`: `{text}` is no plain text: quote it, without spaces around it" for text in odd)


def _texts_of(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            yield from (*value, *value.values())
        case list():
            yield from value
        case _:
            yield value


@cache
def _read(path: str) -> Mapping[str, Mapping[str, Any]]:
    """The files of a folder by their names, or `<path>.yaml` alone, as plain values."""
    place = files("campcompile.phi").joinpath(path)
    folder = place.is_dir()
    found = list(place.iterdir()) if folder else [files("campcompile.phi").joinpath(f"{path}.yaml")]
    read: dict[str, Mapping[str, Any]] = {}
    for file in sorted(found, key=lambda file: file.name):
        checked = read_yaml(Source(file.name, file.read_text(encoding="utf-8")))
        if checked.diagnostics:
            first = checked.diagnostics[0]
            raise ValueError(f"{path}/{file.name}, offset {first.span.start}: {first.message}")
        read[file.name.removesuffix(".yaml")] = checked.value.root.data()
    return read
