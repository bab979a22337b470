"""What an example file shows: each e-mail in each language that its rule fires on, and each that it leaves alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.rules.examples import Example, code_of, examples_of

_CAMPAIGN = re.compile(r"campaigns/[\w-]+/[\w-]+\.yaml")
_FIRST_LOCALE = re.compile(r"^locales: \[([\w-]+)", re.MULTILINE)
_EMAIL = re.compile(r"^  - id: ", re.MULTILINE)
_TRANSLATED = re.compile(r"^[a-z][\w-]*:", re.MULTILINE)
DEFAULT = "en"  # the first locale of the practice that examples lie beside


@dataclass(frozen=True)
class Case:
    """One e-mail of an example in one language; or the whole example, where it has no e-mail of its own."""

    locale: str
    fires: bool


def cases_of(file: Path) -> Iterator[Case]:
    """Every case of an example file.

    Example: a campaign of three e-mails in French, one with `# error: [SUB003]` on one of its lines, is one firing
    and two silent cases in `fr`. What is expected outside of e-mails (a campaign's audience, campcompile.yaml, a
    layout) makes every case of its example fire.
    """
    code = code_of(file)
    for example in examples_of(file):
        spots = [(path, *spot) for path, text in example.files.items() for spot in _spots(path, text)]
        lines = [(one.path, one.line) for one in example.expected if one.code == code]
        around = any(not any(_holds(spot, *line) for spot in spots) for line in lines)
        for spot in spots:
            yield Case(spot[1], around or any(_holds(spot, *line) for line in lines))
        if not spots:
            yield Case(_locale_of(example), bool(lines))


def _spots(path: str, text: str | bytes) -> list[tuple[str, int, int]]:
    """Each e-mail of a file: its language, its first line, the first line after it."""
    if isinstance(text, bytes) or not _CAMPAIGN.fullmatch(path) or "/_shared/" in path:
        return []
    stem = Path(path).stem
    locale = _first_locale(text) if stem == "campaign" else stem
    found = (_EMAIL if stem == "campaign" else _TRANSLATED).finditer(text)
    starts = [text.count("\n", 0, one.start()) + 1 for one in found]
    ends = [*starts[1:], text.count("\n") + 2]
    return [(locale, start, end) for start, end in zip(starts, ends, strict=False)]


def _holds(spot: tuple[str, str, int, int], path: str, line: int) -> bool:
    return spot[0] == path and spot[2] <= line < spot[3]


def _locale_of(example: Example) -> str:
    found = [_first_locale(text) for text in example.files.values() if isinstance(text, str) and "\nlocales: [" in text]
    return found[0] if found else DEFAULT


def _first_locale(text: str) -> str:
    found = _FIRST_LOCALE.search(text)
    return found[1] if found else DEFAULT
