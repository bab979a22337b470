"""SEG002: conditions that nobody meets, or everybody does."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.exclusions import SEGMENTS
from campcompile.analysis.facts import Facts
from campcompile.analysis.predicates import Verdict, Verdicts, implies
from campcompile.analysis.segments import bound_segments
from campcompile.analysis.version_words import field_inlines
from campcompile.formula import And, Const, Formula, Not, Or, Set
from campcompile.model import bound
from campcompile.model.bound import Condition
from campcompile.model.campaign import Block, Campaign, Email, Items, Programme, Version
from campcompile.rules.check import Found, rule
from campcompile.rules.places import value_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Span


@rule(
    code="SEG002",
    slug="unsatisfiable-or-trivial",
    severity=Severity.ERROR,
    message="nobody can ever meet this{because}",
    help="one of the two must go, or `and` should be `or`",
    also={
        "always": (
            "everybody meets this of whom it can be told, so it leaves nobody out",
            "leave it out, write `everyone`, or ask for what is meant",
        ),
        "here": (
            "nobody who gets this e-mail can meet this: its audience, or the e-mail's `if`, rules it out",
            "leave it out, or ask for what is meant",
        ),
        "covered": (
            "this branch is never reached: who meets it meets one above it, and that is taken",
            "put the narrower one first",
        ),
    },
)
def unsatisfiable_or_trivial(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Decides of each condition, as far as that can be decided, whether anybody can meet it: of segments, audiences,
    `goal`, `stop_when`, and every `if`, in e-mails, blocks, items and texts. Reports what nobody meets, also by itself
    or within the audience of its e-mail; a branch that an earlier one covers; and what everybody meets of whom the
    answer is known (for an `if` within an e-mail as a warning). `is set` of a field that is always set is fine.

    Two fields that may hang together in a way that isn't looked into are never reported.

    ## Why it matters

    A recall that reaches nobody is noticed after a year. One that reaches everybody is noticed at once, by everybody.

    ## Example

    ```yaml
    where:
      - age(patient.birth_date) >= 50
      - age(patient.birth_date) < 40
    ```

    ## Use instead

    ```yaml
    where: 40 <= age(patient.birth_date) < 50
    ```

    ## Sources

    * Decided by the values that each field can have: docs/language.md, conditions
    """
    verdicts = facts.once(Verdicts, programme.dictionary)
    for name, condition in facts.once(bound_segments, programme).items():
        span = value_span(facts, SEGMENTS, name, "where", otherwise=condition.span)
        yield from _judged(condition, verdicts, span, Severity.ERROR)


@rule(unsatisfiable_or_trivial.rule)
def conditions_of_campaign(campaign: Campaign, facts: Facts) -> Found:
    """The conditions of one campaign, and of its e-mails in every language."""
    verdicts = facts.once(Verdicts, facts.programme.dictionary)
    if not campaign.audience_name:
        yield from _judged(campaign.audience, verdicts, campaign.audience.span, Severity.ERROR)
    for condition in (campaign.goal, campaign.stop_when):
        if condition is not None:
            yield from _judged(condition, verdicts, condition.span, Severity.WARNING)
    for email in campaign.emails:
        if email.condition is not None:
            yield from _judged(email.condition, verdicts, email.condition.span, Severity.WARNING)
        known = _known(campaign, email)
        for number, version in enumerate(email.versions):
            for condition in _of_blocks(version) if number == 0 else ():
                yield from _within(condition, known, verdicts)
            for arms in _branches(version):
                yield from _of_arms(arms, known, verdicts)


def _judged(condition: Condition, verdicts: Verdicts, span: Span, severity: Severity) -> Iterator[Diagnostic]:
    """What can be said of a condition by itself; `severity` is that of one that everybody meets."""
    formula = condition.formula
    if _holds_unread(formula) and condition.words.strip() != "true":
        return  # what could not be read has its finding
    if verdicts.emptiness(formula) is Verdict.YES:
        yield unsatisfiable_or_trivial.at(span, because=_because(formula, verdicts))
    elif not _asks_for_values(formula) and verdicts.emptiness(Not(formula)) is Verdict.YES:
        yield unsatisfiable_or_trivial.at(span, say="always", severity=severity)


