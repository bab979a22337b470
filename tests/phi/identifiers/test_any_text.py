"""Whatever somebody writes: no crash, places that quote the author, and time that grows with the text alone."""

from __future__ import annotations

import random
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.phi.identifiers import OwnDetails, find_identifiers

OWN = OwnDetails(
    names=("Lyngvåg",), domains=("lyngvag.example",), phones=("55 50 77 00",), staff=("Ingrid Solberg", "林美惠")
)
PIECES = st.sampled_from(
    """Mrs Berg/, 54, came to us/王小姐/術後/您好/219-09-9999/01 01 90/12345/A123456789/jane@mail.example/ (at) / dot /
    born /%40/1989-05-12/民國78年5月12日/生/２/\u200b/\u0301/…/ß/MRN: /call /five /oh /+47 /55 50 77 00/,/. /(/)/
    www.a.example?mrn=""".split("/")  # noqa: SIM905
)
LOCALES = st.sampled_from(["en", "fr", "nb", "zh-Hant", "da", ""])


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join)), LOCALES)
def test_every_place_lies_in_the_authors_text_and_none_overlap(text: str, locale: str) -> None:
    found = find_identifiers(text, locale, OWN)
    edges = [edge for one in found for edge in (one.start, one.end)]
    assert edges == sorted(edges)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.kind and one.hipaa in "ABCDEFGHIJKLMNOPQR" for one in found)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["219-09-9999", "A123456789", "jane.doe@mail.example", "1EG4-TE5-MK73", "+47 412 34 567"]),
    st.text(alphabet=" .,;\nøß王…\u200b\u00ad()", max_size=20),
    st.text(alphabet=" ,;\nøß王…\u200b()", max_size=20),
)
def test_an_identifier_is_quoted_as_it_was_written(identifier: str, left: str, right: str) -> None:
    text = f"{left} ; {identifier} ; {right}"
    assert identifier in [text[one.start : one.end] for one in find_identifiers(text, "nb", OWN)]


HOSTILE = {
    "digits": "1",
    "spaced digits": "1 ",
    "dashed digits": "0-",
    "letters": "a",
    "capitals": "Ab ",
    "at signs": "a@",
    "dots": "a.",
    "at and dot": "a at b dot ",
    "number words": "five ",
    "chinese digits": "五",
    "clues": "mrn ",
    "dates": "1989-05-12 ",
    "births": "born 1.1.1989 ",
    "titles": "Mr Berg ",
    "names": "Maria Berg, 54, ",
    "greetings": "Dear Maria, ",
    "chinese names": "王小姐",
    "links": "https://a.example/?a=b&",
    "percent": "https://a.example/%25",
    "colons": "a:b:",
    "marks": "\u0301",
    "invisible": "\u200b",
    "brackets": "(at) ",
    "streets": "lives at 12 a b c d ",
    "months": "may 5 ",
    "pluses": "+1 (0)",
    "email tail": "a@" + "b." * 40,
}  # fmt: skip


def seconds(text: str) -> float:
    begun = process_time()
    find_identifiers(text + str(random.random()), "en", OWN)
    return process_time() - begun


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_takes_time_in_proportion(name: str) -> None:
    """Four times the text takes about four times as long; sixteen times would be a square."""
    seconds("warm up 1 Mr")
    small, large = ((HOSTILE[name] * size)[:size] for size in (6_000, 24_000))
    assert any(seconds(large) < 9 * seconds(small) + 0.2 for _ in range(3)), "three times, as the machine may be busy"


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_of_100_kb_is_read_to_its_end(name: str) -> None:
    small, large = ((HOSTILE[name] * size)[:size] for size in (25_000, 100_000))
    assert any(seconds(large) < 9 * seconds(small) + 0.5 for _ in range(3))
