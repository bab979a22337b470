"""A small practice with a few series, people written as in a file, and what they got as lines one can read."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime
from functools import cache

from campcompile.compiler import compile_files
from campcompile.model.campaign import Programme
from campcompile.simulation.life import simulate
from campcompile.simulation.outcome import Outcome
from campcompile.simulation.people_file import PeopleFile, read_people
from campcompile.simulation.series import Practice, practice_of
from campcompile.zones import zone
from tests.workspace import workspace

OSLO = zone("Europe/Oslo")
SINCE = datetime(2026, 11, 1, tzinfo=OSLO)
UNTIL = datetime(2026, 12, 31, tzinfo=OSLO)

DICTIONARY = """\
records:
  patient: {person: true}
  guardian: {person: true, of: patient}
  appointment: {of: patient}
fields:
  patient.email: {type: email, label: contact, hipaa: F}
  patient.locale: {type: locale, label: contact, required: true}
  patient.country: {type: country, label: contact, required: true}
  patient.first_name: {type: text, label: contact, hipaa: A}
  patient.birth_date: {type: date, label: contact, hipaa: C}
  patient.deceased: {type: yes_no, label: contact, missing: false}
  patient.in_care: {type: yes_no, label: contact, missing: false}
  patient.registered_at: {type: datetime, label: relationship, hipaa: C}
  patient.topics: {type: {list: text}, label: contact}
  patient.first_visit: {from: first(appointment.start), where: 'appointment.status != "cancelled"', label: relationship}
  patient.last_visit: {from: last(appointment.start), where: 'appointment.status == "fulfilled"', label: relationship}
  patient.next_visit: {from: next(appointment.start), where: 'appointment.status == "booked"', label: relationship}
  guardian.email: {type: email, label: contact}
  guardian.locale: {type: locale, label: contact, required: true}
  guardian.country: {type: country, label: contact, required: true}
  appointment.start: {type: datetime, label: relationship, required: true, hipaa: C}
  appointment.status: {type: {choice: [booked, cancelled, fulfilled, no_show]}, label: relationship, required: true}
"""

SEGMENTS = """\
readers: {title: Readers of the newsletter, where: 'has(patient.topics, "news")'}
upcoming: {title: People with an appointment, where: 'appointment.status == "booked"'}
no-contact: {title: People in care, where: patient.in_care, exclude_from: [updates, promotional]}
"""

CONSENT = """\
consents:
  news: {title: News by e-mail, layers: [updates], purposes: [operations, marketing], version: v1, max_age: P36M}
bases:
  - {purpose: treatment, layer: essential, in: ["NO"], up_to: special, basis: care}
  - {purpose: treatment, layer: updates, in: ["NO"], up_to: relationship, basis: care}
  - {purpose: operations, layer: updates, in: ["NO"], up_to: relationship, consent: news}
"""


def campaign(code: str, head: str, *emails: str) -> str:
    """A campaign file: its keys, then for each e-mail `id: send` (and perhaps `if:` behind a `;`)."""
    lines = [f"title: A campaign\ncode: {code}\nsender: care\nlocales: [en]", textwrap.dedent(head).strip(), "emails:"]
    for email in emails:
        id, _, rest = email.partition(": ")
        send, _, condition = rest.partition("; ")
        lines += [f"  - id: {id}", f"    send: {send}"]
        if condition:
            lines.append(f"    {condition}")
        lines += ["    subject: Hello from us", "    preheader: A word from the practice", "    body: We are well."]
    return "\n".join(lines) + "\n"


REMINDERS = campaign(
    "ap71",
    "purpose: treatment\nlayer: essential\naudience: upcoming\nanchor: appointment.start",
    'week: {offset: -P7D, at: "09:00", expires: -P4D}',
    'three-days: {offset: -P3D, at: "09:00", expires: -P2D}',
    "day: {offset: -PT24H}",
)
WELCOME = campaign(
    "we44",
    "purpose: treatment\nlayer: essential\naudience: everyone\nanchor: patient.registered_at\nreenter: once",
    "thanks: {offset: PT0M}",
    'who-we-are: {offset: P2D, at: "10:00"}',
    'before: {anchor: patient.first_visit, offset: -P3D, at: "09:00", expires: -P1D}',
    'after: {anchor: patient.first_visit, offset: P1D, at: "10:00", expires: P3D}; if: appointment.status != "booked"',
)
RECALL = campaign(
    "an18",
    """
    purpose: treatment
    layer: updates
    audience: {where: patient.last_visit is set and months_since(patient.last_visit) >= 12}
    reenter: P12M
    stop_when: patient.next_visit is set or run.replied
    """,
    'due: {offset: P0D, at: "10:00", shift: next}',
    'again: {offset: P30D, at: "10:00", shift: next}',
)
NEWS = campaign(
    "nl20",
    "purpose: operations\nlayer: updates\naudience: readers",
    'november: {date: "2026-11-10", at: "09:00", expires: "2026-11-20"}',
    'december: {date: "2026-12-08", at: "09:00"}',
)
CHILDREN = campaign(
    "ch52",
    "purpose: treatment\nlayer: essential\nrecipient: guardian\naudience: upcoming\nanchor: appointment.start",
    'day: {offset: -P1D, at: "16:00"}',
).replace(
    "We are well.",
    '"{% if patient.first_name is set %}{{ patient.first_name }}{% else %}Your child{% endif %} has a visit with us."',
)
KARI = 'patient: {email: kari@post.example, locale: en, country: "NO", birth_date: "1961-02-28"'


@cache
def practice(*campaigns: tuple[str, str]) -> Practice:
    """The practice with these campaigns: (folder, text)."""
    files = workspace(
        {
            "campaigns/_shared/dictionary.yaml": DICTIONARY,
            "campaigns/_shared/segments.yaml": SEGMENTS,
            "campaigns/_shared/consent.yaml": CONSENT,
            "campaigns/_shared/phrases.yaml": "",
            "campaigns/letter/campaign.yaml": "",
            **{f"campaigns/{folder}/campaign.yaml": text for folder, text in campaigns},
        }
    )
    compilation = compile_files(files, as_of=None, now=datetime(2026, 11, 1, tzinfo=UTC), lint_only=True)
    errors = [found for found in compilation.diagnostics if found.severity.value == "error"]
    wrong = [
        found.message for found in errors if not found.rule.code.startswith("TIM")
    ]  # what those tell is shown here
    assert not wrong, wrong
    return practice_of(compilation.programme)


def read(text: str, programme: Programme) -> PeopleFile:
    return read_people("people.yaml", textwrap.dedent(text).encode(), programme, OSLO)


def outcomes(where: Practice, text: str, since: datetime = SINCE, until: datetime = UNTIL) -> tuple[Outcome, ...]:
    """All that happens to the one person of a file."""
    found = read(text, where.programme)
    assert found.problems == (), found.problems
    return simulate(where, found.people[0], since, until)


def told(found: tuple[Outcome, ...]) -> list[str]:
    """`12 Nov 09:00 sent week (codes of reasons)`."""
    lines = []
    for one in found:
        codes = ", ".join(reason.code for reason in one.why)
        at = one.at.astimezone(zone(one.zone))
        lines.append(
            f"{at.day} {at:%b %H:%M} {one.status.value} {one.step.email.id}" + (f" ({codes})" if codes else "")
        )
    return lines


def lives(where: Practice, text: str) -> list[str]:
    return told(outcomes(where, text))
