"""A fingerprint names a finding for as long as its words stay, whatever moves around it."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256

from campcompile.report.report import Place, Report, touches
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source

Fingerprints = Mapping[tuple[str, int, int, str, str], str]  # by the finding's sort_key

_FIGURE = re.compile(r"[\W\d_]*")


def fingerprints(report: Report) -> Fingerprints:
    """Each finding's fingerprint: `9f3b2c41d07a55e8:1`, a digest and which one of equal ones it is, from the top.

    The digest is of the code, the file, the text that is wrong and the names that the message says; figures in it
    ("102,310 bytes") are left out, since they change with every edit. No place is in it, so ten lines above
    change nothing. A line with a secret is in none.
    """
    private = report.private_lines
    seen: Counter[str] = Counter()
    found = {}
    for diagnostic in sorted((*report.diagnostics, *report.known), key=lambda one: one.sort_key):
        digest = _digest(diagnostic, report.sources, private)
        seen[digest] += 1
        found[diagnostic.sort_key] = f"{digest}:{seen[digest]}"
    return found


def _digest(diagnostic: Diagnostic, sources: Mapping[str, Source], private: frozenset[tuple[str, int]]) -> str:
    span = diagnostic.span
    source = sources.get(span.path)
    hidden = touches(Place.of(span, sources), private)
    # A finding about a whole file stands at its first line, which is another one when lines come above.
    quoted = "" if source is None or hidden or span == source.whole() else source.quote(span)
    parts = (diagnostic.rule.code, diagnostic.say, span.path, *_names(diagnostic), quoted)
    # Any code point may stand in a file's name or words: a surrogate, too.
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _names(diagnostic: Diagnostic) -> list[str]:
    """What the message names: several findings of one code may stand at one place, such as two missing keys."""
    template = diagnostic.rule.also[diagnostic.say][0] if diagnostic.say else diagnostic.rule.message
    names = dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(template) if name)
    return ["" if _FIGURE.fullmatch(diagnostic.args[name]) else diagnostic.args[name] for name in names]
