"""What a campaign's manifest lists: the model's values as whoever sends, plans or exports needs them, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile import __version__, manifest
from campcompile.analysis.vendors import clearances_of, vendor_of
from campcompile.audience.planning import pick_of, planning_of
from campcompile.bundling.naming import Chosen, Names
from campcompile.formula import source_fields
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.campaign import Experiment as ModelExperiment
from campcompile.model.fields import Field, Type
from campcompile.model.planning import Derivation
from campcompile.model.practice import Sender, TargetSpec
from campcompile.model.rendered import Derived
from campcompile.model.timing import Send
from campcompile.syntax.waiver import Waiver

TOOL = manifest.Tool(name="campcompile", version=__version__)


def manifest_of(
    campaign: Campaign,
    programme: Programme,
    names: Names,
    tests: Mapping[str, str],
    chosen: Chosen,
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
    email: Email, position: int, condition: str | None, chosen: Chosen, renderings: tuple[manifest.Rendering, ...]
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
    campaign: Campaign, programme: Programme, names: Names, picks: Mapping[str, manifest.Pick]
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
        type=derived.type,
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
