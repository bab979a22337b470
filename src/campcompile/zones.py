"""Time zones from the pinned tzdata package, never the machine's own: the same instant on every machine."""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from pkgutil import get_data
from zoneinfo import ZoneInfo

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z][A-Za-z0-9_+-]*){0,2}")


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone with an IANA name such as "Europe/Oslo". Raises KeyError for a name that isn't one."""
    if not _NAME.fullmatch(name):
        raise KeyError(name)
    try:
        return ZoneInfo.from_file(BytesIO(get_data("tzdata", f"zoneinfo/{name}") or b""), key=name)
    except (OSError, ValueError):  # no such file, a folder ("Europe"), or a file that is no zone ("tzdata.zi")
        raise KeyError(name) from None


def is_zone(name: str) -> bool:
    try:
        zone(name)
    except KeyError:
        return False
    return True
