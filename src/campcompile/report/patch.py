"""What fixes would change, as a unified diff that `git apply` and `patch` read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff

from campcompile.report.paint import Paint

_HIDDEN = "(this line holds a secret and is not shown)"
_NO_END = "\\ No newline at end of file"


def patch_lines(
    before: Mapping[str, bytes], after: Mapping[str, bytes], secret: frozenset[str], *, colour: bool = False
) -> Iterator[str]:
    """The changed files in order of path; a line that is one of `secret` is not printed."""
    for path in sorted(after):
        if before[path] != after[path]:
            yield from _file(path, before[path], after[path], secret, Paint(colour))


def _file(path: str, old: bytes, new: bytes, secret: frozenset[str], paint: Paint) -> Iterator[str]:
    lines = unified_diff(_lines(old), _lines(new), f"a/{path}", f"b/{path}", lineterm="\n")
    for number, line in enumerate(lines):
        mark, text = line[:1], line[1:].removesuffix("\n")
        if number < 2 or mark == "@":
            yield paint("bold" if number < 2 else "cyan", line.removesuffix("\n"))
            continue
        shown = mark + (_HIDDEN if text.removesuffix("\r") in secret else text)
        yield paint("green" if mark == "+" else "red", shown) if mark in "+-" else shown
        if not line.endswith("\n"):
            yield _NO_END


def _lines(content: bytes) -> list[str]:
    """Lines that end where `\\n` does: a lone carriage return or a line separator ends none, in `patch` either."""
    text = content.decode("utf-8", "backslashreplace")
    *whole, rest = text.split("\n")
    return [line + "\n" for line in whole] + [rest] * bool(rest)
