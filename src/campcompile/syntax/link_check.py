"""Whether an address may be linked from an e-mail, and whether a link's words say where it leads."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from campcompile.regex import regex
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.findings_lay import LINK_SAFETY, TEXT_TARGET
from campcompile.syntax.packs import texts
from campcompile.syntax.source import Span

_PASSWORD = regex(r"//[^/@]*:[^/@]*@")
_INVISIBLE = regex(r"[\s\x00-\x20]+")
_SCHEME = regex(r"([a-z][a-z0-9+.-]*):")
_AUTHORITY_END = regex(r"[/?#\\]")
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_HOST = regex(rf"{_LABEL}(?:\.{_LABEL})+")
_NUMBER_HOST = regex(r"\[.*\]|(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+)){0,3}")
_MAILTO = regex(r"mailto:[^\s@,;?&:/]+@[\w.-]+\.[\w-]+(?:\?subject=[^&#\s]*)?")
_TEL = regex(r"tel:\+?[0-9][0-9().-]{1,24}")
_SHOWN_HOST = regex(rf"(?:https?://|(?<![\w@.-]))((?:{_LABEL}\.)+(?:[a-z]{{2,}}))(?![\w@-])", re.IGNORECASE)
_SHOWN_MAILBOX = regex(r"[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}", re.IGNORECASE)
_SHOWN_NUMBER = regex(r"\+?[0-9][0-9 ().\u00a0/-]{5,}[0-9]")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "GEORGIAN")
_FILE_SUFFIXES = frozenset({"pdf", "png", "jpg", "jpeg", "gif", "html", "docx", "xlsx", "txt"})


def check_address(address: str, span: Span) -> tuple[Diagnostic, ...]:
    """Findings about an address that a person could tap; `span` is where it is written.

    Example: `https://maple.example@evil.example/` leads to evil.example (LNK001).
    """
    shown = _PASSWORD.sub("//…@", address)
    shown = shown if len(shown) <= 80 else shown[:79] + "…"
    # Browsers drop white space and control characters before they look for the scheme.
    compact = _INVISIBLE.sub("", address).lower()
    if not compact:
        return (LINK_SAFETY.at(span),)
    if compact.startswith("#"):
        return (LINK_SAFETY.at(span, say="anchor", address=shown),)
    scheme = _SCHEME.match(compact)
    if scheme is None:
        return (LINK_SAFETY.at(span, say="relative", address=shown),)
    match scheme[1]:
        case "https":
            return _check_host(compact, shown, span)
        case "http":
            return (LINK_SAFETY.at(span, say="http", address=shown), *_check_host(compact, shown, span))
        case "mailto":
            fine = _MAILTO.fullmatch(address)
        case "tel":
            fine = _TEL.fullmatch(address)
        case _:
            return (LINK_SAFETY.at(span, say="scheme", scheme=scheme[1]),)
    return () if fine else (LINK_SAFETY.at(span, say=scheme[1], address=shown),)


def check_link_words(words: str, address: str, span: Span) -> tuple[Diagnostic, ...]:
    """Findings about a link whose words are an address, a mailbox or a number other than where it leads."""
    return tuple(_mismatches(" ".join(words.split()), address, span))


def host_of(address: str) -> str:
    """The host of an http(s) address, lower case, without user name and port; "" where there is none."""
    compact = _INVISIBLE.sub("", address).lower()
    for scheme in ("https:", "http:"):
        if compact.startswith(scheme):
            authority = _AUTHORITY_END.split(compact.removeprefix(scheme).lstrip("/\\"), maxsplit=1)[0]
            host = authority.rpartition("@")[2]
            return host if host.startswith("[") else host.partition(":")[0]
    return ""


def is_shortener(host: str) -> bool:
    """Is it a public service whose links hide where they lead?"""
    return host in texts("syntax/data/shorteners.yaml", "hosts")


def _check_host(compact: str, shown: str, span: Span) -> tuple[Diagnostic, ...]:
    host = host_of(compact)
    authority = _AUTHORITY_END.split(compact.partition("//")[2], maxsplit=1)[0]
    if "@" in authority:
        return (LINK_SAFETY.at(span, say="userinfo", address=shown, host=host),)
    if _NUMBER_HOST.fullmatch(host):
        return (LINK_SAFETY.at(span, say="ip", host=host),)
    if not re.match(r"https?://[^/\\]", compact) or not _HOST.fullmatch(host) or "\\" in compact:
        return (LINK_SAFETY.at(span, say="host", address=shown),)
    if any(_mixes_alphabets(label) for label in host.split(".")):
        return (LINK_SAFETY.at(span, say="lookalike", host=host),)
    if is_shortener(host):
        return (LINK_SAFETY.at(span, say="shortener", host=host),)
    return ()


def _mixes_alphabets(label: str) -> bool:
    if label.startswith("xn--"):
        try:
            label = label.encode("ascii").decode("idna")
        except UnicodeError:
            return True
    alphabets = {
        alphabet
        for character in label
        for alphabet in _ALPHABETS
        if unicodedata.name(character, "").startswith(alphabet)
    }
    return len(alphabets) > 1


def _mismatches(words: str, address: str, span: Span) -> Iterator[Diagnostic]:
    lower = address.strip().lower()
    if lower.startswith("mailto:"):
        mailbox = lower.removeprefix("mailto:").partition("?")[0]
        shown = _SHOWN_MAILBOX.search(words)
        if shown and shown[0].lower() != mailbox:
            yield TEXT_TARGET.at(span, say="mailto", shown=shown[0], mailbox=mailbox)
        return
    if lower.startswith("tel:"):
        number = lower.removeprefix("tel:")
        shown = _SHOWN_NUMBER.search(words)
        if shown and not _same_number(shown[0], number):
            yield TEXT_TARGET.at(span, say="tel", shown=shown[0], number=number)
        return
    host = host_of(address)
    if not host:
        return
    for found in _SHOWN_HOST.finditer(words):
        seen = found[1].lower()
        if seen.rpartition(".")[2] in _FILE_SUFFIXES:
            continue
        if seen.removeprefix("www.") != host.removeprefix("www.") and not host.endswith("." + seen):
            yield TEXT_TARGET.at(span, shown=found[1], host=host)
            return


def _same_number(shown: str, number: str) -> bool:
    """Whether two numbers agree, one perhaps without the country's prefix."""
    left, right = re.sub(r"\D", "", shown), re.sub(r"\D", "", number)
    short, long = sorted((left.lstrip("0"), right.lstrip("0")), key=len)
    return long.endswith(short) and len(short) >= 6
