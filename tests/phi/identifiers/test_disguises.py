"""Spaces, dots, full-width digits, invisible characters and numbers in words hide nothing."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from campcompile.phi.identifiers import OwnDetails, find_identifiers
from tests.phi.identifiers.generate import CHECKED, valid

NOBODY = OwnDetails()
WIDE = str.maketrans({chr(0x21 + at): chr(0xFF01 + at) for at in range(94)})
DISGUISES: dict[str, Callable[[str], str]] = {
    "spaces": lambda number: " ".join(number.replace(" ", "")),
    "dots": lambda number: ".".join(number.replace(" ", "")),
    "dashes": lambda number: number[:3] + "-" + number[3:7].strip() + " – " + number[7:].strip(),
    "full-width": lambda number: number.translate(WIDE),
    "zero-width": lambda number: "\u200b".join(number),
    "soft hyphen": lambda number: number[:4] + "\u00ad" + number[4:],
    "byte-order mark": lambda number: number[:1] + "\ufeff" + number[1:],
    "other digits": lambda number: "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in number),
}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("name", ["fødselsnummer", "D-number", "NIR", "Taiwan ID", "old ARC", "NHS number"])
def test_a_national_number_in_disguise_is_found(name: str, disguise: str) -> None:
    kind, _, sentence = CHECKED[name]
    dice = random.Random(disguise)
    for number in valid(name, 20):
        hidden = DISGUISES[disguise](number)
        text = "x" * dice.randint(0, 2) + " " + sentence.format(hidden)
        found = find_identifiers(text, "en", NOBODY)
        assert [(one.kind, text[one.start : one.end]) for one in found] == [(kind, hidden)], text


@pytest.mark.parametrize(
    "text",
    [
        "jane.doe@mail.example",
        "JANE＠MAIL．EXAMPLE",
        "jane @ mail.example",
        "jane (at) mail (dot) example",
        "jane[at]mail[dot]example",
        "jane dot doe at mail dot example",
        "marie arobase mail point example",
        "marie (arobase) mail.example",
        "kari krøllalfa mail punktum example",
        "kari [krøllalfa] mail.example",
        "kari 小老鼠 mail 點 example",
        "j\u200bane@mail.exa\u00admple",
    ],
)
def test_a_mail_address_in_disguise_is_found(text: str) -> None:
    written = f"Write: {text}"
    found = find_identifiers(written, "en", NOBODY)
    assert [(one.kind, written[one.start : one.end]) for one in found] == [("email", text)]


@pytest.mark.parametrize(
    "text",
    [
        "Find us at lyngvag.example",
        "Meet at noon at the point of the pier, dot on the map",
        "Look at mail dot example",
        "au point de vente chez nous",
        "timen er kl. 12 punktum slutt",
    ],
)
def test_words_that_only_sound_like_an_address_are_silent(text: str) -> None:
    assert not find_identifiers(text, "en", NOBODY)


@pytest.mark.parametrize(
    ("locale", "text", "kind"),
    [
        ("en", "call five oh three, five five five, oh one nine nine", "phone"),
        ("en", "my cell is 503 five five five 0199", "phone"),
        ("nb", "ring ni en to tre fire fem seks sju", "phone"),
        ("zh-Hant", "手機〇九一二三四五六七八", "phone"),
        ("zh-Hant", "身分證A一二三四五六七八九", "taiwan-id"),
    ],
)
def test_digits_in_words_are_found(locale: str, text: str, kind: str) -> None:
    assert [one.kind for one in find_identifiers(text, locale, NOBODY)] == [kind]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "one two three, four, five steps and six more"),
        ("nb", "en to tre, der kommer vi"),
        ("fr", "un deux trois, nous irons au bois"),
        ("zh-Hant", "一二三，一起來運動；三五好友、九九重陽"),
    ],
)
def test_counting_is_silent(locale: str, text: str) -> None:
    assert not find_identifiers(text, locale, NOBODY)


def test_an_own_address_in_disguise_is_the_practices_all_the_same() -> None:
    own = OwnDetails(domains=("lyngvag.example",), phones=("(503) 555-0199",))
    assert not find_identifiers("jane (at) lyngvag (dot) example", "en", own)
    assert not find_identifiers("call five oh three five five five oh one nine nine", "en", own)
