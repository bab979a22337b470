"""A campaign and its rendered e-mails become the files of its bundle: manifest, e-mails and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

from campcompile import __version__, manifest
from campcompile.analysis.vendors import clearances_of, vendor_of
from campcompile.audience.planning import pick_of, planning_of, query_files
from campcompile.formula import Const, Formula, Lookup, source_fields
from campcompile.model.bound import Condition
from campcompile.model.campaign import Asset, Campaign, Email, Programme
from campcompile.model.campaign import Experiment as ModelExperiment
from campcompile.model.fields import Field, Type
from campcompile.model.planning import Derivation
from campcompile.model.practice import Sender, Settings, TargetSpec
from campcompile.model.rendered import Derived, PortalText, RenderedEmail
from campcompile.model.timing import Send
from campcompile.parts import Branch, Context, Part, Parts, Slot
from campcompile.parts_text import print_parts
from campcompile.phi.assurance import assurance
from campcompile.syntax.waiver import Waiver
from campcompile.values import dataclass

_SHARED = "campaigns/_shared/"
TOOL = manifest.Tool(name="campcompile", version=__version__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What build/ holds for one campaign."""

    campaign: Campaign
    manifest: manifest.Manifest
    waivers: tuple[Waiver, ...]
    files: Mapping[str, bytes]  # path below build/ → bytes, the manifest too

    @property
    def manifest_path(self) -> str:
        return f"{self.campaign.code}/manifest.json"


def bundle(
    campaign: Campaign,
    rendered: tuple[RenderedEmail, ...],
    programme: Programme,
    pictures: Mapping[str, bytes],
    data: Mapping[str, str],
    made: Mapping[str, Derivation],
    waivers: Iterable[Waiver] = (),
) -> Bundle:
    """The files of one campaign.

    `pictures`: a picture's name in the bundle → its bytes; `data`: versions; `made`: the derived fields;
    `waivers`: those of the workspace.
    """
    own = _waivers(campaign, waivers)
    conditions = {email.id: email.condition for email in campaign.emails if email.condition is not None}
    names = _Names()
    renamed = tuple(_rename(message, names) for message in rendered)
    tests = {id: names.condition(condition) for id, condition in conditions.items()}
    folder = campaign.code
    files: dict[str, bytes] = {}
    contents: dict[str, bytes] = {}
    renderings: dict[str, list[manifest.Rendering]] = {email.id: [] for email in campaign.emails}
    for message in renamed:
        renderings[message.email.id].append(_rendering(message, contents))
    files |= {f"{folder}/{path}": content for path, content in contents.items()}
    chosen = _Chosen(renamed, programme.settings, names)
    used = sorted({name for message in renamed for name in message.assets})
    by_name = {asset.name: asset for asset in programme.assets.values()}
    assets = tuple(_asset(by_name[name], pictures[name]) for name in used)
    files |= {f"{folder}/assets/{name}": pictures[name] for name in used}
    built = _manifest(campaign, programme, names, tests, chosen, renderings, assets, data, made, own)
    queries, planning = query_files(built)
    files |= {f"{folder}/{path}": content for path, content in queries.items()}
    built = replace(built, planning=planning)
    built = replace(built, digest=manifest.bundle_digest(built.files()))
    files[f"{folder}/manifest.json"] = manifest.to_bytes(built)
    return Bundle(campaign=campaign, manifest=built, waivers=own, files=files)


def index(bundles: Iterable[Bundle], data: Mapping[str, str], packs: Mapping[str, str]) -> bytes:
    """build/index.json: which folder became which code, and by what."""
    entries = tuple(
        manifest.Entry(
            folder=made.campaign.folder,
            code=made.campaign.code,
            manifest=manifest.File(path=made.manifest_path, sha256=_digest(made.files[made.manifest_path])),
            digest=made.manifest.digest,
            waivers=tuple(map(_full_waiver, made.waivers)),
        )
        for made in bundles
    )
    return manifest.to_bytes(
        manifest.Index(compiler=TOOL, data=data, packs=packs, assurance=assurance(), campaigns=entries)
    )


