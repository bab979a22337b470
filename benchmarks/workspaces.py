"""Made-up workspaces of any size in the campaign language, the same bytes for the same size.

    python benchmarks/workspaces.py 1000 /tmp/thousand

An e-mail is counted as e-mail × locale: a campaign has five e-mails in four locales, so it counts for twenty.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

LOCALES = ("en", "fr", "nb", "zh-Hant")
EMAILS_A_CAMPAIGN = 5
MESSAGES_A_CAMPAIGN = EMAILS_A_CAMPAIGN * len(LOCALES)

WORKSPACE = """\
practice:
  name: Northside Clinic
  legal_name: Northside Clinic AS
  address: ["High Street 12", "5013 Bergen", "Norway"]
  phone: "+47 55 50 12 34"
  email: post@northside.example
  website: https://northside.example
  emergency: "113"
  time_zone: Europe/Oslo
  holidays: "NO"
sites:
  centre: {}
jurisdictions: ["NO"]
as_of: "2026-08-15"
profile: strict
locales: {default: en, others: [fr, nb, zh-Hant], fallback: {"*": en}}
quiet_hours: "21:00-08:00"
senders:
  care: {from: "Northside Clinic <care@northside.example>", reply_to: post@northside.example}
links:
  portal: https://portal.northside.example/
  book: https://time.northside.example/
  confirm: {personal: time.northside.example}
opt_out:
  page: https://northside.example/choices
  one_click: https://northside.example/u
  mailto: unsubscribe@northside.example
  within: PT24H
privacy_notice:
  en: https://northside.example/en/privacy
  fr: https://northside.example/fr/privacy
  nb: https://northside.example/personvern
  zh-Hant: https://northside.example/zh/privacy
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
  patient.last_name: {type: text, label: contact, hipaa: A}
  patient.birth_date: {type: date, label: contact, hipaa: C}
  appointment.start: {type: datetime, label: relationship, required: true, hipaa: C}
  appointment.status: {type: {choice: [booked, confirmed, cancelled]}, label: relationship, required: true}
  appointment.site: {type: site, label: relationship}
  appointment.provider: {type: text, label: relationship}
"""

SEGMENT = """\
upcoming-{n}:
  title: People with a booked appointment at desk {n}
  where: appointment.status in ["booked", "confirmed"] and appointment.provider == "desk {n}"
"""

PHRASES = """\
greeting:
  en: Hello{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},
  fr: Bonjour{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},
  nb: Hei{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},
  zh-Hant: "{% if recipient.last_name is set %}{{ recipient.last_name }}{% endif %}您好："
"""

CONSENT = """\
consents:
  news: {title: News by e-mail, layers: [updates], purposes: [operations], version: v1, max_age: P36M}
bases:
  - {purpose: treatment, layer: essential, in: ["NO"], up_to: special, basis: care}
"""

CAMPAIGN = """\
title: Reminders of desk {n}
code: {code}
purpose: treatment
layer: essential
sender: care
audience: upcoming-{n}
anchor: appointment.start
emails:
"""

EMAIL = """\
  - id: days-{days}
    send: {{offset: -P{days}D, at: "09:00", expires: -P1D}}
    subject: "A message from {{{{ practice.name }}}}"
    preheader: Please read this before you come
    body:
      - phrase: greeting
      - text: |
          we look forward to seeing you at desk {n}. **Please arrive {minutes} minutes early.**

          You can change the time until the day before, on the pages of the clinic or by calling
          {{{{ practice.phone }}}}. If you are late, call us: we keep your place as long as we can.
      - appointment
      - checklist:
          title: Please bring
          items: [Photo ID, Your insurance card, "Form {n}-{days}"]
      - text: |
          ## The way here
          The tram stops at the door. There is parking behind the house, {minutes} minutes free of charge.
      - button: {{label: Confirm or change, to: links.confirm}}
      - place
"""

TRANSLATIONS = {
    "fr": """\
days-{days}:
  subject: "Un message de {{{{ practice.name }}}}"
  preheader: À lire avant de venir
  body:
    - text: |
        nous serons heureux de vous accueillir au bureau {n}. **Merci d'arriver {minutes} minutes en avance.**

        Vous pouvez modifier l'horaire jusqu'à la veille, sur les pages du cabinet ou en appelant le
        {{{{ practice.phone }}}}. En cas de retard, appelez-nous : nous gardons votre place autant que possible.
    - checklist:
        title: À apporter
        items: ["Pièce d'identité", "Carte d'assurance", "Formulaire {n}-{days}"]
    - text: |
        ## Comment venir
        Le tram s'arrête devant la porte. Un parking se trouve derrière la maison, {minutes} minutes gratuites.
    - button: Confirmer ou modifier
""",
    "nb": """\
days-{days}:
  subject: "En melding fra {{{{ practice.name }}}}"
  preheader: Les dette før du kommer
  body:
    - text: |
        vi gleder oss til å se deg ved skranke {n}. **Kom gjerne {minutes} minutter før.**

        Du kan endre tidspunktet til dagen før, på klinikkens sider eller ved å ringe
        {{{{ practice.phone }}}}. Blir du forsinket, så ring oss: vi holder av plassen så lenge vi kan.
    - checklist:
        title: Ta med
        items: [Legitimasjon, Forsikringskort, "Skjema {n}-{days}"]
    - text: |
        ## Veien hit
        Banen stopper ved døren. Det er parkering bak huset, {minutes} minutter gratis.
    - button: Bekreft eller endre
""",
    "zh-Hant": """\
days-{days}:
  subject: "來自{{{{ practice.name }}}}的訊息"
  preheader: 請於來院前閱讀
  body:
    - text: |
        期待在 {n} 號櫃檯與您見面。**請提前 {minutes} 分鐘報到。**

        您可以在前一天以前，於診所網頁或來電 {{{{ practice.phone }}}} 更改時間。
        若會遲到，請來電告知，我們會盡量為您保留。
    - checklist:
        title: 請攜帶
        items: [身分證件, 健保卡, "表單 {n}-{days}"]
    - text: |
        ## 交通
        電車站就在門口。屋後設有停車場，{minutes} 分鐘內免費。
    - button: 確認或更改
""",
}


def write_workspace(root: Path, messages: int) -> int:
    """A workspace of at least `messages` e-mails at `root`, whose old content goes; how many they are."""
    shutil.rmtree(root, ignore_errors=True)
    campaigns = -(-messages // MESSAGES_A_CAMPAIGN)
    segments = "".join(SEGMENT.format(n=n) for n in range(1, campaigns + 1))
    shared = {"dictionary": DICTIONARY, "segments": segments, "phrases": PHRASES, "consent": CONSENT}
    _write(root / "campcompile.yaml", WORKSPACE)
    for name, text in shared.items():
        _write(root / "campaigns" / "_shared" / f"{name}.yaml", text)
    for n in range(1, campaigns + 1):
        _write_campaign(root / "campaigns" / f"desk-{n}", n)
    return campaigns * MESSAGES_A_CAMPAIGN


def _write_campaign(folder: Path, n: int) -> None:
    each = [{"n": n, "days": days, "minutes": 5 + (n + days) % 50} for days in range(EMAILS_A_CAMPAIGN + 1, 1, -1)]
    emails = "".join(EMAIL.format(**values) for values in each)
    _write(folder / "campaign.yaml", CAMPAIGN.format(n=n, code=f"q{n:05d}") + emails)
    for locale, words in TRANSLATIONS.items():
        _write(folder / f"{locale}.yaml", "".join(words.format(**values) for values in each))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    print(write_workspace(Path(sys.argv[2]), int(sys.argv[1])), "e-mails")
