"""An account of a change as one page for a reviewer: first what patients notice, then every e-mail, before and after.

The page asks the network for nothing and lets nothing in: its one script is named by its digest, the e-mails lie
packed in it and are shown in frames that run nothing.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape

from campcompile.changes.account import (
    Account,
    CampaignChange,
    Change,
    EmailChange,
    Fate,
    Kind,
    Mark,
    Marked,
    Selected,
    Stretch,
)
from campcompile.changes.flows import flows_of
from campcompile.model.campaign import Programme
from campcompile.package_files import package_text
from campcompile.report.change_flows import flow_drawing
from campcompile.report.change_previews import Previews, Shown
from campcompile.report.change_text import total
from campcompile.report.change_words import FATES, headline, merged, notes, topic
from campcompile.report.report import Place, counted
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source
from campcompile.values import dataclass

_NOTICED = (Kind.AUDIENCE, Kind.TIMING, Kind.CONTENT)
_BEHIND = (Kind.DATA_USE, Kind.COMPLIANCE, Kind.COSMETIC)
_KEPT_WORDS = 60  # characters of unchanged words beside a mark, in the summary
_ABOUT = {
    Kind.AUDIENCE: "who gets it",
    Kind.TIMING: "when",
    Kind.CONTENT: "words",
    Kind.DATA_USE: "data use",
    Kind.COMPLIANCE: "compliance",
    Kind.COSMETIC: "look",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What the page shows beside the account."""

    new: Programme
    old: Programme
    sources: Mapping[str, Source]
    old_sources: Mapping[str, Source]
    pictures: Mapping[str, tuple[str, bytes]]  # name in the bundle → its media type and bytes, of both sides


