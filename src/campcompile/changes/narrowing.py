"""Which campaigns must be compiled to tell a change: only those that differ, where nothing that they share does.

What is found in the other campaigns is then found on both sides, and is no news. A finding that takes two campaigns
at once, one of them unchanged, is told by `lint`, which always looks at all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from campcompile.model.campaign import Campaign, Programme
from campcompile.syntax.findings import Diagnostic

_SHARED = "_shared"


def changed_alone(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> frozenset[str]:
    """The folders of campaigns whose own files differ; none where more than that differs, or nothing at all."""
    differing = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    folders = {_folder(path) for path in differing}
    if "" in folders or _folders(before) != _folders(after):
        return frozenset()
    return frozenset(folders)


def without_others(files: Mapping[str, bytes], folders: frozenset[str]) -> Mapping[str, bytes]:
    """The workspace with these campaigns alone; all of it for none."""
    return {path: content for path, content in files.items() if not folders or _folder(path) in {*folders, ""}}


def is_enough(before: Programme, after: Programme, news: Iterable[Diagnostic], folders: frozenset[str]) -> bool:
    """Whether these campaigns tell all: what rules about the whole workspace ask of them is the same on both sides,
    and every finding that came or went lies in their own files."""
    same = tuple(map(_frame, before.campaigns)) == tuple(map(_frame, after.campaigns))
    return same and all(_folder(found.span.path) in folders for found in news)


def _frame(campaign: Campaign) -> tuple[object, ...]:
    targets = tuple(target.id for target in campaign.targets)
    return (
        campaign.folder, campaign.code, campaign.purpose, campaign.layer, campaign.layout, campaign.locales, targets
    )  # fmt: skip


def _folder(path: str) -> str:
    """The campaign that a file belongs to; "" for what several share."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "campaigns" and parts[1] != _SHARED else ""


def _folders(files: Mapping[str, bytes]) -> frozenset[str]:
    return frozenset(map(_folder, files))
