"""A hundred single edits of the example campaigns, each with the place and the code of the finding it must give.

`new` replaces the first `old` of the file; «…» in it marks the text that the finding must point at, from its
first code point on. `offers` is the name that the message or its help must offer.
"""

from __future__ import annotations

from typing import NamedTuple


class Edit(NamedTuple):
    file: str
    old: str
    new: str
    code: str
    offers: str = ""


_AP = "campaigns/appointment-reminders/campaign.yaml"
_AP_FR = "campaigns/appointment-reminders/fr.yaml"
_AP_NB = "campaigns/appointment-reminders/nb.yaml"
_AP_ZH = "campaigns/appointment-reminders/zh-Hant.yaml"
_WE = "campaigns/welcome-series/campaign.yaml"
_AN = "campaigns/annual-check/campaign.yaml"
_RE = "campaigns/reactivation/campaign.yaml"
_CH = "campaigns/child-reminders/campaign.yaml"
_NL = "campaigns/newsletter/campaign.yaml"
_SG = "campaigns/season-greeting/campaign.yaml"
_FT = "campaigns/four-tests/campaign.yaml"
_RO = "campaigns/referrer-outreach/campaign.yaml"
_SC = "campaigns/screening-offers/campaign.yaml"
_NS = "campaigns/no-show-follow-up/campaign.yaml"
_LO = "campaigns/site-opening/campaign.yaml"
_DI = "campaigns/_shared/dictionary.yaml"
_SE = "campaigns/_shared/segments.yaml"
_PH = "campaigns/_shared/phrases.yaml"
_CO = "campaigns/_shared/consent.yaml"
_CC = "campcompile.yaml"

