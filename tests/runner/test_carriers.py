"""`send --via`: each service gets what its own specification says, and what it answers is told for what it is."""

from __future__ import annotations

import email
import email.policy
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft4Validator, Draft202012Validator

from campcompile.cli.send import send
from campcompile.cli.status import status
from campcompile.errors import CampcompileError, DeliveryError, UsageError
from campcompile.manifest import Label, Target
from campcompile.runner import api
from campcompile.runner.carriers.carrier import Wishes
from campcompile.runner.carriers.line import Line
from campcompile.runner.carriers.registry import find_carrier
from campcompile.runner.message import Envelope
from campcompile.runner.services import reached
from campcompile.runner.transport import Fate
from tests.dialects.contracts import SPECS
from tests.runner.conftest import COLUMNS
from tests.runner.fake_carriers import ENVIRONMENT, VENDORS, Fake, raw, target

SUBJECT = "Hei Kari: 如何前往 Ærlig"
TEXT = {"type": "string", "minLength": 1}


def closed(needed: str, /, **properties: object) -> dict[str, Any]:
    return {"type": "object", "required": needed.split(), "properties": properties, "additionalProperties": False}


def listed(one: object) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": one}


PERSON = closed("to custom_args", to=listed(closed("email", email=TEXT)), custom_args=closed("message", message=TEXT))
OFF = {"const": {"enable": False}}
OURS: dict[str, dict[str, Any]] = {
    "aws-ses": closed(
        "FromEmailAddress Destination Content EmailTags",
        FromEmailAddress=TEXT,
        Destination=closed("ToAddresses", ToAddresses=listed(TEXT)),
        Content=closed("Raw", Raw=closed("Data", Data={"type": "string", "pattern": "^[A-Za-z0-9+/]+=*$"})),
        EmailTags=listed(closed("Name Value", Name=TEXT, Value={"type": "string", "pattern": "^[A-Za-z0-9_-]+$"})),
        ConfigurationSetName=TEXT,
    ),
    "paubox": closed(
        "data",
        data=closed(
            "message",
            message=closed(
                "recipients headers content allowNonTLS",
                recipients=listed(TEXT),
                headers={"type": "object", "required": ["from", "subject"], "additionalProperties": TEXT},
                allowNonTLS={"const": False},
                content=closed("text/plain text/html", **{"text/plain": TEXT, "text/html": TEXT}),
                attachments=listed({"type": "object"}),
            ),
        ),
    ),
    "postmark": closed(
        "From To Subject HtmlBody TextBody TrackOpens TrackLinks MessageStream Metadata",
        From=TEXT, To=TEXT, Subject=TEXT, HtmlBody=TEXT, TextBody=TEXT, ReplyTo=TEXT, TrackOpens={"const": False},
        TrackLinks={"const": "None"}, MessageStream={"enum": ["outbound", "broadcast"]},
        Metadata=closed("message", message=TEXT),
        Headers=listed(closed("Name Value", Name=TEXT, Value=TEXT)),
        Attachments=listed(
            closed("Name Content ContentType", Name=TEXT, Content=TEXT, ContentType=TEXT, ContentID=TEXT)
        ),
    ),
    "sendgrid": closed(
        "personalizations from subject content tracking_settings",
        **{"from": closed("email", email=TEXT, name=TEXT)},
        personalizations={**listed(PERSON), "maxItems": 1},
        reply_to=closed("email", email=TEXT), subject=TEXT, content=listed(closed("type value", type=TEXT, value=TEXT)),
        headers={"type": "object", "additionalProperties": TEXT}, 
        attachments=listed(closed(
            "content type filename disposition",
            content=TEXT, type=TEXT, filename=TEXT, disposition={"enum": ["inline", "attachment"]}, content_id=TEXT,
        )),
        tracking_settings=closed(
            "click_tracking open_tracking subscription_tracking",
            click_tracking={"const": {"enable": False, "enable_text": False}}, open_tracking=OFF,
            subscription_tracking=OFF,
        ),
    ),
}  # fmt: skip


