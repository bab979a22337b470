"""The calendar file of an e-mail with an event block: for everybody the same, but for the practice's values."""

from __future__ import annotations

from hashlib import sha256

from campcompile.calendar_file import escaped, instant
from campcompile.mail.inlines import inline_parts
from campcompile.mail.joining import joined
from campcompile.mail.naming import Aside
from campcompile.mail.printing import Press
from campcompile.model.campaign import Campaign, Line, Version
from campcompile.model.event import Event
from campcompile.model.practice import Sender
from campcompile.parts import Context, Part, Parts

_PROGRAM = "-//campcompile//campcompile//EN"


def calendar_parts(version: Version, campaign: Campaign, press: Press) -> Parts:
    """Lines without DTSTAMP, unfolded, under the condition of the first event block; () where there is none.

    METHOD is PUBLISH: people keep the entry, and nobody is told whether they do. The organizer, which that
    method asks for (RFC 5546, 3.2.1), is the campaign's sender.
    """
    block = next((block for block in version.blocks if block.kind == "event"), None)
    event = version.scope.event
    if block is None or event is None:
        return ()
    title = block.fields.get("title")
    words: Parts = ()
    if isinstance(title, Line):
        words = inline_parts(title.words, Context.CALENDAR, press.deriving, press.kit.look)
    if not words:
        words = press.parts(Aside("practice.name"), "", Context.CALENDAR)
    lines = (
        "BEGIN:VCALENDAR\nVERSION:2.0\n",
        f"PRODID:{_PROGRAM}\nMETHOD:PUBLISH\nBEGIN:VEVENT\n",
        f"UID:{uid(campaign)}\n",
        *_times(event),
        *("SUMMARY:", *words, "\n"),
        f"LOCATION:{escaped(event.place)}\n" if event.place else "",
        *_link(press),
        _organizer(campaign.sender),
        "END:VEVENT\nEND:VCALENDAR\n",
    )
    shown = joined(lines)
    return shown if block.condition is None else press.deriving.either(block.condition, shown)


def uid(campaign: Campaign) -> str:
    """The entry's name in every calendar: one an event, whatever the e-mail, its words and its time.

    A UUID, as RFC 7986, 5.3 asks for, so that it tells neither practice nor campaign: version 8 (RFC 9562, 5.8).
    """
    digest = sha256(f"{campaign.code}.{campaign.sender.email.rpartition('@')[2]}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


def _times(event: Event) -> Parts:
    start = f"DTSTART:{instant(event.start)}\n"
    return (start,) if event.end is None else (start, f"DTEND:{instant(event.end)}\n")


def _link(press: Press) -> Parts:
    """The event's address, where it is one for everybody: a personal one would say whose calendar this is."""
    printed = press.field("event.link", "") if press.given("event.link") else None
    if printed is None:
        return ()
    parts: tuple[Part, ...] = (press.deriving.printed(printed, Context.PLAIN),)
    return ("URL:", *parts, "\n") if all(isinstance(part, str) for part in parts) else ()


def _organizer(sender: Sender) -> str:
    if not sender.email:
        return ""
    name = "".join(sign for sign in sender.name if sign >= " " and sign not in '"\x7f')
    return f'ORGANIZER;CN="{name}":mailto:{sender.email}\n' if name else f"ORGANIZER:mailto:{sender.email}\n"
