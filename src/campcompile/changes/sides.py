"""A campaign and its e-mails on one side of a change, and the fields that they read there."""

from __future__ import annotations

from campcompile.changes.account import EmailSide
from campcompile.formula import source_fields
from campcompile.model.campaign import Campaign, Programme
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class CampaignSide:
    campaign: Campaign
    emails: tuple[EmailSide, ...]
    programme: Programme

    def deciding_fields(self) -> frozenset[str]:
        """What the campaign reads whichever e-mail it is: to choose people, to end a run, to measure."""
        campaign = self.campaign
        conditions = (campaign.audience, campaign.goal, campaign.stop_when)
        return frozenset[str]().union(*(one.reads for one in conditions if one is not None))

    def fields_of(self, side: EmailSide) -> frozenset[str]:
        """What one of its e-mails reads: printed, deciding, or counted from."""
        email = side.email
        derived = (value for message in side.messages for value in message.derived.values())
        found = {name for value in derived for name in source_fields(value.formula)}
        if email.condition is not None:
            found |= email.condition.reads
        if email.send.anchor in self.programme.dictionary.fields:
            found.add(email.send.anchor)
        return frozenset(found)

    def all_fields(self) -> frozenset[str]:
        return self.deciding_fields().union(*map(self.fields_of, self.emails))
