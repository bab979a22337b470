"""A sink is a place where somebody reads what a message carries; its clearance is the highest label allowed there."""

from __future__ import annotations

from enum import Enum
from functools import cache

from campcompile.model.campaign import Campaign, Programme
from campcompile.model.labels import Label, join
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Scalar

_CLEARANCES = "analysis/data/clearances.yaml"


class Sink(Enum):
    """Its value is its row of clearances.yaml."""

    INBOX_LINE = "inbox-line"
    INBOX_LINE_OF_TREATMENT = "inbox-line-of-treatment"
    BODY_OVER_REQUIRED_TLS = "body-over-required-tls"
    BODY_OVER_OPPORTUNISTIC_TLS = "body-over-opportunistic-tls"
    PORTAL = "portal"
    ADDRESS = "address"
    NAME = "name"
    REPOSITORY = "repository"

    @property
    def words(self) -> str:
        """What a person calls it, and who reads there."""
        return _WORDS[self]


_WORDS = {
    Sink.INBOX_LINE: "the inbox line (lock screens, mail logs)",
    Sink.INBOX_LINE_OF_TREATMENT: "the inbox line (lock screens, mail logs)",
    Sink.BODY_OVER_REQUIRED_TLS: "the body",
    Sink.BODY_OVER_OPPORTUNISTIC_TLS: "the body, which may travel unencrypted",
    Sink.PORTAL: "the portal",
    Sink.ADDRESS: "an address (server logs, analytics)",
    Sink.NAME: "a name that leaves the practice (the sending service, analytics)",
    Sink.REPOSITORY: "the repository (its logs, its copies)",
}


@cache
def clearance(sink: Sink, profile: str) -> Label:
    """The highest label that may be read at `sink`; that of `strict` for a profile without a table."""
    root = pack(_CLEARANCES).root
    table = root.get(profile)
    if not isinstance(table, Mapping):
        table = root.get("strict")
    assert isinstance(table, Mapping)
    row = table.get(sink.value)
    assert isinstance(row, Scalar), f"{sink.value} is missing in {_CLEARANCES}"
    return Label.named(row.value)


def inbox_sink(campaign: Campaign) -> Sink:
    """Subject, preheader and sender: what a locked telephone shows."""
    return Sink.INBOX_LINE_OF_TREATMENT if campaign.purpose == "treatment" else Sink.INBOX_LINE


def body_sink(campaign: Campaign) -> Sink:
    """Where the e-mail's own body is read: at the weakest of the targets that the campaign is compiled for."""
    is_encrypted = bool(campaign.targets) and all(target.tls == "required" for target in campaign.targets)
    return Sink.BODY_OVER_REQUIRED_TLS if is_encrypted else Sink.BODY_OVER_OPPORTUNISTIC_TLS


def content_sink(campaign: Campaign) -> Sink:
    """Where what the author wrote is read: in the portal, or in the e-mail."""
    return Sink.PORTAL if campaign.deliver == "portal" else body_sink(campaign)


def allowed_at(sink: Sink, campaign: Campaign, programme: Programme) -> Label:
    """What `sink` may tell: health only with a legal basis that reaches so far in every jurisdiction."""
    allowed = clearance(sink, programme.settings.profile)
    return min(allowed, max(_basis_reach(campaign, programme), Label.RELATIONSHIP))


def _basis_reach(campaign: Campaign, programme: Programme) -> Label:
    """The highest label that some row of consent.yaml covers in each jurisdiction."""
    reaches = [
        join(row.up_to for row in campaign.bases if row.covers(jurisdiction))
        for jurisdiction in programme.settings.jurisdictions
    ]
    return min(reaches, default=Label.PUBLIC)
