"""What becomes of a message when something fails: each fault with its one outcome, seen at the server."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from campcompile.errors import DeliveryError, LedgerError
from campcompile.runner.bundle import read_bundle
from campcompile.runner.clock import Clock
from campcompile.runner.delivery import Account
from campcompile.runner.ledger.account import audit_faults, counts, unknown
from campcompile.runner.ledger.entry import State
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import pause
from campcompile.runner.ledger.place import Place
from campcompile.runner.retry import wait_before
from campcompile.runner.send import Send
from campcompile.runner.smtp import Smtp, stuffed
from tests.runner.faulty import KEY, Faulty, faulty
from tests.runner.test_ledger import fill_the_disk

ODD = ("later", "full", "never", "spam", "drop-after", "slow")


class Sender:
    """One ledger, one server, runs one after the other."""

    def __init__(self, bundle: Path, ledger: Path | Place, make_csv: Callable[..., Path], server: Faulty) -> None:
        self.bundle = read_bundle(bundle)
        self.path = ledger
        self.make_csv = make_csv
        self.server = server

    def run(self, *names: str, connections: int = 1, later: timedelta = timedelta(), **smtp: Any) -> Account:
        people = self.make_csv(*({"email": f"{name}@post.example"} for name in names)).read_bytes()
        ledger, real = Ledger.open(self.path), Clock()
        try:
            clock = Clock(real.now() + later)
            with ledger.alone():
                sending = Send(self.bundle, "week-before", people, ledger, clock)
                sending.plan()
                ways = [Smtp(self.server.address, **smtp) for _ in range(connections)]
                return sending.carry_out(ways)
        finally:
            ledger.close()

    @property
    def states(self) -> dict[State, int]:
        ledger = Ledger.open(self.path)
        assert audit_faults(ledger) == []
        return {state: count for _, _, state, count in counts(ledger)}


@pytest.fixture
def sender(make_bundle: Any, make_csv: Any, place: Place) -> Iterator[Sender]:
    with faulty() as server:
        yield Sender(make_bundle(), place, make_csv, server)


def test_a_temporary_refusal_is_tried_again_after_a_wait_and_never_at_once(sender: Sender) -> None:
    account = sender.run("grey", "good")
    assert (account.sent, account.later) == (1, {"the server refused it with code 451": 1})
    assert sender.run("grey", "good").sent == 0, "too early"
    assert sender.run("grey", "good", later=timedelta(hours=5)).sent == 1
    assert sender.server.taken == ["good@post.example", "grey@post.example"]


@pytest.mark.parametrize(("name", "code"), [("later", 450), ("full", 452)])
def test_4xx_before_or_after_the_message_stays_planned(sender: Sender, name: str, code: int) -> None:
    account = sender.run(name, "good")
    assert account.later == {f"the server refused it with code {code}": 1}
    assert sender.states == {State.PLANNED: 1, State.SENT: 1}


@pytest.mark.parametrize(("name", "code"), [("never", 550), ("spam", 554)])
def test_5xx_before_or_after_the_message_is_final(sender: Sender, name: str, code: int) -> None:
    account = sender.run(name, "good")
    assert account.refused == {2: f"the server refused it with code {code}"}
    assert sender.states == {State.FAILED: 1, State.SENT: 1}
    assert sender.run(name, later=timedelta(hours=20)).refused == {}
    assert sender.server.asked[f"{name}@post.example"] == 1


def test_a_line_that_breaks_before_the_final_dot_is_mended_and_the_message_goes_once(sender: Sender) -> None:
    account = sender.run("drop-before", "good")
    assert (account.sent, account.unknown) == (2, {}) or set(account.unknown) == {2}
    assert sender.server.taken.count("drop-before@post.example") <= 1
    assert "good@post.example" in sender.server.taken


def test_a_line_that_breaks_after_the_final_dot_is_unknown_and_never_goes_again(sender: Sender) -> None:
    account = sender.run("drop-after", "good")
    assert account.unknown == {2: "the connection was lost before the server's answer"}
    assert sender.run("drop-after", "good", later=timedelta(hours=20)).sent == 0
    assert sender.server.taken == ["drop-after@post.example", "good@post.example"]
    ledger = Ledger.open(sender.path)
    assert [one.row for one in unknown(ledger)] == [2]


def test_a_server_too_slow_to_say_that_it_took_a_message_leaves_it_unknown(sender: Sender) -> None:
    account = sender.run("slow", "good", final_seconds=0.2)
    assert set(account.unknown) == {2} and account.sent == 1


def test_faults_of_all_kinds_at_once_lose_nothing_and_send_nothing_twice(sender: Sender) -> None:
    names = [*ODD, *(f"good{number}" for number in range(12)), "drop-before"]
    account = sender.run(*names, connections=4, final_seconds=5)
    taken = sender.server.taken
    assert len(taken) == len(set(taken))
    assert {f"good{number}@post.example" for number in range(12)} <= set(taken)
    assert account.sent + len(account.refused) + len(account.unknown) + sum(account.later.values()) == len(names)


def test_a_server_without_encryption_gets_nothing_where_encryption_is_required(sender: Sender) -> None:
    with pytest.raises(DeliveryError, match="offers no encryption that can be trusted"):
        sender.run("good", encrypts=True)
    assert sender.server.asked == {} and sender.states == {State.PLANNED: 1}


def test_a_certificate_that_nobody_vouches_for_gets_nothing(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    with faulty(offers_tls=True) as server:
        sender = Sender(make_bundle(), tmp_path / "ledger", make_csv, server)
        with pytest.raises(DeliveryError, match="offers no encryption that can be trusted"):
            sender.run("good", encrypts=True)
        assert server.asked == {}
        trust = ssl.create_default_context(cafile=str(KEY))
        assert sender.run("good", encrypts=True, trust=trust).sent == 1
        assert server.encrypted == [True]


def test_where_no_server_answers_nothing_is_claimed(sender: Sender) -> None:
    sender.server.address = "127.0.0.1:1"
    with pytest.raises(DeliveryError, match="no mail server answers"):
        sender.run("good")
    assert sender.states == {State.PLANNED: 1}


def test_a_full_disk_under_the_ledger_lets_nothing_leave(sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    sender.run("good")
    real = Ledger.turn

    def full(self: Ledger, *words: Any) -> Any:
        fill_the_disk(self)
        if self.store.place.file:
            self.store.run("CREATE TABLE IF NOT EXISTS filler (x)")
        return real(self, *words)

    monkeypatch.setattr(Ledger, "turn", full)
    with pytest.raises(LedgerError, match=r"full|no space"):
        sender.run("other")
    assert sender.server.taken == ["good@post.example"]


def test_where_no_other_look_into_the_ledger_can_be_had_nothing_leaves_and_it_ends(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a server lets in no more sessions: it was told in a thread, and waited for ever."""

    def refused(self: Ledger) -> Ledger:
        raise LedgerError("the ledger can't be opened")

    monkeypatch.setattr(Ledger, "another", refused)
    with pytest.raises(LedgerError, match="can't be opened"):
        sender.run("good", connections=2)
    assert sender.server.taken == [] and sender.states == {State.PLANNED: 1}


