"""What all campaigns share, before and after: the practice, its policy, consent, dictionary, exclusions, targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.changes.account import Change, Kind
from campcompile.changes.bare import same
from campcompile.changes.comparing import rows, said, setting
from campcompile.changes.people import condition_change
from campcompile.model.bound import Condition
from campcompile.model.campaign import Programme
from campcompile.model.conditions import bind_segment
from campcompile.model.fields import Dictionary, Field
from campcompile.model.practice import NamedLink, Practice, Settings, TargetSpec
from campcompile.model.scope import Names, Scope
from campcompile.model.shared import Basis, ConsentRules
from campcompile.syntax.source import Span

_OF_TIME = ("time_zone", "holidays")


def practice_changes(old: Programme, new: Programme) -> Iterator[Change]:
    yield from _practice(old.settings.practice, new.settings.practice)
    yield from _policy(old.settings, new.settings)
    yield from _targets(old.settings.targets, new.settings.targets)
    yield from _consent(old.consent, new.consent)
    yield from _exclusions(old, new)
    yield from _dictionary(old.dictionary, new.dictionary)


def _practice(old: Practice, new: Practice) -> Iterator[Change]:
    for key, was, now in rows(old.values, new.values):
        kind = Kind.TIMING if key in _OF_TIME else Kind.CONTENT
        yield from setting(kind, f"practice, {key}", was, now, new.span)
    for id, before, after in rows(old.sites, new.sites):
        where, span = f"site {id}", new.span if after is None else after.span
        if before is None or after is None:
            yield from setting(Kind.CONTENT, "site", before and id, after and id, span)
            continue
        for key, text, other in rows(before.values, after.values):
            yield from setting(Kind.TIMING if key in _OF_TIME else Kind.CONTENT, key, text, other, span, where)
        yield from setting(Kind.COSMETIC, "theme", before.theme, after.theme, span, where)
        yield from setting(Kind.CONTENT, "sender", before.sender, after.sender, span, where)
        yield from setting(Kind.DATA_USE, "label", before.label.word, after.label.word, span, where)


def _policy(old: Settings, new: Settings) -> Iterator[Change]:
    span = new.span
    yield from setting(Kind.TIMING, "quiet_hours", old.quiet_hours, new.quiet_hours, span)
    yield from setting(Kind.TIMING, "frequency_cap", _cap(old), _cap(new), span)
    yield from setting(Kind.AUDIENCE, "locales, fallback", old.locales.fallback, new.locales.fallback, span)
    yield from setting(Kind.COMPLIANCE, "jurisdictions", old.jurisdictions, new.jurisdictions, span)
    yield from setting(Kind.COMPLIANCE, "profile", old.profile, new.profile, span)
    for key in ("page", "one_click", "mailto", "within"):
        was, now = (getattr(one.opt_out, key, "") for one in (old, new))
        yield from setting(Kind.COMPLIANCE, f"opt_out, {key}", was, now, span)
    yield from setting(Kind.COMPLIANCE, "privacy_notice", old.privacy_notice, new.privacy_notice, span)
    for name, before, after in rows(old.links, new.links):
        place = span if after is None else after.span
        yield from setting(Kind.CONTENT, f"links, {name}", _link(before), _link(after), place)


def _link(link: NamedLink | None) -> str:
    return "" if link is None else link.address or f"one address a recipient, on {link.host}"


def _cap(settings: Settings) -> str:
    return "" if settings.frequency_cap is None else "{} in {}".format(*settings.frequency_cap)


def _targets(old: Mapping[str, TargetSpec], new: Mapping[str, TargetSpec]) -> Iterator[Change]:
    for id, before, after in rows(old, new):
        if before is None or after is None:
            there = after or before
            assert there is not None
            span = None if after is None else after.span
            text = _target(there)
            yield from setting(Kind.COMPLIANCE, f"targets, {id}", before and text, after and text, span)
            continue
        for key in ("dialect", "tls", "vendor", "region", "transfer", "baa", "hds"):
            was, now = getattr(before, key), getattr(after, key)
            if not same(was, now):
                yield from setting(Kind.COMPLIANCE, f"targets, {id}, {key}", _evidence(was), _evidence(now), after.span)


def _target(spec: TargetSpec) -> str:
    return ", ".join(filter(None, (spec.dialect, spec.vendor, f"tls {spec.tls}")))


def _evidence(value: object) -> object:
    since, until = getattr(value, "since", None), getattr(value, "until", None)
    if value is None or isinstance(value, str):
        return value
    return " ".join(filter(None, ("held", since and f"since {since}", until and f"until {until}")))


def _consent(old: ConsentRules, new: ConsentRules) -> Iterator[Change]:
    for id, before, after in rows(old.consents, new.consents):
        if before is None or after is None:
            yield from setting(Kind.COMPLIANCE, f"consents, {id}", before and before.title, after and after.title, None)
            continue
        for key in ("title", "layers", "purposes", "version", "max_age"):
            yield from setting(
                Kind.COMPLIANCE, f"consents, {id}, {key}", getattr(before, key), getattr(after, key), None
            )
    for where, text, other in rows(_bases(old.bases), _bases(new.bases)):
        span = next((basis.span for basis in new.bases if where in _bases((basis,))), None)
        yield from setting(Kind.COMPLIANCE, "bases", text, other, span, where)


def _bases(bases: tuple[Basis, ...]) -> Mapping[str, str]:
    """What allows mail of each purpose and layer in each place: `consent news, up to relationship`."""
    found: dict[str, list[str]] = {}
    for basis in bases:
        ground = f"consent {basis.consent}" if basis.consent else f"basis {basis.basis}"
        for place in basis.jurisdictions:
            key = f"{basis.purpose}, {basis.layer}, in {place}"
            found.setdefault(key, []).append(f"{ground}, up to {basis.up_to.word}")
    return {key: "; ".join(texts) for key, texts in found.items()}


def _exclusions(old: Programme, new: Programme) -> Iterator[Change]:
    """Segments whose people get nothing of a layer."""
    before, after = exclusions(old), exclusions(new)
    span = new.settings.span
    for key in sorted({*before, *after}):
        yield from condition_change("exclude_from", before.get(key), after.get(key), new, span, stops=True, where=key)


def exclusions(programme: Programme) -> Mapping[str, Condition]:
    """`no-contact, from updates` → its condition, for every record's row bound."""
    names = names_of(programme)
    scope = Scope(names=names, recipient="", records=tuple(names.dictionary.records))
    found: dict[str, Condition] = {}
    for segment in names.segments.values():
        condition = bind_segment(segment.name, segment.span, scope).value if segment.exclude_from else None
        if condition is not None:
            found |= {f"{segment.name}, from {layer}": condition for layer in segment.exclude_from}
    return found


