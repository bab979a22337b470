"""A good small practice, held in memory: tests change a file of it and see what is found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

CAMPCOMPILE = """\
practice:
  name: Fjordklinikken
  legal_name: Fjordklinikken AS
  address: ["Strandgaten 14", "5013 Bergen", "Norway"]
  phone: "+47 55 50 12 34"
  emergency: "113"
  email: post@fjordklinikken.example
  website: https://fjordklinikken.example
  time_zone: Europe/Oslo
  holidays: "NO"
  staff: [Ingrid Hansen, Lars Berg]
  public_numbers: ["116 117"]
jurisdictions: ["NO"]
as_of: "2026-11-02"
profile: strict
locales: {default: en, others: [fr, nb, zh-Hant], fallback: {nn: nb, "*": en}}
quiet_hours: "21:00-08:00"
frequency_cap: {max: 1, per: P7D}
layout: clinic
senders:
  care: {from: "Fjordklinikken <pasient@fjordklinikken.example>", reply_to: post@fjordklinikken.example}
links:
  book: https://time.fjordklinikken.example/
  directions: https://fjordklinikken.example/finn-oss
  confirm: {personal: time.fjordklinikken.example}
opt_out:
  page: https://fjordklinikken.example/valg
  one_click: https://fjordklinikken.example/u
  mailto: avmeld@fjordklinikken.example
  within: PT24H
privacy_notice:
  en: https://fjordklinikken.example/en/privacy
  fr: https://fjordklinikken.example/fr/privacy
  nb: https://fjordklinikken.example/personvern
  zh-Hant: https://fjordklinikken.example/zh/privacy
targets:
  relay: {dialect: smtp, tls: required}
"""

DICTIONARY = """\
records:
  patient: {person: true}
  appointment: {of: patient}
fields:
  patient.email: {type: email, label: contact, hipaa: F}
  patient.locale: {type: locale, label: contact, required: true}
  patient.country: {type: country, label: contact, required: true}
  patient.first_name: {type: text, label: contact, hipaa: A}
  patient.topics: {type: {list: text}, label: contact}
  appointment.start: {type: datetime, label: relationship, required: true, hipaa: C}
  appointment.status: {type: {choice: [booked, cancelled]}, label: relationship, required: true}
"""

SEGMENTS = """\
readers:
  title: Readers of the newsletter
  where: has(patient.topics, "news")
upcoming:
  title: People with an appointment
  where: appointment.status == "booked"
"""

PHRASES = """\
greeting:
  en: Hello{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},
  fr: Bonjour{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},
  nb: Hei{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},
  zh-Hant: "{% if recipient.first_name is set %}{{ recipient.first_name }}{% endif %}您好："
"""

CONSENT = """\
consents:
  news: {title: News, layers: [updates], purposes: [operations, marketing, review], version: v1, max_age: P36M}
  offers: {title: Offers by e-mail, layers: [promotional], purposes: [marketing, referral], version: v1, max_age: P24M}
bases:
  - {purpose: treatment, layer: essential, in: ["NO", CA, FR, GB, TW, US], up_to: special, basis: care}
  - {purpose: treatment, layer: updates, in: ["NO", CA, FR, GB, TW, US], up_to: special, basis: care}
  - {purpose: operations, layer: essential, in: ["NO", CA, FR, GB, TW, US], up_to: special, basis: care}
  - {purpose: operations, layer: updates, in: ["NO", CA, FR, GB, TW, US], up_to: relationship, consent: news}
  - {purpose: marketing, layer: updates, in: ["NO", CA, FR, GB, TW, US], up_to: relationship, consent: news}
  - {purpose: review, layer: updates, in: ["NO", CA, FR, GB, TW, US], up_to: relationship, consent: news}
  - {purpose: marketing, layer: promotional, in: ["NO", CA, FR, GB, TW, US], up_to: relationship, consent: offers}
  - {purpose: referral, layer: promotional, in: ["NO", CA, FR, GB, TW, US], up_to: relationship, consent: offers}
  - {purpose: b2b, layer: promotional, in: ["NO", CA, FR, GB, TW, US], up_to: contact, basis: b2b_function}
"""

LETTER = """\
title: A letter
code: lt26
purpose: operations
layer: updates
sender: care
audience: readers
locales: [en]
emails:
  - id: letter
    send: {date: "2026-12-01", at: "09:00"}
    subject: News from the fjord
    preheader: What is new this winter
    body:
      - phrase: greeting
      - text: we are open all winter.
      - button: {label: Book a time, to: links.book}
"""

BASE = {
    "campcompile.yaml": CAMPCOMPILE,
    "campaigns/_shared/dictionary.yaml": DICTIONARY,
    "campaigns/_shared/segments.yaml": SEGMENTS,
    "campaigns/_shared/phrases.yaml": PHRASES,
    "campaigns/_shared/consent.yaml": CONSENT,
    "campaigns/letter/campaign.yaml": LETTER,
}


def workspace(overrides: dict[str, str | bytes] | None = None) -> dict[str, bytes]:
    """The files of the practice, some replaced or added; an override of "" takes a file away."""
    files = {**BASE, **(overrides or {})}
    return {path: text.encode() if isinstance(text, str) else text for path, text in files.items() if text}


def lay(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files below a folder, which comes back."""
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return root