def _within(condition: Condition, known: tuple[Condition, ...], verdicts: Verdicts) -> Iterator[Diagnostic]:
    """A condition of a block or a branch, where the audience and the e-mail's own `if` hold already."""
    found = tuple(_judged(condition, verdicts, condition.span, Severity.WARNING))
    yield from found
    around = tuple(other.formula for other in known if other.reads & condition.reads)
    if found or not around or verdicts.emptiness(And(around)) is Verdict.YES:
        return
    if verdicts.emptiness(And((*around, condition.formula))) is Verdict.YES:
        yield unsatisfiable_or_trivial.at(condition.span, say="here")


def _of_arms(arms: tuple[bound.Arm, ...], known: tuple[Condition, ...], verdicts: Verdicts) -> Iterator[Diagnostic]:
    above: list[Condition] = []
    for arm in arms:
        if arm.condition is None:
            continue
        found = tuple(_within(arm.condition, known, verdicts))
        yield from found
        formula = arm.condition.formula
        if not found and any(implies(formula, one.formula, verdicts.dictionary) is Verdict.YES for one in above):
            yield unsatisfiable_or_trivial.at(arm.condition.span, say="covered")
        above.append(arm.condition)


def _known(campaign: Campaign, email: Email) -> tuple[Condition, ...]:
    """What holds in an e-mail: its `if`, and the audience where both are about the same row."""
    own = () if email.condition is None else (email.condition,)
    return (campaign.audience, *own) if email.send.anchor in ("", campaign.anchor) else own


def _of_blocks(version: Version) -> Iterator[Condition]:
    for block in version.blocks:
        if block.condition is not None:
            yield block.condition
        for value in block.fields.values():
            for item in value.items if isinstance(value, Items) else ():
                if item.condition is not None:
                    yield item.condition


def _branches(version: Version) -> Iterator[tuple[bound.Arm, ...]]:
    for line in (version.subject, version.preheader, *_lines(version.blocks)):
        yield from _arms_in(line)


def _lines(blocks: tuple[Block, ...]) -> Iterator[bound.Inlines]:
    for block in blocks:
        for value in block.fields.values():
            if not isinstance(value, bound.Target):
                yield from field_inlines(value)


def _arms_in(inlines: bound.Inlines) -> Iterator[tuple[bound.Arm, ...]]:
    for inline in inlines:
        match inline:
            case bound.When(arms, _):
                yield arms
                for arm in arms:
                    yield from _arms_in(arm.children)
            case bound.Strong(children) | bound.Emphasis(children) | bound.Link(_, children, _):
                yield from _arms_in(children)
            case _:
                pass


def _asks_for_values(formula: Formula) -> bool:
    """Is it `is set`, or a list of those? Where a field is always set that is care, and no mistake."""
    return all(isinstance(part, Set) for part in (formula.of if isinstance(formula, And) else (formula,)))


def _holds_unread(formula: Formula) -> bool:
    """Is a part of it `true` or `false` by itself? So is what could not be read, and a segment that asks nothing."""
    if isinstance(formula, Const):
        return True
    parts = formula.of if isinstance(formula, And | Or) else (formula.of,) if isinstance(formula, Not) else ()
    return any(_holds_unread(part) for part in parts)


def _because(formula: Formula, verdicts: Verdicts) -> str:
    """Which two of its parts contradict each other, by their places in the list; "" where no two do by themselves."""
    parts = formula.of if isinstance(formula, And) else ()
    for number, part in enumerate(parts):
        for other in range(number):
            if verdicts.emptiness(And((parts[other], part))) is Verdict.YES:
                return f": its parts {other + 1} and {number + 1} contradict each other"
    return ""
