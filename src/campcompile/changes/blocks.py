"""The blocks of one version, before and after: which are new, gone, moved, and which words of the others changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from campcompile.changes.account import Change, Kind
from campcompile.changes.comparing import words
from campcompile.changes.words import likeness
from campcompile.changes.written import condition_text, line_text, prose_lines, target_text
from campcompile.model.bound import Condition, Target
from campcompile.model.campaign import Asset, Block, Choices, FieldValue, Fixed, Items, Line, Prose, Rows
from campcompile.syntax.source import Span
from campcompile.values import dataclass

_ALIKE = 0.4  # from here on two texts are one that was reworded


@dataclass(frozen=True, slots=True)
class Written:
    """A block in the author's form: its fields, and its `if`."""

    kind: str  # "text", "button"; "phrase greeting"
    fields: Mapping[str, str]
    condition: str
    span: Span

    @property
    def text(self) -> str:
        return "\n".join(filter(None, self.fields.values()))

    @property
    def key(self) -> tuple[object, ...]:
        return (self.kind, *sorted(self.fields.items()), self.condition)


def written(block: Block) -> Written:
    kind = f"phrase {block.phrase}" if block.phrase else block.kind
    fields = {name: field_text(value) for name, value in block.fields.items()}
    return Written(kind, fields, _condition(block.condition), block.span)


def field_text(value: FieldValue) -> str:
    """A field as one would write it, without its quotes."""
    match value:
        case Line(inlines):
            return line_text(inlines)
        case Prose(text):
            return "\n".join(prose_lines(text))
        case Items(items):
            return "\n".join(f"- {line_text(item.words)}{_if(item.condition)}" for item in items)
        case Rows(rows):
            return "\n".join(f"- {line_text(row.label)}: {line_text(row.value)}" for row in rows)
        case Target():
            return target_text(value)
        case Asset():
            return f"{value.path} ({value.width} × {value.height} px, {value.name[:8]})"
        case Choices(names):
            return ", ".join(names)
        case Fixed(text):
            return text


def block_changes(before: tuple[Block, ...], after: tuple[Block, ...], where: str) -> Iterator[Change]:
    """What became of a body; blocks that stayed are said nothing of."""
    old, new = [written(block) for block in before], [written(block) for block in after]
    gone, come = _unmatched(old, new)
    moved = {one.key for one in gone} & {one.key for one in come}
    for one in come:
        if one.key in moved:
            yield Change(
                kind=Kind.CONTENT, topic="order", where=where, before="", after=_short(one), span=one.span
            )  # fmt: skip
    gone = [one for one in gone if one.key not in moved]
    come = [one for one in come if one.key not in moved]
    for was, now in _pairs(gone, come):
        yield from _changed(was, now, where)


def _unmatched(old: list[Written], new: list[Written]) -> tuple[list[Written], list[Written]]:
    gone: list[Written] = []
    come: list[Written] = []
    matcher = SequenceMatcher(None, [one.key for one in old], [one.key for one in new], autojunk=False)
    for verb, low, high, start, end in matcher.get_opcodes():
        if verb != "equal":
            gone += old[low:high]
            come += new[start:end]
    return gone, come


def _pairs(gone: list[Written], come: list[Written]) -> Iterator[tuple[Written | None, Written | None]]:
    """Which of the old blocks became which of the new: the likest of the same kind; the rest stand alone."""
    left = list(gone)
    for now in come:
        alike = [one for one in left if one.kind == now.kind]
        best = max(alike, key=lambda one: likeness(one.text, now.text), default=None)
        if best is not None and (len(alike) == 1 == _count(come, now.kind) or likeness(best.text, now.text) >= _ALIKE):
            left.remove(best)
            yield best, now
        else:
            yield None, now
    yield from ((one, None) for one in left)


def _count(blocks: list[Written], kind: str) -> int:
    return sum(block.kind == kind for block in blocks)


def _changed(was: Written | None, now: Written | None, where: str) -> Iterator[Change]:
    if was is None or now is None:
        there = now or was
        assert there is not None
        span = now.span if now is not None else None
        topic = f"block {there.kind}"
        yield from words(topic, "" if was is None else _short(was), "" if now is None else _short(now), span, where)
        return
    for name in dict.fromkeys((*was.fields, *now.fields)):
        topic = was.kind if name in ("text", "words") else f"{was.kind}, {name}"
        yield from words(topic, was.fields.get(name, ""), now.fields.get(name, ""), now.span, where)
    yield from words(f"{was.kind}, if", was.condition, now.condition, now.span, where)


def _short(block: Written) -> str:
    """All that a block says; its kind, where it says nothing."""
    lines = [text for text in block.fields.values() if text] + [f"if {block.condition}"] * bool(block.condition)
    return "\n".join(lines) or block.kind


def _condition(condition: Condition | None) -> str:
    return "" if condition is None else condition_text(condition.formula)


def _if(condition: Condition | None) -> str:
    return "" if condition is None else f" (if {_condition(condition)})"
