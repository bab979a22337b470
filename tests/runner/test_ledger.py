"""The ledger: what may leave, what may not, and what it tells about anybody: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.errors import LedgerError, UsageError
from campcompile.runner.feed import clear_up, read_feed
from campcompile.runner.ledger.account import audit, audit_faults, counts, paused, unknown
from campcompile.runner.ledger.entry import Entry, Finished, State, Terms
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import agree, cancel, forget, pause, resume, suppress
from campcompile.runner.ledger.place import Place
from campcompile.runner.ledger.secret import Secret, make_secret
from campcompile.runner.window import agreed_since, counted_since
from campcompile.schedule.life import consent_ends
from campcompile.zones import zone

NOW = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TERMS = Terms(now=NOW, digest="d1")


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    made = Ledger.open(place)
    yield made
    made.close()


@pytest.fixture
def in_a_file(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.open(tmp_path / "ledger")
    yield made
    made.close()


@contextmanager
def another(ledger: Ledger) -> Iterator[Ledger]:
    """As another process has it."""
    made = Ledger.open(ledger.store.place)
    yield made
    made.close()


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def entry(number: int = 1, **changes: Any) -> Entry:
    usual = Entry(
        key=key(number), campaign="ap71", item="letter", digest="d1", layer="updates", send=NOW - HOUR,
        expires=NOW + HOUR, person=b"p", address=b"a", row=number + 1,
    )  # fmt: skip
    return replace(usual, **changes)


def claimed(ledger: Ledger, *entries: Entry, terms: Terms = TERMS) -> tuple[list[bytes], list[str]]:
    """What may leave of entries that are planned now, and why the others don't."""
    ledger.plan(entries, NOW - HOUR)
    turn = ledger.turn((), [one.key for one in entries], terms)
    return list(turn.claimed), [sight.reason for _, sight in turn.held]


def state(ledger: Ledger, number: int = 1) -> State:
    return ledger.states([key(number)])[key(number)]


def test_what_is_planned_and_due_is_claimed_once(ledger: Ledger) -> None:
    assert claimed(ledger, entry()) == ([key(1)], [])
    assert ledger.turn((), [key(1)], TERMS).claimed == ()
    ledger.turn([Finished(key(1), State.SENT)], (), TERMS)
    assert state(ledger) is State.SENT
    (answer,) = ledger.plan([entry()], NOW)
    assert (answer.state, answer.is_new) == (State.SENT, False)
    assert ledger.turn((), [key(1)], TERMS).claimed == ()


@pytest.mark.parametrize(
    ("changes", "terms", "reason", "state_after"),
    [
        ({"expires": NOW - timedelta(seconds=1)}, {}, "past its deadline", State.EXPIRED),
        ({"expires": NOW}, {}, "", State.CLAIMED),
        ({"send": NOW + HOUR}, {}, "not due yet", State.PLANNED),
        ({"quiet": (NOW - HOUR, NOW + HOUR)}, {}, "quiet hours", State.PLANNED),
        ({"quiet": (NOW, NOW + HOUR)}, {}, "", State.CLAIMED),
        ({"quiet": (NOW - HOUR, NOW)}, {}, "", State.CLAIMED),
        ({"digest": "d2"}, {}, "planned from another bundle", State.PLANNED),
        ({"consent": "news"}, {}, "no consent", State.SUPPRESSED),
    ],
)
def test_what_may_not_leave_says_why(
    ledger: Ledger, changes: dict[str, Any], terms: dict[str, Any], reason: str, state_after: State
) -> None:
    _, reasons = claimed(ledger, entry(**changes), terms=replace(TERMS, **terms))
    assert reasons == ([reason] if reason else [])
    assert state(ledger) is state_after


@pytest.mark.parametrize(("layer", "reasons"), [("", 1), ("updates", 1), ("promotional", 0)])
def test_who_opted_out_of_a_layer_or_of_all_gets_nothing_of_it(ledger: Ledger, layer: str, reasons: int) -> None:
    suppress(ledger, [(b"a", layer)], NOW, "list")
    assert claimed(ledger, entry())[1] == ["opted out or bounced"] * reasons


def test_a_consent_counts_until_it_has_worn_out(ledger: Ledger) -> None:
    agree(ledger, [(b"p", "news", NOW - 10 * HOUR)], NOW)
    assert claimed(ledger, entry(1, consent="news"))[0] == [key(1)]
    worn = replace(TERMS, agreed_since=NOW - HOUR)
    assert claimed(ledger, entry(2, consent="news"), terms=worn)[1] == ["no consent"]
    agree(ledger, [], NOW)
    assert claimed(ledger, entry(3, consent="news"))[1] == ["no consent"]


