"""segments.yaml, phrases.yaml and consent.yaml, read; each checked on its own, then bound anew where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from campcompile.model.findings import LOCALE_COMPLETENESS, UNKNOWN_NAME
from campcompile.model.labels import Label
from campcompile.model.read import Reader, reader
from campcompile.model.scope import Names, Scope, SegmentSource
from campcompile.model.words import bind_rich
from campcompile.syntax.condition import parse_condition
from campcompile.syntax.expression import And, Expression
from campcompile.syntax.findings import Checked, Findings
from campcompile.syntax.markdown import parse_prose
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document, Kind, Node, Scalar, Sequence
from campcompile.syntax.words import RichText
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of many e-mails, in every locale; bound anew in each e-mail."""

    name: str
    words: Mapping[str, RichText]  # by locale
    spans: Mapping[str, Span]
    span: Span


class Given(IntEnum):
    """How people said yes, weakest first."""

    ASSUMED = 0  # a box was ticked for them, or nobody asked
    TICKED = 1
    EXPLICIT = 2  # the yes names their health (GDPR 9(2)(a))
    WRITTEN = 3
    SIGNED = 4

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One question that people answer."""

    id: str
    title: str
    layers: tuple[str, ...]
    purposes: tuple[str, ...]
    version: str
    max_age: str
    given: Given
    span: Span  # of its id


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """One row of `bases`: what allows mail of a purpose and layer in some places, up to a label."""

    purpose: str
    layer: str
    jurisdictions: tuple[str, ...]
    up_to: Label
    basis: str  # "" where a consent is what it rests on
    consent: str
    met: tuple[str, ...]  # of the conditions of a soft opt-in
    span: Span

    def covers(self, place: str) -> bool:
        """Is a place among its own? A country's row covers its states: `US` covers `US-WA`."""
        return place in self.jurisdictions or place.partition("-")[0] in self.jurisdictions


@dataclass(frozen=True, slots=True)
class ConsentRules:
    consents: Mapping[str, Consent]
    bases: tuple[Basis, ...]


def read_where(node: Node | None, findings: Findings) -> tuple[Expression | None, str]:
    """A condition, or a list that must all hold, with its words on one line."""
    if isinstance(node, Scalar):
        return findings.take(parse_condition(node.text)), node.value
    if not isinstance(node, Sequence):
        return None, ""
    scalars = [item for item in node.items if isinstance(item, Scalar) and item.kind is not Kind.NULL]
    parts = [part for item in scalars if (part := findings.take(parse_condition(item.text))) is not None]
    words = " and ".join(f"({item.value})" if " or " in item.value else item.value for item in scalars)
    if not parts:
        return None, words
    return (parts[0] if len(parts) == 1 else And(tuple(parts), parts[0].span.cover(parts[-1].span))), words


def read_segments(document: Document | None) -> Checked[Mapping[str, SegmentSource]]:
    findings = Findings()
    root = reader(document.root if document is not None else None)
    segments = {}
    for key, node in root.rows():
        row = reader(node)
        where, words = read_where(row.get("where"), findings)
        label = row.text("label", "public")
        segments[key.value] = SegmentSource(
            name=key.value,
            title=row.text("title"),
            where=where,
            words=words,
            label=Label.named(label) if label.upper() in Label.__members__ else Label.PUBLIC,
            exclude_from=tuple(scalar.value for scalar in row.texts("exclude_from")),
            span=key.span,
        )
    return findings.done(segments)


def check_segments(names: Names) -> Checked[None]:
    """Each segment's own mistakes, in a scope where every record's row is bound."""
    findings = Findings()
    scope = Scope(names=names, recipient="", records=tuple(names.dictionary.records))
    for segment in names.segments.values():
        if segment.where is not None:
            findings.take(scope.condition(segment.where))
    return findings.done(None)


def read_phrases(document: Document | None, names: Names) -> Checked[Mapping[str, Phrase]]:
    """Each phrase in every locale of the workspace; its own mistakes found in a scope where all is bound."""
    findings = Findings()
    root = reader(document.root if document is not None else None)
    locales = names.settings.locales
    known = (*locales.all, "reviewed")
    phrases = {}
    for key, node in root.rows():
        row = reader(node)
        words: dict[str, RichText] = {}
        spans: dict[str, Span] = {}
        for locale, value in row.rows():
            if locale.value == "reviewed":
                continue
            if locale.value not in known:
                near = nearest(locale.value, locales.all)
                advice = f"did you mean `{near}`?" if near else f"the locales are {', '.join(locales.all)}"
                findings.add(
                    UNKNOWN_NAME.at(
                        locale.span,
                        kind="locale",
                        name=locale.value,
                        advice=advice,
                        fixes=renaming(locale.span, locale.value, near),
                    )
                )
                continue
            if isinstance(value, Scalar):
                words[locale.value] = findings.take(parse_prose(value.text))
                spans[locale.value] = value.span
                scope = Scope(names=names, recipient="", records=tuple(names.dictionary.records), locale=locale.value)
                bind_rich(words[locale.value], scope, findings)
        for locale_name in locales.all:
            if locale_name not in words:
                findings.add(LOCALE_COMPLETENESS.at(key.span, say="phrase", phrase=key.value, locale=locale_name))
        phrases[key.value] = Phrase(key.value, words, spans, key.span)
    return findings.done(phrases)


def read_consent(document: Document | None) -> Checked[ConsentRules]:
    findings = Findings()
    root = reader(document.root if document is not None else None)
    consents = {key.value: _consent(key, reader(node)) for key, node in root.mapping("consents").rows()}
    bases = []
    for node in root.items("bases"):
        row = reader(node)
        consent = row.scalar("consent")
        if consent is not None and consent.value not in consents:
            near = nearest(consent.value, consents)
            advice = f"did you mean `{near}`?" if near else f"the consents are {', '.join(consents)}"
            findings.add(
                UNKNOWN_NAME.at(
                    consent.span,
                    kind="consent",
                    name=consent.value,
                    advice=advice,
                    fixes=renaming(consent.span, consent.value, near),
                )
            )
        label = row.text("up_to", "public")
        bases.append(
            Basis(
                purpose=row.text("purpose"),
                layer=row.text("layer"),
                jurisdictions=tuple(scalar.value for scalar in row.texts("in")),
                up_to=Label.named(label) if label.upper() in Label.__members__ else Label.PUBLIC,
                basis=row.text("basis"),
                consent="" if consent is None else consent.value,
                met=tuple(scalar.value for scalar in row.texts("met")),
                span=row.start,
            )
        )
    return findings.done(ConsentRules(consents, tuple(bases)))


def _consent(key: Scalar, row: Reader) -> Consent:
    given = row.text("given", "ticked").upper()
    return Consent(
        id=key.value,
        title=row.text("title"),
        layers=tuple(scalar.value for scalar in row.texts("layers")),
        purposes=tuple(scalar.value for scalar in row.texts("purposes")),
        version=row.text("version"),
        max_age=row.text("max_age"),
        given=Given[given] if given in Given.__members__ else Given.TICKED,
        span=key.span,
    )
