"""Characters that deceive a reader or hide from a check, and secrets that don't belong into a file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import islice

from campcompile.regex import regex
from campcompile.syntax.decode import name_of
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix
from campcompile.syntax.findings_syn import (
    BIDI_CONTROL,
    CONTROL_CHARACTER,
    INVISIBLE,
    MIXED_SCRIPT,
    PRIVATE_USE,
    SECRET,
    STACKED_MARKS,
)
from campcompile.syntax.secret import find_secret
from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.tree import Document, Mapping, Node, Scalar, Style

MAX_REPORTED = 200  # of one file: who wrote that many copied them all at once

_CONTROL = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")
_OPENING = {"\u202a": "\u202c", "\u202b": "\u202c", "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_END_OF_EMBEDDING = "\u202c"
_OVERRIDES = ("\u202d", "\u202e")
_BIDI = regex("[\u202a-\u202e\u2066-\u2069]|\n")
_RIGHT_TO_LEFT = regex("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]")
_TAG = "\U000e0000-\U000e007f"
_INVISIBLE = regex(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\u2800\u3164"
    f"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a{_TAG}\U000e0080-\U000e0fff]+"
)
_FLAG = regex("\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f")
_PICTURE = regex(
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_JOINING = frozenset(
    (
        *("ARABIC", "SYRIAC", "MANDAIC", "NKO", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA"),
        *("TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR", "TIBETAN", "BALINESE", "JAVANESE"),
    )
)
_PRIVATE = regex("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+")
_MARKS = regex(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}"
)
# Alphabets whose letters look like Latin ones; Chinese, Japanese, Korean and Arabic beside Latin deceive nobody.
_ALPHABETS = frozenset(("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"))
_OTHER_ALPHABET = regex(
    "[\u0370-\u058f\u13a0-\u13ff\u1c80-\u1c8f\u1f00-\u1fff\u2c80-\u2cff\u2de0-\u2dff\ua4d0-\ua4ff\ua640-\ua69f\uab70-\uabbf]"
)
_LATIN_LOOKING = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγηικνορτυχ")
_WORD = regex(r"[^\W\d_]+")
_LEADING_GREEK = regex("[\u03b1-\u03b4\u03b7\u03b8\u03ba-\u03bc\u03c0\u03c3\u03c6\u03c8\u03c9\u0394\u03a9](?=[A-Za-z])")


def check_characters(document: Document) -> tuple[Diagnostic, ...]:
    """Deceiving characters in every key, value and comment, as decoded: an escape counts as what it writes."""
    return tuple(islice(_check_all(document), MAX_REPORTED))


def check_secrets(document: Document) -> tuple[Diagnostic, ...]:
    """Keys, tokens and passwords in values and comments. The value is in no message; its rule is private."""
    found = [
        SECRET.at(scalar.text.span(secret.start, secret.end), kind=secret.kind)
        for key, scalar in _keyed_scalars(document.root)
        if (secret := find_secret(scalar.value, key))
    ]
    for comment in document.comments:
        key, _, value = comment.text.lstrip("# ").partition(":")
        at = len(comment.text) - len(value.lstrip())
        if secret := find_secret(value.strip(), key.strip()):
            found.append(SECRET.at(comment.span(at + secret.start, at + secret.end), kind=secret.kind))
        elif secret := find_secret(comment.text):
            found.append(SECRET.at(comment.span(secret.start, secret.end), kind=secret.kind))
    return tuple(found)


def _check_all(document: Document) -> Iterator[Diagnostic]:
    for scalar in _scalars(document.root):
        value = scalar.value
        if not value.isascii():
            yield from _check(scalar.text)
        if scalar.style is Style.DOUBLE and _CONTROL.search(value):
            yield from _escaped_controls(scalar)
    for comment in document.comments:
        if not comment.text.isascii():
            yield from _check_bidi(comment)
            yield from _check_invisible(comment)


def _check(text: MappedText) -> Iterator[Diagnostic]:
    yield from _check_bidi(text)
    yield from _check_invisible(text)
    yield from _check_words(text)
    for found in _MARKS.finditer(text.text):
        letter = text.text[found.start() - 1] if found.start() else " "
        yield STACKED_MARKS.at(text.span(*found.span()), count=str(len(found.group())), letter=letter)
    for found in _PRIVATE.finditer(text.text):
        yield PRIVATE_USE.at(text.span(*found.span()), name=f"U+{ord(found.group()[0]):04X}")


def _escaped_controls(scalar: Scalar) -> Iterator[Diagnostic]:
    """Control characters that an escape writes; those of the file itself were replaced when it was decoded."""
    mapped = scalar.text
    for found in _CONTROL.finditer(scalar.value):
        span = mapped.span(*found.span())
        written = scalar.source.quote(span)
        yield CONTROL_CHARACTER.at(
            span, say="escape", written=written, name=name_of(found.group()), fixes=_deleted(span)
        )


# --- directions


def _check_bidi(text: MappedText) -> Iterator[Diagnostic]:
    """Direction controls that are not in pairs within their line."""
    open_now: list[tuple[int, str]] = []
    overrides = 0
    for found in (*_BIDI.finditer(text.text), None):
        char = found.group() if found else "\n"
        at = found.start() if found else len(text.text)
        if char == "\n":
            for place, opened in open_now:
                span = text.span(place, place + 1)
                yield BIDI_CONTROL.at(span, name=name_of(opened), fixes=_deleted(span))
            open_now, overrides = [], 0
        elif char in _OVERRIDES:
            overrides += 1
            span = text.span(at, at + 1)
            yield BIDI_CONTROL.at(span, say="override", name=name_of(char), fixes=_deleted(span, Applicability.UNSAFE))
        elif char in _OPENING:
            open_now.append((at, char))
        elif open_now and _OPENING[open_now[-1][1]] == char:
            open_now.pop()
        elif overrides and char == _END_OF_EMBEDDING:
            overrides -= 1  # the override has its finding
        else:
            span = text.span(at, at + 1)
            yield BIDI_CONTROL.at(span, say="end", name=name_of(char), fixes=_deleted(span))


def _deleted(span: Span, applicability: Applicability = Applicability.SAFE) -> tuple[Fix, ...]:
    """An override or a hidden text is for somebody to look at: what stays may not be what was meant."""
    return (Fix("delete it", (Edit(span, ""),), applicability),)


# --- the invisible


def _check_invisible(text: MappedText) -> Iterator[Diagnostic]:
    value = text.text
    flags = {found.start() + 1: found.end() for found in _FLAG.finditer(value)}  # where its tags begin and end
    right_to_left = bool(_RIGHT_TO_LEFT.search(value))
    for found in _INVISIBLE.finditer(value):
        start, end = found.span()
        start = flags.get(start, start)
        strays = [at for at in range(start, end) if not _has_a_use(value, at, right_to_left)]
        if not strays:
            continue
        span = text.span(strays[0], strays[-1] + 1)
        char = value[strays[0]]
        if all("\U000e0000" <= value[at] <= "\U000e007f" for at in strays):
            yield INVISIBLE.at(span, say="tags", count=str(len(strays)), fixes=_deleted(span, Applicability.UNSAFE))
        else:
            together = len(strays) == strays[-1] + 1 - strays[0]  # else one in between has a use
            yield INVISIBLE.at(
                span,
                say="many" if len(strays) > 1 else "",
                count=str(len(strays)),
                name=name_of(char),
                fixes=_deleted(span) if together else (),
            )


def _has_a_use(value: str, at: int, right_to_left: bool) -> bool:
    """Whether an invisible character does what it is for, where it stands; `right_to_left`: in a text of that kind."""
    char = value[at]
    before, after = value[at - 1] if at else "", value[at + 1] if at + 1 < len(value) else ""
    if char in "\ufe0e\ufe0f":  # text or colour form of a picture, a digit's keycap
        return bool(_PICTURE.match(before)) or (before in "0123456789#*" and before != "")
    if char == "\u200d" and _joins_pictures(value, at):
        return True
    if char in "\u200c\u200d":
        return _script(before) in _JOINING
    if char == "\u200b":
        return _script(before) in ("THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
    if char in "\u200e\u200f\u061c":
        return right_to_left
    if "\U000e0100" <= char <= "\U000e01ef" or "\ufe00" <= char <= "\ufe02":  # a form of a Chinese character
        return _script(before) == "CJK" and after != char
    if "\u180b" <= char <= "\u180f":
        return _script(before) == "MONGOLIAN"
    return False


def _joins_pictures(value: str, at: int) -> bool:
    """A zero-width joiner between two pictures: a family, a profession, a flag."""
    before = (
        value[max(at - 4, 0) : at].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")[-1:]
        or value[at - 1 : at]
    )
    after = value[at + 1 : at + 2]
    return bool(_PICTURE.match(before) and _PICTURE.match(after))


# --- letters that only look alike


def _check_words(text: MappedText) -> Iterator[Diagnostic]:
    if not _OTHER_ALPHABET.search(text.text):
        return
    for found in _WORD.finditer(text.text):
        word, start = found.group(), found.start()
        lead = _LEADING_GREEK.match(word)
        begin = lead.end() if lead else 0  # αFP, γGT, μg
        scripts = {_alphabet(char) for char in word[begin:]} - {""}
        if len(scripts) < 2:
            continue
        odd = min(scripts, key=lambda script: (_count(word, script), script == "LATIN"))
        places = [index for index in range(begin, len(word)) if _alphabet(word[index]) == odd]
        letters = "".join(word[index] for index in places)
        others = " and ".join(sorted(script.capitalize() for script in scripts - {odd}))
        span = text.span(start + places[0], start + places[-1] + 1)
        yield MIXED_SCRIPT.at(span, letters=letters, word=word[:40], script=odd.capitalize(), others=others)


def _count(word: str, script: str) -> int:
    return sum(_alphabet(char) == script for char in word)


def _alphabet(char: str) -> str:
    """The alphabet of a letter that could be taken for another's; "" for all others, such as `Ω` in kΩ."""
    script = _script(char)
    return script if script in _ALPHABETS and (script != "GREEK" or char in _LATIN_LOOKING) else ""


def _script(char: str) -> str:
    """The first word of a character's name: LATIN, CYRILLIC, ARABIC …; "" for none."""
    return unicodedata.name(char, "").partition(" ")[0] if char else ""


# --- walking


def _scalars(node: Node) -> Iterator[Scalar]:
    return (scalar for _, scalar in _keyed_scalars(node, with_keys=True))


def _keyed_scalars(root: Node, *, with_keys: bool = False) -> Iterator[tuple[str, Scalar]]:
    """Every value in the order of the file, with the key that it (or its list) stands under."""
    stack: list[tuple[str, Node]] = [("", root)]
    while stack:
        key, node = stack.pop()
        if isinstance(node, Scalar):
            yield key, node
        elif isinstance(node, Mapping):
            for entry in reversed(node.entries):
                stack.append((entry.key.value, entry.value))
                if with_keys:
                    stack.append(("", entry.key))
        else:
            stack.extend((key, item) for item in reversed(node.items))
