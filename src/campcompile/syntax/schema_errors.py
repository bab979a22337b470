"""A schema's errors in an author's words: each at the smallest place in the file, with what to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix
from campcompile.syntax.findings_sch import (
    MALFORMED,
    MISSING_KEY,
    NOT_ALLOWED,
    NOT_TOGETHER,
    UNKNOWN_BLOCK,
    UNKNOWN_FORMAT,
    UNKNOWN_KEY,
    WRONG_SIZE,
    WRONG_TYPE,
)
from campcompile.syntax.renaming import renaming
from campcompile.syntax.schema_words import (
    RESERVED,
    Schema,
    as_yaml,
    block_names,
    first_example,
    fits,
    has_type,
    range_words,
    shown,
    types_of,
)
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import listed, nearest
from campcompile.syntax.tree import Document, Kind, Node, Scalar, Style
from campcompile.syntax.tree import Mapping as YamlMapping

MAX_ERRORS = 500  # of one file: jsonschema takes a second for some thousands, and nobody reads them

_KINDS = {
    "string": "text",
    "object": "`key: value`",
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "number": "a number",
}
_TRUTH = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_WITHOUT_WORDS = ("phrase", "appointment", "place", "divider")


def explain(errors: Iterable[Any], document: Document, schema: Schema) -> tuple[Diagnostic, ...]:
    """The findings for jsonschema's errors, in the order of the file; none about what could not be read."""
    explainer = _Explainer(document, schema)
    format_node = document.root.get("format") if "format" in schema.get("properties", {}) else None
    found: list[Diagnostic] = []
    for error in islice(errors, MAX_ERRORS):
        if format_node is not None and list(error.absolute_path) == ["format"]:
            value = format_node.value if isinstance(format_node, Scalar) else "…"
            return (UNKNOWN_FORMAT.at(format_node.span, value=shown(value)),)
        found.extend(explainer.findings(error))
    unique = {(one.rule.code, one.span, one.message): one for one in found if not explainer.is_lost(one)}
    return tuple(sorted(unique.values(), key=lambda one: one.sort_key))


