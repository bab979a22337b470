"""An e-mail bound: its timing, its condition, and its words in every locale and variant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from campcompile.model.anchors import ENTRY, Rows
from campcompile.model.blocks import Parts, Words, bind_block, bind_if, bind_line, read_body, words_digest
from campcompile.model.bound import Condition
from campcompile.model.campaign import Block, Email, Experiment, Review, Version
from campcompile.model.experiments import read_experiment, words_of_variant
from campcompile.model.findings import LOCALE_COMPLETENESS, UNKNOWN_NAME
from campcompile.model.insides import label_of, words_of
from campcompile.model.labels import join
from campcompile.model.notice import bind_notice
from campcompile.model.read import Reader, reader
from campcompile.model.scope import Scope
from campcompile.model.sending import Anchor, read_send
from campcompile.model.timing import Send, parse_date
from campcompile.model.translations import EmailWords, words_of_source, words_of_translation
from campcompile.model.words import prints_of
from campcompile.syntax.findings import Checked, Findings, Severity
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the e-mails of one campaign share."""

    rows: Rows
    parts: Parts
    anchor: Anchor
    audience: Condition
    to_portal: bool
    locales: tuple[str, ...]  # the first is campaign.yaml's own
    translations: Mapping[str, Document]


def bind_email(row: Reader, around: Surroundings) -> Checked[Email]:
    """One row of `emails`."""
    return _Binder(row, around).email()


