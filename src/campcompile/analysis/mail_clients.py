"""Mail clients: which of them a practice's readers use, and which drop what a layout asks for (caniemail's tests)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from campcompile.package_files import package_text
from campcompile.values import dataclass

_PLATFORMS = {
    "android": " on Android",
    "desktop-webmail": " on the web",
    "ios": " on iPhones",
    "macos": " on Macs",
    "outlook-com": " on the web",
    "windows": " on Windows",
}


@dataclass(frozen=True, slots=True)
class Feature:
    title: str
    tested: str  # day of the newest test
    none: frozenset[str]  # clients that drop it, `outlook.windows`
    partial: frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """How a feature is written in CSS, and what a reader loses where it is dropped."""

    feature: str
    name: re.Pattern[str]
    value: re.Pattern[str] | None
    loss: str  # place | words
    fallback: str  # "" | before | ground


@cache
def features() -> Mapping[str, Feature]:
    return {
        name: Feature(row["title"], row["tested"], frozenset(row["none"]), frozenset(row["partial"]))
        for name, row in _read("caniemail.json")["features"].items()
    }


@cache
def uses() -> tuple[Use, ...]:
    return tuple(
        Use(
            row["feature"],
            re.compile(row["property"]),
            re.compile(row["values"], re.IGNORECASE | re.DOTALL) if "values" in row else None,
            row["loss"],
            row.get("fallback", ""),
        )
        for row in _read("client_losses.json")["uses"]
    )


@cache
def client_names() -> Mapping[str, str]:
    """The clients that a workspace may declare, and what people call them."""
    names: Mapping[str, str] = _read("mail_clients.json")["clients"]
    return names


def market_clients(jurisdictions: Iterable[str]) -> tuple[str, ...]:
    """The clients that readers in these places use: everywhere's, then each market's own.

    Shares are as others report them: no source of ours has confirmed them.
    """
    markets = _read("mail_clients.json")["markets"]
    places = ["", *(place.partition("-")[0] for place in jurisdictions)]
    return tuple(dict.fromkeys(client for place in places for client in markets.get(place, {}).get("clients", ())))


def has_own_market(jurisdiction: str) -> bool:
    return jurisdiction.partition("-")[0] in _read("mail_clients.json")["markets"]


def spoken(clients: Iterable[str]) -> str:
    """`outlook.windows, gmail.ios` as `Gmail on iPhones, Outlook on Windows`; all of a client as its name alone."""
    names = client_names()
    by_family: dict[str, list[str]] = {}
    for client in sorted(clients):
        family, _, platform = client.partition(".")
        by_family.setdefault(family, []).append(_PLATFORMS.get(platform, ""))
    return ", ".join(
        names.get(family, family) + (places[0] if len(set(places)) == 1 else "") for family, places in by_family.items()
    )


@cache
def _read(name: str) -> Any:
    return json.loads(package_text(f"analysis/data/{name}"))
