"""A waiver is somebody's word that one finding may stand until a day; what it holds back is waived, and counted."""

from __future__ import annotations

from datetime import date

from campcompile.syntax.findings import Diagnostic, Rule
from campcompile.syntax.source import Span
from campcompile.values import dataclass

WAIVERS_FILE = "campaigns/_shared/waivers.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One that is in force: for one rule, in one file, about one text."""

    rule: Rule
    path: str  # of the file that the finding is in
    digest: str  # of what is found: `fingerprint.digest`
    until: date  # its last day
    by: str  # who approved
    reason: str
    span: Span  # of the comment, or of the row's digest in waivers.yaml
    lines: range | None  # of the file, from 1, where the finding must begin; None for all of it

    @property
    def is_comment(self) -> bool:
        return self.lines is not None


@dataclass(frozen=True, slots=True)
class Waived:
    """A finding that is held back, and by what."""

    finding: Diagnostic
    waiver: Waiver