def test_the_cap_counts_what_other_campaigns_sent_or_have_on_their_way(ledger: Ledger) -> None:
    capped = replace(TERMS, cap=2, counted_since=NOW - 10 * HOUR)
    assert claimed(ledger, entry(1, campaign="bb11"), entry(2, campaign="bb11"), entry(3, campaign="ap71"))[1] == []
    ledger.turn([Finished(key(1), State.SENT)], (), TERMS)
    assert claimed(ledger, entry(4), terms=capped)[1] == ["frequency cap"]
    assert claimed(ledger, entry(5, person=b"q"), terms=capped)[0] == [key(5)]
    assert claimed(ledger, entry(7, campaign="bb11"), terms=capped)[0] == [key(7)], "one of another campaign"
    assert claimed(ledger, entry(6, layer="essential"), terms=capped)[0] == [key(6)]


def test_a_pause_holds_at_the_claim_and_at_the_last_look(ledger: Ledger) -> None:
    assert claimed(ledger, entry(1)) == ([key(1)], [])
    pause(ledger, "ap71", NOW)
    sight = ledger.look(key(1), TERMS)
    assert sight is not None and (sight.state, sight.reason) == (State.PLANNED, "paused")
    assert claimed(ledger, entry(2))[1] == ["paused"]
    assert [code for code, _, _ in paused(ledger)] == ["ap71"]
    assert resume(ledger, "ap71", NOW) and not resume(ledger, "ap71", NOW)
    assert ledger.look(key(1), TERMS) is None
    pause(ledger, "", NOW)
    assert claimed(ledger, entry(3))[1] == ["paused"]


def test_what_is_cancelled_between_claim_and_hand_over_stays_here_and_may_be_planned_again(ledger: Ledger) -> None:
    assert claimed(ledger, entry(1)) == ([key(1)], [])
    ledger.plan([entry(2), entry(3, person=b"q")], NOW - HOUR)
    assert cancel(ledger, "ap71", NOW, person=b"p") == 1
    sight = ledger.look(key(1), TERMS)
    assert sight is not None and sight.state is State.CANCELLED
    assert (state(ledger, 2), state(ledger, 3)) == (State.CANCELLED, State.PLANNED)
    ledger.plan([entry(2)], NOW + HOUR / 2)
    later = replace(TERMS, now=NOW + HOUR / 2)
    assert ledger.turn((), [key(2)], later).claimed == (key(2),)


def test_the_last_look_sees_who_opted_out_meanwhile_and_a_deadline_that_passed(ledger: Ledger) -> None:
    claimed(ledger, entry(1), entry(2, address=b"b"))
    suppress(ledger, [(b"a", "")], NOW, "one-click")
    sight = ledger.look(key(1), TERMS)
    assert sight is not None and sight.state is State.SUPPRESSED
    sight = ledger.look(key(2), replace(TERMS, now=NOW + 2 * HOUR))
    assert sight is not None and sight.state is State.EXPIRED


def test_the_last_look_counts_the_cap_again_and_knows_a_bundle_that_was_compiled_anew(ledger: Ledger) -> None:
    assert claimed(ledger, entry(1), entry(2, campaign="bb11"))[1] == []
    assert ledger.look(key(1), TERMS) is None
    for terms, reason in (
        (replace(TERMS, cap=1, counted_since=NOW - HOUR), "frequency cap"),
        (replace(TERMS, digest=""), "planned from another bundle"),
    ):
        sight = ledger.look(key(1), terms)
        assert sight is not None and (sight.state, sight.reason) == (State.PLANNED, reason)


def test_what_a_dead_sender_had_on_its_way_is_unknown_and_listed(ledger: Ledger) -> None:
    claimed(ledger, entry(1), entry(2))
    ledger.turn([Finished(key(1), State.SENT)], (), TERMS)
    with another(ledger) as second, second.alone():
        assert [(one.row, one.reason) for one in unknown(ledger)] == [(3, "its sender died")]
        assert ledger.plan([entry(2)], NOW)[0].state is State.UNKNOWN


def test_two_senders_on_one_file_by_mistake_the_second_is_refused(in_a_file: Ledger) -> None:
    with (
        in_a_file.alone(),
        pytest.raises(LedgerError, match="another campcompile is sending"),
        another(in_a_file) as second,
        second.alone(),
    ):
        pass


