"""An account of a change as JSON, for programs; its form is schemas/change.schema.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from campcompile.changes.account import (
    Account,
    CampaignChange,
    Change,
    Digests,
    EmailChange,
    EmailSide,
    Marked,
    Read,
    Rescheduled,
    Selected,
)
from campcompile.report.change_words import headline, notes
from campcompile.report.report import Place
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source, Span

SCHEMA = "campcompile.change/1"

Sources = Mapping[str, Source]


def account_json(account: Account, sources: Sources, old: Sources) -> str:
    """Lines and columns count from 1 in code points, and are those of the newer side but for `fixed`."""
    return json.dumps(
        {
            "schema": SCHEMA,
            "base": account.base,
            "head": account.head,
            "as_of": account.as_of.isoformat(),
            "changed": not account.is_empty,
            "kinds": [kind.value for kind in account.kinds],
            "practice": [_change(change, sources) for change in account.changes],
            "campaigns": [_campaign(campaign, sources) for campaign in account.campaigns],
            "findings": {
                "about_the_change": [_finding(found, sources) for found in account.findings],
                "new": [_finding(found, sources) for found in account.new],
                "fixed": [_finding(found, old) for found in account.fixed],
            },
        },
        indent=2,
        ensure_ascii=False,
    )


def _campaign(campaign: CampaignChange, sources: Sources) -> dict[str, object]:
    return {
        "folder": campaign.folder,
        "code": campaign.code,
        "fate": campaign.fate.value,
        "changes": [_change(change, sources) for change in campaign.changes],
        "emails": [_email(email, sources) for email in campaign.emails],
    }


def _email(email: EmailChange, sources: Sources) -> dict[str, object]:
    return {
        "id": email.id,
        "was": email.was,
        "fate": email.fate.value,
        "digests": {"before": _digests(email.before), "after": _digests(email.after)},
        "changes": [_change(change, sources) for change in email.changes],
    }


def _digests(side: EmailSide | None) -> dict[str, str] | None:
    digests: Digests | None = None if side is None else side.digests
    return None if digests is None else {"seen": digests.seen, "rest": digests.rest}


def _change(change: Change, sources: Sources) -> dict[str, object]:
    return {
        "kind": change.kind.value,
        "topic": change.topic,
        "where": change.where,
        "before": change.before,
        "after": change.after,
        "headline": headline(change),
        "notes": notes(change),
        **dict(_detail(change)),
        "place": None if change.span is None else _place(change.span, sources),
    }


def _detail(change: Change) -> Iterator[tuple[str, object]]:
    match change.detail:
        case Marked(stretches=stretches):
            yield "marks", [{"text": one.text, "mark": one.mark.value} for one in stretches]
        case Selected(direction=direction):
            yield "direction", direction.value
        case Rescheduled(consequences=consequences):
            yield "consequences", sorted(one.value for one in consequences)
        case Read(label=label):
            yield "label", label
        case None:
            return


def _finding(found: Diagnostic, sources: Sources) -> dict[str, object]:
    return {
        "code": found.rule.code,
        "slug": found.rule.slug,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "place": _place(found.span, sources),
    }


def _place(span: Span, sources: Sources) -> dict[str, object]:
    place = Place.of(span, sources)
    return {"path": place.path, "line": place.line, "column": place.column}
