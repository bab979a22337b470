"""The ways of fields into one e-mail, drawn: declarations on the left, places on the right; the text says the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from campcompile.changes.account import Mark
from campcompile.changes.flows import Reach
from campcompile.model.fields import Dictionary
from campcompile.report.report import Place
from campcompile.syntax.source import Source

_WIDTH, _ROW, _TOP = 860, 46, 34  # px
_BOX, _HIGH = 300, 38
_RIGHT = 600
_WORDS = {Mark.NEW: "new", Mark.GONE: "no longer", Mark.KEPT: "as before"}


def flow_drawing(
    reaches: tuple[Reach, ...], new: tuple[Dictionary, Mapping[str, Source]], old: Dictionary, label: str
) -> Iterator[str]:
    """An SVG of a path for each field and place."""
    dictionary, sources = new
    fields = list(dict.fromkeys(one.field for one in reaches))
    places = list(dict.fromkeys(sorted((one.place for one in reaches), key=lambda place: place.value)))
    height = _TOP + max(len(fields), len(places)) * _ROW + 6
    words = "; ".join(f"{one.field} to {one.place.value}: {_WORDS[one.mark]}" for one in reaches)
    yield f'<svg class="flow" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(f"{label}: {words}")}">'
    yield f'<text class="soft" x="2" y="18">declared</text><text class="soft" x="{_RIGHT}" y="18">read or seen</text>'
    for one in sorted(reaches, key=lambda one: list(Mark).index(one.mark)):
        start, end = _middle(fields.index(one.field)), _middle(places.index(one.place))
        bend = (_BOX + _RIGHT) / 2
        title = escape(f"{one.field} → {one.place.value}: {_WORDS[one.mark]}")
        style = f' class="{one.mark.value}"' if one.mark is not Mark.KEPT else ""
        line = f"M{_BOX} {start}C{bend} {start} {bend} {end} {_RIGHT} {end}"
        yield f'<path{style} d="{line}"><title>{title}</title></path>'
    for number, name in enumerate(fields):
        field = dictionary.fields.get(name) or old.fields.get(name)
        where = ""
        if field is not None and name in dictionary.fields:
            place = Place.of(field.span, sources)
            where = f" · {place.path.rpartition('/')[2]}:{place.line}"
        kind = f"{field.label.word}{where}" if field is not None else "contact"
        yield from _box(0, number, _BOX, name, kind, _mark(one.mark for one in reaches if one.field == name))
    for number, target in enumerate(places):
        mark = _mark(one.mark for one in reaches if one.place is target)
        yield from _box(_RIGHT, number, _WIDTH - _RIGHT - 2, target.value, "", mark)
    yield "</svg>"


def _box(x: int, number: int, width: int, text: str, below: str, mark: Mark) -> Iterator[str]:
    y = _TOP + number * _ROW
    style = f' class="{mark.value}"' if mark is not Mark.KEPT else ""
    yield f'<rect class="box" x="{x + 1}" y="{y}" width="{width}" height="{_HIGH}" rx="7"/>'
    yield f'<text{style} x="{x + 12}" y="{y + (16 if below else 24)}">{escape(_cut(text))}</text>'
    if below:
        yield f'<text class="soft" x="{x + 12}" y="{y + 31}">{escape(_cut(below))}</text>'


def _mark(marks: Iterator[Mark]) -> Mark:
    """New or gone where all ways are; else as before."""
    found = set(marks)
    return found.pop() if len(found) == 1 else Mark.KEPT


def _middle(number: int) -> float:
    return _TOP + number * _ROW + _HIGH / 2


def _cut(text: str) -> str:
    return text if len(text) <= 38 else text[:37] + "…"