def names_of(programme: Programme) -> Names:
    """What names mean: dictionary and settings, and the segments where a campaign has any words."""
    for campaign in programme.campaigns:
        for email in campaign.emails:
            for version in email.versions:
                return version.scope.names
    return Names(programme.settings, programme.dictionary, {})


def _dictionary(old: Dictionary, new: Dictionary) -> Iterator[Change]:
    for name, before, after in rows(old.fields, new.fields):
        span: Span | None = None if after is None else after.span
        if before is None or after is None:
            there = after or before
            assert there is not None
            text = f"{there.type}, {there.label.word}"
            yield from setting(Kind.DATA_USE, "dictionary", before and text, after and text, span, name)
            continue
        for key, was, now in rows(_field(before), _field(after)):
            yield from setting(Kind.DATA_USE, f"dictionary, {key}", was, now, span, name)


def _field(field: Field) -> Mapping[str, str]:
    made = field.derivation
    return {
        "type": str(field.type),
        "label": field.label.word,
        "category": field.category,
        "sensitivity": field.sensitivity,
        "hipaa": field.hipaa,
        "required": said(field.required),
        "missing": "" if field.missing is None else str(field.missing).lower(),
        "from": "" if made is None else f"{made.function}({made.field})",
        "where": "" if made is None else " ".join(made.where.split()),
        "host": field.host,
    }
