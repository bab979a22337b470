"""The desk answers what the page asks, from the workshop's newest state; it knows no HTTP."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from campcompile.draft import Draft
from campcompile.errors import CampcompileError
from campcompile.preview.findings import findings_json, problems_json, rule_json
from campcompile.preview.journey import Traveller, journey_json, moves_from, traveller
from campcompile.preview.mail import PICTURES, mail_json
from campcompile.preview.measures import measures_json
from campcompile.preview.people import KINDS, ORDINARY
from campcompile.preview.regions import Regions
from campcompile.preview.tree import account_json, tree_json
from campcompile.preview.workshop import Choice, State, View, Workshop
from campcompile.report.report import Report
from campcompile.simulation.series import Practice, practice_of
from campcompile.syntax.findings import Severity

if TYPE_CHECKING:  # the runner takes longer to import than a preview without --smtp may wait
    from campcompile.preview.trial import Trial

_MOST_PROBLEMS = 20
_MOST_TYPED = 200  # characters of a value; a page sends no more


class Desk:
    """Every answer is JSON. Raises ValueError for a question that our page doesn't ask."""

    def __init__(self, workshop: Workshop, *, editor: str, tester: Trial | None = None) -> None:
        self.workshop = workshop
        self.editor = editor
        self.tester = tester
        self._lock = threading.Lock()
        self._overview: tuple[State | None, dict[str, Any]] = (None, {})
        self._travels: Practice | None = None
        self._travellers: dict[str, Traveller] = {}

    def answer(self, question: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the page wants to know, for what it sent."""
        state = self.workshop.state
        match question:
            case "overview":
                return self.overview(state)
            case "mail":
                return self.mail(state, asked)
            case "measures":
                view, _ = self.workshop.view(_choice(asked), state)
                return {} if view is None else measures_json(view)
            case "account":
                return account_json(state.compilation, _text(asked, "campaign"), _text(asked, "email")) or {}
            case "rule":
                return rule_json(_text(asked, "code")) or {}
            case "journey":
                return self.journey(state, asked)
            case "test":
                return self._send_test(state, asked)
        raise ValueError(question)

    def overview(self, state: State) -> dict[str, Any]:
        """The tree and all findings; the same for everybody who asks."""
        with self._lock:
            known, made = self._overview
            if known is not state:
                regions = Regions(state.draft)
                findings = findings_json(state.compilation, regions)
                made = {
                    **_head(state),
                    **tree_json(state.draft, findings, made or None),
                    "findings": findings,
                    "as_of": state.compilation.as_of.isoformat(),
                    "root": self.workshop.root.as_posix(),
                    "editor": self.editor,
                    "testers": list(self.tester.allowed) if self.tester is not None else [],
                }
                self._overview = (state, made)
            return made

    def mail(self, state: State, asked: Mapping[str, Any], *, pictures: str = PICTURES) -> dict[str, Any]:
        """One e-mail to one person; its pictures lie at addresses that begin with `pictures`."""
        choice = _choice(asked)
        view, is_past = self.workshop.view(choice, state)
        draft, revision = state.draft_of(choice)
        head = {"revision": revision, "past": is_past}
        if view is None:
            return {**head, "missing": True, "problems": _problems(draft, state, None)}
        made = mail_json(view, _kind(asked), _typed(asked), state.compilation.as_of, pictures)
        self.workshop.has_shown(revision)
        return {**head, **made, "problems": _problems(draft, state, None if is_past else view)}

    def journey(self, state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What becomes of every e-mail for one person."""
        try:
            practice, whose = self._travelling(state, _text(asked, "who"))
            return {**_head(state), **journey_json(practice, whose, moves_from(asked.get("moves")))}
        except CampcompileError as error:
            return {**_head(state), "trouble": error.message}

    def _travelling(self, state: State, who: str) -> tuple[Practice, Traveller]:
        """The practice as the simulator asks it, and somebody in it: made once for all moves of theirs."""
        with self._lock:
            if self._travels is None or self._travels.programme is not state.draft.programme:
                self._travels = practice_of(state.draft.programme)
                self._travellers.clear()
            if who not in self._travellers:
                self._travellers[who] = traveller(self._travels, who, state.compilation.as_of)
            return self._travels, self._travellers[who]

    def _send_test(self, state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
        if self.tester is None:
            raise ValueError("test")
        view, _ = self.workshop.view(_choice(asked), state)
        if view is None:
            return {"trouble": "this e-mail is not there any more"}
        try:
            return self.tester.send(view, _kind(asked), _typed(asked), state.compilation.as_of, _text(asked, "to"))
        except CampcompileError as error:
            return {"trouble": error.message, "help": error.help}

    def picture(self, name: str) -> tuple[str, bytes] | None:
        """A picture by its name in the bundle: its media type and its bytes. Names lead to no file."""
        draft = self.workshop.state.draft
        for asset in draft.programme.assets.values():
            if asset.name == name:
                return asset.media_type, draft.files[asset.path]
        return None

    def review(self, base: str) -> str:
        """The page that compares the workspace with a revision of git. Raises CampcompileError where there is none."""
        from campcompile.preview.comparing import review

        return review(self.workshop.root, self.workshop.state, base)


def _head(state: State) -> dict[str, Any]:
    return {"revision": state.revision, "judged": state.judged, "trouble": state.trouble}


def _problems(draft: Draft, state: State, view: View | None) -> list[Any]:
    """What keeps an e-mail from being shown: its own errors, or where it isn't there all those of the passes."""
    errors = (one for one in draft.diagnostics if one.severity is Severity.ERROR)
    found = tuple(errors) if view is None else view.problems
    report = Report(diagnostics=found, sources=draft.sources, as_of=state.compilation.as_of)
    return problems_json(found[:_MOST_PROBLEMS], draft.sources, report)


def _choice(asked: Mapping[str, Any]) -> Choice:
    return Choice(
        campaign=_text(asked, "campaign"),
        email=_text(asked, "email"),
        locale=_text(asked, "locale"),
        variant=_text(asked, "variant") or "a",
        look=_text(asked, "look") or "1",
    )


def _kind(asked: Mapping[str, Any]) -> str:
    kind = _text(asked, "person")
    return kind if kind in KINDS else ORDINARY


def _typed(asked: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into a person's fields."""
    typed = asked.get("typed")
    pairs = typed.items() if isinstance(typed, dict) else ()
    return {str(name): str(text)[:_MOST_TYPED] for name, text in pairs if isinstance(text, str)}


def _text(asked: Mapping[str, Any], key: str) -> str:
    value = asked.get(key, "")
    if not isinstance(value, str):
        raise ValueError(key)
    return value
