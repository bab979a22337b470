"""The server of the preview: on this machine alone, to pages of its own alone, and never a file by its path.

A page elsewhere must not read what is shown here, nor make us do anything: who asks under another name than
127.0.0.1 or localhost (a name that was rebound), or from a page of another origin, is refused.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from campcompile.errors import CampcompileError, UsageError
from campcompile.package_files import package_text
from campcompile.preview.desk import Desk

HOST = "127.0.0.1"
DEFAULT_PORT = 7117
_OTHER_PORTS = 20  # tried one after the other where the default is taken
_MOST_BYTES = 64 * 1024
_MOST_STREAMS = 32
_BEAT_S = 15.0
_TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_PAGES = {"/": "index.html", "/page.css": "page.css", "/page.js": "page.js"}
# What lies in the frame of an e-mail inherits this: no script there (the frame is sandboxed), and no network.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The page of `diff` brings a policy of its own; here it is a frame that may run its one script and nothing else.
_REVIEW_POLICY = "sandbox allow-scripts; frame-ancestors 'self'"


class PreviewServer(ThreadingHTTPServer):
    """Answers from a desk until it is shut down."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, desk: Desk, port: int) -> None:
        self.desk = desk
        self.streams = threading.BoundedSemaphore(_MOST_STREAMS)
        self.closing = threading.Event()
        super().__init__((HOST, port), _Handler)
        own = self.server_address[1]
        self.hosts = frozenset((f"{HOST}:{own}", f"localhost:{own}"))
        self.origins = frozenset(f"http://{host}" for host in self.hosts)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no news."""


@contextmanager
def serving(desk: Desk, port: int | None) -> Iterator[PreviewServer]:
    """A server in a thread of its own. Without `port` the default one is taken, or the next that is free.

    Raises UsageError where the port that was asked for is taken.
    """
    server = _open(desk, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()


def _open(desk: Desk, port: int | None) -> PreviewServer:
    ports = range(DEFAULT_PORT, DEFAULT_PORT + _OTHER_PORTS) if port is None else (port,)
    for each in ports:
        with suppress(OSError):
            return PreviewServer(desk, each)
    if port is None:
        return PreviewServer(desk, 0)
    raise UsageError(f"port {port} is taken", help="leave --port out, and a free one is chosen")


class _Handler(BaseHTTPRequestHandler):
    server: PreviewServer
    protocol_version = "HTTP/1.1"
    server_version = "campcompile"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer goes in one piece
    timeout = 60

    def do_GET(self) -> None:
        if not self._is_welcome():
            return
        address = urlsplit(self.path)
        asked = {name: values[-1] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        if address.path in _PAGES:
            name = _PAGES[address.path]
            self._answer(package_text(f"preview/page/{name}").encode(), _TYPES[name.rpartition(".")[2]])
        elif address.path == "/events":
            self._stream(asked.get("page", ""))
        elif address.path.startswith("/picture/"):
            self._picture(address.path.removeprefix("/picture/"))
        elif address.path == "/review":
            self._review(asked.get("base", ""))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such page")

    def do_POST(self) -> None:
        if not self._is_welcome():
            return
        question = urlsplit(self.path).path.removeprefix("/ask/")
        try:
            asked = self._body()
            made = self.server.desk.answer(question, asked)
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST, "our page asks otherwise")
            return
        self._answer(json.dumps(made, ensure_ascii=False).encode("utf-8", "replace"), "application/json")

    # ── who may ask ──────────────────────────────────────────────────────────────────────────────────

    def _is_welcome(self) -> bool:
        """Whether the question is for us, and comes from a page of ours or from no page at all."""
        if not self.path.startswith("/") or self.path.startswith("//"):
            return self._refuse(HTTPStatus.BAD_REQUEST, "this server is no proxy")
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0] not in self.server.hosts:
            return self._refuse(HTTPStatus.FORBIDDEN, "this server answers to its own address alone")
        origins = self.headers.get_all("Origin") or []
        if any(origin not in self.server.origins for origin in origins) or (self.command == "POST" and not origins):
            return self._refuse(HTTPStatus.FORBIDDEN, "this server answers to its own page alone")
        if self.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            return self._refuse(HTTPStatus.FORBIDDEN, "this server answers to its own page alone")
        return True

    def _body(self) -> dict[str, Any]:
        """What the page sent; raises ValueError for what is no JSON object, or too large."""
        if self.headers.get_content_type() != "application/json" or self.headers.get("Transfer-Encoding"):
            raise ValueError
        lengths = self.headers.get_all("Content-Length") or [""]
        length = int(lengths[0])
        if len(lengths) > 1 or not 0 <= length <= _MOST_BYTES:
            self.close_connection = True
            raise ValueError
        made = json.loads(self.rfile.read(length) or b"{}")
        if not isinstance(made, dict):
            raise ValueError
        return made

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────

    def _picture(self, name: str) -> None:
        found = self.server.desk.picture(name)
        if found is None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such picture")
        else:
            self._answer(found[1], found[0])

    def _review(self, base: str) -> None:
        try:
            page = self.server.desk.review(base or "HEAD")
        except CampcompileError as error:
            self._answer(f"{error.message}\n{error.help}\n".encode(), "text/plain; charset=utf-8", _REVIEW_POLICY)
        else:
            self._answer(page.encode("utf-8", "replace"), _TYPES["html"], _REVIEW_POLICY)

    def _stream(self, page: str) -> None:
        """Events from now on, for a page by the name that it gave itself: a line of JSON whenever there is news."""
        if not self.server.streams.acquire(blocking=False):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open")
            return
        workshop = self.server.desk.workshop
        workshop.viewers += 1
        try:
            self._head(HTTPStatus.OK, "text/event-stream", None)
            news = -1
            while not self.server.closing.is_set():
                found = workshop.wait_for_news(news, _BEAT_S)
                self.wfile.write(self._event(found, page) if found != news else b": \n\n")
                self.wfile.flush()
                news = found
        except OSError:
            pass  # the page is closed
        finally:
            workshop.viewers -= 1
            self.server.desk.leave(page)
            self.server.streams.release()
            self.close_connection = True

    def _event(self, news: int, page: str) -> bytes:
        told = {"news": news, **self.server.desk.news(page)}
        return f"data: {json.dumps(told, ensure_ascii=False)}\n\n".encode("utf-8", "replace")

    def _answer(self, content: bytes, media_type: str, policy: str = POLICY) -> None:
        with suppress(OSError):
            self._head(HTTPStatus.OK, media_type, len(content), policy)
            self.wfile.write(content)
            self.wfile.flush()

    def _refuse(self, status: HTTPStatus, why: str) -> bool:
        content = f"{why}\n".encode()
        self.close_connection = True
        with suppress(OSError):
            self._head(status, "text/plain; charset=utf-8", len(content))
            self.wfile.write(content)
            self.wfile.flush()
        return False

    def _head(self, status: HTTPStatus, media_type: str, length: int | None, policy: str = POLICY) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if self.close_connection or length is None:
            self.send_header("Connection", "close")
        for name, value in (
            ("Content-Security-Policy", policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: what is asked holds names, though made-up ones."""
