"""The engine asks every check about every subject: a programme, a campaign, and all that is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Block, Campaign, Email, Programme, Version
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Scope
from campcompile.rules.registry import checks_of
from campcompile.syntax.findings import Diagnostic


def check_programme(programme: Programme, facts: Facts) -> tuple[Diagnostic, ...]:
    """The findings about the programme as a whole, and not about a campaign of it."""
    return tuple(check_subject(Scope.PROGRAMME, programme, facts))


def check_campaign(
    campaign: Campaign,
    rendered: Sequence[RenderedEmail],
    facts: Facts,
    tick: Callable[[int], None] = lambda versions: None,
) -> Iterator[Diagnostic]:
    """The findings about one campaign and its e-mails, of which `rendered` are the messages.

    `tick` is told of each e-mail that is done, by the number of its versions. No other campaign is known to `facts`:
    what is found depends on this one and on what all share.
    """
    messages: dict[int, list[RenderedEmail]] = {}
    for message in rendered:
        messages.setdefault(id(message.email), []).append(message)
    yield from check_subject(Scope.CAMPAIGN, campaign, facts)
    for email in campaign.emails:
        yield from check_email(email, facts, messages.get(id(email), ()))
        tick(len(email.versions))


def check_email(email: Email, facts: Facts, messages: Sequence[RenderedEmail] = ()) -> Iterator[Diagnostic]:
    """The findings about one e-mail: its words in every locale and variant, and the messages they became.

    What was remembered of it is dropped: ten thousand e-mails don't stay in memory.
    """
    yield from check_subject(Scope.EMAIL, email, facts)
    for version in email.versions:
        yield from _check_version(version, facts)
    for message in messages:
        yield from check_rendered(message, facts)
    for version in email.versions:
        facts.forget(version)


def check_rendered(message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    """The findings about one compiled e-mail."""
    yield from check_subject(Scope.RENDERED_EMAIL, message, facts)
    facts.forget(message)


def _check_version(version: Version, facts: Facts) -> Iterator[Diagnostic]:
    yield from check_subject(Scope.VERSION, version, facts)
    for block in version.blocks:
        yield from check_subject(Scope.BLOCK, block, facts)


def check_subject(
    scope: Scope, subject: Programme | Campaign | Email | Version | Block | RenderedEmail, facts: Facts
) -> Iterator[Diagnostic]:
    """What the checks of one scope find in one subject."""
    for check in checks_of(scope):
        yield from check(subject, facts)
