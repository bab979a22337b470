"""Losses: what a campaign asks for and a target can't carry, at the author's line; VEN004 and `targets` tell them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import unescape

from campcompile.analysis.facts import Facts
from campcompile.analysis.vendors import label_told, vendor_of
from campcompile.analysis.version_words import version_words
from campcompile.dialects.dialect import Dialect, Kind, Medium, UnsayableError
from campcompile.dialects.limits import limit
from campcompile.dialects.writing import written
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.model.practice import TargetSpec
from campcompile.model.rendered import RenderedEmail
from campcompile.parts import Branch, Parts
from campcompile.regex import regex
from campcompile.rules.counted_losses import counted_of_campaign, counted_of_message
from campcompile.rules.loss import Loss
from campcompile.rules.places import SETTINGS, campaign_span, email_span, value_span
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span

_SENDS_ITSELF = (Kind.CAMPAIGNS,)
_TAG = regex(r"<[^>]*>")


def losses(
    campaign: Campaign, messages: Iterable[RenderedEmail], target: TargetSpec, dialect: Dialect, facts: Facts
) -> tuple[Loss, ...]:
    """All that a target can't carry of a campaign, each place once."""
    found = list(campaign_losses(campaign, target, dialect, facts))
    for message in messages:
        found.extend(message_losses(message, dialect, facts))
    return tuple(dict.fromkeys(found))


