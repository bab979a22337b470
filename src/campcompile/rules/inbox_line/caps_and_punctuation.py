"""SUB002: a subject that shouts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_MARK
from campcompile.analysis.version_words import WordLine, lines_in
from campcompile.model.campaign import Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity
from campcompile.syntax.source import Span

_FEWEST_CAPITALS = 10  # letters, in at least two words: SpamAssassin's SUBJ_ALL_CAPS asks for the same
_LETTERS = regex(r"[^\W\d_]")
_CASED_WORD = regex(r"[^\W\d_]{2,}")
_MARKS = regex(
    r"""
      (?P<mixed>    (?<![!！?？])[!！?？]*(?:[!！]\s?[?？]|[?？]\s?[!！])[!！?？]* | [⁉‽] )
    | (?P<repeated> [!！]{2,} | [?？]{2,} | ‼ | ⁇ | ([*$€~#=+★☆♥❤►▶➤→✔✓])\3{2,} )
    """,
    re.VERBOSE,
)
_EXCLAMATION = regex("[!！]")
_SPACED = regex(r"(?<![^\W_])(?:[^\W\d_][ \u00a0]){3,}[^\W\d_](?![^\W_])")
_WIDE = regex("[\u2e80-\u9fff\uf900-\ufaff]")
_CALM = (("？", "？"), ("?⁉‽⁇", "?"), ("！", "！"), ("!‼", "!"))  # what is kept of several marks


@rule(
    code="SUB002",
    slug="caps-and-punctuation",
    severity=Severity.WARNING,
    message="the subject is written in capitals",
    help="write it as a sentence: capitals are hard to read, and read as shouting",
    also={
        "marks": ("`{seen}` shouts", "{advice}"),
        "exclamations": (
            "the subject has {count} exclamation marks",
            "keep one at most; the words alone say more",
        ),
        "spaced": ("`{seen}` is spaced out, letter by letter", "write the word as a word"),
    },
    sources=("SpamAssassin 4.0.1, rules SUBJ_ALL_CAPS and PLING_QUERY",),
)
def caps_and_punctuation(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports a subject whose words are all in capitals (ten letters and two words at least), that has more than one
    exclamation mark, mixes `?!`, repeats a symbol (`!!`, `***`, `！！`), or spaces its letters out.

    Abbreviations and names in capitals are silent as long as the other words aren't capitals, and so is one
    exclamation mark. Merge fields don't count.

    ## Why it matters

    Filters give points for it (few: SpamAssassin half a point), screen readers may spell capitals out letter by
    letter, and to a patient it sounds like an advertisement.

    ## Example

    ```yaml
    subject: "FREE CHECKUP THIS WEEK!!!!"
    ```

    ## Use instead

    ```yaml
    subject: Free blood pressure check this week
    ```

    ## Sources

    * SpamAssassin 4.0.1: `SUBJ_ALL_CAPS` (0.5) and `PLING_QUERY` (0.1)
    """
    for line in lines_in(version.subject):
        if not _may_shout(line.text):
            continue
        yield from _capitals(line, facts)
        marked = False
        for found in _MARKS.finditer(line.text):
            marked = True
            yield _shouting(line, found, facts)
        count = len(_EXCLAMATION.findall(line.text))
        if count > 1 and not marked and ARM not in line.text:
            yield caps_and_punctuation.at(line.whole(), say="exclamations", count=str(count))
        for found in _SPACED.finditer(line.text):
            if not _WIDE.search(found[0]):
                yield caps_and_punctuation.at(_span(line, found, facts), say="spaced", seen=found[0])


@lru_cache(maxsize=4096)
def _may_shout(text: str) -> bool:
    """A quick look: most subjects hold none of it. Remembered, as variants and series repeat their subjects."""
    return (
        any(pattern.search(text) for pattern in (_MARKS, _EXCLAMATION, _SPACED)) or SLOT_MARK.sub(" ", text).isupper()
    )


def _capitals(line: WordLine, facts: Facts) -> Iterator[Diagnostic]:
    words = SLOT_MARK.sub(" ", line.text)
    letters = [letter for letter in _LETTERS.findall(words) if letter.lower() != letter.upper()]
    if len(letters) < _FEWEST_CAPITALS or len(_CASED_WORD.findall(words)) < 2 or not words.isupper():
        return
    span = line.whole()
    text = facts.quote(span)
    small = text[:1] + text[1:].lower()
    fixes: tuple[Fix, ...] = ()
    if text == line.text and "{" not in text:
        fixes = (Fix("write it as a sentence", (Edit(span, small),), Applicability.UNSAFE),)
    yield caps_and_punctuation.at(span, fixes=fixes)


def _shouting(line: WordLine, found: re.Match[str], facts: Facts) -> Diagnostic:
    span, seen = _span(line, found, facts), found[0]
    calm = next((mark for signs, mark in _CALM if not set(signs).isdisjoint(seen)), "")
    advice = f"write `{calm}`" if calm else "leave the symbols out"
    fixes: tuple[Fix, ...] = ()
    if facts.quote(span) == seen:
        fixes = (Fix(advice.replace("`", ""), (Edit(span, calm),), Applicability.SAFE),)
    return caps_and_punctuation.at(span, say="marks", fixes=fixes, seen=seen, advice=advice)


def _span(line: WordLine, found: re.Match[str], facts: Facts) -> Span:
    return line.span(found.start(), found.end(), facts.source(line.stretches[0].span.path))
