"""Regions: which text of which file an e-mail stands in, so that what is found there is told beside it."""

from __future__ import annotations

from campcompile.draft import SHARED, WORKSPACE_FILE, Draft
from campcompile.model.campaign import Campaign, Version
from campcompile.syntax.source import Span
from campcompile.syntax.tree import Mapping, Node, Scalar, Sequence

_SHARED_WORDS = f"{SHARED}phrases.yaml"
_LAYOUTS = "layouts/"


class Regions:
    """The regions of a draft's files."""

    def __init__(self, draft: Draft) -> None:
        self._documents = draft.documents

    def of_email(self, campaign: Campaign, id: str, locale: str) -> Span | None:
        """An e-mail in the file of a locale's words, or in campaign.yaml, which holds those of the first."""
        if locale == campaign.locales[0]:
            rows = self._root(campaign.path).get("emails")
            for row in rows.items if isinstance(rows, Sequence) else ():
                if _id(row) == id:
                    return row.span
            return None
        entry = self._root(f"campaigns/{campaign.folder}/{locale}.yaml").entry(id)
        return None if entry is None else entry.key.span.cover(entry.value.span)

    def email_at(self, span: Span, campaign: Campaign) -> tuple[str, str]:
        """Which e-mail a span lies in, and of which locale's words; ("", "") for none."""
        locale = span.path.rpartition("/")[2].removesuffix(".yaml")
        locale = campaign.locales[0] if locale == "campaign" else locale
        for email in campaign.emails:
            if _lies_in(span, self.of_email(campaign, email.id, locale)):
                return email.id, locale
        return "", ""

    def concerns(self, span: Span, campaign: Campaign, version: Version) -> bool:
        """Whether what is wrong at a span may be missing from an e-mail: in its own text, or in what it takes over."""
        if span.path.startswith(_LAYOUTS):
            return True
        if span.path in (WORKSPACE_FILE, f"{SHARED}dictionary.yaml"):
            return span.path not in self._documents or bool(self._documents[span.path].lost)
        if span.path == _SHARED_WORDS:
            return any(block.phrase for block in version.blocks) or not version.blocks
        own = {campaign.path, f"campaigns/{campaign.folder}/{version.locale}.yaml"}
        if span.path not in own:
            return False
        if self._documents[span.path].lost:
            return True
        locales = (campaign.locales[0], version.locale)
        return any(_lies_in(span, self.of_email(campaign, version.email, locale)) for locale in locales)

    def _root(self, path: str) -> Mapping:
        document = self._documents.get(path)
        return document.root if document is not None else Mapping((), Span(path, 0, 0))


def _id(row: Node) -> str:
    found = row.get("id") if isinstance(row, Mapping) else None
    return found.value if isinstance(found, Scalar) else ""


def _lies_in(span: Span, region: Span | None) -> bool:
    return region is not None and span.path == region.path and region.start <= span.start <= region.end
