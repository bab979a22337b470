"""Colours as style sheets write them, brought to `#rrggbb`; and what a mail client's forced dark mode makes of one."""

from __future__ import annotations

import json
import re
from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache, lru_cache

from campcompile.analysis.contrast import channels, is_colour, mix
from campcompile.package_files import package_text
from campcompile.regex import regex

CLEAR = "transparent"
_RGB = regex(r"rgba?\(\s*([^)]*)\)")
_LONG_HEX = regex(r"#[0-9a-f]{8}|#[0-9a-f]{4}")


@lru_cache(maxsize=1024)
def colour_over(text: str, ground: str) -> str | None:
    """A colour of CSS as `#rrggbb`, what is see-through mixed with `ground`; None for what isn't known here.

    Example: `rgba(0,0,0,0.5)` over `#ffffff` is `#808080`; `White` is `#ffffff`.
    """
    text = text.strip().lower()
    if is_colour(text):
        return "#{:02x}{:02x}{:02x}".format(*channels(text))
    if text == CLEAR:
        return ground
    if _LONG_HEX.fullmatch(text):
        digits = text[1:] if len(text) == 9 else "".join(digit * 2 for digit in text[1:])
        return mix(f"#{digits[:6]}", ground, int(digits[6:], 16) / 255)
    if found := _RGB.fullmatch(text):
        return _of_numbers(re.split(r"[\s,/]+", found[1].strip()), ground)
    return _named().get(text)


@lru_cache(maxsize=1024)
def inverted(colour: str) -> str:
    """What forced dark mode makes of `#rrggbb`: the same hue, light for dark and dark for light.

    No client publishes its formula. This is the plain inversion of lightness (HSL) that they resemble.
    """
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in channels(colour)))
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in hls_to_rgb(hue, 1 - lightness, saturation))


def _of_numbers(numbers: list[str], ground: str) -> str | None:
    try:
        values = [float(number.rstrip("%")) * (2.55 if number.endswith("%") else 1) for number in numbers[:3]]
        share = float(numbers[3].rstrip("%")) / (100 if numbers[3].endswith("%") else 1) if len(numbers) > 3 else 1.0
    except ValueError:
        return None
    if len(values) != 3:
        return None
    solid = "#" + "".join(f"{round(min(max(value, 0), 255)):02x}" for value in values)
    return mix(solid, ground, min(max(share, 0), 1))


@cache
def _named() -> dict[str, str]:
    names: dict[str, str] = json.loads(package_text("analysis/data/colours.json"))["colours"]
    return names
