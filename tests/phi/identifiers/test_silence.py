"""What a practice says to everybody is no identifier: its own details, help lines, prices, hours, dates, codes."""

from __future__ import annotations

import pytest

from campcompile.phi.identifiers import OwnDetails, find_identifiers

OWN = OwnDetails(
    names=("Lyngvåg legesenter", "Cabinet Marie Bernard", "青山診所"),
    domains=("lyngvag.example",),
    phones=("55 50 77 00", "+33 4 65 71 99 00", "(503) 555-0177", "(02) 2700-9900"),
    emails=("legesenter.lyngvag@post.example",),
    address_lines=("Strandgata 14", "12 rue des Lilas", "220 Oak Street", "台北市大安區青山路100號"),
    ids=("974 760 673", "FR76 3000 6000 0112 3456 7890 189", "1730155555"),
    staff=("Ingrid Solberg", "Marie Bernard", "Amelia Stone", "林美惠"),
    public_numbers=("05003", "1-800-555-0100"),
)
SILENT = {
    "own telephones": {
        "en": "Call (503) 555-0177, 503.555.0177 or +1 503 555 0177.",
        "fr": "Appelez le 04 65 71 99 00 ou le +33 (0)4 65 71 99 00.",
        "nb": "Ring 55 50 77 00, 55507700 eller +47 55 50 77 00, eller 05003.",
        "zh-Hant": "請撥打(02)2700-9900或+886-2-2700-9900。",
    },
    "own addresses": {
        "en": "Write to hello@lyngvag.example or (reply) at news.lyngvag.example; come to 220 Oak Street.",
        "fr": "Écrivez à bonjour@mail.lyngvag.example ; notre adresse : 12 rue des Lilas.",
        "nb": "Skriv til legesenter.lyngvag@post.example, hjemmeadresse Strandgata 14.",
        "zh-Hant": "來信ＨＥＬＬＯ＠lyngvag.example，通訊地址：台北市大安區青山路100號。",
    },
    "own registrations": {
        "en": "NPI 1730155555, EIN 93-1234567.",
        "fr": "IBAN FR76 3000 6000 0112 3456 7890 189, SIRET 732 829 320 00074.",
        "nb": "Org.nr. 974 760 673 MVA, HPR-nummer 1234567.",
        "zh-Hant": "統一編號04595257。",
    },
    "own staff": {
        "en": "Amelia Stone treated for years at another clinic. Dr. Stone will see your results.",
        "fr": "Marie Bernard vous a suivie pour vos résultats. Le Dr Bernard après son congé.",
        "nb": "Ingrid Solberg, 54, ble operert i går. Hei, Ingrid Solberg her!",
        "zh-Hant": "林美惠醫師為您看診，林美惠護理師協助復健。",
    },
    "help lines": {
        "en": "Call 988, 911 or 1-800-222-1222, or text 741741.",
        "fr": "Appelez le 15, le 3114, le 0 800 23 13 13 ou le centre antipoison au 01 40 05 48 48.",
        "nb": "Ring 113, 116 117, Giftinformasjonen 22 59 13 00 eller Kirkens SOS 22 40 00 40.",
        "zh-Hant": "請撥1925、119、0800-636363或毒藥物諮詢專線02-2871-7121。",
    },
    "prices": {
        "en": "Whitening costs $1,299.00, or 12 payments of $108.25.",
        "fr": "La séance coûte 1 250,00 €, soit 10 x 125 €.",
        "nb": "Kroner 12 345 678 i støtte, egenandel kr 1 245,50.",
        "zh-Hant": "費用NT$12,345,678元，原價3,980元。",
    },
    "opening hours": {
        "en": "Open Mon-Fri 8:00-17:00, Sat 9-12, closed 12/24-12/26.",
        "fr": "Ouvert du lundi au vendredi de 8h00 à 18h30, fermé du 24/12 au 02/01.",
        "nb": "Åpent 08.00–16.00, telefontid 08 00 – 11 30, stengt 24.12–2.1.",
        "zh-Hant": "週一至週五08:00-17:00，12月24日至12月26日休診。",
    },
    "public dates": {
        "en": "Join us on May 12, 2026 at 6 pm. Our clinic was born on March 3, 1985. Nightingale, born May 12, 1820.",
        "fr": "Rendez-vous le 12 mai 2026 à 18 h. Personnes nées avant le 1er janvier 1960.",
        "nb": "Siste time før jul er 23. desember 2026. Alle født før 1. januar 1960 får tilbud.",
        "zh-Hant": "2026年5月12日下午6點。民國50年1月1日以前出生的民眾。活動至115年12月31日止。",
    },
    "order codes": {
        "en": "Order no. 503-555-0188, coupon 1EG4-TE5-MK73, item 412-33-2210, model A123456780.",
        "fr": "Commande n° 06 12 34 56 78, code promo AB1234563.",
        "nb": "Ordrenummer 41 23 45 67, varenr. 987 65 432.",
        "zh-Hant": "訂單編號0912-345-678，優惠碼SAVE20261225。",
    },
    "links": {
        "en": "https://lyngvag.example/r/7f3a9c?utm_source=mail&page=2024 www.lyngvag.example/news/2024-05",
        "fr": "https://lyngvag.example/actualites/2026/05/12/bilan?lang=fr&ref=lettre",
        "nb": "https://lyngvag.example/time?sted=2&kilde=epost#bestill",
        "zh-Hant": "請至https://lyngvag.example/book?lang=zh-TW&v=3。",
    },
    "initials and masks": {
        "en": '"They were so kind after my surgery." Maria L., Portland; J. B., 54, was treated for years',
        "fr": "« Opérée en mars, tout va bien. » Marie D., 54 ans, Lyon",
        "nb": "«Etter operasjonen går alt fint.» Kari N., 54 år, Bergen",
        "zh-Hant": "王○○小姐術後分享，陳Ｏ明先生治療心得。",
    },
    "professions and public roles": {
        "en": "Meet Anna Berg, our new nurse, who was treated for years. Author Susan Hill talks about her recovery.",
        "fr": "Isabelle Roy, notre nouvelle infirmière, opérée ou pas. L'auteure et journaliste Sophie Roy souffre.",
        "nb": "Fastlege Ola Hansen behandlet for lenge siden. Skuespiller Kari Moe ble operert.",
        "zh-Hant": "陳志明醫師術後衛教，王主任看診，李大同教授治療講座。",
    },
    "greetings to all": {
        "en": "Dear patients, Hello Spring! Hi neighbor, Dear Friend, Good morning Portland,",
        "fr": "Chers patients, Bonjour à tous, Bonjour Printemps ! Madame, Monsieur,",
        "nb": "Kjære pasienter, Hei Bergen! God jul, Hei alle sammen,",
        "zh-Hant": "親愛的病友您好，各位女士先生平安，親愛的家長：",
    },
    "role mailboxes and forms": {
        "en": "Write to press@foundation.example. E-mail: your.name@mail.example. Enter your MRN and date of birth.",
        "fr": "presse@fondation.example, prenom.nom@mail.example. Indiquez votre numéro de dossier.",
        "nb": "presse@stiftelse.example, navn@mail.example. Oppgi fødselsnummer (11 siffer).",
        "zh-Hant": "info@foundation.example。請填寫身分證字號與出生年月日。",
    },
    "versions and measures": {
        "en": "Version 2.10.3.1 is out; 120/80 mmHg; 5 of 7 days; COVID-19; ICD-10 2024.",
        "fr": "Version 2.10.3.1 ; 12/8 de tension ; 2 à 3 fois ; 100 % santé ; 5 sur 7.",
        "nb": "Versjon 2.10.3.1; blodtrykk 120/80; 3 av 4; 10 000 skritt; 2025–2026.",
        "zh-Hant": "版本2.10.3.1；血壓120/80；每週3至5次；第115年度；10,000步。",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("category", "locale", "text"),
    [(category, locale, text) for category, texts in SILENT.items() for locale, text in texts.items()],
)
def test_what_everybody_may_know_is_silent(category: str, locale: str, text: str) -> None:
    assert [text[one.start : one.end] for one in find_identifiers(text, locale, OWN)] == []


def test_each_kind_of_silence_is_tried_in_each_language() -> None:
    assert all(set(texts) == {"en", "fr", "nb", "zh-Hant"} for texts in SILENT.values())


@pytest.mark.parametrize(
    ("locale", "text", "kind"),
    [
        ("nb", "Ring 55 50 77 00", "phone"),
        ("en", "Write to hello@lyngvag.example", ""),
        ("en", "Write to kari@lyngvag.example", "email"),
        ("nb", "Ingrid Solberg, 54, ble operert i går", "name"),
    ],
)
def test_the_same_details_of_another_practice_are_not_silent(locale: str, text: str, kind: str) -> None:
    """The tests above can fail: it is the practice's details that silence, not the shapes."""
    assert [one.kind for one in find_identifiers(text, locale, OwnDetails())] == [kind] * bool(kind)
