"""An account says what a change does, campaign by campaign and e-mail by e-mail; reporters print it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import Enum
from typing import TypeAlias

from campcompile.formula import Formula
from campcompile.model.campaign import Campaign, Email
from campcompile.model.rendered import RenderedEmail
from campcompile.model.timing import Send
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Span
from campcompile.values import dataclass


class Kind(Enum):
    """What a change touches, the gravest for patients first."""

    AUDIENCE = "audience"  # who gets it, and how often
    TIMING = "timing"  # when it goes
    CONTENT = "content"  # what a recipient reads or is led to
    DATA_USE = "data use"  # which fields are read, and what they are said to be
    COMPLIANCE = "compliance"  # purpose, consent, opt-out, who carries it, what is held back
    COSMETIC = "cosmetic"  # the look, and names that stay in the repository


class Fate(Enum):
    """What became of a campaign or an e-mail."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    UNREADABLE = "unreadable"  # its file is there, and nothing could be read of it


class Mark(Enum):
    """What became of a stretch of words."""

    KEPT = "kept"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that share a fate."""

    text: str
    mark: Mark


class Direction(Enum):
    """How an audience changed, where that can be decided."""

    WIDENED = "widened"  # nobody leaves, somebody comes
    NARROWED = "narrowed"  # nobody comes, somebody leaves
    SHIFTED = "shifted"  # some come, some leave
    UNDECIDED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Words before and after, in one row of stretches."""

    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """Whom a condition selects, before and after; None for everybody."""

    before: Formula | None
    after: Formula | None
    direction: Direction


class Consequence(Enum):
    """What a new timing does to people under way on the day of the change."""

    EARLIER = "earlier"  # everybody gets it sooner
    LATER = "later"
    MISSES = "misses"  # between new deadline and old time: they get it never
    AT_ONCE = "at once"  # between new and old time: they get it on that day
    TWICE = "twice"  # who had it counts as new
    RHYTHM = "rhythm"  # repetitions are counted anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled:
    """An e-mail's timing before and after; `window` is how long the people lie apart who miss it, or get it at once."""

    before: Send
    after: Send
    consequences: frozenset[Consequence]
    window: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A field that is read anew, or no longer."""

    field: str
    label: str


Detail: TypeAlias = Marked | Selected | Rescheduled | Read | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is different. `before` and `after` are as an author would write them, "" for nothing."""

    kind: Kind
    topic: str  # "subject", "send", "audience", "purpose": the author's key, or what it is about
    where: str = ""  # "fr", "en, variant b", "block 2, text"
    before: str = ""
    after: str = ""
    detail: Detail = None
    span: Span | None = None  # where HEAD says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Digests:
    """Two fingerprints of an e-mail: a review of the one need not be repeated when only the other changes."""

    seen: str  # of all that a recipient sees, in every locale and variant
    rest: str  # of whom, when, why and by what it goes


@dataclass(frozen=True, slots=True)
class EmailSide:
    """An e-mail on one side of the change."""

    email: Email
    messages: tuple[RenderedEmail, ...]
    digests: Digests


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChange:
    """What becomes of one e-mail. Either side may be None, not both."""

    id: str
    was: str  # its id before, where it is another
    fate: Fate
    changes: tuple[Change, ...]
    before: EmailSide | None
    after: EmailSide | None

    @property
    def looks_as_before(self) -> bool:
        """Whether both sides are there, and every recipient sees the same."""
        sides = (self.before, self.after)
        return len({side.digests.seen for side in sides if side is not None}) == 1 and None not in sides


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChange:
    """What becomes of one campaign: changes of all of it, then its e-mails in reading order."""

    folder: str
    code: str
    fate: Fate
    changes: tuple[Change, ...]
    emails: tuple[EmailChange, ...]
    before: Campaign | None
    after: Campaign | None

    def all_changes(self) -> Iterator[Change]:
        yield from self.changes
        for email in self.emails:
            yield from email.changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that a change does, and what is found about it."""

    base: str  # how the older side is called: "main", "9f3b2c4"
    head: str
    as_of: date
    changes: tuple[Change, ...]  # of the practice: they hold for every campaign
    campaigns: tuple[CampaignChange, ...]
    findings: tuple[Diagnostic, ...] = ()  # about the change itself, placed in HEAD's files
    new: tuple[Diagnostic, ...] = ()  # findings of HEAD that BASE didn't have
    fixed: tuple[Diagnostic, ...] = ()  # findings of BASE that HEAD has no more
    secrets: tuple[str, ...] = ()  # texts that a private rule found: nothing that is printed repeats them

    @property
    def is_empty(self) -> bool:
        """Nothing that a patient, an auditor or a reviewer could notice."""
        return not (self.changes or self.campaigns or self.new or self.fixed)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of change that occur, in their order; findings that come and go are told by themselves."""
        found = {change.kind for change in self.all_changes()}
        if any(email.fate in (Fate.ADDED, Fate.REMOVED) for one in self.campaigns for email in one.emails):
            found.add(Kind.CONTENT)
        return tuple(kind for kind in Kind if kind in found)

    def all_changes(self) -> Iterator[Change]:
        yield from self.changes
        for campaign in self.campaigns:
            yield from campaign.all_changes()

    def emails(self, fate: Fate) -> tuple[EmailChange, ...]:
        return tuple(email for campaign in self.campaigns for email in campaign.emails if email.fate is fate)
