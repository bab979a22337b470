"""An excerpt: one line of a source with a stretch of it underlined, cut to fit a terminal."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from campcompile.report.width import visible
from campcompile.syntax.source import Source, Span
from campcompile.values import dataclass

_CUT = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The line as shown; `indent` cells before the underline and `length` (at least 1) cells of it."""

    line: str
    indent: int
    length: int


def excerpt(source: Source, span: Span, room: int) -> Excerpt:
    """The first line of `span`, at most `room` cells wide; a longer line is cut around the span."""
    number, column = source.position(span.start)
    text = source.line(number)
    start = min(column - 1, len(text))
    end = min(start + max(span.end - span.start, 0), len(text))
    cells = list(visible(text))
    edges = [0]
    for _, wide in cells:
        edges.append(edges[-1] + wide)
    if edges[-1] <= room:
        return Excerpt("".join(shown for shown, _ in cells), edges[start], max(edges[end] - edges[start], 1))
    low, high = _window(edges, start, end, room)
    before, after = _CUT * (low > 0), _CUT * (high < len(cells))
    shown = before + "".join(shown for shown, _ in cells[low:high]) + after
    return Excerpt(shown, len(before) + edges[start] - edges[low], max(edges[min(end, high)] - edges[start], 1))


def _window(edges: list[int], start: int, end: int, room: int) -> tuple[int, int]:
    """Which code points to show: the span, if it fits, in the middle; an accent stays with its letter."""
    inside = room - 2 * len(_CUT)
    spare = max(inside - (edges[end] - edges[start]), 0)
    left = max(min(edges[start] - spare // 2, edges[-1] - inside), 0)
    low = min(bisect_right(edges, edges[bisect_left(edges, left)]) - 1, start)
    return low, bisect_right(edges, edges[low] + inside) - 1
