"""One e-mail as the page shows it to one person: its looks, its line in the inbox, and where its words were written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from campcompile.errors import RenderError
from campcompile.model.campaign import Version
from campcompile.model.rendered import RenderedEmail
from campcompile.plain import collapsed
from campcompile.preview.people import Entry, Sample, completed, sample
from campcompile.preview.workshop import View
from campcompile.render import join, values
from campcompile.syntax.source import Span

PICTURES = "picture/"


def mail_json(view: View, kind: str, typed: Mapping[str, str], day: date, pictures: str = PICTURES) -> dict[str, Any]:
    """What the page needs to draw it; pictures lie at addresses that begin with `pictures`."""
    message, programme = view.message, view.draft.programme
    found, lacking = completed(message, programme, sample(message, programme, kind, typed, day))
    return {
        **_texts(message, found, pictures),
        "sender": _sender(message),
        "locale": message.version.locale,
        "person": [_entry(entry, entry.field.name in lacking) for entry in found.entries],
        "places": [_place(where, kind, span, view) for where, kind, span in _places(message.version)],
    }


def _texts(message: RenderedEmail, found: Sample, pictures: str) -> dict[str, Any]:
    try:
        return _printed(message, found, pictures)
    except RenderError as error:  # a value that was typed can't be printed: an address of another host
        return {"unprintable": error.message}


def _printed(message: RenderedEmail, found: Sample, pictures: str) -> dict[str, Any]:
    derived = message.derived
    known = values(derived, found.row, found.now)

    def shown(name: str) -> str:
        return pictures + name

    def plain(parts: Any) -> str:
        return join(parts, known, derived, medium="plain")

    portal = message.portal
    return {
        "subject": collapsed(plain(message.subject)),
        "preheader": collapsed(plain(message.preheader)),
        "html": join(message.html, known, derived, picture=shown),
        "text": plain(message.text),
        "mjml": join(message.mjml, known, derived, picture=shown),
        "portal": None if portal is None else join(portal.html, known, derived, picture=shown),
    }


def _sender(message: RenderedEmail) -> dict[str, str]:
    sender = message.campaign.sender
    return {"name": sender.name, "email": sender.email, "reply_to": sender.reply_to}


def _entry(entry: Entry, was_lacking: bool) -> dict[str, Any]:
    field = entry.field
    return {
        "name": field.name,
        "type": field.type.name,
        "label": field.label.word,
        "choices": field.type.choices,
        "text": entry.text,
        "problem": entry.problem,
        "lacking": was_lacking,
    }


def _places(version: Version) -> Iterator[tuple[int | str, str, Span]]:
    """Where each part of the e-mail was written: a block's number, its kind, and every text that it is made of."""
    yield "subject", "subject", version.subject_span
    yield "preheader", "preheader", version.preheader_span
    for number, block in enumerate(version.blocks):
        kind = f"phrase {block.phrase}" if block.phrase else block.kind
        for span in dict.fromkeys((*block.spans.values(), block.span)):
            yield number, kind, span


def _place(where: int | str, kind: str, span: Span, view: View) -> dict[str, Any]:
    source = view.draft.sources.get(span.path)
    line = source.position(span.start)[0] if source is not None else 1
    return {"where": where, "kind": kind, "path": span.path, "start": span.start, "end": span.end, "line": line}
