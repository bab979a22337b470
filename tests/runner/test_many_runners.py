"""Many runners on one ledger in PostgreSQL: each message is one's, and whoever dies is noticed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from campcompile.errors import LedgerError, UsageError
from campcompile.postgres import connect
from campcompile.runner.ledger import postgres
from campcompile.runner.ledger.account import audit_faults, counts, heads, unknown
from campcompile.runner.ledger.entry import Finished, State
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import cancel, settle, suppress
from campcompile.runner.ledger.place import Place, place_of
from tests.runner.conftest import empty_postgres
from tests.runner.test_ledger import HOUR, NOW, TERMS, entry, key, state

pytestmark = pytest.mark.xdist_group("postgres-ledger")
Opened = Callable[[], Ledger]


@pytest.fixture
def place(server_folder: Path, tmp_path: Path) -> Place:
    return empty_postgres(server_folder, tmp_path)


@pytest.fixture
def runner(place: Place) -> Iterator[Opened]:
    """Opens the ledger and takes a seat, as one more process would."""
    with ExitStack() as held:

        def opened() -> Ledger:
            ledger = Ledger.open(place)
            held.callback(ledger.close)
            held.enter_context(ledger.alone())
            return ledger

        yield opened


def die(ledger: Ledger, seen_by: Ledger) -> None:
    """As by kill -9: the server finds out in an instant of its own."""
    (session,) = ledger.store.rows("SELECT pg_backend_pid()")[0]
    ledger.store.close()
    while seen_by.store.rows("SELECT 1 FROM pg_stat_activity WHERE pid = ?", (session,)):
        time.sleep(0.01)


def test_two_runners_claim_each_message_once(runner: Opened) -> None:
    ledgers, keys = [runner(), runner()], [key(number) for number in range(60)]
    ledgers[0].plan([entry(number) for number in range(60)], NOW - HOUR)
    start, claims = Barrier(2), dict[int, list[bytes]]()

    def send(who: int) -> None:
        start.wait()
        mine: list[bytes] = []
        for at in range(0, 60, 4) if who else range(56, -1, -4):  # they meet in the middle
            ended = [Finished(one, State.SENT) for one in mine[-4:]]
            mine += ledgers[who].turn(ended, keys[at : at + 4], TERMS).claimed
        claims[who] = mine

    threads = [Thread(target=send, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claims[0] + claims[1]) == keys
    assert audit_faults(ledgers[0]) == []
    chains = [chain for chain, _, _ in heads(ledgers[0])]
    # The first has told of the planning; a second that the system lets wait may find all taken, and tell nothing.
    assert chains == (["runner-1", "runner-2"] if claims[1] else ["runner-1"])


def test_what_another_has_locked_is_passed_over_and_not_waited_for(runner: Opened) -> None:
    first, second = runner(), runner()
    first.plan([entry(1), entry(2)], NOW - HOUR)
    with first.store.transaction():
        first.store.rows("SELECT id FROM sends WHERE key = ? FOR UPDATE", (key(1),))
        assert second.turn((), [key(1), key(2)], TERMS).claimed == (key(2),)


def test_a_part_of_a_file_is_one_runners_until_it_goes_on_or_dies(runner: Opened, place: Place) -> None:
    first, second = runner(), runner()
    first.plan([entry(1), entry(2)], NOW - HOUR)
    assert first.due([key(1)], NOW) == {key(1)}
    assert second.due([key(1)], NOW) == set() and second.due([key(2)], NOW) == {key(2)}
    first.due([key(3)], NOW)
    assert second.due([key(1)], NOW) == {key(1)}
    die(second, first)
    assert first.due([key(1)], NOW) == {key(1)}


def test_who_dies_leaves_what_is_unknown_and_who_lives_keeps_its_claims(runner: Opened) -> None:
    dead, alive = runner(), runner()
    dead.plan([entry(number) for number in (1, 2, 3)], NOW - HOUR)
    dead.turn((), [key(1)], TERMS)
    alive.turn((), [key(2)], TERMS)
    die(dead, alive)
    third = runner()
    assert [(one.row, one.reason) for one in unknown(third)] == [(2, "its sender died")]
    assert [state(third, number) for number in (1, 2, 3)] == [State.UNKNOWN, State.CLAIMED, State.PLANNED]
    assert third.chain == "runner-1", "the dead one's seat"


def test_who_was_taken_for_dead_changes_nobody_elses_claim(runner: Opened) -> None:
    late, other = runner(), runner()
    late.plan([entry(1, layer="essential")], NOW - HOUR)
    late.turn((), [key(1)], TERMS)
    other.store.run("UPDATE sends SET state = 'unknown'")  # as if the line of `late` had been cut
    settle(other, [Finished(key(1), State.PLANNED)], NOW, "feed")
    assert other.turn((), [key(1)], TERMS).claimed == (key(1),)
    late.turn([Finished(key(1), State.PLANNED)], (), TERMS)
    assert state(other) is State.CLAIMED


def test_the_cap_holds_when_two_claim_for_one_person_at_once(runner: Opened) -> None:
    capped = replace(TERMS, cap=1, counted_since=NOW - HOUR)
    for turn in range(1, 9):
        first, second = runner(), runner()
        ours, theirs = entry(2 * turn, person=b"%d" % turn), entry(2 * turn + 1, campaign="bb11", person=b"%d" % turn)
        first.plan([ours, theirs], NOW - HOUR)
        start, claimed = Barrier(2), list[bytes]()

        def claim(ledger: Ledger, wanted: bytes, start: Barrier = start, claimed: list[bytes] = claimed) -> None:
            start.wait()
            claimed += ledger.turn((), [wanted], capped).claimed

        threads = [Thread(target=claim, args=one) for one in ((first, ours.key), (second, theirs.key))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(claimed) == 1


def test_orders_and_turns_at_once_never_wait_for_each_other(runner: Opened) -> None:
    """Planning, cancelling, suppressing and sending the same rows in different orders: no deadlock, all of it ends."""
    ledgers = [runner() for _ in range(4)]
    ledgers[0].plan([entry(number, address=b"%d" % number) for number in range(80)], NOW - HOUR)
    failures: list[Exception] = []

    def send() -> None:
        for at in range(76, -4, -4):
            keys = [key(number) for number in range(at, at + 4)]
            claimed = ledgers[0].turn((), keys, TERMS).claimed
            ledgers[0].turn([Finished(one, State.FAILED, is_gone=True) for one in reversed(claimed)], (), TERMS)

    def plan() -> None:
        for _ in range(6):
            ledgers[1].plan([entry(number, address=b"%d" % number) for number in range(80)], NOW - HOUR)

    def call_off() -> None:
        for _ in range(6):
            cancel(ledgers[2], "ap71", NOW - 2 * HOUR)

    def opt_out() -> None:
        for turn in range(6):
            suppress(ledgers[3], [(b"%d" % number, "") for number in range(turn, 80, 3)], NOW, "list")

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except LedgerError as error:
            failures.append(error)

    threads = [Thread(target=run, args=(work,)) for work in (send, plan, call_off, opt_out)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert audit_faults(ledgers[0]) == []
    assert sum(count for *_, count in counts(ledgers[0])) == 80


def test_a_clock_that_differs_from_the_servers_is_refused(runner: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    real = postgres.time.time
    monkeypatch.setattr(postgres.time, "time", lambda: real() + 95)
    with pytest.raises(LedgerError, match="clock is 95 seconds ahead of the ledger's"):
        runner()


def test_a_line_to_the_server_that_breaks_ends_the_run_with_what_was_on_its_way_unknown(runner: Opened) -> None:
    ledger, other = runner(), runner()
    ledger.plan([entry(1), entry(2)], NOW - HOUR)
    ledger.turn((), [key(1)], TERMS)
    other.store.rows("SELECT pg_terminate_backend(?)", (ledger.store.rows("SELECT pg_backend_pid()")[0][0],))
    with pytest.raises(LedgerError, match="in PostgreSQL can't be used"):
        ledger.turn((), [key(2)], TERMS)
    third = runner()
    assert [one.row for one in unknown(third)] == [2] and state(third, 2) is State.PLANNED


@pytest.mark.parametrize("address", ["postgresql://nobody:s3cret@127.0.0.1:1/none", "postgresql://nobody:s3cret@/?x=y"])
def test_where_nobody_answers_the_address_is_not_told(address: str, tmp_path: Path) -> None:
    with pytest.raises(LedgerError) as caught:
        Ledger.open(Place(address=address, secret=tmp_path / "secret"))
    assert "does not let us in" in str(caught.value) and "s3cret" not in str(caught.value) + caught.value.help


@pytest.mark.parametrize(
    ("address", "variable", "asked"),
    [
        ("postgresql://clinic@db.clinic.example/mail", "", "require"),
        ("postgresql://clinic@db.clinic.example/mail?sslmode=verify-full", "", None),
        ("postgresql://clinic@db.clinic.example/mail", "verify-full", None),
        ("postgresql://clinic@localhost/mail", "", None),
        ("postgresql:///mail?host=/run/postgresql", "", None),
    ],
)
def test_the_line_to_another_machine_is_encrypted(
    address: str, variable: str, asked: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[str | None] = []

    def connected(_address: str, *, sslmode: str | None) -> None:
        seen.append(sslmode)
        raise UsageError("not here")

    monkeypatch.setattr(postgres, "connect", connected)
    monkeypatch.delenv("PGSSLMODE", raising=False)
    if variable:
        monkeypatch.setenv("PGSSLMODE", variable)
    with pytest.raises(LedgerError, match="not here"):
        Ledger.open(Place(address=address, secret=tmp_path / "secret"))
    assert seen == [asked]


def test_a_ledger_in_postgresql_needs_a_file_for_its_secret(place: Place, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nobody says where"):
        place_of(place.address, "")
    assert place_of(place.address, str(place.secret)) == place
    assert place_of("here/ledger", "").secret == Path("here/ledger.secret")
    with pytest.raises(LedgerError, match="there is no ledger in PostgreSQL"):
        Ledger.open(place, make=False)
    assert not Ledger.is_there(place) and not place.secret.exists()
    Ledger.open(place).close()
    assert Ledger.is_there(place)


def test_two_that_make_the_ledger_at_once_make_one(place: Place) -> None:
    made: list[Any] = []

    def make() -> None:
        try:
            Ledger.open(place).close()
            made.append("made")
        except Exception as error:  # noqa: BLE001  it is looked at below
            made.append(error)

    threads = [Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["made"] * 4


def test_a_row_of_the_ledger_may_be_read_by_anybody_who_knows_sql(runner: Opened, place: Place) -> None:
    """No word of ours is in the way: counts by state, as in the how-to page."""
    runner().plan([entry(1), entry(2)], NOW - HOUR)
    with connect(place.address) as connection:
        rows = connection.execute("SELECT state, count(*) FROM campcompile.sends GROUP BY state").fetchall()
    assert rows == [("planned", 2)]
