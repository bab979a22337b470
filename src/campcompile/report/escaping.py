"""Words of authors within Markdown that GitHub shows: nothing in them is obeyed."""

from __future__ import annotations

from campcompile.regex import regex

LARGEST = 60_000  # bytes: GitHub takes 65,536 characters in a comment

_MARKS = regex(r"[\\*_~\[\]#|]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def message_text(message: str) -> str:
    """A message's words, and what stands in its backticks as code."""
    parts = message.split("`")
    paired = len(parts) % 2 == 1
    coded = (code(part) if number % 2 and (paired or number < len(parts) - 1) else plain(part)
             for number, part in enumerate(parts))  # fmt: skip
    return "".join(coded)


def plain(words: str) -> str:
    """Words without backticks."""
    escaped = _MARKS.sub(r"\\\g<0>", "".join(_HTML.get(char, char) for char in words))
    return escaped.replace("@", "@<!-- -->")  # a comment between, and nobody is called


def code(words: str) -> str:
    """Between backticks, where neither Markdown nor HTML is read."""
    return f"`{words.replace('`', 'ˋ')}`" if words.strip() else ""


def size(line: str) -> int:
    """Its bytes, with the line's end."""
    return len(line.encode("utf-8", "replace")) + 1
