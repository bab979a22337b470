"""Calendar files: what a reader of RFC 5545 gets is what was said, in lines as they must be."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.calendar_file import escaped, finished, instant
from campcompile.compiler import Compilation, compile_files
from campcompile.manifest import from_json
from campcompile.runner.bundle import read_bundle
from campcompile.runner.outbox import Outbox
from tests.sending import send_all
from tests.workspace import CAMPCOMPILE, PHRASES, lay, workspace

NOW = datetime(2026, 10, 22, 8, 0, tzinfo=UTC)
EVENT = (
    'event: {start: "2026-11-12T18:00", end: "2026-11-12T19:30", place: "Strandgaten 14, Bergen", link: links.book}\n'
)
CAMPAIGN = f"""\
title: Invitation
code: ev11
purpose: operations
layer: updates
audience: readers
{EVENT}anchor: event.start
locales: [en]
emails:
  - id: invitation
    send: {{offset: -P21D, at: "10:00", expires: -P7D}}
    subject: "An evening at {{{{ practice.name }}}}"
    preheader: A talk, coffee and questions
    body:
      - phrase: greeting
      - event: {{title: An evening about sleep, button: Keep a seat for me}}
"""
RECIPIENTS = b"""\
email,locale,patient.first_name,patient.topics,links.one_click,patient.site
kari@post.example,en,Kari,news,https://fjordklinikken.example/u/1,loddefjord
"""


def compiled(campaign: str = CAMPAIGN, **files: str) -> Compilation:
    named = {f"{name.replace('__', '/')}.yaml": text for name, text in files.items()}
    return compile_files(workspace({"campaigns/letter/campaign.yaml": campaign, **named}), as_of=None, now=NOW)


def sent(compilation: Compilation, folder: Path, recipients: bytes = RECIPIENTS) -> bytes:
    """The first e-mail as bytes, to the first recipient."""
    assert [found.message for found in compilation.diagnostics if found.severity.value == "error"] == []
    bundle = read_bundle(lay(folder, compilation.bundle) / "ev11")
    send_all(bundle, "invitation", recipients, Outbox(folder / "outbox"), NOW)
    (file,) = (folder / "outbox").glob("*.eml")
    return file.read_bytes()


def attachment(data: bytes) -> tuple[dict[str, str], str]:
    """The calendar file's own headers, and its text."""
    message = message_from_bytes(data, policy=policy.SMTP)
    (part,) = (part for part in message.walk() if part.get_content_type() == "text/calendar")
    return {key.lower(): str(value) for key, value in part.items()}, part.get_payload(decode=True).decode()


