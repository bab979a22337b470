"""Placeholders: words that wait to be filled in, and samples that were to be replaced, in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from campcompile.analysis.flat import ARM, SLOT_OPEN
from campcompile.regex import regex
from campcompile.values import dataclass

# Cheap signs that a placeholder may be near: most texts have none, and are done.
_SIGNS = ("[", "{", "<<", "<%", "___", "＿＿", "|", "【", "［", "〔", "○○", "◯◯", "xx", "ｘｘ")
_PERCENT = regex(r"%(?:%|[a-z][a-z0-9_]{2,40}%)")  # `%FIRSTNAME%`; escaped addresses are full of the sign alone
# Where a placeholder can begin, but for the words.
_STARTS = regex(r"[\[［〔【{<%*|$_＿○◯XxＸｘ]")
_WORD_SIGNS = (
    "todo", "tbd", "tba", "fixme", "lorem", "ipsum", "smith", "john", "jane", "dr doe", "dr. doe", "dupont",
    "nordmann", "mustermann", "王小明", "陳小明", "待補", "待定", "待填", "請填", "請輸入", "在此", "à compléter",
    "à définir", "à remplir", "fylles", "sett inn", "settes inn", "skriv inn", "insert", "placeholder",
)  # fmt: skip

# What stands in square brackets and is meant to be read, word by word.
_NOTES_TEXT = """
    sic pdf doc docx epub mp3 mp4 video audio link optional required new important reminder urgent external
    action notice update info fwd ad advertisement sponsored note translation english only
    valgfritt valgfri påkrevd ny viktig påminnelse melding annonse reklame nynorsk bokmål norsk
    facultatif optionnel obligatoire nouveau rappel publicité annonce vidéo traduction
    選填 必填 重要 提醒 通知 公告 廣告 影片 新 最新 免費 公益 活動 中文 註 注 一 二 三 四 五
