"""The workshop keeps what is compiled of a workspace up to date, and the last good state of what somebody looks at."""

from __future__ import annotations

import gc
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from campcompile.compiler import Compilation, compile_files
from campcompile.draft import Draft, Focus, bind_email, bind_files
from campcompile.errors import CampcompileError
from campcompile.memory import Memory
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.model.findings import LOCALE_COMPLETENESS
from campcompile.model.rendered import RenderedEmail
from campcompile.preview.regions import Regions
from campcompile.preview.watching import Changes
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.values import dataclass
from campcompile.workspace.reading import WorkspaceFiles, read

_REMEMBERED = 24  # e-mails whose last good state is kept: those looked at last
_AT_ONCE = 3  # e-mails that are shown before all else: those looked at now
_PAINTED_S = 0.200  # how long judging waits for a page to be painted: one that nobody sees paints nothing


@dataclass(frozen=True, slots=True)
class Choice:
    """Which e-mail somebody looks at."""

    campaign: str  # its folder
    email: str
    locale: str
    variant: str = "a"
    look: str = "1"

    @property
    def focus(self) -> Focus:
        return Focus(self.campaign, self.email, self.locale)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An e-mail to be looked at, and what it was compiled of."""

    message: RenderedEmail  # with marks in its HTML
    draft: Draft
    problems: tuple[Diagnostic, ...]  # errors of the passes in what it is made of: it may lack something


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: the e-mail (None where it isn't there, and never was), and what is to be mended first."""

    view: View | None
    problems: tuple[Diagnostic, ...]
    is_past: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The workspace at one revision: first what is looked at, a little later all of it, and the findings."""

    revision: int  # counts what was read
    now: Mapping[Focus, Draft]  # what is looked at, at this revision; empty where all of it is
    trouble: str  # why the files can't be read now; "" where they can
    draft: Draft  # all of it, at the revision `judged`
    compilation: Compilation
    judged: int

    def draft_of(self, choice: Choice) -> tuple[Draft, int]:
        """The newest draft that knows an e-mail, and its revision."""
        draft = self.now.get(choice.focus)
        return (self.draft, self.judged) if draft is None else (draft, self.revision)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at the disk: all files, and each e-mail that a page shows, bound."""

    files: WorkspaceFiles
    now: Mapping[Focus, Draft]


class _Superseded(Exception):
    """Somebody has saved again: what is being judged is of yesterday."""


