"""The shape of each kind of file: which schema judges it, and what its blocks are made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any

import jsonschema_rs

from campcompile.package_files import package_text
from campcompile.regex import regex
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.tree import Document
from campcompile.values import dataclass


class FileKind(Enum):
    """What a YAML file of a workspace is; the value names its schema."""

    WORKSPACE = "workspace"
    DICTIONARY = "dictionary"
    SEGMENTS = "segments"
    PHRASES = "phrases"
    CONSENT = "consent"
    WAIVERS = "waivers"
    CAMPAIGN = "campaign"
    TRANSLATION = "translation"
    THEME = "theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """One field of a block, as its schema declares it."""

    name: str
    role: str  # "words", which are translated, or "fixed"
    type: str  # prose, line, items, rows, target, asset, choices, text, date or phrase
    required: bool
    description: str
    default: tuple[str, ...]  # of choices: what they are where the author says nothing; () for none


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockSpec:
    """A block that a body may hold."""

    name: str
    description: str
    fields: Mapping[str, FieldSpec]  # in the schema's order
    shorthand: str  # the field that a lone string stands for; "" where none does
    bare: bool  # whether its name alone is a block

    @property
    def has_words(self) -> bool:
        """Whether a translation gives words for it."""
        return any(field.role == "words" for field in self.fields.values())


_SHARED = {
    f"campaigns/_shared/{kind.value}.yaml": kind
    for kind in (FileKind.DICTIONARY, FileKind.SEGMENTS, FileKind.PHRASES, FileKind.CONSENT, FileKind.WAIVERS)
}
_CAMPAIGN = regex(r"campaigns/(?!_shared/)[^/]+/campaign\.yaml")
_TRANSLATION = regex(r"campaigns/(?!_shared/)[^/]+/[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?\.yaml")
_THEME = regex(r"layouts/(theme|themes/[^/]+)\.yaml")


def kind_of(path: str) -> FileKind | None:
    """The kind of a workspace-relative path; None for a file that is none of ours.

    Example: `campaigns/newsletter/nb.yaml` is a TRANSLATION.
    """
    if path == "campcompile.yaml":
        return FileKind.WORKSPACE
    if path in _SHARED:
        return _SHARED[path]
    if _CAMPAIGN.fullmatch(path):
        return FileKind.CAMPAIGN
    if _TRANSLATION.fullmatch(path):
        return FileKind.TRANSLATION
    return FileKind.THEME if _THEME.fullmatch(path) else None


def schema_text(kind: FileKind) -> str:
    """The schema's file, as an editor reads it from schemas/<kind>.schema.json."""
    return package_text(f"syntax/schemas/{kind.value}.schema.json")


@cache
def schema_for(kind: FileKind) -> Mapping[str, Any]:
    """The JSON Schema (2020-12) of a kind of file."""
    schema: Mapping[str, Any] = json.loads(schema_text(kind))
    return schema


def check_schema(document: Document, kind: FileKind) -> tuple[Diagnostic, ...]:
    """Every finding about the keys and values of a document, each at its smallest place.

    jsonschema-rs decides; only a file that it refuses meets jsonschema, for what is wrong and where.
    """
    data = document.root.data()
    if _fast_validator(kind).is_valid(data):
        return ()
    from campcompile.syntax.schema_errors import explain

    return explain(errors(data, kind), document, schema_for(kind))


def errors(data: Any, kind: FileKind) -> Iterator[Any]:
    """jsonschema's errors for a document's data: none where jsonschema-rs finds it valid."""
    found: Iterator[Any] = _slow_validator(kind).iter_errors(data)
    return found


def is_valid(data: Any, kind: FileKind) -> bool:
    """jsonschema-rs's verdict."""
    return _fast_validator(kind).is_valid(data)


@cache
def block_specs() -> Mapping[str, BlockSpec]:
    """The blocks of a campaign's body by name, read from its schema's `$defs/block-<name>`."""
    definitions = schema_for(FileKind.CAMPAIGN)["$defs"]
    bare = frozenset(definitions["block"]["anyOf"][0]["enum"])
    return {
        name.removeprefix("block-"): _block_spec(name.removeprefix("block-"), schema, bare)
        for name, schema in definitions.items()
        if name.startswith("block-")
    }


def _block_spec(name: str, schema: Mapping[str, Any], bare: frozenset[str]) -> BlockSpec:
    required = schema.get("required", ())
    fields = {
        key: FieldSpec(
            name=key,
            role=field["x-role"],
            type=field["x-type"],
            required=key in required,
            description=field["description"],
            default=tuple(field.get("default", ())),
        )
        for key, field in schema["properties"].items()
    }
    words = [key for key, field in fields.items() if field.role == "words"]
    takes_text = "string" in schema["type"]
    shorthand = (words or list(fields))[0] if words or takes_text else ""
    return BlockSpec(
        name=name, description=schema["description"], fields=fields, shorthand=shorthand, bare=name in bare
    )


@cache
def _fast_validator(kind: FileKind) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(schema_for(kind)))


@cache
def _slow_validator(kind: FileKind) -> Any:
    """jsonschema's validator, with patterns read as ECMA reads them: `$` is the end, not a line break before it."""
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(validator: Any, value: str, instance: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not _ecma(value).search(instance):
            yield ValidationError(f"{instance!r} does not match {value!r}")

    validator: Any = extend
    return validator(Draft202012Validator, {"pattern": pattern})(schema_for(kind))


@cache
def _ecma(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\$(?=$|\||\))", r"\\Z", pattern))