EDITS: tuple[Edit, ...] = (
    # keys
    Edit(_AP, "audience:", "«audiance»:", "SCH", "audience"),
    Edit(_AP, "    subject:", "    «subjct»:", "SCH", "subject"),
    Edit(_AP, "    preheader:", "    «preheder»:", "SCH", "preheader"),
    Edit(_AP, "    send: {offset", "    send: {«ofset»", "SCH", "offset"),
    Edit(_AP, "expires: -P4D", "«expire»: -P4D", "SCH", "expires"),
    Edit(_AP, "quiet: earlier", "«quite»: earlier", "SCH", "quiet"),
    Edit(_AP, "purpose:", "«purpous»:", "SCH", "purpose"),
    Edit(_AP, "anchor:", "«ancor»:", "SCH", "anchor"),
    Edit(_AP, "{label: Confirm or change, to:", "{«lable»: Confirm or change, to:", "SCH", "label"),
    Edit(_AP, "links.confirm}\n  - id: three", "links.confirm, «hint»: x}\n  - id: three", "SCH"),
    Edit(_NL, "    reviewed: {by:", "    reviewed: {«bye»:", "SCH", "by"),
    Edit(_SE, "  title: People with a booked", "  «titel»: People with a booked", "SCH", "title"),
    Edit(_CC, "quiet_hours:", "«quiethours»:", "SCH", "quiet_hours"),
    Edit(_CC, "  time_zone: Europe/Oslo", "  «timezone»: Europe/Oslo", "SCH", "time_zone"),
    Edit(_DI, "label: contact, hipaa: F", "label: contact, «hippa»: F", "SCH", "hipaa"),
    Edit(_CO, "    max_age: P36M", "    «maxage»: P36M", "SCH", "max_age"),
    # closed choices
    Edit(_AP, "purpose: treatment", "purpose: «treatement»", "SCH", "treatment"),
    Edit(_AP, "layer: essential", "layer: «esential»", "SCH", "essential"),
    Edit(_AP, "quiet: skip", "quiet: «skipp»", "SCH", "skip"),
    Edit(_AN, "shift: next", "shift: «nxt»", "SCH", "next"),
    Edit(_AP, "show: [weekday, date", "show: [«weekdey», date", "SCH", "weekday"),
    Edit(_FT, "metric: click", "metric: «clicks»", "SCH", "click"),
    Edit(_DI, "{type: email, label: contact, hipaa: F}", "{type: «e-mail», label: contact, hipaa: F}", "SCH", "email"),
    Edit(_DI, "label: contact, hipaa: F", "label: «contacts», hipaa: F", "SCH", "contact"),
    Edit("campaigns/reminder-with-phone/campaign.yaml", "fallback: phone", "fallback: «fone»", "SCH", "phone"),
    Edit(_CC, "profile: strict", "profile: «strickt»", "SCH", "strict"),
    # missing and wrong shapes
    Edit(_AP, "code: ap71\n", "code: «AP-71»\n", "SCH"),
    Edit(_AP, "    preheader: Please confirm or change the time\n", "", "SCH"),
    Edit(_RE, "title: We have not seen you for a while\n", "", "SCH"),
    Edit(_AP, 'at: "09:00", expires: -P4D', "at: «930», expires: -P4D", "SCH"),
    Edit(_AP, "  - id: week-before", "  - id: «7-days»", "SCH"),
    Edit(_DI, "required: true, hipaa: C}", "required: «yes», hipaa: C}", "SCH", "true"),
    Edit(_AP, '    subject: "A message from {{ practice.name }}"', "    subject: «~»", "SCH"),
    Edit(_CC, "practice:\n", "format: «2»\npractice:\n", "SCH"),
    # fields
    Edit(
        _NS, "{{ appointment.start | weekday }}", "{{ «appointment.strat» | weekday }}", "FLD001", "appointment.start"
    ),
    Edit(_PH, "{{ practice.phone }}", "{{ «practice.fone» }}", "REF002", "practice.phone"),
    Edit(
        _PH,
        "recipient.first_name is set %} {{ recipient.first_name }}",
        "«recipient.frist_name» is set %} {{ recipient.first_name }}",
        "FLD001",
        "recipient.first_name",
    ),
    Edit(
        _AP,
        'appointment.no_show_risk == "high"',
        '«appointment.noshow_risk» == "high"',
        "FLD001",
        "appointment.no_show_risk",
    ),
    Edit(
        _AP,
        "    if: appointment.no_show_risk",
        "    if: «appointement.no_show_risk»",
        "FLD001",
        "appointment.no_show_risk",
    ),
    Edit(_AP, "anchor: appointment.start", "anchor: «appointment.begin»", "REF002"),
    Edit(_AN, "goal: patient.next_visit is set", "goal: «patient.next_vist» is set", "FLD001", "patient.next_visit"),
    Edit(_AN, "age(patient.birth_date) >= 65", "age(«patient.birthdate») >= 65", "FLD001", "patient.birth_date"),
    Edit(_SE, "age(patient.birth_date) >= 18", "age(«patient.birth_dat») >= 18", "FLD001", "patient.birth_date"),
    Edit(
        _RE, "{{ patient.last_visit | elapsed }}", "{{ «patient.lastvisit» | elapsed }}", "FLD001", "patient.last_visit"
    ),
    Edit(
        _WE,
        "anchor: patient.first_visit, offset: -P3D",
        "anchor: «patient.first_vist», offset: -P3D",
        "REF002",
        "patient.first_visit",
    ),
    Edit(_DI, "next(appointment.start)", "next(«appointment.star»)", "FLD001", "appointment.start"),
    Edit(
        _DI,
        "where: 'appointment.status == \"fulfilled\"'",
        "where: '«appointment.statuss» == \"fulfilled\"'",
        "FLD001",
        "appointment.status",
    ),
    Edit(_CH, "{{ patient.first_name }} has", "{{ «patient.firstname» }} has", "FLD001", "patient.first_name"),
    Edit(
        _AP, "Late or lost? Call {{ practice.phone }}.", "Late or lost? Call {{ «phone» }}.", "FLD001", "practice.phone"
    ),
    Edit(_CH, "{{ patient.first_name }} has", "{{ «recipient.first_name» }} has", "FLD002"),
    Edit(_NS, "{{ appointment.start | date }}", "{{ «appointment.provider» }}", "FLD002"),
    Edit(_NS, "{{ appointment.start | date }}", "{{ «appointment.start» }}", "FLD003", "date"),
    Edit(_NS, "{{ appointment.start | date }}", "{{ appointment.start | «dat» }}", "", "date"),
    Edit(_NS, "{{ appointment.start | date }}", "{{ «practice.phone» | date }}", "FLD003"),
    Edit(_RO, "we have short waiting times", "we have seen {{ «patient.first_name» }}", "REF003"),
    Edit(_WE, "    if: appointment.status", "    if: «procedure.status»", "REF003"),
    Edit(
        _AN,
        "text: it is a good time to book a visit.",
        "text: on {{ «appointment.start» | date }}.",
        "REF003",
        "patient.next_visit",
    ),
    # segments, phrases, links, senders …
    Edit(_AP, "audience: upcoming-appointments", "audience: «upcoming-apointments»", "REF001", "upcoming-appointments"),
    Edit(_NL, "audience: newsletter-readers", "audience: «newsletter-reader»", "REF001", "newsletter-readers"),
    Edit(_SC, 'segment("mammogram-due")', 'segment(«"mamogram-due"»)', "REF001", "mammogram-due"),
    Edit(_LO, 'segment("newsletter-readers")', 'segment(«"newsletters-readers"»)', "REF001", "newsletter-readers"),
    Edit(_AP, "phrase: greeting", "phrase: «greting»", "REF002", "greeting"),
    Edit(_AP, "to: links.confirm", "to: «links.confrim»", "REF002", "links.confirm"),
    Edit(_NL, "to: links.book", "to: «links.bok»", "REF002", "links.book"),
    Edit(_AP, "sender: care", "sender: «caer»", "REF002", "care"),
    Edit(_WE, "src: team.jpg", "src: «Team.jpg»", "REF002", "team.png"),
    Edit(_CH, "recipient: guardian", "recipient: «gaurdian»", "REF002", "guardian"),
    Edit(_NL, "locales: [en, nb]", "locales: [en, «nn»]", "REF002", "nb"),
    Edit(_SG, 'fr: "2027-01-04"', '«fi»: "2027-01-04"', "REF002"),
    Edit(_CC, "time_zone: Europe/Oslo", "time_zone: «Europe/Olso»", "REF002", "Europe/Oslo"),
    Edit(_CC, '"*": en', '"*": «eng»', "REF002", "en"),
    Edit(_CO, "consent: news", "consent: «newz»", "REF002", "news"),
    Edit(_DI, "{of: patient}", "{of: «pateint»}", "REF002", "patient"),
    # blocks
    Edit(_AP, "      - appointment\n", "      - «apointment»\n", "SCH", "appointment"),
    Edit(_AP, "      - button: {label: Confirm", "      - «buton»: {label: Confirm", "SCH", "button"),
    Edit(_AP, "      - checklist:", "      - «cheklist»:", "SCH", "checklist"),
    Edit(_AP, "      - place", "      - «placee»", "SCH", "place"),
    # choices and types in conditions
    Edit(_AP, 'no_show_risk == "high"', 'no_show_risk == «"hihg"»', "FLD003", "high"),
    Edit(
        _AP, 'goal: appointment.status == "confirmed"', 'goal: appointment.status == «"confirm"»', "FLD003", "confirmed"
    ),
    Edit(
        _SE,
        'appointment.status in ["booked", "confirmed"]',
        'appointment.status in [«"boked"», "confirmed"]',
        "FLD003",
        "booked",
    ),
    Edit(_AN, 'patient.sex == "female" and', 'patient.sex == «"woman"» and', "FLD003"),
    Edit(_SE, "age(patient.birth_date) >= 18", 'age(patient.birth_date) >= «"18"»', "FLD003"),
    Edit(_SE, "age(patient.birth_date) >= 18", "«age(patient.first_name)» >= 18", "FLD003"),
    Edit(_LO, 'patient.site == "loddefjord"', 'patient.site == «"lodefjord"»', "REF002", "loddefjord"),
    Edit(_SE, 'has(patient.programmes, "diabetes")', '«has(patient.first_name, "diabetes")»', "FLD003"),
    Edit(_SE, "where: patient.registered_at is set", "where: «patient.registered_at»", "FLD003"),
    Edit(_AN, "goal: patient.next_visit is set", 'goal: patient.next_visit > «"2026-13-01"»', "FLD003"),
    # grammar of conditions and templates
    Edit(_AP, 'no_show_risk == "high"', 'no_show_risk «=» "high"', "TPL", "=="),
    Edit(_SE, "patient.in_palliative_care or patient", "patient.in_palliative_care «||» patient", "TPL", "or"),
    Edit(_AN, "goal: patient.next_visit is set", "goal: patient.next_visit «is not null»", "TPL", "is set"),
    Edit(_AP, "Call {{ practice.phone }}.", "Call «{{» practice.phone }.", "TPL"),
    Edit(_CH, "{% endif %} a visit", " a visit", "TPL"),
    Edit(_CH, "{% else %}", "{% «else if» x %}", "TPL", "elif"),
    # dates and times
    Edit(_AP, "offset: -P7D", "offset: «7 days before»", "SCH"),
    Edit(_AP, "offset: -PT24H,", 'offset: -PT24H, at: «"09:00"»,', "SCH051"),
    Edit(_NL, 'date: "2026-09-08"', 'date: «"2026-09-31"»', "SCH050"),
    Edit(_AP, "expires: -P4D", "expires: «-P9D»", "SCH051"),
    Edit(_AP, "quiet: skip, expires: -PT1H", "quiet: skip", "SCH051"),
    Edit(_CC, 'quiet_hours: "21:00-08:00"', 'quiet_hours: «"21-08"»', "SCH"),
    Edit(_AP, "  - id: three-days-before", "  - id: «week-before»", "REF004"),
    Edit(_RE, "code: re90", "code: «we44»", "REF004"),
    # translations
    Edit(_AP_FR, "week-before:", "«week-befor»:", "LIF005", "week-before"),
    Edit(_AP_NB, "    - button: Bekreft eller endre\n", "", "LIF005"),
    Edit(_AP_ZH, "    - button: 確認或更改", "    - «details»: 確認或更改", "LIF005"),
    Edit(_AP_NB, "items: [Legitimasjon, Forsikringskort, ", "items: «[Forsikringskort, »", "LIF005"),
    Edit(_AP_FR, 'Appelez le {{ practice.phone }}."', 'Appelez-nous."', "LIF005"),
    Edit(_AP_FR, '  subject: "Un message de {{ practice.name }}"\n  preheader: Accès', "  preheader: Accès", "LIF005"),
    Edit(_PH, "  nb: Hei{% if", "  «no»: Hei{% if", "REF002"),
    # YAML
    Edit(_AP, "preheader: What to bring", "preheader: Bring«: »your card: and ID", "SYN"),
    Edit(_AP, "preheader: What to bring", "preheader: Room «#4 please»", "SYN"),
    Edit(_AP, "sender: care", "sender: care\n«sender»: office", "SYN"),
    Edit(_AP, "code: ap71", "code: «&c» ap71", "SYN"),
)
