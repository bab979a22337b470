"""Every dialect brings every text, with every value, to the words that `render.py` makes."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from campcompile.dialects.dialect import Medium
from campcompile.dialects.registry import dialect_ids, find_dialect
from campcompile.dialects.writing import Pen
from campcompile.parts import Context, Slot
from tests.dialects.engines import ENGINES, NEEDS
from tests.dialects.fixtures import DERIVED, cases
from tests.dialects.interpreters import brevo

READ = [id for id in dialect_ids() if id != "smtp"]  # the runner's own form is read by tests/test_parts_text.py


@pytest.mark.parametrize("id", [pytest.param(id, marks=pytest.mark.slow if id == "listmonk" else ()) for id in READ])
def test_every_text_comes_out_as_render_makes_it(id: str) -> None:
    dialect = find_dialect(id)
    assert dialect is not None
    if id in NEEDS and not NEEDS[id][1]():
        pytest.skip(f"no {NEEDS[id][0]} here")
    made = list(cases(dialect))
    assert len(made) >= (200 if dialect.capabilities.branches else 100)
    for case, read in zip(made, ENGINES[id](made), strict=True):
        if case.medium is Medium.HTML:
            assert settled(read) == settled(case.expected), (case.written, case.values)
        else:
            assert read == case.expected, (case.written, case.values)


@pytest.mark.parametrize("medium", Medium)
def test_brevo_writes_its_own_signs_as_themselves(medium: Medium) -> None:
    dialect = find_dialect("brevo")
    assert dialect is not None
    parts = ("{{ a }} {% b %} {# c #} {", Slot("t1", Context.PLAIN), "} {")
    written = Pen(dialect=dialect, code="wm83", derived=DERIVED).write(parts, medium)
    assert brevo(written, {"WM83_T1": "Kari"}) == "{{ a }} {% b %} {# c #} {Kari} {"


def settled(html: str) -> str:
    """HTML as a browser holds it: engines spell `'` and `=` in different ways."""
    return LexborHTMLParser(f"<body>{html}</body>").html or ""
