"""What a schema asks for, as a message shows it: types, an example, a range, and values as one would write them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from campcompile.regex import regex
from campcompile.syntax.secret import looks_secret
from campcompile.syntax.tree import Kind, Node, Scalar
from campcompile.syntax.tree import Mapping as YamlMapping

Schema: TypeAlias = Mapping[str, Any]
RESERVED = ("on", "off", "yes", "no", "y", "n", "true", "false", "null")
_ENDLESS = 999_999_999  # what a machine can hold; no author is told of it
_PLAIN = regex(r"-?(?=[^\W\d_])[\w .()'@/-]*")


def types_of(schema: Schema) -> list[str]:
    """The types that a value may have; none where any will do."""
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else list(types)


def fits(node: Node, types: Sequence[str]) -> bool:
    """Whether a value is of one of these types."""
    if isinstance(node, YamlMapping):
        return "object" in types
    if not isinstance(node, Scalar):
        return "array" in types
    match node.kind:
        case Kind.TEXT:
            return "string" in types
        case Kind.INTEGER:
            return "integer" in types or "number" in types
        case Kind.NUMBER:
            return "number" in types or ("integer" in types and float(node.value).is_integer())
        case Kind.BOOLEAN:
            return "boolean" in types
        case Kind.NULL:
            return "null" in types


def has_type(node: Node, schema: Schema) -> bool:
    """Whether the value has its schema's type: if not, that alone is worth telling."""
    types = types_of(schema)
    return not types or fits(node, types)


def block_names(schema: Schema) -> list[str]:
    """The blocks of a body, by the schema of one."""
    return [name for name in schema["properties"] if name not in ("if", "id")]


def first_example(schema: Schema) -> Any:
    """What its schema shows first."""
    examples = schema.get("examples", [])
    return examples[0] if examples else "…"


def as_yaml(value: Any) -> str:
    """A value as one would write it on a line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {as_yaml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_yaml, value)) + "]"
    if isinstance(value, str) and (value.lower() in RESERVED or not _PLAIN.fullmatch(value)):
        return json.dumps(value, ensure_ascii=False) if '"' not in value else f"'{value}'"
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def range_words(schema: Schema) -> str:
    """`from 1 to 9`, `up to 9`, `of at least 1`."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if high is None or high >= _ENDLESS:
        return f"of at least {low}"
    return f"up to {high}" if low is None else f"from {low} to {high}"


def shown(value: str) -> str:
    """A value as a message may show it: one line, not too long, and never a secret."""
    if looks_secret(value):
        return "…"
    line = " ".join(value.split())
    return line if len(line) <= 60 else line[:59] + "…"
