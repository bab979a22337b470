"""The blocks of a body: read once from campaign.yaml, then bound with the words of each locale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from campcompile.model.bound import Condition, Inlines, Print
from campcompile.model.campaign import (
    Asset,
    Block,
    Choices,
    FieldValue,
    Fixed,
    Item,
    Items,
    Line,
    Prose,
    Row,
    Rows,
)
from campcompile.model.findings import (
    LOCALE_COMPLETENESS,
    TELLING_CALENDAR,
    UNBOUND_RECORD,
    UNDEFINED_FIELD,
    UNKNOWN_NAME,
)
from campcompile.model.labels import Label
from campcompile.model.read import EMPTY, Reader, reader
from campcompile.model.scope import Scope
from campcompile.model.sending import read_date
from campcompile.model.shared import Phrase
from campcompile.model.words import bind_inlines, bind_rich, bind_target, uses_of
from campcompile.syntax.condition import parse_condition
from campcompile.syntax.findings import Diagnostic, Findings
from campcompile.syntax.markdown import parse_prose
from campcompile.syntax.renaming import renaming
from campcompile.syntax.schema import BlockSpec, block_specs
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest, nearest_file
from campcompile.syntax.template import parse_line
from campcompile.syntax.tree import Kind, Node, Scalar, Sequence
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.values import dataclass

_NEEDS_RECORD = {"appointment": "appointment"}


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A block as campaign.yaml has it: `words` and `fixed` are the nodes of its fields."""

    spec: BlockSpec
    words: Mapping[str, Node]
    fixed: Mapping[str, Node]
    condition: Scalar | None
    id: str
    span: Span

    @property
    def kind(self) -> str:
        return self.spec.name

    @property
    def has_words(self) -> bool:
        return self.spec.has_words


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one block in one locale: nodes by field, and where the block stands in that file."""

    fields: Mapping[str, Node]
    span: Span


@dataclass(frozen=True, slots=True)
class Parts:
    """What blocks refer to."""

    phrases: Mapping[str, Phrase]
    assets: Mapping[str, Asset | None]  # by path below assets/; None: there, but refused


def read_body(node: Node | None) -> tuple[SourceBlock, ...]:
    """The blocks of a body; a text for one text block. What the schema refused is left out."""
    if isinstance(node, Scalar):
        spec = block_specs()["text"]
        return (SourceBlock(spec, {spec.shorthand: node}, {}, None, "", node.span),)
    items = node.items if isinstance(node, Sequence) else ()
    return tuple(block for item in items if (block := _read_block(item)) is not None)


def read_words(node: Node, kinds: Mapping[str, BlockSpec]) -> tuple[str, Words] | None:
    """A block of a translation file: its kind and its words; None for what is none."""
    if isinstance(node, Scalar):
        return (node.value, Words({}, node.span)) if node.value in kinds else None
    if not isinstance(node, YamlMapping) or not node.entries:
        return None
    entry = next((entry for entry in node.entries if entry.key.value in kinds), node.entries[0])
    spec = kinds.get(entry.key.value)
    if spec is None:
        return None
    return spec.name, Words(_fields(spec, entry.value), entry.key.span)


def source_words(block: SourceBlock) -> Words:
    return Words(block.words, block.span)


def words_digest(subject: str, preheader: str, blocks: tuple[SourceBlock, ...], variants: Node | None) -> str:
    """Eight hex digits over the source words of an e-mail: what a translation's `of:` states.

    Structure and timing don't count; the words, their order and their blocks' kinds do.
    """
    words = [
        subject.strip(),
        preheader.strip(),
        [[block.kind, {name: node.data() for name, node in sorted(block.words.items())}] for block in blocks],
        _variant_words(variants),
    ]
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def bind_block(block: SourceBlock, words: Words, scope: Scope, parts: Parts, findings: Findings) -> Block | None:
    """The block with one locale's words; None where this version can't compile it (a finding says so)."""
    condition = bind_if(block.condition, scope, findings)
    inside = scope if condition is None else scope.within(condition.implies_set)
    if block.kind == "phrase":
        return _bind_phrase(block, condition, inside, parts, findings)
    record = _NEEDS_RECORD.get(block.kind, "")
    if record and not scope.has_record(record):
        advice = f"anchor the campaign on a field of `{record}`, such as `{record}.start`"
        findings.add(UNBOUND_RECORD.at(block.span, record=record, name=block.kind, advice=advice))
        return None
    if block.kind == "event" and scope.event is None:
        advice = "add `event: {start: …, end: …, place: …}` to the campaign"
        findings.add(UNBOUND_RECORD.at(block.span, record="event", name=block.kind, advice=advice))
        return None
    fields: dict[str, FieldValue] = {}
    spans: dict[str, Span] = {}
    for name, node in {**block.fixed, **words.fields}.items():
        value = _bind_field(block, name, node, inside, parts, findings)
        if value is not None:
            fields[name], spans[name] = value, node.span
    if any(field.type == "asset" and name not in fields for name, field in block.spec.fields.items()):
        return None  # a picture that isn't there has its finding, and so have the words beside it
    for field in block.spec.fields.values():
        if field.default and field.name not in fields:
            fields[field.name] = Choices(field.default)
    if block.kind == "event":
        findings.extend(_check_event(fields, spans, scope))
    return Block(kind=block.kind, fields=fields, spans=spans, condition=condition, span=block.span)


def _check_event(fields: Mapping[str, FieldValue], spans: Mapping[str, Span], scope: Scope) -> Iterator[Diagnostic]:
    """The title goes into a calendar file, which holds no recipient's data; a button must lead somewhere."""
    title = fields.get("title")
    for use in uses_of(title.words) if isinstance(title, Line) else ():
        if use.label > Label.PUBLIC:
            name = use.field if isinstance(use, Print) else ", ".join(sorted(use.reads))
            yield TELLING_CALENDAR.at(use.span, name=name, level=use.label.word)
    if "button" in fields and scope.event is not None and not scope.event.link:
        yield UNDEFINED_FIELD.at(spans["button"], say="no-event", name="event.link", key="link")


