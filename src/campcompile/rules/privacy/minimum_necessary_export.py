"""PHI011: a value that goes into a message as it is, where less would do."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.formula import FieldRef, Format, Formula, children
from campcompile.model.fields import Field
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.findings import Severity

# Letters of 45 CFR 164.514(b)(2)(i) that no reader needs to be told of themselves.
_NUMBERS = {
    "G": "a social security number",
    "H": "a number of a medical record",
    "I": "a number of a health plan",
    "J": "an account number",
    "K": "a licence number",
    "L": "a number plate",
    "M": "a device's number",
    "P": "a biometric value",
}


@rule(
    code="PHI011",
    slug="minimum-necessary-export",
    severity=Severity.ERROR,
    message="the message prints `{field}`, {what}, which its reader knows and others shouldn't",
    help="leave it out, and lead to the portal where it is needed",
    also={
        "birthday": (
            "the message prints `{field}`, the day of birth, which its reader knows and others shouldn't",
            "leave it out; a condition such as `age({field}) >= 50` may ask for it, and lets nobody read it",
        ),
        "last": (
            "the message prints the day of `{field}`, a visit of the past",
            "write how long ago it was: `{{{{ {field} | elapsed }}}}`",
        ),
    },
    firm=("",),
)
def minimum_necessary_export(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports merge fields that print more than a message needs: numbers of records, plans, accounts and persons (the
    letters G to M and P of `hipaa` in the dictionary), the day of birth, and, as a warning, the day of a past visit
    (a derived field `from: last(…)`), where *14 months ago* does.

    That no field is exported that nothing reads needs no rule: a manifest lists the fields which its own merge
    fields and conditions read, and any other column of a recipients' file is read by nobody.

    ## Why it matters

    Each value in a message is one more that a stranger reads on a lost telephone. With name and birthday one can
    call most help desks.

    ## Example

    ```yaml
    body: "Your patient number is {{ patient.record_number }}."
    ```

    ## Use instead

    ```yaml
    body:
      - text: Please have your patient number at hand; it stands on your card.
    ```

    ## Sources

    * 45 CFR 164.502(b), 164.514(d): minimum necessary
    * GDPR Article 5(1)(c)
    """
    fields = facts.programme.dictionary.fields
    seen = set()
    for derived in message.derived.values():
        for name, style in _formats(derived.formula, "text" if derived.type == "text" else ""):
            field = fields.get(name)
            if field is None or (name, style) in seen:
                continue
            seen.add((name, style))
            span = derived.span or message.version.span
            related = (Place(field.span, "declared here"),)
            if field.hipaa in _NUMBERS and style:
                yield minimum_necessary_export.at(span, related=related, field=name, what=_NUMBERS[field.hipaa])
            elif _is_birthday(field) and style in ("date", "weekday", "text"):
                yield minimum_necessary_export.at(span, say="birthday", related=related, field=name)
            elif field.derivation is not None and field.derivation.function == "last" and style in ("date", "weekday"):
                yield minimum_necessary_export.at(
                    span, say="last", severity=Severity.WARNING, related=related, field=name
                )


def _formats(formula: Formula, style: str) -> Iterator[tuple[str, str]]:
    """Each field that is printed, and how; style "" for one that is only tested."""
    if isinstance(formula, FieldRef):
        yield formula.field, style
    inner = formula.style if isinstance(formula, Format) else style
    for child in children(formula):
        yield from _formats(child, inner)


def _is_birthday(field: Field) -> bool:
    return field.name.endswith(".birth_date") and field.type.name == "date"
