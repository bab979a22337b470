"""A small practice, and e-mails of it built by hand: words as an author writes them, bound by the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from campcompile.formula import Const
from campcompile.mail.compose import compose
from campcompile.mail.layouts import Layouts, read_layouts
from campcompile.mail.theme import DEFAULT, Theme
from campcompile.model.bound import Condition, Inlines, RichText, Target
from campcompile.model.campaign import (
    Asset,
    Block,
    Campaign,
    Choices,
    Email,
    FieldValue,
    Item,
    Items,
    Line,
    Prose,
    Row,
    Rows,
    Version,
)
from campcompile.model.conditions import ALWAYS, make_condition
from campcompile.model.fields import Dictionary, Field, Record, Type
from campcompile.model.labels import Label
from campcompile.model.practice import Locales, NamedLink, OptOut, Practice, Sender, Settings, Site
from campcompile.model.rendered import RenderedEmail
from campcompile.model.scope import Names, Scope
from campcompile.model.timing import Send, parse_offset
from campcompile.model.words import bind_inlines, bind_rich, bind_target
from campcompile.render import Value, join, values
from campcompile.syntax.findings import Diagnostic, Findings
from campcompile.syntax.markdown import parse_prose
from campcompile.syntax.source import MappedText, Span
from campcompile.syntax.template import parse_condition, parse_line

HERE = Span("campaigns/ap/campaign.yaml", 0, 1)
NOW = datetime(2026, 9, 3, 9, 0, tzinfo=UTC)
START = datetime(2026, 9, 10, 7, 30, tzinfo=UTC)  # 09:30 in Oslo, a Thursday

_FIELDS = {
    "patient.first_name": ("text", Label.CONTACT, False),
    "patient.topics": ("list", Label.CONTACT, False),
    "patient.site": ("site", Label.RELATIONSHIP, False),
    "appointment.start": ("datetime", Label.RELATIONSHIP, True),
    "appointment.provider": ("text", Label.RELATIONSHIP, False),
    "appointment.bring": ("list", Label.RELATIONSHIP, False),
    "appointment.site": ("site", Label.RELATIONSHIP, False),
}
_PRACTICE = {
    "name": "Fjordklinikken",
    "legal_name": "Fjordklinikken AS",
    "address": "Strandgaten 14\n5013 Bergen\nNorway",
    "phone": "+47 55 50 12 34",
    "emergency": "113",
    "time_zone": "Europe/Oslo",
}
LODDEFJORD = {
    "name": "Fjordklinikken Loddefjord",
    "address": "Lyderhornsveien 353\n5171 Loddefjord",
    "phone": "+47 55 50 12 60",
}


def make_settings(sites: Mapping[str, Mapping[str, str]] | None = None, **practice: str) -> Settings:
    site_values = {
        id: Site(id=id, values=values, theme="", sender="", label=Label.PUBLIC, span=HERE, theme_span=HERE)
        for id, values in (sites or {}).items()
    }
    links = {
        "book": NamedLink(name="book", address="https://time.fjordklinikken.example/?a=1&b=2", host="", span=HERE),
        "confirm": NamedLink(name="confirm", address="", host="time.fjordklinikken.example", span=HERE),
        "directions": NamedLink(name="directions", address="https://fjordklinikken.example/vei", host="", span=HERE),
    }
    kept = {key: value for key, value in {**_PRACTICE, **practice}.items() if value}
    return Settings(
        practice=Practice(values=kept, staff=(), public_numbers=(), sites=site_values, span=HERE),
        locales=Locales(default="en", others=("fr", "nb", "zh-Hant"), fallback={"*": "en"}, span=HERE),
        jurisdictions=("NO",),
        clients=(),
        profile="strict",
        messages="en",
        quiet_hours="",
        frequency_cap=None,
        layout="clinic",
        senders={},
        links=links,
        opt_out=OptOut(page="https://fjordklinikken.example/valg", one_click="", mailto="", within="PT24H", span=HERE),
        privacy_notice={"en": "https://fjordklinikken.example/en/privacy"},
        targets={},
        span=HERE,
    )


def _dictionary() -> Dictionary:
    records = {
        "patient": Record(name="patient", person=True, of="", span=HERE),
        "appointment": Record(name="appointment", person=False, of="patient", span=HERE),
    }
    fields = {
        name: Field(
            name=name,
            record=name.partition(".")[0],
            type=Type("list", element=Type("text")) if kind == "list" else Type(kind),
            label=label,
            span=HERE,
            required=required,
        )
        for name, (kind, label, required) in _FIELDS.items()
    }
    return Dictionary(records=records, fields=fields)


@dataclass
class Desk:
    """Binds words, makes e-mails, and keeps the findings of both."""

    locale: str = "en"
    settings: Settings = field(default_factory=make_settings)
    theme: Theme = DEFAULT
    layouts: Layouts = field(default_factory=lambda: read_layouts({}).value)
    records: tuple[str, ...] = ("appointment", "patient")
    found: Findings = field(default_factory=Findings)

    @property
    def scope(self) -> Scope:
        return Scope(
            names=Names(self.settings, _dictionary(), {}),
            recipient="patient",
            records=self.records,
            sure=frozenset({"appointment.start"}),
            locale=self.locale,
            zone=Const("Europe/Oslo"),
        )

    def line(self, text: str, when: Condition | None = None) -> Inlines:
        parsed = self.found.take(parse_line(MappedText.plain(text, HERE.path, 0)))
        scope = self.scope if when is None else self.scope.within(when.implies_set)
        return bind_inlines(parsed, scope, self.found)

    def prose(self, text: str) -> RichText:
        parsed = self.found.take(parse_prose(MappedText.plain(text, HERE.path, 0)))
        return bind_rich(parsed, self.scope, self.found)

    def target(self, written: str) -> Target:
        return bind_target(written, HERE, self.scope, self.found)

    def condition(self, text: str) -> Condition | None:
        """None for no text."""
        if not text:
            return None
        expression = self.found.take(parse_condition(MappedText.plain(text, HERE.path, 0)))
        assert expression is not None
        return self.found.take(self.scope.condition(expression, text))

    def block(self, kind: str, when: str = "", **fields: FieldValue) -> Block:
        spans = dict.fromkeys(fields, HERE)
        return Block(kind=kind, fields=fields, spans=spans, condition=self.condition(when), span=HERE)

    def text(self, words: str, when: str = "") -> Block:
        return self.block("text", when, text=Prose(self.prose(words)))

    def button(self, label: str, to: str) -> Block:
        return self.block("button", label=Line(self.line(label)), to=self.target(to))

    def appointment(self, *show: str) -> Block:
        return self.block("appointment", show=Choices(show or ("date", "time", "place")))

    def checklist(self, title: str, *items: str | tuple[str, str]) -> Block:
        rows = []
        for item in items:
            words, when = (item, "") if isinstance(item, str) else item
            condition = self.condition(when)
            rows.append(Item(self.line(words, condition), condition, HERE))
        fields: dict[str, FieldValue] = {"items": Items(tuple(rows))}
        return self.block("checklist", **({"title": Line(self.line(title))} if title else {}), **fields)

    def details(self, *rows: tuple[str, str]) -> Block:
        lines = tuple(Row(self.line(label), self.line(value), HERE) for label, value in rows)
        return self.block("details", rows=Rows(lines))

    def image(self, asset: Asset, alt: str, to: str = "") -> Block:
        fields: dict[str, FieldValue] = {"src": asset, "alt": Line(self.line(alt))}
        return self.block("image", **fields, **({"to": self.target(to)} if to else {}))

    def compose(
        self,
        *blocks: Block,
        subject: str = "A message from {{ practice.name }}",
        preheader: str = "Please confirm",
        layer: str = "essential",
        layout: str = "clinic",
    ) -> RenderedEmail:
        version = Version(
            email="week-before",
            locale=self.locale,
            variant="a",
            subject=self.line(subject),
            subject_span=HERE,
            preheader=self.line(preheader),
            preheader_span=HERE,
            blocks=blocks,
            scope=self.scope,
            span=HERE,
        )
        email = Email(
            id="week-before", send=_SEND, condition=None, versions=(version,), label=Label.RELATIONSHIP, span=HERE
        )
        campaign = replace(_CAMPAIGN(self.scope), layer=layer, layout=layout)
        return self.found.take(compose(version, campaign, email, self.settings, self.layouts, self.theme))

    def codes(self) -> list[str]:
        return [found.rule.code for found in self.found]

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self.found)


_SEND = Send(
    offset=parse_offset("-P7D"),
    dates={},
    anchor="appointment.start",
    at="09:00",
    zone="site",
    shift="none",
    quiet="later",
    expires="",
    repeat=None,
    times=None,
    span=HERE,
)


def _CAMPAIGN(scope: Scope) -> Campaign:
    return Campaign(
        folder="ap",
        path=HERE.path,
        title="Appointment reminders",
        code="ap71",
        purpose="treatment",
        layer="essential",
        recipient="patient",
        audience=make_condition(ALWAYS, set(), scope, HERE, ""),
        audience_name="everyone",
        anchor="appointment.start",
        reenter="per_anchor",
        goal=None,
        stop_when=None,
        deliver="email",
        per_day=None,
        fallback="none",
        event=None,
        locales=("en",),
        sender=Sender(id="care", name="Fjordklinikken", email="post@fjordklinikken.example", reply_to="", span=HERE),
        layout="clinic",
        targets=(),
        emails=(),
        bases=(),
        span=HERE,
    )


PERSON: dict[str, Value] = {
    "patient.first_name": "Kari",
    "appointment.start": START,
    "appointment.provider": "Ingrid Hansen",
    "appointment.bring": ("glasses", "medicine list"),
    "links.confirm": "https://time.fjordklinikken.example/k/8Xq2",
}


def for_person(message: RenderedEmail, medium: str, **changes: Value) -> str:
    """What one person gets, as the runner joins it."""
    row = {**PERSON, **{name.replace("__", "."): value for name, value in changes.items()}}
    found = values(message.derived, row, NOW)
    if medium == "html":
        return join(message.html, found, message.derived)
    return join(getattr(message, medium), found, message.derived, medium="plain")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def desk_of() -> Callable[..., Desk]:
    """Other desks: another locale, other sites."""

    def make(locale: str = "en", sites: Mapping[str, Mapping[str, str]] | None = None, **practice: str) -> Desk:
        return Desk(locale=locale, settings=make_settings(sites, **practice))

    return make


@pytest.fixture
def shown() -> Callable[..., str]:
    return for_person
