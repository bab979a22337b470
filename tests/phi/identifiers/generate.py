"""Made-up national numbers, their arithmetic written anew, so that no mistake is shared with the code."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

_TAIWAN = {letter: 10 + at for at, letter in enumerate("ABCDEFGHJKLMNPQRSTUVXYWZIO")}


def _mod11(digits: str, weights: list[int]) -> int:
    rest = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
    return 0 if rest == 0 else 11 - rest


def norwegian_id(dice: random.Random, day: int = 0, month: int = 0) -> str:
    while True:
        born = f"{dice.randint(1, 28) + day:02}{dice.randint(1, 12) + month:02}{dice.randint(0, 99):02}"
        body = born + f"{dice.randint(0, 999):03}"
        first = _mod11(body, [3, 7, 6, 1, 8, 9, 4, 5, 2])
        if first < 10:
            second = _mod11(body + str(first), [5, 4, 3, 2, 7, 6, 5, 4, 3, 2])
            if second < 10:
                return f"{body}{first}{second}"


def d_number(dice: random.Random) -> str:
    return norwegian_id(dice, day=40)


def h_number(dice: random.Random) -> str:
    return norwegian_id(dice, month=40)


def tenor(dice: random.Random) -> str:
    return norwegian_id(dice, month=80)


def nir(dice: random.Random) -> str:
    place = dice.choice([f"{dice.randint(1, 95):02}", "2A", "2B"])
    head = f"{dice.choice('12')}{dice.randint(0, 99):02}{dice.randint(1, 12):02}"
    tail = f"{dice.randint(1, 990):03}{dice.randint(1, 999):03}"
    number = int(head + {"2A": "19", "2B": "18"}.get(place, place) + tail)
    return f"{head}{place}{tail}{97 - number % 97:02}"


def taiwan_id(dice: random.Random, second: str = "12") -> str:
    letter = dice.choice("ABCDEFGHIJKLMNOPQRSTUVXYWZ")
    body = dice.choice(second) + "".join(dice.choices("0123456789", k=7))
    value = _TAIWAN[letter]
    total = value // 10 + value % 10 * 9 + sum(int(d) * w for d, w in zip(body, range(8, 0, -1), strict=True))
    return f"{letter}{body}{-total % 10}"


def taiwan_arc(dice: random.Random) -> str:
    return taiwan_id(dice, second="89")


def old_taiwan_arc(dice: random.Random) -> str:
    letter, second = dice.choice("ABCDEFGHIJKLMNOPQRSTUVXYWZ"), dice.choice("ABCD")
    body = "".join(dice.choices("0123456789", k=7))
    value, digits = _TAIWAN[letter], str(_TAIWAN[second] % 10) + body
    total = value // 10 + value % 10 * 9 + sum(int(d) * w for d, w in zip(digits, range(8, 0, -1), strict=True))
    return f"{letter}{second}{body}{-total % 10}"


def nhs_number(dice: random.Random) -> str:
    while True:
        body = "".join(dice.choices("123456789", k=9))
        check = _mod11(body, list(range(10, 1, -1)))
        if check < 10:
            return f"{body[:3]} {body[3:6]} {body[6:]}{check}"


def dea(dice: random.Random) -> str:
    body = "".join(dice.choices("0123456789", k=6))
    odd, even = sum(map(int, body[::2])), sum(map(int, body[1::2]))
    return f"{dice.choice('ABFGM')}{dice.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}{body}{(odd + 2 * even) % 10}"


def _luhn_digit(body: str) -> int:
    doubled = sum(sum(divmod(2 * int(d), 10)) for d in body[::-2])
    return -(doubled + sum(map(int, body[-2::-2]))) % 10


def npi(dice: random.Random) -> str:
    body = dice.choice("12") + "".join(dice.choices("0123456789", k=8))
    return f"{body}{_luhn_digit('80840' + body)}"


def card(dice: random.Random) -> str:
    body = dice.choice(["4", "51", "55"]) + "".join(dice.choices("0123456789", k=13))
    body = body[:15] if len(body) > 15 else body.ljust(15, "7")
    return f"{body}{_luhn_digit(body)}"


CHECKED: dict[str, tuple[str, Callable[[random.Random], str], str]] = {
    "fødselsnummer": ("norwegian-id", norwegian_id, "Personen er registrert med {}, sier registeret."),
    "D-number": ("norwegian-id", d_number, "Personen er registrert med {}."),
    "H-number": ("norwegian-id", h_number, "Personen er registrert med {} hos oss."),
    "Tenor": ("norwegian-id", tenor, "Fødselsnummer: {}"),
    "NIR": ("nir", nir, "Numéro de sécurité sociale : {}."),
    "Taiwan ID": ("taiwan-id", taiwan_id, "身分證字號{}已登錄。"),
    "ARC": ("taiwan-arc", taiwan_arc, "居留證號：{}"),
    "old ARC": ("taiwan-arc", old_taiwan_arc, "居留證統一證號為{}，謝謝。"),
    "NHS number": ("nhs-number", nhs_number, "Your NHS number is {}."),
    "DEA": ("dea", dea, "Prescribed under DEA {} today."),
    "NPI": ("npi", npi, "Referred by NPI {}."),
    "payment card": ("payment-card", card, "We will charge {} on Monday."),
}  # fmt: skip


def valid(name: str, count: int) -> Iterator[str]:
    dice = random.Random(f"campcompile {name}")
    for _ in range(count):
        yield CHECKED[name][1](dice)


def wrong(name: str, count: int) -> Iterator[str]:
    """The same with another last digit; a key of two digits gets the next one."""
    dice = random.Random(f"wrong {name}")
    for number in valid(name, count):
        yield number[:-1] + dice.choice([digit for digit in "0123456789" if digit != number[-1]])
