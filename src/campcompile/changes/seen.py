"""What a recipient sees of an e-mail, in every locale, variant and look: to be compared, and as one digest."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from hashlib import sha256

from campcompile.analysis.flat import SLOT_MARK, flat
from campcompile.changes.bare import digest
from campcompile.changes.written import condition_text
from campcompile.formula import Format, Lookup, source_fields
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.practice import Settings
from campcompile.model.rendered import RenderedEmail
from campcompile.parts import Branch, Context, Part, Parts, Slot
from campcompile.parts_text import print_parts
from campcompile.regex import regex

_LENGTH = 16
_UNSEEN = regex(r"<!--.*?-->|<(style|head)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TOLD = regex(r'<[^>]*?\s(?:alt|href|title)="([^"]*)"[^>]*>')
_TAG = regex(r"<[^>]*>")


def seen_digest(messages: tuple[RenderedEmail, ...]) -> str:
    """A fingerprint of all that recipients see: two e-mails with the same one look and read the same to everybody.

    Names of slots are digests of what they print, so that it doesn't move when another e-mail changes.
    """
    found = sha256()
    for message in messages:
        found.update(repr((message.version.locale, message.version.variant, message.look)).encode())
        for text in page_texts(message):
            found.update(text.encode("utf-8", "surrogatepass"))
            found.update(b"\0")
    return found.hexdigest()[:_LENGTH]


def page_texts(message: RenderedEmail) -> Iterator[str]:
    """Every text of a message that somebody reads, exactly."""
    yield print_parts(message.subject, Context.HEADER)
    yield print_parts(message.preheader, Context.HEADER)
    yield print_parts(message.html, Context.TEXT)
    yield print_parts(message.text, Context.PLAIN)
    yield print_parts(message.calendar, Context.CALENDAR)
    if message.portal is not None:
        yield print_parts(message.portal.html, Context.TEXT)
        yield print_parts(message.portal.text, Context.PLAIN)


def readable(parts: Parts, message: RenderedEmail) -> str:
    """A text with its merge fields by name and its conditions spelled out."""
    return "".join(_readable(part, message) for part in parts)


def words_of_page(message: RenderedEmail) -> str:
    """What the HTML says, without its look: words, descriptions of pictures, addresses."""
    page = _UNSEEN.sub("", flat(message.html if message.portal is None else message.portal.html))
    page = SLOT_MARK.sub(lambda mark: f"{{{{ {slot_name(mark[1], message)} }}}}", page)
    told = _TAG.sub(" ", _TOLD.sub(r" \1 ", page))
    return " ".join(html.unescape(told).split())


def rest_digest(campaign: Campaign, email: Email, programme: Programme) -> str:
    """A fingerprint of whom, when, why and by what an e-mail goes: all but what is seen of it."""
    settings: Settings = programme.settings
    return digest(
        (
            email.id,
            email.send,
            email.condition,
            email.label,
            email.reviewed,
            email.experiment,
            [campaign.code, campaign.purpose, campaign.layer, campaign.recipient, campaign.anchor, campaign.reenter],
            [campaign.audience, campaign.goal, campaign.stop_when, campaign.deliver, campaign.per_day],
            [campaign.fallback, campaign.event, campaign.sender, campaign.targets, campaign.bases],
            [settings.quiet_hours, settings.frequency_cap, settings.jurisdictions, settings.opt_out],
        )
    )


def _readable(part: Part, message: RenderedEmail) -> str:
    match part:
        case str():
            return part
        case Slot(name):
            return f"{{{{ {slot_name(name, message)} }}}}"
        case Branch(name, then, orelse):
            test = condition_text(message.derived[name].formula)
            rest = f"{{% else %}}{readable(orelse, message)}" if orelse else ""
            return f"{{% if {test} %}}{readable(then, message)}{rest}{{% endif %}}"
        case _:
            return ""


def slot_name(name: str, message: RenderedEmail) -> str:
    """`appointment.start | date`; for a value that a site chooses, that."""
    formula = message.derived[name].formula
    if isinstance(formula, Lookup):
        return " or ".join(dict.fromkeys((formula.default, *(text for _, text in formula.table))))
    fields = sorted(set(source_fields(formula)))
    style = f" | {formula.style}" if isinstance(formula, Format) and formula.style != "text" else ""
    printed = fields[0] if fields else "practice value"
    return f"{printed}{style}"