class Workshop:
    """One thread works (`refresh`); those of the server look at what it has made."""

    def __init__(self, root: Path, *, as_of: date | None, clock: Callable[[], datetime]) -> None:
        self.root = root
        self.as_of = as_of
        self.clock = clock
        self.news = 0  # counts what there is to tell
        self.viewers = 0
        self._memory = Memory()
        self._files: WorkspaceFiles | None = None
        self._state: State | None = None
        self._shown = 0  # the newest revision of which a page has painted an e-mail
        self._condition = threading.Condition()
        self._looking = threading.Lock()
        self._views: OrderedDict[Choice, View] = OrderedDict()
        self._good: OrderedDict[Choice, View] = OrderedDict()

    # ── for the one that works ───────────────────────────────────────────────────────────────────────

    def keep_up(self, changes: Changes) -> None:
        """Compile on every change, until the watch is over."""
        while changes.wait():
            self.refresh(changes)

    def refresh(self, changes: Changes | None = None) -> None:
        """Read what was saved, and compile what it reaches: first what is looked at, then all, with the findings.

        Saving takes an instant, in which a file may be half written: nothing is told of before `changes` is quiet.
        """
        found = self._looked()
        while changes is not None and changes.settle():
            found = self._looked(found)
        if isinstance(found, CampcompileError):
            self._complain(found.message)
            return
        files, now = found.files, found.now
        is_new = self._files is None or self._files.files != files.files
        self._files = files
        if self._state is None:
            self._begin(files.files)
            return
        if is_new:
            self._tell(replace(self._state, revision=self._state.revision + 1, now=now, trouble=""))
        elif self._state.trouble:
            self._tell(replace(self._state, trouble=""))
        if self._state.judged != self._state.revision:
            self._judge(self._state, files.files, changes)

    def _looked(self, before: _Look | CampcompileError | None = None) -> _Look | CampcompileError:
        """What lies on the disk, and of it what is looked at; or why it can't be read. `before`: a moment ago."""
        try:
            files = read(self.root, self._files)
        except CampcompileError as error:
            return error
        if isinstance(before, _Look) and before.files.files == files.files:
            return before
        if self._state is None or self._files is None or self._files.files == files.files:
            return _Look(files, {})
        return _Look(files, {focus: bind_email(files.files, focus, memory=self._memory) for focus in self._looked_at()})

    def _begin(self, files: Mapping[str, bytes]) -> None:
        """The first time there is nothing to look at before all of it is compiled."""
        draft, compilation = self._compiled(files, None)
        gc.collect()
        gc.freeze()  # what stays needn't be looked through for cycles again and again
        self._tell(State(revision=1, now={}, trouble="", draft=draft, compilation=compilation, judged=1))

    def _judge(self, state: State, files: Mapping[str, bytes], changes: Changes | None) -> None:
        with self._condition:
            self._condition.wait_for(lambda: not self.viewers or self._shown >= state.revision, _PAINTED_S)
        try:
            draft, compilation = self._compiled(files, changes)
        except _Superseded:
            return  # the change is still to be waited for
        self._tell(replace(state, now={}, draft=draft, compilation=compilation, judged=state.revision))
        gc.collect()  # now that nobody waits: what the first compile left is frozen, so this takes 3 ms

    def _compiled(self, files: Mapping[str, bytes], changes: Changes | None) -> tuple[Draft, Compilation]:
        def give_way(_done: int, _of: int) -> None:
            if changes is not None and changes.is_pending:
                raise _Superseded
            time.sleep(0)  # lets those in that answer a page

        draft = bind_files(files, memory=self._memory)
        give_way(0, 0)
        compilation = compile_files(
            files, as_of=self.as_of, now=self.clock(), lint_only=True, memory=self._memory, progress=give_way
        )
        return draft, compilation

    def _looked_at(self) -> list[Focus]:
        """What the pages show, the newest first."""
        with self._looking:
            choices = dict.fromkeys(choice.focus for choice in reversed(self._views))
        return list(choices)[: min(max(self.viewers, 1), _AT_ONCE)]

    def _complain(self, trouble: str) -> None:
        if self._state is None:
            raise CampcompileError(trouble, help="put this right first, then run the command again")
        if self._state.trouble != trouble:
            self._tell(replace(self._state, trouble=trouble))

    def _tell(self, state: State) -> None:
        with self._condition:
            self._state = state
            self.news += 1
            self._condition.notify_all()

    # ── for those that look ──────────────────────────────────────────────────────────────────────────

    @property
    def state(self) -> State:
        """The newest state; waits for the first."""
        with self._condition:
            self._condition.wait_for(lambda: self._state is not None)
            assert self._state is not None
            return self._state

    def wait_for_news(self, since: int, patience_s: float) -> int:
        """The number of the last news, as soon as it is another one than `since`."""
        with self._condition:
            self._condition.wait_for(lambda: self.news != since, patience_s)
            return self.news

    def has_shown(self, revision: int) -> None:
        """A page has painted an e-mail of this revision: judging may begin."""
        with self._condition:
            self._shown = max(self._shown, revision)
            self._condition.notify_all()

    def view(self, choice: Choice, state: State) -> Shown:
        """The e-mail as it is, or as it was when it was whole last."""
        draft, _ = state.draft_of(choice)
        with self._looking:
            view = self._views.get(choice)
            if view is None or view.draft is not draft:
                view = view_of(choice, draft)
            if view is None:
                self._views.pop(choice, None)
                return Shown(self._good.get(choice), tuple(filter(_loses_words, draft.diagnostics)), is_past=True)
            _keep(self._views, choice, view)
            if view.problems and choice in self._good:
                return Shown(self._good[choice], view.problems, is_past=True)
            if not view.problems:
                _keep(self._good, choice, view)
            return Shown(view, view.problems, is_past=False)


def _keep(views: OrderedDict[Choice, View], choice: Choice, view: View) -> None:
    views[choice] = view
    views.move_to_end(choice)
    while len(views) > _REMEMBERED:
        views.popitem(last=False)


def view_of(choice: Choice, draft: Draft) -> View | None:
    """An e-mail as a draft has it; None where it has none such."""
    found = _chosen(choice, draft)
    if found is None:
        return None
    campaign, email, version = found
    made = draft.messages(version, email, campaign, marked=True)
    message = next((one for one in made.value if one.look == choice.look), made.value[0])
    regions = Regions(draft)
    inside = (found for found in draft.diagnostics if regions.concerns(found.span, campaign, version))
    problems = tuple(found for found in (*made.diagnostics, *inside) if _loses_words(found))
    return View(message=message, draft=draft, problems=problems)


def _loses_words(found: Diagnostic) -> bool:
    """Whether an e-mail may lack something for it. That other locales have no words is no loss of this one."""
    is_firm = not found.rule.suppressible or found.say in found.rule.firm
    is_of_others = found.rule is LOCALE_COMPLETENESS and not found.say
    return found.severity is Severity.ERROR and is_firm and not is_of_others


def _chosen(choice: Choice, draft: Draft) -> tuple[Campaign, Email, Version] | None:
    for campaign in draft.programme.campaigns:
        if campaign.folder == choice.campaign:
            for email in campaign.emails:
                if email.id == choice.email:
                    for version in email.versions:
                        if (version.locale, version.variant) == (choice.locale, choice.variant):
                            return campaign, email, version
    return None
