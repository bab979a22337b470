"""SUB001: a subject that an inbox cuts off."""

from __future__ import annotations

from campcompile.analysis.columns import SLOT_COLUMNS, columns
from campcompile.analysis.facts import Facts
from campcompile.formula import Const, Format, Formula, Lookup
from campcompile.model import bound
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

MOST_COLUMNS = 45


@rule(
    code="SUB001",
    slug="subject-length",
    severity=Severity.WARNING,
    message="the subject can be {seen} columns wide, and a telephone shows about {most}",
    help="say what it is about in the first words, and leave the rest to the preheader",
)
def subject_length(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports a subject that is wider than 45 columns. A column is a letter of the Latin alphabet; a Chinese
    character and an emoji take two. Of a condition, the widest arm counts. A merge field counts with the longest
    value that any site of the practice gives it, such as `practice.name`; what is the reader's own, and so
    not known while compiling, counts as 12 columns.

    ## Why it matters

    Telephones show some 30 to 45 letters of a subject and cut off the rest. What is cut off is the end, where
    many languages put the verb, the day, or the name of who is writing.

    ## Example

    ```yaml
    subject: "How did you like your recent visit to us at {{ practice.name }}?"
    ```

    ## Use instead

    ```yaml
    subject: "Your opinion, please"
    preheader: "How did you like your visit to {{ practice.name }}?"
    ```

    ## Sources

    * A policy of ours: the advice that practices get is 30 to 40 letters, and good subjects often have a few more
    """
    seen = _most_columns(version.subject)
    if seen > MOST_COLUMNS:
        yield subject_length.at(version.subject_span, seen=str(seen), most=str(MOST_COLUMNS))


def _most_columns(inlines: bound.Inlines) -> int:
    """The columns of the words at their widest."""
    return sum(map(_inline_columns, inlines))


def _inline_columns(inline: bound.Inline) -> int:
    match inline:
        case bound.Words(text):
            return columns(text)
        case bound.Print():
            return _value_columns(inline.formula)
        case bound.When(arms):
            return max((_most_columns(arm.children) for arm in arms), default=0)  # none where its `if` means nothing
        case bound.Strong(children) | bound.Emphasis(children) | bound.Link(_, children):
            return _most_columns(children)
        case bound.Break():
            return 0


def _value_columns(formula: Formula) -> int:
    """A practice's value at its widest, whichever site prints it; a person's as SLOT_COLUMNS."""
    match formula:
        case Const(value):
            return columns(str(value))
        case Lookup(_, table, default):
            return max(columns(text) for text in (default, *(text for _, text in table)))
        case Format(style="text", of=of):
            return _value_columns(of)
        case _:
            return SLOT_COLUMNS
