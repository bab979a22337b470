"""Checks the attributes of MJML and HTML: their names, their values, and what they fetch or run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.regex import regex
from campcompile.syntax import findings_lay as lay
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.mjml_facts import NO_DEFAULTS, described, facts, fits
from campcompile.syntax.mjml_tree import Attribute, Element, Tree, fixed_pieces, has_filler, within, without_fillers
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import listed, nearest

MAX_ALT = 150

_FILE_NAME = regex(r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp)", re.IGNORECASE)
_SAYS_NOTHING = frozenset({"image", "img", "picture", "photo", "graphic", "logo", "banner", "icon", "bild", "bilde"})
_CSS = regex(
    r"(?P<remote>@import|@font-face|url\s*\([^)]*\)?)|(?P<unsafe>expression\s*\(|behaviou?r\s*:|-moz-binding"
    r"|javascript\s*:|vbscript\s*:)|(?P<less></?)",
    re.IGNORECASE,
)


def check_attributes(element: Element, parent: Element | None) -> Iterator[Diagnostic]:
    """Findings about the attributes of one tag; `parent` is the element around it."""
    known = facts()
    if element.name.lower() in known.unsafe:
        return  # the tag itself is the finding
    row = known.tags.get(element.name)
    default = parent is not None and parent.name == "mj-attributes"
    for attribute in element.attributes:
        if has_filler(attribute.name):
            continue
        if attribute.name.lower().startswith("on"):
            yield lay.UNSAFE_MARKUP.at(attribute.name_span, say="handler", name=attribute.name)
        elif row is not None:
            yield from _mjml_attribute(element, attribute, default)
        elif element.name not in known.refused and not element.name.startswith("mj"):
            yield from _html_attribute(attribute)
    yield from _alternative(element, default)


def _mjml_attribute(element: Element, attribute: Attribute, default: bool) -> Iterator[Diagnostic]:
    known, name = facts(), attribute.name
    row = known.tags[element.name]
    if name not in row.attributes:
        yield _unknown_attribute(element, attribute)
        return
    type_, value = row.attributes[name], attribute.value
    if default and (type_ in NO_DEFAULTS or name == "alt"):
        yield lay.UNKNOWN_ATTRIBUTE.at(attribute.name_span, say="default", name=name)
        return
    if not value and not attribute.quote and attribute.span.start > attribute.name_span.end:
        return  # an equals sign and no value: that has its finding
    if has_filler(value):
        yield from _around_template_tags(attribute, type_)
    elif type_ == "picture":
        yield from check_picture(value, attribute.span)
    elif not fits(value, type_):
        yield _bad_value(attribute, type_)


def _around_template_tags(attribute: Attribute, type_: str) -> Iterator[Diagnostic]:
    """What can be said of a value of which template tags print a part: no piece of it may do harm."""
    if type_ == "picture":
        for piece in fixed_pieces(attribute.value):
            yield from check_picture(piece, attribute.span)
    elif type_ not in ("text", "link") and not fits(without_fillers(attribute.value) or "x", "css"):
        yield _bad_value(attribute, "css")


def _unknown_attribute(element: Element, attribute: Attribute) -> Diagnostic:
    known, name = facts(), attribute.name
    attributes = known.tags[element.name].attributes
    if name in known.dropped.get(element.name, ()):
        return lay.UNKNOWN_ATTRIBUTE.at(attribute.name_span, say="dropped", tag=element.name, name=name)
    meant = nearest(name, attributes)
    say = "" if meant else ("unheard-of" if attributes else "none")
    known_here = listed(sorted(attributes))
    return lay.UNKNOWN_ATTRIBUTE.at(
        attribute.name_span,
        say=say,
        tag=element.name,
        name=name,
        meant=meant,
        known=known_here,
        fixes=renaming(attribute.name_span, name, meant),
    )


def _bad_value(attribute: Attribute, type_: str) -> Diagnostic:
    kind, form = described(type_)
    value = without_fillers(attribute.value)
    value = value if len(value) <= 60 else value[:59] + "…"
    place = attribute.span if attribute.span.end > attribute.span.start else attribute.name_span
    if kind == "css":
        return lay.ATTRIBUTE_VALUE.at(place, say="css", value=value)
    if kind == "choice":
        meant = nearest(attribute.value, type_.split(" ")[1:])
        say = "choice-near" if meant else "choice"
        return lay.ATTRIBUTE_VALUE.at(
            place,
            say=say,
            value=value,
            name=attribute.name,
            form=form,
            meant=meant,
            fixes=renaming(attribute.span, attribute.value, meant),
        )
    if kind == "colour" and (meant := nearest(attribute.value, facts().colors)):
        return lay.ATTRIBUTE_VALUE.at(
            place, say="color-near", value=value, meant=meant, fixes=renaming(attribute.span, attribute.value, meant)
        )
    return lay.ATTRIBUTE_VALUE.at(place, value=value, kind=kind, form=form)


def check_picture(value: str, span: Span) -> Iterator[Diagnostic]:
    """Findings about the address of a picture: only `assets/NAME` may be shown."""
    shown = value if len(value) <= 80 else value[:79] + "…"
    compact = "".join(value.split()).lower()
    if compact.startswith("data:"):
        yield lay.REMOTE.at(span, say="data")
    elif re.match(r"[a-z][a-z0-9+.-]*:|//|\\\\", compact):
        yield lay.REMOTE.at(span, value=shown)
    elif not re.fullmatch(r"assets/[^\\:?#%]+", value) or ".." in value.split("/"):
        yield lay.REMOTE.at(span, say="path", value=shown)


def _html_attribute(attribute: Attribute) -> Iterator[Diagnostic]:
    known = facts()
    name, value = attribute.name.lower(), attribute.value
    if name not in known.html_attributes and not re.fullmatch(r"(?:aria|data)-[a-z0-9-]+", name):
        meant = nearest(name, known.html_attributes)
        yield lay.UNKNOWN_ATTRIBUTE.at(
            attribute.name_span,
            say="html-near" if meant else "html",
            name=attribute.name,
            meant=meant,
            fixes=renaming(attribute.name_span, attribute.name, meant),
        )
    elif name == "style":
        yield from check_css(value, attribute.span)
    elif name in known.html_pictures:
        for piece in fixed_pieces(value) if has_filler(value) else (value,):
            yield from check_picture(piece, attribute.span)


def _alternative(element: Element, default: bool) -> Iterator[Diagnostic]:
    if element.name not in ("mj-image", "img") or default:
        return
    alt = element.get("alt")
    if alt is None:
        yield lay.ALT_TEXT.at(element.name_span)
    elif not has_filler(alt.value):
        yield from check_alt(alt.value, alt.span)


def check_alt(alt: str, span: Span) -> Iterator[Diagnostic]:
    """Findings about the words that stand for a picture; "" is fine: it only decorates."""
    if _FILE_NAME.fullmatch(alt.strip()):
        yield lay.ALT_TEXT.at(span, say="file-name", alt=alt)
    elif alt.strip().lower() in _SAYS_NOTHING:
        yield lay.ALT_TEXT.at(span, say="says-nothing", alt=alt)
    elif len(alt) > MAX_ALT:
        yield lay.ALT_TEXT.at(span, say="long", length=str(len(alt)))


def check_css(text: str, span: Span) -> Iterator[Diagnostic]:
    """Findings about a style sheet, or the value of a `style` attribute."""
    found = list(_CSS.finditer(text))
    if not found and has_filler(text):  # what stands on both sides of a template tag may join
        found = list(_CSS.finditer(text := without_fillers(text)))
    for match in found:
        place = within(text, span, *match.span())
        if match["remote"]:
            yield lay.REMOTE.at(place, say="css", value=match[0][:80])
        elif match["unsafe"]:
            yield lay.UNSAFE_MARKUP.at(place, say="css", name=match[0])
        else:
            yield lay.STRAY_MARKUP.at(place, say="stray-less-css")


def declared_classes(tree: Tree) -> frozenset[str]:
    """The names that `<mj-class>` declares."""
    return frozenset(
        name.value
        for element, around in tree.elements()
        if element.name == "mj-class" and around and (name := element.get("name")) is not None
    )


def check_mj_class(element: Element, classes: frozenset[str]) -> Iterator[Diagnostic]:
    """Findings about the value of `mj-class`, whose words must be among `classes`."""
    used = element.get("mj-class")
    if used is None or has_filler(used.value):
        return
    for match in re.finditer(r"\S+", used.value):
        if match[0] not in classes:
            meant = nearest(match[0], classes)
            yield lay.UNKNOWN_ATTRIBUTE.at(
                within(used.value, used.span, *match.span()),
                say="mj-class-near" if meant else "mj-class",
                name=match[0],
                meant=meant,
                fixes=renaming(within(used.value, used.span, *match.span()), match[0], meant),
            )
