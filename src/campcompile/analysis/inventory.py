"""Compiles the packs of law and the words of advertising, as people write them, to what a run reads.

Asked when documentation is generated and tested, never when a campaign is compiled; the wheel holds what was compiled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files

from campcompile.phi.necessary import necessary
from campcompile.syntax.packs import pack

LAW = "analysis/data/law"
ADVERTISING = "analysis/data/advertising.yaml"
_FOLDER = "src/campcompile/analysis/compiled"


def compiled_files() -> Mapping[str, str]:
    """What a run reads, by its path below the repository."""
    return {f"{_FOLDER}/law.json": _law(), **_advertising()}


def law_packs() -> Mapping[str, Mapping[str, object]]:
    """Every pack of law by its id, as it is written; sorted."""
    names = sorted(file.name for file in files("campcompile").joinpath(LAW).iterdir() if file.name.endswith(".yaml"))
    return {name.removesuffix(".yaml"): _data(f"{LAW}/{name}") for name in names}


def _law() -> str:
    written = law_packs()
    heads = {name: {key: row[key] for key in row if key != "provisions"} for name, row in written.items()}
    names = sorted({name for row in written.values() for name in _mapping(row["provisions"])})
    provisions = {name: sorted(_dated(name, written), key=lambda row: row["effective_from"]) for name in names}
    parts = (f'"packs": {_lines(heads)}', f'"provisions": {_lines(provisions)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _dated(name: str, written: Mapping[str, Mapping[str, object]]) -> Iterator[dict[str, str]]:
    for pack_id, row in written.items():
        for one in _mapping(row["provisions"]).get(name, ()):
            yield {"pack": pack_id, **one}


def _advertising() -> Mapping[str, str]:
    """A file a language: kind → its patterns; and what a text must hold before any of them is looked for."""
    kinds = {kind: row for kind, row in _data(ADVERTISING).items() if isinstance(row, dict)}
    instead = kinds.pop("instead")
    made = {}
    for language in next(iter(kinds.values())):
        ways = {kind: row[language] for kind, row in kinds.items()}
        table = {
            kind: {"hints": _hints(of), "ways": of, "instead": instead.get(kind, {}).get(language, "")}
            for kind, of in ways.items()
        }
        made[f"{_FOLDER}/advertising.{language}.json"] = _lines(table) + "\n"
    return made


def _hints(ways: Iterable[str]) -> list[str]:
    """What a text must hold before any of these patterns is looked for, none within another."""
    found = {hint for way in ways for hint in necessary(way)}
    return sorted(hint for hint in found if not any(other in hint for other in found - {hint}))


def _data(path: str) -> Mapping[str, object]:
    data = pack(path).root.data()
    assert isinstance(data, dict)
    return data


def _mapping(value: object) -> Mapping[str, list[dict[str, str]]]:
    assert isinstance(value, dict)
    return value


def _lines(table: Mapping[str, object]) -> str:
    """JSON with one line for each key, so that a change is seen where it is."""
    rows = (f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in table.items())
    return "{\n" + ",\n".join(rows) + "\n}"
