"""The number of a Taiwanese 健保卡: twelve digits, without a public check digit, so only where words name it.

Source: 衛生福利部中央健康保險署, 全民健康保險憑證 (the card's face).
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import is_led_to
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.phi.identifiers.shapes import digits, matches, shape

_SHAPE = shape(*digits(12))


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    for start, end, _ in matches(_SHAPE, read.text):
        if is_led_to("nhi-card", read.text, start):
            yield Identifier("nhi-card", start, end, "I")
