"""What is decided between e-mails: sent already, the last of several late ones, one a day, the frequency cap."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import cache

from campcompile.manifest import Manifest
from campcompile.plan.finish import Candidate, Sent, Verdict, decide
from tests.plan import specs

NINE = datetime(2026, 3, 5, 8)  # UTC; nine in Oslo
DAY = timedelta(days=1)


@cache
def manifests() -> list[Manifest]:
    programme = specs.programme_of(random.Random(3), campaigns=6, emails=3, first=specs.DATES[0])
    return specs.manifests_of(programme)


def code(layer: str, nth: int = 0) -> str:
    return [manifest.code for manifest in manifests() if manifest.layer == layer][nth]


def candidate(number: int, email: str = "e0", campaign: str = "", send: datetime = NINE, **others: object) -> Candidate:
    values: dict[str, object] = {
        "recipient_id": "p1",
        "run_id": "a1",
        "anchor_id": "a1",
        "anchor": NINE + 7 * DAY,
        "anchor_day": None,
        "repetition": 0,
        "zone": "Europe/Oslo",
        "expires": send + 3 * DAY,
        "late": False,
        **others,
    }
    return Candidate(number=number, email=email, campaign=campaign or code("essential"), send=send, **values)  # type: ignore[arg-type]


def sent(email: str = "e0", campaign: str = "", at: datetime = NINE - 3 * DAY, anchor: datetime | None = None) -> Sent:
    return Sent(
        campaign=campaign or code("essential"),
        email=email,
        record="patient",
        recipient_id="p1",
        anchor_id="a1",
        anchor=anchor or NINE + 7 * DAY,
        anchor_day=None,
        repetition=0,
        sent=at,
    )


def reasons(*candidates: Candidate, known: tuple[Sent, ...] = ()) -> dict[int, Verdict]:
    return {verdict.number: verdict for verdict in decide(candidates, known, manifests())}


def test_one_e_mail_goes_as_it_is() -> None:
    assert reasons(candidate(1)) == {}


def test_what_went_out_for_an_anchor_does_not_go_again() -> None:
    assert reasons(candidate(1), known=(sent(),))[1].reason == "sent-already"


def test_an_anchor_moved_within_its_day_brings_nothing_and_to_another_day_brings_it_again() -> None:
    assert reasons(candidate(1), known=(sent(anchor=NINE + 7 * DAY + timedelta(hours=3)),))[1].reason == "sent-already"
    assert reasons(candidate(1), known=(sent(anchor=NINE + 8 * DAY),)) == {}


def test_of_several_late_ones_only_the_last_goes() -> None:
    found = reasons(candidate(1, "e0", late=True), candidate(2, "e1", late=True, expires=NINE + 4 * DAY))
    assert {number: one.reason for number, one in found.items()} == {1: "a-later-one-goes"}


def test_a_run_sends_one_e_mail_a_day_and_the_later_in_the_file_waits_until_the_next() -> None:
    found = reasons(candidate(1, "e1"), candidate(2, "e0"), candidate(3, "e2"))
    assert {number: (one.send, one.reason) for number, one in found.items()} == {
        1: (NINE + DAY, ""),
        3: (NINE + 2 * DAY, ""),
    }


def test_who_would_wait_beyond_the_deadline_gets_nothing() -> None:
    found = reasons(candidate(1, "e0"), candidate(2, "e1", expires=NINE + timedelta(hours=20)))
    assert found[2].reason == "another-that-day"


def test_a_day_on_which_the_run_sent_something_is_taken() -> None:
    found = reasons(candidate(1, "e1"), known=(sent("e0", at=NINE - timedelta(hours=2)),))
    assert found[1].send == NINE + DAY


def test_the_cap_counts_other_campaigns_and_lets_essential_mail_go() -> None:
    other, updates = code("updates", 1), code("updates")
    both = (candidate(1, campaign=updates), candidate(2, campaign=code("essential"), run_id="a2", anchor_id="a2"))
    assert {number: one.reason for number, one in reasons(*both).items()} == {1: "capped"}
    assert reasons(candidate(1, campaign=updates), known=(sent(campaign=updates, email="e2"),)) == {}
    assert reasons(candidate(1, campaign=updates), known=(sent(campaign=other),))[1].reason == "capped"
    assert reasons(candidate(1, campaign=updates), known=(sent(campaign=other, at=NINE - 8 * DAY),)) == {}
