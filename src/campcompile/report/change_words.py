"""A change in words: one line that says before and after, and lines that say what it means for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from campcompile.changes.account import (
    Change,
    Consequence,
    Direction,
    Fate,
    Kind,
    Mark,
    Marked,
    Read,
    Rescheduled,
    Selected,
)
from campcompile.formula import Formula
from campcompile.model.timing import Offset, Send, Unit
from campcompile.report.report import counted, listed
from campcompile.report.sentence import sentence

FATES = {
    Fate.ADDED: "new",
    Fate.REMOVED: "gone",
    Fate.RENAMED: "renamed",
    Fate.CHANGED: "changed",
    Fate.UNREADABLE: "can't be read any more: nothing is known of it until its errors are mended",
}
_DIRECTIONS = {
    Direction.WIDENED: "wider: more people, and nobody less",
    Direction.NARROWED: "narrower: fewer people, and nobody new",
    Direction.SHIFTED: "other people: some come, some no longer",
    Direction.UNDECIDED: "changed: whether more people or fewer could not be worked out",
}
_TOPICS = {
    "send": "time of sending",
    "audience": "who gets it",
    "if": "who gets this one",
    "stop_when": "what ends it for a person",
    "exclude_from": "who is left out",
    "reenter": "how often it may begin",
    "per_day": "most first e-mails a day",
    "anchor": "what times count from",
    "goal": "what is measured",
    "fallback": "task when it can't go",
    "label": "what it tells of a person",
    "opt_out": "opt-out",
    "image": "picture",
    "bases": "legal basis",
    "dictionary": "field in the dictionary",
    "page": "words of the page",
}
_KEYS = ("anchor", "zone", "shift", "quiet", "expires", "repeat", "times")
_SAFE = frozenset({Consequence.EARLIER, Consequence.LATER, Consequence.AT_ONCE})


def topic(change: Change) -> str:
    """What it is about, for somebody who hasn't learnt the keys: `time of sending`, `opt-out, within`."""
    first, comma, rest = change.topic.partition(", ")
    return f"{_TOPICS.get(first, first.replace('_', ' '))}{comma}{rest.replace('_', ' ')}"


def headline(change: Change) -> str:
    """`−7 d 09:00 → −5 d 09:00`, `treatment → marketing`; "" where there is no more to say than the topic."""
    if isinstance(change.detail, Rescheduled):
        return _timing(change.detail.before, change.detail.after)
    if isinstance(change.detail, Read):
        verb = "read now" if change.after else "no longer read"
        return f"{change.after or change.before} ({change.detail.label}) is {verb}"
    if not change.before and not change.after:
        return ""
    return f"{change.before or '(none)'} → {change.after or '(none)'}"


def notes(change: Change) -> list[str]:
    """What it means, in sentences for somebody who reads no code."""
    match change.detail:
        case Selected(before=before, after=after, direction=direction):
            return [_DIRECTIONS[direction], f"before: {_clause(before)}", f"after: {_clause(after)}"]
        case Rescheduled():
            return list(_consequences(change.detail))
        case _:
            return _others(change)


def merged(changes: Iterable[Change]) -> list[Change]:
    """The changes, those that do the same in several languages as one."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for number, change in enumerate(changes):
        groups.setdefault(_sameness(change) or (number,), []).append(change)
    return [replace(group[0], where=", ".join(one.where for one in group)) for group in groups.values()]


def _sameness(change: Change) -> tuple[object, ...]:
    """What is equal in changes that may be told at once; () for one that stands alone."""
    if not change.where:
        return ()
    match change.detail:
        case Marked(stretches=stretches):
            words = tuple(one for one in stretches if one.mark is not Mark.KEPT)
            return (change.kind, change.topic, *words)
        case None:
            return (change.kind, change.topic, change.before, change.after)
        case _:
            return ()


def fate_of(kinds: tuple[Kind, ...]) -> str:
    """`audience, timing and content`."""
    return listed([kind.value for kind in kinds])


def _others(change: Change) -> list[str]:
    if change.topic == "code":
        return ["whoever is under way counts as new, and may get everything again"]
    if change.topic == "id" and change.kind is Kind.COSMETIC:
        return [f"`was: {change.before}` is written: whoever had that one has had this one"]
    if change.topic == "id":
        return [f"whoever had `{change.before}` doesn't count as having had `{change.after}`, and may get it again"]
    if change.topic == "anchor":
        return ["runs are counted from something else: whoever is under way may begin again"]
    if change.topic == "order of e-mails":
        return ["of two that fall on one day, the later in the file waits a day"]
    if change.topic == "quiet_hours" and not change.after:
        return ["e-mails may go out at night"]
    return []


def _clause(formula: Formula | None) -> str:
    return "everybody" if formula is None else sentence(formula)


def _consequences(change: Rescheduled) -> list[str]:
    found = change.consequences
    lines = []
    if Consequence.EARLIER in found:
        lines.append("goes earlier")
    if Consequence.LATER in found:
        lines.append("goes later; who had it already doesn't get it again")
    if Consequence.MISSES in found:
        lines.append(f"who would have got it within {_span(change.window)} of the change never gets it: it is too late")
    if Consequence.AT_ONCE in found:
        lines.append(f"who would have got it within {_span(change.window)} of the change gets it at once, on that day")
    if Consequence.TWICE in found:
        lines.append("it is counted from something else: who had it already may get it twice")
    if Consequence.RHYTHM in found:
        lines.append("repetitions are counted anew: who is under way may miss one, or get two close together")
    if found and found <= _SAFE:
        lines.append("nobody misses it or gets it twice")
    return lines


def _span(window: timedelta) -> str:
    """`2 days`, `18 hours`: rounded up, lest anybody be forgotten."""
    hours = -(-window // timedelta(hours=1))
    return counted(-(-hours // 24), "day") if hours >= 24 else counted(hours, "hour")


def _timing(before: Send, after: Send) -> str:
    """The due time, where it changes, and each other key that does."""
    parts = []
    if (was := due_words(before)) != (now := due_words(after)):
        parts.append(f"{was} → {now}")
    for key in _KEYS:
        old, new = str(getattr(before, key) or ""), str(getattr(after, key) or "")
        if old != new:
            parts.append(f"{key} {old or '(as usual)'} → {new or '(as usual)'}")
    return "; ".join(parts)


def due_words(send: Send) -> str:
    """`+7 d 09:00`, `−24 h`, `2026-12-01 09:00`."""
    if send.offset is None:
        days = sorted(f"{day} ({locale})" if locale else day for locale, day in send.dates.items())
        return " ".join(filter(None, (", ".join(days), send.at)))
    return " ".join(filter(None, (_distance(send.offset), send.at)))


def _distance(offset: Offset) -> str:
    sign = "−" if offset.sign < 0 else "+"
    match offset.unit:
        case Unit.CALENDAR:
            months = f"{abs(offset.months)} mo" if offset.months else ""
            days = f"{abs(offset.days)} d" if offset.days or not months else ""
            return sign + " ".join(filter(None, (months, days)))
        case Unit.ABSOLUTE:
            hours, minutes = divmod(abs(offset.minutes), 60)
            return sign + (f"{hours} h" + (f" {minutes} min" if minutes else "") if hours else f"{minutes} min")
        case Unit.BUSINESS:
            return f"{sign}{abs(offset.days)} working d"
