"""ABT001: an experiment that compares nothing, or two things at once."""

from __future__ import annotations

from campcompile.analysis.advertising import Pitch, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.version_words import version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.model.campaign import Email, Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="ABT001",
    slug="weights-and-single-factor",
    severity=Severity.WARNING,
    message="variants {first} and {other} say the same in `{locale}`, so there is nothing to compare",
    help="let them differ in the subject, the timing or one block; or take one out",
    also={
        "confounded": (
            "variant {first} makes an offer and variant {other} doesn't (`{locale}`): whichever wins, nobody knows why",
            "let both offer the same, and say it in two ways",
        ),
    },
)
def weights_and_single_factor(email: Email, facts: Facts) -> Found:
    """
    ## What it does

    In each language, reports variants with the same words (unless it is the timing that differs), and those of which
    one makes an offer and the other none: then two things change at once. That a variant changes one of subject,
    timing and words is SCH052's; shares are always equal, and every variant comes in every language of its e-mail.

    ## Why it matters

    *Free check-up* beats *our open day*: was it the words, or that it was free?

    ## Example

    ```yaml
    subject: Bestill din gratis undersøkelse
    experiment: {metric: click, detect: 3pp, variants: {b: {subject: Ikke gå glipp av vår helsemesse}}}
    ```

    ## Use instead

    ```yaml
    subject: Bestill en undersøkelse
    experiment: {metric: click, detect: 3pp, variants: {b: {subject: En undersøkelse på ti minutter}}}
    ```

    ## Sources

    * one change at a time is what any comparison of two needs; policy
    """
    experiment = email.experiment
    if experiment is None:
        return
    by_locale: dict[str, list[Version]] = {}
    for version in email.versions:
        by_locale.setdefault(version.locale, []).append(version)
    for locale, versions in by_locale.items():
        for at, version in enumerate(versions):
            for other in versions[at + 1 :]:
                given = {"first": version.variant, "other": other.variant, "locale": locale}
                timed = {version.variant, other.variant} & experiment.sends.keys()
                if not timed and _is_written_anew(version, other) and _words(version, facts) == _words(other, facts):
                    yield weights_and_single_factor.at(experiment.span, **given)
                elif _offers(version, facts) != _offers(other, facts):
                    if _offers(other, facts):
                        given |= {"first": other.variant, "other": version.variant}
                    yield weights_and_single_factor.at(experiment.span, say="confounded", **given)


def _is_written_anew(version: Version, other: Version) -> bool:
    """Has one words of its own? A variant that changes nothing has its finding (SCH052)."""
    return version.subject_span != other.subject_span or [block.spans for block in version.blocks] != [
        block.spans for block in other.blocks
    ]


def _words(version: Version, facts: Facts) -> str:
    return facts.once(version_words, version).text


def _offers(version: Version, facts: Facts) -> bool:
    if any(pitched(version, facts, Pitch.FREE_CARE)):
        return True
    lines = facts.once(version_words, version).lines
    return any(found.kind == "offer" for line in lines for found in find_wordings(line.text, version.locale))
