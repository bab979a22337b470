"""PHI015: a message is one person's, and its answers are no place for what only a portal should hold."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.version_words import version_words
from campcompile.analysis.wordings import find_wordings
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="PHI015",
    slug="one-recipient-per-message",
    severity=Severity.ERROR,
    message="this asks for health information by return of mail, which travels back as mail does",
    help="lead to the portal, or give the practice's telephone: `For medical questions please use the portal`",
)
def one_recipient_per_message(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports sentences that ask readers to answer an e-mail with symptoms, medicines, results, pictures or a history,
    in English, French, Norwegian and Chinese. A sentence that says *don't*, or names the portal or the telephone,
    is fine.

    That every message has one recipient needs no rule: the language has no `cc`, no `bcc` and no list of
    addresses, and the runner writes one `To` into each message.

    ## Why it matters

    An answer comes without the encryption that the practice chose, quotes the whole message, and lands in a mailbox
    that several people read.

    ## Example

    ```yaml
    body:
      - text: "How are you? Reply to this e-mail with your symptoms."
    ```

    ## Use instead

    ```yaml
    body:
      - text: "How are you? Write to us in the portal, or call."
      - button: {label: Open the portal, to: links.portal}
    ```

    ## Sources

    * 45 CFR 164.530(c): reasonable safeguards; HHS FAQ 570
    """
    for line in facts.once(version_words, version).lines:
        for found in find_wordings(line.text, version.locale):
            if found.kind == "clinical-reply" and not found.is_refused:
                span = line.span(found.start, found.end, facts.source(line.stretches[0].span.path))
                yield one_recipient_per_message.at(span)
