"""The text around a place of a YAML file: its line, where a value begins and ends, which brackets are open."""

from __future__ import annotations

import re

from campcompile.regex import regex

_KEY = (
    r"(?P<key>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\n]|'')*'|(?!-[ \t])[^\s\"'\[\]{}#&*!|>%@`,][^\n]*?)"
    r":(?=[ \t]|$)[ \t]*"
)
LINE = regex(rf"(?P<indent>[ \t]*)(?P<dashes>(?:-(?:[ \t]+|$))*)(?:{_KEY})?", re.MULTILINE)
KEY_LINE = regex(r"(?:- +)*(?:[a-z*][\w.*-]*|\"[^\"\n]*\"|'[^'\n]*') *:(?:[ \t]|$)", re.MULTILINE)
_COMMENT = regex(r"(?<![ \t])[ \t]{2,}+#(?:[ \t]|$)")
QUOTED = regex(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'", re.DOTALL)


def line_bounds(text: str, at: int) -> tuple[int, int]:
    """Start and end (without its break) of the line that holds `at`."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", max(at, start))
    return start, len(text) if end < 0 else end


def indent_at(text: str, line_start: int) -> int:
    at = line_start
    while at < len(text) and text[at] in " \t":
        at += 1
    return at - line_start


def is_first_on_line(text: str, at: int) -> bool:
    return not text[line_bounds(text, at)[0] : at].strip()


def value_start(text: str, at: int) -> int:
    """Where the value begins that holds `at`: after the line's dashes, or after its key."""
    line = LINE.match(text, line_bounds(text, at)[0])
    assert line is not None  # every part of the pattern may be empty
    places = [line.end("indent"), line.end("dashes"), line.end()]
    return max((place for place in places if place <= at), default=at)


def block_end(text: str, start: int) -> int:
    """Where a value in a block ends: at the end of its line, less a comment and blanks."""
    _, end = line_bounds(text, start)
    comment = _COMMENT.search(text, start, end)
    return start + len(text[start : comment.start() if comment else end].rstrip())


def flow_end(text: str, start: int) -> int:
    """Where a value between brackets ends: at the `,` or bracket that is not its own, or at the end of the line."""
    depth, at = 0, start
    while at < len(text) and text[at] != "\n":
        if text[at] in "[{":
            depth += 1
        elif text[at] in "]}":
            if depth == 0:
                break
            depth -= 1
        elif text[at] == "," and depth == 0:
            break
        at += 1
    return start + len(text[start:at].rstrip())


def flow_at(text: str, at: int, flows: tuple[int, ...]) -> tuple[list[int], int] | None:
    """The brackets that are open at `at`, and where the innermost value begins; None outside brackets.

    `flows`: the open brackets that the parser has handed out; it looks ahead, so the last line may hold more.
    """
    start = flows[0] if flows else value_start(text, at)
    if text[start : start + 1] not in ("[", "{"):
        return None
    open_now: list[tuple[int, int]] = []
    fresh, place, entry = True, start, start
    while place < at:
        char = text[place]
        place += 1
        if char in "[{":
            open_now.append((place - 1, entry))
            entry, fresh = _skip(text, place), True
        elif char in "]}":
            if not open_now:
                return None
            entry, fresh = open_now.pop()[1], False
        elif char == "," or (char == ":" and text[place : place + 1].isspace()):
            entry, fresh = _skip(text, place), True
        elif char in "\"'" and fresh:
            quoted = QUOTED.match(text, place - 1)
            place = quoted.end() if quoted and quoted.end() <= at else place
            fresh = False
        elif char == "#" and text[place - 2].isspace():
            place = line_bounds(text, place)[1]
        elif not char.isspace():
            fresh = False
    return ([opener for opener, _ in open_now], min(entry, at)) if open_now else None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def runs_over_a_key(text: str, opener: int, at: int) -> bool:
    """Whether between an opening bracket and `at` a line begins that belongs to the mapping around it."""
    start, end = line_bounds(text, opener)
    depth = indent_at(text, start)
    if at <= end:
        return at >= len(text.rstrip())
    while end < at and end < len(text):
        start, end = line_bounds(text, end + 1)
        first = start + indent_at(text, start)
        if first - start <= depth and text.startswith("- ", first):
            return True
        if first - start <= depth + 2 and KEY_LINE.match(text, first, end) and "}" not in text[first:end]:
            return True
    return at >= len(text.rstrip())


def comment_ends_text(text: str, line_start: int) -> bool:
    """Whether comments stand above a line that would else go on with the text above them."""
    lines = text[:line_start].splitlines()[-200:]
    above = [line for line in reversed(lines) if line.strip()]
    after_comments = next((at for at, line in enumerate(above) if not line.lstrip().startswith("#")), len(above))
    if not 0 < after_comments < len(above):
        return False
    before = above[after_comments]
    deeper = indent_at(text, line_start) - indent_at(before, 0)
    return deeper > 0 or (deeper == 0 and not KEY_LINE.match(before.lstrip()))


def neighbours(text: str, line_start: int) -> str:
    """Which columns the lines above begin in, as words: ", 3 or 5"."""
    columns: list[int] = []
    limit = 1 << 30
    for line in reversed(text[:line_start].splitlines()[-200:]):
        line_match = LINE.match(line)
        if line_match is None or not line.strip() or line.lstrip().startswith("#"):
            continue
        indent = line_match.end("indent")
        if indent < limit:
            places = {indent, line_match.end("dashes")}
            columns.extend(place + 1 for place in sorted(places, reverse=True) if place < limit)
            limit = indent
        if limit == 0 or len(columns) > 5:
            break
    words = [str(column) for column in sorted(set(columns))]
    return f": column {' or '.join(words)}" if words else ""