def read(text: str) -> dict[str, str]:
    """The properties of the file's event, unfolded and unescaped, parameters left out: a reader of our own."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    inner = lines[lines.index("BEGIN:VEVENT") + 1 : lines.index("END:VEVENT")]
    found = {}
    for line in inner:
        head, value = re.fullmatch(r'([A-Z-]+(?:;[A-Z]+=(?:"[^"]*"|[^":;]*))*):(.*)', line, re.DOTALL).groups()  # type: ignore[union-attr]
        assert head.partition(";")[0] not in found
        found[head.partition(";")[0]] = unescaped(value)
    return found


def unescaped(value: str) -> str:
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], value)


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from('\n,;\\"'), max_size=200))
def test_any_words_come_back_as_they_were_said(words: str) -> None:
    text = finished(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:{escaped(words)}\nEND:VEVENT\nEND:VCALENDAR\n", NOW)
    assert read(text)["SUMMARY"] == words
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_no_words_begin_a_line_of_their_own(words: str) -> None:
    lines = f"SUMMARY:{escaped(words)}\n"
    assert lines.count("\n") == 1 and "\r" not in lines


@given(st.datetimes(datetime(1900, 1, 2), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_the_same_in_every_zone(at: datetime, minutes: int) -> None:
    at = at.replace(microsecond=0, tzinfo=UTC)
    from datetime import timezone

    shifted = at.astimezone(timezone(timedelta(minutes=minutes)))
    assert datetime.strptime(instant(shifted), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == at


def test_an_e_mail_with_an_event_brings_it_as_a_file_to_keep(tmp_path: Path) -> None:
    headers, text = attachment(sent(compiled(), tmp_path))
    assert headers["content-type"] == 'text/calendar; charset="utf-8"; method="PUBLISH"; name="event.ics"'
    assert headers["content-disposition"] == 'attachment; filename="event.ics"'
    event = read(text)
    uid = event.pop("UID")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", uid)
    assert event == {
        "DTSTAMP": "20261022T080000Z",
        "DTSTART": "20261112T170000Z",
        "DTEND": "20261112T183000Z",
        "SUMMARY": "An evening about sleep",
        "LOCATION": "Strandgaten 14, Bergen",
        "URL": "https://time.fjordklinikken.example/",
        "ORGANIZER": "mailto:pasient@fjordklinikken.example",
    }
    assert "\r\nMETHOD:PUBLISH\r\n" in text and "\r\nVERSION:2.0\r\n" in text


def test_the_file_holds_nothing_of_the_person(tmp_path: Path) -> None:
    other = RECIPIENTS.replace(b"Kari", b"Ola").replace(b"kari@", b"ola@").replace(b"/u/1", b"/u/2")
    first = attachment(sent(compiled(), tmp_path / "a"))
    assert attachment(sent(compiled(), tmp_path / "b", other)) == first
    assert "Kari" not in first[1] and "kari@" not in first[1]


def test_a_moved_event_keeps_its_name_and_two_campaigns_have_two() -> None:
    def uid(campaign: str) -> str:
        code = from_json(json.loads(next(v for k, v in compiled(campaign).bundle.items() if "manifest" in k))).code
        lines = compiled(campaign).bundle[f"{code}/emails/invitation.en.ics"].decode()
        return next(line for line in lines.split("\n") if line.startswith("UID:"))

    assert uid(CAMPAIGN) == uid(CAMPAIGN.replace("11-12T", "11-13T").replace("sleep", "rest"))
    assert uid(CAMPAIGN) != uid(CAMPAIGN.replace("ev11", "ev12"))
    assert "ev11" not in uid(CAMPAIGN)


def test_the_bundle_knows_no_clock() -> None:
    early = compiled().bundle
    late = compile_files(
        workspace({"campaigns/letter/campaign.yaml": CAMPAIGN}), as_of=None, now=NOW + timedelta(days=400)
    ).bundle
    assert early == late
    assert b"DTSTAMP" not in early["ev11/emails/invitation.en.ics"]


def test_the_manifest_tells_what_event_start_is() -> None:
    manifest = from_json(json.loads(compiled().bundle["ev11/manifest.json"]))
    assert manifest.anchor == "event.start"
    assert manifest.event is not None
    assert (manifest.event.start, manifest.event.end) == ("2026-11-12T18:00:00+01:00", "2026-11-12T19:30:00+01:00")


def test_an_event_under_a_condition_is_attached_where_it_shows(tmp_path: Path) -> None:
    block = "      - event: {title: An evening about sleep, button: Keep a seat for me}\n"
    conditional = block + '        if: has(patient.topics, "sleep")\n'
    compilation = compiled(CAMPAIGN.replace(block, conditional))
    data = sent(compilation, tmp_path)
    assert b"text/calendar" not in data and b"multipart/mixed" not in data
    assert b"text/calendar" in sent(compilation, tmp_path / "b", RECIPIENTS.replace(b",news,", b",news;sleep,"))


def test_a_personal_link_stays_out_of_the_calendar(tmp_path: Path) -> None:
    campaign = CAMPAIGN.replace("links.book", "links.confirm")
    recipients = RECIPIENTS.replace(b"links.one_click", b"links.one_click,links.confirm").replace(
        b"/u/1", b"/u/1,https://time.fjordklinikken.example/k/8Xq2"
    )
    data = sent(compiled(campaign), tmp_path, recipients)
    html = message_from_bytes(data, policy=policy.SMTP).get_body(("html",)).get_content()
    assert 'href="https://time.fjordklinikken.example/k/8Xq2"' in html
    assert "URL" not in read(attachment(data)[1])


def test_where_the_body_goes_to_the_portal_so_does_the_calendar_file(tmp_path: Path) -> None:
    settings = CAMPCOMPILE.replace("links:\n", "links:\n  portal: https://portal.fjordklinikken.example/\n")
    notice = "portal-notice: {en: A message waits., fr: Un message., nb: En melding., zh-Hant: 訊息。}\n"
    compilation = compiled(
        CAMPAIGN.replace("locales:", "deliver: portal\nlocales:"),
        campcompile=settings,
        campaigns___shared__phrases=PHRASES + notice,
    )
    assert b"text/calendar" not in sent(compilation, tmp_path)
    (calendar,) = (tmp_path / "outbox").glob("*.portal.ics")
    assert read(calendar.read_bytes().decode())["SUMMARY"] == "An evening about sleep"


@pytest.mark.parametrize(
    ("event", "code", "words"),
    [
        ('{start: "2026-11-31T18:00"}', "SCH050", '"2026-11-31T18:00"'),
        ('{start: "2026-11-12T18:00", end: "2026-11-12T17:00"}', "SCH051", '"2026-11-12T17:00"'),
        ('{start: "2026-11-12T18:00", end: "2026-11-12T18:00"}', "SCH051", '"2026-11-12T18:00"'),
        ('{start: "2026-11-12T18:00", link: links.bok}', "REF002", "links.bok"),
        ('{start: "0001-01-01T00:00"}', "SCH050", '"0001-01-01T00:00"'),
        ('{start: "2026-11-12T18:00"}', "FLD001", "Keep a seat for me"),
    ],
)
def test_an_event_that_can_not_be_is_found_where_it_says_so(event: str, code: str, words: str) -> None:
    campaign = CAMPAIGN.replace(EVENT, f"event: {event}\n")
    found = [f for f in compiled(campaign).diagnostics if f.rule.code == code]
    assert [campaign[f.span.start : f.span.end] for f in found] == [words]


def test_a_local_time_that_the_clock_skips_moves_forward() -> None:
    campaign = CAMPAIGN.replace("2026-11-12T18:00", "2027-03-28T02:30").replace("2026-11-12T19:30", "2027-03-28T05:00")
    manifest = from_json(json.loads(compiled(campaign).bundle["ev11/manifest.json"]))
    assert manifest.event is not None
    assert manifest.event.start == "2027-03-28T03:30:00+02:00"


def test_words_may_print_the_event_in_every_locale() -> None:
    words = "      - text: See you on {{ event.start | weekday }} at {{ event.start | time }}, {{ event.place }}.\n"
    bundle = compiled(CAMPAIGN + words).bundle
    assert "See you on Thursday at 18:00, Strandgaten 14, Bergen." in bundle["ev11/emails/invitation.en.txt"].decode()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("{{ event.begin | date }}", "REF002"),
        ("{{ event.last_day | date }}", "FLD001"),
        ("{{ event.start }}", "FLD003"),
    ],
)
def test_what_the_event_does_not_say_is_found(words: str, code: str) -> None:
    campaign = f"{CAMPAIGN}      - text: See you on {words}.\n"
    assert [f.rule.code for f in compiled(campaign).diagnostics] == [code]


def test_an_event_without_the_campaigns_own_is_found_at_the_block() -> None:
    campaign = (
        CAMPAIGN.replace(EVENT, "")
        .replace("anchor: event.start\n", "")
        .replace("-P21D", "P1D")
        .replace(", expires: -P7D", "")
    )
    (found,) = compiled(campaign).diagnostics
    assert (found.rule.code, campaign[found.span.start : found.span.end]) == ("REF003", "event")
