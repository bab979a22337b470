"""The fix for a misspelt name: the near one, written in its place."""

from __future__ import annotations

from campcompile.regex import regex
from campcompile.syntax.findings import Applicability, Edit, Fix
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import is_same_name

_PLAIN = regex(r"\w[\w./+-]*")
_NO_NAMES = frozenset({"y", "yes", "n", "no", "on", "off", "true", "false", "null"})  # not without quotes, in YAML


def renaming(span: Span, written: str, near: str) -> tuple[Fix, ...]:
    """Write `near` for `written`, which stands at `span`; quotes around it stay.

    Capitals, hyphens and underscores are a slip; any other difference may hide another name, and is for the author
    to judge. No fix where nothing is near, or an escape stands between the name and what is written.
    """
    quotes = span.end - span.start - len(written)
    if not _PLAIN.fullmatch(near) or near.lower() in _NO_NAMES or quotes not in (0, 2):
        return ()
    start = span.start + quotes // 2
    edit = Edit(Span(span.path, start, start + len(written)), near)
    slip = is_same_name(written, near)
    return (Fix(f"write `{near}`", (edit,), Applicability.SAFE if slip else Applicability.UNSAFE),)
