"""SUB004: a subject that could stand over anything, from anybody."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_MARK, slots_in
from campcompile.analysis.own import own
from campcompile.analysis.version_words import lines_in
from campcompile.model.campaign import Version
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

# Words that say what kind of thing it is, and not what it is about.
_VAGUE_WORDS = """
    newsletter newsletters info infos information update updates message messages mail e-mail email notice notification
    announcement news reminder hello hi important attention read monthly weekly bulletin letter test issue
    lettre bulletin actualité actualités nouvelle nouvelles message messages courrier communication avis rappel bonjour
    important attention lire mensuelle mensuel hebdomadaire numéro annonce
    nyhetsbrev nyhet nyheter informasjon oppdatering melding beskjed varsel påminnelse viktig hei hallo post utgave
    månedsbrev
"""
# Words that join them, and tell nothing either.
_JOINING_WORDS = """
    a an the our your from to for of this and with us new latest no nr n° nº num vol
    le la les l un une des du de d notre votre nos vos et pour ce cette nouveau nouvelle dernière dernières
    en et den det de vår vårt våre din ditt dine fra til for og med oss nytt nye siste denne dette
    january february march april may june july august september october november december
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    januar februar mars april mai juni juli august september oktober november desember
"""
_VAGUE = frozenset(_VAGUE_WORDS.split())
_JOINING = frozenset(_JOINING_WORDS.split())
_WORD = regex(r"[^\W\d_]+(?:-[^\W\d_]+)*°?")
_CHINESE = regex(
    "電子報|通知|公告|訊息|消息|資訊|提醒|更新|最新|重要|月刊|週報|月報|快訊|通訊|信件|來信|您好|一則|重大|給您的|關於|第|期|號|月|年|日"
    "|[一二三四五六七八九十〇零百]"
)
_CHINESE_VAGUE = regex("電子報|通知|公告|訊息|消息|資訊|提醒|更新|月刊|週報|月報|快訊|通訊|信件|來信|您好")
_WIDE = regex("[\u2e80-\u9fff\uf900-\ufaff]")


@rule(
    code="SUB004",
    slug="vague-subject",
    severity=Severity.WARNING,
    message="`{seen}` says neither what this e-mail is about nor who writes",
    help="say what is in it, or, where that is nobody else's business, who writes: `… {{{{ practice.name }}}}`",
)
def vague_subject(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports a subject of nothing but general words, in English, French, Norwegian or Chinese: *Newsletter*,
    *Info*, *Important message*, *Nyhetsbrev nr. 3*, *Votre bulletin de mars*, *通知*.

    With the practice's name it is silent (*A message from {{ practice.name }}*): mail about somebody's health has
    to be general in the inbox, and then the name is what makes it known. Any word of substance is enough, too.

    ## Why it matters

    The subject decides whether a message is opened, kept for later or taken for spam. A general one without a
    name is how spam looks.

    ## Example

    ```yaml
    subject: Newsletter
    ```

    ## Use instead

    ```yaml
    subject: "Flu vaccine days and longer Thursdays"
    ```

    ## Sources

    * A policy of ours, as advice to practices has it: the content of a newsletter, the sender of a reminder
    """
    for line in lines_in(version.subject):
        if slots_in(line.text) or len(line.text) > 60:
            return  # a name in it, or more words than general ones
        text = line.text.replace(ARM, " ").casefold()
        if _is_vague(SLOT_MARK.sub(" ", text)) and not any(
            name in text for name in facts.once(own, facts.programme).names
        ):
            yield vague_subject.at(version.subject_span, seen=line.text.replace(ARM, " ").strip())


def _is_vague(text: str) -> bool:
    if _WIDE.search(text):
        rest = _CHINESE.sub("", text)
        return _CHINESE_VAGUE.search(text) is not None and not any(character.isalpha() for character in rest)
    words = _WORD.findall(text)
    return any(word in _VAGUE for word in words) and all(word in _VAGUE or word in _JOINING for word in words)