def test_a_feed_clears_up_what_arrived_and_lets_reminders_go_again(ledger: Ledger) -> None:
    claimed(ledger, *(entry(n, layer="essential") for n in (1, 2, 3)), entry(4))
    with ledger.alone():
        seen = f'{{"message": "<{ledger.secret.token(key(1))}@x.example>", "event": "delivered"}}'
        bounced = f'{{"message": "{ledger.secret.token(key(2))}", "event": "bounced"}}'
        cleared = clear_up(ledger, read_feed([seen, bounced]), NOW + HOUR, NOW + HOUR / 2)
    assert (cleared.sent, cleared.failed, cleared.again, cleared.left) == (1, 1, 1, 1)
    assert [state(ledger, n) for n in (1, 2, 3, 4)] == [State.SENT, State.FAILED, State.PLANNED, State.UNKNOWN]


def test_a_feed_that_ends_too_early_or_a_deadline_that_is_over_sends_nothing_again(ledger: Ledger) -> None:
    claimed(ledger, entry(1, layer="essential"))
    with ledger.alone():
        assert clear_up(ledger, [], NOW, NOW).left == 1
        assert clear_up(ledger, [], NOW + HOUR, NOW + 2 * HOUR).left == 1


@pytest.mark.parametrize("line", ["{", "[]", '{"message": "x"}', '{"message": "x", "event": "sent?"}'])
def test_a_line_that_is_no_event_is_named(line: str) -> None:
    with pytest.raises(UsageError, match="line 2 of the feed"):
        list(read_feed(["", line]))


def test_the_audit_is_whole_and_what_is_changed_or_taken_out_shows(ledger: Ledger) -> None:
    claimed(ledger, entry(1))
    ledger.turn([Finished(key(1), State.SENT)], (), TERMS)
    with another(ledger) as second, second.alone():
        pass
    pause(ledger, "ap71", NOW)
    assert audit_faults(ledger) == []
    assert [link.what for link in audit(ledger)] == ["plan", "turn", "turn", "pause"]
    with pytest.raises(LedgerError, match="append-only"):
        ledger.store.run("DELETE FROM audit")
    with pytest.raises(LedgerError, match="append-only"):
        ledger.store.run("UPDATE audit SET details = '{}' WHERE number = 2")
    disarm(ledger)
    ledger.store.run("UPDATE audit SET details = '{}' WHERE number = 2")
    assert any("link 2 was changed" in fault for fault in audit_faults(ledger))
    ledger.store.run("DELETE FROM audit WHERE number = 3")
    assert any("link 3 is missing" in fault for fault in audit_faults(ledger))


def disarm(ledger: Ledger) -> None:
    """What somebody can do who owns the ledger's tables."""
    if ledger.store.place.file:
        ledger.store.run("DROP TRIGGER audit_stays")
        ledger.store.run("DROP TRIGGER audit_is_whole")
    else:
        ledger.store.run("ALTER TABLE audit DISABLE TRIGGER ALL")


def test_another_secret_or_none_is_refused(ledger: Ledger) -> None:
    place = ledger.store.place
    kept = place.secret.read_text()
    place.secret.write_text("00" * 32)
    with pytest.raises(LedgerError, match="another ledger's"):
        Ledger.open(place)
    place.secret.write_text("kari@post.example")
    with pytest.raises(LedgerError, match="is no secret of a ledger"):
        Ledger.open(place)
    place.secret.unlink()
    with pytest.raises(LedgerError, match="can't read the ledger's secret"):
        Ledger.open(place)
    place.secret.write_text(kept)
    Ledger.open(place).close()


def test_a_file_that_is_no_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_bytes(b"email,locale\n" * 100)
    (tmp_path / "ledger.secret").write_text("00" * 32)
    with pytest.raises(LedgerError, match="can't be used"):
        Ledger.open(tmp_path / "ledger")
    with pytest.raises(LedgerError, match="there is no folder"):
        Ledger.open(tmp_path / "none" / "ledger")


def test_a_full_disk_lets_nothing_be_claimed(ledger: Ledger) -> None:
    ledger.plan([entry(number) for number in range(1, 40)], NOW - HOUR)
    fill_the_disk(ledger)
    with pytest.raises(LedgerError, match=r"full|no space"):
        for number in range(1, 40):
            ledger.turn((), [key(number)], TERMS)
    with another(ledger) as whole:
        links = [link for link in audit(whole) if link.what == "turn"]
        assert sum(count for _, _, state, count in counts(whole) if state is State.CLAIMED) == len(links)
        assert audit_faults(whole) == []


