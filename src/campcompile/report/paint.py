"""Colour, where it was asked for; without it every style is plain text."""

from __future__ import annotations

from campcompile.syntax.findings import Severity
from campcompile.values import dataclass

_CODES = {"bold": "1", "dim": "2", "red": "1;31", "yellow": "1;33", "blue": "1;34", "cyan": "36", "green": "1;32"}
_OF_SEVERITY = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}


@dataclass(frozen=True, slots=True)
class Paint:
    """`Paint(colour=True)("red", "stop")` is red; `Paint(colour=False)` leaves all as it is."""

    colour: bool

    def __call__(self, style: str, text: str) -> str:
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colour and text else text

    def severity(self, severity: Severity, text: str) -> str:
        return self(_OF_SEVERITY[severity], text)
