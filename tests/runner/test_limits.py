"""Where sending stops by itself, how quickly it goes, and the rows of a plan."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.cli.status import status
from campcompile.errors import UsageError
from campcompile.plan.duck import Duck
from campcompile.runner.breaker import limits, trouble
from campcompile.runner.ledger.account import paused
from campcompile.runner.ledger.entry import Finished, State, Terms
from campcompile.runner.ledger.ledger import ALL, Ledger
from campcompile.runner.ledger.orders import pause, resume, suppress
from campcompile.runner.pace import Pace
from campcompile.runner.planned import NOT_PLANNED, PlanRows
from campcompile.runner.rates import Rates, most_on
from campcompile.runner.recipients import Person
from tests.runner.conftest import COLUMNS
from tests.runner.faulty import faulty
from tests.runner.test_faults import Sender
from tests.runner.test_ledger import NOW, entry, key
from tests.runner.test_operators import call, sent
from tests.runner.test_send import Server, server

__all__ = ["server"]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger")


def ended(ledger: Ledger, sent: int, failed: int) -> None:
    total = sent + failed
    ledger.plan([entry(number, address=b"%d" % number) for number in range(total)], NOW)
    states = [State.SENT] * sent + [State.FAILED] * failed
    ledger.turn([Finished(key(n), state) for n, state in enumerate(states)], (), Terms(now=NOW, digest="d1"))


def test_the_limits_are_dated_and_have_a_source() -> None:
    path = Path(__file__).parents[2] / "src/campcompile/runner/data/limits.json"
    found = json.loads(path.read_text())
    assert datetime.fromisoformat(found["checked_at"]) and "https://" in found["source"]
    assert set(limits()) == {"window_hours", "least", "bounce", "complaint", "unsubscribe"}


@pytest.mark.parametrize(
    ("sent", "failed", "source", "people", "told"),
    [
        (196, 4, "", 0, ""),
        (195, 5, "", 0, "2.50% of 200 bounced within 24 hours; the limit is 2.0%"),
        (100, 50, "", 0, ""),
        (1000, 0, "complaint", 1, ""),
        (1000, 0, "complaint", 2, "0.20% of 1,000 complained within 24 hours; the limit is 0.1%"),
        (1000, 0, "person", 6, "0.60% of 1,000 left within 24 hours; the limit is 0.5%"),
        (1000, 0, "list", 900, ""),
    ],
)
def test_too_much_trouble_is_told(ledger: Ledger, sent: int, failed: int, source: str, people: int, told: str) -> None:
    ended(ledger, sent, failed)
    suppress(ledger, [(b"%d" % number, layer) for number in range(people) for layer in ("updates", "x")], NOW, source)
    assert trouble(ledger, NOW + timedelta(hours=1)) == told
    assert trouble(ledger, NOW + timedelta(hours=25)) == ""


def test_who_resumes_has_looked_after_it_and_it_is_counted_anew(ledger: Ledger) -> None:
    ended(ledger, sent=100, failed=100)
    later = NOW + timedelta(hours=1)
    assert trouble(ledger, later)
    pause(ledger, ALL, later, "bounces")
    assert resume(ledger, ALL, later)
    assert trouble(ledger, later) == ""
    again = [entry(number, address=b"x%d" % number) for number in range(500, 800)]
    ledger.plan(again, later)
    ledger.turn([Finished(one.key, State.FAILED) for one in again], (), Terms(now=later + timedelta(1), digest="d1"))
    assert "100.00% of 300 bounced" in trouble(ledger, later + timedelta(1))


def test_too_many_bounces_pause_everything_until_a_person_resumes(
    make_bundle: Any, make_csv: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campcompile.runner.breaker.limits", lambda: {**limits(), "least": 4})
    monkeypatch.setattr("campcompile.runner.delivery._JUDGED_EACH", 4)
    with faulty() as bouncing:
        sender = Sender(make_bundle(), tmp_path / "ledger", make_csv, bouncing)
        account = sender.run("never1", "good1", "good2", "good3", "good4", "good5", "good6")
        assert account.failure == "stopped: 25.00% of 4 bounced within 24 hours; the limit is 2.0%"
        assert 3 <= len(bouncing.taken) <= 4
        assert [reason for _, _, reason in paused(Ledger.open(sender.path))] == [
            account.failure.removeprefix("stopped: ")
        ]
        assert sender.run("good7").sent == 0


def test_a_mailbox_that_is_not_there_is_never_written_to_again(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    with faulty() as server_:
        sender = Sender(make_bundle(), tmp_path / "ledger", make_csv, server_)
        assert sender.run("never").refused == {2: "the server refused it with code 550"}
        sender.make_csv = lambda *rows: make_csv(*({**row, "appointment.start": "2026-04-12T09:00Z"} for row in rows))
        assert sender.run("never").ended == {"opted out or bounced": 1}
        assert server_.asked["never@post.example"] == 1


def test_a_rate_spreads_messages_evenly() -> None:
    now, waits = [0.0], list[float]()

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pace = Pace(4, steady=lambda: now[0], sleep=sleep)
    for _ in range(9):
        pace.wait()
    assert now[0] == 2.0 and set(waits) == {0.25}
    Pace(None, sleep=sleep).wait()
    assert len(waits) == 8


def test_only_who_is_in_the_plan_goes_and_at_its_instants(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    hour, start = timedelta(hours=1), "TIMESTAMP '2026-03-12 08:00'"

    def row(who: str, send: datetime, expires: datetime, anchor: str = start, email: str = "week-before") -> str:
        instants = f"TIMESTAMP '{send}', TIMESTAMP '{expires}', CAST(NULL AS TIMESTAMP), CAST(NULL AS TIMESTAMP)"
        return f"SELECT 'ap71', '{email}', '{who}', 'a', {anchor}, CAST(0 AS BIGINT), {instants}"

    rows = [
        row("due", now - hour, now + hour),
        row("late", now - 2 * hour, now - hour),
        row("early", now + hour, now + 2 * hour),
        row("moved", now - hour, now + hour, "TIMESTAMP '2026-03-13 08:00'"),
        row("other", now - hour, now + hour, email="day-before"),
    ]
    names = "campaign, email, recipient_id, anchor_id, anchor, repetition, send, expires, quiet_from, quiet_until"
    plan = tmp_path / "plan.parquet"
    Duck.in_memory().write_parquet(f"SELECT * FROM ({' UNION ALL '.join(rows)}) AS t({names})", plan)
    people = make_csv(
        *({"email": f"{who}@post.example", "recipient_id": who, "anchor_id": "a"}
          for who in ("due", "late", "early", "moved", "other", "nobody")),
        columns=(*COLUMNS, "recipient_id", "anchor_id"),
    )  # fmt: skip
    result = sent(make_bundle(), people, server[1], tmp_path / "ledger", "--plan", plan)
    assert [to for to, _ in server[0].received] == [["due@post.example"]]
    assert "1 row left out: moved since the plan was made" in result.stdout
    assert "2 rows left out: not in the plan" in result.stdout
    assert "1 row left out: past its deadline" in result.stdout
    with pytest.raises(UsageError, match="is no plan"):
        sent(make_bundle(), people, server[1], tmp_path / "ledger", "--plan", people)


def test_a_monitor_can_read_it(make_bundle: Any, make_csv: Any, server: tuple[Server, str], tmp_path: Path) -> None:
    sent(make_bundle(), make_csv({}), server[1], tmp_path / "ledger")
    lines = call(status, "--ledger", tmp_path / "ledger", "--format", "openmetrics").stdout.splitlines()
    assert 'campcompile_messages{campaign="ap71",email="week-before",state="sent"} 1' in lines
    assert lines[-1] == "# EOF" and all(line.startswith(("# ", "campcompile_")) for line in lines)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["17", "1", ""]), st.sampled_from(["7a", "a", ""]), st.datetimes()), max_size=8)
)
def test_a_plan_gives_back_every_instant_of_a_person_and_anchor_in_its_order(
    rows: list[tuple[str, str, datetime]],
) -> None:
    plan = PlanRows((who, id, None, number, at, at, None, at) for number, (who, id, at) in enumerate(rows))
    usual = Person(row=2, email="", locale="", values={}, reference="", anchor_id="", repetition=0, instants={})
    for who, id, _ in {*rows, ("7", "1", NOW)}:
        wanted = [(number, at.replace(tzinfo=UTC)) for number, (*key, at) in enumerate(rows) if key == [who, id]]
        found = list(plan.of(replace(usual, reference=who, anchor_id=id), None))
        assert found == ([NOT_PLANNED] if not wanted else found)
        assert [(one.repetition, one.instants) for one in found if isinstance(one, Person)] == [
            (number, {"send": at, "expires": at, "quiet_until": at}) for number, at in wanted
        ]


def test_each_large_provider_has_a_pace_of_its_own() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    rates = Rates(steady=lambda: now[0], sleep=sleep)
    for _ in range(3):
        rates.wait("kari@post.example")
    assert slept == []
    for address in ("a@orange.fr", "b@Wanadoo.fr", "c@gmail.com", "d@orange.fr"):
        rates.wait(address)
    assert slept == [0.2, 0.2], "five a second to a provider, whatever its domain; Gmail didn't wait"


@given(days=st.integers(0, 10_000))
def test_each_day_of_a_warm_up_lets_more_go_until_all_may(days: int) -> None:
    first = date(2026, 9, 1)
    today, tomorrow = (most_on(first + timedelta(days=days + more), first) for more in (0, 1))
    assert tomorrow is None or (today is not None and today < tomorrow)
    assert most_on(first - timedelta(days=1 + days), first) == 0
    assert [most_on(first + timedelta(days=more), first) for more in (0, 1, 2, 9)] == [50, 100, 200, None]


def test_a_warm_up_leaves_the_rest_planned_for_the_next_day(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campcompile.runner.rates.most_on", lambda day, first: 2 if day == first else 3)
    people = make_csv(*({"email": f"p{number}@post.example"} for number in range(4)))
    words = ("--warm-up", "2026-03-05", "--now")
    first = sent(make_bundle(), people, server[1], tmp_path / "ledger", *words, "2026-03-05T09:00+01:00")
    assert "2 may go today, 2 of them still" in first.stdout and "2 messages delivered" in first.stdout
    again = sent(make_bundle(), people, server[1], tmp_path / "ledger", *words, "2026-03-05T12:00+01:00")
    assert "0 of them still" in again.stdout and "0 messages delivered" in again.stdout
    later = sent(make_bundle(), people, server[1], tmp_path / "ledger", *words, "2026-03-06T09:00+01:00")
    assert "2 messages delivered" in later.stdout and len(server[0].received) == 4
    with pytest.raises(UsageError, match="`soon` is no day"):
        sent(make_bundle(), people, server[1], tmp_path / "ledger", "--warm-up", "soon")
