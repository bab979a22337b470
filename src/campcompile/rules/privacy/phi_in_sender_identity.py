"""PHI004: a sender or a site whose name tells what its patients have."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.sinks import Sink, clearance
from campcompile.analysis.told import concepts_named
from campcompile.model.campaign import Programme
from campcompile.model.labels import Label
from campcompile.phi.claims import Claim, Kind, Setting, find_claims, is_telling_service
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Span

_SENDER = Setting(exposed=True, names_sender=True)
_LEAST = 3  # letters of a part of an address: `ed@…` is a person


@rule(
    code="PHI004",
    slug="phi-in-sender-identity",
    severity=Severity.ERROR,
    message="the sender's name `{words}` {tells}, and everybody who sees the inbox reads it (profile {profile})",
    help="write the practice's own name, which every patient of it has in common",
    also={
        "address": (
            "the sender's address tells {what}, and everybody who sees the inbox may read it (profile {profile})",
            "use an address that every patient of the practice gets mail from, such as `post@…`",
        ),
        "site": (
            "the site's name `{words}` {tells}, and this site has no label (profile {profile})",
            "add `label: health` to the site, which keeps its name out of subjects; or call it by its place",
        ),
    },
)
def phi_in_sender_identity(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Reads the display name of every sender, what stands before and after the `@` of its addresses, and the name of
    every site without a `label`, and reports what tells what the patients there have: oncology, fertility, HIV,
    psychiatry, addiction, genetics, in every language of the practice; and names that say that the reader is a
    patient (*Your care team*). In profile `standard` it is a warning, and *Your care team* is fine.

    ## Why it matters

    The sender is the first thing that a locked telephone shows. A correct name is still one that the neighbour
    reads.

    ## Example

    ```yaml
    senders:
      care: {from: "HIV Clinic St. Olav <hiv-klinikk@sykehus.example>"}
    ```

    ## Use instead

    ```yaml
    senders:
      care: {from: "St. Olav <pasient@sykehus.example>"}
    ```

    ## Sources

    * 45 CFR 164.530(c): reasonable safeguards
    * Which names tell is our policy
    * Google's guidance on sender names: the name of the organisation is a truthful one (Spam Resource, June 2025)
    """
    settings = programme.settings
    severity = Severity.ERROR if facts.profile == "strict" else Severity.WARNING
    allowed = clearance(Sink.INBOX_LINE, facts.profile) if facts.profile == "strict" else Label.RELATIONSHIP
    for sender in settings.senders.values():
        whole = setting_span(facts, "senders", sender.id, "from", otherwise=sender.span)
        for claim in _claims(sender.name, programme, allowed):
            yield _named(claim, sender.name, whole, facts, severity, "")
        for key, address in (("from", sender.email), ("reply_to", sender.reply_to)):
            span = setting_span(facts, "senders", sender.id, key, otherwise=sender.span)
            told = _told_by_address(address)
            if told:
                yield phi_in_sender_identity.at(
                    _within(span, address, facts),
                    say="address",
                    severity=severity,
                    what=told.replace("-", " "),
                    profile=facts.profile,
                )


@rule(phi_in_sender_identity.rule)
def phi_in_site_name(programme: Programme, facts: Facts) -> Found:
    """Sites that say nothing of what their names tell."""
    severity = Severity.ERROR if facts.profile == "strict" else Severity.WARNING
    for site in programme.settings.practice.sites.values():
        if site.label >= Label.HEALTH:
            continue
        for key in ("name", "legal_name"):
            name = site.values.get(key, "")
            whole = setting_span(facts, "sites", site.id, key, otherwise=site.span)
            for claim in _claims(name, programme, Label.RELATIONSHIP):
                yield _named(claim, name, whole, facts, severity, "site")


def _claims(name: str, programme: Programme, allowed: Label) -> Iterator[Claim]:
    """The first telling words of a name, in the first language of the practice that knows them."""
    for locale in programme.settings.locales.all:
        for claim in find_claims(name, locale, _SENDER):
            label = Label.RELATIONSHIP if claim.kind is Kind.STATUS else Label.HEALTH
            if label > allowed:
                yield claim
                return


def _named(claim: Claim, name: str, whole: Span, facts: Facts, severity: Severity, say: str) -> Diagnostic:
    words = name[claim.start : claim.end]
    return phi_in_sender_identity.at(
        _within(whole, words, facts),
        say=say,
        severity=severity,
        words=words,
        tells=_tells(claim),
        profile=facts.profile,
    )


def _tells(claim: Claim) -> str:
    if claim.kind is Kind.STATUS:
        return "tells that the reader is a patient"
    return f"tells what its patients have ({claim.concept.replace('-', ' ') or 'illness'})"


def _told_by_address(address: str) -> str:
    """`hiv-klinikk@sykehus.example` tells of `hiv`; "" for nothing."""
    local, _, host = address.lower().partition("@")
    parts = (local, host.rpartition(".")[0])
    named = {concept for part in parts if len(part) >= _LEAST for concept in concepts_named(part)}
    return min(filter(is_telling_service, named), default="")


def _within(span: Span, words: str, facts: Facts) -> Span:
    """Where the words stand in a value; the whole value where they are written otherwise there."""
    source = facts.source(span.path)
    at = source.text.find(words, span.start, span.end) if source else -1
    return span if at < 0 else Span(span.path, at, at + len(words))
