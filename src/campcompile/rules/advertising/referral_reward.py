"""ADV005: a reward for bringing other patients."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.version_words import version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.model.campaign import Campaign, Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span


@rule(
    code="ADV005",
    slug="referral-reward",
    severity=Severity.ERROR,
    message="`{words}` rewards people for bringing others ({law})",
    help="thank them, and give nothing, e.g. `{instead}`{note}",
)
def referral_reward(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks for a reward in mail that asks people to bring others: in every campaign of `purpose: referral`, and beside
    words such as *refer a friend*, *parrainez*, *verv en venn*, 推薦親友. A gap that is left for a reward, as
    `[mention any incentive]`, counts. It is an error in the United States, Norway and Taiwan, a warning in France.
    Who isn't in a federal programme, and has a lawyer's word for it, waives the finding with a reason.

    ## Why it matters

    Paying for patients is a crime in the United States where a federal programme pays for their care.

    ## Example

    ```yaml
    purpose: referral
    body: Refer a friend, and get a $25 gift card.
    ```

    ## Use instead

    ```yaml
    purpose: referral
    body: Thank you for telling friends about us.
    ```

    ## Sources

    * 42 USC 1320a-7b(b), 1320a-7a(a)(5); OIG's nominal values cover gifts that are no cash ($15 each, $75 a year since
      2016: unconfirmed)
    * Taiwan: 醫療法 § 61; Norway: Normaltariffen, chapter III § 3
    """
    for email in campaign.emails:
        for version in email.versions:
            if campaign.purpose != "referral" and not _asks_to_bring(version, facts):
                continue
            for span, words in _rewards(version, facts):
                provision = strictest("referral-rewards", facts)
                if provision is not None:
                    yield referral_reward.at(
                        span,
                        severity=provision.severity,
                        words=words,
                        law=provision.words,
                        instead=instead(Pitch.REWARD, version.locale),
                        note=f" ({provision.note})" if provision.note else "",
                    )


def _asks_to_bring(version: Version, facts: Facts) -> bool:
    lines = facts.once(version_words, version).lines
    return any(found.kind == "referral" for line in lines for found in find_wordings(line.text, version.locale))


def _rewards(version: Version, facts: Facts) -> Iterator[tuple[Span, str]]:
    yield from ((claim.span(facts), claim.words) for claim in pitched(version, facts, Pitch.REWARD))
