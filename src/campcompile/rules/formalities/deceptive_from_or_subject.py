"""CAN003: a subject or a sender that isn't what the message is."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.analysis.version_words import VersionWords, version_words
from campcompile.model.campaign import Campaign, Programme, Version
from campcompile.model.practice import Sender
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Diagnostic, Severity

_SUBJECT = -2
_FIGURE = regex(r"(?<![\d.,])(?!100 ?%)\d+(?:[.,]\d+)? ?(?:%|€|kr\b|元|折|percent|prosent)|[$€£] ?\d+(?:[.,]\d+)?")
_TITLE = regex(r"(?:dr|dre|docteur|professor|prof|lege|tannlege|nurse|sykepleier)\b\.?\s+(.+)|(.+)(?:醫師|醫生)")


@rule(
    code="CAN003",
    slug="deceptive-from-or-subject",
    severity=Severity.ERROR,
    message="the subject promises `{words}`, and the e-mail is promotion that says nothing of it ({law})",
    help="let the subject say what the e-mail is about, e.g. `{instead}`",
    also={
        "figure": (
            "the subject says `{words}`, and the e-mail doesn't ({law})",
            "say it in the body too, with its conditions, or leave it out of the subject",
        ),
        "person": (
            "the sender is `{words}`, who isn't among `practice.staff`",
            "write the practice's name, or add the person to `staff` if they really write",
        ),
        "reply": (
            "answers to `{words}` go to another domain ({reply})",
            "let `reply_to` be a mailbox of the domain that the mail comes from",
        ),
    },
)
def deceptive_from_or_subject(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    * In promotion (layer `promotional`, or purpose `marketing`, `referral` or `b2b`), looks for subjects that speak of
      somebody's results, appointment, prescription or bill, in English, French, Norwegian and Chinese, where the body
      says nothing of them; in all mail that may be refused, for a percentage or a price that the body doesn't have.
    * In campcompile.yaml, for senders with a person's title who aren't of the staff, and for a `reply_to` on another
      domain than the mail comes from.

    ## Why it matters

    *Your test results are ready*, over an offer of a laser, is opened by everybody, once.

    ## Example

    ```yaml
    subject: Your test results are ready
    body: Discover our new laser studio.
    ```

    ## Use instead

    ```yaml
    subject: New services at our clinic
    body: Discover our new laser studio.
    ```

    ## Sources

    * 15 USC 7704(a)(1), (2); PECR regulation 23; Directive 2002/58/EC, art. 13(4); Competition Act s. 74.011 (Canada)
    * Gmail, sender guidelines: subject and display name match the content
    """
    law = strictest("deceptive-subject", facts)
    if law is None or campaign.layer == "essential":
        return
    is_promotion = campaign.layer == "promotional" or campaign.purpose in ("marketing", "referral", "b2b")
    for version in (version for email in campaign.emails for version in email.versions):
        words = facts.once(version_words, version)
        if is_promotion:
            yield from _promised(version, facts, law.severity, law.words)
        for line in words.parts[0].lines:
            for figure in _FIGURE.finditer(line.text.lower()):
                if not _is_in_body(figure[0], words):
                    yield deceptive_from_or_subject.at(
                        line.span(figure.start(), figure.end(), facts.source(line.stretches[0].span.path)),
                        say="figure",
                        severity=law.severity,
                        words=line.text[figure.start() : figure.end()],
                        law=law.words,
                    )


@rule(deceptive_from_or_subject.rule)
def deceptive_senders(programme: Programme, facts: Facts) -> Found:
    """The senders of campcompile.yaml, each told once."""
    practice = programme.settings.practice
    staff = {name.casefold() for name in practice.staff}
    for sender in programme.settings.senders.values():
        yield from _impostor(sender, staff, facts)
        if sender.email and sender.reply_to and _domain(sender.reply_to) != _domain(sender.email):
            yield deceptive_from_or_subject.at(
                setting_span(facts, "senders", sender.id, "reply_to", otherwise=sender.span),
                say="reply",
                severity=Severity.WARNING,
                words=sender.email,
                reply=sender.reply_to,
            )


def _impostor(sender: Sender, staff: set[str], facts: Facts) -> Iterator[Diagnostic]:
    titled = _TITLE.fullmatch(sender.name.casefold())
    person = (titled[1] or titled[2]).strip() if titled else ""
    if person and not any(person in name or name in person for name in staff):
        span = setting_span(facts, "senders", sender.id, "from", otherwise=sender.span)
        yield deceptive_from_or_subject.at(span, say="person", words=sender.name)


def _promised(version: Version, facts: Facts, severity: Severity, law: str) -> Iterator[Diagnostic]:
    claims = list(pitched(version, facts, Pitch.CARE_PROMISE))
    if any(claim.part.block >= 0 for claim in claims):
        return
    for claim in claims:
        if claim.part.block == _SUBJECT:
            yield deceptive_from_or_subject.at(
                claim.span(facts),
                severity=severity,
                words=claim.words,
                law=law,
                instead=instead(claim.pitch, version.locale),
            )


def _is_in_body(figure: str, words: VersionWords) -> bool:
    number = "".join(sign for sign in figure if sign.isdigit() or sign in ",.").replace(",", ".")
    body = "\n".join(line.text for part in words.parts if part.block >= 0 for line in part.lines)
    return number in body.replace(",", ".")


def _domain(address: str) -> str:
    """The last two names of an address's host: `fjordklinikken.example`."""
    return ".".join(address.rpartition("@")[2].lower().split(".")[-2:])
