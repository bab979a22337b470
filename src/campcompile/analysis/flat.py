"""Flat parts are one string to look at: both arms of every branch, a mark for every slot. Never for sending."""

from __future__ import annotations

from campcompile.parts import Branch, Parts, Picture, Slot
from campcompile.regex import regex

# Control characters: an author's text can't hold them (syntax refuses them), so a mark is never mistaken for words.
# ASCII ones, as a single wide character would double every page in memory and in time.
SLOT_OPEN, SLOT_CLOSE, ARM = "\x02", "\x03", "\x01"
SLOT_MARK = regex(f"{SLOT_OPEN}([^{SLOT_CLOSE}]*){SLOT_CLOSE}")


def flat(parts: Parts) -> str:
    """All that any recipient may see: `Hello {slot t1}` with both arms of a branch, one after the other.

    A slot is `SLOT_OPEN name SLOT_CLOSE`; arms are set apart by `ARM`, unless they are whole elements,
    where a character between table rows would move. A picture is its path in the bundle.
    """
    pieces: list[str] = []
    _write(parts, pieces)
    return "".join(pieces)


def slot_mark(name: str) -> str:
    """What stands for the slot `name` in flat text."""
    return f"{SLOT_OPEN}{name}{SLOT_CLOSE}"


def slots_in(text: str) -> tuple[str, ...]:
    """The names of the slots in a flat text, in order, with repeats."""
    return tuple(SLOT_MARK.findall(text))


def without_marks(text: str) -> str:
    """A flat text without its slots and arms: the fixed words alone."""
    return SLOT_MARK.sub("", text).replace(ARM, "")


def names_hidden(text: str) -> str:
    """A flat text whose slots are all mark: no reader sees a field's name. As long as it was, so every place stays."""
    return SLOT_MARK.sub(lambda mark: SLOT_OPEN * len(mark[0]), text) if SLOT_OPEN in text else text


def _write(parts: Parts, pieces: list[str]) -> None:
    for part in parts:
        match part:
            case str():
                pieces.append(part)
            case Slot(name):
                pieces.append(slot_mark(name))
            case Branch(_, then, orelse):
                for arm in (then, orelse):
                    if arm:
                        _write_arm(arm, pieces)
            case Picture(name):
                pieces.append(f"../assets/{name}")


def _write_arm(arm: Parts, pieces: list[str]) -> None:
    first = len(pieces)
    _write(arm, pieces)
    if first < len(pieces) and not pieces[first].lstrip().startswith("<"):
        pieces.insert(first, ARM)
        pieces.append(ARM)
