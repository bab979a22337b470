"""The one door to services' APIs: a request goes out, an answer comes back, or nobody knows; httpx stands behind it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from campcompile.errors import ServiceError, UsageError
from campcompile.values import dataclass

_SECONDS = 120  # Mailchimp's own limit; others answer sooner
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class NotSentError(Exception):
    """It surely never arrived: no connection was made."""


class UnknownOutcomeError(Exception):
    """It may have been carried out: the line broke, or time ran out, or the service failed over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    data: Any  # JSON, None where there is none
    headers: Mapping[str, str]

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def name(self) -> str:
        """The service's own name of what went wrong; "" for none."""
        return str(self.data.get("name", "")) if isinstance(self.data, dict) else ""

    @property
    def words(self) -> str:
        """What the service says of it, shortly."""
        data = self.data if isinstance(self.data, dict) else {}
        said = [str(data[key]) for key in ("title", "detail", "message", "error") if data.get(key)]
        return ": ".join(said)[:300]


Signer = Callable[[str, str, bytes], Mapping[str, str]]  # (method, whole address, content) → headers


class Api:
    """One service under one key, which is held by the client alone and shown nowhere."""

    def __init__(
        self,
        base: str,
        sign: Signer,
        transport: httpx.BaseTransport | None = None,
        refusals: frozenset[str] = frozenset(),
    ) -> None:
        """`refusals`: names by which a service that answers 500 to everything says that it did nothing.

        Raises UsageError for an address that isn't https, unless it is this machine's.
        """
        parts = urlsplit(base)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise UsageError(f"`{base}` isn't https", help="a key goes over an encrypted line alone")
        self._base = base.rstrip("/")
        self._sign = sign
        self._refusals = refusals
        self._client = httpx.Client(
            timeout=_SECONDS,
            transport=transport,
            verify=_trusted(),
            trust_env=False,
            follow_redirects=False,
        )

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, method: str, path: str, body: object = None, *, content_type: str = "application/json") -> Answer:
        """`body` becomes JSON; bytes go as they are.

        Raises NotSentError or UnknownOutcomeError where no answer came.
        """
        try:
            content = body if isinstance(body, bytes) else b"" if body is None else _as_json(body)
            headers = {"Content-Type": content_type} if content else {}
            headers |= self._sign(method, f"{self._base}{path}", content)
            response = self._client.request(method, f"{self._base}{path}", content=content or None, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSentError(type(error).__name__) from None
        except httpx.TransportError as error:
            raise UnknownOutcomeError(type(error).__name__) from None
        except (httpx.InvalidURL, UnicodeError):
            raise ServiceError(f"`{path}` is no address of a service", help="export the campaign again") from None
        answer = Answer(status=response.status_code, data=_json(response), headers=dict(response.headers))
        if answer.status >= 500 and answer.status != 503 and answer.name not in self._refusals:
            raise UnknownOutcomeError(f"answer {answer.status}")
        return answer


@cache
def _trusted() -> ssl.SSLContext:
    """The authorities that httpx trusts: read once for all lines, for it takes a twentieth of a second."""
    return httpx.create_ssl_context(trust_env=False)


def _as_json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None
