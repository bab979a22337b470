"""FLD006: two people share a mailbox, and a message doesn't say whom it is about."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flow import How, flows_in
from campcompile.analysis.told import is_circular
from campcompile.analysis.version_words import field_inlines
from campcompile.model.campaign import Campaign, Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_NAMES = "A"  # 45 CFR 164.514(b)(2)(i)(A)


@rule(
    code="FLD006",
    slug="identity-collision",
    severity=Severity.ERROR,
    message="a {recipient} may have several rows of `{owner}`, and nothing in this e-mail says which of them is meant",
    help="print `{{{{ {field} }}}}` in the body, as in `{{{{ {field} }}}} has a visit with us`",
)
def identity_collision(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Where somebody is written to about another person (`guardian: {person: true, of: patient}`), it asks that the body
    prints a name of that person, in every language and variant. A portal's mail is fine: the portal knows. So is a
    newsletter, which goes on a date and says the same to all.

    That two people with one mailbox are never taken for one needs no rule: a message belongs to a row of the
    recipients' file, not to an address, and each gets its own.

    ## Why it matters

    A parent of two gets the same reminder twice, and brings the wrong child.

    ## Example

    ```yaml
    recipient: guardian
    emails:
      - id: day-before
        body: Your child has a visit with us tomorrow.
    ```

    ## Use instead

    ```yaml
        body: "{% if patient.first_name is set %}{{ patient.first_name }}{% else %}Your child{% endif %} has a visit."
    ```

    ## Sources

    * 45 CFR 164.530(c): safeguards against disclosures to the wrong person
    * The form of this check is our policy
    """
    dictionary = facts.programme.dictionary
    record = dictionary.records.get(campaign.recipient)
    if record is None or not record.of or campaign.deliver == "portal":
        return
    owner = record.of
    names = frozenset(f.name for f in dictionary.fields.values() if f.record == owner and f.hipaa == _NAMES)
    for email in campaign.emails:
        same_to_all = is_circular(campaign, email, dictionary)
        for version in email.versions:
            printed = _printed(version)
            says_nothing = same_to_all and not any(name.startswith(f"{owner}.") for name in printed)
            if not says_nothing and not names & printed:
                field = min(names, default=f"{owner}.first_name")
                yield identity_collision.at(version.span, recipient=campaign.recipient, owner=owner, field=field)


def _printed(version: Version) -> frozenset[str]:
    """The fields that the body's words print."""
    return frozenset(
        name
        for block in version.blocks
        for value in block.fields.values()
        for inlines in field_inlines(value)
        for flow in flows_in(inlines)
        if flow.how is How.PRINTED
        for name in flow.fields
    )
