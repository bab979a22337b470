"""Experiments, read: a variant changes one thing."""

from __future__ import annotations

from dataclasses import replace

from campcompile.model.blocks import SourceBlock, Words
from campcompile.model.campaign import Experiment
from campcompile.model.findings import MUDDLED_EXPERIMENT
from campcompile.model.read import EMPTY, Reader, reader
from campcompile.model.sending import Anchor, read_send
from campcompile.model.timing import Send
from campcompile.model.translations import EmailWords
from campcompile.syntax.findings import Findings
from campcompile.syntax.renaming import renaming
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Scalar


def read_experiment(
    row: Reader, blocks: tuple[SourceBlock, ...], anchor: Anchor, *, has_holidays: bool, findings: Findings
) -> Experiment | None:
    """The `experiment` of an e-mail's row, if it has one."""
    if "experiment" not in row:
        return None
    written = row.mapping("experiment")
    sends: dict[str, Send] = {}
    variants = []
    ids = [block.id for block in blocks if block.id]
    for key, node in written.mapping("variants").rows():
        variant = reader(node)
        _check_one_change(key, variant, findings)
        _check_blocks(variant.mapping("blocks"), ids, findings)
        if "send" in variant:
            changed = _changed(row.mapping("send"), variant.mapping("send"))
            sends[key.value] = read_send(changed, anchor, has_holidays=has_holidays, findings=findings)
        variants.append(key.value)
    return Experiment(
        metric=written.text("metric"),
        detect=written.text("detect"),
        people=written.whole_number("people"),
        baseline=written.text("baseline"),
        sends=sends,
        variants=tuple(variants),
        span=row.key_span("experiment"),
    )


def words_of_variant(own: Reader, words: EmailWords, blocks: tuple[SourceBlock, ...]) -> EmailWords:
    """The e-mail's words in one locale, with those that the variant changes."""
    changed = dict(words.blocks)
    changes = own.mapping("blocks")
    for index, block in enumerate(blocks):
        scalar = changes.scalar(block.id) if block.id else None
        if scalar is not None and index in changed and block.spec.shorthand:
            changed[index] = Words({**changed[index].fields, block.spec.shorthand: scalar}, scalar.span)
    return EmailWords(
        subject=own.scalar("subject") or words.subject,
        preheader=own.scalar("preheader") or words.preheader,
        blocks=changed,
        variants=Reader(EMPTY),
        span=words.span,
    )


def _check_one_change(key: Scalar, variant: Reader, findings: Findings) -> None:
    changes = [name for name in ("subject", "send", "blocks") if name in variant]
    if "preheader" in variant and "subject" not in variant:
        changes.append("preheader")
    if len(changes) != 1:
        problem = "a variant changes one thing" + ("" if changes else ", and this one changes nothing")
        advice = "change the subject with its preheader, or `send`, or words of blocks"
        findings.add(MUDDLED_EXPERIMENT.at(key.span, problem=problem, advice=advice))


def _check_blocks(changes: Reader, ids: list[str], findings: Findings) -> None:
    for key, _ in changes.rows():
        if key.value not in ids:
            near = nearest(key.value, ids)
            advice = f"did you mean `{near}`?" if near else f"give the block an id: `id: {key.value}`"
            problem = f"no block here has the id `{key.value}`"
            findings.add(
                MUDDLED_EXPERIMENT.at(
                    key.span, problem=problem, advice=advice, fixes=renaming(key.span, key.value, near)
                )
            )


def _changed(base: Reader, variant: Reader) -> Reader:
    """The e-mail's own timing, with what the variant changes."""
    kept = tuple(entry for entry in base.node.entries if entry.key.value not in variant)
    return Reader(replace(base.node, entries=(*variant.node.entries, *kept)))
