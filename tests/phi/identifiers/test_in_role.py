"""Dates and names are identifiers where words tie them to a person who is cared for."""

from __future__ import annotations

import pytest

from campcompile.phi.identifiers import OwnDetails, find_identifiers

NOBODY = OwnDetails()


def found(text: str, kind: str) -> list[str]:
    return [text[one.start : one.end] for one in find_identifiers(text, "en", NOBODY) if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("DOB: 05/12/1989", "05/12/1989"),
        ("born on May 12, 1989", "May 12, 1989"),
        ("date of birth 1989-05-12", "1989-05-12"),
        ("DOB 19890512", "19890512"),
        ("your last visit on March 3", "March 3"),
        ("We last saw you on 3 March 2024.", "3 March 2024"),
        ("admitted on 2024-03-05", "2024-03-05"),
        ("née le 12 mai 1989", "12 mai 1989"),
        ("Date de naissance : 12/05/1989", "12/05/1989"),
        ("depuis votre dernière visite le 3 mars 2024", "3 mars 2024"),
        ("opérée le 1er mars", "1er mars"),
        ("født 12.05.1989", "12.05.1989"),
        ("fødselsdato 12. mai 1989", "12. mai 1989"),
        ("Siden ditt siste besøk 3. mars 2024", "3. mars 2024"),
        ("sist du var hos oss, 14.2.2024", "14.2.2024"),
        ("出生日期：民國78年5月12日", "民國78年5月12日"),
        ("民國七十八年五月十二日生", "民國七十八年五月十二日"),
        ("1989/05/12出生", "1989/05/12"),
        ("您上次就診日期為2024年3月5日", "2024年3月5日"),
        ("生日：78.5.12", "78.5.12"),
    ],
)
def test_dates_tied_to_a_person(text: str, date: str) -> None:
    assert found(text, "date") == [date]


@pytest.mark.parametrize(
    "text",
    [
        "Born between January 1, 1950 and December 31, 1959?",
        "Babies born in 2026 are welcome",
        "Personnes nées avant le 1er janvier 1960",
        "Alle født før 1. januar 1960",
        "民國50年1月1日以前出生",
        "1960年1月1日至1969年12月31日出生的民眾",
        "Our last visit day is December 12, 2026",
        "See you on March 3, 2026",
        "2026年3月3日生活講座",
        "Florence Nightingale, born 12 May 1820",
    ],
)
def test_dates_of_everybody(text: str) -> None:
    assert found(text, "date") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mrs. Berg after her knee surgery", "Berg"),
        ("Photo: nurse helps. Mr Lopez was treated for burns.", "Lopez"),
        ("Anna Berg was diagnosed with asthma in May.", "Anna Berg"),
        ("Wendla Qvist, 54, came to us with back pain.", "Wendla Qvist"),
        ("Maria, 54, is a teacher. She came to us with pain.", "Maria"),
        ("Our oldest patient, Wendla, aged 97", "Wendla"),
        ("Happy birthday to Wendla Qvist!", "Wendla Qvist"),
        ("Gratulerer med 90-årsdagen til Wendla!", "Wendla"),
        ("祝王小姐生日快樂", "王小姐"),
        ("Maria Lopez's biopsy results are in", "Maria Lopez"),
        ("Patient: Wendla Qvist", "Wendla Qvist"),
        ("Maria after her hip operation", "Maria"),
        ("Dear Mrs Berg,", "Berg"),
        ("Hi Maria, your results are ready", "Maria"),
        ("Maria, your results are ready", "Maria"),
        ("Mme DURAND, opérée en mars, va mieux", "DURAND"),
        ("Monsieur Petit souffrait du dos", "Petit"),
        ("Sophie Roy, 61 ans, est venue nous voir", "Sophie Roy"),
        ("Bonjour Sophie Roy,", "Sophie Roy"),
        ("Sophie, votre bilan est prêt", "Sophie"),
        ("Patiente : Wendla Qvist", "Wendla Qvist"),
        ("Fru Hansen etter operasjonen", "Hansen"),
        ("Kari Moe (54) ble operert i mars", "Kari Moe"),
        ("Kjære Kari Moe,", "Kari Moe"),
        ("Kari, timen din er klar", "Kari"),
        ("pasienten Wendla Qvist", "Wendla Qvist"),
        ("王小姐術後恢復良好", "王小姐"),
        ("親愛的李大明先生您好", "李大明先生"),
        ("病患陳志明，請回診", "陳志明"),
        ("張美玉，62歲，罹患糖尿病", "張美玉"),
        ("黃太太，您的檢查報告已完成", "黃太太"),
    ],
)
def test_names_in_a_patients_role(text: str, name: str) -> None:
    assert found(text, "name") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Knee Replacement Surgery After Her Fall",
        "Anna Berg opens the park on Sunday",
        "Dr. Berg treated thousands after her training",
        "Maria L., 54, came to us with pain",
        "Hope, 5 tips after her holiday",
        "Mark your calendar, your clinic moves",
        "Will you come? Grace and Joy, your way",
        "May, your month of health",
        "Parkinson, Alzheimer and Crohn: what was diagnosed",
        "Mrs. Claus opens the Christmas market",
        "Liv og helse, din guide",
        "Pierre angulaire, votre santé",
        "王先生的店重新開張",
        "小姐您好，先生您好",
        "謝謝您，感謝先生小姐的支持",
        "Thank you, Portland!",
    ],
)
def test_names_of_everybody_else(text: str) -> None:
    assert found(text, "name") == []