class _Binder:
    def __init__(self, row: Reader, around: Surroundings) -> None:
        self.row = row
        self.id = row.text("id")
        self.around = around
        self.findings = Findings()
        self.blocks = read_body(row.get("body"))
        self.variants = row.mapping("experiment").mapping("variants")

    def email(self) -> Checked[Email]:
        row, around, findings = self.row, self.around, self.findings
        timing = row.mapping("send")
        written = timing.scalar("anchor")
        anchor = around.anchor if written is None else around.rows.anchor(written, findings)
        has_holidays = bool(around.rows.names.settings.practice.value("holidays"))
        send = read_send(timing, anchor, has_holidays=has_holidays, findings=findings)
        if send.dates:
            anchor = ENTRY
        scope = around.rows.scope(anchor, around.rows.zone(send.zone))
        scope = scope.within(around.rows.still_implied(around.audience, around.anchor, anchor))
        condition = bind_if(row.scalar("if"), scope, findings)
        inside = scope if condition is None else scope.within(condition.implies_set)
        experiment = read_experiment(row, self.blocks, anchor, has_holidays=has_holidays, findings=findings)
        self._check_dates(send)
        versions = self._versions(inside, experiment)
        labels = [around.audience.label, scope.label_of([anchor.name]), scope.site_label, *map(label_of, versions)]
        if condition is not None:
            labels.append(condition.label)
        return findings.done(
            Email(
                id=self.id,
                send=send,
                condition=condition,
                versions=versions,
                label=join(labels),
                span=row.span("id"),
                was=row.text("was"),
                reviewed=_review(row),
                generated=row.yes("generated"),
                experiment=experiment,
            )
        )

    def _check_dates(self, send: Send) -> None:
        """A date for each locale, and none for another."""
        for key, _ in self.row.mapping("send").mapping("date").rows():
            if key.value not in self.around.locales:
                near = nearest(key.value, self.around.locales)
                advice = f"did you mean `{near}`?" if near else f"the locales are {', '.join(self.around.locales)}"
                self.findings.add(
                    UNKNOWN_NAME.at(
                        key.span,
                        kind="locale",
                        name=key.value,
                        advice=advice,
                        fixes=renaming(key.span, key.value, near),
                    )
                )
        for locale in self.around.locales:
            if send.dates and "" not in send.dates and locale not in send.dates:
                span = self.row.mapping("send").span("date")
                self.findings.add(LOCALE_COMPLETENESS.at(span, say="date", email=self.id, locale=locale))

    def _versions(self, scope: Scope, experiment: Experiment | None) -> tuple[Version, ...]:
        versions: list[Version] = []
        for locale in self.around.locales:
            words = self._words(locale)
            if words is None:
                continue
            version = self._version("a", words, replace(scope, locale=locale), self.findings)
            if versions:
                self._compare_fields(versions[0], version)
            versions.append(version)
            if experiment is not None:
                versions.extend(self._variants(version, words, experiment))
        return tuple(versions)

    def _words(self, locale: str) -> EmailWords | None:
        """None where the locale has no words for this e-mail (a finding says so)."""
        row = self.row
        if locale == self.around.locales[0]:
            return words_of_source(row, self.blocks, self.variants)
        document = self.around.translations.get(locale)
        if document is None:
            return None
        file = reader(document.root)
        if self.id not in file:
            path = document.source.path
            self.findings.add(LOCALE_COMPLETENESS.at(file.start, say="email", email=self.id, locale=locale, file=path))
            return None
        digest = words_digest(row.text("subject"), row.text("preheader"), self.blocks, self.variants.node)
        return words_of_translation(self.id, file.mapping(self.id), self.blocks, locale, digest, self.findings)

    def _version(self, variant: str, words: EmailWords, scope: Scope, findings: Findings) -> Version:
        blocks = []
        for index, block in enumerate(self.blocks):
            if block.has_words and index not in words.blocks:
                continue  # the translation lacks it: a finding says so
            own = words.blocks.get(index, Words({}, words.span))
            bound = bind_block(block, own, scope, self.around.parts, findings)
            if bound is not None:
                blocks.append(bound)
        subject, preheader = words.subject, words.preheader
        return Version(
            email=self.id,
            locale=scope.locale,
            variant=variant,
            subject=() if subject is None else bind_line(subject, scope, findings),
            subject_span=words.span if subject is None else subject.span,
            preheader=() if preheader is None else bind_line(preheader, scope, findings),
            preheader_span=words.span if preheader is None else preheader.span,
            blocks=tuple(blocks),
            notice=bind_notice(scope, self.around.parts, words.span, findings) if self.around.to_portal else (),
            scope=scope,
            span=words.span,
        )

    def _variants(self, version: Version, words: EmailWords, experiment: Experiment) -> list[Version]:
        versions = []
        is_source = version.locale == self.around.locales[0]
        for variant in experiment.variants:
            declared = self.variants.mapping(variant)
            is_worded = any(part in declared for part in ("subject", "preheader", "blocks"))
            if is_worded and not is_source and variant not in words.variants:
                self.findings.add(
                    LOCALE_COMPLETENESS.at(
                        words.span, say="variant", variant=variant, email=self.id, locale=version.locale
                    )
                )
                continue
            own = Findings()
            changed = words_of_variant(words.variants.mapping(variant), words, self.blocks)
            versions.append(self._version(variant, changed, version.scope, own))
            # What a variant shares with the e-mail itself has been found there; sorting drops the repeats.
            self.findings.extend(own)
        return versions

    def _compare_fields(self, source: Version, version: Version) -> None:
        """The same merge fields in each part, in every language."""
        pairs = [
            (source.subject, source.subject_span, version.subject, version.subject_span),
            (source.preheader, source.preheader_span, version.preheader, version.preheader_span),
        ]
        if len(source.blocks) == len(version.blocks):
            for left, right in zip(source.blocks, version.blocks, strict=True):
                if not right.phrase:
                    pairs.append((words_of(left), _place_of(left), words_of(right), _place_of(right)))
        for left_words, left_span, right_words, span in pairs:
            wanted = {printed.field for printed in prints_of(left_words)}
            seen = {printed.field for printed in prints_of(right_words)}
            if wanted != seen and not self._is_wrong(left_span) and not self._is_wrong(span):
                gone = [f"`{name}` is missing" for name in sorted(wanted - seen)]
                more = [f"`{name}` is new" for name in sorted(seen - wanted)]
                self.findings.add(LOCALE_COMPLETENESS.at(span, say="fields", difference=", ".join(gone + more)))

    def _is_wrong(self, span: Span) -> bool:
        """Has something there been found already? Then what differs for its sake needs no words."""
        return any(
            found.severity is Severity.ERROR
            and found.span.path == span.path
            and span.start <= found.span.start < span.end
            for found in self.findings
        )


def _review(row: Reader) -> Review | None:
    if "reviewed" not in row:
        return None
    written = row.mapping("reviewed")
    return Review(
        by=written.text("by"),
        source=written.text("source"),
        until=parse_date(written.text("until")),
        span=written.span("until"),
    )


def _place_of(block: Block) -> Span:
    """From the first to the last of a block's words."""
    spans = list(block.spans.values())
    return min(spans).cover(max(spans)) if spans else block.span
