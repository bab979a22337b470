"""Carrying out a plan of requests: each once, in order, through the ledger; what is unknown is looked up, not guessed.

Before something is made it is looked for, by the name that the plan gave it. So a ledger that was lost, a line that
broke and a process that was killed all end the same way: what is there is taken, and nothing is made twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from campcompile.errors import ServiceError
from campcompile.runner.api import Answer, Api, NotSentError, UnknownOutcomeError
from campcompile.runner.ledger.entry import Entry, Finished, State, Terms
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.plan_of_requests import Json, Request, RequestPlan, at, filled
from campcompile.runner.services import Reached
from campcompile.values import dataclass

_TRIES = 6
_FIRST_S, _LONGEST_S = 2.0, 60.0
_ONCE_S = 86_400  # how long a claim may be carried out after it was planned
_LAYER = "updates"  # of no person: no cap and no consent is asked
_RATE_LIMIT = 403  # Mailchimp's other word for it, when it says nothing more


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of a plan."""

    done: tuple[str, ...]  # carried out now
    known: tuple[str, ...]  # were done before, or were found there
    left_out: tuple[str, ...]  # optional ones for which nothing was given


class Applier:
    """One plan at one service. `wait` sleeps so many seconds; `chance` is random.uniform."""

    def __init__(
        self,
        plan: RequestPlan,
        reached: Reached,
        api: Api,
        ledger: Ledger,
        given: Mapping[str, Json],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        wait: Callable[[float], None],
        chance: Callable[[float, float], float],
    ) -> None:
        self.plan, self.service, self.api, self.ledger = plan, reached.service, api, ledger
        self.given = {**given, **reached.secrets}
        self.now, self.wait, self.chance = now, wait, chance
        self.answers: dict[str, Json] = {}

    def carry_out(self) -> Applied:
        """All of the plan. Raises ServiceError at the first request that the service refuses or never answers.

        What was done stays done: the same call goes on behind it.
        """
        done: list[str] = []
        known: list[str] = []
        left_out: list[str] = []
        self._demand_given()
        with self.ledger.alone():
            for request in self.plan.requests:
                if request.optional and request.given - self.given.keys():
                    left_out.append(request.step)
                elif request.method == "GET":
                    self._demand(request)
                elif self._once(request):
                    done.append(request.step)
                else:
                    known.append(request.step)
        return Applied(done=tuple(done), known=tuple(known), left_out=tuple(left_out))

    def _demand_given(self) -> None:
        """All that is missing at once, before anything leaves."""
        missing = [name for name in self.plan.asks_for if name not in self.given]
        if missing:
            names = ", ".join(f"`{name}`" for name in missing)
            raise ServiceError(
                f"{names} {'is' if len(missing) == 1 else 'are'} not given", help=f"say it: {said_for(missing)}"
            )

    def _once(self, request: Request) -> bool:
        """Carries a request out, unless it was; False where it was."""
        key = self.ledger.secret.request(self.plan.code, self.plan.target, request.digest)
        state = self.ledger.states([key]).get(key)
        if state is State.SENT and not request.keeps:
            return False
        if self._is_there(request):
            self._finish(key, State.SENT)
            return False
        if state is State.SENT:
            raise ServiceError(
                f"`{request.step}` was made earlier, and isn't there any more",
                help=f"somebody has deleted it at {self.service.name}; export changed words, or make it by hand",
            )
        self._finish(key, State.PLANNED)  # what was unknown isn't there, or may be done twice
        for tries in range(1, _TRIES + 1):
            self._claim(key, request)
            try:
                answer = self._ask(request)
            except NotSentError as error:
                self._finish(key, State.PLANNED)
                self._pause(request, tries, f"can't be reached ({error})")
                continue
            except UnknownOutcomeError as error:
                self._finish(key, State.UNKNOWN)
                self._pause(request, tries, f"gave no answer ({error})")
                if self._is_there(request):
                    self._finish(key, State.SENT)
                    return True
                self._finish(key, State.PLANNED)
                continue
            if answer.is_good:
                self._keep(request, answer)
                self._finish(key, State.SENT)
                return True
            self._finish(key, State.PLANNED)
            if not self._is_busy(answer):
                raise self._refused(request, answer)
            self._pause(request, tries, f"is busy (answer {answer.status})")
        raise AssertionError("the last pause raises")

    def _claim(self, key: bytes, request: Request) -> None:
        """Durably, before anything leaves. Raises ServiceError where the campaign was paused or called off."""
        now = self.now()
        entry = Entry(
            key=key,
            campaign=self.plan.code,
            item=request.step,
            digest=self.plan.digest,
            layer=_LAYER,
            send=now - timedelta(seconds=1),
            expires=now + timedelta(seconds=_ONCE_S),
        )
        self.ledger.plan([entry], now)
        turn = self.ledger.turn(finished=(), wanted=[key], terms=Terms(digest=self.plan.digest, now=now))
        if key not in turn.claimed:
            reason = turn.held[0][1].reason if turn.held else "not planned"
            raise ServiceError(f"`{request.step}` may not leave: {reason}", help="campcompile status tells more")

    def _finish(self, key: bytes, state: State) -> None:
        if key in self.ledger.states([key]):
            terms = Terms(digest=self.plan.digest, now=self.now())
            self.ledger.turn(finished=[Finished(key, state)], wanted=(), terms=terms)

    def _is_there(self, request: Request) -> bool:
        """Looks whether it was carried out already, and keeps what later requests need."""
        if request.find is None:
            return False
        find = request.find
        answer = self._patiently(request, find.path, find.body)
        if not answer.is_good and (answer.status == 404 or answer.name == self.service.absent != ""):
            return False
        if not answer.is_good:
            raise self._refused(request, answer)
        rows = at(answer.data, find.rows) if find.rows else [answer.data]
        value = self._filled(find.value)
        found = next((row for row in rows or () if at(row, find.field) == value), None)
        if found is not None and request.keeps:
            self.answers[request.step] = at(found, request.keeps.rpartition(".")[2]) or at(found, request.keeps)
        return found is not None

    def _demand(self, request: Request) -> None:
        """A question whose answer decides whether anything after it may go, or tells what that needs."""
        if self._is_there(request):
            return
        answer = self._patiently(request, request.path)
        if not answer.is_good:
            raise self._refused(request, answer)
        self._keep(request, answer)
        for name, value in (request.expects or {}).items():
            if at(answer.data, name) != value:
                raise ServiceError(
                    f"{self.service.name} says that it isn't ready (`{request.step}`)",
                    help=f"look at it there: {_reasons(answer.data)}",
                )

    def _patiently(self, request: Request, path: str, body: Json = None) -> Answer:
        """A question, asked again until it is answered: it changes nothing."""
        method = "GET" if body is None else "POST"
        for tries in range(1, _TRIES + 1):
            try:
                answer = self.api.ask(method, self._filled(path), self._filled(body))
            except (NotSentError, UnknownOutcomeError) as error:
                self._pause(request, tries, f"gave no answer ({error})")
                continue
            if not self._is_busy(answer):
                return answer
            self._pause(request, tries, f"is busy (answer {answer.status})")
        raise AssertionError("the last pause raises")

    def _ask(self, request: Request) -> Answer:
        return self.api.ask(request.method, self._filled(request.path), self._filled(request.body))

    def _filled(self, value: Json) -> Json:
        try:
            return filled(value, self.answers, self.given)
        except ValueError as error:
            name = str(error.args[0])
            raise ServiceError(f"`{name}` is no whole number", help=f'say it again: --set "{name}=12"') from None

    def _keep(self, request: Request, answer: Answer) -> None:
        if not request.keeps:
            return
        value = at(answer.data, request.keeps)
        if value is None:
            raise ServiceError(f"{self.service.name} answered `{request.step}` without `{request.keeps}`")
        self.answers[request.step] = value

    def _is_busy(self, answer: Answer) -> bool:
        says_nothing = answer.status == _RATE_LIMIT and not answer.words
        return answer.status in self.service.busy or says_nothing

    def _pause(self, request: Request, tries: int, what: str) -> None:
        """Full jitter, as nobody says how long; raises ServiceError when it was tried often enough."""
        if tries >= _TRIES:
            raise ServiceError(
                f"{self.service.name} {what}, {_TRIES} times (`{request.step}`)", help="the same command goes on later"
            )
        self.wait(self.chance(0, min(_FIRST_S * 2 ** (tries - 1), _LONGEST_S)))

    def _refused(self, request: Request, answer: Answer) -> ServiceError:
        said = f": {answer.words}" if answer.words else ""
        return ServiceError(
            f"{self.service.name} refuses `{request.step}` (answer {answer.status}){said}",
            help="what was done stays done; the same command goes on here when this is mended",
        )


def said_for(names: Iterable[str]) -> str:
    """How a person says them: `--set list=… --set "list letter.en=…"`."""
    return " ".join(f'--set "{name}=…"' if " " in name else f"--set {name}=…" for name in names)


def _reasons(data: Json) -> str:
    """What a checklist finds wrong."""
    items = at(data, "items") or []
    wrong = [str(item.get("heading", "")) for item in items if isinstance(item, dict) and item.get("type") == "error"]
    return "; ".join(filter(None, wrong))[:300] or "it gives no reason"
