"""A fingerprint tells a finding by what is wrong and in which file, not by where it stands in it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from hashlib import sha256

from campcompile.regex import regex
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source, Span

Lines = frozenset[tuple[str, int]]  # (path, line)

_FIGURE = regex(r"[\W\d_]*")
_HEX = str.maketrans("0123456789abcdef", "bcdfghjkmnpqrstv")


def fingerprint(diagnostic: Diagnostic, sources: Mapping[str, Source], private: Lines) -> str:
    """A digest of the code, the file, the text that is wrong and the names that the message says: 16 hex digits.

    Figures in the message ("102,310 bytes") are left out, since they change with every edit. No place is in it, so
    ten lines above change nothing. `private`: lines with a secret, whose text is in none.
    """
    span = diagnostic.span
    source = sources.get(span.path)
    hidden = not private.isdisjoint(lines_of(span, sources))
    # A finding about a whole file stands at its first line, which is another one when lines come above.
    quoted = "" if source is None or hidden or span == source.whole() else source.quote(span)
    parts = (diagnostic.rule.code, diagnostic.say, span.path, *_names(diagnostic), quoted)
    # Any code point may stand in a file's name or words: a surrogate, too.
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def digest(fingerprint: str) -> str:
    """The same for people to copy, in eight consonants: `kqdmtbrv`.

    Letters, since eight figures could be a telephone number, and `1e234567` is a number to YAML; no vowels,
    so that they spell no word.
    """
    return fingerprint[:8].translate(_HEX)


def private_lines(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> Lines:
    """The lines that hold a secret: whatever else is wrong there, nobody quotes them.

    The same text may stand elsewhere, where the rule that finds it doesn't look: that line holds it, too.
    """
    private = [found.span for found in diagnostics if found.rule.private]
    lines = {line for span in private for line in lines_of(span, sources)}
    if pattern := secrets(private, sources):
        for path, source in sources.items():
            for match in pattern.finditer(source.text):
                lines |= lines_of(Span(path, *match.span()), sources)
    return frozenset(lines)


def secrets(spans: Iterable[Span], sources: Mapping[str, Source]) -> re.Pattern[str] | None:
    """What finds any of the texts of these spans; None where they have none."""
    quoted = {sources[span.path].quote(span).strip() for span in spans if span.path in sources} - {""}
    return re.compile("|".join(map(re.escape, sorted(quoted, key=len, reverse=True)))) if quoted else None


def lines_of(span: Span, sources: Mapping[str, Source]) -> Lines:
    """The lines that a span lies on; line 1 of a file without text."""
    source = sources.get(span.path)
    if source is None:
        return frozenset({(span.path, 1)})
    first, _ = source.position(span.start)
    last, _ = source.position(max(span.start, span.end))
    return frozenset((span.path, line) for line in range(first, last + 1))


def _names(diagnostic: Diagnostic) -> list[str]:
    """What the message names: several findings of one code may stand at one place, such as two missing keys."""
    names = dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(diagnostic.templates[0]) if name)
    return ["" if _FIGURE.fullmatch(diagnostic.args[name]) else diagnostic.args[name] for name in names]
