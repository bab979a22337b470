"""Single edits of the example practice that each break one rule: what is edited, and what is to be found."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

Files = dict[str, str]
Edit = Callable[[str, str, random.Random], str]  # text, language → the text edited; "" where it has no place for it

EVERY = ("en", "fr", "nb", "zh-Hant")
CAMPAIGN, TRANSLATIONS, LAYOUT = ("campaign",), EVERY, ("layout",)


@dataclass(frozen=True)
class Break:
    """A way to break one rule, and what else may rightly be said about such an edit."""

    name: str
    code: str
    edit: Edit
    also: frozenset[str] = frozenset()
    files: tuple[str, ...] = (*CAMPAIGN, *TRANSLATIONS)
    layers: tuple[str, ...] = ("essential", "updates", "promotional")


@dataclass(frozen=True)
class Mutant:
    broken: Break
    path: str
    text: str


def mutants(folder: str, files: Files, seed: int, count: int) -> list[Mutant]:
    """So many edits, no two the same, each of one file of a campaign or of its layout; the same on every machine."""
    draw = random.Random(f"{folder} {seed}")
    own = sorted(path for path in files if path.startswith(f"campaigns/{folder}/") or path.endswith(".mjml"))
    layer = re.search(r"^layer: (\w+)", files[f"campaigns/{folder}/campaign.yaml"], re.MULTILINE)
    assert layer is not None
    fitting = [broken for broken in BREAKS if layer[1] in broken.layers]
    made: dict[tuple[str, str], Mutant] = {}
    for _ in range(100 * count):
        broken, path = draw.choice(fitting), draw.choice(own)
        stem = "layout" if path.endswith(".mjml") else path.rpartition("/")[2].removesuffix(".yaml")
        if stem in broken.files and len(made) < count:
            text = broken.edit(files[path], stem if stem in EVERY else "en", draw)
            if text and text != files[path]:
                made.setdefault((path, text), Mutant(broken, path, text))
    return list(made.values())


def _line(pattern: str, make: Callable[[re.Match[str], str], str]) -> Edit:
    """One of the lines that fit, written anew."""
    wanted = re.compile(pattern, re.MULTILINE)

    def edit(text: str, language: str, draw: random.Random) -> str:
        found = list(wanted.finditer(text))
        if not found:
            return ""
        at = draw.choice(found)
        return text[: at.start()] + make(at, language) + text[at.end() :]

    return edit


def _subject(words: Callable[[str, str], str]) -> Edit:
    """The words of a subject, quoted, from those before and the language."""
    pattern = r"^( +subject: )\"?(.+?)\"?$"
    return _line(pattern, lambda at, language: f'{at[1]}"{words(at[2], language)}"')


def _text(more: dict[str, str]) -> Edit:
    """A text of one line in quotes or plain, with a sentence more."""
    pattern = r"^( +- text: )(\"?)([^\"|\n]+)\2$"
    return _line(pattern, lambda at, language: f'{at[1]}"{at[3]} {more[language]}"')


def _only(words: str) -> Edit:
    """A text of one line with other words."""
    return _line(r"^( +- text: )(?![|]).+", lambda at, language: f"{at[1]}{words}")


def _button(words: dict[str, str]) -> Edit:
    return _line(r"^( +- button: (?:\{label: )?)[^,{\n]+", lambda at, language: at[1] + words[language])


def _key(pattern: str, written: str) -> Edit:
    return _line(pattern, lambda at, language: written)


def _same(words: str) -> dict[str, str]:
    return dict.fromkeys(EVERY, words)


def _no_footer(text: str, language: str, draw: random.Random) -> str:
    """A layout without its footer, in one language."""
    footer = '{% include "parts/footer.mjml" %}'
    return text.replace(footer, f'{{% if lang != "{draw.choice(EVERY)}" %}}{footer}{{% endif %}}')


def _cut_email(text: str, language: str, draw: random.Random) -> str:
    """A translation without one of its e-mails."""
    starts = [found.start() for found in re.finditer(r"^[a-z][\w-]*:$", text, re.MULTILINE)]
    at = draw.randrange(len(starts)) if starts else 0
    ends = [*starts[1:], len(text)]
    return text[: starts[at]] + text[ends[at] :] if starts else ""


REPLY = {"en": "Re: ", "fr": "RE : ", "nb": "SV: ", "zh-Hant": "回覆："}
VAGUE = {"en": "Important news", "fr": "Infos", "nb": "Nyheter", "zh-Hant": "通知"}
TELLING = {
    "en": "Your diabetes check",
    "fr": "Votre suivi du diabète",
    "nb": "Diabeteskontrollen din",
    "zh-Hant": "您的糖尿病回診",
}
PRESSING = {
    "en": "Last chance to visit our house",
    "fr": "Dernière chance cette semaine",
    "nb": "Siste sjanse til å se huset",
    "zh-Hant": "最後一天，歡迎參加",
}
CLICK = {"en": "Click here", "fr": "Cliquez ici", "nb": "Klikk her", "zh-Hant": "點這裡"}
CURE = {
    "en": "Results are guaranteed.",
    "fr": "Guérison garantie.",
    "nb": "Her er effekten garantert.",
    "zh-Hant": "保證根治。",
}
BEST = {
    "en": "We have the best doctors.",
    "fr": "Nous sommes la meilleure clinique.",
    "nb": "Vi er byens beste klinikk.",
    "zh-Hant": "我們是全國唯一。",
}
FEAR = {
    "en": "Come before it is too late.",
    "fr": "Venez avant qu'il ne soit trop tard.",
    "nb": "Kom før det er for sent.",
    "zh-Hant": "延誤就醫，後悔莫及。",
}
TRADE = {
    "en": "Dyspnea is common in winter.",
    "fr": "La posologie est sur la boîte.",
    "nb": "Anamnesen tar vi sammen.",
    "zh-Hant": "預後因人而異。",
}

OFFER = {
    "en": "20% off whitening.",
    "fr": "Première consultation offerte.",
    "nb": "Nå med rabatt.",
    "zh-Hant": "雷射八折。",
}
PRAISE = {
    "en": "Dr Berg saved my life, one of them writes.",
    "fr": "Le docteur m'a sauvé !",
    "nb": "Det har forandret livet mitt, sier en av dem.",
    "zh-Hant": "看看患者見證。",
}
HARD = {
    "en": "To unsubscribe, please call us.",
    "fr": "Pour vous désabonner, appelez le secrétariat.",
    "nb": "For å melde deg av må du logge inn.",
    "zh-Hant": "取消訂閱請先登入。",
}
BY_MAIL = {
    "en": "Reply to this e-mail with photos of the wound.",
    "fr": "Répondez à ce message avec la liste des médicaments.",
    "nb": "Svar på denne e-posten med bilder av såret.",
    "zh-Hant": "請回覆此信說明症狀。",
}
ENGLISH = "We look forward to you and your family."
REFUSABLE = ("updates", "promotional")
LONGER = frozenset({"SUB001"})
# What such an edit breaks with it: the clock of the series, a cap, and what promotion owes.
RAISED = frozenset({"ADV007", "LIF001", "PHI013", "TIM005"})

BREAKS = (
    Break("a subject that pretends to answer", "SUB003", _subject(lambda was, at: REPLY[at] + was), LONGER),
    Break("a subject that shouts", "SUB002", _subject(lambda was, at: was + "!!!"), LONGER),
    Break("a subject that says nothing", "SUB004", _subject(lambda was, at: VAGUE[at])),
    Break("a subject that tells an illness", "PHI001", _subject(lambda was, at: TELLING[at])),
    Break("a subject that presses", "CAN004", _subject(lambda was, at: PRESSING[at]), layers=REFUSABLE),
    Break("a placeholder", "FLD005", _text(_same("[Name]"))),
    Break("a field that nobody declared", "FLD001", _text(_same("{{ patient.fristname }}"))),
    Break("somebody's number", "PHI009", _text(_same("010180-00055")), frozenset({"RSP004"})),
    Break("a link that hides where it leads", "LNK001", _text(_same("[More](https://bit.ly/3xyz)"))),
    Break("another placeholder", "FLD005", _text(_same("[Date]"))),
    Break("a link that says one host and means another", "LNK001", _text(_same("[More](https://lyngvag.example@evil.example/)"))),
    Break("a link without encryption", "LNK001", _text(_same("[More](http://lyngvag.example/)"))),
    Break("a link to a number", "LNK001", _text(_same("[More](https://198.51.100.7/page)"))),
    Break("somebody's mailbox", "PHI009", _text(_same("ola.nordmann@post.example"))),
    Break("a button that says nothing", "A11Y006", _button(CLICK)),
    Break("a promise", "ADV001", _text(CURE)),
    Break("the best of all", "ADV002", _text(BEST)),
    Break("fear", "ADV008", _text(FEAR), layers=REFUSABLE),
    Break("an offer", "ADV003", _text(OFFER), frozenset({"PHI008"})),
    Break("a patient's praise", "ADV004", _text(PRAISE)),
    Break("a hard way out", "CON010", _text(HARD), layers=REFUSABLE),
    Break("symptoms by return of mail", "PHI015", _text(BY_MAIL), frozenset({"PHI013"})),
    Break("a word of the trade", "LIT002", _text(TRADE), frozenset({"PHI013"})),  # it may tell, too
    Break("English left in a translation", "A11Y002", _only(ENGLISH), files=TRANSLATIONS),
    Break("an e-mail that isn't translated", "LIF005", _cut_email, frozenset({"SYN005"}), files=TRANSLATIONS),
    Break("a picture that says nothing in one language", "LIF005", _key(r"^( +- image: )[^{].*", '    - image: ""'),
          files=TRANSLATIONS),
    Break("a footer missing in one language", "CAN002", _no_footer, frozenset({"CAN001"}), files=LAYOUT),
    Break("after the event", "TIM001", _key(r"expires: -P\w+", "expires: P2D"), frozenset({"TIM008", "TIM009"}),
          files=CAMPAIGN),
    Break("an audience that isn't there", "REF001", _key(r"^audience: .+", "audience: nobody-knows"),
          frozenset({"LIF002"}), files=CAMPAIGN),
    Break("a layer that people can refuse", "CON001", _key(r"^layer: \w+", "layer: promotional"), RAISED,
          files=CAMPAIGN),
)  # fmt: skip
