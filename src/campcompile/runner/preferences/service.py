"""The service behind the links: RFC 8058's one click, and the page of choices. It keeps no log of who came."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import AF_INET, AF_INET6
from threading import Lock
from urllib.parse import parse_qs, urlsplit

from campcompile.errors import LedgerError
from campcompile.runner.ledger.account import layers_left
from campcompile.runner.ledger.ledger import Ledger
from campcompile.runner.ledger.orders import come_back, suppress
from campcompile.runner.preferences.links import LAYERS, Leaver, left_with, read_token
from campcompile.runner.preferences.page import STYLE_DIGEST, choice_page, locale_of, unknown_page
from campcompile.values import dataclass

_LONGEST = 4096  # bytes of a form
_SECONDS = 10
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{STYLE_DIGEST}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a page, or plain words."""

    status: int
    text: str
    type: str = "text/html; charset=utf-8"


class Desk:
    """What is asked, answered: apart from any socket."""

    def __init__(self, ledger: Ledger, name: str, now: Callable[[], datetime]) -> None:
        self.ledger = ledger
        self.name = name
        self.now = now
        self.lock = Lock()  # one connection to the ledger, and many that ask

    def get(self, path: str, accept_language: str) -> Answer:
        """The page. It changes nothing: mail scanners open every link (RFC 8058, 1)."""
        locale, leaver = self._asked(path, accept_language)
        if leaver is None:
            return Answer(404, unknown_page(locale, self.name))
        with self.lock:
            left = layers_left(self.ledger, leaver.address)
        return Answer(200, choice_page(locale, self.name, frozenset(LAYERS) - left))

    def post(self, path: str, accept_language: str, form: Mapping[str, list[str]]) -> Answer:
        """One click of a mail program, or a choice of the form."""
        locale, leaver = self._asked(path, accept_language)
        if leaver is None:
            return Answer(404, unknown_page(locale, self.name))
        if form.get("List-Unsubscribe") == ["One-Click"]:
            with self.lock:
                self._leave(leaver, left_with(leaver.layer))
            return Answer(200, "unsubscribed\n", "text/plain; charset=utf-8")
        if form.get("do") not in (["save"], ["none"]):
            return Answer(400, choice_page(locale, self.name, frozenset(LAYERS)))
        kept = frozenset(form.get("keep", ())) & frozenset(LAYERS) if form["do"] == ["save"] else frozenset[str]()
        with self.lock:
            self._leave(leaver, tuple(layer for layer in LAYERS if layer not in kept))
            come_back(self.ledger, leaver.address, kept, self.now())
            left = layers_left(self.ledger, leaver.address)
        return Answer(200, choice_page(locale, self.name, frozenset(LAYERS) - left, "saved" if kept else "left"))

    def _leave(self, leaver: Leaver, layers: tuple[str, ...]) -> None:
        suppress(self.ledger, [(leaver.address, layer) for layer in layers], self.now(), "person")

    def _asked(self, path: str, accept_language: str) -> tuple[str, Leaver | None]:
        parts = urlsplit(path)
        wanted = parse_qs(parts.query).get("lang", [""])[0]
        token = parts.path.rstrip("/").rpartition("/")[2]
        return locale_of(accept_language, wanted), read_token(self.ledger.secret, token)


class _Server(ThreadingHTTPServer):
    """Tells of a request that failed by our fault what kind it was: a traceback would begin with who asked."""

    daemon_threads = True

    def __init__(self, place: tuple[str, int], handler: type[BaseHTTPRequestHandler], on_fault: Callable[[str], None]):
        self.address_family = AF_INET6 if ":" in place[0] else AF_INET
        self.on_fault = on_fault
        super().__init__(place, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        fault = sys.exception()
        if not isinstance(fault, OSError):  # a visitor who went away is no fault
            self.on_fault(f"a request failed: {type(fault).__name__}")


def serve(
    desk: Desk, host: str, port: int, on_fault: Callable[[str], None] = lambda fault: None
) -> ThreadingHTTPServer:
    """A server that is bound, not yet serving. Raises OSError where the port is taken."""

    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS
        server_version = "campcompile"
        sys_version = ""

        def do_GET(self) -> None:
            self._answer(lambda language: desk.get(self.path, language))

        do_HEAD = do_GET

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > _LONGEST:
                self._write(Answer(413, "too long\n", "text/plain; charset=utf-8"))
                return
            body = self.rfile.read(int(length)).decode("utf-8", "replace")
            form = _form(self.headers.get("Content-Type", ""), body)
            self._answer(lambda language: desk.post(self.path, language, form))

        def _answer(self, make: Callable[[str], Answer]) -> None:
            try:
                answer = make(self.headers.get("Accept-Language", ""))
            except LedgerError:  # a mail program asks again, and so does a person
                answer = Answer(503, "please try again\n", "text/plain; charset=utf-8")
            self._write(answer)

        def _write(self, answer: Answer) -> None:
            content = answer.text.encode()
            self.send_response(answer.status)
            headers = {
                **_HEADERS,
                "Content-Type": answer.type,
                "Content-Length": str(len(content)),
                "Connection": "close",
            }
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """No log: an address of a link in it would be a person."""

    return _Server((host, port), Handler, on_fault)


def _form(content_type: str, body: str) -> Mapping[str, list[str]]:
    """URL-encoded, as browsers send it, or multipart, as RFC 8058 allows mail programs."""
    if content_type.startswith("multipart/form-data"):
        return {"List-Unsubscribe": ["One-Click"]} if _ONE_CLICK_PART in "".join(body.split()) else {}
    return parse_qs(body, keep_blank_values=True, max_num_fields=20)


_ONE_CLICK_PART = 'name="List-Unsubscribe"One-Click'
