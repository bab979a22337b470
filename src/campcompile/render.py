"""Parts and one person's values become the texts of a message; pure, three-valued, escaped by context.

A value never brings markup, a line end of a header, or a direction of writing into the text around it:
control characters are dropped, line breaks become spaces, and a value with right-to-left text or bidi
controls is wrapped in FSI … PDI (U+2068, U+2069; UAX #9). The same two characters are used in HTML:
they are what `<bdi>` means, and they work in attributes, headers and plain text alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from html import escape
from typing import Literal, Protocol, TypeAlias

from campcompile.address import checked_address
from campcompile.calendar_file import escaped, finished
from campcompile.errors import AddressError, MissingValueError
from campcompile.evaluate import Value, evaluate
from campcompile.formula import Formula, source_fields
from campcompile.manifest import Manifest
from campcompile.parts import Branch, Context, Parts, Picture, Slot
from campcompile.parts_text import parse_parts
from campcompile.plain import collapsed, printable
from campcompile.values import dataclass

__all__ = [
    "Message", "Prepared", "Row", "Template", "Value", "evaluate", "join", "names", "printed", "render_message",
    "values",
]  # fmt: skip

Row: TypeAlias = Mapping[str, Value]


class Computed(Protocol):
    """A derived field: of the manifest, or of a rendered e-mail that isn't written yet."""

    @property
    def type(self) -> str: ...
    @property
    def formula(self) -> Formula: ...
    @property
    def host(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One e-mail × locale × variant, read back from a bundle or fresh from the compiler."""

    subject: Parts
    preheader: Parts
    html: Parts
    text: Parts
    calendar: Parts = ()  # lines of an .ics file; () for none
    portal_html: Parts = ()  # what goes to the portal; () where the body is in the e-mail
    portal_text: Parts = ()

    @property
    def all(self) -> tuple[Parts, ...]:
        return (self.subject, self.preheader, self.html, self.text, self.calendar, self.portal_html, self.portal_text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One person's message: decoded texts, ready for MIME."""

    subject: str
    preheader: str
    html: str
    text: str
    headers: Mapping[str, str]  # List-Unsubscribe and the like
    pictures: tuple[str, ...]  # names of the pictures that the HTML shows, each once
    calendar: str = ""  # an .ics file, CRLF at the line ends; "" for none
    portal_html: str = ""  # what must be in the portal before this goes; "" where nothing must
    portal_text: str = ""


class Prepared:
    """A template and its manifest, looked through once for all rows."""

    def __init__(self, manifest: Manifest, template: Template) -> None:
        self.template = template
        self.headers = {name: parse_parts(text, Context.HEADER, ()) for name, text in manifest.headers.items()}
        used = names(part for text in (*template.all, *self.headers.values()) for part in text)
        self.derived = {name: manifest.derived[name] for name in used}

    def values(self, row: Row, now: datetime) -> dict[str, Value]:
        """What each derived field is for one row at the instant of sending, which has a zone."""
        return values(self.derived, row, now)

    def message(
        self,
        found: Mapping[str, Value],
        now: datetime,
        picture: Callable[[str], str] = "../assets/{}".format,
        *,
        has_bodies: bool = True,
    ) -> Message:
        """The message for one row's values.

        `picture` gives the address of a picture by its name. Without bodies, `html`, `text` and `pictures` are empty.
        Raises RenderError, naming the field.
        """
        template, derived = self.template, self.derived
        shown: dict[str, None] = {}

        def show(name: str) -> str:
            shown[name] = None
            return picture(name)

        calendar = join(template.calendar, found, derived, medium="plain")
        return Message(
            subject=collapsed(join(template.subject, found, derived, medium="plain")),
            preheader=collapsed(join(template.preheader, found, derived, medium="plain")),
            html=join(template.html, found, derived, picture=show) if has_bodies else "",
            text=join(template.text, found, derived, medium="plain") if has_bodies else "",
            headers={name: join(text, found, derived, medium="plain") for name, text in self.headers.items()},
            pictures=tuple(shown),
            calendar=finished(calendar, now) if calendar else "",
            portal_html=join(template.portal_html, found, derived),
            portal_text=join(template.portal_text, found, derived, medium="plain"),
        )


def render_message(
    manifest: Manifest,
    template: Template,
    row: Row,
    now: datetime,
    picture: Callable[[str], str] = "../assets/{}".format,
) -> Message:
    """The message for one row alone, at the instant of sending. Raises RenderError, naming the field."""
    prepared = Prepared(manifest, template)
    return prepared.message(prepared.values(row, now), now, picture)


def values(derived: Mapping[str, Computed], row: Row, now: datetime) -> dict[str, Value]:
    """What each derived field is for one row."""
    return {name: evaluate(field.formula, row, now) for name, field in derived.items()}


def join(
    parts: Parts,
    found: Mapping[str, Value],
    derived: Mapping[str, Computed] | None = None,
    *,
    picture: Callable[[str], str] = "../assets/{}".format,
    medium: Literal["html", "plain"] = "html",
) -> str:
    """The text that parts make with one person's values.

    `derived` tells a link's host and the fields behind a slot; without it a link may lead to any https
    host. In the medium "plain" a link is printed as it is; in "html" as an attribute's value.
    Raises MissingValueError where a printed value is missing, AddressError for a link that mustn't be sent.
    """
    return "".join(_joined(parts, found, derived or {}, picture, medium))


def names(parts: Iterable[object]) -> set[str]:
    """The derived fields that parts print or test."""
    result: set[str] = set()
    for part in parts:
        if isinstance(part, Slot | Branch):
            result.add(part.name)
        if isinstance(part, Branch):
            result |= names(part.then) | names(part.orelse)
    return result


def _joined(
    parts: Parts,
    found: Mapping[str, Value],
    derived: Mapping[str, Computed],
    picture: Callable[[str], str],
    medium: str,
) -> Iterator[str]:
    for part in parts:
        match part:
            case str():
                yield part
            case Slot():
                yield printed(part, found[part.name], derived.get(part.name), medium)
            case Picture(name):
                yield picture(name)
            case Branch(name, then, orelse):
                yield from _joined(then if found[name] is True else orelse, found, derived, picture, medium)


def printed(slot: Slot, value: Value, field: Computed | None, medium: str) -> str:
    """A slot with a value, escaped for where it stands. Raises MissingValueError, AddressError."""
    if value is None:
        raise MissingValueError(f"`{_source(slot, field)}` is missing, and the message prints it")
    if isinstance(value, bool | tuple | date):
        raise AssertionError(f"`{_source(slot, field)}` has no words: its formula needs a format")
    if slot.context is Context.URL or (field is not None and field.type == "url"):
        address = _address(str(value), slot, field)
        return escape(address) if medium == "html" else address
    text = printable(str(value))
    if slot.context is Context.CALENDAR:
        return escaped(text)
    if slot.context in (Context.TEXT, Context.ATTRIBUTE):
        return escape(text)
    return collapsed(text) if slot.context is Context.HEADER else text


def _address(text: str, slot: Slot, field: Computed | None) -> str:
    try:
        return checked_address(text, field.host if field else "")
    except ValueError as error:
        help = "ask whoever makes the links for a new one"
        raise AddressError(f"`{_source(slot, field)}` {error}", help=help) from None


def _source(slot: Slot, field: Computed | None) -> str:
    """The name of the field behind a slot, for messages; the slot's where there is none."""
    return ", ".join(dict.fromkeys(source_fields(field.formula))) if field else slot.name
