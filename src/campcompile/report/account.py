"""An account of one e-mail in plain sentences: who gets it, when, in which languages, and what may stop it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from campcompile.analysis.sinks import Sink, allowed_at, body_sink, clearance, inbox_sink
from campcompile.formula import source_fields
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.labels import Label
from campcompile.model.rendered import RenderedEmail
from campcompile.model.timing import Send, parse_offset
from campcompile.phi.assurance import assurance
from campcompile.report.paint import Paint
from campcompile.report.report import listed
from campcompile.report.sentence import distance, sentence
from campcompile.report.width import printed, width
from campcompile.values import dataclass

_ZONES = {"site": "of the site", "patient": "of the recipient (else of the site)"}
_SHIFTS = {
    "previous": "On a day that is no working day, it goes on the working day before.",
    "next": "On a day that is no working day, it goes on the next working day.",
}
_QUIET = {
    "later": "it waits until they are over",
    "earlier": "it goes before they begin",
    "skip": "it is not sent at all",
}
_FALLBACKS = {"phone": "call", "sms": "send a text message", "letter": "write a letter", "portal": "use the portal"}
_LEARNT = {
    Label.PUBLIC: "nothing about anybody",
    Label.CONTACT: "at most how to reach the recipient",
    Label.RELATIONSHIP: "at most that the recipient is a patient here, or has or had an appointment",
    Label.HEALTH: "something about the recipient's health",
    Label.SPECIAL: "something that the law protects specially",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The e-mail that is explained, and all that is known about it."""

    programme: Programme
    campaign: Campaign
    email: Email
    rendered: tuple[RenderedEmail, ...]  # its own, in every locale and variant


def account_lines(subject: Subject, *, colour: bool = False, width: int = 80) -> Iterator[str]:
    """The account, wrapped to `width` cells."""
    paint = Paint(colour)
    campaign, email = subject.campaign, subject.email
    yield paint("bold", printed(f"{campaign.folder}/{email.id}: {campaign.title}"))
    yield f"Outside the repository it is called {campaign.code}/{email.id}."
    for heading, sentences in (
        ("Who gets it", _who(subject)),
        ("When", _when(campaign, email.send)),
        ("In which languages", _languages(subject)),
        ("What it reads", _reads(subject)),
        ("What each place may tell", _places(subject)),
        ("What may stop it", (f"- {reason}" for reason in _stops(subject))),
    ):
        yield ""
        yield paint("blue", heading)
        for line in sentences:
            yield from _indented(line, width)


def _indented(line: str, room: int) -> Iterator[str]:
    if line.startswith("\t"):  # a row of a table: as it is
        yield "  " + printed(line[1:])
        return
    hanging = "    " if line.startswith("- ") else "  "
    yield from textwrap.wrap(
        printed(line), room, initial_indent="  ", subsequent_indent=hanging, break_on_hyphens=False
    )


def _who(subject: Subject) -> Iterator[str]:
    campaign, email = subject.campaign, subject.email
    named = f" (the segment `{campaign.audience_name}`)" if campaign.audience_name else ""
    clause = sentence(campaign.audience.formula)
    whom = (
        f"Every {campaign.recipient}"
        if clause == "always"
        else f"Each {campaign.recipient} of whom this is true: {clause}"
    )
    yield f"{whom}{named}."
    if email.condition is not None:
        yield f"This e-mail only if {sentence(email.condition.formula)}."
    yield (
        "Both are asked again right before it is sent."
        if email.condition
        else "This is asked again right before it is sent."
    )
    yield f"For {campaign.purpose}, as {campaign.layer} mail, from {campaign.sender.name} <{campaign.sender.email}>."
    if campaign.deliver == "portal":
        yield "The words go to the portal; the e-mail says only that a message is waiting there."


def _when(campaign: Campaign, send: Send) -> Iterator[str]:
    at = f", at {send.at}" if send.at else ""
    zone = _ZONES.get(send.zone, f"of {send.zone}")
    if send.offset is None:
        for locale, day in send.dates.items():
            yield f"On {day}{at} in the time zone {zone}{f' ({locale})' if locale else ''}."
    else:
        clock = f"{at} in the time zone {zone}" if at else ""
        yield f"{_capital(distance(send.offset, _anchor(send.anchor, campaign)))}{clock}."
    if send.repeat is not None:
        times = f", {send.times} times in all" if send.times else ""
        yield f"Again every {distance(send.repeat, '').rpartition(' after')[0]}{times}."
    if send.shift in _SHIFTS:
        yield _SHIFTS[send.shift]
    yield f"If it falls into quiet hours, {_QUIET[send.quiet]}."
    yield _expiry(campaign, send)


