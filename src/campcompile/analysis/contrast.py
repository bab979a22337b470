"""Contrast is how far apart two colours are in brightness, by the formula of WCAG 2.2."""

from __future__ import annotations

from campcompile.regex import regex

ENOUGH_FOR_TEXT = 4.5  # WCAG 2.2, 1.4.3, level AA, text below 24 px
_COLOUR = regex(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def is_colour(text: str) -> bool:
    """`#0b6b62` or `#fff`: the forms that every mail client reads."""
    return _COLOUR.fullmatch(text) is not None


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255. Raises ValueError for what `is_colour` refuses."""
    if not is_colour(colour):
        raise ValueError(f"not a colour: {colour[:20]}")
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def luminance(colour: str) -> float:
    """Relative luminance, 0 (black) to 1 (white): WCAG 2.2, definition of relative luminance."""
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 (the same colour) to 21 (black on white), whichever of the two is the text."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def mix(colour: str, into: str, share: float) -> str:
    """`share` (0 to 1) of one colour, the rest of the other, as `#rrggbb`."""
    pairs = zip(channels(colour), channels(into), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
