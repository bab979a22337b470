"""A person's street and number, where words say that somebody lives there (45 CFR 164.514(b)(2)(i)(B)).

Shapes: `220 Oak Street` (USPS Publication 28), `12 rue des Lilas` (La Poste, norme NF Z 10-011), `Fjordgata 7`
(Kartverket, matrikkeladresse), 中山路100號 (內政部, 道路命名及門牌編釘). An address without such words is a place to
go to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from campcompile.phi.folded import Folded
from campcompile.phi.identifiers.clues import choice, folded_words, kinds_in
from campcompile.phi.identifiers.identifier import Identifier

_STREETS = "|".join(
    (
        r"\d{1,5}[a-z]? (?:[nsew]\.? )?[a-z0-9'.-]{1,20}(?: [a-z'.-]{1,20}){0,3} (?:street|st|avenue|ave|road|rd|lane"
        r"|ln|drive|dr|boulevard|blvd|court|ct|place|pl|way|terrace|circle|parkway)(?![a-z])",
        r"\d{1,4}(?: ?(?:bis|ter))?,? (?:rue|avenue|av\.|boulevard|bd|place|chemin|allée|impasse|quai|route"
        r"|cours|square) [a-zà-ÿ'’-]{1,20}(?: [a-zà-ÿ'’-]{1,20}){0,4}",
        r"[a-zæøåé-]{2,25}(?:gata|gaten|gate|veien|vegen|vei|veg|allé|alléen|plass|torg|stien|bakken|svingen|tunet|lia|åsen)"
        r" \d{1,4} ?[a-z]?(?![a-z])",
        r"[一-鿿]{2,3}[市縣][一-鿿]{1,4}[區鄉鎮市][一-鿿]{1,12}[路街道巷弄段][一-鿿\d]{0,12}\d{1,4}號",
        r"[一-鿿]{2,6}[路街](?:[一-鿿\d]段)?(?:\d{1,4}[巷弄]){0,2}\d{1,4}號",
    )
)


def find(read: Folded, locale: str) -> Iterator[Identifier]:
    if "home" not in kinds_in(read.text):
        return
    for found in _pattern().finditer(read.text):
        yield Identifier("address", *found.span("street"), "B")


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        rf"{choice(folded_words('clues', 'clues', 'home'))}[^!?。;\n]{{0,24}}?(?<!\d)(?P<street>{_STREETS})"
    )
