"""What `send` says of a run: before it, and after it; rows by their numbers, never whom they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from campcompile.runner.bundle import Bundle
    from campcompile.runner.delivery import Account
    from campcompile.runner.ledger.place import Place
    from campcompile.runner.send import Plan

_SHOWN = 20  # rows listed by number; the rest is counted
_FIELD, _CASE, _TAG = re.compile(r"{{.*?}}"), re.compile(r"{% el.*?%}"), re.compile(r"{%.*?%}")  # of parts_text


def planned_lines(bundle: Bundle, planned: Plan, *, dry: bool) -> Iterator[str]:
    """What would go in each language, and who is left out or set aside, by row and reason."""
    mode = "dry run, nothing is sent" if dry else "sending"
    yield f"{bundle.manifest.code} {planned.email}: {mode}"
    for locale, count in planned.locales.items():
        yield f"  {locale:<8} {counted(count, 'message'):<12}  {_shown(planned.subjects[locale])}"
    if not planned.due:
        yield "  no messages"
    for state, count in planned.known.items():
        yield f"  {counted(count, 'row')} left out: {state} before"
    for reason, count in planned.left_out.items():
        yield f"  {counted(count, 'row')} left out: {reason}"
    yield from _rows("set aside", {aside.row: aside.reason for aside in planned.set_aside})
    if planned.ignored:
        yield "  columns that the campaign doesn't read: " + ", ".join(f"`{name}`" for name in planned.ignored)


def _shown(subject: str) -> str:
    """A subject without its merge fields, whose names are the bundle's own: `Hei …: a message`; ` / ` between cases."""
    return _TAG.sub("", _CASE.sub(" / ", _FIELD.sub("…", subject)))


def _rows(what: str, rows: Mapping[int, str]) -> Iterator[str]:
    if rows:
        yield f"  {counted(len(rows), 'row')} {what}:"
    for row, reason in list(rows.items())[:_SHOWN]:
        yield f"    row {row}: {reason}"
    if len(rows) > _SHOWN:
        yield f"    and {len(rows) - _SHOWN} more"


def ended_lines(account: Account, what: str) -> Iterator[str]:
    """What became of them; `what` is what happened to those that went: `messages delivered to …`."""
    yield f"  {counted(account.sent, 'message')} {what}"
    for reason, count in account.ended.items():
        yield f"  {counted(count, 'row')} left out: {reason}"
    for reason, count in account.later.items():
        yield f"  {counted(count, 'row')} for a later run: {reason}"
    yield from _rows("set aside", account.set_aside)
    yield from _rows("refused", account.refused)
    yield from _rows("unknown, each may or may not have arrived", account.unknown)


def tried(account: Account) -> int:
    """How many rows were looked at; of those planned, the others' time hasn't come: the plan's, or of another try."""
    rows = len(account.set_aside) + len(account.refused) + len(account.unknown)
    return account.sent + rows + sum(account.later.values()) + sum(account.ended.values())


def after_failure(ledger: Place | None) -> str:
    """What to do where it could not go on to the end."""
    if ledger:
        return "run the same command again: what was sent stays so"
    return "what was delivered stays so: leave those rows out of the next file"


def counted(count: int, noun: str) -> str:
    """`1 row`, `3 rows`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
