"""What a service counts: how long subjects, pages, names and tags are, by dated limits (dialects/data/limits.yaml).

A limit that the service's own page doesn't confirm makes a warning, never an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.dialects.dialect import Dialect, Escaping
from campcompile.dialects.limits import limit
from campcompile.model.campaign import Campaign, Email
from campcompile.model.rendered import RenderedEmail
from campcompile.parts import Branch, Parts
from campcompile.rules.loss import Loss
from campcompile.rules.places import SETTINGS, campaign_span, email_span, value_span
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span

_DIGEST = 9  # a blank or hyphen and eight signs of the bundle's digest, at the end of what an export names


def counted_of_campaign(campaign: Campaign, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    """Names: of the e-mails, and of who sends them."""
    sender = campaign.sender
    place = value_span(facts, SETTINGS, "senders", sender.id, "from", otherwise=sender.span)
    yield from _over(dialect, "sender", len(sender.name), place, "names of senders", "give it a shorter name")
    yield from _over(dialect, "address", len(sender.email), place, "addresses", "send from a shorter address")
    for email in campaign.emails:
        locale = max((version.locale for version in email.versions), key=len, default="")
        name = len(f"{campaign.code}-{email.id}.{locale}") + _DIGEST
        span = email_span(facts, campaign, email, "id")
        yield from _over(dialect, "name", name, span, "names", f"give `{_shown(email)}` a shorter `id`")


def counted_of_message(message: RenderedEmail, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    """Words: the subject, the page, and the tags of what is printed in it."""
    version, campaign = message.version, message.campaign
    yield from _over(
        dialect, "subject", shortest(message.subject), version.subject_span, "subjects", "say it in fewer words"
    )
    yield from _over(
        dialect,
        "page",
        shortest(message.html),
        version.subject_span,
        "pages",
        "make two e-mails of it, or link to a page with the rest",
    )
    if limit(dialect.id, "tag") is not None:
        span = campaign_span(facts, campaign, "code")
        length = len(dialect.name(campaign.code, _longest(message, dialect)))
        yield from _over(dialect, "tag", length, span, "merge tags", "draw a shorter code: `campcompile new` does")


def shortest(parts: Parts) -> int:
    """How long a text is at least, without any person's values."""
    total = 0
    for part in parts:
        if isinstance(part, str):
            total += len(part)
        elif isinstance(part, Branch):
            total += min(shortest(part.then), shortest(part.orelse))
    return total


def _over(dialect: Dialect, kind: str, length: int, span: Span, what: str, instead: str) -> Iterator[Loss]:
    most = limit(dialect.id, kind)
    if most is not None and length > most.value:
        yield Loss(
            span=span,
            what=f"takes {what} of {most.value:,} characters, and this has {length:,} or more",
            instead=instead,
            severity=Severity.ERROR if most.confirmed else Severity.WARNING,
        )


def _longest(message: RenderedEmail, dialect: Dialect) -> str:
    """The longest short name that a variable of the message has at least: a campaign counts its fields through."""
    if not message.derived:
        return f"e{message.campaign.emails.index(message.email) + 1}"
    escaped = "h" if dialect.capabilities.escaping is Escaping.BEFORE else ""
    return f"t{len(message.derived)}{escaped}"


def _shown(email: Email) -> str:
    return email.id if len(email.id) <= 20 else f"{email.id[:20]}…"
