"""A mail server that misbehaves as its recipients' names ask for."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

KEY = Path(__file__).parent / "keys" / "localhost.pem"


class Faulty:
    """Takes any message but those whose recipient's name begins with what it is to do."""

    def __init__(self, *, offers_tls: bool = False) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"localhost:{self.listener.getsockname()[1]}"
        self.offers_tls = offers_tls
        self.taken: list[str] = []  # recipients of whole messages, in order
        self.data: list[bytes] = []
        self.asked: Counter[str] = Counter()
        self.encrypted: list[bool] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ssl.SSLError, IndexError):
            self._converse(connection)
        connection.close()

    def _converse(self, connection: socket.socket) -> None:
        connection.sendall(b"220 faulty\r\n")
        lines = connection.makefile("rb")
        to, encrypted = "", False
        while line := lines.readline():
            verb = line[:4].upper()
            if verb == b"EHLO":
                offer = b"250-STARTTLS\r\n" if self.offers_tls and not encrypted else b""
                connection.sendall(b"250-faulty\r\n" + offer + b"250 SMTPUTF8\r\n")
            elif verb == b"STAR" and self.offers_tls:
                connection.sendall(b"220 go\r\n")
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(KEY)
                connection = context.wrap_socket(connection, server_side=True)
                lines, encrypted = connection.makefile("rb"), True
            elif verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                self.asked[to] += 1
                connection.sendall(self._about(to) + b"\r\n")
            elif verb == b"DATA":
                connection.sendall(b"354 go\r\n")
                if to.startswith("drop-before") and self.asked[to] == 1:
                    connection.recv(10)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    return
                self._take(connection, lines, to)
                self.encrypted.append(encrypted)
            elif verb == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            else:
                connection.sendall(b"250 ok\r\n")

    def _about(self, to: str) -> bytes:
        if to.startswith("later"):
            return b"450 4.2.1 " + to.encode()
        if to.startswith("grey") and self.asked[to] == 1:
            return b"451 4.7.1 greylisted, come back"
        if to.startswith("never"):
            return b"550 5.1.1 no such user " + to.encode()
        return b"250 ok"

    def _take(self, connection: socket.socket, lines: Iterator[bytes], to: str) -> None:
        content = b""
        for line in lines:
            if line == b".\r\n":
                break
            content += line
        else:
            return
        if to.startswith("full"):
            connection.sendall(b"452 4.3.1 no room\r\n")
        elif to.startswith("spam"):
            connection.sendall(b"554 5.7.1 not wanted\r\n")
        else:
            self.taken.append(to)
            self.data.append(content)
            if to.startswith("slow"):
                time.sleep(1.0)
            if to.startswith("drop-after"):
                raise OSError
            connection.sendall(b"250 2.0.0 taken\r\n")


@contextmanager
def faulty(*, offers_tls: bool = False) -> Iterator[Faulty]:
    server = Faulty(offers_tls=offers_tls)
    try:
        yield server
    finally:
        server.listener.close()
