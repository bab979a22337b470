"""What one e-mail does, in plain sentences."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from campcompile.formula import Const, FieldRef, Format, OneOf, Set
from campcompile.model.bound import Condition
from campcompile.model.campaign import Campaign, Email
from campcompile.model.labels import Label
from campcompile.model.practice import Sender
from campcompile.model.timing import Send, parse_offset
from campcompile.phi.assurance import assurance
from campcompile.report.account import Subject, account_lines
from campcompile.syntax.source import Span

HERE = Span("campaigns/reminders/campaign.yaml", 0, 0)
STATUS = FieldRef("appointment.status")


def condition(formula: Any, *reads: str) -> Condition:
    return Condition(
        formula=formula, reads=frozenset(reads), label=Label.RELATIONSHIP, implies_set=frozenset(), span=HERE
    )


SEND = Send(
    offset=parse_offset("-P7D"),
    dates={},
    anchor="appointment.start",
    at="09:00",
    zone="site",
    shift="none",
    quiet="later",
    expires="-P4D",
    repeat=None,
    times=None,
    span=HERE,
)
CAMPAIGN = Campaign(
    folder="reminders",
    path=HERE.path,
    title="Appointment reminders",
    code="ap71",
    purpose="treatment",
    layer="essential",
    recipient="patient",
    audience=condition(OneOf(STATUS, ("booked", "confirmed")), "appointment.status"),
    audience_name="upcoming-appointments",
    anchor="appointment.start",
    reenter="per_anchor",
    goal=None,
    stop_when=None,
    deliver="email",
    per_day=None,
    fallback="none",
    event=None,
    locales=("en", "nb"),
    sender=Sender(id="care", name="Fjordklinikken", email="post@fjordklinikken.example", reply_to="", span=HERE),
    layout="clinic",
    targets=(),
    emails=(),
    bases=(),
    span=HERE,
)
EMAIL = Email(
    id="week-before",
    send=SEND,
    condition=None,
    versions=(SimpleNamespace(locale="nb"), SimpleNamespace(locale="en")),  # type: ignore[arg-type]
    label=Label.RELATIONSHIP,
    span=HERE,
)
FIELDS = {
    "appointment.status": SimpleNamespace(label=Label.RELATIONSHIP),
    "appointment.start": SimpleNamespace(label=Label.RELATIONSHIP),
    "patient.first_name": SimpleNamespace(label=Label.CONTACT),
}


def told(
    campaign: Campaign = CAMPAIGN, email: Email = EMAIL, fallback: dict[str, str] | None = None, **options: Any
) -> str:
    programme: Any = SimpleNamespace(
        dictionary=SimpleNamespace(fields=FIELDS),
        settings=SimpleNamespace(
            locales=SimpleNamespace(fallback={"nn": "nb", "*": "en"} if fallback is None else fallback),
            frequency_cap=(1, "P7D"),
            profile="strict",
            jurisdictions=("NO",),
        ),
    )
    name = FieldRef("patient.first_name")
    rendered: Any = SimpleNamespace(
        derived={
            "t1": SimpleNamespace(type="text", formula=Format("text", "nb", name)),
            "c1": SimpleNamespace(type="yes_no", formula=Set(name)),
        }
    )
    subject = Subject(programme=programme, campaign=campaign, email=email, rendered=(rendered,))
    return "\n".join(account_lines(subject, **options))


def test_the_whole_account() -> None:
    assert told() == (
        "reminders/week-before: Appointment reminders\n"
        "Outside the repository it is called ap71/week-before.\n"
        "\n"
        "Who gets it\n"
        '  Each patient of whom this is true: `appointment.status` is "booked" or\n'
        '  "confirmed" (the segment `upcoming-appointments`).\n'
        "  This is asked again right before it is sent.\n"
        "  For treatment, as essential mail, from Fjordklinikken\n"
        "  <post@fjordklinikken.example>.\n"
        "\n"
        "When\n"
        "  7 days before `appointment.start`, at 09:00 in the time zone of the site.\n"
        "  If it falls into quiet hours, it waits until they are over.\n"
        "  If it is late, it is sent until 4 days before `appointment.start`, and not\n"
        "  after that.\n"
        "\n"
        "In which languages\n"
        "  In en and nb.\n"
        "  Another language that has a stand-in: nn gets nb.\n"
        "  Everybody else gets en.\n"
        "\n"
        "What it reads\n"
        "  appointment.start   relationship  decides when\n"
        "  appointment.status  relationship  decides who gets it\n"
        "  patient.first_name  contact       printed, decides what is shown\n"
        "  Together this is labelled relationship: whoever sees the e-mail learns at most\n"
        "  that the recipient is a patient here, or has or had an appointment.\n"
        "\n"
        "What each place may tell\n"
        "  subject, preheader, sender  public\n"
        "  body                        relationship\n"
        "  addresses of links          public\n"
        "  names that leave            public\n"
        "  That is profile strict.\n"
        f"{textwrap.fill(assurance(), 80, initial_indent='  ', subsequent_indent='  ')}\n"
        "\n"
        "What may stop it\n"
        "  - they are no longer in the audience\n"
        "  - they are in a segment that is excluded from essential mail\n"
        "  - their address bounced, is suppressed or is missing\n"
        "  - they have died, or are a minor\n"
        "  - it is later than it may be sent"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"audience": condition(Const(True)), "audience_name": "everyone"}, "Every patient (the segment `everyone`)."),
        ({"layer": "updates"}, "- they opted out of updates mail, or never agreed where that is needed"),
        ({"layer": "promotional"}, "- they got 1 of our other e-mails within P7D: then it waits, and may expire"),
        ({"stop_when": condition(Set(STATUS))}, "- the campaign has ended for them: `appointment.status` is known"),
        ({"per_day": 20}, "- 20 first e-mails have gone out that day: then it waits, and may expire"),
        ({"fallback": "phone"}, "- if it was due and can't go, the practice gets a task: call"),
        ({"deliver": "portal"}, "The words go to the portal; the e-mail says only that a message is waiting there."),
    ],
)
def test_what_a_campaign_may_add(change: dict[str, Any], words: str) -> None:
    assert words in told(replace(CAMPAIGN, **change), width=100)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"offset": None, "dates": {"": "2026-09-08"}, "expires": ""},
            "On 2026-09-08, at 09:00 in the time zone of the site.",
        ),
        ({"offset": None, "dates": {"nb": "2026-09-08"}}, "On 2026-09-08, at 09:00 in the time zone of the site (nb)."),
        ({"zone": "patient"}, "in the time zone of the recipient (else of the site)."),
        ({"zone": "Europe/Oslo"}, "in the time zone of Europe/Oslo."),
        ({"at": ""}, "7 days before `appointment.start`."),
        ({"anchor": "entry"}, "7 days before the day on which the patient first came into the audience, at 09:00"),
        ({"shift": "next"}, "On a day that is no working day, it goes on the next working day."),
        ({"quiet": "skip"}, "If it falls into quiet hours, it is not sent at all."),
        ({"repeat": parse_offset("P1M"), "times": 3}, "Again every 1 month, 3 times in all."),
        (
            {"expires": ""},
            "If it is late, it is sent for 24 hours, but never later than 2 hours before `appointment.start`.",
        ),
        ({"expires": "", "offset": parse_offset("P1D")}, "If it is late, it is sent for 24 hours, and not after that."),
        ({"expires": "2026-10-01"}, "If it is late, it is sent until 2026-10-01, and not after that."),
    ],
)
def test_how_a_send_reads(change: dict[str, Any], words: str) -> None:
    assert words in told(email=replace(EMAIL, send=replace(SEND, **change)), width=120)


def test_the_emails_own_condition() -> None:
    text = told(email=replace(EMAIL, condition=condition(Set(STATUS), "appointment.status")))
    assert "  This e-mail only if `appointment.status` is known.\n  Both are asked again" in text
    assert "or its condition is no longer true" in text


def test_without_a_stand_in_for_all_others_they_get_nothing() -> None:
    assert "People of any other language don't get it, and are reported." in told(fallback={})


def test_colour_only_when_asked() -> None:
    assert "\x1b" not in told()
    assert "\x1b[1mreminders/week-before" in told(colour=True)
