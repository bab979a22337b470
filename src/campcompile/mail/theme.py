"""A theme is a practice's colours, fonts, corners and logo: theme.yaml over a calm default."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace

from campcompile.analysis.contrast import ENOUGH_FOR_TEXT, contrast, is_colour, mix
from campcompile.mail.findings_mail import FAR_FONT, LOW_CONTRAST_THEME, THEME_VALUE
from campcompile.model.campaign import Asset
from campcompile.syntax.findings import Checked, Diagnostic, Findings
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document, Node, Scalar
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.values import dataclass

MAX_LOGO_WIDTH_PX = 240
EASY_IN_THE_DARK = 7.0  # contrast, WCAG's AAA: a dark page has no white around its words to set them off
_STACKS = {
    "sans": "-apple-system, BlinkMacSystemFont, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif",
    "serif": "Georgia, Cambria, Times New Roman, serif",
    "humanist": "Seravek, Gill Sans, Calibri, Trebuchet MS, sans-serif",
}
_FAMILIES = (
    *("Arial", "Helvetica", "Helvetica Neue", "Segoe UI", "Roboto", "Verdana", "Tahoma", "Trebuchet MS"),
    *("Calibri", "Candara", "Gill Sans", "Seravek", "Optima", "Avenir", "Avenir Next", "-apple-system"),
    *("BlinkMacSystemFont", "system-ui", "Georgia", "Cambria", "Times", "Times New Roman", "Palatino"),
    *("Charter", "Iowan Old Style", "PingFang TC", "Heiti TC", "Microsoft JhengHei", "Noto Sans TC", "Noto Sans"),
    *("sans-serif", "serif"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of one mode, each `#rrggbb`."""

    page: str  # behind the card
    card: str  # behind the words
    text: str
    muted: str  # labels and the footer
    accent: str  # links and buttons
    on_accent: str  # a button's words
    tint: str  # behind an appointment
    line: str  # hairlines: no text, so no contrast is asked of it


