"""campcompile.yaml as a value: the practice, its sites, locales, senders, links and policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from campcompile.model.labels import Label
from campcompile.syntax.source import Span
from campcompile.values import dataclass

PRACTICE_KEYS = (
    "name",
    "legal_name",
    "address",
    "phone",
    "email",
    "website",
    "emergency",
    "time_zone",
    "holidays",
    "cancel_until",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place of the practice: its own values, which override the practice's."""

    id: str
    values: Mapping[str, str]  # a subset of PRACTICE_KEYS; address is joined by newlines
    theme: str  # "" for the practice's own
    sender: str  # one of `senders`, in the place of the campaign's; "" for the campaign's
    label: Label
    span: Span
    theme_span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    values: Mapping[str, str]  # PRACTICE_KEYS that are given; address is joined by newlines
    staff: tuple[str, ...]
    public_numbers: tuple[str, ...]
    sites: Mapping[str, Site]
    is_covered: bool = True  # a covered entity under HIPAA
    span: Span

    def value(self, key: str) -> str:
        return self.values.get(key, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    id: str
    name: str  # display name
    email: str
    reply_to: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLink:
    """A row of `links`: a fixed address, or (host set) one opaque address a recipient."""

    name: str
    address: str
    host: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    page: str
    one_click: str
    mailto: str
    within: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Locales:
    default: str
    others: tuple[str, ...]
    fallback: Mapping[str, str]  # language → locale; "*" for any other
    span: Span

    @property
    def all(self) -> tuple[str, ...]:
        return (self.default, *self.others)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A contract or a certificate that a target's row names."""

    since: date | None
    until: date | None  # its last day; None for none
    span: Span

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """What a target's vendor records of readers."""

    open: str  # none | aggregate | individual
    click: str
    domain: str  # the host that links lead over; "" where none is named
    consent: str  # the question that readers answered for it; "" for none
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSpec:
    """A row of `targets`."""

    id: str
    dialect: str
    tls: str  # required | opportunistic
    vendor: str = ""  # "" for the dialect's own
    baa: Evidence | None = None  # business associate agreement (45 CFR 164.504(e))
    hds: Evidence | None = None  # certificate of a host of health data (CSP L.1111-8)
    region: str = ""  # "FR": where the vendor keeps what it gets
    transfer: str = ""  # what allows data to leave the EEA
    signs: str = ""  # the domain that mail is signed for (DKIM)
    tracking: Tracking | None = None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The whole of campcompile.yaml."""

    practice: Practice
    locales: Locales
    jurisdictions: tuple[str, ...]
    clients: tuple[str, ...]  # mail clients that layouts must work in; () for those of the jurisdictions
    profile: str
    messages: str  # the language that findings are told in
    quiet_hours: str  # "21:00-08:00" or ""
    frequency_cap: tuple[int, str] | None  # (max, per)
    layout: str
    senders: Mapping[str, Sender]
    links: Mapping[str, NamedLink]
    opt_out: OptOut | None
    privacy_notice: Mapping[str, str]  # locale → address
    targets: Mapping[str, TargetSpec]
    span: Span
