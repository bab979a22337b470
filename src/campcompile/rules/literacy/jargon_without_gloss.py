"""LIT002: a word of the trade that nobody explains."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.jargon import Jargon, is_explained, jargon_in, knows_jargon
from campcompile.analysis.version_words import VersionWords, WordLine, version_words
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity
from campcompile.syntax.source import Span


@rule(
    code="LIT002",
    slug="jargon-without-gloss",
    severity=Severity.WARNING,
    message="`{seen}` is a word of the trade, and nothing near it says what it is",
    help="write `{plain}` instead, or beside it: `{together}`",
    sources=("https://www.aafp.org/afp/2015/0715/p118.html",),
)
def jargon_without_gloss(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports terms of medicine that patients needn't know, such as *hypertension*, *dyslipidémie*, *anamnese* and
    *預後*, and abbreviations such as `HbA1c`, `IST` and `ECG`, in English, French, Norwegian and Traditional
    Chinese. Each is told once an e-mail, with plain words to put in its place.

    It is silent where plain words for it stand in the same block or before it (*high blood pressure
    (hypertension)*), and where something follows that explains it: brackets, a dash, *that is*, *c'est-à-dire*,
    *det vil si*, *也就是*. Everyday words of health (fever, allergy, vaccine) are no terms; neither are names of
    departments.

    The lists are the maintainers' own, and no clinician has read them yet.

    ## Why it matters

    People rarely ask what a word in a letter means. They guess, or put the letter aside.

    ## Example

    ```yaml
    body: Bring your latest HbA1c, please.
    ```

    ## Use instead

    ```yaml
    body: Bring your latest HbA1c (long-term blood sugar), please.
    ```

    ## Sources

    * L. Hersh et al., American Family Physician 2015;92(2):118-124: avoid medical jargon
    """
    if not knows_jargon(version.locale):
        return
    words = facts.once(version_words, version)
    if not any(jargon_in(line.text, version.locale) for line in words.lines):
        return
    told = set()
    around = ""
    for block, lines in _blocks(words):
        around += block
        for line, one in ((own, one) for own in lines for one in jargon_in(own.text, version.locale)):
            if one.term.name not in told and not is_explained(one, line.text, around):
                told.add(one.term.name)
                yield _finding(line, one, version.locale, facts)


def _blocks(words: VersionWords) -> Iterator[tuple[str, list[WordLine]]]:
    """The lines of each block, and its words folded."""
    lines: dict[int, list[WordLine]] = {}
    for part in words.parts:
        if part.block >= 0:
            lines.setdefault(part.block, []).extend(part.lines)
    for own in lines.values():
        yield "\n".join(line.text for line in own).casefold(), own


def _finding(line: WordLine, found: Jargon, locale: str, facts: Facts) -> Diagnostic:
    seen, plain = line.text[found.start : found.end], found.term.plain
    gloss = f"（{plain}）" if locale.startswith("zh") else f" ({plain})"
    span = line.span(found.start, found.end, facts.source(line.stretches[0].span.path))
    fix = Fix("explain it beside it", (Edit(Span(span.path, span.end, span.end), gloss),), Applicability.UNSAFE)
    fixes = (fix,) if facts.quote(span) == seen else ()
    return jargon_without_gloss.at(span, fixes=fixes, seen=seen, plain=plain, together=seen + gloss)
