"""The desk answers what the page asks, from the workshop's newest state; it knows no HTTP."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from campcompile.errors import CampcompileError
from campcompile.preview.findings import finding_json, findings_json, rule_json
from campcompile.preview.journey import Traveller, journey_json, moves_from, traveller
from campcompile.preview.mail import PICTURES, mail_json
from campcompile.preview.measures import measures_json
from campcompile.preview.people import KINDS, ORDINARY
from campcompile.preview.regions import Regions
from campcompile.preview.tree import account_json, tree_json
from campcompile.preview.workshop import Choice, State, Workshop
from campcompile.report.report import Report
from campcompile.report.speech import speech
from campcompile.simulation.series import Practice, practice_of

if TYPE_CHECKING:  # what compares and what sends take longer to import than the first page may wait
    from campcompile.preview.comparing import Past
    from campcompile.preview.trial import Trial

_MOST_PROBLEMS = 20
_MOST_PAGES = 64
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
        self._compared: Past | None = None
        self._looking: dict[str, Mapping[str, Any]] = {}

    def answer(self, question: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the page wants to know, for what it sent."""
        state = self.workshop.state
        match question:
            case "overview":
                return self.overview(state)
            case "mail":
                self._look_at(asked)
                return self.mail(state, asked)
            case "measures":
                view = self.workshop.view(_choice(asked), state).view
                return {} if view is None else measures_json(view)
            case "account":
                return account_json(state.compilation, _text(asked, "campaign"), _text(asked, "email")) or {}
            case "rule":
                return rule_json(_text(asked, "code")) or {}
            case "journey":
                return self.journey(state, asked)
            case "compare":
                return self.compare(state, asked)
            case "painted":
                return self._painted(asked)
            case "test":
                return self._send_test(state, asked)
        raise ValueError(question)

    def news(self, page: str) -> dict[str, Any]:
        """What a page is told when something has changed: where that is what it looks at, the e-mail as well."""
        state = self.workshop.state
        asked = self._looking.get(page)
        if asked is None or _choice(asked).focus not in state.now:
            return _head(state)
        return {**_head(state), "mail": self.mail(state, asked), "turn": asked.get("turn")}

    def leave(self, page: str) -> None:
        """A page is closed."""
        self._looking.pop(page, None)

    def _look_at(self, asked: Mapping[str, Any]) -> None:
        page = _text(asked, "page")
        if page:
            self._looking[page] = asked
            while len(self._looking) > _MOST_PAGES:
                self._looking.pop(next(iter(self._looking)), None)

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
        shown = self.workshop.view(choice, state)
        draft, revision = state.draft_of(choice)
        told = speech(draft.programme.settings.messages)
        problems = tuple(map(told.finding, shown.problems))
        report = Report(diagnostics=problems, sources=draft.sources, as_of=state.compilation.as_of)
        head = {
            "revision": revision,
            "past": shown.is_past,
            "problems": [finding_json(one, draft.sources, report) for one in problems[:_MOST_PROBLEMS]],
        }
        if shown.view is None:
            return {**head, "missing": True}
        made = mail_json(shown.view, _kind(asked), _typed(asked), state.compilation.as_of, pictures)
        return {**head, **made}

    def journey(self, state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What becomes of every e-mail for one person."""
        try:
            practice, whose = self._travelling(state, _text(asked, "who"))
            return {**_head(state), **journey_json(practice, whose, moves_from(asked.get("moves")))}
        except CampcompileError as error:
            return {**_head(state), "trouble": error.message}

    def compare(self, state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
        """One e-mail beside what it was at a revision of git."""
        choice = _choice(asked)
        try:
            made = self._past.compared(_text(asked, "base"), choice, self.workshop.view(choice, state).view, PICTURES)
            return {**_head(state), **made}
        except CampcompileError as error:
            return {**_head(state), "trouble": error.message, "help": error.help}

    def _travelling(self, state: State, who: str) -> tuple[Practice, Traveller]:
        """The practice as the simulator asks it, and somebody in it: made once for all moves of theirs."""
        with self._lock:
            if self._travels is None or self._travels.programme is not state.draft.programme:
                self._travels = practice_of(state.draft.programme)
                self._travellers.clear()
            if who not in self._travellers:
                self._travellers[who] = traveller(self._travels, who, state.compilation.as_of)
            return self._travels, self._travellers[who]

    def _painted(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A page has painted an e-mail: what nobody waits for may be worked out now."""
        revision = asked.get("revision")
        if not isinstance(revision, int):
            raise ValueError("revision")
        self.workshop.has_shown(revision)
        return {}

    def _send_test(self, state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
        if self.tester is None:
            raise ValueError("test")
        view = self.workshop.view(_choice(asked), state).view
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
        return None if self._compared is None else self._compared.picture(name)

    def review(self, base: str) -> str:
        """The page that compares the workspace with a revision of git. Raises CampcompileError where there is none."""
        return self._past.review(base, self.workshop.state)

    @property
    def _past(self) -> Past:
        """What lies in git; loaded when somebody compares."""
        if self._compared is None:
            from campcompile.preview.comparing import Past

            self._compared = Past(self.workshop.root)
        return self._compared


def _head(state: State) -> dict[str, Any]:
    return {"revision": state.revision, "judged": state.judged, "trouble": state.trouble}


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