"""
_NOTES = frozenset(_NOTES_TEXT.split())
# What a placeholder asks for: needed in 【 】, where Chinese also sets headings and notices, and in a longer aside.
_ASKED_FOR = regex(
    "姓名|名稱|名字|稱謂|日期|時間|地址|電話|信箱|網址|連結|醫師|醫生|診所|醫院|科別|部門|金額|數字|號碼|城市|"
    "填|輸入|插入|您的|貴|your|name|date|time|address|phone|url|link|insert|here|"
    "nom|votre|vos|heure|téléphone|adresse|ici|navn|ditt|din|dato|klokkeslett|telefon|her\\b"
)
_BLANK = regex(r"[\s.…_\-—–xX○◯＿]*")

_MARKS = regex(
    r"""
      (?P<tag>       \*\|[^|\n]{1,60}\|\*             # Mailchimp
                   | \|[A-Z][A-Z0-9_:]{1,40}\|          # the same, its stars taken for emphasis
                   | %%[^%\n]{1,60}%%                 # Salesforce
                   | %[A-Z][A-Z0-9_]{2,40}%           # ActiveCampaign
                   | \[\[[^\]\n]{1,60}\]\]
                   | \$\{[^}\n]{1,60}\}
                   | \{\{[^}\n]{0,60}\}\}
                   | \{%[^%\n]{1,60}%\}
                   | <%[^%\n]{1,60}%>
                   | <<[^\s<>«»][^<>\n]{0,58}(?<!\s)>>
      )
    | (?P<square>    [\[［〔][^\[\]［］〔〕\n]{1,80}[\]］〕] )
    | (?P<corner>    【[^【】\n]{0,40}】 )
    | (?P<brace>     \{[^{}\n]{1,60}\} )
    | (?P<blank>     _{3,} | ＿{2,} | [○◯]{2,} | [Xx]{2}[./:h-][Xx]{2}(?:[./-][Xx]{2,4})? | \b[Xx]{3,}\b
                   | (?:[Xx]{2}|[Ｘｘ]{2})(?=診所|醫師|醫生|醫院|先生|小姐|女士|月|日|號) )
    """,
    re.VERBOSE,
)
_WORDS = regex(
    r"""
      (?P<note>      \b(?:TODO|TBD|TBA|FIXME)\b | (?i:\blorem\s+ipsum\b|\blorem\b(?=\s+\w+\s+dolor)
                   | \binsert\s+(?:\w+\s+){1,3}here\b | \bplaceholder(?:\s+text)?\b
                   | \bà\s+(?:compléter|définir|remplir)\b(?=\s*(?:$|[).\]:]))
                   | \bfylles\s+(?:ut|inn)(?:\s+senere)\b | \bsettes?\s+inn\s+\w+\s+her\b | \bskriv\s+inn\s+\w+\s+her\b)
                   | 待補|待定|待填|在此(?:填寫|輸入|插入)\w{0,8}|請(?:填寫|輸入)(?:姓名|名稱|日期|內容|文字|標題) )
    | (?P<sample>    \b(?:Dr\.?|Doctor)\s+(?:John\s+)?(?:Smith|Johnson|Doe)\b | \b(?:John|Jane)\s+(?:Doe|Smith)\b
                   | \b(?:Dr|Docteur)\.?\s+(?:Jean\s+)?Dupont\b | \bJean(?:ne)?\s+Dupont\b
                   | \b(?:Dr\.?|Lege)\s+(?:Ola\s+|Kari\s+)?Nordmann\b | \b(?:Ola|Kari)\s+Nordmann\b
                   | \bM(?:ax|arie)\s+Mustermann\b | [王陳]小明 )
    """,
    re.VERBOSE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placeholder:
    start: int
    end: int
    text: str
    kind: str  # tag | fill | sample


def placeholders(text: str, *, names: frozenset[str] = frozenset()) -> Iterator[Placeholder]:
    """The placeholders in a text, in order.

    `names` are the practice's own words (its name, its staff), folded: a Dr Smith who works there is no
    sample, and `[Fjordklinikken]` before a subject is no blank.
    """
    if not may_hold_placeholders(text):
        return
    at = 0
    for match in sorted(_matches(text), key=lambda one: (one.start(), -one.end())):
        if match.start() >= at and (kind := _kind(match, names)):
            yield Placeholder(match.start(), match.end(), match[0], kind)
            at = match.end()


@lru_cache(maxsize=4096)
def may_hold_placeholders(text: str) -> bool:
    """A quick look: most texts hold no sign of one. Remembered, as the lines of a footer come with every e-mail."""
    folded = text.casefold()
    if any(sign in folded for sign in _SIGNS) or any(sign in folded for sign in _WORD_SIGNS):
        return True
    return "%" in folded and _PERCENT.search(folded) is not None


def _matches(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while start := _STARTS.search(text, at):
        match = _MARKS.match(text, start.start())
        if match:
            yield match
        at = match.end() if match else start.end()
    folded = text.casefold()
    if any(sign in folded for sign in _WORD_SIGNS):  # the pattern is slow: a map's address alone isn't worth it
        yield from _WORDS.finditer(text)


def _kind(match: re.Match[str], names: frozenset[str]) -> str:
    group, found = match.lastgroup or "", match[0]
    inside = found[1:-1].strip()
    match group:
        case "tag":
            return "tag" if SLOT_OPEN not in found else ""
        case "sample":
            return "" if _is_own(found, names) else "sample"
        case "square":
            return "fill" if _asks(inside, names) else ""
        case "corner":
            return "fill" if _BLANK.fullmatch(inside) or _ASKED_FOR.search(inside.casefold()) else ""
        case "brace":
            is_name = re.fullmatch(r"[^\W\d_][\w .'’-]*", inside) is not None
            return "tag" if is_name else ""
        case _:
            return "fill"


def _asks(inside: str, names: frozenset[str]) -> bool:
    """Does `[inside]` wait to be filled in? A note, an aside, a key of a phone and the practice's name don't."""
    if SLOT_OPEN in inside or ARM in inside:
        return False
    words = re.findall(r"[^\W\d_]+", inside.casefold())
    if not words:
        return len(inside) > 1 and _BLANK.fullmatch(inside) is not None and inside.strip(".… ") != ""
    if len(words) == 1 and len(words[0]) == 1 and not _is_wide(words[0]):
        return False
    if all(word in _NOTES or (len(word) <= 2 and word.isascii()) for word in words):
        return False
    if len(words) > 2 and inside[0].islower() and not _ASKED_FOR.search(inside.casefold()):
        return False
    return inside.casefold() not in names


def _is_own(found: str, names: frozenset[str]) -> bool:
    last = found.split()[-1].casefold()
    return any(last in name.split() or last == name for name in names)


def _is_wide(text: str) -> bool:
    return any("⺀" <= character <= "鿿" for character in text)
