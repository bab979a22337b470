"""`send --test-to`: each e-mail in each language, marked, to one address, for a person who is made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campcompile.errors import UsageError
from tests.runner.test_send import Server, body, run, server

__all__ = ["server"]
TO = "you@clinic.example"


def test_each_email_goes_in_each_language_to_one_address_for_nobody(
    make_bundle: Any, server: tuple[Server, str], tmp_path: Path
) -> None:
    result = run(make_bundle("updates"), "--test-to", TO, "--smtp", server[1], "--apply")
    assert f"2 of 2 delivered to {server[1]}" in result.stdout and result.exit_code == 0
    assert [to for to, _ in server[0].received] == [[TO], [TO]]
    assert [message["Subject"] for message in server[0].messages] == [
        "[test] Hello Robin: a message", "[test] Hei Kari: a message",
    ]  # fmt: skip
    assert "Kari" in body(server[0].messages[1], "html")
    assert server[0].messages[0]["List-Unsubscribe"] == "<https://clinic.example/test>, <mailto:leave@clinic.example>"
    assert [path.name for path in tmp_path.iterdir()] == ["build"], "no ledger, no file"


def test_it_is_dry_until_told_otherwise(make_bundle: Any, server: tuple[Server, str], tmp_path: Path) -> None:
    result = run(make_bundle(), "--test-to", TO, "--smtp", server[1])
    assert "dry run" in result.stdout and "[test] Hei" in result.stdout and server[0].received == []
    written = run(make_bundle(), "--test-to", TO, "--email", "week-before", "--outbox", tmp_path / "outbox")
    assert "2 of 2 written into" in written.stdout and len(list((tmp_path / "outbox").glob("*.eml"))) == 2


def test_it_knows_no_patients(make_bundle: Any, make_csv: Any) -> None:
    with pytest.raises(UsageError, match="--recipients is about others"):
        run(make_bundle(), "--test-to", TO, "--recipients", make_csv({}))
    with pytest.raises(UsageError, match="--test-to is no e-mail address"):
        run(make_bundle(), "--test-to", "everybody")


def test_what_is_missing_is_said_with_the_campaigns_emails(make_bundle: Any, make_csv: Any) -> None:
    with pytest.raises(UsageError, match="--email is missing") as caught:
        run(make_bundle(), "--recipients", make_csv({}))
    assert "`week-before`" in caught.value.help