def test_a_pause_from_outside_stops_a_run_in_its_middle(sender: Sender) -> None:
    def paused_after_first(done: int) -> None:
        if done == 1:
            pause(Ledger.open(sender.path), "ap71", Clock().now())

    people = sender.make_csv(*({"email": f"good{number}@post.example"} for number in range(5))).read_bytes()
    ledger = Ledger.open(sender.path)
    with ledger.alone():
        sending = Send(sender.bundle, "week-before", people, ledger, Clock())
        sending.plan()
        account = sending.carry_out([Smtp(sender.server.address)], on_progress=paused_after_first)
    assert 1 <= account.sent <= 2 and account.later["paused"] >= 3


def test_a_bundle_that_is_compiled_anew_stops_a_run_in_its_middle(sender: Sender) -> None:
    manifest = sender.bundle.folder / "manifest.json"

    def compiled_after_first(done: int) -> None:
        if done == 1:
            manifest.write_bytes(manifest.read_bytes().replace(b"booked", b"bowned"))

    people = sender.make_csv(*({"email": f"good{number}@post.example"} for number in range(9))).read_bytes()
    ledger = Ledger.open(sender.path)
    with ledger.alone():
        sending = Send(sender.bundle, "week-before", people, ledger, Clock())
        sending.plan()
        account = sending.carry_out([Smtp(sender.server.address)], on_progress=compiled_after_first)
    assert 1 <= account.sent <= 2 and account.failure == "the campaign was compiled anew meanwhile"
    assert sender.states[State.PLANNED] == 9 - account.sent


def test_waits_grow_and_are_never_the_same_for_all() -> None:
    longest = [wait_before(tries, lambda _, bound: bound) for tries in range(1, 12)]
    assert longest[0] == timedelta(minutes=5) and longest[1] == timedelta(minutes=10)
    assert max(longest) == timedelta(hours=4)
    assert wait_before(3, lambda least, _: least) == timedelta(minutes=1)


def test_dots_are_doubled_and_the_last_line_ended() -> None:
    assert stuffed(b".a\r\n..\r\nb.") == b"..a\r\n...\r\nb.\r\n"
