"""What is held back on each side of a change: findings that somebody allowed to stand."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.changes.account import Change, Kind
from campcompile.compiler import Compilation
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.waiver import Waived


def waived(compilation: Compilation) -> tuple[Diagnostic, ...]:
    """The findings that are held back."""
    return tuple(one.finding for one in compilation.waived)


def newly_waived(before: Compilation, after: Compilation) -> tuple[Diagnostic, ...]:
    """Findings that are held back now and weren't, or not for so long, by the same person, for the same reason."""
    return tuple(one.finding for one in _new(before, after))


def waiver_changes(before: Compilation, after: Compilation) -> Iterator[Change]:
    """Waivers that came and went; they stand for every campaign, since a reviewer must see them all."""
    for one in _new(before, after):
        yield Change(
            kind=Kind.COMPLIANCE,
            topic="waiver",
            where=one.waiver.path,
            after=_told(one),
            span=one.finding.span,
        )
    for one in _new(after, before):
        yield Change(kind=Kind.COMPLIANCE, topic="waiver", where=one.waiver.path, before=_told(one))


def _new(before: Compilation, after: Compilation) -> list[Waived]:
    known = [_key(one) for one in before.waived]
    return [one for one in after.waived if _key(one) not in known]


def _told(one: Waived) -> str:
    waiver = one.waiver
    words = f"until {waiver.until.isoformat()} by {waiver.by}: {waiver.reason}"
    return f"{waiver.rule.code}: {one.finding.message} ({words})"


def _key(one: Waived) -> tuple[str, ...]:
    """What stays the same when lines move, and when a comment becomes a row."""
    waiver = one.waiver
    return waiver.rule.code, waiver.path, waiver.digest, waiver.until.isoformat(), waiver.by, waiver.reason
