"""Where the seeds contradict each other, or the law: each topic a campaign, with the outcome that was decided on.

Every topic of the list is here: as a campaign with all that is found about it, or as what makes the question moot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from campcompile.compiler import Compilation, compile_files
from campcompile.rules.registry import all_rules
from tests.workspace import CAMPCOMPILE, DICTIONARY, LETTER, SEGMENTS, workspace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SETTINGS, FIELDS, SHARED = "campcompile.yaml", "campaigns/_shared/dictionary.yaml", "campaigns/_shared/segments.yaml"
CAMPAIGN, CONSENT = "campaigns/letter/campaign.yaml", "campaigns/_shared/consent.yaml"
NO, FR, TW, US, WA = '["NO"]', "[FR]", "[TW]", "[US]", "[US-WA]"
HEALTH = DICTIONARY + "  patient.services: {type: {list: text}, label: health}\n"
TREATED = SEGMENTS.replace('has(patient.topics, "news")', 'has(patient.services, "physiotherapy")')
CARE = {"purpose: operations": "purpose: treatment", "layer: updates": "layer: essential"}
UPCOMING = {
    "audience: readers": "audience: upcoming\nanchor: appointment.start",
    '{date: "2026-12-01", at: "09:00"}': '{offset: -P3D, at: "09:00", expires: -P1D}',
}
IN_FRENCH = {
    "locales: [en]": "locales: [fr]",
    "preheader: What is new this winter": "preheader: Nos horaires de cet hiver",
    "text: we are open all winter.": "text: nous sommes ouverts tout l'hiver.",
    "Book a time": "Prendre un rendez-vous",
}
MARKETING = {"purpose: operations": "purpose: marketing"}
REVIEW = {"purpose: operations": "purpose: review"}


@dataclass(frozen=True)
class Topic:
    says: str
    places: str
    letter: dict[str, str]  # what stands otherwise in the letter
    codes: str  # of errors and warnings, sorted
    files: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


def subject(words: str) -> dict[str, str]:
    return {"subject: News from the fjord": f"subject: {words}"}


def body(words: str) -> dict[str, str]:
    return {"text: we are open all winter.": f'text: "{words}"'}


def basis(place: str, up_to: str, rest: str) -> tuple[str, str]:
    row = f"{{purpose: marketing, layer: updates, in: [{place}], up_to: {up_to}, {rest}}}"
    consent = "news: {title: News, layers: [updates], purposes: [marketing], version: v1, max_age: P12M}"
    return CONSENT, f"consents:\n  {consent}\nbases:\n  - {row}\n"


def edited(letter: dict[str, str]) -> str:
    text = LETTER
    for old, new in letter.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


AGAIN = edited({"id: letter": "id: again", "2026-12-01": "2026-12-03", "News from": "More from"}).partition(
    "emails:\n"
)[2]
DUE = "  patient.mammography_due: {type: yes_no, label: health, missing: false}\n"
STANDARD = (("profile: strict", "profile: standard"),)
TOPICS = [
    Topic("an appointment in a subject, strict", NO, CARE | subject("Your appointment on Tuesday"), "PHI001"),
    Topic("an appointment in a subject, standard", NO, CARE | subject("Your appointment"), "", (), STANDARD),
    Topic("a segment by service, explicit consent missing, in France", FR, MARKETING, "CON003", (
        (FIELDS, HEALTH), (SHARED, TREATED), basis("FR", "health", "consent: news"))),
    Topic("a segment by service, in the United States", US, MARKETING, "", (
        (FIELDS, HEALTH), (SHARED, TREATED), basis("US", "health", "consent: news"))),
    Topic("an urgent subject, in Washington", WA, MARKETING | subject("Last chance for a check"), "CAN004"),
    Topic("an urgent subject, in Norway", NO, MARKETING | subject("Last chance for a check"), "CAN004"),
    Topic("cold mail to patients, in Norway", NO, MARKETING, "CON006", (
        (FIELDS, DICTIONARY.replace("{person: true}", "{person: true, source: purchased}")),)),
    Topic("cold mail to patients, in the United States", US, MARKETING, "CON006", (
        (FIELDS, DICTIONARY.replace("{person: true}", "{person: true, source: purchased}")),)),
    Topic("Mailchimp for a reminder", US, CARE | {"audience: readers": "audience: upcoming\nanchor: appointment.start",
          '{date: "2026-12-01", at: "09:00"}': '{offset: -P3D, at: "09:00", expires: -P1D}'}, "VEN001 VEN004", (),
          (("{dialect: smtp, tls: required}", "{dialect: mailchimp, tracking: {open: none, click: none}}"),)),
    Topic("reviews from the satisfied alone", US, REVIEW | {"audience: readers": "audience: {where: patient.nps >= 9}"},
          "ADV006", ((FIELDS, DICTIONARY + "  patient.nps: {type: number, label: contact}\n"),)),
    Topic("testimonies, in France", FR, body("The doctor saved my life, one of them writes."), "ADV004"),
    Topic("a reward for a referral", US, MARKETING | body("Refer a friend and get a $25 bonus."), "ADV005"),
    Topic("a discount on a course, in Taiwan", TW, MARKETING | body("20% off our skin course."), "ADV003", (),
          (("within: PT24H", "within: PT0M"),)),
    Topic("to stop by opens", NO, {"audience: readers": "audience: readers\nstop_when: patient.opens == 0"}, "TRK005", (
        (FIELDS, DICTIONARY + "  patient.opens: {type: number, label: contact}\n"),)),
    Topic("to stop by opens, in France", FR, {"audience: readers": "audience: readers\nstop_when: patient.opens == 0"},
          "TRK005", ((FIELDS, DICTIONARY + "  patient.opens: {type: number, label: contact}\n"),)),
    Topic("analytics on the way to booking", US, {}, "TRK002", (),
          (("https://time.fjordklinikken.example/", "https://time.fjordklinikken.example/?utm_source=mail"),)),
    Topic("advertisements after a click", US, {}, "TRK003", (),
          (("{dialect: smtp, tls: required}",
            "{dialect: smtp, vendor: meta-ads, signs: fjordklinikken.example, baa: {signed: 2026-01-01}}"),)),
    Topic("an opt-out in a reminder", NO, CARE | body("[No more](https://fjordklinikken.example/valg) news."),
          "CON011"),
    Topic("an old screening age", US, {
        **body("Mammograms are offered from age 50."),
        "subject: News": 'reviewed: {by: MD-17, source: leaflet, until: "2027-06-30"}\n    subject: News'}, "ADV009"),
    Topic("a procedure in a reminder", NO, CARE | UPCOMING | body("Your blood test is soon."), "PHI012"),
    Topic("the physician in a reminder", NO, CARE | UPCOMING | body("You will meet Ingrid Hansen."), ""),
    Topic("symptoms by return of mail, of one or of many", NO, body("Reply to this e-mail with photos of the wound."),
          "PHI015"),
    Topic("Paubox without an agreement", US, CARE | UPCOMING, "VEN001", (),
          (("{dialect: smtp, tls: required}", "{dialect: smtp, vendor: paubox, tls: required}"),)),
    Topic("more often than once a week", NO, {"to: links.book}\n": "to: links.book}\n" + AGAIN}, "TIM005"),
    Topic("a reminder beside a welcome, three days before", NO, CARE | UPCOMING, "TIM006", (
        ("campaigns/welcome/campaign.yaml", edited(CARE | UPCOMING | {"lt26": "wc26", "News from": "How to find"})),)),
    Topic("a screening for some bodies, offered to all", NO, CARE | body("Mammography is offered to you."), "SEG005"),
    Topic("a screening for those who are due", NO, CARE | body("Mammography is offered to you.") | {
        "audience: readers": "audience: {where: patient.mammography_due}"}, "", ((FIELDS, DICTIONARY + DUE),)),
    Topic("a subject longer than advised", NO,
          subject("All the news of the whole long winter season from the fjord and the hills"), "SUB001"),
]  # fmt: skip


def compiled(topic: Topic) -> Compilation:
    settings = CAMPCOMPILE.replace('["NO"]', topic.places, 1)
    for old, new in topic.settings:
        assert old in settings, old
        settings = settings.replace(old, new)
    files = {SETTINGS: settings, CAMPAIGN: edited(topic.letter), **dict(topic.files)}
    return compile_files(workspace(files), as_of=None, now=NOW, lint_only=True)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.says)
def test_a_contradiction_has_the_outcome_that_was_decided_on(topic: Topic) -> None:
    found = [one for one in compiled(topic).diagnostics if one.severity.value != "info"]
    assert " ".join(sorted({one.rule.code for one in found})) == topic.codes, [one.message for one in found]


EXAMPLES = {  # subjects that an article shows as good ones, with all that is found about them
    "Votre Rendez-vous Demain à 10h00": "PHI001 TIM008",
    "Comment s'est Passée Votre Récente Visite avec Dr. Johnson ?": "FLD005 PHI001 SUB001",
    "Connaissez-vous Quelqu'un qui a Besoin d'un Excellent Médecin ?": "ADV002 SUB001",
    "Conseils Santé de Mars du Dr. Smith": "FLD005 PHI001",
    "[Prénom], C'est l'Heure de Votre Bilan Annuel": "FLD005 PHI001",
}


@pytest.mark.parametrize("words", EXAMPLES)
def test_a_subject_that_is_shown_as_good_has_exactly_these_findings(words: str) -> None:
    letter = CARE | UPCOMING | IN_FRENCH | subject(f'"{words}"')
    found = [one for one in compiled(Topic("", FR, letter, "")).diagnostics if one.severity.value != "info"]
    assert " ".join(sorted({one.rule.code for one in found})) == EXAMPLES[words], [one.message for one in found]


def test_a_subject_may_name_who_writes_and_why_and_no_more() -> None:
    """Name, purpose, urgency where something ends, personalisation: the last two only as far as others allow."""
    codes = {
        words: {one.rule.code for one in compiled(Topic("", NO, subject(f'"{words}"'), "")).diagnostics}
        for words in ("{{ practice.name }}: winter hours", "News", "News for {{ patient.first_name }}")
    }
    assert list(codes.values())[:2] == [set(), {"SUB004"}]
    assert "PHI001" in codes["News for {{ patient.first_name }}"]


def test_a_claim_of_encryption_from_end_to_end_clears_nothing() -> None:
    """What a vendor says of itself and nobody has read is no ground for more than its agreement covers."""
    settings = ("{dialect: smtp, tls: required}", "{dialect: smtp, vendor: paubox, tls: required}")
    special = DICTIONARY + "  patient.in_group: {type: yes_no, label: special, missing: false}\n"
    letter = CARE | {"audience: readers": "audience: {where: patient.in_group}"}
    found = {
        one.rule.code for one in compiled(Topic("", US, letter, "", ((FIELDS, special),), (settings,))).diagnostics
    }
    assert found >= {"PHI014", "VEN001"}


def test_a_segment_by_service_is_not_safe_by_its_name() -> None:
    by_service = SEGMENTS.replace('has(patient.topics, "news")', 'has(patient.topics, "physiotherapy")')
    found = compiled(Topic("", NO, {}, "", ((SHARED, by_service),))).diagnostics
    assert [one.rule.code for one in found] == ["SEG006"]


def test_the_opt_out_is_asked_for_by_the_law_that_asks_for_it() -> None:
    page = all_rules()["CAN001"].manual
    assert "15 USC 7704" in page and "HIPAA" not in page and "45 CFR" not in page


def test_touch_targets_have_two_levels() -> None:
    page = all_rules()["A11Y008"].manual
    assert "24" in page and "44" in page


BANS = {
    "SUB002": {"en": "READ THIS TODAY", "fr": "Lisez ceci !!!", "nb": "LES DETTE NÅ I DAG", "zh-Hant": "請看！！！"},
    "SUB004": {"en": "News", "fr": "Nouvelles", "nb": "Nyhetsbrev", "zh-Hant": "通知"},
    "CAN004": {
        "en": "Last chance to visit our house",
        "fr": "Dernière chance de nous voir",
        "nb": "Siste sjanse til å se huset",
        "zh-Hant": "最後一天，歡迎參加",
    },
    "PHI001": {
        "en": "Your diabetes check is due",
        "fr": "Votre suivi du diabète",
        "nb": "Diabeteskontrollen din",
        "zh-Hant": "您的糖尿病回診",
    },
}  # fmt: skip


@pytest.mark.parametrize("locale", ["en", "fr", "nb", "zh-Hant"])
@pytest.mark.parametrize("code", BANS)
def test_each_ban_on_subjects_is_found_in_each_language(code: str, locale: str) -> None:
    words = {"en": "News", "fr": "Bonne lecture", "nb": "God lesning", "zh-Hant": "峽灣的消息"}[locale]
    letter = {
        "subject: News from the fjord": f'subject: "{BANS[code][locale]}"',
        "preheader: What is new this winter": f"preheader: {words}",
        "locales: [en]": f"locales: [{locale}]",
    }
    found = {one.rule.code for one in compiled(Topic("", NO, letter, "")).diagnostics}
    assert code in found and not {*BANS, "ADV001", "ADV002", "ADV003", "ADV008"} & found - {code}


def test_an_example_of_an_experiment_is_a_discount_and_confounded() -> None:
    other = "{b: {subject: Ikke gå glipp av vår helsemesse}}"
    experiment = f"experiment: {{metric: click, detect: 3pp, people: 9000, variants: {other}}}"
    letter = {
        "locales: [en]": 'locales: [nb]\nevent: {start: "2026-12-12T18:00"}',
        "subject: News from the fjord": f"{experiment}\n    subject: Bestill din gratis undersøkelse",
        "preheader: What is new this winter": "preheader: Velkommen til oss i vinter",
        "we are open all winter.": "vi har åpent hele vinteren.",
        "Book a time": "Bestill en time",
    }
    found = compiled(Topic("", NO, letter, "")).diagnostics
    assert sorted((one.rule.code, one.say) for one in found) == [("ABT001", "confounded"), ("ADV003", "")]


def test_a_variant_has_the_footer_of_its_e_mail() -> None:
    """ABT005 by construction: what must be there is in every variant, as compiled."""
    experiment = (
        "experiment: {metric: click, detect: 3pp, people: 9000, variants: {b: {subject: Winter at the clinic}}}"
    )
    made = compiled(Topic("", NO, {"subject: News": f"{experiment}\n    subject: News"}, ""))
    first, other = ("".join(part for part in one.text if isinstance(part, str)) for one in made.rendered)
    assert first == other and "fjordklinikken.example/valg" in first
