"""A mail server on loopback that writes down the recipient of each message before it says that it took it.

python sink.py LOG [pipelining] [100]        prints its port, then serves until it is killed

With a number it takes so many milliseconds over each message, as a server elsewhere that keeps what it takes.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys

TO = re.compile(rb"^RCPT TO:<(.*?)>", re.IGNORECASE)
TAKEN = b"250 2.0.0 taken\r\n"
ID = re.compile(rb"^Message-ID: <([^@]*)@", re.MULTILINE)


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self, log: int, pipelining: bool, seconds: float) -> None:
        self.log = log
        self.seconds = seconds
        self.pipelining = pipelining
        self.waiting = b""
        self.to = b""
        self.in_data = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            if self.in_data:
                end = self.waiting.find(b"\r\n.\r\n")
                if end < 0:
                    return
                named = ID.search(self.waiting[:end])
                os.write(self.log, self.to + b" " + (named[1] if named else b"?") + b"\n")
                self.waiting, self.in_data = self.waiting[end + 5 :], False
                if self.seconds:
                    asyncio.get_running_loop().call_later(self.seconds, self.transport.write, TAKEN)
                else:
                    self.transport.write(TAKEN)
                continue
            end = self.waiting.find(b"\r\n")
            if end < 0:
                return
            line, self.waiting = self.waiting[:end], self.waiting[end + 2 :]
            self.answer(line)

    def answer(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self.transport.write(
                b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n" if self.pipelining else b"250 sink\r\n"
            )
        elif verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go\r\n")
        elif verb == b"QUIT":
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
        else:
            if found := TO.match(line):
                self.to = found[1]
            self.transport.write(b"250 ok\r\n")


async def serve(path: str, *options: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    pipelining = "pipelining" in options
    seconds = sum(int(option) for option in options if option.isdigit()) / 1000
    server = await asyncio.get_running_loop().create_server(lambda: Sink(log, pipelining, seconds), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
