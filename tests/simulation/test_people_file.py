"""A file of people: what is read, and where a mistake stands. No value of the file is ever repeated."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.simulation.people_file import read_people
from campcompile.simulation.person_yaml import person_yaml
from tests.simulation.lives import KARI, NEWS, OSLO, RECALL, REMINDERS, practice, read

WHERE = practice(("news", NEWS), ("reminders", REMINDERS), ("recall", RECALL))
FULL = f"""
kari:
  {KARI}, topics: [news], registered_at: "2026-10-25T02:30"}}
  appointment:
    a1: {{start: "2026-11-20T10:00-05:00", status: booked}}
  consents: {{news: "2026-01-10"}}
  events:
    - {{at: "2026-11-03T09:00Z", appointment: {{a1: {{status: cancelled}}}}}}
    - {{at: "2026-11-02", consents: {{news: no}}, unsubscribes: updates, replies: [recall], clicks: news}}
"""


def problems(text: str) -> list[str]:
    return [f"{one.line}:{one.column} {one.message}" for one in read(text, WHERE.programme).problems]


def test_a_person_is_read_with_rows_consents_and_events_in_order() -> None:
    person = read(FULL, WHERE.programme).people[0]
    own = person.rows["patient"]["kari"]
    assert (person.name, person.record) == ("kari", "patient")
    assert own["patient.birth_date"] == date(1961, 2, 28)
    assert own["patient.topics"] == ("news",)
    assert own["patient.registered_at"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of two half past twos"
    assert person.rows["appointment"]["a1"]["appointment.start"] == datetime(2026, 11, 20, 15, tzinfo=UTC)
    assert person.consents == {"news": date(2026, 1, 10)}
    first, second = person.changes
    assert first.at == datetime(2026, 11, 1, 23, tzinfo=UTC), "a day is its midnight at the practice"
    assert (first.consents, first.unsubscribes, first.replies, first.clicks) == (
        {"news": None},
        ("updates",),
        ("recall",),
        ("news",),
    )
    assert second.rows == {"appointment": {"a1": {"appointment.status": "cancelled"}}}


def test_json_is_read_as_well_with_tabs() -> None:
    people = {"kari": {"patient": {"locale": "en", "country": "NO"}, "appointment": {"a1": {"status": "booked"}}}}
    found = read_people("people.json", json.dumps(people, indent="\t").encode(), WHERE.programme, OSLO)
    assert found.problems == ()
    assert found.people[0].rows["appointment"]["a1"] == {"appointment.status": "booked"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{}", "1:1 there is nobody in this file"),
        ("kari: 3", "1:7 `kari` is a person: write fields below the name"),
        ("kari: {}", "1:1 a person has the fields of one of these: `patient`; here are 0"),
        (
            "kari: {patient: {locale: en}, appointmnt: {}}",
            "1:31 there is no record or key `appointmnt`: did you mean `appointment`?",
        ),
        ("kari: {patient: {loclae: en}}", "1:18 `patient` has no field `loclae`: did you mean `locale`?"),
        (
            'kari: {patient: {next_visit: "2026-11-01"}}',
            "1:18 `patient.next_visit` is computed from next(appointment.start)",
        ),
        ("kari: {patient: {birth_date: 28.2.1961}}", '1:30 `patient.birth_date` must be a date such as `"2026-09-01"`'),
        (
            'kari: {patient: {registered_at: "2026-02-30T10:00"}}',
            "1:33 `patient.registered_at` must be a date and time",
        ),
        (
            'kari: {patient: {registered_at: "2026-10-10T25:00"}}',
            "1:33 `patient.registered_at` must be a date and time",
        ),
        ("kari: {patient: {deceased: perhaps}}", "1:28 `patient.deceased` must be `true` or `false`"),
        ("kari: {patient: {country: Norway}}", '1:27 `patient.country` must be a country code such as `"NO"`'),
        ("kari: {patient: {locale: [en]}}", "1:26 `patient.locale` is one value, a locale"),
        (
            'kari: {patient: {}, appointment: {start: "2026-11-20"}}',
            "1:42 each row of `appointment` has an id of its own",
        ),
        (
            "kari: {patient: {}, appointment: {a1: {status: boked}}}",
            "1:48 `appointment.status` must be one of `booked`, `cancelled`",
        ),
        ('kari: {patient: {}, consents: {nws: "2026-01-01"}}', "1:32 there is no consent `nws`: did you mean `news`?"),
        ("kari: {patient: {}, consents: {news: yes}}", '1:38 `news` must be a date such as `"2026-09-01"`'),
        ("kari: {patient: {}, events: {}}", "1:29 `events` is a list: begin each with `- at:`"),
        ("kari: {patient: {}, events: [{bounces: true}]}", "1:30 `at` is missing: when does this happen?"),
        ('kari: {patient: {}, events: [{at: "2026-11-01"}]}', "1:30 nothing changes in this event"),
        ("kari: {patient: {}, events: [{at: soon, bounces: true}]}", "1:35 `at` must be a date and time"),
        ('kari: {patient: {}, events: [{at: "2026-11-01", unsubscribes: news}]}', "1:63 there is no layer `news`"),
        (
            'kari: {patient: {}, events: [{at: "2026-11-01", replies: recal}]}',
            "1:58 there is no campaign `recal`: did you mean `recall`?",
        ),
        ("kari: {patient: {}\n", "1:7 "),
    ],
)
def test_a_mistake_is_told_where_it_stands(text: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in problems(text)), problems(text)


def test_every_mistake_of_a_file_is_told_at_once() -> None:
    assert len(problems("kari: {patient: {loclae: en, deceased: perhaps}, events: 3}")) == 3


def test_no_value_is_repeated() -> None:
    secret = "ola.nordmann@hospital.example"
    assert secret not in str(problems(f'kari: {{patient: {{birth_date: "{secret}", country: "{secret}"}}}}'))


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=60) | st.text("kari:{}[]-\"' \n\tapt,1", max_size=60).map(str.encode))
def test_no_bytes_bring_more_than_problems(content: bytes) -> None:
    found = read_people("people.yaml", content, WHERE.programme, OSLO)
    assert found.people or found.problems


def test_a_person_printed_is_the_person_read() -> None:
    mail = "consents: {news: no}, unsubscribes: updates, replies: [recall], clicks: news"
    person = read(FULL.replace(mail, "patient: {in_care: true}"), WHERE.programme).people[0]
    printed = "\n".join(person_yaml(person, OSLO))
    assert read(printed, WHERE.programme).people == (person,)
