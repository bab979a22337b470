"""One e-mail before and after: its timing, its own condition, its words in every version, and the fields it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from campcompile.changes.account import Change, EmailSide, Kind, Read
from campcompile.changes.bare import same
from campcompile.changes.blocks import block_changes
from campcompile.changes.comparing import by, said, setting, words
from campcompile.changes.people import condition_change
from campcompile.changes.rescheduling import Timetable, rescheduled
from campcompile.changes.seen import page_texts, readable, words_of_page
from campcompile.changes.sides import CampaignSide
from campcompile.changes.words import marked
from campcompile.changes.written import line_text
from campcompile.model.campaign import Programme, Version
from campcompile.model.rendered import RenderedEmail
from campcompile.model.timing import Send
from campcompile.syntax.source import Span

_SEND_KEYS = ("offset", "date", "anchor", "at", "zone", "shift", "quiet", "expires", "repeat", "times")
_ORDINARY = {"zone": "site", "shift": "none", "quiet": "later"}


def email_changes(was: EmailSide, now: EmailSide, before: CampaignSide, after: CampaignSide) -> Iterator[Change]:
    """An e-mail that only follows its campaign's new anchor says nothing of it."""
    old, new, settings = was.email, now.email, after.programme.settings
    follows = (old.send.anchor, new.send.anchor) == (before.campaign.anchor, after.campaign.anchor)
    old_send = replace(old.send, anchor=new.send.anchor) if follows else old.send
    if not same(old_send, new.send):
        yield _timing(Timetable(old_send, settings), Timetable(new.send, settings), "")
    yield from condition_change("if", old.condition, new.condition, after.programme, new.span)
    yield from _experiment(was, now, after.programme)
    yield from setting(Kind.COMPLIANCE, "reviewed", old.reviewed, new.reviewed, new.span)
    yield from _words(was, now)
    yield from _fields(was, now, before, after)
    if old.label != new.label:
        yield from setting(Kind.DATA_USE, "label", old.label.word, new.label.word, new.span)


def send_text(send: Send) -> str:
    """A `send` on one line, without what goes without saying: `offset -P7D, at 09:00, expires -P4D`."""
    values = {**{key: getattr(send, key, None) for key in _SEND_KEYS}, "date": _dates(send)}
    return ", ".join(
        f"{key} {value}" for key, value in values.items() if value not in (None, "") and value != _ORDINARY.get(key)
    )


def _fields(was: EmailSide, now: EmailSide, before: CampaignSide, after: CampaignSide) -> Iterator[Change]:
    """Fields that this e-mail alone brings, or alone did."""
    old, new = before.fields_of(was), after.fields_of(now)
    gone, come = old - new - after.deciding_fields(), new - old - before.deciding_fields()
    yield from read_changes(gone, come, before.programme, after.programme, now.email.span)


def read_changes(
    before: frozenset[str], after: frozenset[str], old: Programme, new: Programme, span: Span | None
) -> Iterator[Change]:
    """Fields that are read anew, and fields that are read no longer."""
    for name in sorted(after - before):
        detail = Read(field=name, label=_label(name, new))
        yield Change(kind=Kind.DATA_USE, topic="field", after=name, detail=detail, span=span)
    for name in sorted(before - after):
        detail = Read(field=name, label=_label(name, old))
        yield Change(kind=Kind.DATA_USE, topic="field", before=name, detail=detail, span=span)


def _label(name: str, programme: Programme) -> str:
    field = programme.dictionary.fields.get(name)
    return "contact" if field is None else field.label.word  # links.…: one address a recipient


def _dates(send: Send) -> str:
    return (
        said({key or "every locale": day for key, day in send.dates.items()})
        if len(send.dates) > 1
        else "".join(send.dates.values())
    )


def _timing(before: Timetable, after: Timetable, where: str) -> Change:
    return Change(
        kind=Kind.TIMING,
        topic="send",
        where=where,
        before=send_text(before.send),
        after=send_text(after.send),
        detail=rescheduled(before, after),
        span=after.send.span,
    )


