"""LIT001: a text that is harder to read than patients' mail should be."""

from __future__ import annotations

from collections.abc import Sequence

from campcompile.analysis.facts import Facts
from campcompile.analysis.limits import Limit, limits
from campcompile.analysis.readability import Counts, Readability, measure_of, readability, sentences_in
from campcompile.analysis.running_text import RunningLine, running_text
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span

_LIMITS = "rules/data/readability.yaml"


@rule(
    code="LIT001",
    slug="readability-by-language",
    severity=Severity.WARNING,
    message="this e-mail reads like school year {score} (Flesch-Kincaid); for patients, {most} is the advice",
    help="{advice}",
    also={
        "kandel-moles": (
            "this e-mail reads at {score} where 100 is easy (Kandel and Moles), and {most} is the least we ask",
            "{advice}",
        ),
        "lix": ("this e-mail has a LIX of {score}, and {most} is the most we ask of mail to everybody", "{advice}"),
        "hanzi": (
            "this e-mail has {score} characters a sentence, and {most} is the most we ask of mail to everybody",
            "{advice}",
        ),
        "hanzi-a-clause": (
            "this e-mail has {score} characters between two punctuation marks, and {most} is the most we ask",
            "{advice}",
        ),
    },
    sources=(
        "Kincaid et al. 1975, Derivation of new readability formulas for Navy enlisted personnel",
        "Kandel and Moles 1958",
        "Björnsson 1968, Läsbarhet",
        "https://bmjopen.bmj.com/content/10/10/e038091",
        "doi:10.1177/2374373521998847",
    ),
)
def readability_by_language(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Measures the running text of an e-mail, which is its paragraphs, list items and checklists, without merge
    fields, labels, tables and the layout's own words:

    * English by Flesch and Kincaid's grade level: `0.39 × words / sentences + 11.8 × syllables / words − 15.59`;
      a note above 6, a warning above 8
    * French by Kandel and Moles' ease of reading: `207 − 1.015 × words / sentences − 73.6 × syllables / words`;
      a warning below 60
    * Norwegian, Danish and Swedish by LIX: `words / sentences + 100 × words of more than 6 letters / words`;
      a note above 35, a warning above 45
    * Chinese by its characters a sentence, as studies of patients' leaflets do; a warning above 40, or above 25 a
      clause

    The end of a line ends a sentence, so a list reads as short sentences. Below 60 words (96 characters of
    Chinese) nothing is measured, as one word would decide; other languages aren't measured either. The finding
    stands at the longest sentence.

    A formula counts, and doesn't understand: it never makes an error. The grades 6 and 8 are confirmed advice
    for the United States; the limits of the other languages are ours.

    ## Why it matters

    Many adults read with effort, more so when they are ill or worried. What is not understood is not done: a
    visit unprepared, a medicine taken wrongly, a call to the desk.

    ## Example

    ```yaml
    body: Adherence to prophylactic pharmacotherapy necessitates comprehensive periodic reassessment of…
    ```

    ## Use instead

    ```yaml
    body: Take your medicine every day. Once a year, we look at it together.
    ```

    ## Sources

    * J. P. Kincaid et al. 1975; L. Kandel and A. Moles 1958; C. H. Björnsson, Läsbarhet, 1968
    * Q. Wang et al., BMJ Open 2020;10:e038091 (Chinese: sentences a hundred characters)
    * M. K. Rooney et al. 2021, doi 10.1177/2374373521998847: the advice of the American Medical Association
      (sixth grade) and the National Institutes of Health (eighth grade)
    """
    if not measure_of(version.locale):
        return
    lines = running_text(version, facts.once(version_words, version))
    result = readability((line.text for line in lines), version.locale)
    if result is None or result.counts.words < _fewest_words(result.measure):
        return
    if found := _too_hard(result):
        measure, score, limit, severity = found
        span, words = _longest_sentence(lines, result.measure, facts)
        yield readability_by_language.at(
            span,
            say="" if measure == "flesch-kincaid" else measure,
            severity=limit.at_most(severity),
            label=f"its longest sentence: {words} {'characters' if result.measure == 'hanzi' else 'words'}",
            score=f"{score:.1f}" if score < 60 else f"{score:.0f}",
            most=f"{limit.value:g}",
            advice=_advice(result.measure, result.counts),
        )


def _fewest_words(measure: str) -> float:
    known = limits(_LIMITS)
    return known["fewest-words"].value * (known["hanzi-a-word"].value if measure == "hanzi" else 1)


def _too_hard(result: Readability) -> tuple[str, float, Limit, Severity] | None:
    """The measure that is passed, its score, and the highest limit below it."""
    known, measure, score = limits(_LIMITS), result.measure, round(result.score, 1)  # as it is told
    for name, severity in (("warning", Severity.WARNING), ("note", Severity.INFO)):
        limit = known.get(f"{measure}-{name}")
        if limit and (score < limit.value if measure == "kandel-moles" else score > limit.value):
            return measure, score, limit, severity
    if measure == "hanzi":
        limit, score = known["hanzi-a-clause-warning"], result.counts.words / result.counts.clauses
        if score > limit.value:
            return "hanzi-a-clause", score, limit, Severity.WARNING
    return None


def _longest_sentence(lines: Sequence[RunningLine], measure: str, facts: Facts) -> tuple[Span, int]:
    """Its place and its words; in a line with merge fields, the place of the whole line."""
    sentences = [(sentence, line) for line in lines for sentence in sentences_in(line.text, measure)]
    sentence, line = max(sentences, key=lambda pair: pair[0].words)
    if line.text != line.words.text:
        return line.words.whole(), sentence.words
    source = facts.source(line.words.stretches[0].span.path)
    return line.words.span(sentence.start, sentence.end, source), sentence.words


def _advice(measure: str, counts: Counts) -> str:
    """What weighs most: sentences of more than 20 words, else long words."""
    if measure == "hanzi":
        return "make two sentences of a long one, and leave out what the reader needn't know"
    if counts.words > 20 * counts.sentences:
        return "make two sentences of a long one; one thought a sentence is enough"
    return "choose shorter, everyday words, and say to the reader `you` what to do"
