"""CAN007: people who refused, chosen because they refused."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.formula import Compare, Const, Default, FieldRef, Formula, Has, Not, OneOf, children
from campcompile.model.campaign import Campaign
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_REFUSED = regex(
    r"(?<![^\W_])(?:unsubscribed?|opted[_ -]?out|opt[_ -]?out|suppressed|do[_ -]not[_ -]mail|desabonnee?|désabonnée?"
    r"|desinscrite?|avmeldt|reservert)(?![^\W_])|退訂|拒收"
)


@rule(
    code="CAN007",
    slug="optout-list-secondary-use",
    severity=Severity.ERROR,
    message="this chooses people because they refused mail (`{words}`){law}",
    help="leave them out, or choose people by their last visit; who refused is asked in person, if at all",
)
def optout_list_secondary_use(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Reports audiences, and `if`s of e-mails, that select people whose field says that they refused: *unsubscribed*,
    *désabonné*, *avmeldt*, 退訂; also by a segment that asks for it. Leaving them out is fine, and needless: the
    planner never writes to them. Giving the list to an advertising platform is TRK003's.

    ## Why it matters

    A list of those who said no may serve one purpose, to leave them alone.

    ## Example

    ```yaml
    audience: {where: patient.status == "unsubscribed"}
    ```

    ## Use instead

    ```yaml
    audience: {where: months_since(patient.last_visit) >= 12}
    ```

    ## Sources

    * 15 USC 7704(a)(4)(A)(iv): no use of opted-out addresses but to honour the refusal (read second-hand)
    * GDPR 21(3) (unconfirmed)
    """
    conditions = [campaign.audience, *(email.condition for email in campaign.emails if email.condition is not None)]
    for condition in conditions:
        words = next(_chosen(condition.formula, True), "")
        if words:
            law = strictest("opt-out-list", facts)
            yield optout_list_secondary_use.at(
                condition.span,
                severity=law.severity if law else Severity.WARNING,
                words=words,
                law=f" ({law.words})" if law else "",
            )


def _chosen(formula: Formula, holds: bool) -> Iterator[str]:
    """Fields, or values of them, that say *refused* where the condition holds."""
    match formula:
        case Not(of):
            yield from _chosen(of, not holds)
        case Compare(op, left, right):
            for side, other in ((left, right), (right, left)):
                name = _field(side)
                if name and isinstance(other, Const):
                    yield from _compared(name, op, other.value, holds)
        case OneOf(of, choices) if holds:
            yield from (str(choice) for choice in choices if _REFUSED.search(str(choice).lower()))
        case Has(_, value) if holds and _REFUSED.search(value.lower()):
            yield value
        case FieldRef(name) | Default(FieldRef(name), _) if holds and _REFUSED.search(name.lower()):
            yield name
        case OneOf() | Has() | FieldRef() | Default():
            return
        case _:
            for child in children(formula):
                yield from _chosen(child, holds)


def _compared(name: str, op: str, value: str | int | float | bool, holds: bool) -> Iterator[str]:
    is_equal = (op == "==") is holds
    if op not in ("==", "!="):
        return
    if isinstance(value, str) and is_equal and _REFUSED.search(value.lower()):
        yield value
    elif isinstance(value, bool) and value is is_equal and _REFUSED.search(name.lower()):
        yield name


def _field(formula: Formula) -> str:
    match formula:
        case FieldRef(name) | Default(FieldRef(name), _):
            return name
        case _:
            return ""
