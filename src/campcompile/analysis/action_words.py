"""Action words: how a button asks for something, how a text does, and what people do when it gets worse."""

from __future__ import annotations

import re
from functools import lru_cache

from campcompile.regex import regex

_VERBS = {
    "en": """
        accept activate add answer apply arrange ask attend book bring browse buy call cancel change check choose
        claim click close come complete compare confirm connect contact continue create decide discover donate
        download drop enrol enroll enter explore fill find finish follow get give go hear help join keep learn leave
        let log look make manage meet message move open order pay phone pick plan prepare print read refer refill
        register rejoin renew reply request reschedule reserve reset respond review save schedule search see select
        send set share show sign speak start stop submit switch take talk tell try turn understand unsubscribe update
        upload use verify view visit volunteer vote watch write
    """,
    "nb": """
        aktiver avbestill avlys avtal bekreft bestill betal besøk bli bruk bytt del delta doner endre fjern flytt
        fortell fortsett finn fornye forny få gi gå hent hils hjelp hold hør husk jobb kjøp klikk kom kontakt last
        legg les lever logg lytt løs meld møt oppdater opprett planlegg prøv registrer reserver ring se send sett si
        sjekk skriv slett snakk spør start stopp svar søk ta trykk underskriv velg vis åpne
    """,
    "fr": "accède dis fais prends réponds viens vois",  # and all words that end as infinitives and imperatives do
}
# A question is answered behind the button, which says as much as a verb does: How to find us, Slik finner du fram.
_QUESTION = regex(
    r"(?:how|where|when|what|who|which|comment|où|quand|quoi|quel|quelle|qui|hvordan|hvor|når|hva|hvem|slik)\b"
)
_FRENCH_VERB = regex(r"\b\w+(?:er|ir|oir|re|ez|ons)\b")
_CHINESE_VERB = regex(
    "預約|確認|更改|更換|改期|取消|選擇|查看|查詢|看|開啟|打開|登入|登錄|下載|填寫|回覆|回答|聯絡|聯繫|撥打|致電|提問|詢問|問"
    "|了解|認識|前往|加入|報名|註冊|登記|繳費|付款|續領|領取|更新|管理|訂閱|退訂|分享|閱讀|讀|寫|傳送|寄|送出|提交|安排|找|試"
    "|如何|怎麼|哪裡|什麼|開始|設定|列印|上傳|拿|告訴|按|點|啟用|參加|申請|索取|觀看|收看|收聽|捐款|支持"
)
# Words that name no purpose at all: what they lack has its own rule (link-text).
_SAYS_NOTHING = frozenset(("here", "more", "her", "mer", "ici", "plus", "這裡", "這裏", "更多", "按此", "點此"))
_LETTERS = regex(r"[^\W\d_]+")

