"""One campaign before and after: its own keys, and which of its e-mails are new, gone, renamed or changed."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.changes.account import CampaignChange, Change, EmailChange, EmailSide, Fate, Kind
from campcompile.changes.bare import same
from campcompile.changes.blocks import written
from campcompile.changes.comparing import setting
from campcompile.changes.emails import email_changes, read_changes
from campcompile.changes.people import condition_change
from campcompile.changes.sides import CampaignSide
from campcompile.changes.words import likeness
from campcompile.changes.written import line_text
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.event import Event

_SAME_LETTER = 0.6  # likeness from which on a new e-mail is an old one by another id


def campaign_change(before: CampaignSide, after: CampaignSide) -> CampaignChange | None:
    """None where nothing of it changes."""
    was, now = before.campaign, after.campaign
    emails = tuple(_emails(before, after))
    changes = (*_keys(before, after), *_order(before, after, emails), *_reads(before, after, emails))
    if not changes and not emails:
        return None
    return CampaignChange(
        folder=now.folder,
        code=now.code,
        fate=Fate.RENAMED if was.folder != now.folder else Fate.CHANGED,
        changes=changes,
        emails=emails,
        before=was,
        after=now,
    )


def whole_campaign(side: CampaignSide, fate: Fate) -> CampaignChange:
    """A campaign that only one side has."""
    campaign = side.campaign
    return CampaignChange(
        folder=campaign.folder,
        code=campaign.code,
        fate=fate,
        changes=(),
        emails=tuple(_whole_email(email, fate) for email in side.emails),
        before=campaign if fate is Fate.REMOVED else None,
        after=campaign if fate is Fate.ADDED else None,
    )


def _keys(before: CampaignSide, after: CampaignSide) -> Iterator[Change]:
    was, now, programme = before.campaign, after.campaign, after.programme
    span = now.span
    yield from setting(Kind.COSMETIC, "folder", was.folder, now.folder, span)
    yield from setting(Kind.COSMETIC, "title", was.title, now.title, span)
    yield from setting(Kind.AUDIENCE, "code", was.code, now.code, span)
    yield from setting(Kind.COMPLIANCE, "purpose", was.purpose, now.purpose, span)
    yield from setting(Kind.COMPLIANCE, "layer", was.layer, now.layer, span)
    yield from setting(Kind.AUDIENCE, "recipient", was.recipient, now.recipient, span)
    yield from _audience(was, now, programme)
    yield from condition_change("stop_when", was.stop_when, now.stop_when, programme, span, stops=True)
    yield from setting(Kind.AUDIENCE, "reenter", was.reenter, now.reenter, span)
    yield from setting(Kind.TIMING, "anchor", was.anchor, now.anchor, span)
    yield from setting(Kind.DATA_USE, "goal", was.goal and was.goal.words, now.goal and now.goal.words, span)
    yield from setting(Kind.DATA_USE, "deliver", was.deliver, now.deliver, span)
    yield from setting(Kind.TIMING, "per_day", was.per_day, now.per_day, span)
    yield from setting(Kind.AUDIENCE, "fallback", was.fallback, now.fallback, span)
    yield from _event(was.event, now.event)
    yield from setting(Kind.CONTENT, "locales", sorted(was.locales), sorted(now.locales), span)
    yield from setting(Kind.CONTENT, "sender", _sender(was), _sender(now), span)
    yield from setting(Kind.COSMETIC, "layout", was.layout, now.layout, span)
    yield from setting(
        Kind.COMPLIANCE, "targets", [one.id for one in was.targets], [one.id for one in now.targets], span
    )


def _audience(was: Campaign, now: Campaign, programme: Programme) -> Iterator[Change]:
    found = tuple(condition_change("audience", was.audience, now.audience, programme, now.audience.span))
    yield from found
    if not found:
        span = now.audience.span
        yield from setting(Kind.COSMETIC, "name of the audience", was.audience_name, now.audience_name, span)


def _event(was: Event | None, now: Event | None) -> Iterator[Change]:
    span = None if now is None else now.span
    yield from setting(Kind.TIMING, "event, start", was and was.start.isoformat(), now and now.start.isoformat(), span)
    yield from setting(Kind.CONTENT, "event, end", _end(was), _end(now), span)
    yield from setting(Kind.CONTENT, "event, place", was and was.place, now and now.place, span)
    yield from setting(Kind.CONTENT, "event, link", was and was.link, now and now.link, span)


def _end(event: Event | None) -> str:
    return "" if event is None or event.end is None else event.end.isoformat()


def _sender(campaign: Campaign) -> str:
    sender = campaign.sender
    answer = f", answers to {sender.reply_to}" if sender.reply_to else ""
    return f"{sender.name} <{sender.email}>{answer}"


def _order(before: CampaignSide, after: CampaignSide, emails: tuple[EmailChange, ...]) -> Iterator[Change]:
    """E-mails that changed places: of two that fall on one day, the later in the file waits."""
    names = {email.was: email.id for email in emails if email.was}
    old = [names.get(one.email.id, one.email.id) for one in before.emails]
    new = [one.email.id for one in after.emails]
    kept_old, kept_new = [id for id in old if id in new], [id for id in new if id in old]
    if kept_old != kept_new:
        yield from setting(Kind.TIMING, "order of e-mails", kept_old, kept_new, after.campaign.span)


def _reads(before: CampaignSide, after: CampaignSide, emails: tuple[EmailChange, ...]) -> Iterator[Change]:
    """Fields of the campaign as a whole, where no single e-mail has said so."""
    told = {change.before or change.after for email in emails for change in email.changes if change.topic == "field"}
    old, new = before.all_fields(), after.all_fields()
    yield from read_changes(old - told, new - told, before.programme, after.programme, after.campaign.span)


def _emails(before: CampaignSide, after: CampaignSide) -> Iterator[EmailChange]:
    """In reading order of the new file; what is gone comes last."""
    old = {one.email.id: one for one in before.emails}
    was = _former_ids(before, after)
    for now in after.emails:
        former = was.get(now.email.id, now.email.id)
        if former not in old:
            yield _whole_email(now, Fate.ADDED)
        elif found := _email(old[former], now, before, after):
            yield found
    kept = {was.get(now.email.id, now.email.id) for now in after.emails}
    yield from (_whole_email(one, Fate.REMOVED) for id, one in old.items() if id not in kept)


def _email(was: EmailSide, now: EmailSide, before: CampaignSide, after: CampaignSide) -> EmailChange | None:
    renamed = was.email.id != now.email.id
    if not renamed and was.digests == now.digests:
        return None
    changes = tuple(email_changes(was, now, before, after))
    if renamed:
        kind = Kind.COSMETIC if now.email.was == was.email.id else Kind.AUDIENCE
        changes = (*setting(kind, "id", was.email.id, now.email.id, now.email.span), *changes)
    if not changes:
        return None
    return EmailChange(
        id=now.email.id,
        was=was.email.id if renamed else "",
        fate=Fate.RENAMED if renamed else Fate.CHANGED,
        changes=changes,
        before=was,
        after=now,
    )


def _whole_email(side: EmailSide, fate: Fate) -> EmailChange:
    gone = fate is Fate.REMOVED
    return EmailChange(
        id=side.email.id,
        was="",
        fate=fate,
        changes=(),
        before=side if gone else None,
        after=None if gone else side,
    )


def _former_ids(before: CampaignSide, after: CampaignSide) -> dict[str, str]:
    """New id → old id, for e-mails that go by another name now: those that say and do much the same."""
    old = [one for one in before.emails if one.email.id not in {new.email.id for new in after.emails}]
    new = [one for one in after.emails if one.email.id not in {was.email.id for was in before.emails}]
    found = {now.email.id: now.email.was for now in new if now.email.was in {one.email.id for one in old}}
    old = [one for one in old if one.email.id not in found.values()]
    for now in new:
        if now.email.id in found:
            continue
        was = max(old, key=lambda one: _likeness(one, now), default=None)
        if was is not None and _likeness(was, now) >= _SAME_LETTER:
            old.remove(was)
            found[now.email.id] = was.email.id
    return found


def _likeness(one: EmailSide, other: EmailSide) -> float:
    """By words; at least enough where only the words differ a little and the timing is the same."""
    words = likeness(_words(one.email), _words(other.email))
    same_time = same(one.email.send, other.email.send)
    return words if same_time else words * 0.9


def _words(email: Email) -> str:
    version = email.versions[0] if email.versions else None
    if version is None:
        return ""
    lines = [line_text(version.subject), line_text(version.preheader)]
    return "\n".join([*lines, *(written(block).text for block in version.blocks)])
