"""SEG001: an audience that picks out single people."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.formula import Compare, Const, DateConst, Default, FieldRef, Formula, LocalDate, OneOf, children
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_OF_ONE = frozenset("ADEFGHIJKLMNOPQR")  # 45 CFR 164.514(b)(2)(i); places (B) and dates (C) are shared by several


@rule(
    code="SEG001",
    slug="small-cell",
    severity=Severity.WARNING,
    message="this picks people out by `{field}`, which nearly everybody has another value of",
    help="choose people by what many have in common; to write to one person, a campaign is no place",
)
def small_cell(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports audiences, and `if`s of e-mails, that compare a field which tells one person from all others (its `hipaa`
    in the dictionary is a name, a number, an address of mail, a picture …, or it is a birthday compared with one day)
    with a fixed value. What such an audience counts, clicks or tests is one person's.

    How many people an audience has isn't known while it is compiled; audiences below eleven people are the
    planner's to hold back from reports.

    ## Why it matters

    A figure about one to ten people tells who they are to those who know them.

    ## Example

    ```yaml
    audience: {where: 'patient.last_name == "Aaland"'}
    ```

    ## Use instead

    ```yaml
    audience: upcoming-appointments
    ```

    ## Sources

    * CMS cell size policy (ResDAC): no figure from 1 to 10, nor one that such a figure can be computed from; it binds
      users of CMS data, and is borrowed here
    """
    dictionary = facts.programme.dictionary
    conditions = [campaign.audience, *(email.condition for email in campaign.emails if email.condition is not None)]
    for condition in conditions:
        for name, is_day in _picked(condition.formula):
            field = dictionary.fields.get(name)
            if field is not None and (field.hipaa in _OF_ONE or (is_day and field.name.endswith(".birth_date"))):
                yield small_cell.at(condition.span, field=name)
                break


def _picked(formula: Formula) -> Iterator[tuple[str, bool]]:
    """Fields that must equal one of a few fixed values, and whether these are days."""
    match formula:
        case Compare("==", left, right):
            for one, other in ((left, right), (right, left)):
                name = _field(one)
                if name and isinstance(other, Const | DateConst):
                    yield name, isinstance(other, DateConst)
        case OneOf(of, _):
            if name := _field(of):
                yield name, False
        case _:
            pass
    for child in children(formula):
        yield from _picked(child)


def _field(formula: Formula) -> str:
    match formula:
        case FieldRef(name):
            return name
        case Default(of, _) | LocalDate(of, _):
            return _field(of)
        case _:
            return ""
