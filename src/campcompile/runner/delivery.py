"""The way from the ledger to the world: claim, look once more, hand over, write down; some connections at once.

One thread talks to the ledger. It writes in one durable step what has ended and what may leave next, never more than
there are connections; so whatever kills it leaves at most that many messages that nobody knows about.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import monotonic

from campcompile.errors import DeliveryError
from campcompile.runner.breaker import trouble
from campcompile.runner.clock import Clock
from campcompile.runner.ledger.entry import Finished, Sight, State, Terms
from campcompile.runner.ledger.ledger import ALL, Ledger
from campcompile.runner.ledger.orders import pause
from campcompile.runner.message import Envelope
from campcompile.runner.rates import Rates
from campcompile.runner.retry import wait_before
from campcompile.runner.transport import Fate, Outcome, Transport
from campcompile.values import dataclass

_IN_A_ROW = 3  # so many unknown messages, or connections that don't open, and it stops: the server is ill
_TRIES_AT_ONCE = 3  # of a message whose connection was lost before it was complete
_MOST_SPENT = 500  # rows that get no message, written at once
_JUDGED_EACH = 100  # messages; later each hundredth part, since there is more to count
_GATHER_S = 0.008  # how long answers are gathered for one durable write, from the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A message that is ready."""

    key: bytes
    row: int
    token: str
    envelope: Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """A planned row that gets no message after all. It may be planned again: nothing left."""

    key: bytes
    row: int
    reason: str
    is_wrong: bool  # it can't be made, and the file is to be mended


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of the rows that were tried."""

    sent: int
    set_aside: Mapping[int, str]  # row → why its message can't be made
    refused: Mapping[int, str]  # row → why, for good
    unknown: Mapping[int, str]  # row → what is known of it
    later: Mapping[str, int]  # why not now → how many stay planned
    ended: Mapping[str, int]  # why never → how many: past its deadline, opted out …
    failure: str  # why it stopped early; "" where it didn't
    help: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a connection says of one item: its outcome, or a sight that kept it back, or a failure of ours."""

    item: Item
    outcome: Outcome | Sight | DeliveryError | BaseException


class Answers:
    """What connections say. They ring for the first answer and for the last that is awaited, not for each."""

    def __init__(self) -> None:
        self._said: list[Said] = []
        self._bell: SimpleQueue[None] = SimpleQueue()
        self._lock = Lock()
        self._awaited = 1

    def put(self, said: Said) -> None:
        with self._lock:  # else two could come first at once, and neither ring
            self._said.append(said)
            rings = len(self._said) in (1, self._awaited)
        if rings:
            self._bell.put(None)

    def some(self, awaited: int, within_s: float) -> list[Said]:
        """At least one, and what comes within so many seconds of it, at most `awaited`."""
        with self._lock:
            self._awaited = awaited
        while not self._said:
            self._bell.get()
        end = monotonic() + within_s
        with suppress(Empty):
            while len(self._said) < awaited and (left := end - monotonic()) > 0:
                self._bell.get(timeout=left)
        with self._lock:
            said = list(self._said)
            self._said.clear()
        return said


