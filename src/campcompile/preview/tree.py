"""The tree: every campaign and e-mail of a workspace, each with what has been found in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from campcompile.compiler import Compilation
from campcompile.draft import Draft
from campcompile.model.campaign import Campaign, Email
from campcompile.preview.people import KINDS
from campcompile.report.account import Subject, account_lines
from campcompile.report.sentence import distance

Counts: TypeAlias = "defaultdict[tuple[str, str], Counter[str]]"  # campaign and e-mail → severity → how many


def tree_json(draft: Draft, findings: Iterable[Mapping[str, Any]], known: Mapping[str, Any] | None) -> dict[str, Any]:
    """All that the page offers to look at. `known`: the tree before; a campaign that can't be read stays as it was."""
    counts: Counts = defaultdict(Counter)
    for found in findings:
        counts[found["campaign"], found["email"]][found["severity"]] += 1
    before = {row["folder"]: row for row in known["campaigns"]} if known is not None else {}
    rows = [_campaign(campaign, draft, counts) for campaign in draft.programme.campaigns]
    rows = [_completed(row, before.get(row["folder"]), draft) for row in rows]
    rows += _lost({row["folder"] for row in rows}, draft, known)
    settings = draft.programme.settings
    return {
        "practice": settings.practice.value("name"),
        "zone": settings.practice.value("time_zone"),
        "locales": settings.locales.all,
        "people": KINDS,
        "campaigns": sorted(rows, key=lambda row: str(row["folder"])),
        "shared": counts["", ""],
    }


def account_json(compilation: Compilation, folder: str, id: str) -> dict[str, Any] | None:
    """What `campcompile explain CAMPAIGN/EMAIL` says, by heading."""
    for campaign in compilation.programme.campaigns:
        for email in campaign.emails:
            if (campaign.folder, email.id) == (folder, id):
                rendered = tuple(m for m in compilation.rendered if m.campaign is campaign and m.email is email)
                subject = Subject(programme=compilation.programme, campaign=campaign, email=email, rendered=rendered)
                return {"lines": list(account_lines(subject, width=2000))}
    return None


def _campaign(campaign: Campaign, draft: Draft, counts: Counts) -> dict[str, Any]:
    ids = ("", *(email.id for email in campaign.emails))
    return {
        "folder": campaign.folder,
        "title": campaign.title,
        "code": campaign.code,
        "layer": campaign.layer,
        "purpose": campaign.purpose,
        "path": campaign.path,
        "lost": False,
        "locales": campaign.locales,
        "emails": [_email(email, campaign, draft, counts) for email in campaign.emails],
        "counts": sum((counts[campaign.folder, id] for id in ids), Counter()),
    }


def _email(email: Email, campaign: Campaign, draft: Draft, counts: Counts) -> dict[str, Any]:
    looks = draft.looks.at(email.versions[0].scope)[1] if email.versions else ("1",)
    variants = dict.fromkeys(version.variant for version in email.versions)
    return {
        "id": email.id,
        "subject": _subject(email),
        "when": _when(email),
        "locales": list(dict.fromkeys(version.locale for version in email.versions)),
        "variants": list(variants),
        "looks": looks,
        "counts": counts[campaign.folder, email.id],
    }


def _subject(email: Email) -> str:
    """The subject as it was written, for the search."""
    return "".join(getattr(word, "text", "…") for version in email.versions[:1] for word in version.subject)[:120]


def _when(email: Email) -> str:
    if email.send.offset is not None:
        return distance(email.send.offset, "…").removesuffix(" …").removesuffix(" of")
    return " ".join(str(day) for day in list(email.send.dates.values())[:1])


def _completed(row: dict[str, Any], before: Mapping[str, Any] | None, draft: Draft) -> dict[str, Any]:
    """A campaign, with the e-mails that it had where a part of its file can't be read."""
    if before is None or not draft.documents[row["path"]].lost:
        return row
    there = {email["id"] for email in row["emails"]}
    missing = [{**email, "counts": Counter()} for email in before["emails"] if email["id"] not in there]
    return {**row, "emails": [*row["emails"], *missing], "lost": bool(missing)}


def _lost(there: set[str], draft: Draft, known: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Campaigns whose file is there, and can't be read any more."""
    rows = known["campaigns"] if known is not None else ()
    return [{**row, "lost": True} for row in rows if row["folder"] not in there and row["path"] in draft.files]
