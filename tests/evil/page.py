"""README.md of this folder: every row, where it is spoilt, and what is found. `python -m tests.evil.page` writes it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.evil.cases import CASES, LATER, Case
from tests.evil.kin import KIN

PAGE = Path(__file__).with_name("README.md")

_HEAD = """\
# Evil files

Each row of the evil corpus in the campaign language: the good practice of `practice.py`, spoilt in one place.
`cases.py` holds the rows of the corpus (a letter behind a number: the same trick in another place; `w`: in words,
where the row itself is about layouts), `kin.py` tricks of the same kinds that it lacks. `test_evil.py` holds that

* just these errors are found, with line and column typed by hand, and no bundle is made;
* the same file without the trick compiles without an error;
* nothing raises, nothing takes more than two seconds, and every message is one line that fits a screen;
* `campcompile lint` says so with exit code 1, and the killers of other tools leave no trace of Python behind.

`…` means that more of the kind follows. The page is written by `python -m tests.evil.page`.
"""
_LATER = """\
## Rows whose rule comes with later work

They compile today; a test holds that they crash nothing, and fails as soon as their rule is there.

| row | trick | file | rule |
|---|---|---|---|
"""
_COLUMNS = "| row | trick | file | found |\n|---|---|---|---|\n"


def page() -> str:
    later = "".join(f"| {case.row} | {case.what} | `{case.file}` | {case.later} |\n" for case in LATER)
    return f"{_HEAD}\n## The corpus\n\n{_COLUMNS}{_rows(CASES)}\n{_LATER}{later}\n## Kin\n\n{_COLUMNS}{_rows(KIN)}"


def _rows(cases: Sequence[Case]) -> str:
    return "".join(f"| {case.row} | {case.what} | `{case.file}` | {_found(case)} |\n" for case in cases)


def _found(case: Case) -> str:
    found = case.finds.split(", ")
    shown = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
    return shown or "nothing: it is fine"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
