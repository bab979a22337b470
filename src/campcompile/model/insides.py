"""What a block or a version holds: all its words, and the labels of all that they print and test."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.model.bound import Inline, Inlines, Target
from campcompile.model.campaign import Block, Items, Line, Prose, Rows, Version
from campcompile.model.labels import Label, join
from campcompile.model.words import conditions_of, lines_of, prints_of


def words_of(block: Block) -> Inlines:
    """All bound words of a block, one after another."""
    return tuple(_words(block))


def label_of(version: Version) -> Label:
    """The join of all that the words print and test, and of the records that blocks print by themselves."""
    labels = _labels((*version.subject, *version.preheader))
    for block in version.blocks:
        labels += _block_labels(block)
        if block.kind == "appointment":
            labels.append(version.scope.label_of(["appointment.start"]))
    return join(labels)


def _words(block: Block) -> Iterator[Inline]:
    for value in block.fields.values():
        match value:
            case Line(words):
                yield from words
            case Prose(text):
                for line in lines_of(text):
                    yield from line
            case Items(items):
                for item in items:
                    yield from item.words
            case Rows(rows):
                for row in rows:
                    yield from (*row.label, *row.value)
            case _:
                pass


def _labels(words: Inlines) -> list[Label]:
    return [printed.label for printed in prints_of(words)] + [test.label for test in conditions_of(words)]


def _block_labels(block: Block) -> list[Label]:
    labels = _labels(words_of(block))
    if block.condition is not None:
        labels.append(block.condition.label)
    for value in block.fields.values():
        if isinstance(value, Items):
            labels += [item.condition.label for item in value.items if item.condition is not None]
        if isinstance(value, Target) and value.print is not None:
            labels.append(value.print.label)
    return labels
