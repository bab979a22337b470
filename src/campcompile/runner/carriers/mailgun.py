"""Mailgun: the message as it is, as a file (`POST /v3/DOMAIN/messages.mime`); the domain is the sender's.

Our Message-ID stays; `v:message` comes back in its events. In the European Union: --base-url https://api.eu.mailgun.net.
"""

from __future__ import annotations

from campcompile.runner.carriers.carrier import Carrier, Order, Wishes
from campcompile.runner.message import Envelope
from campcompile.runner.services import MAILERS


def _order(envelope: Envelope, token: str, wishes: Wishes) -> Order:
    fields = {
        "to": envelope.recipient,
        "o:tracking": "no",
        "o:require-tls": "yes" if wishes.tls else "no",
        "v:message": token,
    }
    mark = f"--=_{token}"
    written = "".join(
        f'{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    head = (
        f'{mark}\r\nContent-Disposition: form-data; name="message"; filename="message.eml"\r\n'
        "Content-Type: message/rfc822\r\n\r\n"
    )
    content = f"{written}{head}".encode() + envelope.data + f"\r\n{mark}--\r\n".encode()
    domain = envelope.sender.rpartition("@")[2]
    return Order(
        path=f"/v3/{domain}/messages.mime", body=content, content_type=f'multipart/form-data; boundary="=_{token}"'
    )


CARRIER = Carrier(service=MAILERS["mailgun"], order=_order)
