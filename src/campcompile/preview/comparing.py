"""Comparing what lies here with a revision of git: one e-mail side by side, or the page of `campcompile diff`."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from campcompile.changes.account import Mark
from campcompile.changes.compare import Side, account_of
from campcompile.changes.preview import pages_of
from campcompile.changes.seen import readable
from campcompile.changes.words import marked
from campcompile.compiler import Compilation, compile_files
from campcompile.draft import bind_email
from campcompile.memory import Memory
from campcompile.model.rendered import RenderedEmail
from campcompile.preview.workshop import Choice, State, View, view_of
from campcompile.report.change_page import Sides, review_page
from campcompile.report.fingerprint import fingerprints
from campcompile.report.report import Report, without_secrets
from campcompile.workspace.revisions import commit_of, read_revision

_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)  # asked for where no day is stated, and one is
_INBOX = ("subject", "preheader")


class Past:
    """The workspace as it was at a revision of git; the one that was asked for last is kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._commit = ""
        self._files: Mapping[str, bytes] = {}
        self._memory = Memory()
        self._reviewing = threading.Lock()
        self._steps = Memory()  # what is alike on both sides is compiled once; the workshop's own is another thread's
        self._views: dict[Choice, View | None] = {}
        self._pictures: dict[str, tuple[str, bytes]] = {}

    def compared(self, base: str, choice: Choice, now: View | None, pictures: str) -> dict[str, Any]:
        """One e-mail then and now, changed words marked; its pictures lie at addresses that begin with `pictures`.

        Raises CampcompileError where there is no such revision, or no git.
        """
        with self._lock:
            self._turn_to(base)
            then = self._view(choice)
        old, new = (None if view is None else view.message for view in (then, now))
        pages, bare = pages_of(old, new), (pages_of(old, None).before, pages_of(None, new).after)

        def shown(page: str) -> str:
            return page.replace("../assets/", pictures)

        return {
            "commit": self._commit[:10],
            "before": None if old is None else {"marked": shown(pages.before), "bare": shown(bare[0])},
            "after": None if new is None else {"marked": shown(pages.after), "bare": shown(bare[1])},
            "lines": {name: list(_stretches(name, old, new)) for name in _INBOX},
            "same": bare[0] == bare[1] and all(_line(name, old) == _line(name, new) for name in _INBOX),
            "broken": then is not None and bool(then.problems),
        }

    def picture(self, name: str) -> tuple[str, bytes] | None:
        """A picture of an e-mail that was compared, by its name in the bundle: its media type and its bytes."""
        return self._pictures.get(name)

    def review(self, base: str, state: State) -> str:
        """The page of all that changed. Raises CampcompileError where there is no such revision, or no git."""
        before = read_revision(self.root, base).files
        after = state.draft.files
        now = state.compilation
        with self._reviewing:
            old, new = (
                compile_files(files, as_of=now.as_of, now=_INSTANT, lint_only=True, memory=self._steps)
                for files in (before, after)
            )
        account = account_of(_side(base, old, before), _side("the files as they lie here", new, after))
        pictures = {**_assets(old, before), **_assets(new, after)}
        return review_page(
            account,
            Sides(
                new=new.programme, old=old.programme, sources=new.sources, old_sources=old.sources, pictures=pictures
            ),
        )

    def _turn_to(self, base: str) -> None:
        commit = commit_of(self.root, base)
        if commit != self._commit:
            self._files = read_revision(self.root, commit).files
            self._commit = commit
            self._views.clear()
            self._pictures.clear()

    def _view(self, choice: Choice) -> View | None:
        if choice not in self._views:
            draft = bind_email(self._files, choice.focus, memory=self._memory)
            self._memory.close()
            self._views[choice] = view = view_of(choice, draft)
            for asset in draft.programme.assets.values() if view is not None else ():
                self._pictures[asset.name] = asset.media_type, self._files[asset.path]
        return self._views[choice]


def _stretches(name: str, old: RenderedEmail | None, new: RenderedEmail | None) -> Iterator[tuple[str, str]]:
    """What an inbox shows, word by word: each text with "kept", "gone" or "new"."""
    words = {Mark.KEPT: "kept", Mark.GONE: "gone", Mark.NEW: "new"}
    for one in marked(_line(name, old), _line(name, new)).stretches:
        yield words[one.mark], one.text


def _line(name: str, message: RenderedEmail | None) -> str:
    return "" if message is None else readable(getattr(message, name), message)


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


def _assets(compilation: Compilation, files: Mapping[str, bytes]) -> Mapping[str, tuple[str, bytes]]:
    return {asset.name: (asset.media_type, files[asset.path]) for asset in compilation.programme.assets.values()}
