"""Numbers that a tag, a list or an address hangs on somebody: `member_XQ884120937`, `pt-88372615`, 病歷_00731846.

In prose a clue and its number are parted by words (`named_numbers.py`); in names at a service a sign joins them. At
least five digits, so that a year or an issue of a newsletter is none. 45 CFR 164.514(b)(2)(i)(H), (I) and (J).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import choice, folded_words, kinds_in
from campcompile.phi.identifiers.identifier import Identifier
from campcompile.regex import regex

_NOT_A_NUMBER = regex(r"(?:19|20)\d{2}[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01]))?\Z")


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    if "tagged" not in kinds_in(read.text):
        return
    for found in _tagged().finditer(read.text):
        if not _NOT_A_NUMBER.fullmatch(found["number"]):
            yield Identifier("mrn", *found.span("number"), "H")


@cache
def _tagged() -> re.Pattern[str]:
    return re.compile(
        rf"{choice(folded_words('clues', 'clues', 'tagged'))}(?:[_-](?:id|no|nr|num))?[_=:#/-]{{1,2}}"
        r"(?P<number>[a-z]{0,5}[-_]?\d[\da-z-]{3,20}\d)(?![0-9a-zà-öø-ÿ])"
    )
