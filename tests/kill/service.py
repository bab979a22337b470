"""A service's API on loopback that writes down the recipient and the key of each message before it answers.

python -m tests.kill.service LOG VENDOR        prints its port, then serves until it is killed

It is a fake carrier of the runner's tests, in a process of its own and with connections that are kept: none of the
five services knows one request from its repetition, so each that comes twice is in the book twice.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys

from tests.runner.fake_carriers import Fake


class Service(asyncio.Protocol):
    """One connection."""

    def __init__(self, fake: Fake, log: int) -> None:
        self.fake = fake
        self.log = log
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while True:
            head, ended, rest = self.waiting.partition(b"\r\n\r\n")
            if not ended:
                return
            request, *lines = head.decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            length = int(headers["Content-Length"])
            if len(rest) < length:
                return
            self.waiting = rest[length:]
            self.answer(request.split()[1], headers, rest[:length])

    def answer(self, path: str, headers: dict[str, str], content: bytes) -> None:
        found = self.fake.answer(path, headers, content)
        assert found is not None
        for taken in self.fake.taken:
            os.write(self.log, f"{taken.to} {taken.token}\n".encode())
        self.fake.taken.clear()
        status, data, more = found
        body = json.dumps(data).encode()
        said = "".join(f"{name}: {value}\r\n" for name, value in {**more, "Content-Length": len(body)}.items())
        self.transport.write(f"HTTP/1.1 {status} x\r\n{said}\r\n".encode() + body)


async def serve(path: str, vendor: str) -> None:
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    fake = Fake(vendor)
    server = await asyncio.get_running_loop().create_server(lambda: Service(fake, log), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
