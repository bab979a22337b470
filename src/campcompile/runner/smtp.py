"""Delivery by SMTP, for now to this machine alone."""

from __future__ import annotations

import re
import smtplib
import socket
from ipaddress import IPv6Address, ip_address

from campcompile.errors import DeliveryError, UsageError
from campcompile.runner.message import Envelope

LOOPBACK_ONLY = "until there is a ledger and a consent check, it delivers to loopback hosts only"
_SERVER = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<name>[^:\[\]]+)):(?P<port>[0-9]{1,5})")
_SECONDS = 30.0


class Smtp:
    """One connection; one recipient a message."""

    def __init__(self, server: str) -> None:
        """`server` is HOST:PORT, or [::1]:PORT. Raises UsageError, or DeliveryError for a host not allowed."""
        self.addresses, self.port = _loopback(server)
        self.server = server
        self.connection: smtplib.SMTP | None = None

    def open(self) -> None:
        """Raises DeliveryError where nobody answers."""
        failure: Exception = OSError()
        for address in self.addresses:  # `localhost` is often ::1 and 127.0.0.1, served on one of them
            try:
                # A name of our own: smtplib would ask DNS for the machine's, and tell it to the server.
                self.connection = smtplib.SMTP(address, self.port, local_hostname="localhost", timeout=_SECONDS)
                self.connection.ehlo()
                return
            except (OSError, smtplib.SMTPException) as error:
                failure = error
        raise DeliveryError(
            f"no mail server answers at `{self.server}` ({type(failure).__name__})",
            help="start one there, or write .eml files with --outbox",
        )

    def deliver(self, envelope: Envelope, token: str) -> str:
        """Hands one message over. Returns "" or, where the server refuses it, why.

        Raises DeliveryError where the connection is lost: whether this message arrived is then unknown.
        """
        assert self.connection is not None
        options = [] if envelope.recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
        if options and not self.connection.has_extn("smtputf8"):
            return "the server takes no addresses beyond ASCII"
        try:
            self.connection.sendmail(envelope.sender, [envelope.recipient], envelope.data, options)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(next(iter(error.recipients.values()))[0])
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryError(f"the connection to `{self.server}` was lost ({type(error).__name__})") from None
        return ""

    def close(self) -> None:
        if self.connection is not None:
            try:
                self.connection.quit()
            except (OSError, smtplib.SMTPException):
                self.connection.close()


def _refused(code: int) -> str:
    """The server's own words are left out: they often quote the address."""
    return f"the server refused it with code {code}"


def _loopback(server: str) -> tuple[tuple[str, ...], int]:
    """The addresses to connect to: resolved once, so that no second look-up can lead elsewhere."""
    found = _SERVER.fullmatch(server)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise UsageError(f"`{server}` is no server", help="write HOST:PORT, e.g. localhost:1025")
    name, port = found["six"] or found["name"], int(found["port"])
    try:
        answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise DeliveryError(f"no host `{name}` is known", help=LOOPBACK_ONLY) from None
    addresses = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not all(map(_is_loopback, addresses)):
        raise DeliveryError(
            f"`{name}` is not this machine: {LOOPBACK_ONLY}",
            help="use localhost:PORT, or write .eml files with --outbox",
        )
    return addresses, port


def _is_loopback(address: str) -> bool:
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return parsed.is_loopback
