"""TRK005: a decision that rests on who opened a mail."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

# What is open is no mail that was opened: `invoice_open`, `facture_ouverte`; an adverb or `mail` beside it tells.
_OPENED = regex(
    r"(?:^|_)(?:opens|opened|open_(?:rate|count|date)|ouvertures?|apnet|åpnet|apninger|åpninger)(?:_|$|\d)"
    r"|(?:^|_)(?:last|ever|never|e?mails?|letters?|newsletters?|messages?|campaigns?)_open(?:_|$|\d)"
    r"|(?:^|_)(?:e?mails?|courriels?|lettres?|messages?|campagnes?|jamais)_ouverte?s?(?:_|$|\d)"
    r"|開信|開啟郵件"
)
# What people do on purpose.
_DONE = regex(
    r"click|repl(?:y|ied|ies)|book|visit|appointment|login|portal|goal|registered|clic|repon|répon|rendez|klikk|svar|besok"
    r"|besøk|time|點擊|回覆|預約|看診"
)


@rule(
    code="TRK005",
    slug="open-based-logic",
    severity=Severity.WARNING,
    message="`{field}` decides here, and a mail counts as opened that nobody has read ({law})",
    help="ask for what people do: `run.clicked or run.replied`, a visit, a booking, beside it or instead",
)
def open_based_logic(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Looks at the audience, `stop_when`, `goal` and every `if` that read a field named after opening (`opens`,
    `last_opened`, `ouvertures`, `åpnet`, 開信) and nothing that people do on purpose: a click, a reply, a visit, a
    booking, a login. It is a warning everywhere, and an error in France, unless every target with `tracking` names the
    consent that readers gave to it. An experiment can't count opens at all.

    ## Why it matters

    Apple's mail program opens every mail by itself, and others open none: who *never opens* may read each one.

    ## Example

    ```yaml
    stop_when: patient.opens == 0
    ```

    ## Use instead

    ```yaml
    stop_when: run.clicked or run.replied
    ```

    ## Sources

    * Apple, Mail Privacy Protection: pictures are loaded beforehand
    * CNIL 2026-042: changing or stopping mail by opens needs the consent to tracking (read second-hand)
    """
    for condition in _conditions(campaign):
        fields = sorted(condition.reads)
        opened = next((name for name in fields if _OPENED.search(name.partition(".")[2])), "")
        if not opened or any(_DONE.search(name) for name in fields):
            continue
        law = strictest("open-based-decisions", facts)
        if law is not None:
            severity = law.severity if not _has_consent(campaign) else Severity.WARNING
            yield open_based_logic.at(condition.span, severity=severity, field=opened, law=law.words)


def _conditions(campaign: Campaign) -> Iterator[Condition]:
    yield campaign.audience
    yield from (one for one in (campaign.stop_when, campaign.goal) if one is not None)
    for email in campaign.emails:
        if email.condition is not None:
            yield email.condition
        for version in email.versions[:1]:
            yield from (block.condition for block in version.blocks if block.condition is not None)


def _has_consent(campaign: Campaign) -> bool:
    tracked = [target.tracking for target in campaign.targets if target.tracking is not None]
    return bool(tracked) and all(tracking.consent for tracking in tracked)