@pytest.fixture(params=VENDORS)
def fake(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    with Fake(request.param) as made:
        yield made


def call(*words: str | Path) -> Result:
    result = CliRunner().invoke(send, [str(word) for word in words])
    if isinstance(result.exception, CampcompileError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def sent(fake: Fake, bundle: Path, people: Path, ledger: Path, *more: str | Path) -> Result:
    return call(bundle, "--email", "week-before", "--recipients", people, "--via", fake.vendor, "--base-url", fake.base,
                "--ledger", ledger, "--apply", *more)  # fmt: skip


def made(bundle: Any, **changes: Any) -> Path:
    """A bundle whose bodies show no picture, which every service takes."""
    path: Path = bundle(**changes)
    return path


def plain(envelope: Envelope) -> str:
    message = email.message_from_bytes(envelope.data, policy=email.policy.default)
    return str(message.get_body(("html",)).get_content())  # type: ignore[attr-defined]


def envelope(make_bundle: Any, layer: str = "updates", **person: str) -> Envelope:
    """One message of the example, with everything that a message may have."""
    from campcompile.runner.bundle import read_bundle
    from campcompile.runner.ledger.secret import Secret
    from campcompile.runner.mailing import Mailing
    from campcompile.runner.recipients import Person, read_recipients

    bundle = read_bundle(make_bundle(layer))
    mailing = Mailing(bundle, bundle.email("week-before"), asks_consent=False)
    cells = {
        "email": "kari@post.example", "locale": "nb", "patient.first_name": "Kari 如何", "appointment.status": "booked",
        "appointment.start": "2026-03-12T09:00+01:00", "appointment.site": "bergen",
        "links.confirm": "https://time.clinic.example/c/k1", "links.one_click": "https://clinic.example/u/k1", **person,
    }  # fmt: skip
    file = (",".join(cells) + "\n" + ",".join(cells.values()) + "\n").encode()
    (one,) = read_recipients(file, bundle.manifest, mailing.needed).rows()
    assert isinstance(one, Person)
    return mailing.envelope(mailing.completed(one, Secret(b"x")), datetime(2026, 3, 5, 9, tzinfo=UTC), "ab" * 16)


def line(fake: Fake, **more: Any) -> Line:
    found = reached(fake.vendor, ENVIRONMENT, fake.base)
    return Line(find_carrier(fake.vendor), found.base, found.sign, Wishes(tls=True, configuration="strict"), **more)


def to(make_bundle: Any, name: str) -> Envelope:
    return envelope(make_bundle, email=f"{name}@post.example")


def test_a_request_is_what_the_service_says_it_takes(fake: Fake, make_bundle: Any) -> None:
    message = envelope(make_bundle)
    assert line(fake).deliver(message, "ab" * 16).fate is Fate.ACCEPTED
    ((path, body),) = fake.requests
    assert (fake.taken[0].to, fake.taken[0].token) == ("kari@post.example", "ab" * 16)
    if fake.vendor == "mailgun":
        assert path == "/v3/clinic.example/messages.mime"
        assert set(body) == {"to", "message", "o:tracking", "o:require-tls", "v:message"}
        assert (body["o:tracking"], body["o:require-tls"]) == (b"no", b"yes")
    else:
        assert list(Draft202012Validator(OURS[fake.vendor]).iter_errors(body)) == []


def test_a_request_is_what_the_official_specification_takes(fake: Fake, make_bundle: Any) -> None:
    line(fake).deliver(envelope(make_bundle), "ab" * 16)
    ((_, body),) = fake.requests
    faults = _OFFICIAL[fake.vendor](body)
    assert faults == []


def test_what_arrives_is_the_message_with_the_headers_of_leaving(fake: Fake, make_bundle: Any) -> None:
    message = envelope(make_bundle)
    line(fake).deliver(message, "ab" * 16)
    body = fake.requests[0][1]
    if fake.vendor in ("aws-ses", "mailgun"):
        whole = raw(fake.vendor, body)
        assert whole.replace(b"\r\n", b"\n").rstrip() == message.data.replace(b"\r\n", b"\n").rstrip()
        return
    subject, html, headers, pictures = _pieces(fake.vendor, body)
    assert subject == "Hei Kari 如何: a message"
    assert html.split() == plain(message).split()
    assert headers["List-Unsubscribe"].startswith("<https://clinic.example/u/k1>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len(pictures) == 1 and b64decode(pictures[0]).startswith(b"\x89PNG")


def test_each_answer_is_told_for_what_it_is(fake: Fake, make_bundle: Any) -> None:
    sleeps: list[float] = []
    one = line(fake, sleep=sleeps.append)
    with pytest.raises(DeliveryError, match=r"refused it with code .* and had taken none before"):
        one.deliver(to(make_bundle, "refused"), "1" * 32)
    assert one.deliver(to(make_bundle, "ola"), "2" * 32).fate is Fate.ACCEPTED
    refused = one.deliver(to(make_bundle, "refused"), "1" * 32)
    assert refused.fate is Fate.REFUSED and "post.example" not in refused.reason
    busy = one.deliver(to(make_bundle, "busy"), "3" * 32)
    assert busy.fate is Fate.DEFERRED and not busy.is_open
    one.open()
    assert one.deliver(to(make_bundle, "busy"), "3" * 32).fate is Fate.ACCEPTED
    for name in ("silent", "broken"):
        assert one.deliver(to(make_bundle, name), "4" * 32).fate is Fate.UNKNOWN, "it may have been taken"
    with pytest.raises(DeliveryError, match="takes nothing from this account"):
        one.deliver(to(make_bundle, "locked"), "5" * 32)
    gone = one.deliver(to(make_bundle, "gone"), "6" * 32)
    assert gone.is_gone == (fake.vendor == "postmark")


def test_a_service_that_is_not_there_took_nothing(fake: Fake, make_bundle: Any) -> None:
    one = line(fake)
    fake.server.shutdown()
    fake.server.server_close()
    with pytest.raises(DeliveryError, match="doesn't answer"):
        one.deliver(to(make_bundle, "ola"), "1" * 32)


@pytest.mark.parametrize("fake", ["sendgrid"], indirect=True)
def test_many_lines_read_the_trusted_authorities_once(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[None] = []
    real = httpx.create_ssl_context
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **how: made.append(None) or real(**how))
    api._trusted.cache_clear()
    for _ in range(8):
        line(fake)
    assert len(made) == 1


@pytest.mark.parametrize("fake", ["sendgrid"], indirect=True)
def test_a_service_that_wants_nothing_for_an_hour_ends_the_run(fake: Fake, make_bundle: Any) -> None:
    one = line(fake, sleep=lambda seconds: None)
    fake.answer = lambda *_: (429, {}, {"Retry-After": "3600"})  # type: ignore[method-assign, assignment]
    with pytest.raises(DeliveryError, match="wants no more for 3,600 seconds"):
        one.deliver(to(make_bundle, "ola"), "1" * 32)


def test_nothing_goes_twice_over_an_api_and_the_unknown_is_listed(
    fake: Fake, make_bundle: Any, make_csv: Any, tmp_path: Path
) -> None:
    if fake.vendor == "paubox":
        with pytest.raises(DeliveryError, match="takes no pictures inside a message"):
            sent(fake, make_bundle(targets=(target("paubox"),)), make_csv({}), tmp_path / "ledger")
        return
    bundle = make_bundle(targets=(target(fake.vendor),))
    people = make_csv(*({"email": f"{name}@post.example"} for name in ("ola", "busy", "silent", "refused")))
    first = sent(fake, bundle, people, tmp_path / "ledger")
    assert f"2 messages delivered to {fake.vendor}" in first.stdout
    assert "row 4: " in first.stdout and "didn't say whether it took it" in first.stdout
    assert "row 5: " in first.stdout and "refused it with code" in first.stdout
    again = sent(fake, bundle, people, tmp_path / "ledger")
    assert "no messages" in again.stdout
    assert sorted(one.to.partition("@")[0] for one in fake.taken) == ["busy", "ola", "silent"]
    listed = CliRunner().invoke(status, ["--ledger", str(tmp_path / "ledger"), "--format", "json"])
    (open,) = json.loads(listed.stdout)["unknown"]
    assert next(one.token for one in fake.taken if one.to.startswith("silent")) == open["message"].partition("@")[0]


def elsewhere(
    make_bundle: Any, people: Path, tmp_path: Path, *targets: Target, label: Label = "relationship"
) -> Result:
    from tests.runner.conftest import contents, manifest

    emails = tuple(replace(one, label=label) for one in manifest(contents()).emails)
    return call(make_bundle(targets=targets, emails=emails), "--email", "week-before", "--recipients", people, "--via",
                "aws-ses", "--ledger", tmp_path / "ledger")  # fmt: skip


@pytest.mark.parametrize("fake", ["aws-ses"], indirect=True)
def test_a_vendor_never_learns_more_than_its_agreement_covers_on_the_day(
    fake: Fake, make_bundle: Any, make_csv: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = datetime.now(UTC)
    before, after = ((today + timedelta(days=days)).date().isoformat() for days in (-2, 2))
    instants = {"send": today.isoformat(), "expires": (today + timedelta(hours=1)).isoformat()}
    people = make_csv(instants, columns=(*COLUMNS, "send", "expires"))
    with pytest.raises(DeliveryError, match="isn't compiled for `aws-ses`"):
        elsewhere(make_bundle, people, tmp_path, target("paubox"))
    for row in (target("aws-ses", "contact"), target("aws-ses", since=after), target("aws-ses", until=before)):
        with pytest.raises(DeliveryError, match="tells what is relationship, and `aws-ses` may not learn that"):
            elsewhere(make_bundle, people, tmp_path, row)
    covered = target("aws-ses", since=before, until=after)
    assert "dry run" in elsewhere(make_bundle, people, tmp_path, covered).stdout
    with pytest.raises(DeliveryError, match="tells of health, and this way isn't encrypted"):
        elsewhere(make_bundle, people, tmp_path, covered, label="health")
    monkeypatch.setenv("CAMPCOMPILE_AWS_SES_CONFIGURATION_SET", "strict")
    assert "dry run" in elsewhere(make_bundle, people, tmp_path, covered, label="health").stdout
    assert fake.requests == []


def test_what_does_not_go_together_is_said(make_bundle: Any, make_csv: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*words: str) -> Result:
        return call(make_bundle(), "--email", "week-before", "--recipients", make_csv({}), *words)

    with pytest.raises(UsageError, match="both --smtp and --via"):
        asked("--smtp", "localhost:1025", "--via", "mailgun")
    with pytest.raises(UsageError, match="--base-url is where a service is"):
        asked("--base-url", "https://x.example")
    monkeypatch.delenv("CAMPCOMPILE_SENDGRID_KEY", raising=False)
    with pytest.raises(UsageError, match="no key for SendGrid"):
        asked("--via", "sendgrid")
    with pytest.raises(UsageError) as caught:
        asked("--via", "sendgird")
    assert "did you mean `sendgrid`" in caught.value.help


def _pieces(vendor: str, body: Any) -> tuple[str, str, dict[str, str], list[str]]:
    match vendor:
        case "sendgrid":
            pictures = [one["content"] for one in body["attachments"]]
            return body["subject"], body["content"][1]["value"], body["headers"], pictures
        case "postmark":
            headers = {one["Name"]: one["Value"] for one in body["Headers"]}
            return body["Subject"], body["HtmlBody"], headers, [one["Content"] for one in body["Attachments"]]
        case _:
            message = body["data"]["message"]
            pictures = [one["content"] for one in message["attachments"]]
            return message["headers"]["subject"], message["content"]["text/html"], message["headers"], pictures


def _amazon(body: Any) -> list[str]:
    loaders = pytest.importorskip("botocore.loaders", reason="Amazon's model (botocore) is not at hand")
    from botocore.model import ServiceModel
    from botocore.validate import ParamValidator

    model = ServiceModel(loaders.Loader().load_service_model("sesv2", "service-2"), "sesv2")
    shape = model.operation_model("SendEmail").input_shape
    faults = [name for name in body if name not in shape.members]
    report = ParamValidator().validate(body, shape)
    return [*faults, *([report.generate_report()] if report.has_errors() else [])]


def _paubox(body: Any) -> list[str]:
    pytest.skip("the official specification of paubox is not at hand")


def _sendgrid(body: Any) -> list[str]:
    document = _specification("sendgrid/tsg_mail_v3.json")
    schema = document["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
    return _faults({**schema, "components": document["components"]}, body)


def _postmark(body: Any) -> list[str]:
    document = _specification("postmark-server.yml")
    schema = {**document["definitions"]["SendEmailRequest"], "definitions": document["definitions"]}
    unknown = set(body) - set(schema["properties"])
    assert unknown == {"Metadata", "MessageStream"}, "newer than the specification that is at hand"
    return _faults(schema, body)


def _mailgun(form: Any) -> list[str]:
    # the document takes seconds to read as YAML; the names of one schema are enough
    text = _path("mailgun.openapi.yaml").read_text(encoding="utf-8")
    _, _, rest = text.partition("POST-v3-domain_name-messages-mime-multipart-form-data-RequestBody:\n")
    known = rest[:20_000]
    return [
        name for name in form if f" {name}:" not in known and f'"{name}":' not in known and not name.startswith("v:")
    ]


def _faults(schema: dict[str, Any], body: Any) -> list[str]:
    return [error.message[:200] for error in Draft4Validator(schema).iter_errors(body)]


def _specification(name: str) -> Any:
    import yaml

    path = _path(name)
    return json.loads(path.read_bytes()) if path.suffix == ".json" else yaml.load(path.read_bytes(), yaml.CSafeLoader)


def _path(name: str) -> Path:
    if not (SPECS / name).exists():
        pytest.skip(f"the official specification {name} is not at hand")
    return SPECS / name


_OFFICIAL = {
    "aws-ses": _amazon, "mailgun": _mailgun, "paubox": _paubox, "postmark": _postmark, "sendgrid": _sendgrid,
}  # fmt: skip
