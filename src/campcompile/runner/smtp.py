"""Delivery by SMTP: one connection that is kept, one recipient a message, and an exact account of each.

The standard library's client does EHLO, STARTTLS and AUTH. The message itself goes by our own few lines, for its
`sendmail` can't tell a line that broke before the final dot (the server has nothing, RFC 5321, 4.1.1.4) from one that
broke after it (it may have the message), and waits three times where a server that says PIPELINING (RFC 2920) is asked
once.
"""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
from collections.abc import Callable
from functools import cache
from ipaddress import IPv6Address, ip_address

from campcompile.errors import DeliveryError, UsageError
from campcompile.runner.message import Envelope
from campcompile.runner.transport import ACCEPTED, Fate, Outcome
from campcompile.values import dataclass

_SERVER = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<name>[^:\[\]]+)):(?P<port>[0-9]{1,5})")
_SECONDS = 60.0
_FINAL_SECONDS = 600.0  # RFC 5321, 4.5.3.2.6: less would make duplicates of a slow server's messages
_NO_MAILBOX = re.compile(rb"5\.1\.[1236]\b")  # RFC 3463, 3.2: no such mailbox or domain, or it has moved
_DOT = re.compile(rb"\.(?<=\n\.)")  # begins with the rarer sign
_GOODBYE = 421  # the server hangs up


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server: resolved once, so that no second look-up can lead elsewhere."""

    name: str
    port: int
    addresses: tuple[str, ...]

    @property
    def is_this_machine(self) -> bool:
        return all(map(_is_loopback, self.addresses))


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    user: str
    password: str


class Smtp:
    """One connection; one recipient a message."""

    def __init__(
        self,
        server: str,
        *,
        login: Login | None = None,
        trust: ssl.SSLContext | None = None,
        sign: Callable[[Envelope], bytes] | None = None,
        encrypts: bool | None = None,
        seconds: float = _SECONDS,
        final_seconds: float = _FINAL_SECONDS,
    ) -> None:
        """`server` is HOST:PORT, or [::1]:PORT; port 465 speaks TLS from the first byte.

        `sign` gives a message's bytes with a signature.
        Without `encrypts`, STARTTLS is required for every host but this machine. Raises UsageError for what is no
        server, DeliveryError for a host that isn't known.
        """
        self.server = server
        self.place = resolved(server)
        self.login = login
        self.trust = trust
        self.sign = sign
        self.encrypts = not self.place.is_this_machine if encrypts is None else encrypts
        self.seconds = seconds
        self.final_seconds = final_seconds
        self.connection: smtplib.SMTP | None = None

    def open(self) -> None:
        """Raises DeliveryError where nobody answers, encrypts or lets us in."""
        failure: Exception = OSError()
        for address in self.place.addresses:  # `localhost` is often ::1 and 127.0.0.1, served on one of them
            try:
                self.connection = self._connected(address)
                return
            except smtplib.SMTPAuthenticationError as error:
                raise DeliveryError(
                    f"`{self.server}` refuses the user or password (code {error.smtp_code})",
                    help="see the variables CAMPCOMPILE_SMTP_USER and CAMPCOMPILE_SMTP_PASSWORD",
                ) from None
            except (OSError, smtplib.SMTPException, ValueError) as error:
                failure = error
        if isinstance(failure, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
            raise DeliveryError(
                f"`{self.server}` offers no encryption that can be trusted ({type(failure).__name__})",
                help="nothing is sent in the open: ask whoever runs the server for STARTTLS and a valid certificate",
            )
        raise DeliveryError(
            f"no mail server answers at `{self.server}` ({type(failure).__name__})",
            help="start one there, or write .eml files with --outbox",
        )

    def deliver(self, envelope: Envelope, token: str) -> Outcome:
        """Hands one message over."""
        assert self.connection is not None
        data = self.sign(envelope) if self.sign else envelope.data
        options = "" if envelope.recipient.isascii() else " SMTPUTF8 BODY=8BITMIME"
        if options and not self.connection.has_extn("smtputf8"):
            return Outcome(Fate.REFUSED, "the server takes no addresses beyond ASCII")
        try:
            refusal = self._offered(
                f"MAIL FROM:<{envelope.sender}>{options}", f"RCPT TO:<{envelope.recipient}>", "DATA"
            )
            if refusal is not None:
                return refusal
            self._write(stuffed(data))
        except (OSError, smtplib.SMTPException):
            return Outcome(Fate.DEFERRED, "the connection was lost before the message was complete", is_open=False)
        return self._finished()

    def close(self) -> None:
        if self.connection is not None:
            try:
                self.connection.quit()
            except (OSError, smtplib.SMTPException, ValueError):
                self.connection.close()
            self.connection = None

    def _connected(self, address: str) -> smtplib.SMTP:
        # A name of our own: smtplib would ask DNS for the machine's, and tell it to the server.
        implicit = self.place.port == 465
        trust = self.trust or (_system_trust() if implicit or self.encrypts else None)
        named: smtplib.SMTP
        if implicit:
            named = smtplib.SMTP_SSL(local_hostname="localhost", timeout=self.seconds, context=trust)
        else:
            named = smtplib.SMTP(local_hostname="localhost", timeout=self.seconds)
        try:
            named._host = self.place.name  # type: ignore[attr-defined]  # what the certificate must be of
            if (code := named.connect(address, self.place.port)[0]) != 220:
                raise smtplib.SMTPConnectError(code, "")
            _hurry(named)
            named.ehlo()
            if self.encrypts and not implicit:
                named.starttls(context=trust)
                named.ehlo()
            if self.login is not None:
                named.login(self.login.user, self.login.password)
        except BaseException:
            named.close()
            raise
        return named

    def _offered(self, *commands: str) -> Outcome | None:
        """Say MAIL, RCPT and DATA, at once where the server can; None where it waits for the message."""
        connection = self.connection
        assert connection is not None
        lines = [f"{command}\r\n".encode() for command in commands]
        if connection.has_extn("pipelining"):
            connection.send(b"".join(lines))
            replies = [connection.getreply() for _ in lines]
        else:
            replies = []
            for line in lines:
                connection.send(line)
                replies.append(connection.getreply())
                if replies[-1][0] >= 400:
                    break
        codes = [code for code, _ in replies]
        failed = next(((code, words) for code, words in replies if code >= 400), None)
        if failed is None:
            return None
        if len(codes) == len(lines) and codes[-1] == 354:  # RFC 2920, 3.1: it waits for data although all was refused
            connection.send(b".\r\n")
            connection.getreply()
        elif _GOODBYE not in codes:
            connection.rset()
        return _refusal(failed[0], is_gone=failed[0] >= 500 and _NO_MAILBOX.match(failed[1]) is not None)

    def _write(self, data: bytes) -> None:
        """All but the final dot; raises OSError where the server has hung up by then."""
        connection = self.connection
        assert connection is not None and connection.sock is not None
        connection.send(data)
        if select.select([connection.sock], [], [], 0)[0]:  # it says something before it may: an end, or a complaint
            raise OSError("hung up")

    def _finished(self) -> Outcome:
        connection = self.connection
        assert connection is not None and connection.sock is not None
        try:
            connection.sock.settimeout(self.final_seconds)
            connection.send(b".\r\n")
            code = connection.getreply()[0]
            connection.sock.settimeout(self.seconds)
        except (OSError, smtplib.SMTPException):
            return Outcome(Fate.UNKNOWN, "the connection was lost before the server's answer", is_open=False)
        if 200 <= code < 300:
            return ACCEPTED
        return _refusal(code) if code >= 400 else Outcome(Fate.UNKNOWN, f"the server answered {code}", is_open=False)


@cache
def _system_trust() -> ssl.SSLContext:
    """Reading the system's certificates takes 50 ms: once for all connections, and not at all for open ones."""
    return ssl.create_default_context()


