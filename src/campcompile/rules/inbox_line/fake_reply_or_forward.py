"""SUB003: a subject that pretends to answer or to pass something on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM
from campcompile.analysis.version_words import WordLine, lines_in
from campcompile.model.campaign import Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Applicability, Edit, Fix, Severity

# What mail programs put before a subject, in the languages that people write to clinics in.
_PREFIX_WORDS = """
    re sv aw antw odp ynt ris rif res vá fw fwd vs vb wg tr trans tf doorst pd ilt enc rv rvd
    回覆 回复 回復 答覆 答复 轉寄 轉發 转发 转寄 轉 回
"""
_PREFIXES = frozenset(_PREFIX_WORDS.split())
_BEFORE_COLON = regex(r"\W*([^\W\d_]{1,6})\s*(?:[\[(]?\d{1,3}[\])]?)?\s*[:：]\s*")
# Letters of other alphabets that look like those of the prefixes.
_LOOKALIKES = str.maketrans("аеорсѕіѵԝԁԛνωтґгһ", "aeopcsivwdqvwtrrh")


@rule(
    code="SUB003",
    slug="fake-reply-or-forward",
    severity=Severity.ERROR,
    message="the subject begins with `{prefix}`, as if it answered or passed on a message",
    help="begin with what the message is about; these messages are never an answer",
    sources=("15 USC 7704(a)(2)", "https://support.google.com/mail/answer/81126"),
)
def fake_reply_or_forward(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports a subject that begins as an answer or a passed-on message does: `Re:`, `Fwd:`, `SV:`, `VS:`, `TR:`,
    `RE :`, `Aw:`, `回覆：`, `轉寄：` and their kin, also behind an emoji or a bracket, numbered (`Re[2]:`), or
    written with letters of another alphabet. What a campaign sends is never an answer.

    It is silent on words: *Retour de congés*, *Réponse à vos questions*, *Svar på spørsmål*, *Re-opening*.

    ## Why it matters

    Gmail's rules for senders forbid it by name, and a subject that misleads about what a message is breaks the
    law on commercial mail in the United States. Patients who feel tricked once stop opening.

    ## Example

    ```yaml
    subject: "SV: Timen din"
    ```

    ## Use instead

    ```yaml
    subject: "Timen din hos {{ practice.name }}"
    ```

    ## Sources

    * 15 USC 7704(a)(2), deceptive subject headings
    * Gmail, Email sender guidelines (update of June 2025)
    """
    for line in lines_in(version.subject):
        for start in _beginnings(line):
            if found := _prefix(line.text, start):
                low, high, end = found
                span = line.span(low, high, facts.source(line.stretches[0].span.path))
                rest = line.span(low, end)
                exact = rest.end - rest.start == end - low
                fix = Fix("take the prefix away", (Edit(rest, ""),), Applicability.SAFE)
                yield fake_reply_or_forward.at(
                    span, label="begins as an answer does", fixes=(fix,) if exact else (), prefix=line.text[low:high]
                )


def _beginnings(line: WordLine) -> Iterator[int]:
    """Where a reader's subject may begin: at the line's start, and with each arm that stands there."""
    yield 0
    at = line.text.find(ARM)
    if at == 0 or (at > 0 and not line.text[:at].strip()):
        while at >= 0:
            if at + 1 < len(line.text):
                yield at + 1
            at = line.text.find(ARM, at + 1)


def _prefix(text: str, start: int) -> tuple[int, int, int] | None:
    """Start and end of a prefix with its colon, and the end of the space behind it."""
    if not (match := _BEFORE_COLON.match(text, start)):
        return None
    word = unicodedata.normalize("NFKC", match[1]).casefold().translate(_LOOKALIKES)
    if word not in _PREFIXES:
        return None
    return match.start(1), match.end() - (len(match[0]) - len(match[0].rstrip())), match.end()
