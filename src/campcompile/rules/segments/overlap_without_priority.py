"""SEG003: ranges that are to exclude each other, and overlap."""

from __future__ import annotations

from math import inf

from campcompile.analysis.bands import Band, band, neighbours, runs
from campcompile.analysis.exclusions import SEGMENTS
from campcompile.analysis.facts import Facts
from campcompile.analysis.segments import bound_segments
from campcompile.model.campaign import Email, Programme
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Diagnostic, Label, Severity


@rule(
    code="SEG003",
    slug="overlap-without-priority",
    severity=Severity.WARNING,
    message="{who} {meets} this and the one before it, and {gets} both",
    help="end one range where the other begins: `18 <= age(…) < 65` and `age(…) >= 65`; or, in one text, use `elif`",
)
def overlap_without_priority(email: Email, facts: Facts) -> Found:
    """
    ## What it does

    Looks at neighbours in an e-mail that each have an `if` of one range of the same age or number: blocks of one kind,
    items of one list; and at segments that are such ranges. Reports two blocks that overlap, and items and segments
    that overlap in a single number (`<= 65` beside `>= 65`), with a person who gets both. Lists whose items are meant
    to add up, and conditions that ask for more than the range, are free.

    ## Why it matters

    "For those under 65" and "for those over" in one letter: who is 65 reads both, and neither.

    ## Example

    ```yaml
    - text: Bring your work papers.
      if: age(patient.birth_date) <= 65
    - text: Bring your pension card.
      if: age(patient.birth_date) >= 65
    ```

    ## Use instead

    ```yaml
    - text: Bring your work papers.
      if: age(patient.birth_date) < 65
    - text: Bring your pension card.
      if: age(patient.birth_date) >= 65
    ```

    ## Sources

    * Computed from the conditions
    """
    for version in email.versions[:1]:
        for run, is_blocks in runs(version):
            for low, high in neighbours(run):
                if is_blocks or low.high == high.low:
                    yield from _overlap(low, high, "gets")


@rule(overlap_without_priority.rule)
def segments_that_touch(programme: Programme, facts: Facts) -> Found:
    """Segments that are ranges of one quantity, and share a single number."""
    groups: dict[object, list[Band]] = {}
    for name, condition in facts.once(bound_segments, programme).items():
        found = band(condition)
        if found is not None:
            span = value_span(facts, SEGMENTS, name, "where", otherwise=condition.span)
            groups.setdefault(found.quantity, []).append(Band(found.quantity, found.low, found.high, span))
    for bands in groups.values():
        for low, high in neighbours(bands):
            if low.high == high.low:
                yield from _overlap(low, high, "is in")


def _overlap(low: Band, high: Band, gets: str) -> list[Diagnostic]:
    first, last = max(low.low, high.low), min(low.high, high.high)
    if first > last:
        return []
    first_written, second = sorted((low, high), key=lambda one: one.span.start)
    related = (Label(first_written.span, "the other range"),)
    return [overlap_without_priority.at(second.span, related=related, who=_who(first, last), meets="meets", gets=gets)]


def _who(first: float, last: float) -> str:
    if first == last:
        return f"whoever has exactly {first:.0f}"
    if last == inf:
        return f"whoever has {first:.0f} or more" if first > -inf else "everybody"
    return f"whoever has {last:.0f} or less" if first == -inf else f"whoever has {first:.0f} to {last:.0f}"
