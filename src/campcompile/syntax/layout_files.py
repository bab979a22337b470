"""The files of layouts/ checked together: what they include is there, fits its place, and ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.syntax import findings_lay as lay
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.layout_tree import Inclusion, LayoutFile, Output
from campcompile.syntax.mjml import MAX_HTML_DEPTH, MAX_MJML_DEPTH
from campcompile.syntax.mjml_check import may_hold
from campcompile.syntax.mjml_facts import facts
from campcompile.syntax.mjml_tree import Element, has_filler
from campcompile.syntax.suggest import listed, nearest_file


def check_layouts(files: Mapping[str, LayoutFile]) -> tuple[Diagnostic, ...]:
    """Findings about the inclusions of all files, which are given by their names as seen from layouts/."""
    found = [finding for file in files.values() for use in file.includes for finding in _inclusion(use, files)]
    circles, depths = _follow(files)
    found.extend(circles)
    for name, depth in depths.items():
        if depth > MAX_MJML_DEPTH + MAX_HTML_DEPTH and not files[name].fragment:
            mjml, html = str(MAX_MJML_DEPTH), str(MAX_HTML_DEPTH)
            found.append(lay.TOO_LARGE.at(files[name].tree.span, say="deep", mjml=mjml, html=html))
    return tuple(found)


def check_bodies(files: Mapping[str, LayoutFile]) -> tuple[Diagnostic, ...]:
    """Findings about layouts that print an e-mail's blocks nowhere, twice, or outside of `<mjml>`."""
    included = {use.name for file in files.values() for use in file.includes}
    found = []
    for name, file in files.items():
        if file.fragment or name in included:
            continue
        bodies = list(_bodies(file, files, (name,)))
        own = [node for node in file.nodes if node in bodies]
        if not bodies:
            tag = next((element for element, _ in file.tree.elements() if element.name == "mj-body"), None)
            found.append(lay.TEMPLATE_PLACE.at(tag.name_span if tag else file.source.whole(), say="no-blocks"))
        found.extend(lay.TEMPLATE_PLACE.at(body.span, say="blocks-twice", written="body") for body in own[1:])
        if name.endswith(".mjml"):
            found.extend(
                lay.TEMPLATE_PLACE.at(body.span, say="blocks-top", written="body") for body in own if not body.parent
            )
    return tuple(found)


def _bodies(file: LayoutFile, files: Mapping[str, LayoutFile], seen: tuple[str, ...]) -> Iterator[Output]:
    """Where a file, or what it includes, prints the blocks."""
    for node in file.walk():
        if isinstance(node, Output) and node.name.path == "body":
            yield node
        elif isinstance(node, Inclusion) and node.name not in seen and node.name in files:
            yield from _bodies(files[node.name], files, (*seen, node.name))


def _inclusion(use: Inclusion, files: Mapping[str, LayoutFile]) -> Iterator[Diagnostic]:
    included = files.get(use.name)
    if included is None:
        meant = nearest_file(use.name, files)
        known = listed(sorted(files))
        yield lay.INCLUSION.at(use.span, say="" if meant else "unheard-of", name=use.name, meant=meant, known=known)
        return
    if not use.parent:
        return
    for node in included.tree.nodes:
        if isinstance(node, Element) and not has_filler(node.name) and not may_hold(use.parent, node.name):
            allowed = ", ".join(f"`{tag}`" for tag in facts().parents.get(node.name, ())) or "`mj-text`"
            yield lay.NESTING.at(use.span, say="include", name=node.name, parent=use.parent, allowed=allowed)
            return


def _follow(files: Mapping[str, LayoutFile]) -> tuple[list[Diagnostic], dict[str, int]]:
    """Findings about circles, and how deep each file's tags go with all that it includes."""
    found: list[Diagnostic] = []
    depths: dict[str, int] = {}
    for start in files:
        path: list[str] = []
        steps: list[tuple[str, Iterator[Inclusion]]] = []
        if start not in depths:
            path, steps = [start], [(start, iter(files[start].includes))]
        while steps:
            name, uses = steps[-1]
            use = next(uses, None)
            if use is None:
                steps.pop()
                path.pop()
                depths[name] = _own_depth(files[name]) + max(
                    (depths.get(inner.name, 0) for inner in files[name].includes), default=0
                )
            elif use.name in path:
                chain = " → ".join((*path[path.index(use.name) :], use.name))
                found.append(lay.INCLUSION.at(use.span, say="cycle", name=use.name, chain=chain))
            elif use.name in files and use.name not in depths:
                path.append(use.name)
                steps.append((use.name, iter(files[use.name].includes)))
    return found, depths


def _own_depth(file: LayoutFile) -> int:
    return max((len(around) + 1 for _, around in file.tree.elements()), default=0)