def _experiment(before: EmailSide, after: EmailSide, programme: Programme) -> Iterator[Change]:
    old, new = before.email.experiment, after.email.experiment
    span = after.email.span if new is None else new.span
    yield from setting(
        Kind.CONTENT,
        "experiment",
        "" if old is None else ("a", *old.variants),
        "" if new is None else ("a", *new.variants),
        span,
    )
    if old is None or new is None:
        return
    yield from setting(Kind.DATA_USE, "experiment, metric", old.metric, new.metric, span)
    yield from setting(Kind.DATA_USE, "experiment, detect", old.detect, new.detect, span)
    for variant in sorted({*old.sends, *new.sends} & {*old.variants} & {*new.variants}):
        was, now = old.sends.get(variant, before.email.send), new.sends.get(variant, after.email.send)
        if not same(was, now):
            settings = programme.settings
            yield _timing(Timetable(was, settings), Timetable(now, settings), f"variant {variant}")


def _words(before: EmailSide, after: EmailSide) -> Iterator[Change]:
    """Every version's words; where an author's words are the same, what else became of the page."""
    old, new = by(_key, before.email.versions), by(_key, after.email.versions)
    for key in dict.fromkeys((*new, *old)):
        if key not in old or key not in new:
            span = new[key].span if key in new else after.email.span
            yield from setting(Kind.CONTENT, "words in", key if key in old else "", key if key in new else "", span)
            continue
        own = tuple(_version(old[key], new[key], key))
        yield from own
        if not own:
            yield from _page(
                _by_look(before.messages, old[key]), _by_look(after.messages, new[key]), key, new[key].span
            )


def _version(was: Version, now: Version, where: str) -> Iterator[Change]:
    yield from words("subject", line_text(was.subject), line_text(now.subject), now.subject_span, where)
    yield from words("preheader", line_text(was.preheader), line_text(now.preheader), now.preheader_span, where)
    yield from block_changes(was.blocks, now.blocks, where)


def _page(
    before: dict[str, RenderedEmail], after: dict[str, RenderedEmail], where: str, span: Span
) -> Iterator[Change]:
    """What changed though the author's words for it didn't: a phrase, the practice's values, layout or theme."""
    for look in sorted(before.keys() & after.keys()):
        was, now = before[look], after[look]
        if tuple(page_texts(was)) == tuple(page_texts(now)):
            continue
        place = where if look == "1" else f"{where}, look {look}"
        old_text, new_text = _text(was), _text(now)
        if old_text != new_text:
            yield _marked_page(old_text, new_text, place, span)
        elif words_of_page(was) != words_of_page(now):
            yield _marked_page(words_of_page(was), words_of_page(now), place, span)
        elif _computed(was) != _computed(now):
            yield Change(kind=Kind.CONTENT, topic="computed values", where=place, span=span)
        else:
            yield Change(kind=Kind.COSMETIC, topic="look", where=place, span=span)


def _marked_page(before: str, after: str, where: str, span: Span) -> Change:
    """Only the paragraphs that differ, however their lines are broken."""
    old, new = _paragraphs(before), _paragraphs(after)
    gone = "\n".join(line for line in old if line not in new)
    come = "\n".join(line for line in new if line not in old)
    return Change(
        kind=Kind.CONTENT, topic="page", where=where, before=gone, after=come, detail=marked(gone, come), span=span
    )


def _paragraphs(text: str) -> list[str]:
    return [" ".join(lines.split()) for lines in text.split("\n\n")]


def _text(message: RenderedEmail) -> str:
    body = message.text if message.portal is None else message.portal.text
    parts = (message.subject, message.preheader, body, message.calendar)
    return "\n".join(readable(part, message) for part in parts)


def _computed(message: RenderedEmail) -> tuple[object, ...]:
    """The names of what is computed, which are digests of how."""
    return tuple(sorted(message.derived))


def _by_look(messages: tuple[RenderedEmail, ...], version: Version) -> dict[str, RenderedEmail]:
    return {one.look: one for one in messages if _key(one.version) == _key(version)}


def _key(version: Version) -> str:
    return version.locale if version.variant == "a" else f"{version.locale}, variant {version.variant}"
