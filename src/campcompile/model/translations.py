"""A translation file matched with its campaign: the same e-mails, blocks and lines, other words."""

from __future__ import annotations

from collections.abc import Mapping

from campcompile.model.blocks import SourceBlock, Words, read_words, source_words
from campcompile.model.findings import LOCALE_COMPLETENESS
from campcompile.model.read import Reader, reader
from campcompile.syntax.findings import Edit, Findings, Fix
from campcompile.syntax.renaming import renaming
from campcompile.syntax.schema import block_specs
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Node, Scalar, Sequence
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class EmailWords:
    """All the words of one e-mail in one locale, as nodes; a block that has no words here is absent."""

    subject: Scalar | None
    preheader: Scalar | None
    blocks: Mapping[int, Words]  # by the block's index in the source
    variants: Reader  # variant id → subject, preheader, blocks
    span: Span


def words_of_source(row: Reader, blocks: tuple[SourceBlock, ...], variants: Reader) -> EmailWords:
    """The words of the first locale: those of campaign.yaml itself."""
    return EmailWords(
        subject=row.scalar("subject"),
        preheader=row.scalar("preheader"),
        blocks={index: source_words(block) for index, block in enumerate(blocks)},
        variants=variants,
        span=row.span("id"),
    )


def words_of_translation(
    email: str, row: Reader, blocks: tuple[SourceBlock, ...], locale: str, digest: str, findings: Findings
) -> EmailWords:
    """The words of one e-mail in a translation file, matched in order and kind with the source's blocks."""
    for part in ("subject", "preheader"):
        if part not in row:
            findings.add(LOCALE_COMPLETENESS.at(row.start, say="part", email=email, part=part, locale=locale))
    written = row.scalar("of")
    if written is not None and written.value != digest:
        fix = Fix("write the digest of today's words", (Edit(written.span, f'"{digest}"'),))  # who has read it, may
        findings.add(
            LOCALE_COMPLETENESS.at(
                written.span,
                say="stale",
                digest=digest,
                folder=written.span.path.split("/")[1],
                locale=locale,
                email=email,
                fixes=(fix,),
            )
        )
    return EmailWords(
        subject=row.scalar("subject"),
        preheader=row.scalar("preheader"),
        blocks=_match(email, row, blocks, locale, findings),
        variants=row.mapping("variants"),
        span=row.start,
    )


def check_emails(file: Reader, ids: tuple[str, ...], findings: Findings) -> None:
    """Every e-mail of the file is one of the campaign's."""
    for key, _ in file.rows():
        if key.value not in ids:
            near = nearest(key.value, ids)
            advice = f"did you mean `{near}`?" if near else f"the e-mails are {', '.join(ids)}"
            findings.add(
                LOCALE_COMPLETENESS.at(
                    key.span,
                    say="unknown-email",
                    email=key.value,
                    advice=advice,
                    fixes=renaming(key.span, key.value, near),
                )
            )


def _match(
    email: str, row: Reader, blocks: tuple[SourceBlock, ...], locale: str, findings: Findings
) -> dict[int, Words]:
    worded = [index for index, block in enumerate(blocks) if block.has_words]
    kinds = ", ".join(blocks[index].kind for index in worded)
    if "body" not in row:
        if worded:
            findings.add(LOCALE_COMPLETENESS.at(row.start, say="part", email=email, part="body", locale=locale))
        return {}
    specs = block_specs()
    entries = [(node, read_words(node, specs)) for node in _entries(row.get("body"))]
    entries = [(node, entry) for node, entry in entries if entry is None or specs[entry[0]].has_words]
    matched: dict[int, Words] = {}
    for index, (node, entry) in zip(worded, entries, strict=False):
        if entry is None:
            continue
        kind, words = entry
        wanted = blocks[index].kind
        if kind != wanted:
            findings.add(LOCALE_COMPLETENESS.at(words.span, say="block-kind", wanted=wanted, seen=kind))
            return matched  # what follows is shifted: one finding is enough
        matched[index] = words
        _check_words(email, blocks[index], words, node, locale, findings)
    if len(entries) != len(worded):
        span = entries[len(worded)][0].span if len(entries) > len(worded) else row.key_span("body")
        findings.add(
            LOCALE_COMPLETENESS.at(
                span, say="block-count", wanted=str(len(worded)), seen=str(len(entries)), kinds=kinds or "none"
            )
        )
    return matched


def _entries(node: Node | None) -> tuple[Node, ...]:
    if isinstance(node, Sequence):
        return node.items
    return () if node is None else (node,)


def _check_words(email: str, block: SourceBlock, words: Words, node: Node, locale: str, findings: Findings) -> None:
    for name in block.words:
        if name not in words.fields:
            part = f"{block.kind}.{name}"
            findings.add(LOCALE_COMPLETENESS.at(words.span, say="part", email=email, part=part, locale=locale))


def text_body(node: Node | None) -> Reader:
    """A body that is a text alone stands for one text block; its row reads as empty."""
    return reader(node)
