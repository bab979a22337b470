"""An e-mail's page as a reviewer sees it: fields by name, conditions fulfilled, and every changed word marked."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from campcompile.analysis.flat import SLOT_CLOSE, SLOT_OPEN, slot_mark
from campcompile.changes.seen import slot_name
from campcompile.model.rendered import RenderedEmail
from campcompile.parts import Branch, Context, Parts, Picture, Slot
from campcompile.regex import regex
from campcompile.values import dataclass

_TOKEN = regex(r"<!--.*?-->|<(style|script|title)\b.*?</\1\s*>|<[^>]*>|[^<]+", re.DOTALL | re.IGNORECASE)
_WORD = regex(rf"{SLOT_OPEN}[^{SLOT_CLOSE}]*{SLOT_CLOSE}|&\w+;|[\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff]+|\s+|.")
_SLOT = regex(f"{SLOT_OPEN}([^{SLOT_CLOSE}]*){SLOT_CLOSE}")
_FIELD = "border-radius:3px;outline:1px dashed #8a6d00;background:#fff6d6;color:#4a3b00"
_MARKS = {
    "gone": "background:#ffd9d6;color:#7a0a0a;text-decoration:line-through",
    "new": "background:#c9f2d3;color:#0a4d1e",
}


@dataclass(frozen=True, slots=True)
class Pages:
    """Two pages of HTML, "" where there is none; pictures are still `../assets/NAME`."""

    before: str
    after: str


def pages_of(before: RenderedEmail | None, after: RenderedEmail | None) -> Pages:
    """Both pages; where both are there, what only one of them says is marked."""
    old, new = "" if before is None else _page(before), "" if after is None else _page(after)
    if not old or not new:
        return Pages(_fields(old), _fields(new))
    left, right = _tokens(old), _tokens(new)
    words = [[word for word, is_word in side if is_word] for side in (left, right)]
    gone, come = _differing(*words)
    return Pages(_fields(_marked(left, gone, "gone")), _fields(_marked(right, come, "new")))


def _page(message: RenderedEmail) -> str:
    parts = message.html if message.portal is None else message.portal.html
    return "".join(_shown(parts, message))


def _shown(parts: Parts, message: RenderedEmail) -> Iterator[str]:
    for part in parts:
        match part:
            case str():
                yield part
            case Slot(name, Context.TEXT):
                yield slot_mark(html.escape(slot_name(name, message)))
            case Slot(name, Context.URL):
                yield f"#{html.escape(slot_name(name, message))}"
            case Slot(name):
                yield html.escape(slot_name(name, message))
            case Branch(_, then, orelse):
                yield from _shown(then or orelse, message)
            case Picture(name):
                yield f"../assets/{name}"


def _tokens(page: str) -> list[tuple[str, bool]]:
    """The page cut into tags and words; True for what a reader reads."""
    found: list[tuple[str, bool]] = []
    for token in _TOKEN.finditer(page):
        text = token[0]
        if text.startswith("<") or not text.strip():
            found.append((text, False))
        else:
            found += [(word, not word.isspace()) for word in _WORD.findall(text)]
    return found


def _differing(old: list[str], new: list[str]) -> tuple[frozenset[int], frozenset[int]]:
    """The numbers of the words that the other side doesn't have there."""
    gone: set[int] = set()
    come: set[int] = set()
    for verb, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verb != "equal":
            gone.update(range(low, high))
            come.update(range(start, end))
    return frozenset(gone), frozenset(come)


def _marked(tokens: list[tuple[str, bool]], numbers: frozenset[int], mark: str) -> str:
    """The page with those words in marks; words side by side share one."""
    tag = f'<span style="{_MARKS[mark]}">'
    pieces: list[str] = []
    number, is_open = -1, False
    for text, is_word in tokens:
        number += is_word
        wanted = number in numbers if is_word else is_open and text.isspace()
        if wanted != is_open:
            pieces.append(tag if wanted else "</span>")
            is_open = wanted
        pieces.append(text)
    return "".join(pieces) + "</span>" * is_open


def _fields(page: str) -> str:
    return _SLOT.sub(rf'<span style="{_FIELD}">\1</span>', page)
