"""An account of a change as one comment below a pull request: short, the rest folded, and updated in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from campcompile.changes.account import Account, CampaignChange, Change, Fate, Mark, Marked, Stretch
from campcompile.report.change_text import grouped, total
from campcompile.report.change_words import FATES, headline, merged, notes, topic
from campcompile.report.escaping import LARGEST, code, message_text, plain, size
from campcompile.report.report import SEVERITIES, Place, listed
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source

MARKER = "<!-- campcompile diff -->"  # by which whoever posts the comment finds the one of last time

_VISIBLE = 40  # lines that nobody needs to unfold
_LONGEST = 280  # characters of marked words in one line
_NEAR = 30  # of words that stay, beside those that don't
_ENDING = 400  # bytes for the last lines


def account_markdown(account: Account, sources: Mapping[str, Source], old: Mapping[str, Source]) -> Iterator[str]:
    """Less than 60 kB, at most 40 lines of it unfolded."""
    head = [
        MARKER,
        "### What this change does to patients",
        "",
        f"**{_capital(plain(total(account)))}.** {plain(account.base)} → {plain(account.head)}, "
        f"as of {account.as_of.isoformat()}",
        "",
    ]
    rows = list(_rows(account, sources, old))
    room = _VISIBLE - len(head)
    shown, folded = (
        (rows, []) if len(rows) <= room else (rows[: room - 1], [*_parents(rows, room - 1), *rows[room - 1 :]])
    )
    yield from head
    taken = sum(map(size, head))
    kept = _fitting(shown, taken)
    yield from shown[:kept]
    taken += sum(map(size, shown[:kept]))
    if folded and kept == len(shown):
        fits = _fitting(folded, taken)
        yield from ("", f"<details><summary>{len(folded):,} lines more</summary>", "")
        yield from folded[:fits]
        yield from ("", "</details>")
        kept += fits
    if kept < len(rows):
        yield from ("", "There is more than a comment holds: `campcompile diff` shows all of it.")


def _rows(account: Account, sources: Mapping[str, Source], old: Mapping[str, Source]) -> Iterator[str]:
    """The lines, what a reviewer must judge first."""
    yield from _findings("About this change", account.findings, sources)
    if account.changes:
        yield "- **All campaigns**"
        yield from (_change(change, "  - ") for change in merged(account.changes))
    for campaign in account.campaigns:
        yield from _campaign(campaign)
    yield from _findings("New findings", account.new, sources)
    yield from _findings("Findings that are gone", account.fixed, old)


def _campaign(change: CampaignChange) -> Iterator[str]:
    fate = f": {FATES[change.fate]}" if change.fate not in (Fate.CHANGED, Fate.RENAMED) else ""
    yield f"- **{plain(change.folder)}** ({plain(change.code)}){fate}"
    yield from (_change(one, "  - ") for one in merged(change.changes))
    for group in grouped(change.emails):
        first = group[0]
        was = f" (was {code(first.was)})" if first.was else ""
        word = "" if first.fate in (Fate.CHANGED, Fate.RENAMED) else f": **{FATES[first.fate]}**"
        yield f"  - {listed([code(email.id) for email in group])}{was}{word}"
        yield from (_change(one, "    - ") for one in merged(first.changes))


def _change(change: Change, lead: str) -> str:
    where = f" ({plain(change.where)})" if change.where else ""
    if isinstance(change.detail, Marked):
        said = _marked(change.detail.stretches)
    else:
        told = headline(change)
        said = "; ".join(filter(None, [_one_line(plain(told.replace("`", ""))), *map(message_text, notes(change))]))
    return f"{lead}_{change.kind.value}_ · {plain(topic(change))}{where}" + (f": {said}" if said else "")


def _marked(stretches: Sequence[Stretch]) -> str:
    """`we are open ~~all~~ **the whole** winter`."""
    last = len(stretches) - 1
    pieces = []
    for number, one in enumerate(stretches):
        text = _one_line(one.text)
        match one.mark:
            case Mark.GONE:
                pieces.append(_wrapped(text, "~~"))
            case Mark.NEW:
                pieces.append(_wrapped(text, "**"))
            case Mark.KEPT if len(text) > 2 * _NEAR:
                head, tail = ("" if number == 0 else text[:_NEAR]), ("" if number == last else text[-_NEAR:])
                pieces.append(_plain(f"{head} … {tail}"))
            case Mark.KEPT:
                pieces.append(_plain(text))
    return "".join(pieces)


def _wrapped(text: str, sign: str) -> str:
    """Marked, with the blanks outside of the mark, where Markdown wants them."""
    inner = text.strip()
    if not inner:
        return text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{lead}{sign}{_plain(inner[:_LONGEST])}{'…' if len(inner) > _LONGEST else ''}{sign}{trail}"


def _plain(text: str) -> str:
    return plain(text).replace("`", "\\`")


def _one_line(text: str) -> str:
    return " ⏎ ".join(text.split("\n"))


def _findings(title: str, found: Sequence[Diagnostic], sources: Mapping[str, Source]) -> Iterator[str]:
    if not found:
        return
    yield f"- **{title}**"
    for one in sorted(found, key=lambda one: SEVERITIES.index(one.severity)):
        place = Place.of(one.span, sources)
        position = code(f"{place.path}:{place.line}:{place.column}")
        help_ = f" · help: {message_text(one.help)}" if one.help and title != "Findings that are gone" else ""
        yield f"  - **{one.severity.value}** {one.rule.code}: {message_text(one.message)} · {position}{help_}"


def _parents(rows: Sequence[str], at: int) -> list[str]:
    """The rows that a row hangs on: a list that goes on in a fold begins with them again."""
    found: list[str] = []
    depth = _depth(rows[at])
    for row in reversed(rows[:at]):
        if _depth(row) < depth:
            depth = _depth(row)
            found.insert(0, row)
    return found


def _depth(row: str) -> int:
    return len(row) - len(row.lstrip(" "))


def _fitting(rows: Sequence[str], taken: int) -> int:
    """How many of the rows there is room for."""
    for number, row in enumerate(rows):
        taken += size(row)
        if taken > LARGEST - _ENDING:
            return number
    return len(rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
