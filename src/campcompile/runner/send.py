"""One e-mail of a bundle to the people of a file: first what would go, then, if asked, the going."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO, TypeVar

from campcompile.errors import RenderError
from campcompile.manifest import ONE_CLICK
from campcompile.runner.bundle import Bundle, Current
from campcompile.runner.clock import Clock
from campcompile.runner.delivery import Account, Delivery, Item, Spent
from campcompile.runner.ledger.entry import Entry, Finished, State, Terms
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.mailing import Mailing
from campcompile.runner.planned import PlanRows
from campcompile.runner.rates import Rates
from campcompile.runner.recipients import Person, SetAside, read_recipients
from campcompile.runner.transport import Transport
from campcompile.runner.window import counted_since
from campcompile.values import dataclass

T = TypeVar("T")
_AT_ONCE = 500  # rows that are planned in one durable write
_LOOKED_AT = 100  # rows that are asked for at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would go, and what not; nothing of it names a person."""

    email: str
    locales: Mapping[str, int]  # how many messages go in each, by the locales' names
    set_aside: tuple[SetAside, ...]
    left_out: Mapping[str, int]  # why not → how many: the audience, stop_when, the e-mail's own condition
    known: Mapping[str, int]  # what the ledger says became of others before → how many
    ignored: tuple[str, ...]
    subjects: Mapping[str, str]  # locale → the subject as neutral text

    @property
    def due(self) -> int:
        return sum(self.locales.values())


