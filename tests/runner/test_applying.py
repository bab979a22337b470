"""`export --apply` does each request once: after kills at every boundary, lost answers, limits and lost ledgers."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import httpx
import pytest

from campcompile.dialects.export import requests_file
from campcompile.errors import ServiceError, UsageError
from campcompile.runner.api import Api
from campcompile.runner.applying import Applied, Applier
from campcompile.runner.aws import Credentials, signed
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import pause
from campcompile.runner.plan_of_requests import RequestPlan, read_requests
from campcompile.runner.services import SERVICES, reached, variable_of
from tests.dialects.practice import SERIES, letter
from tests.runner.fake_mailchimp import FakeMailchimp
from tests.runner.fake_services import FAKES
from tests.runner.fake_ses import FakeSes
from tests.workspace import LETTER

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
KEY = "0123456789abcdef-us21"
ENVIRONMENT = {variable_of(dialect): KEY for dialect in SERVICES} | {
    "CAMPCOMPILE_AWS_SES_KEY": f"AKIDEXAMPLE:{KEY}",
    "AWS_REGION": "eu-north-1",
}
ADDRESSES = {"listmonk": "https://letters.practice.example"}  # a service of the practice's own
GIVEN = {"list": "abc123", "test_address": "post@practice.example"}
Handler = Callable[[httpx.Request], httpx.Response]


def no_keyring(dialect: str) -> str:
    return ""


class Killed(BaseException):
    """The power went."""


class Dying:
    """A line to a service that dies at one request, before it arrives or after it did."""

    def __init__(self, service: Handler, boundary: int, after: bool) -> None:
        self.service, self.boundary, self.after = service, boundary, after
        self.calls = -1

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls == self.boundary and not self.after:
            raise Killed
        answer = self.service(request)
        if self.calls == self.boundary:
            raise Killed
        return answer


@cache
def plan(campaign: str = LETTER, code: str = "lt26", dialect: str = "mailchimp") -> RequestPlan:
    made = letter(dialect, "" if campaign == LETTER else campaign, code)
    return read_requests(requests_file(made, target="there", dialect=dialect, code=code, digest="d"))


def apply(handler: Handler, ledger: Path, what: RequestPlan, given: dict[str, str] | None = None) -> Applied:
    service = reached(what.dialect, ENVIRONMENT, ADDRESSES.get(what.dialect, ""), no_keyring)
    held = Ledger.open(ledger)
    try:
        with Api(service.base, service.sign, httpx.MockTransport(handler), service.service.refusals) as api:
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


@pytest.mark.slow
@pytest.mark.parametrize("after", [False, True], ids=["before it arrives", "after it arrived"])
@pytest.mark.parametrize(("campaign", "code"), [(LETTER, "lt26"), (SERIES, "sr31")])
def test_killed_at_every_request_nothing_is_made_twice(tmp_path: Path, campaign: str, code: str, after: bool) -> None:
    what = plan(campaign, code)
    whole = FakeMailchimp()
    apply(whole, tmp_path / "whole", what)
    for boundary in range(len(whole.calls)):
        fake, ledger = FakeMailchimp(), tmp_path / f"ledger{boundary}"
        with pytest.raises(Killed):
            apply(Dying(fake, boundary, after), ledger, what)
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


@pytest.mark.parametrize(("campaign", "code"), [(LETTER, "lt26"), (SERIES, "sr31")])
def test_without_its_ledger_what_is_there_is_found_by_its_name(tmp_path: Path, campaign: str, code: str) -> None:
    fake = FakeMailchimp()
    apply(fake, tmp_path / "first", plan(campaign, code))
    made, tests = fake.made, fake.tests
    apply(fake, tmp_path / "second", plan(campaign, code))
    assert fake.made == made and fake.tests == tests


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
    with pytest.raises(ServiceError, match="`list` is not given"):
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
        reached(dialect, {}, "", no_keyring)
    key = f"id:{KEY}"
    service = reached(dialect, {variable_of(dialect): key}, "https://api.example", no_keyring)
    assert service.sign("GET", "https://api.example/a", b"") or service.secrets == {"key": key}
    assert KEY not in repr(service)
    with pytest.raises(UsageError, match="isn't https"):
        Api("http://api.example", service.sign)


def test_a_request_to_amazon_is_signed_as_in_amazons_own_example() -> None:
    credentials = Credentials(
        id="AKIDEXAMPLE",
        secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        region="us-east-1",
        service="iam",
    )
    headers = signed(
        credentials,
        "GET",
        "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        b"",
        datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    )
    wanted = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    assert headers["Authorization"].endswith(f"Signature={wanted}")


ALL = {"list letter.en": "12", "list": "12", "pictures": "https://pictures.example", "subscription": "7"}


@pytest.mark.parametrize("after", [False, True], ids=["before it arrives", "after it arrived"])
@pytest.mark.parametrize("dialect", FAKES)
def test_killed_at_every_request_no_service_has_anything_twice(tmp_path: Path, dialect: str, after: bool) -> None:
    what = plan(dialect=dialect)
    whole = FAKES[dialect]()
    apply(whole, tmp_path / "whole", what, ALL)
    assert whole.made and not whole.refused
    for boundary in range(len(whole.calls)):
        fake, ledger = FAKES[dialect](), tmp_path / f"ledger{boundary}"
        with pytest.raises(Killed):
            apply(Dying(fake, boundary, after), ledger, what, ALL)
        apply(fake, ledger, what, ALL)
        assert fake.made == whole.made and not fake.refused, (boundary, whole.calls[boundary])
    apply(fake, tmp_path / "lost", what, ALL)
    assert fake.made == whole.made and not fake.refused, "a ledger that was lost"


def test_all_that_isnt_given_is_asked_for_at_once_and_nothing_is_made(tmp_path: Path) -> None:
    fake = FAKES["constant-contact"]()
    with pytest.raises(ServiceError, match=r"`list letter\.en` is not given"):
        apply(fake, tmp_path / "ledger", plan(dialect="constant-contact"), {})
    both = FAKES["hubspot"]()
    with pytest.raises(ServiceError, match="are not given") as caught:
        apply(both, tmp_path / "ledger2", plan(dialect="hubspot"), {})
    assert '--set "list letter.en=…" --set subscription=…' in caught.value.help
    assert not fake.calls and not both.calls


def test_a_list_that_must_be_a_number_is_asked_for_again(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"`list letter\.en` is no whole number"):
        apply(FAKES["brevo"](), tmp_path / "ledger", plan(dialect="brevo"), {**ALL, "list letter.en": "readers"})


@pytest.mark.parametrize(
    "body",
    [
        {"TemplateName": "a", "TemplateContent": {"Subject": "b", "Page": "c"}},
        {"TemplateName": "a", "TemplateContent": "b"},
        {"TemplateName": "", "TemplateContent": {}},
        {"TemplateContent": {}},
    ],
)
def test_what_amazons_model_doesnt_know_is_refused(body: dict[str, object]) -> None:
    """The test below can fail."""
    fake, address = FakeSes(), "https://email.eu-north-1.amazonaws.com/v2/email/templates"
    sign = reached("aws-ses", ENVIRONMENT, "", no_keyring).sign
    content = json.dumps(body).encode()
    answer = fake(httpx.Request("POST", address, content=content, headers=sign("POST", address, content)))
    assert answer.status_code == 400 and fake.refused and not fake.templates


@pytest.mark.parametrize("after", [False, True], ids=["before it arrives", "after it arrived"])
def test_killed_at_every_request_amazon_has_each_template_once(tmp_path: Path, after: bool) -> None:
    what, boundary = plan(dialect="aws-ses"), 0
    while True:
        fake, ledger = FakeSes(), tmp_path / f"ledger{boundary}"
        dying = Dying(fake, boundary, after)
        try:
            apply(dying, ledger, what, {"pictures": "https://pictures.example"})
        except Killed:
            apply(fake, ledger, what, {"pictures": "https://pictures.example"})
            assert len(fake.templates) == 1 and not fake.refused
            boundary += 1
            continue
        break
    assert boundary == 2 and len(fake.templates) == 1
