"""A link made for one person: https on the host that was promised, or a telephone number; nothing else."""

from __future__ import annotations

import re
from urllib.parse import quote

_TELEPHONE = re.compile(r"tel:\+?[0-9]{2,15}")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_KEPT = "/?#[]@!$&'()*+,;=:%~-._"  # RFC 3986: reserved and unreserved


def checked_address(text: str, host: str = "") -> str:
    """The address in ASCII (RFC 3986), what isn't is percent-encoded as UTF-8; or `tel:` and digits.

    `host` is the only one allowed; "" allows any. Raises ValueError with what is wrong, as a clause that
    follows the field's name and never quotes the address.

    Example: `checked_address("https://time.example/c/李?x=1", "time.example")` is
    "https://time.example/c/%E6%9D%8E?x=1".
    """
    if _TELEPHONE.fullmatch(text):
        return text
    if _FORBIDDEN.search(text):
        raise ValueError("holds a control character or a backslash")
    if not text.startswith("https://"):
        raise ValueError("is no https:// address")
    authority, rest = _split(text.removeprefix("https://"))
    if "@" in authority:
        raise ValueError("has a name before its host")
    if not _HOST.fullmatch(authority.lower()):
        raise ValueError("has no valid host")
    if host and authority.lower() != host.lower():
        raise ValueError(f"is not on `{host}`, the only host it may lead to")
    return f"https://{authority.lower()}" + _LONE_PERCENT.sub("%25", quote(rest, safe=_KEPT, errors="replace"))


def _split(text: str) -> tuple[str, str]:
    """The authority, and all after it, from the first of `/ ? #`."""
    found = re.search(r"[/?#]", text)
    return (text, "") if found is None else (text[: found.start()], text[found.start() :])
