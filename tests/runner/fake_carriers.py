"""Services that take messages over HTTP, on loopback: each remembers what it took, and errs as a name asks for."""

from __future__ import annotations

import email
import email.policy
import json
import re
import threading
from base64 import b64decode
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from campcompile.manifest import Clearance, Label, Target

KEY = "key-0123"
VENDORS = ("aws-ses", "mailgun", "paubox", "postmark", "sendgrid")
ENVIRONMENT = {
    "CAMPCOMPILE_AWS_SES_KEY": f"AKIDEXAMPLE:{KEY}",
    "AWS_REGION": "eu-north-1",
    **{f"CAMPCOMPILE_{name.upper()}_KEY": KEY for name in VENDORS if name != "aws-ses"},
}


def target(vendor: str, label: Label = "health", since: str = "", until: str = "") -> Target:
    clearances = (Clearance(label="contact", since="", until=""), Clearance(label=label, since=since, until=until))
    return Target(id="api", dialect="smtp", tls="required", vendor=vendor, clearances=clearances)


@dataclass
class Taken:
    """One message that a service has."""

    to: str
    token: str
    body: Any  # as it came: JSON, or the fields of a form


@dataclass
class Fake:
    """A service. `busy…` is told once to come later, `refused…` gets a no, `gone…` one for ever; a message to `silent…`
    is taken and the line cut, one to `broken…` is taken and 500 said; `locked…` finds the account closed."""

    vendor: str
    taken: list[Taken] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    requests: list[tuple[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Fake:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None: ...

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                found = fake.answer(self.path, dict(self.headers), content)
                if found is None:
                    self.close_connection = True
                    return
                status, data, headers = found
                made = json.dumps(data).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(made))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(made)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, headers: dict[str, str], content: bytes) -> tuple[int, Any, dict[str, str]] | None:
        """None for a line that is cut."""
        authorization = headers.get("Authorization", headers.get("X-Postmark-Server-Token", ""))
        if not re.fullmatch(_AUTHORIZED[self.vendor], authorization):
            return 401, {}, {}
        body = _form(headers, content) if self.vendor == "mailgun" else json.loads(content)
        self.requests.append((path, body))
        to, token = _READ[self.vendor](body)
        self.asked[to] += 1
        name = to.partition("@")[0]
        if name.startswith("busy") and self.asked[to] == 1:
            return 429, {}, {"Retry-After": "0"}
        if name.startswith("locked"):
            return 403, {}, {}
        if name.startswith(("refused", "gone")):
            return _no(self.vendor, name)
        self.taken.append(Taken(to, token, body))
        if name.startswith("silent"):
            return None
        if name.startswith("broken"):
            return 500, {}, {}
        return _YES[self.vendor]


_AUTHORIZED = {
    "aws-ses": r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-north-1/ses/aws4_request, "
    r"SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}",
    "mailgun": r"Basic YXBpOmtleS0wMTIz",
    "paubox": r"Token token=key-0123",
    "postmark": r"key-0123",
    "sendgrid": r"Bearer key-0123",
}
_YES: dict[str, tuple[int, Any, dict[str, str]]] = {
    "aws-ses": (200, {"MessageId": "0100"}, {}),
    "mailgun": (200, {"id": "<x>", "message": "Queued. Thank you."}, {}),
    "paubox": (200, {"sourceTrackingId": "3d38", "customHeaders": {}, "data": "Service OK"}, {}),
    "postmark": (200, {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc"}, {}),
    "sendgrid": (202, None, {}),
}
_READ: dict[str, Any] = {
    "aws-ses": lambda body: (body["Destination"]["ToAddresses"][0], body["EmailTags"][0]["Value"]),
    "mailgun": lambda form: (form["to"].decode(), form["v:message"].decode()),
    "paubox": lambda body: (body["data"]["message"]["recipients"][0], body["data"]["message"]["headers"]["X-Message"]),
    "postmark": lambda body: (body["To"], body["Metadata"]["message"]),
    "sendgrid": lambda body: (
        body["personalizations"][0]["to"][0]["email"],
        body["personalizations"][0]["custom_args"]["message"],
    ),
}


def _no(vendor: str, name: str) -> tuple[int, Any, dict[str, str]]:
    match vendor:
        case "aws-ses":
            return 400, {"message": f"bad {name}"}, {"x-amzn-ErrorType": "BadRequestException:http://x"}
        case "paubox":
            return 200, {"errors": [{"code": 400, "title": "Bad", "details": name}]}, {}
        case "postmark":
            return 422, {"ErrorCode": 406 if name.startswith("gone") else 300, "Message": name}, {}
        case _:
            return 400, {"message": name}, {}


def _form(headers: dict[str, str], content: bytes) -> dict[str, bytes]:
    """The fields of a multipart form, read by Python's own package."""
    whole = b"Content-Type: " + headers["Content-Type"].encode() + b"\r\n\r\n" + content
    form = email.message_from_bytes(whole, policy=email.policy.HTTP)
    found = {}
    for part in form.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        inner = part.get_payload(0) if part.get_content_type() == "message/rfc822" else None
        found[name] = inner.as_bytes() if isinstance(inner, EmailMessage) else part.get_payload(decode=True)
    return found


def raw(vendor: str, body: Any) -> bytes:
    """The message itself, where a service gets it whole."""
    return b64decode(body["Content"]["Raw"]["Data"]) if vendor == "aws-ses" else body["message"]
