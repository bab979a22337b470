"""PHI008: an offer, or a request for a recommendation, in mail that says it is about care."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.version_words import version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.model.campaign import Campaign
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_KINDS = {
    "offer": ("an offer", "marketing"),
    "referral": ("a request to bring others", "referral"),
    "review": ("a request for a review", "review"),
    "share": ("a request to follow or to share", "marketing"),
}
_OF_NEWS = ("offer", "referral", "review")  # a newsletter may say where else the practice is to be found


@rule(
    code="PHI008",
    slug="purpose-content-mismatch",
    severity=Severity.WARNING,
    message="`{words}` is {what}, in mail whose purpose is {purpose} (layer {layer})",
    help="move it into a campaign of its own with `purpose: {meant}`, which people can say no to",
)
def purpose_content_mismatch(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks for discounts and prices that invite, requests to bring friends, for reviews, to follow and to share, in
    e-mails of `purpose: treatment`, in `operations`, and in the layer `essential`; in English, French, Norwegian and
    Chinese. What a visit costs is no offer. A newsletter may say *follow us*.

    ## Why it matters

    Reminders and results may go to people who said no to news, because they are about their care. One line of
    promotion makes marketing of all of it.

    ## Example

    ```yaml
    purpose: treatment
    body: "See you on Tuesday. PS: 20% off whitening this week."
    ```

    ## Use instead

    ```yaml
    purpose: treatment
    body: See you on Tuesday.
    ```

    and the whitening in a campaign with `purpose: marketing`, `layer: promotional`.

    ## Sources

    * 16 CFR 316.3(a)(2): the primary purpose of a message
    * ICO, direct marketing guidance: a service message that strays into promotion is marketing
    * 45 CFR 164.501, "marketing"
    """
    is_care = campaign.purpose == "treatment" or campaign.layer == "essential"
    if not is_care and campaign.purpose != "operations":
        return
    for email in campaign.emails:
        for version in email.versions:
            for line in facts.once(version_words, version).lines:
                for found in find_wordings(line.text, version.locale):
                    if found.kind not in (_KINDS if is_care else _OF_NEWS):
                        continue
                    what, meant = _KINDS[found.kind]
                    yield purpose_content_mismatch.at(
                        line.span(found.start, found.end, facts.source(line.stretches[0].span.path)),
                        words=line.text[found.start : found.end],
                        what=what,
                        purpose=campaign.purpose,
                        layer=campaign.layer,
                        meant=meant,
                    )