def _expiry(campaign: Campaign, send: Send) -> str:
    offset = parse_offset(send.expires)
    if offset is not None:
        return (
            f"If it is late, it is sent until {distance(offset, _anchor(send.anchor, campaign))}, and not after that."
        )
    if send.expires:
        return f"If it is late, it is sent until {send.expires}, and not after that."
    if send.offset is not None and send.offset.sign < 0:
        anchor = _anchor(send.anchor, campaign)
        return f"If it is late, it is sent for 24 hours, but never later than 2 hours before {anchor}."
    return "If it is late, it is sent for 24 hours, and not after that."


def _anchor(anchor: str, campaign: Campaign) -> str:
    if anchor == "entry":
        return f"the day on which the {campaign.recipient} first came into the audience"
    return f"`{anchor}`"


def _languages(subject: Subject) -> Iterator[str]:
    locales = sorted({version.locale for version in subject.email.versions})
    settings = subject.programme.settings.locales
    yield f"In {listed(locales)}."
    stand_ins = [
        f"{key} gets {locale}" for key, locale in settings.fallback.items() if key != "*" and locale in locales
    ]
    if stand_ins:
        yield f"Another language that has a stand-in: {listed(stand_ins)}."
    rest = settings.fallback.get("*", "")
    if rest in locales:
        yield f"Everybody else gets {rest}."
    else:
        yield "People of any other language don't get it, and are reported."


def _reads(subject: Subject) -> Iterator[str]:
    uses = _uses(subject)
    fields = subject.programme.dictionary.fields
    if not uses:
        yield "Nothing about anybody."
    columns = [
        (name, fields[name].label.word if name in fields else "", ", ".join(uses[name])) for name in sorted(uses)
    ]
    wide = max((width(name) for name, _, _ in columns), default=0)
    for name, label, use in columns:
        yield f"\t{name}{' ' * (wide - width(name))}  {label:<12}  {use}"
    whole = subject.email.label
    yield f"Together this is labelled {whole.word}: whoever sees the e-mail learns {_LEARNT[whole]}."


def _uses(subject: Subject) -> dict[str, list[str]]:
    """For each field what it is read for."""
    campaign, email = subject.campaign, subject.email
    found: dict[str, list[str]] = {}

    def note(names: Iterator[str] | frozenset[str], use: str) -> None:
        for name in names:
            if use not in found.setdefault(name, []):
                found[name].append(use)

    for message in subject.rendered:
        for derived in message.derived.values():
            note(source_fields(derived.formula), "decides what is shown" if derived.type == "yes_no" else "printed")
    note(campaign.audience.reads, "decides who gets it")
    for condition, use in (
        (email.condition, "decides who gets it"),
        (campaign.stop_when, "ends the campaign for a person"),
        (campaign.goal, "measured"),
    ):
        if condition is not None:
            note(condition.reads, use)
    if email.send.anchor in subject.programme.dictionary.fields:
        note(frozenset({email.send.anchor}), "decides when")
    return found


def _places(subject: Subject) -> Iterator[str]:
    """The clearance of each place where this e-mail is read, and what a clean run says."""
    campaign, programme = subject.campaign, subject.programme
    profile = programme.settings.profile
    rows = [
        ("subject, preheader, sender", clearance(inbox_sink(campaign), profile)),
        ("body", allowed_at(body_sink(campaign), campaign, programme)),
        ("addresses of links", clearance(Sink.ADDRESS, profile)),
        ("names that leave", clearance(Sink.NAME, profile)),
    ]
    if campaign.deliver == "portal":
        rows.insert(2, ("the portal's text", allowed_at(Sink.PORTAL, campaign, programme)))
    room = max(len(place) for place, _ in rows)
    yield from (f"\t{place:<{room}}  {label.word}" for place, label in rows)
    yield f"That is profile {profile}."
    yield assurance()


def _stops(subject: Subject) -> Iterator[str]:
    campaign, email = subject.campaign, subject.email
    yield "they are no longer in the audience" + (", or its condition is no longer true" if email.condition else "")
    if campaign.stop_when is not None:
        yield f"the campaign has ended for them: {sentence(campaign.stop_when.formula)}"
    if campaign.layer != "essential":
        yield f"they opted out of {campaign.layer} mail, or never agreed where that is needed"
        cap = subject.programme.settings.frequency_cap
        if cap is not None:
            yield f"they got {cap[0]} of our other e-mails within {cap[1]}: then it waits, and may expire"
    yield f"they are in a segment that is excluded from {campaign.layer} mail"
    yield "their address bounced, is suppressed or is missing"
    if campaign.recipient == "patient":
        yield "they have died, or are a minor"
    if campaign.per_day is not None:
        yield f"{campaign.per_day} first e-mails have gone out that day: then it waits, and may expire"
    yield "it is later than it may be sent"
    if campaign.fallback in _FALLBACKS:
        yield f"if it was due and can't go, the practice gets a task: {_FALLBACKS[campaign.fallback]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
