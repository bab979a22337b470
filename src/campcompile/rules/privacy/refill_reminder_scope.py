"""PHI007: a reminder to renew a prescription that speaks of another drug, or of one that ended long ago."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import names_hidden
from campcompile.analysis.limits import limits
from campcompile.analysis.told import topics_of
from campcompile.analysis.version_words import WordLine, version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.formula import Compare, Const, Elapsed, Formula, children, source_fields
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.phi.folded import fold
from campcompile.phi.lexicon import concept, find_concepts
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_LIMITS = "rules/data/refill_reminders.yaml"
_PRESCRIPTION = regex(r"prescription|refill|medic|drug|(?:^|[._])rx(?:[._]|$)|resept|ordonnance|處方|慢箋")
_NO_NAME = frozenset({"medication", "prescription", "medication-adherence"})  # concepts of drugs that name none
_DAYS = {"days": 1, "months": 31, "years": 366}


@rule(
    code="PHI007",
    slug="refill-reminder-scope",
    severity=Severity.WARNING,
    message="`{words}` is named in a reminder to renew a prescription, and its audience isn't chosen by it",
    help="write `your prescription`, or choose the people who have this drug now; naming another one is marketing",
    also={
        "lapsed": (
            "this reminds people of prescriptions that ended up to {days} days ago; up to {most} count as current",
            "choose `days_since({field}) <= {most}`",
        ),
    },
)
def refill_reminder_scope(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    For practices in the US, in campaigns of `purpose: treatment` whose words are about refills or renewing a
    prescription: reports drugs that are named and that the audience isn't chosen by, and audiences that take in
    prescriptions which ended more than 90 days ago.

    ## Why it matters

    A reminder about the drug that somebody has now needs no authorization. One about another drug, a newer form of
    it, or one that ended last year is marketing.

    ## Example

    ```yaml
    audience: {where: days_since(patient.prescription_end) <= 365}
    body: "Time to renew your prescription. Ask us about Ozempic."
    ```

    ## Use instead

    ```yaml
    audience: {where: days_since(patient.prescription_end) <= 90}
    body: It is time to renew your prescription.
    ```

    ## Sources

    * 45 CFR 164.501 "marketing", (2)(i); HHS FAQ 1514, 1516 and 1518 on refill reminders
    """
    places = {place.partition("-")[0] for place in facts.programme.settings.jurisdictions}
    if campaign.purpose != "treatment" or "US" not in places:
        return
    is_one = False
    for email in campaign.emails:
        for version in email.versions:
            lines = facts.once(version_words, version).lines
            if any(found.kind == "refill" for line in lines for found in find_wordings(line.text, version.locale)):
                is_one = True
                yield from _other_drugs(lines, version, email, campaign, facts)
    if is_one:
        yield from _long_ended(campaign)


def _other_drugs(
    lines: tuple[WordLine, ...], version: Version, email: Email, campaign: Campaign, facts: Facts
) -> Found:
    topics = topics_of(campaign, email) or frozenset()
    for line in lines:
        read = fold(names_hidden(line.text))
        for mention in find_concepts(read.text, version.locale, cased=read.cased):
            drug = mention.concept_id
            if concept(drug).kind == "drug" and drug not in topics and drug not in _NO_NAME and not mention.weak:
                start, end = read.author(mention.start, mention.end)
                span = line.span(start, end, facts.source(line.stretches[0].span.path))
                yield refill_reminder_scope.at(span, words=line.text[start:end])


def _long_ended(campaign: Campaign) -> Found:
    most = int(limits(_LIMITS)["lapsed-days"].value)
    for field, days in _lapsed(campaign.audience.formula):
        if days > most:
            yield refill_reminder_scope.at(
                campaign.audience.span, say="lapsed", days=str(days), most=str(most), field=field
            )


def _lapsed(formula: Formula) -> Iterator[tuple[str, int]]:
    """Fields about prescriptions, and how many days since one at most: `days_since(x) <= 365`."""
    if isinstance(formula, Compare):
        left, right, op = formula.left, formula.right, formula.op
        if isinstance(left, Const):
            left, right, op = right, left, op.translate(str.maketrans("<>", "><"))
        if op in ("<", "<=", "==") and isinstance(left, Elapsed) and isinstance(right, Const):
            field = next(source_fields(left), "")
            if _PRESCRIPTION.search(field) and isinstance(right.value, int | float):
                yield field, int(right.value * _DAYS[left.unit])
    for child in children(formula):
        yield from _lapsed(child)
