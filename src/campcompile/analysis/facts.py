"""Facts: what a rule may know beside its subject (day, profile, programme), and the one memo of analyses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date
from typing import Any, TypeVar

from campcompile.model.campaign import Programme
from campcompile.syntax.layout_tree import LayoutFile
from campcompile.syntax.source import Source, Span
from campcompile.syntax.tree import Document
from campcompile.values import dataclass

S = TypeVar("S")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What every check gets as its second argument. `sources` holds what is no YAML too (layouts).

    `unread` are texts beside them that nothing reads. Both are whole only where the programme is looked at.
    """

    as_of: date
    profile: str
    documents: Mapping[str, Document]
    programme: Programme
    sources: Mapping[str, Source] = field(default_factory=dict)
    unread: Mapping[str, Source] = field(default_factory=dict)
    layouts: Mapping[str, LayoutFile] = field(default_factory=dict)  # its own, as filled, by name: `clinic.mjml`
    _memo: dict[int, tuple[object, dict[object, Any]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, analysis: Callable[[S], T], subject: S) -> T:
        """`analysis(subject)`, computed once a subject: the only cache that rules share.

        Subjects are told apart by identity (a rendered e-mail is too big to hash), and kept alive here,
        so that an identity isn't used again.
        """
        entry = self._memo.get(id(subject))
        if entry is None:
            entry = self._memo[id(subject)] = (subject, {})
        results = entry[1]
        if analysis not in results:
            results[analysis] = analysis(subject)
        result: T = results[analysis]
        return result

    def forget(self, subject: object) -> None:
        """Drop what is remembered of `subject`: ten thousand e-mails don't stay in memory."""
        self._memo.pop(id(subject), None)

    def source(self, path: str) -> Source | None:
        """The text of a file of the workspace, None where it wasn't handed in."""
        if document := self.documents.get(path):
            return document.source
        return self.sources.get(path)

    def quote(self, span: Span) -> str:
        """The text that a span covers, "" where its file wasn't handed in."""
        source = self.source(span.path)
        return source.quote(span) if source else ""
