"""The reference of keys, docs/keys.md: every key of every file, as the schemas describe it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from campcompile.syntax.schema import FileKind, schema_for

FILES = {
    FileKind.WORKSPACE: "campcompile.yaml",
    FileKind.CAMPAIGN: "campaigns/NAME/campaign.yaml",
    FileKind.TRANSLATION: "campaigns/NAME/LOCALE.yaml",
    FileKind.DICTIONARY: "campaigns/_shared/dictionary.yaml",
    FileKind.SEGMENTS: "campaigns/_shared/segments.yaml",
    FileKind.PHRASES: "campaigns/_shared/phrases.yaml",
    FileKind.CONSENT: "campaigns/_shared/consent.yaml",
    FileKind.WAIVERS: "campaigns/_shared/waivers.yaml",
    FileKind.THEME: "layouts/theme.yaml",
}
HEAD = """\
# Every key

What each file may hold, file by file. A key in **bold** must be there. Names in capitals are yours to choose.
`campcompile schema --write` puts the same into your workspace, for your editor to complete and check while you type.
How words, conditions and times are read stands in [language.md](language.md).
"""


class Key(NamedTuple):
    path: str  # `emails[].send.offset`
    needed: bool
    description: str
    example: Any


def keys_page() -> str:
    """docs/keys.md."""
    return "\n".join([HEAD, *(_section(kind, file) for kind, file in FILES.items())])


def _section(kind: FileKind, file: str) -> str:
    schema = schema_for(kind)
    rows = dict.fromkeys(_row(key) for key in _keys(schema, schema.get("$defs", {}), ""))
    return "\n".join(
        [f"## {file}", "", schema["description"], "", "| key | | example |", "| --- | --- | --- |", *rows, ""]
    )


def _row(key: Key) -> str:
    path = f"**`{key.path}`**" if key.needed else f"`{key.path}`"
    example = json.dumps(key.example, ensure_ascii=False) if key.example is not None else ""
    example = example[1:-1].replace('\\"', '"') if isinstance(key.example, str) else example
    shown = f"`{example}`" if example and "\\n" not in example else ""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (path, key.description, shown)) + " |"


def _keys(node: Mapping[str, Any], definitions: Mapping[str, Any], path: str) -> Iterator[Key]:
    """The keys below a schema, in its order; choices between forms are walked one after the other."""
    node = _resolved(node, definitions)
    for name, inner in node.get("properties", {}).items():
        yield from _key(inner, definitions, f"{path}.{name}".lstrip("."), name in node.get("required", ()))
    if isinstance(inner := node.get("additionalProperties"), Mapping):
        yield from _key(inner, definitions, f"{path}.NAME".lstrip("."), False)
    if isinstance(inner := node.get("items"), Mapping):
        yield from _keys(inner, definitions, f"{path}[]")
    for form in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _keys(form, definitions, path)


def _key(node: Mapping[str, Any], definitions: Mapping[str, Any], path: str, needed: bool) -> Iterator[Key]:
    whole = _resolved(node, definitions)
    yield Key(path, needed, whole["description"], next(iter(whole.get("examples", ())), None))
    yield from _keys(whole, definitions, path)


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """A node with what it refers to; its own words win."""
    reference = node.get("$ref")
    if reference is None:
        return node
    return {**definitions[reference.rpartition("/")[2]], **{key: value for key, value in node.items() if key != "$ref"}}