def review_page(account: Account, sides: Sides) -> str:
    """The whole page, at most 5 MB: e-mails that find no room are named, and not shown."""
    page = _Page(account, sides)
    body = "\n".join(page.body())
    script = package_text("report/review.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>What this change does to patients</title>
<style>{package_text("report/review.css")}</style>
</head>
<body>
<a class="skip" href="#short">Skip to the summary</a>
{body}
<script type="text/plain" id="pages">{page.previews.packed()}</script>
<script>{script}</script>
</body>
</html>
"""


class _Page:
    """The page in the making; previews are collected on the way."""

    def __init__(self, account: Account, sides: Sides) -> None:
        self.account = account
        self.sides = sides
        self.previews = Previews(sides.pictures, account.secrets)

    def body(self) -> Iterator[str]:
        account = self.account
        yield '<header class="top"><div>'
        yield "<h1>What this change does to patients</h1>"
        yield f'<p class="soft">{escape(account.base)} → {escape(account.head)}, judged as of {account.as_of}</p>'
        yield f"<p><b>{escape(_capital(total(account)))}.</b></p>"
        yield f'<ul class="counts">{"".join(f"<li>{_chip(kind)}</li>" for kind in account.kinds)}</ul>'
        yield "</div></header><main>"
        yield '<h2 id="short">In short</h2>'
        yield from self.summary()
        if account.campaigns:
            yield from _bar()
        for number, campaign in enumerate(account.campaigns):
            yield from self.campaign(campaign, number)
        yield (
            "<footer>Fields are shown by name, and conditions as if they were fulfilled. "
            "Made by campcompile diff; nothing on this page came from a recipient, and nothing is sent anywhere."
            "</footer></main>"
        )

    def summary(self) -> Iterator[str]:
        account = self.account
        noticed, behind = (
            list(self.lines(_NOTICED)),
            list(self.lines(tuple(kind for kind in Kind if kind not in _NOTICED))),
        )
        yield '<div class="short">'
        if account.findings:
            yield from _findings("Judge this first", account.findings, self.sides.sources, "wide")
        yield f'<section class="card"><h3>What patients will notice</h3>{_listed(noticed, "Nothing.")}</section>'
        yield f'<section class="card"><h3>What changes behind it</h3>{_listed(behind, "Nothing.")}</section>'
        if account.new:
            yield from _findings("New findings", account.new, self.sides.sources, "wide")
        if account.fixed:
            yield from _findings("Findings that are gone", account.fixed, self.sides.old_sources, "wide")
        if sum(len(campaign.emails) for campaign in account.campaigns) > 1:
            yield from _matrix(account)
        yield "</div>"

    def lines(self, kinds: tuple[Kind, ...]) -> Iterator[str]:
        """The summary's lines about these kinds, the gravest first."""
        for kind in kinds:
            for name, anchor, changes in self.places():
                yield from (_summary_line(name, anchor, one) for one in changes if one.kind is kind)
            if kind is Kind.CONTENT:
                yield from self.whole_emails()

    def places(self) -> Iterator[tuple[str, str, list[Change]]]:
        """(what changes, where it stands on the page, how it changes)"""
        yield "all campaigns", "", merged(self.account.changes)
        for number, campaign in enumerate(self.account.campaigns):
            yield campaign.folder, f"#c{number}", merged(campaign.changes)
            for email_number, email in enumerate(campaign.emails):
                yield f"{campaign.folder} / {email.id}", f"#c{number}e{email_number}", merged(email.changes)

    def whole_emails(self) -> Iterator[str]:
        """E-mails that are new or gone."""
        for number, campaign in enumerate(self.account.campaigns):
            for email_number, email in enumerate(campaign.emails):
                if email.fate in (Fate.ADDED, Fate.REMOVED):
                    name = escape(f"{campaign.folder} / {email.id}")
                    yield f'<a href="#c{number}e{email_number}">{name}</a>: the e-mail is <b>{FATES[email.fate]}</b>'

    def campaign(self, campaign: CampaignChange, number: int) -> Iterator[str]:
        yield f'<h2 id="c{number}">{escape(campaign.folder)} <span class="soft">({escape(campaign.code)})</span></h2>'
        if campaign.fate not in (Fate.CHANGED, Fate.RENAMED):
            yield f'<p class="fate {campaign.fate.value}">{FATES[campaign.fate]}</p>'
        if campaign.changes:
            yield '<section class="card"><h3>The whole campaign</h3>'
            yield from _changes(campaign.changes)
            yield "</section>"
        for email_number, email in enumerate(campaign.emails):
            yield from self.email(email, campaign, f"c{number}e{email_number}")

    def email(self, email: EmailChange, campaign: CampaignChange, id: str) -> Iterator[str]:
        was = f' <span class="soft">was {escape(email.was)}</span>' if email.was else ""
        kinds = "".join(_chip(kind) for kind in Kind if any(one.kind is kind for one in email.changes))
        yield f'<section class="card" aria-labelledby="{id}"><div class="head">'
        yield f'<h3 id="{id}">{escape(email.id)}{was}</h3>'
        yield f'<span class="fate {email.fate.value}">{FATES[email.fate]}</span>{kinds}</div>'
        yield from _changes(email.changes)
        yield from self.flows(email, campaign, id)
        yield from self.preview(email, id)
        yield "</section>"

    def flows(self, email: EmailChange, campaign: CampaignChange, id: str) -> Iterator[str]:
        """Open where a way is new or gone; folded where all is as before."""
        reaches = flows_of(email, campaign)
        if not reaches:
            return
        moved = [one for one in reaches if one.mark is not Mark.KEPT]
        is_open = " open" if moved and email.fate is Fate.CHANGED else ""
        told = counted(len(moved), "way") + " changed" if moved else "as before"
        yield f"<details{is_open}><summary>Where fields flow: {told}</summary>"
        yield f'<div class="scroll" tabindex="0" role="group" aria-label="Flows of {escape(email.id)}">'
        new = (self.sides.new.dictionary, self.sides.sources)
        yield from flow_drawing(reaches, new, self.sides.old.dictionary, f"Flows of {email.id}")
        yield "</div></details>"

    def preview(self, email: EmailChange, id: str) -> Iterator[str]:
        shown = self.previews.add(email)
        if not shown:
            if email.before is not None or email.after is not None:
                why = "there is no room for it, or a secret stands in it"
                yield f'<p class="soft">The e-mail itself is not shown: {why}.</p>'
            return
        first = shown[0]
        chooser = f"{id}v"
        if len(shown) > 1:
            options = "".join(_option(one) for one in shown)
            yield f'<div class="choose"><label for="{chooser}">Version</label>'
            yield f'<select id="{chooser}">{options}</select></div>'
        sides = [(1, "The e-mail, as before")] if email.looks_as_before else [(0, "Before"), (1, "After")]
        sides = [(side, title) for side, title in sides if first.has(side)]
        yield f'<div class="sides{" one" * (len(sides) == 1)}">'
        for side, title in sides:
            line = first.lines[side]
            yield f'<figure><figcaption><b>{title}</b> <span id="{chooser}-{side}">{line}</span></figcaption>'
            name = escape(f"{email.id}: {title.lower()}")
            data = f'data-side="{side}" data-page="{first.number}" data-chooser="{chooser}"'
            yield f'<div class="mailbox"><iframe sandbox title="{name}" {data}></iframe></div></figure>'
        yield "</div>"


def _option(shown: Shown) -> str:
    lines = escape(json.dumps({str(side): line for side, line in enumerate(shown.lines)}, ensure_ascii=False))
    return f'<option value="{shown.number}" data-lines="{lines}">{escape(shown.name)}</option>'


def _bar() -> Iterator[str]:
    yield '<h2 id="mails">E-mail by e-mail</h2><div class="bar" role="group" aria-label="How e-mails are shown">'
    for name, title, choices in (
        ("width", "Screen", (("desktop", "Desktop"), ("phone", "Phone"))),
        ("scheme", "Colours", (("light", "Light"), ("dark", "Dark"))),
    ):
        inputs = "".join(
            f'<label><input type="radio" name="{name}" value="{value}"{" checked" * (not number)}>'
            f"<span>{words}</span></label>"
            for number, (value, words) in enumerate(choices)
        )
        yield f"<fieldset><legend>{title}</legend>{inputs}</fieldset>"
    yield "</div>"


def _matrix(account: Account) -> Iterator[str]:
    """Every e-mail, and what of it changes."""
    heads = "".join(f'<th scope="col">{_ABOUT[kind]}</th>' for kind in Kind)
    yield '<section class="card wide"><h3>Which e-mails</h3>'
    yield '<div class="scroll" tabindex="0" role="group" aria-label="Which e-mails">'
    yield f'<table><thead><tr><th scope="col">e-mail</th>{heads}</tr></thead><tbody>'
    for number, campaign in enumerate(account.campaigns):
        for email_number, email in enumerate(campaign.emails):
            found = {change.kind for change in email.changes}
            whole = FATES[email.fate] if email.fate in (Fate.ADDED, Fate.REMOVED) else ""
            cells = "".join(
                f'<td class="yes {_style(kind)}">changes</td>'
                if kind in found
                else f"<td>{whole if kind is Kind.CONTENT else ''}</td>"
                for kind in Kind
            )
            name = f'<a href="#c{number}e{email_number}">{escape(f"{campaign.folder} / {email.id}")}</a>'
            yield f'<tr><th scope="row">{name}</th>{cells}</tr>'
    yield "</tbody></table></div></section>"


def _findings(title: str, found: Sequence[Diagnostic], sources: Mapping[str, Source], style: str) -> Iterator[str]:
    yield f'<section class="card {style}"><h3>{title}</h3><ul>'
    for one in found:
        place = Place.of(one.span, sources)
        help_ = f'<br><span class="note">{_coded(one.help)}</span>' if one.help else ""
        yield (
            f'<li><b class="{one.severity.value}">{one.severity.value} {one.rule.code}</b> {_coded(one.message)} '
            f"<code>{escape(f'{place.path}:{place.line}')}</code>{help_}</li>"
        )
    yield "</ul></section>"


def _summary_line(name: str, anchor: str, change: Change) -> str:
    where = f" ({escape(change.where)})" if change.where else ""
    named = f'<a href="{anchor}">{escape(name)}</a>' if anchor else escape(name)
    told = notes(change)
    if isinstance(change.detail, Marked):
        said = f'<span class="as-written">{_marked(change.detail.stretches, short=True)}</span>'
    elif isinstance(change.detail, Selected):
        said, *told = (_coded(note) for note in told)
        told = [f"<br>{note}" for note in told]
        return f"{named}, {escape(topic(change))}{where}: <b>{said}</b>{''.join(told)}"
    else:
        said = _said(change)
    meaning = f' <span class="note">{_coded("; ".join(told))}</span>' if told else ""
    return f"{named}, {escape(topic(change))}{where}: {said}{meaning}"


def _coded(words: str) -> str:
    """Words whose backticks hold code."""
    parts = words.split("`")
    return "".join(f"<code>{escape(part)}</code>" if number % 2 else escape(part) for number, part in enumerate(parts))


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    if not changes:
        return
    yield '<dl class="changes">'
    for change in merged(changes):
        where = f'<span class="where">{escape(change.where)}</span>' if change.where else ""
        yield f"<div><dt>{escape(topic(change))}{where}{_chip(change.kind)}</dt><dd>"
        if isinstance(change.detail, Marked):
            yield f'<span class="as-written">{_marked(change.detail.stretches, short=False)}</span>'
        else:
            yield f'<span class="as-written">{_said(change)}</span>'
        if told := notes(change):
            yield f"<ul>{''.join(f'<li>{_coded(note)}</li>' for note in told)}</ul>"
        yield "</dd></div>"
    yield "</dl>"


def _said(change: Change) -> str:
    """`before → after`, each marked as what it is."""
    told = headline(change)
    if change.detail is None and (change.before or change.after):
        old = f"<del>{escape(change.before)}</del>" if change.before else "nothing"
        new = f"<ins>{escape(change.after)}</ins>" if change.after else "nothing"
        return f'{old}<span class="to">→</span>{new}'
    return f"<b>{escape(told)}</b>" if told else "changes"


def _marked(stretches: Sequence[Stretch], *, short: bool) -> str:
    last = len(stretches) - 1
    pieces = []
    for number, one in enumerate(stretches):
        text = one.text
        if one.mark is Mark.KEPT and short and len(text) > 2 * _KEPT_WORDS:
            text = ("" if number == 0 else text[:_KEPT_WORDS]) + " … " + ("" if number == last else text[-_KEPT_WORDS:])
        tag = {Mark.GONE: "del", Mark.NEW: "ins"}.get(one.mark)
        pieces.append(f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text))
    return "".join(pieces)


def _listed(lines: Sequence[str], nothing: str) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>" if lines else f'<p class="soft">{nothing}</p>'


def _chip(kind: Kind) -> str:
    return f'<span class="chip {_style(kind)}">{kind.value}</span>'


def _style(kind: Kind) -> str:
    return kind.value.replace(" ", "-")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