LIGHT = Palette(
    page="#f1f4f3",
    card="#ffffff",
    text="#1d2b29",
    muted="#53625f",
    accent="#0b6b62",
    on_accent="#ffffff",
    tint="#eaf3f1",
    line="#dce4e2",
)
DARK = Palette(
    page="#121817",
    card="#1b2321",
    text="#e7eeec",
    muted="#a9b7b4",
    accent="#7fd1c7",
    on_accent="#0c1f1c",
    tint="#24302d",
    line="#33413e",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What layouts print as `theme.x`."""

    light: Palette = LIGHT
    dark: Palette = DARK
    font: str = _STACKS["sans"]  # a CSS list of families, without quotes
    heading_font: str = _STACKS["sans"]
    radius: int = 12  # px, of the card; a button has two thirds of it
    logo: Asset | None = None
    logo_alt: str = ""  # "" for the practice's name
    logo_width: int = 0  # px, as printed


DEFAULT = Theme()

# (text, ground, what it is), as the layouts print them.
_PAIRS = (
    ("text", "card", "text"),
    ("text", "tint", "text"),
    ("text", "page", "text"),
    ("muted", "card", "small text"),
    ("muted", "tint", "small text"),
    ("muted", "page", "the footer"),
    ("accent", "card", "links"),
    ("accent", "tint", "links"),
    ("on_accent", "accent", "a button"),
)


def read_theme(document: Document | None, assets: Mapping[str, Asset | None], base: Theme = DEFAULT) -> Checked[Theme]:
    """A theme's file over `base`; `assets` are the pictures by path below assets/ (None: there, but refused).

    From an accent colour alone follow a button's words, the tint and the dark mode's accent.
    """
    if document is None:
        return Checked(base)
    findings = Findings()
    root = document.root
    light = _read_palette(root.get("colours"), base.light, findings)
    stated_dark = root.get("dark")
    dark_base = base.dark
    if light.accent != base.light.accent:
        dark_base = _follow(_dark_of(light, base.dark), base.dark, frozenset({"accent"}))
    font, heading_font = _read_fonts(root.get("fonts"), base, findings)
    theme = replace(
        base,
        light=light,
        dark=_read_palette(stated_dark, dark_base, findings),
        font=font,
        heading_font=heading_font,
        radius=_read_radius(root.get("radius"), base, findings),
    )
    theme = _with_logo(theme, root.get("logo"), assets, findings)
    findings.extend(_pale_pairs(theme.light, base.light, root.get("colours")))
    findings.extend(_pale_pairs(theme.dark, dark_base, stated_dark))
    return findings.done(theme)


def _read_palette(node: Node | None, base: Palette, findings: Findings) -> Palette:
    stated: dict[str, str] = {}
    for name, scalar in _scalars(node):
        if name not in _colour_names():
            continue  # the schema has told it
        if is_colour(scalar.value):
            stated[name] = _long_form(scalar.value)
        else:
            advice = 'write `#` and six hex digits, such as `"#0b6b62"`'
            findings.add(THEME_VALUE.at(scalar.span, value=scalar.value[:40], what="colour", advice=advice))
    return _follow(replace(base, **stated), base, frozenset(stated))


def _follow(palette: Palette, base: Palette, stated: frozenset[str]) -> Palette:
    """The colours that depend on a stated accent or card, where they aren't stated themselves."""
    if "accent" in stated and "on_accent" not in stated:
        on_accent = max(("#ffffff", "#0c1f1c"), key=lambda colour: contrast(colour, palette.accent))
        palette = replace(palette, on_accent=on_accent)
    if stated & {"accent", "card"} and "tint" not in stated:
        palette = replace(palette, tint=mix(palette.accent, palette.card, 0.08))
    return palette


def _dark_of(light: Palette, dark: Palette) -> Palette:
    """The dark palette with this theme's accent, lightened until it reads as easily on a dark card as our own does."""
    shades = (shade for shade in _lightened(light.accent) if contrast(shade, dark.tint) >= EASY_IN_THE_DARK)
    return replace(dark, accent=next(shades, "#ffffff"))


def _lightened(colour: str) -> Iterator[str]:
    """A colour lighter by steps, up to white; its hue and saturation stay, where mixing with white would grey it."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    for step in range(21):
        channels = colorsys.hls_to_rgb(hue, lightness + (1 - lightness) * step / 20, saturation)
        yield "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)


def _shades(colour: str, towards: str) -> Iterator[str]:
    return (mix(towards, colour, step / 20) for step in range(21))


def _pale_pairs(palette: Palette, base: Palette, node: Node | None) -> Iterator[Diagnostic]:
    """A finding for each pair below 4.5:1, at the colour that the author wrote; text before ground."""
    spans = {name: scalar.span for name, scalar in _scalars(node)}
    told: set[Span] = set()
    for text, ground, what in _PAIRS:
        colour, behind = getattr(palette, text), getattr(palette, ground)
        ratio = contrast(colour, behind)
        span = spans.get(text) or spans.get(ground)
        if ratio >= ENOUGH_FOR_TEXT or span is None or span in told:
            continue
        told.add(span)
        darkens = contrast("#000000", behind) > contrast("#ffffff", behind)
        better = _better(palette, text, "#000000" if darkens else "#ffffff", frozenset(spans))
        if text not in spans:
            better = getattr(base, ground)
        shown = f"{int(ratio * 10) / 10:.1f}"  # rounded down: 4.49 is not 4.5
        yield LOW_CONTRAST_THEME.at(span, colour=colour, ground=behind, ratio=shown, what=what, better=better)


def _better(palette: Palette, name: str, towards: str, stated: frozenset[str]) -> str:
    """The nearest shade of a colour that reads wherever it is printed: a new accent brings another tint along."""
    for shade in _shades(getattr(palette, name), towards):
        changed = _follow(replace(palette, **{name: shade}), palette, stated)
        grounds = [getattr(changed, ground) for text, ground, _ in _PAIRS if text == name]
        if all(contrast(shade, ground) >= ENOUGH_FOR_TEXT for ground in grounds):
            return shade
    return towards


def _read_fonts(node: Node | None, base: Theme, findings: Findings) -> tuple[str, str]:
    """Of the text and of headings, which follow the text's where that is stated."""
    fonts = {"text": base.font, "headings": base.heading_font}
    if isinstance(node, YamlMapping) and node.get("text") is not None:
        del fonts["headings"]
    for name, scalar in _scalars(node):
        if name in ("text", "headings"):
            fonts[name] = _read_font(scalar, findings)
    return fonts["text"], fonts.get("headings", fonts["text"])


def _read_font(scalar: Scalar, findings: Findings) -> str:
    if scalar.value in _STACKS:
        return _STACKS[scalar.value]
    known = {family.lower(): family for family in _FAMILIES}
    stack = []
    for part in scalar.value.split(","):
        family = part.strip().strip("\"'")
        if family.lower() in known:
            stack.append(known[family.lower()])
            continue
        near = nearest(family, _FAMILIES)
        some = f"`{near}`" if near else "`Arial`, `Georgia` or `Segoe UI`"
        findings.add(FAR_FONT.at(scalar.span, font=family[:40], known=some))
    if not stack:
        return DEFAULT.font
    return ", ".join(stack if stack[-1] in ("serif", "sans-serif") else [*stack, "sans-serif"])


def _read_radius(node: Node | None, base: Theme, findings: Findings) -> int:
    if not isinstance(node, Scalar):
        return base.radius
    if node.value.isdecimal() and node.value.isascii() and int(node.value[:6]) <= 32:
        return int(node.value[:6])
    advice = "write a number of px from 0 to 32"
    findings.add(THEME_VALUE.at(node.span, value=node.value[:40], what="corner radius", advice=advice))
    return base.radius


def _with_logo(theme: Theme, node: Node | None, assets: Mapping[str, Asset | None], findings: Findings) -> Theme:
    """A logo prints at half its real width (sharp on a phone's screen), or as wide as stated."""
    values = dict(_scalars(node))
    source = node if isinstance(node, Scalar) else values.get("src")
    if source is None:
        return theme
    if source.value in assets and assets[source.value] is None:
        return theme  # the picture itself has a finding
    asset = assets.get(source.value)
    if asset is None:
        near = nearest(source.value, assets)
        advice = f"did you mean `{near}`?" if near else "put the picture into assets/ (PNG, JPEG or GIF)"
        findings.add(
            THEME_VALUE.at(
                source.span,
                value=source.value[:40],
                what="picture of assets/",
                advice=advice,
                fixes=renaming(source.span, source.value, near),
            )
        )
        return theme
    stated = values.get("width")
    wide = int(stated.value[:6]) if stated is not None and stated.value.isdecimal() and stated.value.isascii() else 0
    width = min(wide or max(asset.width // 2, 1), asset.width, MAX_LOGO_WIDTH_PX)
    alt = values["alt"].value if "alt" in values else ""
    return replace(theme, logo=asset, logo_alt=alt, logo_width=width)


def _scalars(node: Node | None) -> Iterator[tuple[str, Scalar]]:
    if isinstance(node, YamlMapping):
        for entry in node.entries:
            if isinstance(entry.value, Scalar):
                yield entry.key.value, entry.value


def _colour_names() -> frozenset[str]:
    return frozenset(field.name for field in fields(Palette))


def _long_form(colour: str) -> str:
    digits = colour[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
