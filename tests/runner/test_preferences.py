"""Leaving with one click and choosing: over a real socket, and as nobody should be able to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlencode, urlsplit

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.runner.ledger.account import audit_faults, layers_left
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import suppress
from campcompile.runner.ledger.secret import Secret
from campcompile.runner.preferences.links import LAYERS, Leaver, link_token, read_token
from campcompile.runner.preferences.page import choice_page, locale_of, words
from campcompile.runner.preferences.service import Desk, serve
from tests.runner.conftest import COLUMNS
from tests.runner.test_operators import sent
from tests.runner.test_send import Server, parsed, server

__all__ = ["server"]
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


class Visitor:
    """Somebody with a link."""

    def __init__(self, ledger: Ledger, port: int) -> None:
        self.ledger = ledger
        self.port = port
        self.address = ledger.secret.address("kari@post.example")

    def link(self, layer: str = "updates") -> str:
        return f"/u/{link_token(self.ledger.secret, self.address, layer)}"

    def ask(self, method: str, path: str, body: str = "", kind: str = FORM, language: str = "nb") -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, body or None, {"Content-Type": kind, "Accept-Language": language})
        answer = connection.getresponse()
        assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in str(answer.headers["Content-Security-Policy"])
        assert answer.headers["Set-Cookie"] is None
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    @property
    def left(self) -> set[str]:
        return set(layers_left(self.ledger, self.address))


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    ledger = Ledger.open(tmp_path / "ledger")
    service = serve(Desk(ledger, "Klinikk <Ærlig>", lambda: datetime.now(UTC)), "127.0.0.1", 0)
    Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield Visitor(ledger, int(service.server_address[1]))
    service.shutdown()
    service.server_close()


def test_opening_a_link_changes_nothing(visitor: Visitor) -> None:
    for method in ("GET", "HEAD"):
        status, text = visitor.ask(method, visitor.link())
        assert status == 200 and ("E-postene dine fra oss" in text) == (method == "GET")
    assert visitor.left == set()


@pytest.mark.parametrize(("layer", "left"), [("updates", {"updates", "promotional"}), ("promotional", {"promotional"})])
def test_one_click_leaves_at_once_and_twice_is_once(visitor: Visitor, layer: str, left: set[str]) -> None:
    for _ in range(2):
        assert visitor.ask("POST", visitor.link(layer), ONE_CLICK) == (200, "unsubscribed\n")
    assert visitor.left == left
    assert audit_faults(visitor.ledger) == []


def test_the_service_listens_on_the_newer_kind_of_address_too(visitor: Visitor) -> None:
    try:
        service = serve(Desk(visitor.ledger, "", lambda: datetime.now(UTC)), "::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6")
    service.server_close()
    assert service.server_address[0] == "::1"


def test_one_click_may_come_as_multipart(visitor: Visitor) -> None:
    body = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    assert visitor.ask("POST", visitor.link(), body, "multipart/form-data; boundary=b")[0] == 200
    assert visitor.left == {"updates", "promotional"}


def test_a_choice_is_kept_and_may_be_taken_back_but_for_a_bounce(visitor: Visitor) -> None:
    status, text = visitor.ask("POST", visitor.link(), urlencode({"do": "save", "keep": "updates"}))
    assert status == 200 and "Lagret. Takk." in text and visitor.left == {"promotional"}
    assert visitor.ask("POST", visitor.link(), "do=none")[0] == 200 and visitor.left == {"updates", "promotional"}
    suppress(visitor.ledger, [(visitor.address, "")], datetime.now(UTC), "bounce")
    visitor.ask("POST", visitor.link(), urlencode([("do", "save"), ("keep", "updates"), ("keep", "promotional")]))
    assert visitor.left == {""}


@pytest.mark.parametrize(
    "path", ["/", "/u/", "/u/nothing", "/u/" + "A" * 68, "/u/é", "/favicon.ico", "/../../etc/passwd"]
)
def test_a_link_that_nobody_made_is_turned_away(visitor: Visitor, path: str) -> None:
    from urllib.parse import quote

    path = quote(path)
    assert visitor.ask("GET", path)[0] == 404
    assert visitor.ask("POST", path, ONE_CLICK)[0] == 404
    assert visitor.left == set()


def test_a_form_that_is_none_or_too_long_does_nothing(visitor: Visitor) -> None:
    assert visitor.ask("POST", visitor.link(), "x=1")[0] == 400
    assert visitor.ask("POST", visitor.link(), "x" * 5000)[0] == 413
    assert visitor.ask("POST", visitor.link(), "\udcff" * 0 + "%ff=%00&do=%0d%0a")[0] == 400
    assert visitor.left == set()


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.sampled_from(LAYERS), st.integers(0, 67), st.text(max_size=80))
def test_a_token_reads_back_and_a_changed_one_never(key: bytes, layer: str, place: int, other: str) -> None:
    secret = Secret(b"s" * 32)
    token = link_token(secret, key, layer)
    assert re.fullmatch(r"[A-Za-z0-9_-]{67}", token)
    assert read_token(secret, token) == Leaver(key, layer)
    assert read_token(Secret(b"t" * 32), token) is None
    changed = token[: place % 66] + ("A" if token[place % 66] != "A" else "B") + token[place % 66 + 1 :]
    assert read_token(secret, changed) is None
    assert read_token(secret, other) is None


@pytest.mark.parametrize("locale", ["en", "fr", "nb", "da", "zh-Hant"])
def test_the_page_needs_no_script_and_names_what_it_has(locale: str) -> None:
    page = choice_page(locale, "Klinikk <Ærlig>", frozenset({"updates"}), "saved")
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert tree.get("lang") == locale and tree.find(".//h1") is not None and tree.find(".//main") is not None
    assert (
        "script" not in page
        and "http" not in page.replace("http-equiv", "")
        and " on" not in re.sub(r">[^<]*<", "><", page)
    )
    boxes = tree.findall(".//label/input")
    assert [(box.get("value"), "checked" in box.attrib) for box in boxes] == [("updates", True), ("promotional", False)]
    assert [button.get("value") for button in tree.findall(".//button")] == ["save", "none"]
    assert "Klinikk &lt;Ærlig&gt;" in page
    assert tree.findtext(".//fieldset/legend") == words()[locale]["intro"], "what the boxes are asked for"
    assert (tree.findtext(".//title") or "").startswith(words()[locale]["saved"]), "a screen reader begins with it"
    assert {link.get("lang") for link in tree.findall(".//nav/a")} == words().keys() - {locale}


def test_every_locale_has_every_sentence() -> None:
    assert {frozenset(say) for say in words().values()} == {frozenset(words()["en"])}


@pytest.mark.parametrize(
    ("asked", "wanted", "locale"),
    [("fr-CA,fr;q=0.9", "", "fr"), ("zh-TW", "", "zh-Hant"), ("nn-NO", "", "nb"), ("da-DK", "", "da"), ("ja", "", "en"),
     ("", "", "en"), ("fr", "nb", "nb"), ("<script>", "x", "en")],
)  # fmt: skip
def test_the_page_speaks_what_is_asked_for(asked: str, wanted: str, locale: str) -> None:
    assert locale_of(asked, wanted) == locale


def test_a_sent_message_holds_a_link_that_leaves(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], tmp_path: Path
) -> None:
    kept, address = server
    people = make_csv({}, {"email": "ola@post.example"}, columns=COLUMNS)
    bundle, path = make_bundle("promotional"), tmp_path / "ledger"
    assert sent(bundle, people, address, path).exit_code == 0
    link = str(parsed(kept.received[0][1])["List-Unsubscribe"]).partition(">")[0].strip("<")
    assert link.startswith("https://clinic.example/u/") and "kari" not in link
    desk = Desk(Ledger.open(path), "", lambda: datetime.now(UTC))
    assert desk.post(urlsplit(link).path, "", {"List-Unsubscribe": ["One-Click"]}).status == 200
    more = make_csv({"appointment.start": "2026-04-12T09:00+02:00"}, columns=COLUMNS)
    assert "1 row left out: opted out or bounced" in sent(bundle, more, address, path).stdout
