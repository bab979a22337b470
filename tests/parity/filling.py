"""Our layouts filled without a campaign: one way, or with every combination of what their conditions choose."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

from campcompile.syntax.layout import read_layout
from campcompile.syntax.layout_tree import Choice, Inclusion, LayoutNode, Literal, Output, PictureUse, Place, Repeat
from campcompile.syntax.source import Source

ROOT = Path(__file__).parents[2]
LAYOUTS = ROOT / "src" / "campcompile" / "mail" / "layouts"
OURS = ("clinic", "newsletter", "portal-notice", "portal-text")
BLOCKS = tuple(sorted(path.stem for path in (LAYOUTS / "blocks").glob("*.mjml")))


@cache
def nodes_of(path: Path, name: str) -> tuple[LayoutNode, ...]:
    read = read_layout(Source(name, path.read_text("utf-8")))
    assert [finding.message for finding in read.diagnostics] == []
    return read.value.nodes


def ours(name: str) -> tuple[LayoutNode, ...]:
    """Of a file of ours, by its name below layouts/."""
    return nodes_of(LAYOUTS / name, f"layouts/{name}")


def whole(layout: str) -> str:
    """The MJML of a layout with each of the blocks once."""
    body = "".join(piece for block in BLOCKS for piece in filled(ours(f"blocks/{block}.mjml"), ""))
    return "".join(filled(ours(f"{layout}.mjml"), body))


def filled(nodes: tuple[LayoutNode, ...], body: str) -> Iterator[str]:
    """The first arm of each choice, each list twice, and a made-up value for each print."""
    for node in nodes:
        match node:
            case Choice(arms=arms):
                yield from filled(arms[0].nodes, body)
            case Repeat(nodes=inner):
                yield from (piece for _ in range(2) for piece in filled(inner, body))
            case Inclusion(name=name):
                yield from filled(ours(name), body)
            case _:
                yield _printed(node, body)


def every(nodes: tuple[LayoutNode, ...], body: str) -> Iterator[str]:
    """Every combination: each arm of each choice and none of them, each list empty and with two items."""
    return ("".join(pieces) for pieces in product(*(_ways(node, body) for node in nodes)))


def _ways(node: LayoutNode, body: str) -> list[str]:
    match node:
        case Choice(arms=arms):
            ways = [way for arm in arms for way in every(arm.nodes, body)]
            return ways if arms[-1].condition is None else [*ways, ""]
        case Repeat(nodes=inner):
            return ["", *(way * 2 for way in every(inner, body))]
        case Inclusion(name=name):
            return list(every(ours(name), body))
        case _:
            return [_printed(node, body)]


def _printed(node: LayoutNode, body: str) -> str:
    match node:
        case Literal(text):
            return text
        case Output(place=Place.MARKUP):
            return body
        case Output(place=Place.ADDRESS, parent=parent):
            return "../assets/a.png" if parent in ("mj-image", "img") else "https://fjordklinikken.example/"
        case Output(name=name):
            return value_of(name.path)
        case PictureUse(path):
            return f"../{path}"
        case _:
            raise AssertionError(node)


def value_of(name: str) -> str:
    last = name.rpartition(".")[2]
    fixed = {"lang": "en", "dir": "ltr", "start": "left", "end": "right"}
    if last in fixed and "." not in name:
        return fixed[last]
    if "font" in last:
        return "Georgia, serif"
    if any(word in last for word in ("width", "height", "radius")):
        return "120"
    return "#123456" if name.startswith("theme.") else "words"