def _hurry(named: smtplib.SMTP) -> None:
    """Let the final dot, a small packet after large ones, not wait for the server's delayed acknowledgement."""
    assert named.sock is not None
    named.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def stuffed(data: bytes) -> bytes:
    """The message as it goes over the line: dots doubled at the starts of lines (RFC 5321, 4.5.2), its end ended."""
    doubled = _DOT.sub(b"..", data)  # a third of the time that `replace` takes
    if doubled.startswith(b"."):
        doubled = b"." + doubled
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def resolved(server: str) -> Server:
    """Raises UsageError for what isn't HOST:PORT, DeliveryError for a host that isn't known."""
    found = _SERVER.fullmatch(server)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise UsageError(f"`{server}` is no server", help="write HOST:PORT, e.g. localhost:1025")
    name, port = found["six"] or found["name"], int(found["port"])
    try:
        answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise DeliveryError(f"no host `{name}` is known", help="see how it is written") from None
    return Server(name=name, port=port, addresses=tuple(dict.fromkeys(str(answer[4][0]) for answer in answers)))


def _refusal(code: int, *, is_gone: bool = False) -> Outcome:
    fate = Fate.REFUSED if code >= 500 else Fate.DEFERRED
    return Outcome(fate, f"the server refused it with code {code}", is_open=code != _GOODBYE, is_gone=is_gone)


def _is_loopback(address: str) -> bool:
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed.is_loopback
