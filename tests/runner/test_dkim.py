"""Signatures: dkimpy's verifier, with the practice's DNS made up, reads what a real mail server on loopback got."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import dkim
import pytest

from campcompile.errors import UsageError
from campcompile.runner.dkim import Dkim
from campcompile.runner.message import Envelope
from campcompile.runner.smtp import Smtp
from tests.runner.conftest import COLUMNS
from tests.runner.test_send import HOSTILE, Server, run, server

__all__ = ["server"]

KEYS = Path(__file__).parent / "keys"
COVERED = {"from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"}
MEMO = (
    b"From: care@clinic.example\r\nTo: kari@post.example\r\nSubject: =?utf-8?b?5aaC5L2V5YmN5b6A?=\r\n"
    b"Date: Thu, 05 Mar 2026 09:00:00 +0000\r\nMessage-ID: <1@clinic.example>\r\n\r\n"
    b".\r\n..\r\n.hidden\r\n\r\nend\r\n.\r\n"
)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "dkim.pem"
    shutil.copyfile(KEYS / "dkim.pem", path)
    path.chmod(0o600)
    return path


def holds(message: bytes) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"s2026._domainkey.clinic.example."
        return b"v=DKIM1; k=rsa; p=" + (KEYS / "dkim.pub").read_bytes()

    return bool(dkim.verify(message, dnsfunc=dns))


def covered(message: bytes) -> set[str]:
    tags = message.partition(b"\r\nFrom:")[0].replace(b"\r\n", b"").split(b";")
    (names,) = [tag.partition(b"=")[2] for tag in tags if tag.strip().startswith(b"h=")]
    return {name.strip().decode() for name in names.split(b":")}


def test_what_a_mail_server_got_is_signed_with_the_headers_of_leaving(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPCOMPILE_DKIM", f"s2026:{key}")
    names = ("Chinese", "line end", "encoded word", "dots", "long Chinese")
    people = make_csv(
        *({"email": f"p{at}@post.example", "patient.first_name": HOSTILE[name]} for at, name in enumerate(names)),
        {"email": "kåre@post.example"}, columns=(*COLUMNS, "links.one_click"),
    )  # fmt: skip
    run(make_bundle("updates"), "--email", "week-before", "--recipients", people, "--smtp", server[1], "--apply")
    got = [content for _, content in server[0].received]
    assert len(got) == len(names) + 1
    for content in got:
        assert holds(content)
        assert covered(content) >= COVERED
    for word in (b"List-Unsubscribe-Post", b"Subject"):
        assert not holds(got[0].replace(word + b": ", word + b": x")), "else the lines above could not fail"


def test_lines_that_begin_with_a_dot_are_signed_as_they_arrive(server: tuple[Server, str], key: Path) -> None:
    connection = Smtp(server[1], sign=Dkim(f"s2026:{key}").signed)
    connection.open()
    connection.deliver(Envelope(sender="care@clinic.example", recipient="kari@post.example", data=MEMO), "1")
    connection.close()
    ((_, content),) = server[0].received
    assert content.endswith(MEMO) and holds(content)


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is told otherwise on Windows")
def test_a_key_that_others_can_read_is_not_used(key: Path) -> None:
    key.chmod(0o640)
    with pytest.raises(UsageError, match="can be read by others") as caught:
        Dkim(f"s2026:{key}")
    assert caught.value.help.endswith(f"chmod 600 {key}")


def test_what_is_no_key_is_said(key: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no selector and key"):
        Dkim(str(key))
    with pytest.raises(UsageError, match="can't read the key"):
        Dkim(f"s2026:{tmp_path / 'none.pem'}")
    for content in ("", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        key.write_text(content)
        with pytest.raises(UsageError, match="holds no RSA key"):
            Dkim(f"s2026:{key}")


def test_only_what_goes_to_a_mail_server_is_signed(make_bundle: Any, make_csv: Any, key: Path, tmp_path: Path) -> None:
    words = (make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--dkim", f"s2026:{key}")
    with pytest.raises(UsageError, match="--dkim signs what goes to a mail server"):
        run(*words, "--outbox", tmp_path / "outbox")
