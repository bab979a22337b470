"""Preparing a translation file: the source words of what isn't in it yet, and digests of what has been read."""

from __future__ import annotations

import json
from collections.abc import Iterator

from campcompile.model.blocks import SourceBlock, read_body, words_digest
from campcompile.model.read import Reader, reader
from campcompile.regex import regex
from campcompile.syntax.findings import Edit
from campcompile.syntax.source import Span
from campcompile.syntax.tree import Document
from campcompile.values import dataclass

_HEAD = """\
# yaml-language-server: $schema=../../schemas/translation.schema.json
# The words of campaign.yaml, to be translated one by one: `campcompile lint` points at each that is still the same.
"""
_PLAIN = regex(r"[^\W\d_][\w ,.’–-]*[\w.’–-]")  # words that YAML reads as a text without quotes
_NO_TEXTS = frozenset(("true", "false", "null", "yes", "no", "on", "off"))
_BLOCK_TEXT = regex(r"\S[^\r\t\0\x85\u2028\u2029]*\S")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What `campcompile translate` would do to one file."""

    known: tuple[str, ...]  # ids of the campaign's e-mails
    text: str  # the whole of a new file; "" where the file is there
    edits: tuple[Edit, ...]  # of the file that is there
    added: tuple[str, ...]  # ids of e-mails whose source words are put in
    renewed: tuple[str, ...]  # ids whose `of:` is written or brought up to date
    stale: tuple[str, ...]  # ids whose source changed since, and that nobody has read again


def prepare(campaign: Document, translation: Document | None, read: frozenset[str]) -> Prepared:
    """What brings a translation file up to date with campaign.yaml.

    An e-mail that it lacks is added in the source words, each to be translated; an `of:` that it lacks is written;
    an `of:` that is another is renewed for the e-mails of `read` alone, which somebody has read again.
    """
    ours = reader(None if translation is None else translation.root)
    new, edits = [], []
    known, added, renewed, stale = [], [], [], []
    for row in _rows(campaign):
        id = row.text("id")
        if not id:
            continue
        known.append(id)
        blocks = read_body(row.get("body"))
        variants = row.mapping("experiment").mapping("variants")
        digest = words_digest(row.text("subject"), row.text("preheader"), blocks, variants.node)
        if id not in ours:
            new.append("\n".join(_email(id, digest, row, blocks, variants)) + "\n")
            added.append(id)
            continue
        theirs = ours.mapping(id)
        written = theirs.scalar("of")
        if written is None and theirs.node.entries:
            edits.append(_insertion(theirs, digest))
            renewed.append(id)
        elif written is not None and written.value != digest and id in read:
            edits.append(Edit(written.span, f'"{digest}"'))
            renewed.append(id)
        elif written is not None and written.value != digest:
            stale.append(id)
    text = ""
    if translation is None:
        text = _HEAD + "\n".join(new)
    elif new:
        edits.append(_appended(translation, "\n".join(new)))
    return Prepared(
        known=tuple(known),
        text=text,
        edits=tuple(edits),
        added=tuple(added),
        renewed=tuple(renewed),
        stale=tuple(stale),
    )


def _rows(campaign: Document) -> Iterator[Reader]:
    return (reader(node) for node in reader(campaign.root).items("emails"))


def _insertion(theirs: Reader, digest: str) -> Edit:
    """`of:` before the first key of an e-mail that has none, in its style."""
    first = theirs.node.entries[0].key
    before = first.source.text[: first.span.start]
    indent = before[before.rfind("\n") + 1 :]
    between = ", " if indent.strip() else "\n" + indent  # a mapping in braces stands on one line
    return Edit(Span(first.span.path, first.span.start, first.span.start), f'of: "{digest}"{between}')


def _appended(translation: Document, text: str) -> Edit:
    source = translation.source
    end = len(source.text)
    before = "\n" if source.text.endswith("\n") or not source.text else "\n\n"
    return Edit(Span(source.path, end, end), before + text)


def _email(id: str, digest: str, row: Reader, blocks: tuple[SourceBlock, ...], variants: Reader) -> Iterator[str]:
    yield f"{id}:"
    yield f'  of: "{digest}"'
    for part in ("subject", "preheader"):
        if part in row:
            yield from _entry("  ", part, row.text(part))
    worded = [block for block in blocks if block.has_words]
    if worded:
        yield "  body:"
        for block in worded:
            yield from _block(block)
    words = {key.value: _variant(reader(value)) for key, value in variants.rows()}
    words = {variant: parts for variant, parts in words.items() if parts}
    if words:
        yield from _entry("  ", "variants", words)


def _block(block: SourceBlock) -> Iterator[str]:
    words = {name: _without_conditions(node.data()) for name, node in block.words.items()}
    if not words:
        yield f"    - {block.kind}"
    elif words.keys() == {block.spec.shorthand}:
        yield from _entry("    - ", block.kind, words[block.spec.shorthand])
    else:
        yield from _entry("    - ", block.kind, words)


def _variant(row: Reader) -> dict[str, object]:
    """The words of one variant."""
    found = {name: node.data() for name in ("subject", "preheader", "blocks") if (node := row.get(name)) is not None}
    return {name: words for name, words in found.items() if words}


def _without_conditions(words: object) -> object:
    """Lines of a list as their words alone: conditions are said once, in campaign.yaml."""
    if isinstance(words, list):
        return [line["text"] if isinstance(line, dict) and "if" in line and "text" in line else line for line in words]
    return words


def _entry(lead: str, key: str, value: object) -> Iterator[str]:
    """`key: value` behind `lead`, in as many lines as it needs."""
    inside = " " * len(lead)
    if isinstance(value, dict) and value:
        yield f"{lead}{key}:"
        for name, part in value.items():
            yield from _entry(inside + "  ", name, part)
    elif isinstance(value, list) and value:
        yield f"{lead}{key}:"
        for part in value:
            yield from _item(inside + "  - ", part)
    else:
        yield from _scalar(f"{lead}{key}:", inside + "  ", value)


def _item(lead: str, value: object) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for number, (name, part) in enumerate(value.items()):
            yield from _entry(" " * len(lead) if number else lead, name, part)
    else:
        yield from _scalar(lead.rstrip(), " " * len(lead), value)


def _scalar(lead: str, inside: str, value: object) -> Iterator[str]:
    """A text behind `lead`: plain, in quotes, or as a block of lines."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    lines = text.removesuffix("\n")
    if "\n" in lines and text.endswith("\n") and _BLOCK_TEXT.fullmatch(lines):
        yield f"{lead} |"
        yield from (f"{inside}{line}" if line else "" for line in lines.split("\n"))
    elif _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXTS:
        yield f"{lead} {text}"
    else:
        yield f"{lead} {json.dumps(text, ensure_ascii=False)}"
