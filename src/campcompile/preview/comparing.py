"""Comparing what lies here with a revision of git: the review page of `campcompile diff`, for the preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from campcompile.changes.compare import Side, account_of
from campcompile.compiler import Compilation, compile_files
from campcompile.memory import Memory
from campcompile.preview.workshop import State
from campcompile.report.change_page import Sides, review_page
from campcompile.report.fingerprint import fingerprints
from campcompile.report.report import Report, without_secrets
from campcompile.workspace.revisions import read_revision

_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)  # asked for where no day is stated, and one is


def review(root: Path, state: State, base: str) -> str:
    """The whole page. Raises CampcompileError where there is no such revision, or no git."""
    before = read_revision(root, base).files
    after = state.draft.files
    now = state.compilation
    # What is alike on both sides is compiled once; the workshop's own memory is another thread's.
    memory = Memory()
    new = compile_files(after, as_of=now.as_of, now=_INSTANT, lint_only=True, memory=memory)
    old = compile_files(before, as_of=now.as_of, now=_INSTANT, lint_only=True, memory=memory)
    account = account_of(_side(base, old, before), _side("the files as they lie here", new, after))
    pictures = {**_pictures(old, before), **_pictures(new, after)}
    return review_page(
        account,
        Sides(new=new.programme, old=old.programme, sources=new.sources, old_sources=old.sources, pictures=pictures),
    )


def _side(name: str, compilation: Compilation, files: Mapping[str, bytes]) -> Side:
    found = without_secrets(compilation.diagnostics, compilation.sources)
    report = Report(diagnostics=found, sources=compilation.sources, as_of=compilation.as_of)
    parts = (path.split("/") for path in files)
    return Side(
        name=name,
        compilation=replace(compilation, diagnostics=found),
        prints=fingerprints(report),
        folders=frozenset(part[1] for part in parts if len(part) == 3 and part[2] == "campaign.yaml"),
    )


def _pictures(compilation: Compilation, files: Mapping[str, bytes]) -> Mapping[str, tuple[str, bytes]]:
    return {asset.name: (asset.media_type, files[asset.path]) for asset in compilation.programme.assets.values()}
