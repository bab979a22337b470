"""The ledger: plans, claims and ends, each a durable write; what a person may do to them; and how they are told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import randbits, token_hex
from tempfile import TemporaryDirectory
from typing import Any

from campcompile.errors import LedgerError
from campcompile.runner.ledger.chain import following
from campcompile.runner.ledger.entry import Entry, Finished, Sight, State, Terms, Turn, policy_of
from campcompile.runner.ledger.place import Place, place_at
from campcompile.runner.ledger.secret import Secret, make_secret, new_secret, read_secret
from campcompile.runner.ledger.sqlite import Sqlite
from campcompile.runner.ledger.store import CHAIN, Store
from campcompile.runner.ledger.tables import FORMAT
from campcompile.values import dataclass

ALL = ""  # every campaign, e-mail or layer
_MAKES = "the first campcompile send --ledger makes it"
_MANY = 500  # values in one query, and entries that are planned at once
_ANEW = ("planned", "cancelled")  # planning again renews these; what ended otherwise stays ended
_SIGHT = """SELECT s.key, s.state, s.send_at, s.expires_at, s.quiet_from, s.quiet_until, s.not_before, s.digest,
  s.layer, s.person,
  EXISTS (SELECT 1 FROM suppressions x WHERE x.address = s.address AND x.layer IN ('', s.layer)),
  CASE WHEN s.consent = '' THEN NULL
    ELSE COALESCE((SELECT c.given FROM consents c WHERE c.person = s.person AND c.consent = s.consent), -1) END,
  EXISTS (SELECT 1 FROM pauses p WHERE p.campaign IN ('', s.campaign)),
  EXISTS (SELECT 1 FROM stops t WHERE t.campaign IN ('', s.campaign) AND t.item IN ('', s.item)
    AND (t.person = s.person OR length(t.person) = 0) AND t.at >= s.planned_at),
  s.campaign
