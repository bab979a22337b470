"""The pages of e-mails that a review shows: both sides of every version, packed, as many as there is room for."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape

from campcompile.changes.account import EmailChange, EmailSide, Mark
from campcompile.changes.preview import pages_of
from campcompile.changes.seen import page_texts, readable
from campcompile.changes.words import marked
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.values import dataclass

_ROOM = 3_000_000  # bytes of packed pages: four thirds of it as text, and the page stays below 5 MB
_PICTURE = regex(r"\.\./assets/([A-Za-z0-9_.-]+)")
_TAGS = {Mark.GONE: "del", Mark.NEW: "ins"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One version of an e-mail, as it lies in the page."""

    number: int  # of its pages
    name: str  # "nb", "en, variant b"
    lines: tuple[str, str]  # subject and preheader before and after, as HTML with marks; "" for none

    def has(self, side: int) -> bool:
        return bool(self.lines[side])


class Previews:
    """Pages in the making."""

    def __init__(self, pictures: Mapping[str, tuple[str, bytes]], secrets: tuple[str, ...]) -> None:
        self.known = pictures
        self.secrets = secrets
        self.pages: list[tuple[str, str]] = []
        self.pictures: dict[str, str] = {}
        self.taken = 0

    def add(self, email: EmailChange) -> tuple[Shown, ...]:
        """The e-mail's versions; only the first where all look as before; none where there is no room left."""
        before, after = _messages(email.before), _messages(email.after)
        names = list(dict.fromkeys((*after, *before)))
        if email.looks_as_before:
            names = names[:1]
        return tuple(filter(None, (self._version(name, before.get(name), after.get(name)) for name in names)))

    def packed(self) -> str:
        """All pages and pictures as compressed JSON, in letters."""
        data = json.dumps({"pages": self.pages, "pictures": self.pictures}, ensure_ascii=False)
        return b64encode(zlib.compress(data.encode("utf-8", "replace"), 9)).decode()

    def _version(self, name: str, before: RenderedEmail | None, after: RenderedEmail | None) -> Shown | None:
        if self._tells(before) or self._tells(after):
            return None
        pages = pages_of(before, after)
        needed = {found for page in (pages.before, pages.after) for found in _PICTURE.findall(page)}
        new = {
            picture: self._data(picture) for picture in sorted(needed - self.pictures.keys()) if picture in self.known
        }
        weight = len(zlib.compress(f"{pages.before}{pages.after}".encode("utf-8", "replace"))) + sum(
            map(len, new.values())
        )
        if self.taken + weight > _ROOM:
            return None
        self.taken += weight
        self.pictures |= new
        self.pages.append((pages.before, pages.after))
        return Shown(number=len(self.pages) - 1, name=name, lines=_lines(before, after))

    def _tells(self, message: RenderedEmail | None) -> bool:
        """Whether a secret stands in it: then it isn't shown."""
        return message is not None and any(secret in text for text in page_texts(message) for secret in self.secrets)

    def _data(self, name: str) -> str:
        media_type, content = self.known[name]
        return f"data:{media_type};base64,{b64encode(content).decode()}"


def _messages(side: EmailSide | None) -> Mapping[str, RenderedEmail]:
    """A side's messages by what a reviewer calls them."""
    return {} if side is None else {_name(message): message for message in side.messages}


def _name(message: RenderedEmail) -> str:
    version = message.version
    variant = "" if version.variant == "a" else f", variant {version.variant}"
    look = "" if message.look == "1" else f", look {message.look}"
    return f"{version.locale}{variant}{look}"


def _lines(before: RenderedEmail | None, after: RenderedEmail | None) -> tuple[str, str]:
    """What an inbox shows of each side: the subject, then the preheader."""
    sides = []
    for side, mark in ((before, Mark.GONE), (after, Mark.NEW)):
        if side is None:
            sides.append("")
        elif before is None or after is None:
            sides.append(escape(" · ".join(_inbox(side))))
        else:
            pairs = zip(_inbox(before), _inbox(after), strict=True)
            sides.append(" · ".join("".join(_pieces(old, new, mark)) for old, new in pairs))
    return sides[0], sides[1]


def _inbox(message: RenderedEmail) -> tuple[str, str]:
    return readable(message.subject, message), readable(message.preheader, message)


def _pieces(before: str, after: str, mark: Mark) -> Iterator[str]:
    for one in marked(before, after).stretches:
        if one.mark is Mark.KEPT:
            yield escape(one.text)
        elif one.mark is mark:
            yield f"<{_TAGS[mark]}>{escape(one.text)}</{_TAGS[mark]}>"
