"""What is held back on each side of a change: findings that somebody allowed to stand."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.changes.account import Change, Kind
from campcompile.compiler import Compilation
from campcompile.syntax.findings import Diagnostic


def waived(compilation: Compilation) -> tuple[Diagnostic, ...]:
    """The findings that are held back."""
    return compilation.suppressed


def newly_waived(before: Compilation, after: Compilation) -> tuple[Diagnostic, ...]:
    """Findings that are held back now and weren't."""
    known = [_key(found, before) for found in waived(before)]
    return tuple(found for found in waived(after) if _key(found, after) not in known)


def waiver_changes(before: Compilation, after: Compilation) -> Iterator[Change]:
    """Waivers that came and went; they stand for every campaign, since a reviewer must see them all."""
    for found in newly_waived(before, after):
        yield Change(
            kind=Kind.COMPLIANCE, topic="waiver", where=found.span.path, after=_told(found), span=found.span
        )  # fmt: skip
    for found in newly_waived(after, before):
        yield Change(kind=Kind.COMPLIANCE, topic="waiver", where=found.span.path, before=_told(found))


def _told(found: Diagnostic) -> str:
    return f"{found.rule.code}: {found.message}"


def _key(found: Diagnostic, compilation: Compilation) -> tuple[str, str, str]:
    """What stays the same when lines move."""
    source = compilation.sources.get(found.span.path)
    return found.rule.code, found.span.path, "" if source is None else source.quote(found.span)