class Delivery:
    """One run."""

    def __init__(
        self,
        ledger: Ledger,
        transports: Sequence[Transport],
        terms: Callable[[], Terms],
        clock: Clock,
        *,
        rates: Rates | None = None,
        on_progress: Callable[[int], None] = lambda done: None,
        on_end: Callable[[str, Finished], None] = lambda token, ended: None,
    ) -> None:
        """`on_end` is told each answer, by the message's token; it raises nothing."""
        self.rates = rates or Rates()
        self.ledger = ledger
        self.terms = terms
        self.clock = clock
        self.on_progress = on_progress
        self.on_end = on_end
        self.answers = Answers()
        self.hands = [_Hand(transport, ledger, terms, self.answers) for transport in transports]
        self.on_way: dict[bytes, _Hand] = {}
        self.again: deque[Item] = deque()
        self.made: deque[Item | Spent] = deque()  # while connections were busy
        self.tries: Counter[bytes] = Counter()
        self.in_a_row = 0
        self.next_judged = 0
        self.sent = 0
        self.set_aside: dict[int, str] = {}
        self.refused: dict[int, str] = {}
        self.unknown: dict[int, str] = {}
        self.later: Counter[str] = Counter()
        self.ended: Counter[str] = Counter()
        self.failure: DeliveryError | None = None
        self.fault: BaseException | None = None

    def run(self, items: Iterator[Item | Spent]) -> Account:
        """Deliver what comes; returns when all is over, and all is written down.

        Raises DeliveryError where the transport doesn't open at all: then nothing was claimed. Raises LedgerError
        where something can't be written: what was on its way then is unknown to the next run.
        """
        self.hands[0].transport.open()
        self.hands[0].is_open = True
        for hand in self.hands:
            hand.prepare()
        for hand in self.hands:
            hand.start()
        try:
            self._deliver(items)
        finally:
            for hand in self.hands:
                hand.stop()
            self._close(self._rest())
        if self.fault is not None:
            raise self.fault
        if self.again:
            self.later["not tried again"] += len(self.again)
        return Account(
            sent=self.sent,
            set_aside=dict(sorted(self.set_aside.items())),
            refused=dict(sorted(self.refused.items())),
            unknown=dict(sorted(self.unknown.items())),
            later=dict(sorted(self.later.items())),
            ended=dict(sorted(self.ended.items())),
            failure=self.failure.message if self.failure else "",
            help=self.failure.help if self.failure else "",
        )

    def _deliver(self, items: Iterator[Item | Spent]) -> None:
        finished: list[Finished] = []
        self._judge()
        while True:
            batch = [] if self._stops() else self._next(items, finished)
            if not batch and not finished and not self.on_way:
                return
            turn = self.ledger.turn(finished, [item.key for item in batch], self.terms())
            waiting = {item.key: item for item in batch}
            for key, sight in turn.held:
                self._kept(waiting[key], sight)
            free = [hand for hand in self.hands if not hand.is_busy]
            for key, hand in zip(turn.claimed, free, strict=False):
                self.on_way[key] = hand
                hand.take(waiting[key])
            self._judge()
            if self.on_way:
                self.made.extend(islice(items, len(self.hands) - len(self.made)))
            finished = self._gathered() if self.on_way else []
            self.on_progress(self.sent + len(self.refused) + len(self.unknown))

    def _next(self, items: Iterator[Item | Spent], finished: list[Finished]) -> list[Item]:
        """As many as there are free connections; rows that get none are finished at once."""
        batch: list[Item] = []
        room = len(self.hands) - len(self.on_way)
        while len(batch) < room and len(finished) < _MOST_SPENT:
            if self.again:
                batch.append(self.again.popleft())
                continue
            one = self.made.popleft() if self.made else next(items, None)
            if one is None:
                break
            if isinstance(one, Spent):
                finished.append(Finished(one.key, State.CANCELLED, one.reason))
                if one.is_wrong:
                    self.set_aside[one.row] = one.reason
                else:
                    self.ended[one.reason] += 1
            else:
                self.rates.wait(one.envelope.recipient)
                batch.append(one)
        return batch

    def _gathered(self) -> list[Finished]:
        """What ended: at least one, and what comes within an instant of it, to be written together."""
        return [self._ended(said) for said in self.answers.some(len(self.on_way), _GATHER_S)]

    def _rest(self) -> list[Finished]:
        found: list[Finished] = []
        while self.on_way:
            found += self._gathered()
        return found

    def _close(self, finished: list[Finished]) -> None:
        if finished:
            self.ledger.turn(finished, (), self.terms())

    def _ended(self, said: Said) -> Finished:
        finished = self._finish(said)
        self.on_end(said.item.token, finished)
        return finished

    def _finish(self, said: Said) -> Finished:
        """What one answer means for the ledger."""
        item = said.item
        del self.on_way[item.key]
        match said.outcome:
            case Outcome(fate=Fate.ACCEPTED):
                self.in_a_row = 0
                self.sent += 1
                return Finished(item.key, State.SENT)
            case Outcome(fate=Fate.REFUSED, reason=reason, is_gone=is_gone):
                self.in_a_row = 0
                self.refused[item.row] = reason
                return Finished(item.key, State.FAILED, reason, is_gone=is_gone)
            case Outcome(fate=Fate.UNKNOWN, reason=reason):
                self.unknown[item.row] = reason
                self._ill("the server breaks off when it has a message, and doesn't say whether it took it")
                return Finished(item.key, State.UNKNOWN, reason)
            case Outcome(reason=reason, is_open=is_open):
                return self._deferred(item, reason, is_open)
            case Sight() as sight:
                self._kept(item, sight)
                return Finished(item.key, sight.state, sight.reason)
            case DeliveryError() as failure:
                self._ill(failure.message, failure)
                return self._deferred(item, failure.message, is_open=False)
            case fault:
                self.fault = fault
                return Finished(item.key, State.UNKNOWN, "our own fault")

    def _deferred(self, item: Item, reason: str, is_open: bool) -> Finished:
        """Certainly not taken. A broken line is mended at once, a server that says "later" is given time."""
        if not is_open and not self.failure:
            self.tries[item.key] += 1
            if self.tries[item.key] < _TRIES_AT_ONCE:
                self.again.append(item)
                return Finished(item.key, State.PLANNED, reason)
        self.later[reason] += 1
        wait = wait_before(self.ledger.tries(item.key))
        return Finished(item.key, State.PLANNED, reason, self.clock.now() + wait)

    def _kept(self, item: Item, sight: Sight) -> None:
        if sight.state is State.PLANNED:
            self.later[sight.reason] += 1
        else:
            self.ended[sight.reason] += 1

    def _ill(self, message: str, failure: DeliveryError | None = None) -> None:
        self.in_a_row += 1
        if self.in_a_row >= _IN_A_ROW:
            self.failure = failure or DeliveryError(message, help="look after the server, then run the command again")

    def _stops(self) -> bool:
        if self.failure is None and self.fault is None and (jump := self.clock.jump()):
            self.failure = DeliveryError(
                f"the machine's clock was moved by {_told(jump)} meanwhile",
                help="see that it is right, then run it again",
            )
        if self.failure is None and not self.terms().digest:
            self.failure = DeliveryError(
                "the campaign was compiled anew meanwhile", help="run the same command again: what was sent stays so"
            )
        return self.failure is not None or self.fault is not None

    def _judge(self) -> None:
        """Pause everything where too many bounce, complain or leave: looked at before the first, then now and then."""
        done = self.sent + len(self.refused)
        if self.failure is not None or done < self.next_judged:
            return
        self.next_judged = done + max(_JUDGED_EACH, done // 100)
        now = self.clock.now()
        if reason := trouble(self.ledger, now):
            pause(self.ledger, ALL, now, reason)
            self.failure = DeliveryError(
                f"stopped: {reason}", help="find out why; campcompile resume --ledger FILE lets it go on"
            )


class _Hand:
    """A connection and the thread that uses it."""

    def __init__(self, transport: Transport, ledger: Ledger, terms: Callable[[], Terms], answers: Answers) -> None:
        self.transport = transport
        self.ledger = ledger
        self.terms = terms
        self.answers = answers
        self.items: SimpleQueue[Item | None] = SimpleQueue()
        self.is_open = False
        self.is_busy = False
        self.view = ledger
        self.thread = Thread(target=self._work, daemon=True)

    def prepare(self) -> None:
        """Raises LedgerError: here, where it can still be told, and not in the thread."""
        self.view = self.ledger.another()

    def start(self) -> None:
        self.thread.start()

    def stop(self) -> None:
        """After what it has."""
        self.items.put(None)
        self.thread.join()

    def take(self, item: Item) -> None:
        self.is_busy = True
        self.items.put(item)

    def _work(self) -> None:
        try:
            while (item := self.items.get()) is not None:
                outcome = self._hand_over(item, self.view)
                self.is_busy = False
                self.answers.put(Said(item, outcome))
        finally:
            self.view.close()
            if self.is_open:
                self.transport.close()

    def _hand_over(self, item: Item, view: Ledger) -> Outcome | Sight | DeliveryError | BaseException:
        try:
            if not self.is_open:
                self.transport.open()
                self.is_open = True
            if (sight := view.look(item.key, self.terms())) is not None:
                return sight
            outcome = self.transport.deliver(item.envelope, item.token)
            if not outcome.is_open:
                self.is_open = False
                self.transport.close()
            return outcome
        except DeliveryError as error:
            return error
        except BaseException as error:  # noqa: BLE001  it is raised again in the thread that runs the show
            return error


def _told(jump: timedelta) -> str:
    return f"{abs(jump.total_seconds()):,.0f} seconds {'forward' if jump > timedelta() else 'back'}"
