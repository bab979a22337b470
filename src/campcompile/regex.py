"""Regular expressions that are compiled when a first text is shown to them: a lint uses half of those it imports."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

_OWN = ("finditer", "findall", "flags", "fullmatch", "groupindex", "groups", "match", "search", "split", "sub", "subn")


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, only later. A pattern that is wrong raises re.error at its first use (a test uses them all)."""
    return cast("re.Pattern[AnyStr]", _Later(pattern, flags))


class _Later:
    """Stands in for a pattern; from its first use on, what it has is the pattern's own, and as quick."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _OWN:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update({own: getattr(compiled, own) for own in _OWN})
        return getattr(compiled, name)

    def __repr__(self) -> str:
        return f"regex({self.pattern!r}, {self._flags!r})"