def fill_the_disk(ledger: Ledger) -> None:
    """SQLite gets no more pages; PostgreSQL answers as it does when it has no room for a row."""
    if ledger.store.place.file:
        pages = ledger.store.rows("PRAGMA page_count")[0][0]
        ledger.store.rows(f"PRAGMA max_page_count = {pages}")
        return
    ledger.store.run(
        "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.number > 4 THEN"
        " RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END IF; RETURN NEW; END $$"
    )
    ledger.store.run("CREATE TRIGGER fill BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION fill()")


def test_a_key_tells_campaign_email_anchor_start_and_person_apart_and_nothing_else() -> None:
    start = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)

    def made(secret: bytes = b"s", code: str = "ap71", email: str = "due", id: str = "a1", at: date = start,
             who: str = "p1", repetition: int = 0) -> bytes:  # fmt: skip
        return Secret(secret).occurrence(code, email, id, at, who, repetition)

    assert made() == made(at=start.astimezone()) and len(made()) == 32
    others = {made(b"t"), made(code="ap72"), made(email="dues"), made(at=start + HOUR), made(who="p2")}
    others |= {made(id="a2"), made(repetition=1), made(at=start.date())}
    assert len(others | {made()}) == 9
    assert made(code="ap", email="71due") != made(code="ap71", email="due")


@settings(max_examples=20, deadline=None)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.integers(0, 60))
def test_a_window_of_days_reaches_back_to_the_same_wall_time(now: datetime, days: int) -> None:
    since = counted_since(f"P{days}D", now.replace(tzinfo=UTC), "UTC")
    assert since == now.replace(tzinfo=UTC) - timedelta(days=days)
    assert counted_since(f"PT{days}H", now.replace(tzinfo=UTC), "UTC") == now.replace(tzinfo=UTC) - days * HOUR


def test_a_window_of_months_clamps_and_keeps_the_wall() -> None:
    noon = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)  # 12:00 in Oslo, in summer time
    assert counted_since("P1M", noon, "Europe/Oslo") == datetime(2026, 2, 28, 11, 0, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2020, 1, 1), date(2027, 12, 31)),
    st.integers(1, 40),
    st.sampled_from("MD"),
    st.integers(-50, 50),
    st.sampled_from(["UTC", "Europe/Oslo", "Asia/Taipei", "America/New_York"]),
)
def test_a_yes_holds_here_as_long_as_in_the_plan(day: date, number: int, unit: str, hours: int, where: str) -> None:
    """By days exactly; after months that clamp, the plan may refuse first."""
    max_age = f"P{number}{unit}"
    ends = consent_ends(day, max_age, zone(where))
    now = ends + hours * HOUR
    holds = datetime.combine(day, time(), UTC) >= agreed_since(max_age, now, where)
    assert holds or now > ends
    if unit == "D":
        assert holds == (now <= ends)


def test_forgetting_takes_persons_and_addresses_and_leaves_what_must_stay(ledger: Ledger) -> None:
    ledger.plan([entry(number, person=b"who", address=b"where") for number in range(1, 6)], NOW)
    ledger.turn((), [key(1), key(2)], TERMS)
    ledger.turn([Finished(key(1), State.SENT), Finished(key(2), State.UNKNOWN)], (), TERMS)
    cancel(ledger, "ap71", NOW, item="letter")
    ledger.plan([entry(3, person=b"who", address=b"where")], NOW + HOUR)
    assert forget(ledger, NOW, NOW) == 0, "nothing is over by then"
    assert forget(ledger, NOW + 2 * HOUR, NOW + 2 * HOUR) == 4
    rows = ledger.store.rows("SELECT state, length(person), length(address) FROM sends ORDER BY state")
    assert rows == [("expired", 0, 0), ("sent", 0, 0), ("unknown", 3, 5)]
    assert ledger.plan([entry(1)], NOW)[0].state is State.SENT
    assert audit_faults(ledger) == []


def test_a_secret_that_another_process_is_just_writing_is_waited_for(tmp_path: Path) -> None:
    path, written = tmp_path / "secret", "ab" * 32
    path.touch()
    writer = Timer(0.1, path.write_text, [written])
    writer.start()
    assert make_secret(path).fingerprint == Secret(bytes.fromhex(written)).fingerprint
    writer.join()
