"""A campaign bound: names looked up, conditions typed, every e-mail in every locale with its words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from campcompile.formula import Const
from campcompile.model.anchors import Rows
from campcompile.model.blocks import Parts, bind_if
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Email
from campcompile.model.conditions import bind_segment
from campcompile.model.emails import Surroundings, bind_email
from campcompile.model.event import Event, read_event
from campcompile.model.findings import (
    CONTRADICTORY_TIME,
    DUPLICATE_NAME,
    LOCALE_COMPLETENESS,
    UNKNOWN_NAME,
    UNUSED_FILE,
)
from campcompile.model.labels import Label as PrivacyLabel
from campcompile.model.notice import NOTICE_LAYOUT, check_portal
from campcompile.model.practice import Sender, TargetSpec
from campcompile.model.read import Reader, reader
from campcompile.model.scope import Names, Scope
from campcompile.model.shared import ConsentRules, read_where
from campcompile.model.translations import check_emails
from campcompile.model.words import bind_target
from campcompile.syntax.findings import Checked, Findings, Label
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document, Scalar
from campcompile.values import dataclass

_SOME_ADDRESS = "https://clinic.example/"  # for one that means nothing: nothing is compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFiles:
    """One campaign's folder, read."""

    folder: str
    document: Document
    translations: Mapping[str, Document]  # by locale, as the files' names say


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What a campaign is bound against."""

    names: Names
    parts: Parts
    consent: ConsentRules
    layouts: frozenset[str]


def bind_campaign(files: CampaignFiles, workplace: Workplace) -> Checked[Campaign]:
    """The whole campaign; as complete as its files allow."""
    return _Binder(files, workplace).campaign()


def check_codes(campaigns: tuple[tuple[str, Span], ...]) -> Checked[None]:
    """Each code names one campaign; every campaign that shares one is told of the others."""
    findings = Findings()
    for code, span in campaigns:
        others = tuple(Label(other, "here too") for own, other in campaigns if own == code and other != span)
        if code and others:
            findings.add(DUPLICATE_NAME.at(span, name=code, kind="the code of another campaign", related=others))
    return findings.done(None)


class _Binder:
    def __init__(self, files: CampaignFiles, workplace: Workplace) -> None:
        self.files = files
        self.workplace = workplace
        self.names = workplace.names
        self.findings = Findings()
        self.row = reader(files.document.root)

    def campaign(self) -> Checked[Campaign]:
        row, settings = self.row, self.names.settings
        event = self._event()
        rows = Rows(names=self.names, recipient=self._recipient(), event=event)
        anchor = rows.anchor(row.scalar("anchor"), self.findings)
        scope = rows.scope(anchor, rows.zone("site"))
        audience, audience_name = self._audience(scope)
        goal = bind_if(row.scalar("goal"), scope, self.findings)
        stopping = replace(scope, goal=goal, knows_goal="goal" in row)
        locales = self._locales()
        to_portal = row.text("deliver") == "portal"
        if to_portal:
            self.findings.extend(check_portal(settings, self.workplace.parts, row.span("deliver")))
        around = Surroundings(
            rows=rows,
            parts=self.workplace.parts,
            anchor=anchor,
            audience=audience,
            to_portal=to_portal,
            locales=locales,
            translations=self.files.translations,
        )
        purpose, layer = row.text("purpose"), row.text("layer")
        campaign = Campaign(
            folder=self.files.folder,
            path=self.files.document.source.path,
            title=row.text("title"),
            code=row.text("code"),
            purpose=purpose,
            layer=layer,
            recipient=rows.recipient,
            audience=audience,
            audience_name=audience_name,
            anchor=anchor.name,
            reenter=row.text("reenter", "per_anchor"),
            goal=goal,
            stop_when=bind_if(row.scalar("stop_when"), stopping, self.findings),
            deliver=row.text("deliver", "email"),
            per_day=row.whole_number("per_day"),
            fallback=row.text("fallback", "none"),
            event=event,
            locales=locales,
            sender=self._sender(),
            layout=self._layout(NOTICE_LAYOUT if to_portal else settings.layout),
            targets=self._targets(),
            emails=self._emails(around),
            bases=tuple(b for b in self.workplace.consent.bases if b.purpose == purpose and b.layer == layer),
            span=row.span("title"),
        )
        return self.findings.done(campaign)

    def _event(self) -> Event | None:
        if "event" not in self.row:
            return None
        row = self.row.mapping("event")
        event = read_event(row, self.names.settings.practice, self.findings)
        if event.link:
            scope = Scope(names=self.names, recipient="", records=())
            target = bind_target(event.link, row.span("link"), scope, self.findings)
            if not target.address and target.print is None:  # that has its finding, once
                event = replace(event, link=_SOME_ADDRESS)
        return event

    def _recipient(self) -> str:
        people = [record.name for record in self.names.dictionary.records.values() if record.person]
        written = self.row.scalar("recipient")
        if written is None:
            return "patient" if "patient" in people or not people else people[0]
        if written.value in people:
            return written.value
        self._unknown(written, "recipient", people, f"the person records are {', '.join(people)}")
        return people[0] if people else "patient"

    def _audience(self, scope: Scope) -> tuple[Condition, str]:
        node = self.row.get("audience")
        everyone = Condition(
            formula=Const(True),
            reads=frozenset(),
            label=PrivacyLabel.PUBLIC,
            implies_set=frozenset(),
            span=self.row.span("audience"),
            words="everyone",
        )
        if isinstance(node, Scalar):
            condition = self.findings.take(bind_segment(node.value, node.span, scope))
            segment = self.names.segments.get(node.value)
            if condition is not None and segment is not None:
                condition = replace(condition, label=max(condition.label, segment.label))
            return condition or everyone, node.value
        expression, words = read_where(reader(node).get("where"), self.findings)
        condition = None if expression is None else self.findings.take(scope.condition(expression, words))
        return condition or everyone, ""

    def _locales(self) -> tuple[str, ...]:
        """The campaign's locales, first the one that campaign.yaml is written in."""
        known = self.names.settings.locales.all
        written = self.row.texts("locales")
        for scalar in written:
            if scalar.value not in known:
                self._unknown(scalar, "locale", known, f"the workspace's locales are {', '.join(known)}")
        locales = tuple(dict.fromkeys(s.value for s in written if s.value in known)) or known[: 1 if written else None]
        for locale, document in self.files.translations.items():
            if locale not in locales[1:]:
                advice = self._why_unread(locale, locales[0], known)
                path = document.source.path
                self.findings.add(UNUSED_FILE.at(document.source.whole(), file=path, advice=advice))
        for locale in locales[1:]:
            if locale in self.files.translations or (not written and self.files.document.lost):
                continue
            span = self.row.span("locales") if written else self.row.start
            self.findings.add(LOCALE_COMPLETENESS.at(span, locale=locale, folder=self.files.folder))
        return locales

    def _why_unread(self, locale: str, first: str, known: tuple[str, ...]) -> str:
        if locale == first:
            return f"the words in {locale} stand in campaign.yaml"
        if locale in known:
            return f"add `{locale}` to the campaign's `locales`, or delete the file"
        near = nearest(locale, known)
        return f"did you mean {near}.yaml?" if near else f"the workspace's locales are {', '.join(known)}"

    def _sender(self) -> Sender:
        senders = self.names.settings.senders
        written = self.row.scalar("sender")
        if written is not None and written.value in senders:
            return senders[written.value]
        if written is not None:
            self._unknown(written, "sender", senders, "senders are declared in campcompile.yaml")
        return next(iter(senders.values()), Sender(id="", name="", email="", reply_to="", span=self.row.start))

    def _layout(self, default: str) -> str:
        written = self.row.scalar("layout")
        if written is None or written.value in self.workplace.layouts:
            return default if written is None else written.value
        self._unknown(written, "layout", self.workplace.layouts, "layouts are files in layouts/")
        return default

    def _targets(self) -> tuple[TargetSpec, ...]:
        targets = self.names.settings.targets
        written = self.row.texts("targets")
        for scalar in written:
            if scalar.value not in targets:
                self._unknown(scalar, "target", targets, "targets are declared in campcompile.yaml")
        chosen = tuple(targets[scalar.value] for scalar in written if scalar.value in targets)
        return chosen or tuple(targets.values())[:1]

    def _emails(self, around: Surroundings) -> tuple[Email, ...]:
        rows = [reader(node) for node in self.row.items("emails")]
        self._check_dated(rows)
        ids = tuple(row.text("id") for row in rows)
        for locale in around.locales[1:]:
            if locale in around.translations:
                check_emails(reader(around.translations[locale].root), ids, self.findings)
        seen: dict[str, Span] = {}
        emails = []
        for row in rows:
            id = row.scalar("id")
            if id is None:
                continue
            if id.value in seen:
                first = (Label(seen[id.value], "first used here"),)
                self.findings.add(
                    DUPLICATE_NAME.at(id.span, name=id.value, kind="the id of another e-mail", related=first)
                )
                continue
            seen[id.value] = id.span
            emails.append(self.findings.take(bind_email(row, around)))
        return tuple(emails)

    def _check_dated(self, rows: list[Reader]) -> None:
        """In a campaign all e-mails have a date, or none."""
        dated = [row for row in rows if "date" in row.mapping("send")]
        if dated and len(dated) != len(rows):
            self.findings.add(
                CONTRADICTORY_TIME.at(
                    dated[0].mapping("send").key_span("date"),
                    problem="some e-mails of this campaign have a date, and some an offset",
                    advice="give all of them a date, or none: put the others into a campaign of their own",
                )
            )

    def _unknown(self, written: Scalar, kind: str, known: Collection[str], otherwise: str) -> None:
        near = nearest(written.value, known)
        advice = f"did you mean `{near}`?" if near else otherwise
        self.findings.add(
            UNKNOWN_NAME.at(
                written.span,
                kind=kind,
                name=written.value[:80],
                advice=advice,
                fixes=renaming(written.span, written.value, near),
            )
        )