FROM sends s WHERE s.key IN ({})"""
_COUNTED = """SELECT count(*) FROM sends WHERE person = ? AND changed_at > ?
  AND state IN ('sent', 'claimed', 'unknown') AND campaign <> ?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What planning did with one entry."""

    state: State  # planned, or what it was already
    row: int  # of the file, where the key came first
    is_new: bool  # planned by this planning, for the first time in it


class Ledger:
    """One ledger, open."""

    def __init__(self, store: Store, secret: Secret) -> None:
        """Raises LedgerError where the secret isn't the ledger's, or the ledger is of another version."""
        self.store = store
        self.secret = secret
        self.chain = CHAIN
        self.writer = token_hex(8)
        with store.transaction():
            store.hold(["facts"])
            facts = {name: bytes(value) for name, value in store.rows("SELECT name, value FROM facts")}
            if not facts:
                store.run("INSERT INTO facts VALUES ('format', ?)", (str(FORMAT).encode(),))
                store.run("INSERT INTO facts VALUES ('secret', ?)", (secret.fingerprint,))
        if facts and facts.get("format") != str(FORMAT).encode():
            raise LedgerError("the ledger is of another version of campcompile", help="send with that version")
        if facts and facts.get("secret") != secret.fingerprint:
            raise LedgerError(
                "the ledger's secret is another ledger's",
                help="put back the file that was made with it: with another one everything would go again",
            )

    @classmethod
    def open(cls, where: Place | Path, *, make: bool = True) -> Ledger:
        """The ledger in a file or in PostgreSQL; where there is none, it is made. Raises LedgerError."""
        place = place_at(where) if isinstance(where, Path) else where
        if place.file is None:
            return cls._in_postgres(place, make=make)
        if place.file.exists():
            return cls(Sqlite(place.file), read_secret(place.secret))
        if not make:
            raise LedgerError(f"there is no ledger {place}", help=_MAKES)
        if not place.file.parent.is_dir():
            raise LedgerError(f"there is no folder `{place.file.parent}` for the ledger", help="make it first")
        made = make_secret(place.secret)
        return cls(Sqlite(place.file), made)

    @classmethod
    def is_there(cls, place: Place) -> bool:
        """Whether somebody has made it. Raises LedgerError."""
        if place.file is not None:
            return place.file.exists()
        from campcompile.runner.ledger.postgres import Postgres

        with closing(Postgres(place)) as store:
            return store.has_tables

    @classmethod
    def _in_postgres(cls, place: Place, *, make: bool) -> Ledger:
        from campcompile.runner.ledger.postgres import Postgres

        store = Postgres(place)
        if store.has_tables:
            return cls(store, read_secret(place.secret))
        if not make:
            store.close()
            raise LedgerError(f"there is no ledger {place}", help=_MAKES)
        made = make_secret(place.secret)
        store.make()
        return cls(store, made)

    @classmethod
    @contextmanager
    def passing(cls, secret: Secret | None = None) -> Iterator[Ledger]:
        """A ledger that is forgotten at the end; it holds no more than a lasting one."""
        with TemporaryDirectory(prefix="campcompile-") as folder:
            made = secret or new_secret()  # in memory alone: what a killed process leaves behind tells nobody
            ledger = cls(Sqlite(Path(folder, "ledger")), made)
            try:
                yield ledger
            finally:
                ledger.close()

    def close(self) -> None:
        self.store.close()

    # Sending

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the one who sends, or with PostgreSQL one of many, each alone in its seat. Raises LedgerError.

        What a sender that died had on its way is unknown from now on.
        """
        with self.store.seat() as chain:
            self.chain, self.writer = chain, f"{chain} {token_hex(8)}"
            try:
                self._give_up()
                yield
            finally:
                self.chain = CHAIN

    def _give_up(self) -> None:
        with self.store.transaction():
            writers = self.store.rows("SELECT DISTINCT writer FROM sends WHERE state = 'claimed'")
            left = [id for (writer,) in writers if self.store.is_deserted(writer) for id in self._claims(writer)]
            if left:
                self.store.run_many(  # the instant stays the claim's
                    "UPDATE sends SET state = 'unknown', reason = 'its sender died' WHERE id = ?",
                    [(id,) for id in left],
                )
                self.link(ms(datetime.now(UTC)), "died", {"unknown": left})

    def _claims(self, writer: str) -> list[int]:
        sql = "SELECT id FROM sends WHERE state = 'claimed' AND writer = ?"
        return [row[0] for row in self.store.rows(sql + self.store.holding, (writer,))]

    def new_planning(self) -> int:
        """A number for one pass over a file."""
        return randbits(62) + 1

    def plan(self, entries: Sequence[Entry], now: datetime, planning: int = 0) -> list[Planned]:
        """Write what shall leave; what is known by its key stays what it is, one answer each, in order.

        What is still planned, or was cancelled and never left, is planned anew. Raises LedgerError.
        """
        if not entries:
            return []
        at = ms(now)
        with self.store.transaction():
            self.store.hold(["planning"])  # one plans at a time: no two wait for each other's keys
            known = self.known([entry.key for entry in entries], self.store.holding)
            answers, rows = [], []
            for entry in entries:
                before = known.get(entry.key)
                if before is not None and before[0] not in _ANEW:
                    answers.append(Planned(state=State(before[0]), row=before[1], is_new=False))
                elif before is not None and planning and before[2] == planning:
                    answers.append(Planned(state=State.PLANNED, row=before[1], is_new=False))
                else:
                    rows.append(_row(entry, planning, at))
                    known[entry.key] = ("planned", entry.row, planning)
                    answers.append(Planned(state=State.PLANNED, row=entry.row, is_new=True))
            self.store.run_many(_INSERT, rows)
            self.link(at, "plan", {"planned": len(rows)})
        return answers

    def states(self, keys: Sequence[bytes]) -> Mapping[bytes, State]:
        """What is known of some keys."""
        return {key: State(found[0]) for key, found in self.known(keys).items()}

    def due(self, keys: Sequence[bytes], now: datetime) -> set[bytes]:
        """Those that are planned and may be asked for now: a first look, so that the others needn't be made.

        None of them where another sender goes through the same part of the file at this moment.
        """
        if not self.store.reserve(keys[0].hex()):
            return set()
        at = ms(now)
        rows = self.store.rows(
            f"SELECT key FROM sends WHERE key IN ({_marks(keys)})"
            " AND state = 'planned' AND send_at <= ? AND not_before <= ?",
            (*keys, at, at),
        )
        return {bytes(row[0]) for row in rows}

    def turn(self, finished: Iterable[Finished], wanted: Sequence[bytes], terms: Terms) -> Turn:
        """What has ended is written, and what may leave now is claimed: one write, on the disk when this returns."""
        at = ms(terms.now)
        ended = list(finished)
        held: list[tuple[bytes, Sight]] = []
        with self.store.transaction():
            self.end(ended, at)
            self._forget_mailboxes(ended, at)
            rows = self._sights(wanted, self.store.passing)
            if terms.cap is not None:
                self.store.hold(row[9].hex() for row in rows)  # nobody else counts for these persons meanwhile
            sights = {bytes(row[0]): (row, self._judged(row, terms)) for row in rows}
            claimed = [key for key in wanted if key in sights and sights[key][1] is None]
            for key in wanted:
                sight = sights[key][1] if key in sights else Sight(State.PLANNED, "not planned")
                if sight is not None:
                    held.append((key, sight))
            self.end([Finished(key, s.state, s.reason) for key, s in held if s.state is not State.PLANNED], at)
            if claimed:
                claim = "UPDATE sends SET state = 'claimed', writer = ?, changed_at = ?, tries = tries + 1"
                self.store.run(f"{claim} WHERE key IN ({_marks(claimed)})", (self.writer, at, *claimed))
            if ended or claimed or any(sight.state is not State.PLANNED for _, sight in held):
                self.link(at, "turn", self.told(ended, held, claimed))
        return Turn(tuple(claimed), tuple(held))

    def look(self, key: bytes, terms: Terms) -> Sight | None:
        """The last look before something claimed is handed over: None, or why it mustn't leave after all."""
        for row in self._sights([key]):
            if row[1] != "claimed":
                return Sight(State(row[1]), "no longer claimed")
            return self._judged(("", "planned", *row[2:]), terms)
        return Sight(State.CANCELLED, "no longer known")

    def another(self) -> Ledger:
        """The same ledger for another thread, to look into."""
        twin = object.__new__(Ledger)
        twin.store, twin.secret = self.store.another(), self.secret
        twin.chain, twin.writer = self.chain, self.writer
        return twin

    def tries(self, key: bytes) -> int:
        return int(self.store.rows("SELECT tries FROM sends WHERE key = ?", (key,))[0][0])

    # For orders and accounts

    def known(self, keys: Sequence[bytes], holding: str = "") -> dict[bytes, tuple[str, int, int]]:
        """State, row of the file, and planning."""
        found: dict[bytes, tuple[str, int, int]] = {}
        for start in range(0, len(keys), _MANY):
            some = keys[start : start + _MANY]
            for row in self.store.rows(
                f"SELECT key, state, source_row, planning FROM sends WHERE key IN ({_marks(some)}){holding}", some
            ):
                found[bytes(row[0])] = row[1:]
        return found

    def _sights(self, keys: Sequence[bytes], passing: str = "") -> list[tuple[Any, ...]]:
        return self.store.rows(_SIGHT.format(_marks(keys)) + passing, keys) if keys else []

    def _judged(self, row: Sequence[Any], terms: Terms) -> Sight | None:
        """The order is: for good, then not now. A deadline itself is in time, and both ends of quiet hours are free."""
        (_, state, send, expires, quiet_from, quiet_until, not_before, digest, layer, person) = row[:10]
        suppressed, given, paused, stopped, campaign = row[10:]
        now = ms(terms.now)
        if state != "planned":
            return Sight(State.PLANNED, "not planned")
        if stopped:
            return Sight(State.CANCELLED, "by hand")
        if now > expires:
            return Sight(State.EXPIRED, "past its deadline")
        if suppressed:
            return Sight(State.SUPPRESSED, "opted out or bounced")
        if given is not None and given < (ms(terms.agreed_since) if terms.agreed_since else 0):
            return Sight(State.SUPPRESSED, "no consent")
        if paused:
            return Sight(State.PLANNED, "paused")
        if digest != terms.digest:
            return Sight(State.PLANNED, "planned from another bundle")
        if now < send or now < not_before:
            return Sight(State.PLANNED, "not due yet")
        if quiet_from is not None and quiet_from < now < quiet_until:
            return Sight(State.PLANNED, "quiet hours")
        if terms.cap is not None and layer != "essential" and person:
            since = ms(terms.counted_since or terms.now)
            if self.store.rows(_COUNTED, (person, since, campaign))[0][0] >= terms.cap:
                return Sight(State.PLANNED, "frequency cap")
        return None

    def end(self, ended: Sequence[Finished], at: int) -> None:
        """Write down what has ended. A claim is its claimer's alone: who was taken for dead changes nobody else's."""
        if ended and self.store.holding:  # in the order of ids, as everybody
            keys = [one.key for one in ended]
            self.store.rows(f"SELECT id FROM sends WHERE key IN ({_marks(keys)}){self.store.holding}", keys)
        alike: dict[tuple[str, str, int], list[bytes]] = {}  # most ends are one: sent
        for one in ended:
            end = one.state.value, one.reason, ms(one.not_before) if one.not_before else 0
            alike.setdefault(end, []).append(one.key)
        for end, keys in alike.items():
            self.store.run(
                f"UPDATE sends SET state = ?, reason = ?, not_before = ?, changed_at = ? WHERE key IN ({_marks(keys)})"
                " AND (state IN ('planned', 'unknown') OR (state = 'claimed' AND writer = ?))",
                (*end, at, *keys, self.writer),
            )

    def _forget_mailboxes(self, ended: Sequence[Finished], at: int) -> None:
        gone = [(at, one.key) for one in ended if one.is_gone]
        if not gone:
            return
        self.store.hold(["suppressions"])
        self.store.run_many(
            "INSERT INTO suppressions SELECT address, '', ?, 'bounce' FROM sends WHERE key = ?"
            " ON CONFLICT (address, layer) DO NOTHING",
            gone,
        )

    def told(
        self, ended: Sequence[Finished], held: Sequence[tuple[bytes, Sight]], claimed: Sequence[bytes]
    ) -> Mapping[str, Any]:
        """Which changed to what, by the ledger's own numbers."""
        changes = [(one.key, one.state.value) for one in ended]
        changes += [(key, sight.state.value) for key, sight in held if sight.state is not State.PLANNED]
        changes += [(key, "claimed") for key in claimed]
        keys = [key for key, _ in changes]
        numbers = {
            bytes(key): id
            for key, id in self.store.rows(f"SELECT key, id FROM sends WHERE key IN ({_marks(keys)})", keys)
        }
        told: dict[str, list[int]] = {}
        for key, state in changes:
            told.setdefault(state, []).append(numbers[key])
        return told

    def link(self, at: int, what: str, details: Mapping[str, Any]) -> None:
        """One more link of the audit, within the transaction of what it tells."""
        if self.chain == CHAIN:  # a runner's own is its own
            self.store.hold(["audit"])
        last = self.store.rows(
            "SELECT number, digest FROM audit WHERE chain = ? ORDER BY number DESC LIMIT 1", (self.chain,)
        )
        number, before = (last[0][0] + 1, last[0][1]) if last else (1, "")
        text = json.dumps(details, separators=(",", ":"), ensure_ascii=False)
        digest = following(before, self.chain, number, at, what, text)
        self.store.run("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (self.chain, number, at, what, text, digest))


_INSERT = """INSERT INTO sends (key, campaign, item, digest, layer, policy, consent, person, address, source_row,
  planning, planned_at, send_at, expires_at, quiet_from, quiet_until, state, changed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned', ?)
ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, consent = excluded.consent, source_row = excluded.source_row,
  planning = excluded.planning, planned_at = excluded.planned_at, send_at = excluded.send_at,
  expires_at = excluded.expires_at, quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
  state = 'planned', reason = '', changed_at = excluded.changed_at
WHERE sends.state IN ('planned', 'cancelled')"""


def _row(entry: Entry, planning: int, at: int) -> tuple[Any, ...]:
    quiet = (None, None) if entry.quiet is None else (ms(entry.quiet[0]), ms(entry.quiet[1]))
    return (
        entry.key, entry.campaign, entry.item, entry.digest, entry.layer, policy_of(entry.layer).value, entry.consent,
        entry.person, entry.address, entry.row, planning, at, ms(entry.send), ms(entry.expires), *quiet, at,
    )  # fmt: skip


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def ms(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
