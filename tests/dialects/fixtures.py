"""Texts and values that every dialect must bring to the same words as `render.py`: twelve texts, twenty values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from campcompile.dialects.dialect import Dialect, Escaping, Medium
from campcompile.dialects.variables import handed, variables_in
from campcompile.dialects.writing import Pen
from campcompile.formula import Compare, Const, FieldRef, Set
from campcompile.manifest import Derived
from campcompile.parts import Branch, Context, Parts, Slot
from campcompile.render import Value, join, values

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DERIVED = {
    "t1": Derived(type="text", label="contact", formula=FieldRef("patient.first_name"), host=""),
    "t2": Derived(type="text", label="contact", formula=FieldRef("patient.city"), host=""),
    "t3": Derived(type="url", label="contact", formula=FieldRef("links.confirm"), host="time.example"),
    "c1": Derived(type="yes_no", label="contact", formula=Set(FieldRef("patient.first_name")), host=""),
    "c2": Derived(
        type="yes_no", label="contact", formula=Compare("==", FieldRef("patient.city"), Const("Bergen")), host=""
    ),
}
HOSTILE = (
    "Kari",
    "<script>alert(1)</script>",
    "\"quoted\" & 'single'",
    "*|FNAME|*",
    "*|END:IF|*",
    "{{ t2 }}",
    "{{{t2}}}",
    "{% if c2 %}x{% endif %}",
    "%%FirstName%%",
    "[[FIRSTNAME]]",
    "two\r\nlines\nBcc: x@y.example",
    "👩‍⚕️ Åse",
    "אבג",
    "\u202eevil\u2069",
    "李小龍",
    "back\\slash\\",
    "${x} <@y> #{z}",
    "a=b`c` + d/e",
    "&amp; &lt;b&gt;",
    "*|IF:C1=yes|*",
)
_CITIES = [{"patient.city": "Bergen" if number % 2 else f"{value} by"} for number, value in enumerate(HOSTILE)]
ROWS: tuple[dict[str, Value], ...] = (
    *(
        {
            "patient.first_name": value,
            "links.confirm": f"https://time.example/c/{number}?a=1&b=x+y%20z",
            **_CITIES[number],
        }
        for number, value in enumerate(HOSTILE)
    ),
    {"patient.first_name": None, "patient.city": "Oslo", "links.confirm": "https://time.example/c/x"},
)


def _slot(name: str, context: Context = Context.TEXT) -> Slot:
    return Slot(name, context)


_BLOCK: Parts = ("<p>", Branch("c2", ("In Bergen.",), ("In ", _slot("t2"), ".")), "</p>")
HTML: tuple[Parts, ...] = (
    ("<p>Hello ", Branch("c1", (_slot("t1"),), ("you",)), ",</p>"),
    ('<p title="', _slot("t2", Context.ATTRIBUTE), '">city</p>'),
    ('<p><a href="', _slot("t3", Context.URL), '">Confirm</a></p>'),
    (Branch("c1", ("<p>", _slot("t1"), " ", Branch("c2", ("here",), ("there ", _slot("t2"))), "</p>")),),
    _BLOCK * 2,
    ("<p>Fifty % {off} * |x| [y] $5 #1 &lt;b&gt; \\ </p>", *_BLOCK),
    ("<p>*&#124;x [&#91;x</p>", _slot("t2")),
    ("<!--[if mso]><table><tr><td><![endif]--><p>", _slot("t2"), "</p><!--[if mso]></td></tr></table><![endif]-->"),
)
PLAIN: tuple[Parts, ...] = (
    ("Hello", Branch("c1", (" ", Slot("t1", Context.PLAIN))), ",\n\n", Slot("t2", Context.PLAIN), "\n"),
    ("Confirm: ", Slot("t3", Context.URL), "\n"),
    (Branch("c2", ("A & B < C\n", Branch("c1", (Slot("t1", Context.PLAIN),), ("nobody",))), ("-- \n",)),),
    ("One\n", Branch("c2", ("\nTwo\n",), ("\nThree ", Slot("t2", Context.PLAIN), "\n")), "\nFour\n"),
    ("News from ", Slot("t2", Context.HEADER), ", 50 % & more"),
)


class Case(NamedTuple):
    """One text for one person: what is written for the service, what it is handed, what must come out."""

    medium: Medium
    written: str
    values: dict[str, str | bool]
    expected: str


def cases(dialect: Dialect) -> Iterator[Case]:
    """8 texts of HTML and 5 of plain text for 21 people: 273 in all, fewer for a dialect without conditions."""
    pen = Pen(dialect=dialect, code="wm83", derived=DERIVED)
    before = dialect.capabilities.escaping is Escaping.BEFORE
    for medium, texts in ((Medium.HTML, HTML), (Medium.PLAIN, PLAIN)):
        for parts in texts:
            if not dialect.capabilities.branches:
                parts = _straight(parts)
            written = pen.write(parts, medium)
            wanted = variables_in(parts, DERIVED, in_html=medium is Medium.HTML, before=before)
            for row in ROWS:
                if row["patient.first_name"] is None and not dialect.capabilities.branches:
                    continue
                found = values(DERIVED, row, NOW)
                form = "html" if medium is Medium.HTML else "plain"
                yield Case(
                    medium=medium,
                    written=written,
                    values={pen.name(one): value for one, value in handed(wanted, DERIVED, row, NOW).items()},
                    expected=join(parts, found, DERIVED, medium=form),  # type: ignore[arg-type]
                )


def _straight(parts: Parts) -> Parts:
    """The same without conditions: every first arm."""
    out: list[object] = []
    for part in parts:
        out.extend(_straight(part.then) if isinstance(part, Branch) else (part,))
    return tuple(out)  # type: ignore[arg-type]