class _Explainer:
    def __init__(self, document: Document, schema: Schema) -> None:
        self.document = document
        self.root_schema = schema
        self.text = document.source.text
        self.keys: dict[int, Span] = {}  # by the identity of the value
        self.entries: dict[int, dict[str, Node]] = {}  # by the identity of the mapping

    def is_lost(self, finding: Diagnostic) -> bool:
        """Whether it is about a part of the file that could not be read, which has its finding already."""
        span = finding.span
        return any(span.start < lost.end and lost.start < max(span.end, span.start + 1) for lost in self.document.lost)

    def findings(self, error: Any) -> Iterator[Diagnostic]:
        """One error, or those of the branch that the author meant."""
        node = self._node(error.absolute_path)
        schema = error.schema
        match error.validator:
            case "anyOf" | "oneOf":
                yield from self._branches(error, node)
            case "additionalProperties":
                yield from self._unknown_keys(error, node)
            case "required" | "dependentRequired":
                yield from self._missing(error, node)
            case _ if "propertyNames" in list(error.absolute_schema_path)[-4:-1]:
                yield from self._key(error, node)
            case _ if schema.get("x-judge") and isinstance(node, Scalar) and node.kind is not Kind.NULL:
                return  # a later pass knows it better: it says so where it binds the value
            case "type" if schema.get("x-block") and isinstance(node, Scalar):
                yield from self._no_block(node, schema)
            case "type":
                yield self._wrong_type(node, types_of(schema), schema)
            case "enum" | "const":
                if has_type(node, schema):
                    yield self._not_allowed(node, schema.get("enum") or [schema.get("const")])
            case _:
                if has_type(node, schema):
                    yield from self._form(error, node, schema)

    # --- the branch that was meant

    def _branches(self, error: Any, node: Node) -> Iterator[Diagnostic]:
        schema = error.schema
        if "x-one-of" in schema:
            yield from self._one_of(schema["x-one-of"], node, schema, exclusive=error.validator == "oneOf")
            return
        if "x-block" in schema:
            yield from self._blocks(node, schema)
            return
        meant = {
            index for index, branch in enumerate(error.validator_value) if fits(node, types_of(self._resolve(branch)))
        }
        branches = [self._resolve(branch) for branch in error.validator_value]
        if not meant:
            if any(branch.get("x-block") for branch in branches):
                yield from self._no_block(node, branches[-1])
                return
            types = [name for branch in branches for name in types_of(branch)]
            yield self._wrong_type(node, types, schema)
            return
        for inner in error.context:
            if inner.schema_path[0] in meant:
                if inner.validator == "enum" and inner.schema.get("x-block"):
                    yield from self._no_block(node, branches[-1])
                else:
                    yield from self.findings(inner)

    def _one_of(self, rule: Mapping[str, Any], node: Node, schema: Schema, *, exclusive: bool) -> Iterator[Diagnostic]:
        present = [key for key in rule["keys"] if isinstance(node, YamlMapping) and node.get(key) is not None]
        if not present:
            if self._has_unknown(node, schema):
                return  # it is probably one of these, mistyped
            example = self._example_of(rule["keys"][0], schema)
            yield MISSING_KEY.at(self._heading(node), say="one-of", key="", rule=rule["say"], example=example)
        elif exclusive and isinstance(node, YamlMapping):
            entry = node.entry(present[-1])
            span = entry.key.span if entry is not None else node.span
            yield NOT_TOGETHER.at(span, key=present[0], other=present[-1], rule=rule["say"])

    def _blocks(self, node: Node, schema: Schema) -> Iterator[Diagnostic]:
        """A mapping in a body that names no block, or several."""
        if not isinstance(node, YamlMapping):
            return
        names = block_names(schema)
        entries = [entry for entry in node.entries if entry.key.value in names]
        if not entries:
            if not self._has_unknown(node, schema):
                yield UNKNOWN_BLOCK.at(self._heading(node), say="none", name="", names=listed(names))
        else:
            for entry in entries[1:]:
                yield UNKNOWN_BLOCK.at(entry.key.span, say="several", name=entry.key.value, other=entries[0].key.value)

    def _no_block(self, node: Node, mapping: Schema) -> Iterator[Diagnostic]:
        """A text, or something else, where a block is wanted."""
        names = block_names(mapping)
        if not isinstance(node, Scalar) or node.kind is Kind.NULL:
            yield UNKNOWN_BLOCK.at(self._place(node), say="none", name="", names=listed(names))
        elif mapping["x-block"] == "words" and node.value in _WITHOUT_WORDS:
            yield UNKNOWN_BLOCK.at(node.span, say="no-words", name=node.value)
        elif node.value in names:
            example = self._example_of(node.value, mapping)
            yield UNKNOWN_BLOCK.at(node.span, say="fields", name=node.value, example=f"- {example}")
        elif re.search(r"\s", node.value.strip()) or node.style is Style.LITERAL:
            yield UNKNOWN_BLOCK.at(
                self._place(node), say="text", value=as_yaml(shown(node.value)), fixes=self._as_text_block(node)
            )
        else:
            yield self._unknown_block(node, names)

    def _as_text_block(self, node: Scalar) -> tuple[Fix, ...]:
        """`- Hello` as `- text: Hello`; in several lines its indentation would change, too."""
        span = node.span
        before = self.text[: span.start].rpartition("\n")[2]
        if "\n" in self.text[span.start : span.end] or before.strip() != "-":
            return ()
        return (_replace("make it a `text` block", Span(span.path, span.start, span.start), "text: "),)

    def _unknown_block(self, name: Scalar, names: Sequence[str]) -> Diagnostic:
        near = nearest(name.value, names)
        fixes = renaming(name.span, name.value, near)
        return UNKNOWN_BLOCK.at(
            name.span,
            say="near" if near else "",
            name=shown(name.value),
            nearest=near,
            names=listed(names),
            fixes=fixes,
        )

    # --- keys

    def _unknown_keys(self, error: Any, node: Node) -> Iterator[Diagnostic]:
        if not isinstance(node, YamlMapping):
            return
        known = self._known_keys(error.schema)
        for entry in node.entries:
            if entry.key.value in known:
                continue
            block = error.schema.get("x-block")
            if block and not any(other.key.value in block_names(error.schema) for other in node.entries):
                if block == "words" and entry.key.value in _WITHOUT_WORDS:
                    yield UNKNOWN_BLOCK.at(entry.key.span, say="no-words", name=entry.key.value)
                elif not (block and _is_sentence(entry.key.value)):
                    yield self._unknown_block(entry.key, block_names(error.schema))
                else:
                    yield self._unknown_key(entry.key, known, error.schema)
                return
            yield self._unknown_key(entry.key, known, error.schema)

    def _unknown_key(self, key: Scalar, known: Mapping[str, Any], schema: Schema) -> Diagnostic:
        name = shown(key.value)
        near = nearest(key.value, known)
        if near and (not _is_sentence(key.value) or near.casefold() == key.value.casefold()):
            fixes = renaming(key.span, key.value, near)
            return UNKNOWN_KEY.at(key.span, say="near", key=name, nearest=near, fixes=fixes)
        for parent, inner in known.items():
            if key.value in self._known_keys(self._resolve(inner)):
                return UNKNOWN_KEY.at(key.span, say="under", key=name, parent=parent)
        say = "" if known else "none"
        return UNKNOWN_KEY.at(key.span, say="text" if _is_sentence(key.value) else say, key=name, keys=listed(known))

    def _missing(self, error: Any, node: Node) -> Iterator[Diagnostic]:
        if not isinstance(node, YamlMapping):
            return
        schema = error.schema
        if self._may_hold_more(node):
            return
        if error.validator == "dependentRequired":
            for key, needed in error.validator_value.items():
                entry = node.entry(key)
                for name in needed:
                    if entry is not None and node.get(name) is None:
                        example = self._example_of(name, schema)
                        yield MISSING_KEY.at(entry.key.span, say="with", key=name, other=key, example=example)
            return
        mistyped = [
            nearest(entry.key.value, schema["properties"])
            for entry in node.entries
            if entry.key.value not in schema["properties"]
        ]
        for name in error.validator_value:
            if node.get(name) is None and name not in mistyped:
                yield MISSING_KEY.at(self._heading(node), key=name, example=self._example_of(name, schema))

    def _may_hold_more(self, node: YamlMapping) -> bool:
        """Whether a part of the mapping could not be read: then a key may only seem to be missing."""
        for lost in self.document.lost:
            inside = node.span.start <= lost.start < node.span.end
            if inside or (lost.start >= node.span.end and not self._unlost(node.span.end, lost.start).strip()):
                return True
        return False

    def _unlost(self, start: int, end: int) -> str:
        """The text of a range without what was lost in it."""
        text = self.text[start:end]
        for lost in self.document.lost:
            low, high = max(lost.start, start) - start, min(lost.end, end) - start
            if low < high:
                text = text[:low] + " " * (high - low) + text[high:]
        return text

    def _key(self, error: Any, node: Node) -> Iterator[Diagnostic]:
        """A name of the author's own that does not have the form of one."""
        entry = node.entry(error.instance) if isinstance(node, YamlMapping) else None
        if entry is not None:
            say = "reserved" if error.validator == "not" and error.instance in RESERVED else "key"
            advice = error.schema.get("x-say", "write a name")
            yield MALFORMED.at(entry.key.span, say=say, value=shown(error.instance), advice=advice)

    # --- values

    def _wrong_type(self, node: Node, types: Sequence[str], schema: Schema) -> Diagnostic:
        wanted = " or ".join(dict.fromkeys(_KINDS[name] for name in types if name in _KINDS))
        example = as_yaml(first_example(self._with_examples(schema)))
        span = self._place(node)
        if not isinstance(node, Scalar):
            seen = "a list" if not isinstance(node, YamlMapping) else "a mapping (`key: value`)"
            return WRONG_TYPE.at(span, seen=seen, wanted=wanted, example=example)
        value = shown(node.value)
        if node.kind is Kind.NULL:
            return WRONG_TYPE.at(span, say="empty", wanted=wanted, example=example)
        if "string" in types:
            fix = f'"{node.value}"'
            seen = "true or false" if node.kind is Kind.BOOLEAN else "a number"
            fixes: tuple[Fix, ...] = (_replace("put quotes around it", node.span, fix),)
            return WRONG_TYPE.at(span, say="quotes", value=value, seen=seen, fix=shown(fix), fixes=fixes)
        if "boolean" in types and (truth := _TRUTH.get(node.value.lower(), "")):
            fixes = (_replace(f"write `{truth}`", node.span, truth),)
            return WRONG_TYPE.at(span, say="truth", value=value, fix=truth, fixes=fixes)
        if "integer" in types or "number" in types:
            digits = node.value.replace("_", "").replace(",", "").strip()
            if re.fullmatch(r"[1-9][0-9]{0,8}", digits):
                fixes = (_replace(f"write `{digits}`", node.span, digits),)
                return WRONG_TYPE.at(span, say="digits", value=value, wanted=wanted, fix=digits, fixes=fixes)
        if schema.get("properties") == {}:
            return WRONG_TYPE.at(span, say="nothing", seen="a text", name=self.text[slice(*self._bounds(node))])
        seen = "a text" if node.kind is Kind.TEXT else f"`{value}`"
        if types and set(types) <= {"array", "null"}:
            fix = f"[{as_yaml(value)}]"
            written = self.text[node.span.start : node.span.end]
            is_whole = node.style is not Style.LITERAL and "\n" not in written
            is_safe = node.style is not Style.PLAIN or not re.search(r"[\[\]{},]", written)
            fixes = (_replace("make it a list", node.span, f"[{written}]"),) if is_whole and is_safe else ()
            return WRONG_TYPE.at(span, say="list", seen=seen, fix=fix, fixes=fixes)
        return WRONG_TYPE.at(span, seen=seen, wanted=wanted, example=example)

    def _bounds(self, node: Node) -> tuple[int, int]:
        key = self._key_of(node) or node.span
        return key.start, key.end

    def _not_allowed(self, node: Node, allowed: Sequence[Any]) -> Diagnostic:
        value = node.value if isinstance(node, Scalar) else "…"
        names = [str(one) for one in allowed]
        near = nearest(value, names)
        fixes = renaming(node.span, value, near)
        say = "near" if near else ""
        return NOT_ALLOWED.at(
            self._place(node), say=say, value=shown(value), nearest=near, values=listed(names), fixes=fixes
        )

    def _form(self, error: Any, node: Node, schema: Schema) -> Iterator[Diagnostic]:
        """A value of the right kind in the wrong form or size."""
        place = self._place(node)
        value = shown(node.value) if isinstance(node, Scalar) else ""
        advice = schema.get("x-say", "look at the examples of `campcompile schema`")
        limit = error.validator_value
        match error.validator:
            case "pattern" | "not":
                several = isinstance(node, Scalar) and "\n" in node.value
                say = "lines" if several else "reserved" if error.validator == "not" else ""
                if several and schema.get("x-lines"):
                    return  # a later pass says where the line breaks
                if not (isinstance(node, Scalar) and not node.value.strip()):
                    yield MALFORMED.at(place, say=say, value=value, advice=advice)
            case "minLength":
                yield MALFORMED.at(place, say="empty", advice=advice)
            case "maxLength":
                count = len(node.value) if isinstance(node, Scalar) else 0
                yield WRONG_SIZE.at(place, say="long", count=str(count), limit=str(limit))
            case "minimum" | "maximum":
                yield WRONG_SIZE.at(place, value=value, range=range_words(schema))
            case "minItems" | "minProperties":
                yield WRONG_SIZE.at(place, say="few", example=as_yaml(first_example(self._with_examples(schema))))
            case "maxItems" | "maxProperties":
                yield WRONG_SIZE.at(place, say="many", count=str(len(error.instance)), limit=str(limit))
            case "uniqueItems":
                yield from self._repeated(node)

    def _repeated(self, node: Node) -> Iterator[Diagnostic]:
        seen: set[str] = set()
        for item in getattr(node, "items", ()):
            if isinstance(item, Scalar):
                if item.value in seen:
                    yield WRONG_SIZE.at(item.span, say="twice", value=shown(item.value))
                seen.add(item.value)

    # --- places and examples

    def _node(self, path: Iterable[str | int]) -> Node:
        node: Node = self.document.root
        for step in path:
            if isinstance(node, YamlMapping) and isinstance(step, str):
                node = self._entries(node).get(step, node)
            elif isinstance(step, int):
                node = getattr(node, "items", ())[step]
        return node

    def _entries(self, node: YamlMapping) -> Mapping[str, Node]:
        """A mapping's values by key: one of thousands of keys is asked for hundreds of them."""
        if id(node) not in self.entries:
            self.entries[id(node)] = {entry.key.value: entry.value for entry in node.entries}
        return self.entries[id(node)]

    def _place(self, node: Node) -> Span:
        """A value's span; its key's where it is empty or runs over several lines."""
        if not isinstance(node, Scalar):
            return self._heading(node)
        quoted = self.text[node.span.start : node.span.end]
        if quoted and "\n" not in quoted:
            return node.span
        return self._key_of(node) or node.span

    def _heading(self, node: Node) -> Span:
        """Where to point for a whole collection: at its key, else at its first key or item."""
        key = self._key_of(node)
        if key is not None:
            return key
        first = node
        while not isinstance(first, Scalar):
            children = [entry.key for entry in first.entries] if isinstance(first, YamlMapping) else list(first.items)
            if not children:
                return first.span
            if not isinstance(children[0], Scalar | YamlMapping):  # a list in a list: its bracket or dash
                return Span(first.span.path, first.span.start, first.span.start + 1)
            first = children[0]
        return first.span

    def _key_of(self, wanted: Node) -> Span | None:
        """The key whose value a node is; None for the root and for items of lists."""
        if not self.keys:
            stack: list[Node] = [self.document.root]
            while stack:
                node = stack.pop()
                if isinstance(node, YamlMapping):
                    self.keys.update((id(entry.value), entry.key.span) for entry in node.entries)
                    stack.extend(entry.value for entry in node.entries)
                elif not isinstance(node, Scalar):
                    stack.extend(node.items)
        return self.keys.get(id(wanted))

    def _has_unknown(self, node: Node, schema: Schema) -> bool:
        return isinstance(node, YamlMapping) and any(
            entry.key.value not in self._known_keys(schema) for entry in node.entries
        )

    def _resolve(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            schema = self.root_schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def _with_examples(self, schema: Schema) -> Schema:
        return schema if "examples" in schema else self._resolve(schema)

    def _known_keys(self, schema: Schema) -> Mapping[str, Any]:
        properties: Mapping[str, Any] = schema.get("properties", {})
        return properties

    def _example_of(self, key: str, schema: Schema) -> str:
        """`key: example`, as it would stand in the file."""
        inner = schema.get("properties", {}).get(key, {})
        value = first_example(inner if "examples" in inner else self._resolve(inner))
        return f"{key}: {as_yaml(value)}"


def _is_sentence(key: str) -> bool:
    """Words of a text rather than a key: they begin with a capital, or have a blank or another script in them."""
    return bool(re.search(r"\s", key)) or not re.match(r"[a-z*_0-9]", key)


def _replace(title: str, span: Span, text: str) -> Fix:
    return Fix(title, (Edit(span, text),), Applicability.SAFE)