def bind_if(scalar: Scalar | None, scope: Scope, findings: Findings) -> Condition | None:
    """The `if` of a block, item or e-mail."""
    if scalar is None:
        return None
    expression = findings.take(parse_condition(scalar.text))
    return None if expression is None else findings.take(scope.condition(expression, scalar.value))


def bind_line(scalar: Scalar, scope: Scope, findings: Findings) -> Inlines:
    """Words on one line."""
    return bind_inlines(findings.take(parse_line(scalar.text)), scope, findings)


def _read_block(node: Node) -> SourceBlock | None:
    specs = block_specs()
    if isinstance(node, Scalar):
        spec = specs.get(node.value)
        return None if spec is None else SourceBlock(spec, {}, {}, None, "", node.span)
    if not isinstance(node, YamlMapping):
        return None
    row = reader(node)
    entry = next((entry for entry in node.entries if entry.key.value in specs), None)
    if entry is None:
        return None
    spec = specs[entry.key.value]
    fields = _fields(spec, entry.value)
    return SourceBlock(
        spec=spec,
        words={name: value for name, value in fields.items() if spec.fields[name].role == "words"},
        fixed={name: value for name, value in fields.items() if spec.fields[name].role != "words"},
        condition=row.scalar("if"),
        id=row.text("id"),
        span=entry.key.span,
    )


def _fields(spec: BlockSpec, node: Node) -> dict[str, Node]:
    if isinstance(node, YamlMapping):
        return {entry.key.value: entry.value for entry in node.entries if entry.key.value in spec.fields}
    return {spec.shorthand: node} if spec.shorthand else {}


def _variant_words(node: Node | None) -> object:
    """The words of an experiment's variants, without their timing."""
    row = reader(node)
    words: dict[str, object] = {}
    for key, value in row.rows():
        variant = reader(value)
        words[key.value] = {
            name: part.data() for name in ("subject", "preheader", "blocks") if (part := variant.get(name)) is not None
        }
    return words


