"""What a private rule found, such as a password in a subject, is repeated by no account."""

from __future__ import annotations

import re
from dataclasses import replace

from campcompile.changes.account import Account, CampaignChange, Change, EmailChange, Marked, Stretch
from campcompile.changes.waived import waived
from campcompile.compiler import Compilation


def secrets_of(*compilations: Compilation) -> tuple[str, ...]:
    """The texts that private rules found, the longest first."""
    found = set()
    for made in compilations:
        for diagnostic in (*made.diagnostics, *waived(made)):
            source = made.sources.get(diagnostic.span.path)
            if diagnostic.rule.private and source is not None:
                found.add(source.quote(diagnostic.span).strip(" \t\n'\""))
    return tuple(sorted(found - {""}, key=lambda text: (-len(text), text)))


def hushed(account: Account) -> Account:
    """The same account without `account.secrets`."""
    if not account.secrets:
        return account
    pattern = re.compile("|".join(map(re.escape, account.secrets)))
    return replace(
        account,
        changes=_changes(account.changes, pattern),
        campaigns=tuple(_campaign(campaign, pattern) for campaign in account.campaigns),
    )


def _campaign(campaign: CampaignChange, pattern: re.Pattern[str]) -> CampaignChange:
    emails = tuple(_email(email, pattern) for email in campaign.emails)
    return replace(campaign, changes=_changes(campaign.changes, pattern), emails=emails)


def _email(email: EmailChange, pattern: re.Pattern[str]) -> EmailChange:
    return replace(email, changes=_changes(email.changes, pattern))


def _changes(changes: tuple[Change, ...], pattern: re.Pattern[str]) -> tuple[Change, ...]:
    return tuple(_change(change, pattern) for change in changes)


def _change(change: Change, pattern: re.Pattern[str]) -> Change:
    if not pattern.search(f"{change.before}\0{change.after}"):
        return change
    before, after = pattern.sub("…", change.before), pattern.sub("…", change.after)
    detail = change.detail
    if isinstance(detail, Marked):  # a secret may lie across several marks: none of them is told
        kept = tuple(Stretch("…", one.mark) for one in detail.stretches)
        detail = Marked(stretches=kept)
    return replace(change, before=before, after=after, detail=detail)
