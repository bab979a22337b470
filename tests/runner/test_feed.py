"""Events as services tell them, shapes as their pages show, and what is made of each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from campcompile.errors import UsageError
from campcompile.runner.feed import ARRIVED, REFUSED, Event, read_feed

T = "ab" * 16


def amazon(kind: str, **more: Any) -> dict[str, Any]:
    mail = {
        "messageId": "0100",
        "destination": ["kari@post.example"],
        "tags": {"ses:from-domain": ["x"], "message": [T]},
    }
    return {"eventType": kind, "mail": mail, **more}


def mailgun(event: str, **more: Any) -> dict[str, Any]:
    headers = {"message-id": f"{T}@clinic.example"}
    return {"event": event, "id": "x", "message": {"headers": headers}, "user-variables": {"message": T}, **more}


def postmark(kind: str, **more: Any) -> dict[str, Any]:
    return {"RecordType": kind, "MessageID": "8839", "Metadata": {"message": T}, **more}


def sendgrid(event: str, **more: Any) -> dict[str, Any]:
    return {"event": event, "sg_event_id": "x", "email": "kari@post.example", "message": T, **more}


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (amazon("Send"), "accepted"),
        (amazon("Delivery"), "delivered"),
        (amazon("DeliveryDelay"), "accepted"),
        (amazon("Bounce", bounce={"bounceType": "Permanent"}), "bounced"),
        (amazon("Bounce", bounce={"bounceType": "Transient"}), "accepted"),
        (amazon("Complaint"), "complained"),
        (amazon("Reject"), "rejected"),
        (mailgun("accepted"), "accepted"),
        (mailgun("failed", severity="permanent"), "bounced"),
        (mailgun("failed", severity="temporary"), "accepted"),
        (mailgun("unsubscribed"), "unsubscribed"),
        (postmark("Delivery"), "delivered"),
        (postmark("Bounce", Type="HardBounce"), "bounced"),
        (postmark("Bounce", Type="SoftBounce"), "accepted"),
        (postmark("SpamComplaint", Type="SpamComplaint"), "complained"),
        (sendgrid("processed"), "accepted"),
        (sendgrid("bounce", type="bounce"), "bounced"),
        (sendgrid("bounce", type="blocked"), "accepted"),
        (sendgrid("dropped"), "rejected"),
        (sendgrid("spamreport"), "complained"),
        (sendgrid("something new"), "accepted"),
        ({"message": f"<{T}@clinic.example>", "event": "opened"}, "opened"),
    ],
)
def test_a_services_event_is_read_as_it_came(found: dict[str, Any], kind: str) -> None:
    assert kind in (*ARRIVED, *REFUSED)
    assert list(read_feed([json.dumps(found)])) == [Event(token=T, kind=kind)]


def test_notifications_webhooks_and_lists_are_opened() -> None:
    lines = [
        {"Type": "Notification", "Message": json.dumps(amazon("Delivery"))},
        {"signature": {}, "event-data": mailgun("delivered")},
        [sendgrid("delivered"), sendgrid("delivered")],
    ]
    assert list(read_feed(map(json.dumps, lines))) == [Event(token=T, kind="delivered")] * 4


@pytest.mark.parametrize(
    "found",
    [
        {"eventType": "Delivery", "mail": {"tags": {}}},
        {"eventType": "Delivery", "mail": {"tags": {"message": []}}},
        {"event": "delivered", "message": {"headers": {}}, "user-variables": {}},
        {"RecordType": "Delivery", "Metadata": None},
        {"event": "delivered", "sg_event_id": "x"},
    ],
)
def test_events_of_other_mail_are_passed_over(found: dict[str, Any]) -> None:
    assert list(read_feed([json.dumps(found)])) == []


@pytest.mark.parametrize("line", ["[" * 100_000, '{"Type": "Notification", "Message": "no JSON"}', "[[]]", "3", "null"])
def test_what_is_no_event_is_named_by_its_line(line: str) -> None:
    with pytest.raises(UsageError, match="line 2 of the feed isn't an event"):
        list(read_feed(["", line]))


def test_a_kind_that_is_nearly_right_is_told_with_what_was_meant() -> None:
    with pytest.raises(UsageError, match="line 1 of the feed has an unknown event") as caught:
        list(read_feed(['{"message": "x", "event": "deliverd"}']))
    assert caught.value.help.startswith("did you mean `delivered`?")