def _bind_phrase(
    block: SourceBlock, condition: Condition | None, scope: Scope, parts: Parts, findings: Findings
) -> Block | None:
    name = next((node for node in block.fixed.values() if isinstance(node, Scalar)), None)
    if name is None:
        return None
    phrase = parts.phrases.get(name.value)
    if phrase is None:
        near = nearest(name.value, parts.phrases)
        advice = f"did you mean `{near}`?" if near else "phrases are declared in campaigns/_shared/phrases.yaml"
        findings.add(
            UNKNOWN_NAME.at(
                name.span, kind="phrase", name=name.value, advice=advice, fixes=renaming(name.span, name.value, near)
            )
        )
        return None
    words = phrase.words.get(scope.locale)
    if words is None:
        return None  # the phrase itself has a finding
    uses = Findings()
    text = bind_rich(words, scope, uses)
    for found in uses:
        # A phrase's own mistakes are found once, at the phrase; here only what this use lacks.
        if found.rule.code in ("REF003", "FLD002"):
            findings.add(found)
    return Block(
        kind="text",
        fields={"text": Prose(text)},
        spans={"text": phrase.spans[scope.locale]},
        condition=condition,
        span=block.span,
        phrase=name.value,
    )


def _bind_field(
    block: SourceBlock, name: str, node: Node, scope: Scope, parts: Parts, findings: Findings
) -> FieldValue | None:
    kind = block.spec.fields[name].type
    if kind == "items" and isinstance(node, Sequence):
        return _bind_items(block, node, scope, findings)
    if kind == "rows" and isinstance(node, Sequence):
        return Rows(tuple(_bind_row(reader(item), scope, findings) for item in node.items))
    if kind == "choices":
        scalars = node.items if isinstance(node, Sequence) else (node,)
        return Choices(tuple(item.value for item in scalars if isinstance(item, Scalar)))
    if not isinstance(node, Scalar) or node.kind is Kind.NULL:
        return None
    match kind:
        case "prose":
            return Prose(bind_rich(findings.take(parse_prose(node.text)), scope, findings))
        case "line":
            return Line(bind_line(node, scope, findings))
        case "target":
            return bind_target(node.value, node.span, scope, findings)
        case "asset":
            return _asset(node, parts, findings)
        case "date":
            return Fixed(read_date(node, findings))
        case _:
            return Fixed(node.value)


def _bind_items(block: SourceBlock, node: Sequence, scope: Scope, findings: Findings) -> Items:
    """Lines of a checklist; their conditions stand in campaign.yaml alone."""
    source = block.words.get("items")
    originals = source.items if isinstance(source, Sequence) else node.items
    if len(originals) != len(node.items):
        findings.add(
            LOCALE_COMPLETENESS.at(node.span, say="item-count", wanted=str(len(originals)), seen=str(len(node.items)))
        )
    items = []
    for original, item in zip(originals, node.items, strict=False):
        condition = bind_if(reader(original).scalar("if"), scope, findings)
        inside = scope if condition is None else scope.within(condition.implies_set)
        text = item if isinstance(item, Scalar) else reader(item).scalar("text")
        if text is not None:
            items.append(Item(bind_line(text, inside, findings), condition, text.span))
    return Items(tuple(items))


def _bind_row(row: Reader, scope: Scope, findings: Findings) -> Row:
    label, value = row.scalar("label"), row.scalar("value")
    return Row(
        label=() if label is None else bind_line(label, scope, findings),
        value=() if value is None else bind_line(value, scope, findings),
        span=row.start,
    )


def _asset(node: Scalar, parts: Parts, findings: Findings) -> Asset | None:
    name = node.value
    if name in parts.assets:
        return parts.assets[name]
    if "\0" in name:
        return None  # the character has a finding
    near = nearest_file(name, parts.assets)
    if name.startswith(("http://", "https://", "//")):
        advice = "pictures from afar tell their host who reads: put the file into assets/ and write its name"
    elif name.startswith((".", "/", "~")) or any(sign in name for sign in ("://", "\\", "..", "$")):
        advice = "write the file's name alone; pictures lie in assets/"
    elif near:
        advice = f"did you mean `{near}`?" + (" capitals count" if near.lower() == name.lower() else "")
    elif "/" in name:
        advice = "write the file's name as seen from assets/"
    else:
        advice = "put the file into assets/ (PNG, JPEG or GIF)"
    shown = "".join(sign if sign.isprintable() else "?" for sign in name[:80])
    findings.add(UNKNOWN_NAME.at(node.span, kind="picture", name=shown, advice=advice))
    return None


__all__ = ["EMPTY", "Parts", "SourceBlock", "Words", "bind_block", "bind_if", "bind_line", "read_body", "read_words"]
