"""Bytes → text: strict UTF-8, line ends `\\n`, no byte-order mark, no control characters."""

from __future__ import annotations

import unicodedata

from campcompile.regex import regex
from campcompile.syntax.findings import Applicability, Checked, Edit, Findings, Fix, Label
from campcompile.syntax.findings_syn import CONTROL_CHARACTER, NOT_UTF8, TOO_LARGE
from campcompile.syntax.source import Source

MAX_BYTES = 1 << 20
MAX_REPORTED = 20  # of one trouble in one file: the 21st teaches nothing new

LOST = "\ufffd"
# What no YAML file may hold: C0 but tab and line feed, DEL, C1 (with U+0085), U+2028, U+2029, a byte-order mark
# inside the text, surrogates and noncharacters. libyaml would end the file, start a line, or refuse the whole.
_TENTH_PLANES = "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
_FIRST_PLANE = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ufeff\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff"
FORBIDDEN = regex(f"[{_FIRST_PLANE}{_TENTH_PLANES}]")
# The same told by what may stand: run over a clean text, this is twenty times as fast.
_HIGHER = "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
_CLEAN = regex(f"(?:[^{_FIRST_PLANE}{LOST}\U00010000-\U0010ffff]++|[{_HIGHER}]++)*+")
_BAD_BYTES = regex("[\\udc80-\\udcff]+")
_FORBIDDEN_OR_LOST = regex(FORBIDDEN.pattern[:-1] + LOST + "]")
_TOP_LEVEL_LINE = regex(rb"\n(?=[^\s#-])")
_NAMES = {
    0x00: "NUL",
    0x0B: "a vertical tab",
    0x0C: "a form feed",
    0x0D: "a carriage return",
    0x1B: "an escape character",
    0x7F: "a delete character",
    0x85: "a next-line character",
    0x2028: "a line separator",
    0x2029: "a paragraph separator",
    0xFEFF: "a byte-order mark",
}
_SAY = {"\0": "nul", "\x85": "line", "\u2028": "line", "\u2029": "line", "\ufeff": "mark"}


def decode(path: str, data: bytes) -> Checked[Source]:
    """The text of one file, as complete as can be, and what is wrong with its bytes.

    What can't stay is replaced by U+FFFD, one for one, so that every later finding keeps its place. A file
    above 1 MiB is read up to the last top-level key before that; a UTF-16 one as UTF-16.
    """
    findings = Findings()
    too_large = len(data) > MAX_BYTES
    size = len(data)
    if too_large:
        data = _first_part(data)
    text, encoding = _text_of(data)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    source = Source(path, text)
    if too_large:
        findings.add(TOO_LARGE.at(source.whole(), size=f"{size:,}", limit=f"{MAX_BYTES:,}"))
    if encoding:
        findings.add(NOT_UTF8.at(source.whole(), say="utf16", encoding=encoding))
    if is_clean(text):
        return findings.done(source)
    _report_bad_bytes(source, findings)
    _report_control_characters(source, findings)
    return findings.done(Source(path, FORBIDDEN.sub(LOST, text)))


def is_clean(text: str) -> bool:
    """Whether a text holds nothing forbidden and no sign of a lost letter."""
    found = _CLEAN.match(text)
    return found is not None and found.end() == len(text)


def _first_part(data: bytes) -> bytes:
    """At most MAX_BYTES, cut before a line that begins a top-level key (or else at a line end)."""
    head = data[:MAX_BYTES]
    cuts = [found.end() for found in _TOP_LEVEL_LINE.finditer(head)]
    return head[: cuts[-1] if cuts else head.rfind(b"\n") + 1]


def _text_of(data: bytes) -> tuple[str, str]:
    """The text, bad bytes as surrogates; and the name of another encoding where the file has one."""
    for mark, codec, name in (
        (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
        (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if data.startswith(mark):
            return data.decode(codec, "replace"), name
    head = data[:400]
    if len(head) >= 4 and head[1::2].count(0) > len(head) // 3:
        return data.decode("utf-16-le", "replace"), "UTF-16"
    if len(head) >= 4 and head[0::2].count(0) > len(head) // 3:
        return data.decode("utf-16-be", "replace"), "UTF-16"
    return data.decode("utf-8", "surrogateescape"), ""


def _report_bad_bytes(source: Source, findings: Findings) -> None:
    if source.text.isascii():
        return
    for count, found in enumerate(_BAD_BYTES.finditer(source.text)):
        if count == MAX_REPORTED:
            break
        raw = bytes(ord(char) - 0xDC00 for char in found.group())
        span = source.span(found.start(), found.end())
        shown = " ".join(f"{byte:02X}" for byte in raw[:4]) + (" …" if len(raw) > 4 else "")
        if _is_overlong(raw):
            findings.add(NOT_UTF8.at(span, say="overlong", bytes=shown))
        elif len(raw) == 1 and raw[0] >= 0xA0:
            findings.add(NOT_UTF8.at(span, say="latin1", bytes=shown, letter=raw.decode("latin-1")))
        else:
            findings.add(NOT_UTF8.at(span, bytes=shown))


def _is_overlong(raw: bytes) -> bool:
    first, second = raw[0], raw[1] if len(raw) > 1 else 0xFF
    return first in (0xC0, 0xC1) or (first == 0xE0 and second < 0xA0) or (first == 0xF0 and second < 0x90)


def _report_control_characters(source: Source, findings: Findings) -> None:
    count = 0
    first_of: dict[str, Label] = {}
    for found in _FORBIDDEN_OR_LOST.finditer(source.text):
        char = found.group()
        if "\ud800" <= char <= "\udfff":
            continue  # a bad byte, reported as such
        count += 1
        if count > MAX_REPORTED:
            return
        span = source.span(found.start(), found.end())
        related = (first_of[char],) if char in first_of else ()
        if char == LOST:
            findings.add(CONTROL_CHARACTER.at(span, say="lost", related=related))
        else:
            fixes = (Fix("delete it", (Edit(span, ""),), Applicability.SAFE),) if char in "\0\ufeff" else ()
            say = _SAY.get(char, "")
            findings.add(CONTROL_CHARACTER.at(span, say=say, name=name_of(char), related=related, fixes=fixes))
        first_of.setdefault(char, Label(span, "the first of them"))


def name_of(char: str) -> str:
    """A character by number and name: `U+2028, a line separator`."""
    code = ord(char)
    name = _NAMES.get(code) or unicodedata.name(char, "").lower() or "a control character"
    return f"U+{code:04X}, {name}"