def _waivers(campaign: Campaign, waivers: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """Those of a campaign's own files, and of what all campaigns share."""
    folder = f"campaigns/{campaign.folder}/"
    own = (one for one in waivers if one.path.startswith((folder, _SHARED)) or not one.path.startswith("campaigns/"))
    return tuple(sorted(own, key=lambda one: (one.path, one.rule.code, one.digest)))


def _full_waiver(waiver: Waiver) -> manifest.FullWaiver:
    return manifest.FullWaiver(
        rule=waiver.rule.code,
        path=waiver.path,
        digest=waiver.digest,
        until=waiver.until.isoformat(),
        by=waiver.by,
        reason=waiver.reason,
    )


class _Names:
    """Derived fields in order of appearance: t1, t2 … for texts, c1 … for conditions. The names tell nothing."""

    def __init__(self) -> None:
        self.derived: dict[str, Derived] = {}
        self._by_value: dict[tuple[str, Formula, str], str] = {}
        self._count = {"t": 0, "c": 0}

    def of(self, derived: Derived) -> str:
        key = (derived.type, derived.formula, derived.host)
        name = self._by_value.get(key)
        if name is None:
            letter = "c" if derived.type == "yes_no" else "t"
            self._count[letter] += 1
            name = self._by_value[key] = f"{letter}{self._count[letter]}"
            self.derived[name] = replace(derived, name=name)
        return name

    def condition(self, condition: Condition) -> str:
        return self.of(Derived(name="", type="yes_no", formula=condition.formula, label=condition.label))


def _rename(message: RenderedEmail, names: _Names) -> RenderedEmail:
    """The same e-mail, its slots and branches named in order of appearance in the campaign."""
    found: dict[str, str] = {}

    def name_of(provisional: str) -> str:
        if provisional not in found:
            found[provisional] = names.of(message.derived[provisional])
        return found[provisional]

    def renamed(parts: Parts) -> Parts:
        return tuple(map(one, parts))

    def one(part: Part) -> Part:
        if isinstance(part, Slot):
            return Slot(name_of(part.name), part.context)
        if isinstance(part, Branch):
            return Branch(name_of(part.name), renamed(part.then), renamed(part.orelse))
        return part

    return replace(
        message,
        subject=renamed(message.subject),
        preheader=renamed(message.preheader),
        text=renamed(message.text),
        html=renamed(message.html),
        mjml=renamed(message.mjml),
        calendar=renamed(message.calendar),
        portal=message.portal and PortalText(html=renamed(message.portal.html), text=renamed(message.portal.text)),
        derived={name: names.derived[name] for name in sorted(set(found.values()))},
    )


class _Chosen:
    """What a person's site chooses: the look of an e-mail, and its sender."""

    def __init__(self, messages: Iterable[RenderedEmail], settings: Settings, names: _Names) -> None:
        self.names = names
        self.senders: dict[str, Sender] = {}  # by number
        self.looks = {message.email.id: message.look_by for message in messages}
        self._of_sites: dict[str, str] = {}
        for site in settings.practice.sites.values():
            if site.sender:
                known = {sender.id: number for number, sender in self.senders.items()}
                number = known.get(site.sender, str(len(known) + 1))
                self.senders[number] = settings.senders[site.sender]
                self._of_sites[site.id] = number

    def look(self, email: Email) -> str | None:
        return self._named(self.looks.get(email.id, Const("")), email)

    def sender(self, email: Email) -> str | None:
        if not email.versions:
            return None
        return self._named(email.versions[0].scope.site_lookup(self._of_sites, ""), email)

    def _named(self, formula: Formula, email: Email) -> str | None:
        if not isinstance(formula, Lookup):
            return None
        label = email.versions[0].scope.site_label
        return self.names.of(Derived(name="", type="text", formula=formula, label=label))


def _rendering(message: RenderedEmail, contents: dict[str, bytes]) -> manifest.Rendering:
    """The listing of one message, whose files are added to `contents`; looks share those that are alike."""
    version = message.version
    variant = "" if version.variant == "a" else f".{version.variant}"
    stem = f"{version.email}.{version.locale}{variant}"

    def file(path: str, parts: Parts, context: Context) -> manifest.File:
        content = print_parts(parts, context).encode()
        if contents.setdefault(path, content) != content:
            start, dot, suffix = path.rpartition(".")
            path = f"{start}.{message.look}{dot}{suffix}"
            contents[path] = content
        return manifest.File(path=path, sha256=_digest(content))

    html, text, mjml = (
        file(f"emails/{stem}.html", message.html, Context.TEXT),
        file(f"emails/{stem}.txt", message.text, Context.PLAIN),
        file(f"emails/{stem}.mjml", message.mjml, Context.TEXT),
    )
    portal = calendar = None
    if message.calendar:
        folder = "emails" if message.portal is None else "portal"
        calendar = file(f"{folder}/{stem}.ics", message.calendar, Context.CALENDAR)
    if message.portal is not None:
        portal = manifest.PortalText(
            html=file(f"portal/{stem}.html", message.portal.html, Context.TEXT),
            text=file(f"portal/{stem}.txt", message.portal.text, Context.PLAIN),
        )
    return manifest.Rendering(
        locale=version.locale,
        variant=version.variant,
        look=message.look,
        subject=print_parts(message.subject, Context.HEADER),
        preheader=print_parts(message.preheader, Context.HEADER),
        html=html,
        text=text,
        mjml=mjml,
        portal=portal,
        calendar=calendar,
    )


def _manifest(
    campaign: Campaign,
    programme: Programme,
    names: _Names,
    tests: Mapping[str, str],
    chosen: _Chosen,
    renderings: Mapping[str, list[manifest.Rendering]],
    assets: tuple[manifest.Asset, ...],
    data: Mapping[str, str],
    made: Mapping[str, Derivation],
    waivers: tuple[Waiver, ...],
) -> manifest.Manifest:
    picks = {name: pick_of(one) for name, one in made.items()}
    opt_out = _opt_out(campaign, programme)
    headers: Mapping[str, str] = {}
    emails = tuple(
        _email(email, position, tests.get(email.id), chosen, tuple(renderings[email.id]))
        for position, email in enumerate(campaign.emails, start=1)
    )
    derived = {name: _derived(value) for name, value in names.derived.items()}
    extra: tuple[manifest.Field, ...] = ()
    if opt_out is not None and opt_out.one_click:
        headers, field, one_click = manifest.unsubscribe(opt_out)
        derived[manifest.ONE_CLICK_SLOT] = one_click
        extra = (field,)
    return manifest.Manifest(
        compiler=TOOL,
        data=data,
        code=campaign.code,
        purpose=campaign.purpose,  # type: ignore[arg-type]  # the schema allows these words alone
        layer=campaign.layer,  # type: ignore[arg-type]
        recipient=manifest.Recipient(record=campaign.recipient, of=programme.dictionary.records[campaign.recipient].of),
        deliver=campaign.deliver,  # type: ignore[arg-type]
        fallback=campaign.fallback,  # type: ignore[arg-type]
        per_day=campaign.per_day,
        reenter=campaign.reenter,
        anchor=campaign.anchor,
        event=_event(campaign),
        audience=_predicate(campaign.audience),
        goal=None if campaign.goal is None else _predicate(campaign.goal),
        stop_when=None if campaign.stop_when is None else _predicate(campaign.stop_when),
        practice=_practice(programme),
        bases=_bases(campaign, programme),
        locales=_locales(campaign, programme),
        sender=_sender(campaign.sender),
        site_senders={number: _sender(sender) for number, sender in chosen.senders.items()},
        opt_out=opt_out,
        headers=headers,
        fields=tuple(sorted((*_fields(campaign, programme, names, picks), *extra), key=lambda field: field.name)),
        derived=derived,
        assets=assets,
        emails=emails,
        targets=tuple(_target(target, programme) for target in campaign.targets),
        waivers=tuple(
            manifest.Waiver(rule=rule, until=until)
            for rule, until in sorted((one.rule.code, one.until.isoformat()) for one in waivers)
        ),
        planning=planning_of(campaign, programme, made),
        digest="",
    )


def _target(target: TargetSpec, programme: Programme) -> manifest.Target:
    vendor = vendor_of(target)
    is_own = vendor is not None and vendor.is_own
    return manifest.Target(
        id=target.id,
        dialect=target.dialect,
        tls=target.tls,  # type: ignore[arg-type]  # the schema allows these words alone
        vendor="" if is_own else target.vendor or target.dialect,
        clearances=tuple(
            manifest.Clearance(
                label=label.word,
                since=str(days.since or "") if days else "",
                until=str(days.until or "") if days else "",
            )
            for label, days in clearances_of(target, programme.settings.jurisdictions)
        ),
    )


def _email(
    email: Email, position: int, condition: str | None, chosen: _Chosen, renderings: tuple[manifest.Rendering, ...]
) -> manifest.Email:
    return manifest.Email(
        id=email.id,
        was=email.was,
        position=position,
        condition=condition,
        look=chosen.look(email),
        sender=chosen.sender(email),
        label=email.label.word,
        send=_send(email.send),
        renderings=renderings,
        reviewed=email.reviewed is not None,
        experiment=None if email.experiment is None else _experiment(email.experiment),
    )


def _experiment(experiment: ModelExperiment) -> manifest.Experiment:
    return manifest.Experiment(
        metric=experiment.metric,  # type: ignore[arg-type]
        detect=experiment.detect,
        variants=("a", *experiment.variants),
        sends={variant: _send(send) for variant, send in experiment.sends.items()},
    )


def _send(send: Send) -> manifest.Send:
    return manifest.Send(
        offset="" if send.offset is None else str(send.offset),
        dates=dict(send.dates),
        anchor=send.anchor,
        at=send.at,
        zone=send.zone,
        shift=send.shift,  # type: ignore[arg-type]
        quiet=send.quiet,  # type: ignore[arg-type]
        expires=send.expires,
        repeat="" if send.repeat is None else str(send.repeat),
        times=send.times,
    )


def _sender(sender: Sender) -> manifest.Sender:
    return manifest.Sender(name=sender.name, email=sender.email, reply_to=sender.reply_to)


def _event(campaign: Campaign) -> manifest.Event | None:
    event = campaign.event
    if event is None:
        return None
    return manifest.Event(start=event.start.isoformat(), end="" if event.end is None else event.end.isoformat())


def _fields(
    campaign: Campaign, programme: Programme, names: _Names, picks: Mapping[str, manifest.Pick]
) -> Iterator[manifest.Field]:
    """The minimum: what a formula reads, or timing counts from."""
    formulas = [derived.formula for derived in names.derived.values()]
    conditions = (campaign.audience, campaign.goal, campaign.stop_when)
    formulas += [condition.formula for condition in conditions if condition is not None]
    wanted = {name for formula in formulas for name in source_fields(formula)}
    declared = programme.dictionary.fields
    wanted |= {email.send.anchor for email in campaign.emails if email.send.anchor in declared}
    for name in wanted:
        yield manifest_field(declared[name], programme, picks)


def manifest_field(field: Field, programme: Programme, picks: Mapping[str, manifest.Pick]) -> manifest.Field:
    """A field as the manifest, and whoever reads people's values, knows it; `picks`: how derived ones are made."""
    element = field.type.element
    return manifest.Field(
        name=field.name,
        type=field.type.name,  # type: ignore[arg-type]
        element="" if element is None else element.name,  # type: ignore[arg-type]
        choices=_choices(field.type, programme),
        label=field.label.word,
        required=field.required,
        host=field.host,
        pick=picks.get(field.name),
        ledger=field.record == "run",
    )


def _choices(type: Type, programme: Programme) -> tuple[str, ...]:
    if type.name == "site":
        return tuple(programme.settings.practice.sites)
    if type.element is not None:
        return type.element.choices
    return type.choices


def _derived(derived: Derived) -> manifest.Derived:
    return manifest.Derived(
        type=derived.type,  # type: ignore[arg-type]
        label=derived.label.word,
        formula=derived.formula,
        host=derived.host,
    )


def _predicate(condition: Condition) -> manifest.Predicate:
    return manifest.Predicate(formula=condition.formula, label=condition.label.word)


def _practice(programme: Programme) -> manifest.Practice:
    practice, settings = programme.settings.practice, programme.settings
    zone, holidays = practice.value("time_zone"), practice.value("holidays")
    cap = settings.frequency_cap
    return manifest.Practice(
        zone=zone,
        holidays=holidays,
        sites=tuple(
            manifest.Site(
                id=site.id,
                zone=site.values.get("time_zone", zone),
                holidays=site.values.get("holidays", holidays),
            )
            for site in practice.sites.values()
        ),
        quiet_hours=settings.quiet_hours,
        frequency_cap=None if cap is None else manifest.Cap(max=cap[0], per=cap[1]),
    )


def _bases(campaign: Campaign, programme: Programme) -> tuple[manifest.LegalBasis, ...]:
    """For each jurisdiction of the workspace, the first row that reaches up to the campaign's label."""
    label = max((email.label for email in campaign.emails), default=campaign.audience.label)
    bases = []
    for jurisdiction in programme.settings.jurisdictions:
        for row in campaign.bases:
            if row.covers(jurisdiction) and label <= row.up_to:
                bases.append(manifest.LegalBasis(jurisdiction=jurisdiction, basis=row.basis, consent=row.consent))
                break
    return tuple(bases)


def _locales(campaign: Campaign, programme: Programme) -> manifest.Locales:
    """The campaign's own; a fallback that it isn't written in falls away."""
    locales = programme.settings.locales
    fallback = {language: locale for language, locale in locales.fallback.items() if locale in campaign.locales}
    return manifest.Locales(list=campaign.locales, default=campaign.locales[0], fallback=fallback)


def _opt_out(campaign: Campaign, programme: Programme) -> manifest.OptOut | None:
    """None for essential mail: nobody opts out of their own appointment's reminder by a link."""
    opt_out = programme.settings.opt_out
    if opt_out is None or campaign.layer == "essential":
        return None
    return manifest.OptOut(page=opt_out.page, one_click=opt_out.one_click, mailto=opt_out.mailto, within=opt_out.within)


def _asset(asset: Asset, data: bytes) -> manifest.Asset:
    return manifest.Asset(
        name=asset.name,
        sha256=_digest(data),
        media_type=asset.media_type,  # type: ignore[arg-type]
        width=asset.width,
        height=asset.height,
        bytes=asset.size,
    )


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
