"""`export --apply` does each request once: after kills at every boundary, lost answers, limits and lost ledgers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import httpx
import pytest

from campcompile.dialects.dialect import Row
from campcompile.dialects.export import requests_file
from campcompile.errors import ServiceError, UsageError
from campcompile.runner.api import Api
from campcompile.runner.applying import Applied, Applier
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import pause
from campcompile.runner.plan_of_requests import RequestPlan, read_requests
from campcompile.runner.services import SERVICES, reached
from tests.dialects.practice import SERIES, compiled, exported, practice
from tests.runner.fake_mailchimp import FakeMailchimp
from tests.workspace import LETTER

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KEY = "0123456789abcdef-us21"
GIVEN = {"list": "abc123", "test_address": "post@practice.example"}
Handler = Callable[[httpx.Request], httpx.Response]


class Killed(BaseException):
    """The power went."""


@cache
def plan(campaign: str = LETTER, code: str = "lt26") -> RequestPlan:
    compilation = compiled(practice("mailchimp", campaign))
    assert compilation.bundle, [found.message for found in compilation.diagnostics]
    made = exported("mailchimp", compilation, code, Row(id="there"))
    return read_requests(requests_file(made, target="there", dialect="mailchimp", code=code, digest="d"))


def apply(handler: Handler, ledger: Path, what: RequestPlan, given: dict[str, str] | None = None) -> Applied:
    service, base, headers = reached("mailchimp", {"CAMPCOMPILE_MAILCHIMP_KEY": KEY})
    held = Ledger.open(ledger)
    try:
        with Api(base, headers, httpx.MockTransport(handler)) as api:
            return Applier(
                what,
                service,
                api,
                held,
                GIVEN if given is None else given,
                now=lambda: NOW,
                wait=lambda seconds: None,
                chance=random.Random(7).uniform,
            ).carry_out()
    finally:
        held.close()


def each_once(fake: FakeMailchimp) -> bool:
    return all(count == 1 for names in fake.made.values() for count in Counter(names).values())


@pytest.mark.parametrize(("campaign", "code"), [(LETTER, "lt26"), (SERIES, "sr31")])
def test_a_plan_is_carried_out_in_order_and_a_second_time_changes_nothing(
    tmp_path: Path, campaign: str, code: str
) -> None:
    fake, what = FakeMailchimp(), plan(campaign, code)
    first = apply(fake, tmp_path / "ledger", what)
    made = fake.made
    assert first.done and not first.known and each_once(fake)
    assert made["scheduled"] == made["campaigns"] == made["worded"]
    assert len(made["templates"]) == (2 if code == "sr31" else 0)
    again = apply(fake, tmp_path / "ledger", what)
    assert not again.done and fake.made == made


@pytest.mark.parametrize("after", [False, True], ids=["before it arrives", "after it arrived"])
@pytest.mark.parametrize(("campaign", "code"), [pytest.param(LETTER, "lt26", marks=pytest.mark.slow), (SERIES, "sr31")])
def test_killed_at_every_request_nothing_is_made_twice(tmp_path: Path, campaign: str, code: str, after: bool) -> None:
    what = plan(campaign, code)
    whole = FakeMailchimp()
    apply(whole, tmp_path / "whole", what)
    for boundary in range(len(whole.calls)):
        fake, ledger = FakeMailchimp(), tmp_path / f"ledger{boundary}"
        calls = iter(range(10_000))

        def dying(
            request: httpx.Request, fake: FakeMailchimp = fake, calls: object = calls, boundary: int = boundary
        ) -> httpx.Response:
            now = next(calls) == boundary  # type: ignore[call-overload]
            if now and not after:
                raise Killed
            answer = fake(request)
            if now:
                raise Killed
            return answer

        with pytest.raises(Killed):
            apply(dying, ledger, what)
        apply(fake, ledger, what)
        assert fake.made == whole.made, (boundary, whole.calls[boundary])


def test_an_answer_that_is_lost_is_looked_up_and_not_asked_again(tmp_path: Path) -> None:
    fake, lost = FakeMailchimp(), set()

    def losing(request: httpx.Request) -> httpx.Response:
        answer = fake(request)
        place = f"{request.method} {request.url.path}"
        if request.method == "POST" and place not in lost:
            lost.add(place)
            raise httpx.ReadTimeout("slow")
        return answer

    apply(losing, tmp_path / "ledger", plan())
    assert len(lost) >= 5 and each_once(fake) and fake.made["scheduled"]


@pytest.mark.parametrize("status", [429, 403, 503, 500])
def test_a_busy_service_is_waited_for(tmp_path: Path, status: int) -> None:
    fake, turns = FakeMailchimp(), iter(range(10_000))

    def busy(request: httpx.Request) -> httpx.Response:
        return httpx.Response(status) if next(turns) % 3 == 1 else fake(request)

    apply(busy, tmp_path / "ledger", plan())
    assert each_once(fake) and fake.made["scheduled"]


def test_a_service_that_stays_busy_ends_it_and_the_next_call_goes_on(tmp_path: Path) -> None:
    fake = FakeMailchimp()

    def shut(request: httpx.Request) -> httpx.Response:
        return httpx.Response(429) if request.url.path.endswith("/campaigns") else fake(request)

    with pytest.raises(ServiceError, match="busy"):
        apply(shut, tmp_path / "ledger", plan())
    apply(fake, tmp_path / "ledger", plan())
    assert each_once(fake) and fake.made["scheduled"]


def test_without_its_ledger_what_is_there_is_found_by_its_name(tmp_path: Path) -> None:
    fake = FakeMailchimp()
    apply(fake, tmp_path / "first", plan(SERIES, "sr31"))
    made = fake.made
    apply(fake, tmp_path / "second", plan(SERIES, "sr31"))
    assert fake.made == made


def test_a_refusal_names_the_request_and_never_the_key(tmp_path: Path) -> None:
    def refusing(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401, json={"title": "API Key Invalid", "detail": "Your API key may be invalid"})

    with pytest.raises(ServiceError) as caught:
        apply(refusing, tmp_path / "ledger", plan())
    said = f"{caught.value.message} {caught.value.help}"
    assert "field LT26E1" in said and KEY not in said and "answer 401" in said
    assert KEY.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_campaign_that_isnt_ready_is_not_scheduled(tmp_path: Path) -> None:
    fake = FakeMailchimp()

    def unready(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/send-checklist"):
            return httpx.Response(
                200, json={"is_ready": False, "items": [{"type": "error", "heading": "From address"}]}
            )
        return fake(request)

    with pytest.raises(ServiceError) as caught:
        apply(unready, tmp_path / "ledger", plan())
    assert "From address" in caught.value.help and not fake.made["scheduled"]


def test_a_test_mail_goes_only_where_an_address_is_given(tmp_path: Path) -> None:
    fake = FakeMailchimp()
    applied = apply(fake, tmp_path / "ledger", plan(), {"list": "abc123"})
    assert fake.tests == 0 and applied.left_out == ("test letter.en",)


def test_what_isnt_given_is_asked_for_before_anything_leaves(tmp_path: Path) -> None:
    fake = FakeMailchimp()
    with pytest.raises(ServiceError, match="`list` isn't given"):
        apply(fake, tmp_path / "ledger", plan(), {})
    assert not any(fake.made.values())


def test_a_paused_campaign_stays_where_it_is(tmp_path: Path) -> None:
    ledger = Ledger.open(tmp_path / "ledger")
    pause(ledger, "lt26", NOW)
    ledger.close()
    fake = FakeMailchimp()
    with pytest.raises(ServiceError, match="paused"):
        apply(fake, tmp_path / "ledger", plan())
    assert not any(fake.made.values())


@pytest.mark.parametrize("dialect", SERVICES)
def test_a_key_comes_from_the_environment_and_goes_over_https_alone(dialect: str) -> None:
    with pytest.raises(UsageError, match="no key"):
        reached(dialect, {})
    _, _, headers = reached(dialect, {f"CAMPCOMPILE_{dialect.upper()}_KEY": KEY}, "https://api.example")
    assert headers
    with pytest.raises(UsageError, match="isn't https"):
        Api("http://api.example", headers)
