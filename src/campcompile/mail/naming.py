"""What names mean in a layout: an e-mail's own things at once, a person's fields when the message is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote

from campcompile.mail.locale_words import LocaleWords, Wording
from campcompile.mail.theme import Palette, Theme
from campcompile.model.bound import Target
from campcompile.model.campaign import (
    Asset,
    Block,
    Choices,
    Fixed,
    Item,
    Items,
    Line,
    Prose,
    Row,
    Rows,
)
from campcompile.model.practice import NamedLink, Settings
from campcompile.regex import regex
from campcompile.values import dataclass

ANY_LANGUAGE = "x-any-language"  # a private-use tag (BCP 47, 2.2.7)
MAP_HOST = "www.openstreetmap.org"
WIDEST_PX = 600  # of an e-mail, and so of a picture in it
_LANGUAGE_TAG = regex(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_NO_PHONE_DIGIT = regex(r"[^+0-9]")


@dataclass(frozen=True, slots=True)
class Raw:
    """Text that is printed as it stands: checked values of a theme, numbers, MJML of our own making."""

    text: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A field that is read when the message is sent; `change` bends a practice's value while compiling."""

    path: str  # "appointment.start", "practice.phone"
    change: Callable[[str], str] | None = None
    host: str = ""  # of an address that `change` makes


@dataclass(frozen=True, slots=True)
class Lines:
    """A practice's value that is kept by lines, one below the other."""

    path: str


@dataclass(frozen=True, slots=True)
class Language:
    """The e-mail's language tag; MJML gets ANY_LANGUAGE in its place, so that all languages share a skeleton."""

    tag: str


@dataclass(frozen=True, slots=True)
class Late:
    """Words that each e-mail has its own of, printed once the layout is filled: `subject`, `preheader`."""

    name: str


Value: TypeAlias = (
    "Raw | Aside | Lines | Language | Late | Wording | NamedLink | str | Mapping[str, Value]"
    "| Line | Prose | Items | Rows | Item | Row | Target | Asset | Choices | Fixed | None"
)
Names: TypeAlias = "Mapping[str, Value]"


def shared_names(locale: str, layer: str, settings: Settings, theme: Theme, words: LocaleWords) -> dict[str, Value]:
    """The names that the layout and every block know; an e-mail adds its subject and preheader."""
    return {
        "lang": Language(locale if _LANGUAGE_TAG.fullmatch(locale) else words.locale),
        "dir": Raw(words.direction),
        "start": Raw("right" if words.direction == "rtl" else "left"),  # the side that a line begins at
        "end": Raw("left" if words.direction == "rtl" else "right"),
        "subject": Late("subject"),
        "preheader": Late("preheader"),
        "layer": layer,
        "words": words.wordings,
        "theme": theme_names(theme, words.fonts),
        "contact": _CONTACT,
        "links": settings.links,
        "opt_out": _opt_out(settings),
        "privacy_notice": _privacy_notice(settings, locale),
    }


def block_names(shared: Names, block: Block) -> Names:
    """The names that a block knows: its own fields hide what is shared."""
    return {**shared, **block.fields}


def find(names: Names, path: str) -> Value:
    """What a dotted name means; an `Aside` for what isn't the e-mail's own; None for what isn't given."""
    root, _, rest = path.partition(".")
    if root not in names:
        return Aside(path) if rest else None
    value = names[root]
    for name in rest.split(".") if rest else ():
        value = _part(value, name)
    return value


@lru_cache(maxsize=64)
def theme_names(theme: Theme, fonts: str) -> Names:
    """`theme.accent`, `theme.dark.accent`, `theme.font`, `theme.radius`, `theme.logo` …; `fonts` come first."""
    before = f"{fonts}, " if fonts else ""
    logo = theme.logo
    return {
        **_colours(theme.light),
        "dark": _colours(theme.dark),
        "font": Raw(before + theme.font),
        "heading_font": Raw(before + theme.heading_font),
        "radius": Raw(str(theme.radius)),
        "button_radius": Raw(str(theme.radius * 2 // 3)),
        "logo": logo,
        "logo_alt": theme.logo_alt,
        "logo_width": Raw(str(theme.logo_width)),
        "logo_height": Raw(str(theme.logo_width * logo.height // logo.width if logo else 0)),
    }


def dialled(phone: str) -> str:
    """What follows `tel:`, such as `+4755501234`: digits and a plus sign alone (RFC 3966)."""
    return _NO_PHONE_DIGIT.sub("", phone)


def map_link(address: str) -> str:
    """A search for the address on a map that asks for no account and follows nobody."""
    return f"https://{MAP_HOST}/search?query=" + quote(", ".join(address.split("\n")), safe="")


_CONTACT: Names = {
    "map": Aside("practice.address", map_link, MAP_HOST),
    "lines": Lines("practice.address"),
}


def _part(value: Value, name: str) -> Value:
    match value:
        case Mapping():
            return value.get(name)
        case Row(label, words, _):
            return Line(label) if name == "label" else Line(words) if name == "value" else None
        case Asset():
            width = min(value.width, WIDEST_PX)
            height = max(round(value.height * width / value.width), 1)
            return {"width": Raw(str(width)), "height": Raw(str(height))}.get(name)
        case _:
            return None


def _colours(palette: Palette) -> dict[str, Value]:
    return {name: Raw(getattr(palette, name)) for name in Palette.__dataclass_fields__}


def _opt_out(settings: Settings) -> Names:
    page = settings.opt_out.page if settings.opt_out is not None else ""
    return {"page": page or None}


def _privacy_notice(settings: Settings, locale: str) -> str | None:
    """In the reader's language, else the workspace's own, else any."""
    notices = settings.privacy_notice
    for tag in (locale, locale.partition("-")[0], settings.locales.default, *notices):
        if tag in notices:
            return notices[tag]
    return None
