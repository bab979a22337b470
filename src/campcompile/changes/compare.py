"""Two compilations become an account: campaigns are matched by code, else by folder, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.changes.account import Account, CampaignChange, Change, Digests, EmailSide, Fate
from campcompile.changes.campaigns import campaign_change, whole_campaign
from campcompile.changes.hushing import hushed, secrets_of
from campcompile.changes.judging import judged
from campcompile.changes.practice import practice_changes
from campcompile.changes.seen import rest_digest, seen_digest
from campcompile.changes.sides import CampaignSide
from campcompile.changes.waived import waiver_changes
from campcompile.compiler import Compilation
from campcompile.model.campaign import Campaign, Email
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.history import with_trials
from campcompile.syntax.findings import Diagnostic
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a change."""

    name: str  # "main", "the work tree"
    compilation: Compilation
    prints: Mapping[tuple[str, int, int, str, str], str]  # the fingerprint of each finding, by its sort_key
    folders: frozenset[str]  # of campaigns that have a campaign.yaml, readable or not


def account_of(before: Side, after: Side) -> Account:
    """What becomes of everything, in the order of folders."""
    old, new = before.compilation.programme, after.compilation.programme
    came, went = _findings(before, after)
    campaigns = tuple(sorted(_campaigns(before, after), key=lambda one: one.folder))
    changes: tuple[Change, ...] = ()
    if before.folders:  # else there was no practice yet
        changes = (*practice_changes(old, new), *waiver_changes(before.compilation, after.compilation))
    account = Account(
        base=before.name,
        head=after.name,
        as_of=after.compilation.as_of,
        changes=changes,
        campaigns=campaigns,
        findings=with_trials(judged(changes, campaigns, before.compilation, after.compilation)),
        new=came,
        fixed=went,
        secrets=secrets_of(before.compilation, after.compilation),
    )
    return hushed(account)


def _campaigns(before: Side, after: Side) -> Iterator[CampaignChange]:
    old, new = _sides(before.compilation), _sides(after.compilation)
    for now in new.values():
        was = _partner(now.campaign, old, new)
        if was is None:
            yield whole_campaign(now, Fate.ADDED)
        elif found := campaign_change(was, now):
            yield found
    matched = {was.campaign.folder for now in new.values() if (was := _partner(now.campaign, old, new))}
    for folder, was in old.items():
        if folder not in matched:
            fate = Fate.UNREADABLE if folder in after.folders else Fate.REMOVED
            yield whole_campaign(was, fate)


def _partner(
    campaign: Campaign, old: Mapping[str, CampaignSide], new: Mapping[str, CampaignSide]
) -> CampaignSide | None:
    """The same folder; or, for a folder that is new, the one that is gone and had its code."""
    if campaign.folder in old:
        return old[campaign.folder]
    gone = (side for folder, side in old.items() if folder not in new)
    return next((side for side in gone if side.campaign.code == campaign.code), None)


def _sides(compilation: Compilation) -> Mapping[str, CampaignSide]:
    messages: dict[int, list[RenderedEmail]] = {}
    for message in compilation.rendered:
        messages.setdefault(id(message.email), []).append(message)
    programme = compilation.programme

    def email_side(campaign: Campaign, email: Email) -> EmailSide:
        own = tuple(messages.get(id(email), ()))
        return EmailSide(email, own, Digests(seen=seen_digest(own), rest=rest_digest(campaign, email, programme)))

    return {
        campaign.folder: CampaignSide(campaign, tuple(email_side(campaign, one) for one in campaign.emails), programme)
        for campaign in programme.campaigns
    }


def _findings(before: Side, after: Side) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """Findings that only the new side has, and those that only the old one had."""
    old = {before.prints[found.sort_key] for found in before.compilation.diagnostics}
    new = {after.prints[found.sort_key] for found in after.compilation.diagnostics}
    came = (found for found in after.compilation.diagnostics if after.prints[found.sort_key] not in old)
    went = (found for found in before.compilation.diagnostics if before.prints[found.sort_key] not in new)
    return tuple(came), tuple(went)