def campaign_losses(campaign: Campaign, target: TargetSpec, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    """What is lost of whom, when and how, whatever the words are."""
    yield from _told(campaign, target, facts)
    yield from _layer(campaign, dialect, facts)
    yield from _portal(campaign, dialect, facts)
    yield from _sequence(campaign, dialect, facts)
    if dialect.capabilities.demands_opens and (target.tracking is None or target.tracking.open == "none"):
        yield Loss(
            span=value_span(facts, SETTINGS, "targets", target.id, "tracking", "open", otherwise=target.span),
            what="puts a picture into every mail that tells who opens it, and this target says that none do",
            instead="say so in `tracking: {open: individual, …}`, if readers agreed to that, or use another target",
        )
    yield from counted_of_campaign(campaign, dialect, facts)
    for email in campaign.emails:
        yield from _times(campaign, email, dialect, facts)
        yield from _experiment(campaign, email, target, dialect, facts)


def refusals(found: Iterable[Loss]) -> tuple[Loss, ...]:
    """Those that keep a campaign from being exported."""
    return tuple(loss for loss in found if loss.severity is Severity.ERROR)


def _told(campaign: Campaign, target: TargetSpec, facts: Facts) -> Iterator[Loss]:
    """What the service's own terms keep out, wherever the practice is; what an agreement must cover is VEN001's."""
    vendor = vendor_of(target)
    told = label_told(campaign, facts.programme.dictionary)
    if vendor is None or vendor.is_own or told <= vendor.with_baa:
        return
    agreement = "it signs no business associate agreement" if vendor.baa == "no" else ""
    because = "; ".join(filter(None, (agreement, vendor.note))) or "no agreement with it covers more"
    yield Loss(
        span=campaign_span(facts, campaign, "audience"),
        what=f"may learn what is `{vendor.with_baa.word}` at most, and this tells what is `{told.word}` ({because})",
        instead="send it by a target of your own or one with a business associate agreement; this one may get news for "
        f"an audience that tells no more than `{vendor.with_baa.word}`, such as people who asked for a newsletter",
        severity=Severity.WARNING if vendor.confidence == "low" else Severity.ERROR,
        is_of_terms=True,
    )


def _layer(campaign: Campaign, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    link = dialect.capabilities.unsubscribe
    if not link:
        return
    if campaign.layer == "essential":
        yield Loss(
            span=campaign_span(facts, campaign, "layer"),
            what="puts a link to unsubscribe into every mail, and whoever follows it gets no essential mail again",
            instead="send what is essential by another target",
        )
    elif facts.programme.settings.opt_out is None:
        yield Loss(
            span=campaign_span(facts, campaign, "layer"),
            what=f"needs a place for its own link to unsubscribe (`{link}`): that of `opt_out`, which isn't there",
            instead="add `opt_out` to campcompile.yaml: layouts print it in the footer",
        )


def _portal(campaign: Campaign, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    capabilities = dialect.capabilities
    if campaign.deliver == "portal" and not capabilities.portal:
        yield Loss(
            span=campaign_span(facts, campaign, "deliver"),
            what="can't put the body into the portal before the notice goes",
            instead="compile this campaign for a `smtp` target, whose runner waits for the portal",
        )
    if campaign.fallback != "none" and capabilities.kind in _SENDS_ITSELF:
        yield Loss(
            span=campaign_span(facts, campaign, "fallback"),
            what=f"doesn't tell the practice whom to reach by {campaign.fallback} when an e-mail could not go",
            instead="look at its list of bounces after each sending, or send by a `smtp` target",
            severity=Severity.WARNING,
        )


def _sequence(campaign: Campaign, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    """Times that differ by person, which no service keeps by itself: the first of them stands for all."""
    first = next((email for email in campaign.emails if not email.send.dates), None)
    if first is None or dialect.capabilities.kind is Kind.RUNNER:
        return
    span = email_span(facts, campaign, first, "send")
    if dialect.capabilities.kind not in _SENDS_ITSELF:
        yield Loss(
            span=span,
            what="keeps no times, so e-mails with an `offset` become templates, and whoever uses them decides when "
            "each goes",
            instead="keep to the times in README.md, to quiet hours, caps and `stop_when`; or send by a `smtp` target",
            severity=Severity.INFO,
        )
    elif dialect.capabilities.journeys:
        yield Loss(
            span=span,
            what="can't be told by its API to send at times that differ by person, so e-mails with an `offset` become "
            "templates, and a person builds the journey by the recipe in README.md",
            instead="follow the recipe, which leaves quiet hours, caps and `stop_when` to whoever builds it; or give "
            "each e-mail a `date`, or send by a `smtp` target",
            severity=Severity.WARNING,
        )
    else:
        yield Loss(
            span=span,
            what="sends at set times alone, and has no journeys that a person could build",
            instead="give each e-mail a `date`, or send by a `smtp` target",
        )


def _times(campaign: Campaign, email: Email, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    if dialect.capabilities.kind not in _SENDS_ITSELF:
        return
    send = email.send
    if not send.dates:
        return
    grid = limit(dialect.id, "minutes")
    if grid is not None and send.at and int(send.at[-2:]) % grid.value:
        yield Loss(
            span=email_span(facts, campaign, email, "send", "at"),
            what=f"sends every {grid.value} minutes, and not at {send.at}",
            instead=f'write `at` with minutes that {grid.value} divides, such as `"{send.at[:2]}:{grid.value}"`',
        )
    if send.zone == "patient":
        yield Loss(
            span=email_span(facts, campaign, email, "send", "zone"),
            what="sends to all at one instant, not by each person's own clock",
            instead="write `zone: site`",
        )


def _experiment(campaign: Campaign, email: Email, target: TargetSpec, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    experiment = email.experiment
    most = dialect.capabilities.variants
    if experiment is None or dialect.capabilities.kind not in _SENDS_ITSELF:
        return
    span = email_span(facts, campaign, email, "experiment")
    if 1 + len(experiment.variants) > most:
        tells = f"tells {most} versions of a test apart" if most else "has no tests of versions"
        yield Loss(
            span=span, what=f"{tells}, and this has {1 + len(experiment.variants)}", instead="test fewer at once"
        )
        return
    if experiment.sends:
        yield Loss(
            span=span,
            what="gives all versions of a test one time",
            instead="test subjects or words here, and times by a `smtp` target",
        )
    if target.tracking is None or target.tracking.click == "none":
        yield Loss(
            span=span,
            what="can't compare versions without recording who clicks, which this target's `tracking` doesn't allow",
            instead="leave the experiment out here, or say in `tracking` that clicks are recorded",
        )
    firsts = {version.locale: version for version in email.versions if version.variant == "a"}
    if any(_changes_two(version, firsts[version.locale]) for version in email.versions if version.locale in firsts):
        yield Loss(
            span=span,
            what="mixes every subject with every content, so a subject that comes with its own preheader or words "
            "would be sent with another's",
            instead="let the versions differ in the subject alone, or in the words alone",
        )


def _changes_two(version: Version, first: Version) -> bool:
    words = (version.preheader, version.blocks) != (first.preheader, first.blocks)
    return version.subject != first.subject and words


def message_losses(message: RenderedEmail, dialect: Dialect, facts: Facts) -> Iterator[Loss]:
    """What is lost of one e-mail's words."""
    capabilities = dialect.capabilities
    version = message.version
    if not capabilities.branches:
        for name in _tests(message):
            yield Loss(
                span=message.derived[name].span or version.span,
                what="can't show words to some people and not to others",
                instead="say it so that it is right for everybody, or make two e-mails of it, each with its `if`",
            )
    if message.calendar and not capabilities.attachments:
        yield Loss(
            span=next((block.span for block in version.blocks if block.kind == "event"), version.span),
            what="can't bring the calendar file of an event",
            instead="say the day and the time in words, or link to a page with the event",
        )
    if capabilities.kind in _SENDS_ITSELF and _tests_its_headline(message):
        yield Loss(
            span=version.subject_span,
            what="shows one page with all subjects of a test, and this layout prints the subject in the page",
            instead="test the words of a block here, or use the layout `clinic`, whose page doesn't repeat the subject",
        )
    sign = _unsayable(message, dialect)
    if sign:
        yield Loss(
            span=_place_of(sign, message, facts),
            what=f"would read `{sign}` as the beginning of a merge tag of its own",
            instead=f"write it otherwise, such as with a blank: `{' '.join(sign) if len(sign) > 1 else sign + ' '}`",
        )
    yield from counted_of_message(message, dialect, facts)


def _unsayable(message: RenderedEmail, dialect: Dialect) -> str:
    """The sign of a message's words that a service would misread and can't be told as itself; "" for none."""
    can = dialect.capabilities
    if not can.branches and _tests(message):
        return ""  # that is said by itself
    texts = [(message.html, Medium.HTML), *((one, Medium.PLAIN) for one in _plain(message))]
    try:
        for parts, medium in texts:
            written(parts, medium, dialect)
    except UnsayableError as error:
        return error.sign
    return ""


def _plain(message: RenderedEmail) -> tuple[Parts, ...]:
    return message.subject, message.preheader, message.text


def _place_of(sign: str, message: RenderedEmail, facts: Facts) -> Span:
    """Where the author's words have a sign; the e-mail, where they only come to have it beside a merge field."""
    version = message.version
    for line in facts.once(version_words, version).lines:
        at = line.text.find(sign)
        if at >= 0:
            return line.span(at, at + len(sign), facts.source(version.span.path))
    return version.subject_span


def _tests_its_headline(message: RenderedEmail) -> bool:
    """Does a version with a subject of its own print it in the page, beside the title?"""
    version = message.version
    first = next(
        (one for one in message.email.versions if one.locale == version.locale and one.variant == "a"), version
    )
    if version.subject == first.subject:
        return False
    subject = max((part for part in message.subject if isinstance(part, str)), key=len, default="").strip()
    page = "".join(_literals(message.html)).partition("</head>")[2]
    return bool(subject) and subject in unescape(_TAG.sub("", page))


def _literals(parts: Parts) -> Iterator[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, Branch):
            yield from _literals(part.then)
            yield from _literals(part.orelse)


def _tests(message: RenderedEmail) -> dict[str, None]:
    found: dict[str, None] = {}
    for parts in (*_plain(message), message.html):
        for part in parts:
            if isinstance(part, Branch):
                found[part.name] = None
    return found