# What asks a reader to do something that needs a way to do it.
_ASKS = {
    "en": regex(
        r"\bplease\s+(?:book|confirm|register|sign up|choose a time|pay|fill in|complete)\b"
        r"|\b(?:book|choose|make)\s+(?:your|an?)\s+(?:appointment|visit|time|slot)\s+(?:now|today|online|soon)\b",
        re.IGNORECASE,
    ),
    "fr": regex(
        r"\b(?:veuillez|merci\s+de)\s+(?:réserver|confirmer|vous\s+inscrire|prendre\s+rendez-vous|payer|remplir)\b"
        r"|\b(?:réservez|prenez\s+rendez-vous|inscrivez-vous)\s+(?:dès|maintenant|vite|en\s+ligne)\b",
        re.IGNORECASE,
    ),
    "nb": regex(
        r"\b(?:vennligst|vær\s+snill\s+og|husk\s+å)\s+(?:bestill|bestille|bekreft|bekrefte|meld|melde|betal|betale|fyll|fylle)\b"
        r"|\b(?:bestill|bekreft)\s+(?:en\s+)?time\w*\s+(?:nå|i\s+dag|på\s+nett|snart)\b",
        re.IGNORECASE,
    ),
    "zh": regex("請(?:您)?(?:立即|儘快|盡快|務必)?(?:線上|上網)?(?:預約|確認(?:時間|出席)|報名|登記|繳費|付款|填寫)"),
}
# Other ways to do what is asked than a button: a telephone, the desk, an answer.
_WAYS = {
    "en": regex(r"\b(?:call|phone|telephone|ring|reply|answer this|desk|text us|website|portal)\b", re.IGNORECASE),
    "fr": regex(r"\b(?:appel\w*|télépho\w*|répond\w*|accueil|site|portail)\b", re.IGNORECASE),
    "nb": regex(r"\b(?:ring\w*|telefon\w*|svar\w*|skranken|resepsjonen|nettside\w*|portalen)\b", re.IGNORECASE),
    "zh": regex("電話|來電|致電|撥打|回覆|櫃檯|櫃台|網站|網頁|來信"),
}
# What a text is about when it must say what to do if it gets worse.
_AFTER_CARE = {
    "en": regex(
        r"\bafter\s+(?:your|the)\s+(?:operation|surgery|procedure|biopsy|tooth\s+extraction)\b|\byour\s+(?:stitches|wound)\b"
        r"|\b(?:chest\s+pain|shortness\s+of\s+breath|trouble\s+breathing|heavy\s+bleeding)\b",
        re.IGNORECASE,
    ),
    "fr": regex(
        r"\baprès\s+(?:votre|l['’])\s*(?:opération|intervention|extraction|biopsie)\b|\bvo(?:tre|s)\s+(?:points\s+de\s+suture|plaie)\b"
        r"|\b(?:douleurs?\s+(?:dans|à)\s+la\s+poitrine|mal\s+à\s+respirer|saignements?\s+abondants?)\b",
        re.IGNORECASE,
    ),
    "nb": regex(
        r"\better\s+(?:operasjonen|inngrepet|tanntrekkingen|vevsprøven)\b|\b(?:stingene|operasjonssåret|såret\s+ditt)\b"
        r"|\b(?:brystsmerter|vondt\s+i\s+brystet|tung\s+pust|kraftig\s+blødning)\b",
        re.IGNORECASE,
    ),
    "zh": regex("手術後|術後|拔牙後|切片後|您的傷口|縫線|拆線|胸痛|胸口痛|呼吸困難|喘不過氣|大量出血"),
}
_SAFETY = {
    "en": regex(
        r"\b(?:emergenc\w+|ambulance|911|112|999|113|call\s+(?:us|at\s+once)|out-of-hours|A&E)\b", re.IGNORECASE
    ),
    "fr": regex(r"\b(?:urgences?|samu|15|112|113|appelez|ambulance|médecin\s+de\s+garde)\b", re.IGNORECASE),
    "nb": regex(
        r"\b(?:legevakt\w*|nødnummer\w*|113|112|116\s?117|ring\s+oss|ambulanse|akutt\w*|øyeblikkelig\s+hjelp)\b",
        re.IGNORECASE,
    ),
    "zh": regex("急診|緊急|119|112|113|立即就醫|馬上就醫|救護車|來電|撥打|與我們聯絡"),
}


def knows_actions(locale: str) -> bool:
    """Are the words of this locale's language known here?"""
    return _language(locale) in _ASKS


@lru_cache(maxsize=1024)
def says_what_to_do(label: str, locale: str) -> bool:
    """Does a button's label hold a verb? What says nothing at all, or is left in English, is judged elsewhere."""
    folded = label.casefold().strip(" .!…→›»>")
    if not folded or folded in _SAYS_NOTHING or _QUESTION.match(folded):
        return True
    language = _language(locale)
    if language == "zh" and _CHINESE_VERB.search(folded):
        return True
    if language == "fr" and _FRENCH_VERB.search(folded):
        return True
    words = frozenset(_LETTERS.findall(folded))
    return not (_VERB_SETS.get(language, _NO_WORDS).isdisjoint(words) and _VERB_SETS["en"].isdisjoint(words))


@lru_cache(maxsize=8192)
def asks(line: str, locale: str) -> tuple[int, int] | None:
    """Where a line asks its reader to book, confirm, pay or fill in something."""
    found = _ASKS[_language(locale)].search(line)
    return found.span() if found else None


def tells_a_way(text: str, locale: str) -> bool:
    """Does a text name a telephone, the desk, an answer or a site to do it by?"""
    return _WAYS[_language(locale)].search(text) is not None


@lru_cache(maxsize=8192)
def about_after_care(line: str, locale: str) -> tuple[int, int] | None:
    """Where a line speaks of the time after a procedure, or of signs of danger."""
    found = _AFTER_CARE[_language(locale)].search(line)
    return found.span() if found else None


def tells_when_to_get_help(text: str, locale: str) -> bool:
    """Does a text name an emergency service, or say to call?"""
    return _SAFETY[_language(locale)].search(text) is not None


def _language(locale: str) -> str:
    language = locale.partition("-")[0].lower()
    return "nb" if language in ("no", "nn") else language


_NO_WORDS: frozenset[str] = frozenset()
_VERB_SETS = {language: frozenset(words.split()) for language, words in _VERBS.items()}
