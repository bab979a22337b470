"""The manifest of a bundle: all that a runner, an ESP's dialect or a planner may know about a campaign.

It names no title, folder or segment, and holds no recipient's data (privacy.md). Texts of e-mails lie
beside it, in the neutral written form of `parts_text.py`; every file is listed with its SHA-256. Where
a text may be absent it is "". The published schema is schemas/manifest.schema.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Literal, TypeAlias

from campcompile.codec import Json, ShapeError, decode, encode, written
from campcompile.formula import FieldRef, Formula
from campcompile.values import dataclass

SCHEMA: Literal["campcompile.manifest/1"] = "campcompile.manifest/1"
INDEX_SCHEMA: Literal["campcompile.index/1"] = "campcompile.index/1"

Label: TypeAlias = Literal["public", "contact", "relationship", "health", "special"]
Layer: TypeAlias = Literal["essential", "updates", "promotional"]
Purpose: TypeAlias = Literal["treatment", "operations", "marketing", "referral", "review", "b2b"]
FieldType: TypeAlias = Literal[
    "text", "number", "yes_no", "date", "datetime", "email", "phone",
    "url", "locale", "country", "zone", "site", "code", "choice", "list",
]  # fmt: skip
ElementType: TypeAlias = Literal["", FieldType]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    name: str  # "campcompile"
    version: str  # "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The kind of person written to; `of` is whom each is written to about ("" for themselves)."""

    record: str  # "patient", "guardian"
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """A yes/no over one row. Only *true* selects or stops."""

    formula: Formula
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What time means at a place of the practice."""

    id: str
    zone: str  # IANA name
    holidays: str  # "NO", "FR-57", or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    max: int
    per: str  # "P7D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    zone: str  # IANA name
    holidays: str
    sites: tuple[Site, ...]
    quiet_hours: str  # "21:00-08:00" or ""
    frequency_cap: Cap | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """What allows this campaign in one jurisdiction: a basis, or a consent to be asked for; the other is ""."""

    jurisdiction: str  # "NO"
    basis: str  # "care"
    consent: str  # "news"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locales:
    """Which locale a person gets: theirs, else `fallback` for their language or "*", else none: not sent."""

    list: tuple[str, ...]
    default: str
    fallback: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    name: str
    email: str
    reply_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What `event.start` is: one instant for everybody, with its offset."""

    start: str  # "2026-11-12T18:00:00+01:00"
    end: str  # likewise; "" where nobody says


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    page: str
    one_click: str  # where the addresses of `links.one_click` lead; their host is this one's
    mailto: str
    within: str  # "PT24H": how soon an opt-out is in force


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A field that the planner computes: the earliest, latest past or earliest future of a person's rows."""

    function: Literal["first", "last", "next"]
    field: str  # "appointment.start"
    where: Formula  # the condition on the rows
    zone: Formula  # the zone that a row's date is in


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A source field that a row must bring: the minimum that this campaign reads."""

    name: str  # "patient.first_name"
    type: FieldType
    element: ElementType  # of a list; else ""
    choices: tuple[str, ...]  # of a choice, or of a list of choices; of a site: the sites' ids
    label: Label
    required: bool  # a row without it is set aside
    host: str  # of a personal link: the only host allowed; else ""
    pick: Pick | None
    ledger: bool  # run.replied and the like: known to the runner's ledger, not to a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A value to compute before hand-over: what a slot prints, or a branch tests."""

    type: Literal["text", "yes_no", "url"]
    label: Label
    formula: Formula
    host: str  # of a url: the only host allowed; "" for any


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    name: str  # "3f2a9c1d5b7e8a40.png", in assets/ of the bundle
    sha256: str
    media_type: Literal["image/png", "image/jpeg", "image/gif"]
    width: int  # px
    height: int  # px
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    path: str  # from the manifest's folder, with "/"
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalText:
    """What a campaign with `deliver: portal` puts into the portal; the subject is its title."""

    html: File  # slots in the context text
    text: File  # slots in the context plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """One e-mail in one locale, variant and look; where the body goes to the portal, the notice of it."""

    locale: str
    variant: str  # "a" is the e-mail itself
    look: str  # "1" is the practice's own; others are of sites with a theme of their own
    subject: str  # neutral text, slots in the context header
    preheader: str  # likewise
    html: File  # slots in the context text
    text: File  # slots in the context plain
    mjml: File  # for people and for dialects; not sent
    portal: PortalText | None  # must be in the portal before the e-mail goes
    calendar: File | None  # an event to attach (or to put into the portal), slots in the context calendar

    def files(self) -> Iterator[File]:
        yield from (self.html, self.text, self.mjml)
        if self.portal is not None:
            yield from (self.portal.html, self.portal.text)
        if self.calendar is not None:
            yield self.calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """When an e-mail is due, as written (time.md); either `offset` or `dates` is given."""

    offset: str  # "-P7D", "P1M14D", "-PT24H", "4BD"
    dates: Mapping[str, str]  # locale → ISO date; the key "" for every locale
    anchor: str  # a field's name, "entry" or "event.start"
    at: str  # "09:00"
    zone: str  # site, patient or an IANA name
    shift: Literal["none", "previous", "next"]
    quiet: Literal["later", "earlier", "skip"]
    expires: str  # an offset or a date; "" for 24 hours after it was due, 2 hours before the anchor at most
    repeat: str
    times: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    metric: Literal["click", "reply", "goal"]
    detect: str  # "3pp"
    variants: tuple[str, ...]  # ("a", "b"): equal shares
    sends: Mapping[str, Send]  # of the variants that change the timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    id: str
    was: str  # an older id, or "": who had that one has had this one
    position: int  # 1 is the first in reading order
    condition: str | None  # the name of a derived yes_no; None for always
    look: str | None  # the name of a derived text that is a rendering's look; None where all have one
    sender: str | None  # the name of a derived text that is a key of `site_senders`, or ""; None for the campaign's
    label: Label  # of the whole message
    send: Send
    renderings: tuple[Rendering, ...]
    reviewed: bool
    experiment: Experiment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableColumn:
    name: str  # "status"
    type: FieldType
    element: ElementType  # of a list; else ""
    choices: tuple[str, ...]
    required: bool  # a row without it is set aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows that a planner reads of one record; each has `id`, and `OWNER_id` where it belongs to another."""

    name: str  # "appointment"
    of: str  # "patient"; "" for a person's own
    columns: tuple[TableColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPlace:
    """Where an e-mail counts its time, for one row: an IANA name, and a calendar of holidays."""

    zone: Formula
    holidays: Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """What a planner asks beside the campaign's own conditions, and its queries."""

    tables: tuple[Table, ...]
    picks: Mapping[str, Pick]  # every derived field that is asked, by name
    places: Mapping[str, SendPlace]  # by the e-mail's id
    home: Formula  # the zone of the day on which a person enters
    exclusions: tuple[Predicate, ...]  # whom the layer doesn't reach
    needs_basis: bool  # whether somebody without one of `bases` is left out
    consents: Mapping[str, str]  # how long each lasts: "P36M", or "" for ever
    adult_ages: Mapping[str, int]  # by country, "" for others
    queries: Mapping[str, File]  # engine → who is due; empty where it can't be said in SQL
    entrants: Mapping[str, File]  # engine → who meets the audience; empty unless `anchor` is entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """What a vendor may be told, and when: at any time, or while an agreement with it holds."""

    label: Label  # the highest
    since: str  # "2026-09-01"; "" for no first day
    until: str  # "2028-09-01", the last day; "" for none


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    id: str  # "relay"
    dialect: str  # "smtp"
    tls: Literal["required", "opportunistic"]
    vendor: str  # "paubox"; "" for a server of the practice's own
    clearances: tuple[Clearance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that somebody has approved until a day; who, where and why stays at home, in index.json."""

    rule: str  # "SUB001"
    until: str  # "2026-12-31": the last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    schema: Literal["campcompile.manifest/1"] = SCHEMA
    compiler: Tool
    data: Mapping[str, str]  # versions of what gives values and dates their words: "cldr", "tzdata", "holidays"
    code: str  # "ap71": the campaign's only name outside the repository
    purpose: Purpose
    layer: Layer
    recipient: Recipient
    deliver: Literal["email", "portal"]
    fallback: Literal["phone", "sms", "letter", "portal", "none"]
    per_day: int | None
    reenter: str  # "once", "per_anchor" or a duration
    anchor: str  # a field's name, "entry" or "event.start"
    event: Event | None
    audience: Predicate
    goal: Predicate | None
    stop_when: Predicate | None
    practice: Practice
    bases: tuple[LegalBasis, ...]
    locales: Locales
    sender: Sender
    site_senders: Mapping[str, Sender]  # of the sites that have one of their own
    opt_out: OptOut | None
    headers: Mapping[str, str]  # header fields that every message carries: neutral text, slots in the context header
    fields: tuple[Field, ...]
    derived: Mapping[str, Derived]
    assets: tuple[Asset, ...]
    emails: tuple[Email, ...]
    targets: tuple[Target, ...]
    waivers: tuple[Waiver, ...]  # of what the campaign's own files hold, or what all campaigns share
    planning: Planning
    digest: str  # of the files: `bundle_digest(manifest.files())`

    def files(self) -> Iterator[File]:
        """Every file of the bundle but the manifest itself."""
        for asset in self.assets:
            yield File(path=f"assets/{asset.name}", sha256=asset.sha256)
        for email in self.emails:
            for rendering in email.renderings:
                yield from rendering.files()
        yield from self.planning.queries.values()
        yield from self.planning.entrants.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class FullWaiver:
    """A waiver with all that was written."""

    rule: str
    path: str  # "campaigns/letter/campaign.yaml"
    digest: str  # "kqdmtbrv": of what is found
    until: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One campaign of build/: its folder in the repository, its code, its bundle."""

    folder: str  # "appointment-reminders": this file stays at home
    code: str
    manifest: File  # from build/
    digest: str  # the manifest's
    waivers: tuple[FullWaiver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """build/index.json: what was compiled, by what, under which rules."""

    schema: Literal["campcompile.index/1"] = INDEX_SCHEMA
    compiler: Tool
    data: Mapping[str, str]
    packs: Mapping[str, str]  # rule pack → the date of the version that was used
    assurance: str  # what is proved, what is only detected and how well, what no compiler sees: for whoever must answer
    campaigns: tuple[Entry, ...]


def to_json(value: Manifest | Index) -> Json:
    """Plain JSON values, keys in the order of the dataclass, mappings sorted."""
    return encode(value)


def from_json(data: object) -> Manifest:
    """The inverse of `to_json`. Raises ShapeError (a ValueError) naming the place."""
    if isinstance(data, dict) and data.get("schema") not in (None, SCHEMA):
        raise ShapeError("schema", f"`{SCHEMA}`")
    return decode(Manifest, data)


def index_from_json(data: object) -> Index:
    """The inverse of `to_json`. Raises ShapeError (a ValueError) naming the place."""
    return decode(Index, data)


def to_bytes(value: Manifest | Index) -> bytes:
    """The file as it is written: UTF-8, two spaces, a line end at the end; the same bytes for the same value."""
    return (written(to_json(value)) + "\n").encode()


def bundle_digest(files: Iterable[File]) -> str:
    """SHA-256 over the files' digests and paths, by path, each once.

    The hashed text is what `sha256sum` prints: `DIGEST  PATH` a line.
    """
    lines = sorted({(file.path, file.sha256) for file in files})
    return sha256("".join(f"{digest}  {path}\n" for path, digest in lines).encode()).hexdigest()


ONE_CLICK = "links.one_click"  # the field of each recipient's own address for opting out
ONE_CLICK_SLOT = "one_click"  # the derived field that prints it


def unsubscribe(opt_out: OptOut) -> tuple[Mapping[str, str], Field, Derived]:
    """What a message that isn't essential must carry: headers, the field they read, and its derived field.

    RFC 8058: the https address tells who opts out, so there is one for each recipient; the planner makes it.
    """
    mailto = f", <mailto:{opt_out.mailto}>" if opt_out.mailto else ""
    headers = {
        "List-Unsubscribe": "<{{ " + ONE_CLICK_SLOT + " }}>" + mailto,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    host = opt_out.one_click.removeprefix("https://").partition("/")[0]
    field = Field(
        name=ONE_CLICK,
        type="url",
        element="",
        choices=(),
        label="contact",
        required=True,
        host=host,
        pick=None,
        ledger=False,
    )
    return headers, field, Derived(type="url", label="contact", formula=FieldRef(ONE_CLICK), host=host)
