"""A practice with two campaigns that the tests of this folder edit, and the account of an edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache

from campcompile.changes.account import Account
from campcompile.changes.compare import Side, account_of
from campcompile.cli.reporting import report_of
from campcompile.compiler import Compilation, compile_files
from campcompile.report.fingerprint import fingerprints
from tests.rules.examples import picture
from tests.workspace import CAMPCOMPILE, DICTIONARY, PHRASES, SEGMENTS, workspace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CC = "campcompile.yaml"
DI, SE, PH, CO = (f"campaigns/_shared/{name}.yaml" for name in ("dictionary", "segments", "phrases", "consent"))
RE = "campaigns/reminders/campaign.yaml"
NE = "campaigns/news/campaign.yaml"
NB = "campaigns/news/nb.yaml"
TH = "layouts/theme.yaml"

REMINDERS = """\
title: Appointment reminders
code: ap71
purpose: treatment
layer: essential
sender: care
audience: upcoming
anchor: appointment.start
goal: appointment.status == "booked"
locales: [en]
emails:
  - id: week-before
    send: {offset: -P7D, at: "09:00", expires: -P4D}
    subject: "A message from {{ practice.name }}"
    preheader: One thing for you to confirm
    body:
      - phrase: greeting
      - text: You have an appointment at {{ practice.name }}. Here are the details.
      - appointment: {show: [weekday, date, time]}
      - button: {label: Confirm or change, to: links.confirm}
  - id: day-before
    send: {offset: -P1D, at: "10:00", quiet: earlier}
    subject: "How to find {{ practice.name }}"
    preheader: Address, directions and our telephone number
    body:
      - text: We will see you soon. This is when and where.
      - checklist:
          title: Please bring
          items: [Photo ID, Your questions]
      - place
      - text: The entrance is step-free.
  - id: week-after
    if: appointment.status == "booked"
    send: {offset: P7D, at: "09:00"}
    subject: "A question from {{ practice.name }}"
    preheader: Tell us how we can help you
    body:
      - text: How are you getting on? Call {{ practice.phone }} if anything is unclear.
"""
NEWS = """\
title: News from the fjord
code: nl20
purpose: operations
layer: updates
sender: care
audience: readers
locales: [en, nb]
emails:
  - id: winter
    send: {date: "2026-12-01", at: "09:00"}
    subject: News from the fjord
    preheader: What is new this winter
    body:
      - text: |
          We are open all winter. Our new nurse is called Ingrid Hansen.

          See [how to find us](links.directions).
      - image: {src: team.png, alt: Our team in the garden}
      - button: {label: Book a time, to: links.book}
"""
NORWEGIAN = """\
winter:
  of: "00000000"
  subject: Nytt fra fjorden
  preheader: Dette er nytt i vinter
  body:
    - text: |
        Vi har åpent hele vinteren. Vår nye sykepleier heter Ingrid Hansen.

        Se [hvordan du finner oss](links.directions).
    - image: Teamet vårt i hagen
    - button: Bestill time
"""
CONSENT = """\
consents:
  news: {title: News by e-mail, layers: [updates], purposes: [operations, marketing], version: v1, max_age: P36M}
bases:
  - {purpose: treatment, layer: essential, in: ["NO"], up_to: special, basis: care}
  - {purpose: operations, layer: updates, in: ["NO"], up_to: relationship, consent: news}
"""
THEME = 'colours:\n  accent: "#0b5e6b"\nradius: 8\n'
EXCLUDED = 'no-contact:\n  title: Nobody\n  where: patient.first_name == "-"\n  exclude_from: [updates]\n'

CLINIC: Mapping[str, str | bytes] = {
    CC: CAMPCOMPILE,
    DI: DICTIONARY,
    SE: SEGMENTS + EXCLUDED,
    PH: PHRASES,
    CO: CONSENT,
    RE: REMINDERS,
    NE: NEWS,
    NB: NORWEGIAN,
    TH: THEME,
    "assets/team.png": picture("300 x 200 px"),
    "campaigns/letter/campaign.yaml": "",
}


def files_with(overrides: Mapping[str, str | bytes]) -> dict[str, bytes]:
    return workspace({**CLINIC, **overrides})


def side(files: Mapping[str, bytes], name: str = "here") -> Side:
    made = compiled(tuple(sorted(files.items())))
    paths = (path.split("/") for path in files)
    return Side(
        name=name,
        compilation=made,
        prints=fingerprints(report_of(made)),
        folders=frozenset(parts[1] for parts in paths if parts[-1] == "campaign.yaml"),
    )


@cache
def compiled(files: tuple[tuple[str, bytes], ...]) -> Compilation:
    return compile_files(dict(files), as_of=NOW.date(), now=NOW, lint_only=True)


def account(overrides: Mapping[str, str | bytes], base: Mapping[str, str | bytes] | None = None) -> Account:
    """What becomes of the practice with these files instead."""
    return account_of(side(files_with(base or {}), "before"), side(files_with(overrides), "after"))
