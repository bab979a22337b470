"""Reports that come back by mail, and what becomes of whom they are about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.cli.reconcile import reconcile
from campcompile.runner.bounces import bounce_of
from campcompile.runner.feed import Event
from campcompile.runner.ledger.account import layers_left
from campcompile.runner.ledger.ledger import Ledger
from tests.runner.conftest import COLUMNS
from tests.runner.test_operators import call, sent
from tests.runner.test_send import Server, parsed, server

__all__ = ["server"]
BOUNCE = """\
From: mailer-daemon@mx.example
To: care@clinic.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type={report}; boundary="b"

--b
Content-Type: text/plain

It didn't work.
--b
Content-Type: message/{report}

{fields}
--b
Content-Type: {returned}

From: care@clinic.example
Message-ID: <{token}@clinic.example>
Subject: A message

--b--
"""
FAILED = (
    "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; kari@post.example\nAction: {action}\nStatus: {status}\n"
)
COMPLAINT = "Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\n"


def report(token: str, fields: str, report: str = "delivery-status", returned: str = "text/rfc822-headers") -> bytes:
    return BOUNCE.format(token=token, fields=fields, report=report, returned=returned).encode()


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize(
    ("action", "status", "event"),
    [("failed", "5.1.1", Event(token="t1", kind="bounced")), ("delayed", "4.4.1", None), ("failed", "4.4.7", None),
     ("delivered", "2.0.0", None)],
)  # fmt: skip
def test_only_what_is_final_is_a_bounce(returned: str, action: str, status: str, event: Event | None) -> None:
    assert bounce_of(report("t1", FAILED.format(action=action, status=status), returned=returned)) == event


def test_a_complaint_is_one() -> None:
    assert bounce_of(report("t1", COMPLAINT, "feedback-report", "message/rfc822")) == Event(
        token="t1", kind="complained"
    )


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 700), st.binary(max_size=20))
def test_no_mail_breaks_it(content: bytes, place: int, noise: bytes) -> None:
    bounce_of(content)
    whole = report("t1", FAILED.format(action="failed", status="5.1.1"))
    bounce_of(whole[:place] + noise + whole[place:])


def test_who_bounced_or_complained_gets_nothing_more_and_a_stranger_changes_nothing(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], tmp_path: Path
) -> None:
    kept, address = server
    path, folder = tmp_path / "ledger", tmp_path / "bounces"
    folder.mkdir()
    names = ("a", "b", "c")
    people = make_csv(*({"email": f"{name}@post.example"} for name in names), columns=COLUMNS)
    sent(make_bundle("promotional"), people, address, path)
    tokens = [str(parsed(data)["Message-ID"]).strip("<>").partition("@")[0] for _, data in kept.received]
    failed = FAILED.format(action="failed", status="5.2.1")
    (folder / "1.eml").write_bytes(report(tokens[0], failed))
    (folder / "2.eml").write_bytes(report(tokens[1], COMPLAINT, "feedback-report"))
    (folder / "3.eml").write_bytes(report("0" * 32, failed))
    (folder / "4.eml").write_bytes(b"Subject: hello\n\nno report")
    assert call(reconcile, folder, "--ledger", path).stdout.endswith("newly suppressed 2\n")
    assert call(reconcile, folder, "--ledger", path).stdout.endswith("newly suppressed 0\n")
    ledger = Ledger.open(path)
    left = [set(layers_left(ledger, ledger.secret.address(f"{name}@post.example"))) for name in names]
    assert left == [{""}, {""}, set()]
