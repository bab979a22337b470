"""campcompile.yaml, read into Settings; what the schema can't say is checked here: zones, locales, names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from campcompile.model.findings import CONTRADICTORY_TIME, IMPOSSIBLE_TIME, LOCALE_COMPLETENESS, UNKNOWN_NAME
from campcompile.model.labels import Label
from campcompile.model.practice import (
    PRACTICE_KEYS,
    Evidence,
    Locales,
    NamedLink,
    OptOut,
    Practice,
    Sender,
    Settings,
    Site,
    TargetSpec,
    Tracking,
)
from campcompile.model.read import Reader, reader
from campcompile.model.timing import Unit, parse_date, parse_offset
from campcompile.package_files import package_text
from campcompile.regex import regex
from campcompile.syntax.findings import Checked, Findings
from campcompile.syntax.findings_lay import LINK_SAFETY
from campcompile.syntax.link_check import check_address
from campcompile.syntax.renaming import renaming
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document, Scalar
from campcompile.syntax.tree import Mapping as YamlMapping

_QUIET = regex(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
# email.utils.parseaddr takes `a@x.example <b@y.example>` for a@x.example, and differs between Pythons.
_MAILBOX = regex(
    r'(?:"(?P<quoted>(?:[^"\\\r\n]|\\.)*)"|(?P<name>[^"<>\r\n]*))\s*<(?P<address>[^\s<>@"]+@[^\s<>@"]+)>'
    r'|(?P<alone>[^\s<>@"]+@[^\s<>@"]+)'
)


@cache
def _zones() -> frozenset[str]:
    """zoneinfo.available_timezones() walks the disk for 20 ms; tzdata lists its names in one file."""
    return frozenset(package_text("zones", "tzdata").split())


def bind_settings(document: Document | None) -> Checked[Settings]:
    """The whole of campcompile.yaml; defaults where it says nothing, or what it says is wrong."""
    findings = Findings()
    root = reader(document.root if document is not None else None)
    locales = _locales(root.mapping("locales"))
    settings = Settings(
        practice=_practice(root, findings),
        locales=locales,
        jurisdictions=tuple(scalar.value for scalar in root.texts("jurisdictions")),
        clients=tuple(scalar.value for scalar in root.texts("clients")),
        profile=root.text("profile", "strict"),
        messages=root.text("messages", "en"),
        quiet_hours=_quiet_hours(root, findings),
        frequency_cap=_frequency_cap(root.mapping("frequency_cap"), findings),
        layout=root.text("layout", "clinic"),
        senders=_senders(root.mapping("senders"), findings),
        links=_links(root.mapping("links"), findings),
        opt_out=_opt_out(root, findings),
        privacy_notice=_privacy_notice(root, locales, findings),
        targets={key.value: _target(key, reader(row), findings) for key, row in root.mapping("targets").rows()},
        span=root.start,
    )
    _check_fallback(root.mapping("locales").mapping("fallback"), locales, findings)
    return findings.done(settings)


def check_zone(scalar: Scalar, findings: Findings) -> bool:
    """Is it an IANA time zone? A finding where not."""
    if scalar.value in _zones():
        return True
    near = nearest(scalar.value, _zones())
    advice = f"did you mean `{near}`?" if near else "write an IANA name such as `Europe/Oslo`"
    findings.add(
        UNKNOWN_NAME.at(
            scalar.span,
            kind="time zone",
            name=scalar.value[:60],
            advice=advice,
            fixes=renaming(scalar.span, scalar.value, near),
        )
    )
    return False


def _practice(root: Reader, findings: Findings) -> Practice:
    row = root.mapping("practice")
    senders = frozenset(key.value for key, _ in root.mapping("senders").rows())
    sites = {key.value: _site(key, reader(value), senders, findings) for key, value in root.mapping("sites").rows()}
    return Practice(
        values=_practice_values(row, findings),
        staff=tuple(scalar.value for scalar in row.texts("staff")),
        public_numbers=tuple(scalar.value for scalar in row.texts("public_numbers")),
        sites=sites,
        is_covered=row.yes("hipaa", default=True),
        span=root.key_span("practice"),
    )


def _practice_values(row: Reader, findings: Findings) -> dict[str, str]:
    values = {}
    for key in PRACTICE_KEYS:
        if key == "address":
            lines = [scalar.value for scalar in row.texts("address")]
            if lines:
                values[key] = "\n".join(lines)
            continue
        scalar = row.scalar(key)
        if scalar is None:
            continue
        if key == "time_zone" and not check_zone(scalar, findings):
            continue
        values[key] = scalar.value
    return values


def _site(key: Scalar, row: Reader, senders: frozenset[str], findings: Findings) -> Site:
    label = row.text("label", "public")
    sender = row.scalar("sender")
    if sender is not None and sender.value not in senders:
        near = nearest(sender.value, senders)
        advice = f"did you mean `{near}`?" if near else "senders are declared in campcompile.yaml"
        findings.add(
            UNKNOWN_NAME.at(
                sender.span,
                kind="sender",
                name=sender.value,
                advice=advice,
                fixes=renaming(sender.span, sender.value, near),
            )
        )
        sender = None
    return Site(
        id=key.value,
        values=_practice_values(row, findings),
        theme=row.text("theme"),
        sender="" if sender is None else sender.value,
        label=Label.named(label) if label.upper() in Label.__members__ else Label.PUBLIC,
        span=key.span,
        theme_span=row.span("theme"),
    )


def _locales(row: Reader) -> Locales:
    default = row.text("default", "en")
    others = tuple(scalar.value for scalar in row.texts("others") if scalar.value != default)
    fallback = {key.value: value.value for key, value in row.mapping("fallback").rows() if isinstance(value, Scalar)}
    return Locales(default=default, others=tuple(dict.fromkeys(others)), fallback=fallback, span=row.start)


def _check_fallback(row: Reader, locales: Locales, findings: Findings) -> None:
    for _, value in row.rows():
        if isinstance(value, Scalar) and value.value not in locales.all:
            near = nearest(value.value, locales.all)
            advice = f"did you mean `{near}`?" if near else f"the locales are {', '.join(locales.all)}"
            findings.add(
                UNKNOWN_NAME.at(
                    value.span,
                    kind="locale",
                    name=value.value,
                    advice=advice,
                    fixes=renaming(value.span, value.value, near),
                )
            )


def _quiet_hours(root: Reader, findings: Findings) -> str:
    scalar = root.scalar("quiet_hours")
    if scalar is None:
        return ""
    has_equal_ends = scalar.value[:5] == scalar.value[6:]
    if not _QUIET.fullmatch(scalar.value) or has_equal_ends:
        advice = 'write the range as `"21:00-08:00"`' + (", with two different ends" if has_equal_ends else "")
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="range of hours", advice=advice))
        return ""
    start, _, end = scalar.value.partition("-")
    if start == end:
        problem = "quiet hours that end when they begin are no hours, or all of them"
        findings.add(
            CONTRADICTORY_TIME.at(scalar.span, problem=problem, advice='write a range such as `"21:00-08:00"`')
        )
        return ""
    return scalar.value


def _frequency_cap(row: Reader, findings: Findings) -> tuple[int, str] | None:
    most, per = row.whole_number("max"), row.scalar("per")
    if most is None or per is None:
        return None
    offset = parse_offset(per.value)
    if offset is None or offset.unit is Unit.BUSINESS or offset.sign <= 0:
        advice = "write a length of time such as `P7D`"
        findings.add(IMPOSSIBLE_TIME.at(per.span, value=per.value[:60], what="length of time", advice=advice))
        return None
    return most, per.value


def _senders(row: Reader, findings: Findings) -> dict[str, Sender]:
    senders = {}
    for key, value in row.rows():
        sender = reader(value)
        written = sender.text("from")
        name, address = _mailbox(written)
        scalar = sender.scalar("from")
        if scalar is not None and not address:
            advice = 'write `"Name of the practice <post@practice.example>"`'
            shown = " ".join(written[:80].split())
            findings.add(UNKNOWN_NAME.at(scalar.span, kind="sender address", name=shown, advice=advice))
        if scalar is not None and any(sign in name for sign in "@\uff20\ufe6b"):
            advice = "the display name must not look like another address: write the practice's name"
            findings.add(UNKNOWN_NAME.at(scalar.span, kind="sender name", name=name[:80], advice=advice))
        senders[key.value] = Sender(
            id=key.value, name=name, email=address, reply_to=sender.text("reply_to"), span=key.span
        )
    return senders


def _target(key: Scalar, row: Reader, findings: Findings) -> TargetSpec:
    return TargetSpec(
        id=key.value,
        dialect=row.text("dialect"),
        tls=row.text("tls", "required"),
        vendor=row.text("vendor"),
        baa=_evidence(row, "baa", findings),
        hds=_evidence(row, "hds", findings),
        region=row.text("region"),
        transfer=row.text("transfer"),
        signs=row.text("signs"),
        tracking=_tracking(row),
        span=key.span,
    )


def _tracking(row: Reader) -> Tracking | None:
    if "tracking" not in row:
        return None
    written = row.mapping("tracking")
    return Tracking(
        open=written.text("open", "none"),
        click=written.text("click", "none"),
        domain=written.text("domain"),
        consent=written.text("consent"),
        span=row.key_span("tracking"),
    )


def _evidence(row: Reader, key: str, findings: Findings) -> Evidence | None:
    if key not in row:
        return None
    written = row.mapping(key)
    return Evidence(_day(written, "signed", findings), _day(written, "until", findings), row.key_span(key))


def _day(row: Reader, key: str, findings: Findings) -> date | None:
    scalar = row.scalar(key)
    if scalar is None:
        return None
    day = parse_date(scalar.value)
    if day is None:
        advice = 'write year, month and day: `"2026-09-08"`'
        findings.add(IMPOSSIBLE_TIME.at(scalar.span, value=scalar.value[:60], what="date", advice=advice))
    return day


def _mailbox(written: str) -> tuple[str, str]:
    """The display name and the address of `Name <post@practice.example>`; both "" for what is in another form."""
    found = _MAILBOX.fullmatch(written.strip())
    if found is None:
        return "", ""
    name = re.sub(r"\\(.)", r"\1", found["quoted"]) if found["quoted"] is not None else (found["name"] or "").strip()
    return name, found["address"] or found["alone"]


def _links(row: Reader, findings: Findings) -> dict[str, NamedLink]:
    links = {}
    for key, value in row.rows():
        if isinstance(value, Scalar):
            _check_https(value, findings)
            links[key.value] = NamedLink(name=key.value, address=value.value, host="", span=key.span)
        elif isinstance(value, YamlMapping):
            host = reader(value).text("personal")
            links[key.value] = NamedLink(name=key.value, address="", host=host, span=key.span)
    return links


def _opt_out(root: Reader, findings: Findings) -> OptOut | None:
    if "opt_out" not in root:
        return None
    row = root.mapping("opt_out")
    for key in ("page", "one_click"):
        scalar = row.scalar(key)
        if scalar is not None:
            _check_https(scalar, findings)
    return OptOut(
        page=row.text("page"),
        one_click=row.text("one_click"),
        mailto=row.text("mailto"),
        within=row.text("within"),
        span=root.key_span("opt_out"),
    )


def _privacy_notice(root: Reader, locales: Locales, findings: Findings) -> Mapping[str, str]:
    if "privacy_notice" not in root:
        return {}
    row = root.mapping("privacy_notice")
    notices = {}
    for key, value in row.rows():
        if key.value not in locales.all:
            near = nearest(key.value, locales.all)
            advice = f"did you mean `{near}`?" if near else f"the locales are {', '.join(locales.all)}"
            findings.add(UNKNOWN_NAME.at(key.span, kind="locale", name=key.value, advice=advice))
        if isinstance(value, Scalar):
            _check_https(value, findings)
            notices[key.value] = value.value
    for locale in locales.all:
        if locale not in notices:
            findings.add(LOCALE_COMPLETENESS.at(root.key_span("privacy_notice"), say="notice", locale=locale))
    return notices


def _check_https(scalar: Scalar, findings: Findings) -> None:
    unsafe = check_address(scalar.value, scalar.span)
    if not unsafe and not scalar.value.lower().startswith("https:"):
        unsafe = (LINK_SAFETY.at(scalar.span, say="relative", address=scalar.value[:80]),)
    findings.extend(unsafe)
