"""Countries as exports write them, as codes: FHIR asks for ISO 3166 in two or three letters, and many write names.

What can't be read becomes empty, so that a file beside the export can fill it; it is counted, and told.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache

from campcompile.audience.printing import DIALECTS, name_printer
from campcompile.formats import territory_names
from campcompile.package_files import package_text
from campcompile.plan.duck import Duck
from campcompile.plan.tables import LookupTable
from campcompile.values import dataclass

_names = name_printer(DIALECTS["duckdb"])


@dataclass(frozen=True, slots=True)
class Unread:
    """How many rows name a country in a way that can't be read, and the first of them."""

    column: str
    number: int
    first: int  # its `_row`


def country_code(written: str) -> str | None:
    """The code of a country, such as NO for `NOR`, `norge` and `Norway`; None for what is no country that is known."""
    return _codes().get(_folded(written))


def read_countries(duck: Duck, table: str, column: str) -> Unread | None:
    """Write codes into a column of a table of texts; None where every country could be read."""
    cell = _names(column)
    written = [text for (text,) in duck.rows(f"SELECT DISTINCT {cell} FROM {table} WHERE {cell} IS NOT NULL")]
    rows = [(text, country_code(text)) for text in written]
    if all(text == code for text, code in rows):
        return None
    duck.load(LookupTable(name="_countries", columns={"written": "text", "code": "text"}, rows=rows))
    unread = f"SELECT COUNT(*), MIN(_row) FROM {table} JOIN _countries ON written = {cell} WHERE code IS NULL"
    number, first = duck.rows(unread)[0]
    duck.run(f"UPDATE {table} SET {cell} = code FROM _countries WHERE written = {cell}")
    return Unread(column, number, first) if number else None


@cache
def _codes() -> Mapping[str, str]:
    """By names and codes, folded. A code stands before a name that reads like it."""
    return {_folded(name): code for name, code in (*_own_names(), *territory_names())}


def _own_names() -> Iterator[tuple[str, str]]:
    data = json.loads(package_text("plan/fhir/data/countries.json"))
    for code, names in data["names"].items():
        yield from ((name, code) for name in names)


def _folded(name: str) -> str:
    """As people mean it: `U.S.A.` is USA, `ETATS-UNIS` États-Unis, `The Netherlands` Netherlands."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    words = plain.replace(".", "").translate(str.maketrans(",()-'’", " " * 6)).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
