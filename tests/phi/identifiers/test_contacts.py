"""Telephones, mail and internet addresses, records and links of people are found as people write them."""

from __future__ import annotations

import pytest

from campcompile.phi.identifiers import OwnDetails, find_identifiers

NOBODY = OwnDetails()


def found(text: str, locale: str = "en") -> list[tuple[str, str]]:
    return [(one.kind, text[one.start : one.end]) for one in find_identifiers(text, locale, NOBODY)]


@pytest.mark.parametrize(
    ("locale", "text", "number"),
    [
        ("en", "Reach her at (503) 555-0199.", "(503) 555-0199"),
        ("en", "503-555-0199", "503-555-0199"),
        ("en", "503.555.0199", "503.555.0199"),
        ("en", "cell 5035550199", "5035550199"),
        ("en", "+1 503 555 0199", "+1 503 555 0199"),
        ("fr", "joignable au 06 39 98 00 11", "06 39 98 00 11"),
        ("fr", "06.39.98.00.11", "06.39.98.00.11"),
        ("fr", "0639980011", "0639980011"),
        ("fr", "+33 (0)6 39 98 00 11", "+33 (0)6 39 98 00 11"),
        ("nb", "41 23 45 67", "41 23 45 67"),
        ("nb", "412 34 567", "412 34 567"),
        ("nb", "mobil 41234567", "41234567"),
        ("nb", "+47 412 34 567", "+47 412 34 567"),
        ("nb", "nås på 0047 41 23 45 67", "0047 41 23 45 67"),
        ("zh-Hant", "手機0912-345-678", "0912-345-678"),
        ("zh-Hant", "０９１２３４５６７８", "０９１２３４５６７８"),
        ("zh-Hant", "電話(02)2345-6789", "(02)2345-6789"),
        ("zh-Hant", "+886 912 345 678", "+886 912 345 678"),
        ("fr", "Écrivez-lui au +44 20 7946 0018", "+44 20 7946 0018"),
    ],
)
def test_telephones(locale: str, text: str, number: str) -> None:
    assert found(text, locale) == [("phone", number)]


def test_a_fax_has_a_letter_of_its_own() -> None:
    assert [one.hipaa for one in find_identifiers("Fax: 503-555-0199", "en", NOBODY)] == ["E"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MRN: 00123456", ("mrn", "00123456")),
        ("Your medical record number is A-0012345.", ("mrn", "A-0012345")),
        ("chart no. 4471", ("mrn", "4471")),
        ("IPP 8001234567", ("mrn", "8001234567")),
        ("Dossier n° 2024-118822", ("mrn", "2024-118822")),
        ("Journalnummer: 123 456", ("mrn", "123 456")),
        ("病歷號碼為A0012345。", ("mrn", "A0012345")),
        ("Member ID: XYZ123456789", ("plan-number", "XYZ123456789")),
        ("N° d'adhérent : 12345678", ("plan-number", "12345678")),
        ("Polisenummer 99-123456", ("plan-number", "99-123456")),
        ("保單號碼：AB12345678", ("plan-number", "AB12345678")),
        ("Account number 55667788", ("account", "55667788")),
        ("passport no. N1234567", ("licence", "N1234567")),
        ("license plate 7ABC123", ("vehicle", "7ABC123")),
        ("Pacemaker serial number PM-778812", ("device", "PM-778812")),
        ("Rx #7712345", ("other-number", "7712345")),
        ("檢體編號：S1130512", ("other-number", "S1130512")),
        ("ip 192.0.2.17", ("ip-address", "192.0.2.17")),
        ("from 2001:db8:0:0:0:0:0:1", ("ip-address", "2001:db8:0:0:0:0:0:1")),
        ("from 2001:db8::1 today", ("ip-address", "2001:db8::1")),
        ("She lives at 220 Oak Street.", ("address", "220 Oak Street")),
        ("Elle habite au 12 rue des Lilas", ("address", "12 rue des Lilas")),
        ("Pasienten bor i Strandgata 14", ("address", "Strandgata 14")),
        ("We mailed it to 220 Oak Street", ("address", "220 Oak Street")),
        ("vehicle plate 482 KLM", ("vehicle", "482 KLM")),
        ("住在台北市大安區青山路100號", ("address", "台北市大安區青山路100號")),
    ],
)
def test_numbers_that_words_name(text: str, expected: tuple[str, str]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Your chart 2024 is ready",
        "Member since 2019",
        "MRN? Ask us.",
        "polise fra 2024",
        "Come to 220 Oak Street",
        "病歷2024",
    ],
)
def test_years_and_places_to_go_to_are_silent(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("https://a.example/r?mrn=0012345&utm_source=x", "mrn=0012345"),
        ("https://a.example/r?email=jane%40mail.example", "email=jane%40mail.example"),
        ("https://a.example/r?e=jane%2540mail.example", "e=jane%2540mail.example"),
        ("https://a.example/r?e=amFuZUBtYWlsLmV4YW1wbGU=", "e=amFuZUBtYWlsLmV4YW1wbGU="),
        ("https://a.example/r?h=5d41402abc4b2a76b9719d911017c592", "h=5d41402abc4b2a76b9719d911017c592"),
        ("https://a.example/r?token=Zk82hs01hsAA", "token=Zk82hs01hsAA"),
        ("https://a.example/patients/0012345/results", "0012345"),
        ("https://a.example/r?lastname=Hansen", "lastname=Hansen"),
        ("https://a.example/r#ssn=219099999", "ssn=219099999"),
        ("https://a.example/s/3f2b8c1e-1111-4222-8333-123456789abc", "3f2b8c1e-1111-4222-8333-123456789abc"),
    ],
)
def test_links_that_tell_whose_page_it_is(link: str, told: str) -> None:
    assert found(f"See {link} now") == [("url", told)]


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/r?mrn={{ patient.mrn }}",
        "https://a.example/r/7f3a9c",
        "https://a.example/img/5d41402abc4b2a76b9719d911017c592.png",
        "https://a.example/results/2026",
        "https://a.example/r?utm_campaign=kq47&utm_content=b2&patient=new",
    ],
)
def test_links_for_everybody_are_silent(link: str) -> None:
    """A merge field in a link is judged by its type, elsewhere."""
    assert found(link) == []
