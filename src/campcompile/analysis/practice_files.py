"""A practice's own details and its merge fields, from the files of a program that isn't ours, or from a workspace."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from campcompile.model.campaign import Programme
from campcompile.model.fields import Field
from campcompile.model.labels import Label
from campcompile.phi.audit import FieldRule, FieldRules
from campcompile.phi.identifiers import OwnDetails
from campcompile.regex import regex
from campcompile.syntax.findings import Checked, Diagnostic
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml

_ANY = "*"
# A key with blanks, as lists of merge fields from other programs have them: it is put into quotes.
_BARE_KEY = regex(r"^([^\"'#\s{\[-][^:\n]*\s[^:\n]*): ", re.MULTILINE)


def practices(source: Source) -> Checked[Mapping[str, OwnDetails]]:
    """`{org-en: {name, short, domains, phones, emails, address, ids, staff, public_numbers}}`, or one practice alone.

    A workspace's campcompile.yaml is read, too: its `practice:`, `sites:` and `senders:`.
    """
    document = read_yaml(source)
    data = document.value.root.data()
    rows = data if isinstance(data, dict) else {}
    if isinstance(rows.get("practice"), dict):
        return Checked({"": _own_of_workspace(rows)}, document.diagnostics)
    if "name" in rows:
        return Checked({"": _own(rows)}, document.diagnostics)
    return Checked({str(key): _own(row) for key, row in rows.items() if isinstance(row, dict)}, document.diagnostics)


def field_rules(source: Source) -> Checked[FieldRules]:
    """A dictionary of ours, or a flat one: `"first_name|prenom": {hipaa: A, allow: {marketing: [body]}}`.

    The findings are of what could not be read: such a field is in no dictionary, and so nowhere allowed.
    """
    quoted = _BARE_KEY.sub(lambda found: f"{json.dumps(found[1], ensure_ascii=False)}: ", source.text)
    document = read_yaml(Source(source.path, quoted))
    data = document.value.root.data()
    rows = data if isinstance(data, dict) else {}
    declared = rows.get("fields") if isinstance(rows.get("fields"), dict) else rows
    rules: dict[str, FieldRule] = {}
    for key, row in (declared or {}).items():
        if isinstance(row, dict):
            for name in (*str(key).split("|"), *_texts(row.get("aliases"))):
                rules[name] = _rule(row)
    return Checked(FieldRules({**_OURS, **rules} if "fields" in rows else rules), document.diagnostics)


def rules_of(programme: Programme) -> FieldRules:
    """The merge fields of a workspace, by their labels where they don't say `allow`."""
    rules = {field.name: _by_label(field.label, field) for field in programme.dictionary.fields.values()}
    return FieldRules({**_OURS, **rules})


_OPEN = FieldRule(allow={_ANY: frozenset({_ANY})})
_OURS = {"practice.*": _OPEN, "links.*": FieldRule(allow={_ANY: frozenset({"body", "url"})}), "event.*": _OPEN}


def _rule(row: Mapping[str, Any]) -> FieldRule:
    is_name = str(row.get("hipaa", "")).startswith("A")
    if "allow" in row:
        allow = row["allow"] if isinstance(row["allow"], dict) else {}
        return FieldRule(allow={str(context): _slots(slots) for context, slots in allow.items()}, is_name=is_name)
    try:
        label = Label.named(str(row.get("label", "special")))
    except KeyError:
        label = Label.SPECIAL
    return FieldRule(allow=_slots_of(label), is_name=is_name and label is Label.CONTACT)


def _by_label(label: Label, field: Field) -> FieldRule:
    return FieldRule(allow=_slots_of(label), is_name=field.hipaa.startswith("A") and label is Label.CONTACT)


def _slots_of(label: Label) -> Mapping[str, frozenset[str]]:
    """Where a label may stand over ordinary mail: nothing about a person in the inbox line, health nowhere."""
    if label is Label.PUBLIC:
        return {_ANY: frozenset({_ANY})}
    if label is Label.CONTACT:
        return {_ANY: frozenset({"body"})}
    return {"transactional": frozenset({"body"})} if label is Label.RELATIONSHIP else {}


def _slots(value: object) -> frozenset[str]:
    return frozenset(_texts(value))


def _own(row: Mapping[str, Any]) -> OwnDetails:
    return OwnDetails(
        names=(*_texts(row.get("name")), *_texts(row.get("short")), *_texts(row.get("legal_name"))),
        domains=_texts(row.get("domains")),
        phones=(*_texts(row.get("phones")), *_texts(row.get("phone"))),
        emails=(*_texts(row.get("emails")), *_texts(row.get("email"))),
        address_lines=_texts(row.get("address")),
        ids=_texts(row.get("ids")),
        staff=_texts(row.get("staff")),
        public_numbers=(*_texts(row.get("public_numbers")), *_texts(row.get("emergency"))),
    )


def _own_of_workspace(rows: Mapping[str, Any]) -> OwnDetails:
    practice = rows["practice"]
    places = [practice, *(site for site in (rows.get("sites") or {}).values() if isinstance(site, dict))]
    every = [_own(place) for place in places]
    website = str(practice.get("website", "")).removeprefix("https://").partition("/")[0].removeprefix("www.")
    return OwnDetails(
        names=tuple(name for one in every for name in one.names),
        domains=(website,) if website else (),
        phones=tuple(phone for one in every for phone in one.phones),
        emails=(*(mail for one in every for mail in one.emails), *_sender_addresses(rows)),
        address_lines=tuple(line for one in every for line in one.address_lines),
        ids=(),
        staff=tuple(name for one in every for name in one.staff),
        public_numbers=tuple(number for one in every for number in one.public_numbers),
    )


def _sender_addresses(rows: Mapping[str, Any]) -> Iterator[str]:
    for sender in (rows.get("senders") or {}).values():
        if isinstance(sender, dict):
            for key in ("from", "reply_to"):
                yield str(sender.get(key, "")).rpartition("<")[2].rstrip(">")
    opt_out = rows.get("opt_out")
    if isinstance(opt_out, dict):
        yield str(opt_out.get("mailto", ""))


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def unread(diagnostics: tuple[Diagnostic, ...]) -> tuple[str, ...]:
    """What a person is told about a file that could not be read whole."""
    return tuple(found.message for found in diagnostics)