class Send:
    """One e-mail of a bundle, a file, and a ledger."""

    def __init__(
        self,
        bundle: Bundle,
        email_id: str,
        recipients: bytes | Callable[[], BinaryIO],
        ledger: Ledger,
        clock: Clock,
        *,
        asks_consent: bool = False,
        makes_links: bool = False,
        plan: PlanRows | None = None,
    ) -> None:
        """`makes_links`: where the file has no links to leave by, they are made under the ledger's secret.

        With a plan only its rows go, at its instants: the file then needs `recipient_id`, and `anchor_id` as it has.

        Raises UsageError for an unknown e-mail, RecipientsError for a file that can't be used."""
        self.mailing = Mailing(bundle, bundle.email(email_id), asks_consent=asks_consent)
        supplied = frozenset((ONE_CLICK,)) if makes_links else frozenset[str]()
        self.recipients = read_recipients(recipients, bundle.manifest, self.mailing.needed, supplied)
        self.planned = plan
        self.ledger = ledger
        self.clock = clock
        self._is_current = Current(bundle)
        self._reckoned: datetime | None = None
        self._agreed_since: datetime | None = None
        self._counted_since: datetime | None = None
        self._cap: int | None = None

    def plan(self, known: Ledger | None = None) -> Plan:
        """Read the file, and write into the ledger who is to get what; nothing leaves.

        With `known` the ledger is a trial, and `known` tells what is there already: then each message is made once,
        too, to be sure that it can be. Two rows of the same person and anchor count once.
        """
        planning, began = self.ledger.new_planning(), self.clock.now()
        aside: list[SetAside] = []
        left_out: Counter[str] = Counter()
        before: Counter[str] = Counter()
        locales: Counter[str] = Counter()
        for people in _some(self._in_audience(aside, left_out, makes=known is not None), _AT_ONCE):
            now = self.clock.now()
            entries = [self.mailing.entry(person, self.ledger.secret, now) for person in people]
            elsewhere = self._known_elsewhere(entries, people, known)
            fresh = [number for number, entry in enumerate(entries) if entry.key not in elsewhere]
            before.update(state.value for state in elsewhere.values())
            answers = self.ledger.plan([entries[number] for number in fresh], began, planning)
            for number, answer in zip(fresh, answers, strict=True):
                person = people[number]
                if answer.is_new:
                    locales[person.locale] += 1
                elif answer.state is State.PLANNED:
                    aside.append(SetAside(person.row, f"the same recipient as row {answer.row}"))
                else:
                    before[answer.state.value] += 1
        return Plan(
            email=self.mailing.email.id,
            locales=dict(sorted(locales.items())),
            set_aside=tuple(sorted(aside)),
            left_out=dict(sorted(left_out.items())),
            known=dict(sorted(before.items())),
            ignored=self.recipients.ignored,
            subjects={rendering.locale: rendering.subject for rendering in self.mailing.renderings.values()},
        )

    def carry_out(
        self,
        transports: Sequence[Transport],
        *,
        rates: Rates | None = None,
        most: int | None = None,
        on_progress: Callable[[int], None] = lambda done: None,
        on_end: Callable[[str, Finished], None] = lambda token, ended: None,
    ) -> Account:
        """Deliver what is planned and due, `most` messages at most; with one transport in the file's order.

        Raises DeliveryError where the transport doesn't open at all, LedgerError where nothing can be written.
        """
        delivery = Delivery(
            self.ledger, transports, self._terms, self.clock, rates=rates, on_progress=on_progress, on_end=on_end
        )
        return delivery.run(_at_most(most, self._items()))

    def _rows(self) -> Iterator[Person | SetAside | str]:
        """People with all that their message needs, rows that are wrong, and why others don't go."""
        for one in self.recipients.rows():
            if isinstance(one, SetAside):
                yield one
                continue
            person = self.mailing.completed(one, self.ledger.secret)
            if self.planned is None:
                yield person
            else:
                yield from self.planned.of(person, self.mailing.anchor(person))

    def _in_audience(self, aside: list[SetAside], left_out: Counter[str], *, makes: bool) -> Iterator[Person]:
        """People who get a message, as far as the file tells; the others are noted."""
        for one in self._rows():
            if isinstance(one, SetAside):
                aside.append(one)
                continue
            if isinstance(one, str):
                left_out[one] += 1
                continue
            now = self.clock.now()
            try:
                if reason := self.mailing.reason_against(one, now):
                    left_out[reason] += 1
                    continue
                if makes:
                    self.mailing.envelope(one, now, "0" * 32)
            except RenderError as error:
                aside.append(SetAside(one.row, error.message))
                continue
            yield one

    def _known_elsewhere(
        self, entries: Sequence[Entry], people: Sequence[Person], known: Ledger | None
    ) -> Mapping[bytes, State]:
        """What another ledger knows to be over, and what went under an e-mail's older id."""
        states: dict[bytes, State] = {}
        ledger = known or self.ledger
        if known is not None:
            states |= known.states([entry.key for entry in entries])
        if was := self.mailing.email.was:
            olds = {
                self.mailing.key(person, ledger.secret, was): entry.key
                for person, entry in zip(people, entries, strict=True)
            }
            states |= {olds[old]: state for old, state in ledger.states(list(olds)).items()}
        over = (State.PLANNED, State.CANCELLED)
        return {key: state for key, state in states.items() if state not in over}

    def _items(self) -> Iterator[Item | Spent]:
        """What is planned and due, made; read from the file anew."""
        people = (one for one in self._rows() if isinstance(one, Person))
        for some in _some(people, _LOOKED_AT):
            keys = [self.mailing.key(person, self.ledger.secret) for person in some]
            due = self.ledger.due(keys, self.clock.now())
            for person, key in zip(some, keys, strict=True):
                if key in due:
                    due.discard(key)  # another row of the same person and anchor gets nothing
                    yield self._made(person, key)

    def _made(self, person: Person, key: bytes) -> Item | Spent:
        now = self.clock.now()
        token = self.ledger.secret.token(key)
        try:
            if reason := self.mailing.reason_against(person, now):
                return Spent(key=key, row=person.row, reason=reason, is_wrong=False)
            envelope = self.mailing.envelope(person, now, token)
        except RenderError as error:
            return Spent(key=key, row=person.row, reason=error.message, is_wrong=True)
        return Item(key=key, row=person.row, token=token, envelope=envelope)

    def _terms(self) -> Terms:
        """By the clock; where windows begin is reckoned once a second."""
        now = self.clock.now()
        if now.replace(microsecond=0) != self._reckoned:
            self._reckoned = now.replace(microsecond=0)
            cap, zone = self.mailing.manifest.practice.frequency_cap, self.mailing.manifest.practice.zone
            self._agreed_since = self.mailing.agreed_since(now)
            self._cap = cap.max if cap else None
            self._counted_since = counted_since(cap.per, now, zone) if cap else None
        return Terms(
            now=now,
            digest=self.mailing.manifest.digest if self._is_current() else "",
            cap=self._cap,
            counted_since=self._counted_since,
            agreed_since=self._agreed_since,
        )


def _at_most(most: int | None, items: Iterator[Item | Spent]) -> Iterator[Item | Spent]:
    left = most
    for one in items:
        if isinstance(one, Item) and left is not None:
            if left <= 0:
                return
            left -= 1
        yield one


def _some(values: Iterable[T], count: int) -> Iterator[list[T]]:
    """In lists of at most `count`."""
    rest = iter(values)
    while some := list(islice(rest, count)):
        yield some
