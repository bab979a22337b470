"""Signing requests to Amazon's services: Signature Version 4, held to Amazon's own published example in tests."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl, quote, urlsplit

from campcompile.values import dataclass

_ALGORITHM = "AWS4-HMAC-SHA256"
_KEPT = "-_.~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """`id` may be shown; `secret` never is."""

    id: str
    secret: str
    region: str  # "eu-north-1"
    service: str  # "ses"


def signed(
    credentials: Credentials, method: str, url: str, content: bytes, now: datetime, others: Mapping[str, str]
) -> dict[str, str]:
    """`others` (which are signed, too), with the date and the signature. `now` is in UTC."""
    parts = urlsplit(url)
    instant, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    headers = {name.lower(): value for name, value in others.items()} | {"host": parts.netloc, "x-amz-date": instant}
    names = ";".join(sorted(headers))
    query = sorted((quote(key, safe=_KEPT), quote(value, safe=_KEPT)) for key, value in parse_qsl(parts.query, True))
    request = "\n".join(
        [
            method,
            quote(parts.path or "/", safe=f"/{_KEPT}"),
            "&".join(f"{key}={value}" for key, value in query),
            *(f"{name}:{' '.join(headers[name].split())}" for name in sorted(headers)),
            "",
            names,
            sha256(content).hexdigest(),
        ]
    )
    scope = f"{day}/{credentials.region}/{credentials.service}/aws4_request"
    text = "\n".join([_ALGORITHM, instant, scope, sha256(request.encode()).hexdigest()])
    key = f"AWS4{credentials.secret}".encode()
    for piece in (day, credentials.region, credentials.service, "aws4_request"):
        key = _hmac(key, piece)
    signature = _hmac(key, text).hex()
    authorization = f"{_ALGORITHM} Credential={credentials.id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**others, "X-Amz-Date": instant, "Authorization": authorization}


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), sha256).digest()
