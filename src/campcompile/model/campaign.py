"""A campaign as a frozen value: who, when, and the words of each e-mail in each locale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from campcompile.model.bound import Condition, Inlines, RichText, Target
from campcompile.model.event import Event
from campcompile.model.fields import Dictionary
from campcompile.model.labels import Label
from campcompile.model.practice import Sender, Settings, TargetSpec
from campcompile.model.scope import Scope, SegmentSource
from campcompile.model.shared import Basis, ConsentRules
from campcompile.model.timing import Send
from campcompile.syntax.source import Span
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A picture of assets/, read: its bytes' digest names it in the bundle."""

    path: str  # "assets/team.jpg"
    name: str  # "3f2a9c1d5b7e8a40.jpg"
    media_type: str  # image/png, image/jpeg, image/gif
    width: int  # px
    height: int  # px
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist."""

    words: Inlines
    condition: Condition | None
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One line of details."""

    label: Inlines
    value: Inlines
    span: Span


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one line, without Markdown (a label, a title, an alt text)."""

    words: Inlines


@dataclass(frozen=True, slots=True)
class Prose:
    """Words with Markdown."""

    text: RichText


@dataclass(frozen=True, slots=True)
class Choices:
    """A fixed list of names, e.g. appointment.show."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed text, e.g. notice.until."""

    text: str


FieldValue: TypeAlias = Line | Prose | Items | Rows | Target | Asset | Choices | Fixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a body in one locale. A phrase block has arrived as `kind="text"`."""

    kind: str  # text, button, image, …
    fields: Mapping[str, FieldValue]
    spans: Mapping[str, Span]  # of each field's value
    condition: Condition | None
    span: Span  # of the block in the campaign file
    phrase: str = ""  # the phrase's name, where it was one


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An e-mail in one locale and variant: all that mail needs."""

    email: str  # id
    locale: str
    variant: str  # "a" is the e-mail itself
    subject: Inlines
    subject_span: Span
    preheader: Inlines
    preheader_span: Span
    blocks: tuple[Block, ...]
    notice: tuple[Block, ...] = ()  # what the e-mail says instead, where the blocks go to the portal
    scope: Scope  # what names mean here: layouts print by it
    span: Span  # of the e-mail in this locale's file


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A test of one change; variant "a" is the e-mail itself, shares are equal."""

    metric: str  # click | reply | goal
    detect: str  # "3pp"
    people: int | None  # who get the e-mail, all variants together
    baseline: str  # "4%"; "" where it isn't said
    sends: Mapping[str, Send]  # variant → its own timing, where that is what it changes
    variants: tuple[str, ...]  # without "a"
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who stands behind a clinical claim, and until when."""

    by: str
    source: str
    until: date | None  # None for what is no date: that has its finding
    span: Span  # of `until`


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    id: str
    send: Send
    condition: Condition | None
    versions: tuple[Version, ...]
    label: Label  # of the message: audience, anchor, every if and print
    span: Span  # of the id's value
    was: str = ""  # an older id: who had that one has had this one
    reviewed: Review | None = None
    generated: bool = False  # did a language model write its words?
    experiment: Experiment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    folder: str  # "appointment-reminders": never leaves the repository
    path: str  # of campaign.yaml
    title: str
    code: str
    purpose: str  # treatment | operations | marketing | referral | review | b2b
    layer: str  # essential | updates | promotional
    recipient: str  # a person record
    audience: Condition
    audience_name: str  # the segment's name, "" for an inline where
    anchor: str  # a field's name, "entry" or "event.start"
    reenter: str
    goal: Condition | None
    stop_when: Condition | None
    deliver: str  # email | portal
    per_day: int | None
    fallback: str  # phone | sms | letter | portal | none
    event: Event | None
    locales: tuple[str, ...]
    sender: Sender
    layout: str
    targets: tuple[TargetSpec, ...]
    emails: tuple[Email, ...]
    bases: tuple[Basis, ...]  # what allows it: rows of consent.yaml for its purpose and layer
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The whole workspace, bound."""

    settings: Settings
    dictionary: Dictionary
    segments: Mapping[str, SegmentSource]
    campaigns: tuple[Campaign, ...]
    assets: Mapping[str, Asset]  # by path below assets/
    consent: ConsentRules
