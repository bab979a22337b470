"""A claim is a health word that says something about its reader: `your diabetes`, not `people with diabetes`.

Decided within a sentence, from the words between the concept and its cue; a claim is never a keyword alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from campcompile.phi.clauses import Clauses, Sentence
from campcompile.phi.cues import Cues, Hints, Pattern, cues, language_of
from campcompile.phi.folded import fold
from campcompile.phi.lexicon import Mention, concept, find_concepts, find_in_name, tells_of
from campcompile.phi.patterns import level
from campcompile.regex import regex


class Kind(Enum):
    """What a claim tells; its value is the scorer's category."""

    STATUS = "patient-status-disclosure"  # that the reader is a patient here
    CONDITION = "condition-disclosure"
    TREATMENT = "treatment-or-result-disclosure"
    SEGMENT = "flow-leak"  # words from which the audience can be told


class Claim(NamedTuple):
    """Where it stands in the author's text, and what makes it one."""

    kind: Kind
    start: int
    end: int
    concept: str  # "" for care nouns such as `results`, and for patient status
    cue: str  # the words that make it a claim; "" where the place does (a reminder, a sender's name)
    sensitive: bool = False  # a specially protected subject


class Setting(NamedTuple):
    """Where a text stands, as far as it decides what is a claim."""

    exposed: bool = False  # the inbox line, an address, a name: read by others than the reader
    about_care: bool = False  # a message about the reader's own care: a reminder, a result notice
    names_sender: bool = False
    brought: bool = False  # a list of what to bring or to do
    topics: frozenset[str] | None = frozenset()  # what the audience is about; None: health, but nobody knows what


ANY_HEALTH: None = None
_TREATMENTS = frozenset({"drug", "vaccine", "procedure", "test", "screening", "device"})
_GROUPS = frozenset({"specialty", "population"})
_BACKGROUND = frozenset({"organ", "diet", "measure", "theme"})  # tell a segment; no claims by themselves
_SILENT = _BACKGROUND - {"measure"}  # `your heart` is everybody's, `your blood pressure` may be a result
# What everybody may be asked to bring to a visit: "a list of your medicines" tells nothing of anyone.
_BROUGHT = frozenset({"medication", "prescription", "medical-record", "glasses", "vaccination-record", "imaging"})
# Where everybody goes at times: a time there tells nothing of anyone.
_EVERYBODYS = frozenset({"general-practice", "dentistry", "optometry", "paediatrics", "dietetics"})
_SELDOM_NAMED = frozenset({"thyroid", "pancreas"})  # nobody speaks of `your thyroid` but to those whom it ails
_IN_A_PATH = regex(r"\.[a-z_]")
# What every patient has at a practice: `your medical record` tells that the reader is one, and no more.
_RELATIONSHIP = frozenset({"general-practice", "medical-record"})
_CARE = (("care", Kind.TREATMENT), ("illness", Kind.CONDITION))
# Cues that make a health word a claim, and those that need none.
_POSSESSIVE = frozenset({"your", "your_kin", "yours"})
_BESIDE_WORDS = _POSSESSIVE | {
    "reader_with",
    "reader_is",
    "as_a",
    "still",
    "after",
    "afterwards",
    "given",
    "group_after",
    "group_with",
}
_NOUNS = frozenset({"care", "illness", "status"})
_STATUS = frozenset({"status", "status_says", "notices"})
_SAYINGS = frozenset({"care_says", "status_says"})
_SENDER_SPECIALTIES = frozenset(
    {"cancer", "oncology", "psychiatry", "fertility", "clinical-genetics", "addiction-medicine"}
)


@lru_cache(maxsize=8192)
def find_claims(text: str, locale: str, setting: Setting) -> tuple[Claim, ...]:
    """The claims of one line of text, from left to right; () in a language without cues (`language_of`)."""
    language = language_of(locale)
    if language is None or not text:
        return ()
    read = fold(text)
    levelled = level(read.text)
    known = cues(language)
    hints = known.hinted(levelled)
    mentions = find_concepts(read.text, locale, cased=read.cased) if _may_claim_words(hints, setting) else ()
    if not mentions and not _may_claim_without(hints, setting):
        return ()
    reader = _Reader(levelled, known, hints, setting)
    found = sorted(reader.claims(mentions), key=lambda claim: (claim.start, -claim.end))
    if not read.starts:  # every place is the author's
        return tuple(found)
    return tuple(
        Claim(claim.kind, *read.author(claim.start, claim.end), claim.concept, claim.cue, claim.sensitive)
        for claim in found
    )


def is_telling_service(concept_id: str) -> bool:
    """Does a service or a sender of this name tell what its patients have: oncology, an HIV clinic?"""
    known = concept(concept_id)
    if tells_of(concept_id) & _SENDER_SPECIALTIES:
        return known.kind not in _BACKGROUND or concept_id in _SENDER_SPECIALTIES
    return bool(known.sensitivity) and known.kind not in _BACKGROUND


def _may_claim_words(hints: Hints, setting: Setting) -> bool:
    """May a health word be a claim, for its place or for what may stand beside it?"""
    if setting.about_care or setting.names_sender or setting.topics is None or setting.topics:
        return True
    return not _BESIDE_WORDS.isdisjoint(hints.keys)


def _may_claim_without(hints: Hints, setting: Setting) -> bool:
    """May there be a claim without a health word: `your results`, `we missed you at …`?"""
    if not _SAYINGS.isdisjoint(hints.keys) or (setting.about_care and "notices" in hints):
        return True
    is_placed = setting.topics is None or setting.about_care
    return (is_placed or not _POSSESSIVE.isdisjoint(hints.keys)) and not _NOUNS.isdisjoint(hints.keys)


def claims_in_name(words: str, locale: str, *, about_care: bool) -> Iterator[Claim]:
    """The claims of a name or address, its parts set apart by blanks: `suboxone refill due`, `your colonoscopy`."""
    language = language_of(locale)
    if language is None:
        return
    yield from find_claims(words, locale, Setting(exposed=True))
    read = fold(words)
    known, levelled = cues(language), level(read.text)
    recall = known.recalls.search(levelled)
    cue = recall[0] if recall else ""
    for mention in find_in_name(read.text, locale) if recall or about_care else ():
        about = concept(mention.concept_id)
        if about.kind not in _BACKGROUND and mention.concept_id not in _EVERYBODYS:
            kind = Kind.TREATMENT if about.kind in _TREATMENTS else Kind.CONDITION
            place = read.author(mention.start, mention.end)
            yield Claim(kind, *place, mention.concept_id, cue, bool(about.sensitivity))
    called = known.called.search(levelled) if about_care else None
    if called is not None:
        yield Claim(Kind.STATUS, *read.author(called.start(), called.end()), "", "")


class _Reader(Clauses):
    """One line's sentences, and what is said in them."""

    def __init__(self, text: str, cues: Cues, hints: Hints, setting: Setting) -> None:
        super().__init__(text, cues, hints)
        self.setting = setting

    def claims(self, mentions: tuple[Mention, ...]) -> Iterator[Claim]:
        """Offsets are those of the levelled text."""
        graver = [claim for mention in mentions if (claim := self._claim(mention)) is not None]
        care = tuple((self.hints.pattern(key), kind) for key, kind in _CARE if key in self.hints)
        if care:
            graver += [claim for sentence in self.sentences for claim in self._care(sentence, care)]
        if "care_says" in self.hints:
            says = [
                Claim(Kind.TREATMENT, *found.span(), "", found[0])
                for found in self.hints.pattern("care_says").finditer(self.text)
                if not self._is_generic(self.sentence_of(found.start()), found.end())
            ]
            told = [claim.start for claim in graver if claim.kind is not Kind.SEGMENT]
            graver += [claim for claim in says if not any(claim.start <= at < claim.end for at in told)]
        yield from self._once_told(graver) if self.setting.topics else graver
        if not self.setting.exposed or _STATUS.isdisjoint(self.hints.keys):
            return
        for sentence in self.sentences:
            if not any(sentence.start <= claim.start <= sentence.end for claim in graver):
                yield from self._status(sentence)

    @staticmethod
    def _once_told(claims: list[Claim]) -> list[Claim]:
        """Of the words from which an audience can be told, a theme only where no other word does."""
        telling = [claim for claim in claims if claim.kind is Kind.SEGMENT]
        if len(telling) < 2:
            return claims
        themes = [claim for claim in telling if claim.concept and concept(claim.concept).kind == "theme"]
        idle = themes if len(themes) < len(telling) else themes[1:]
        return [claim for claim in claims if claim not in idle]

    def _claim(self, mention: Mention) -> Claim | None:
        known = concept(mention.concept_id)
        sentence = self.sentence_of(mention.start)
        if mention.concept_id in _BROUGHT and self._is_brought(sentence.start, sentence.end):
            return None
        cue = None if self._is_silent(mention, known.kind, sentence) else self._cue(mention, known.kind, sentence)
        is_group = cue is not None and cue == self._group(mention, sentence)
        is_treatment = known.kind in _TREATMENTS and not self.setting.names_sender and not is_group
        kind = Kind.TREATMENT if is_treatment else Kind.CONDITION
        if cue is None and self._tells_segment(mention):
            kind, cue = Kind.SEGMENT, ""
        if cue is not None and kind is not Kind.SEGMENT and mention.concept_id in _RELATIONSHIP:
            kind = Kind.STATUS
        if cue is None or (kind is Kind.STATUS and not self.setting.exposed):
            return None
        return Claim(kind, mention.start, mention.end, mention.concept_id, cue, bool(known.sensitivity))

    def _is_brought(self, start: int, end: int) -> bool:
        return self.setting.brought or self.cues.brings.search(self.text, start, end) is not None

    def _is_silent(self, mention: Mention, kind: str, sentence: Sentence) -> bool:
        """A heart, salt or sleep tells of nobody; `your heart team` does, and a sender so named may."""
        if kind not in _SILENT or (self.setting.names_sender and is_telling_service(mention.concept_id)):
            return False
        if kind != "organ":
            return True
        is_served = self.directly_after("served", mention, sentence) is not None
        return not is_served and mention.concept_id not in _SELDOM_NAMED and not self._ails(sentence)

    def _ails(self, sentence: Sentence) -> bool:
        """`Your knees hurt`; a bare question (`does your back hurt?`) is everybody's, until it says `still`."""
        if self.cues.ails.search(self.text, sentence.start, sentence.end) is None:
            return False
        is_asked = self.cues.question.search(self.text, sentence.start, sentence.after) is not None
        return not is_asked or self.cues.persists.search(self.text, sentence.start, sentence.end) is not None

    def _tells_segment(self, mention: Mention) -> bool:
        topics = self.setting.topics
        if topics is None:
            return not mention.weak and concept(mention.concept_id).kind not in _BACKGROUND
        return bool(topics) and not topics.isdisjoint(tells_of(mention.concept_id))

    def _cue(self, mention: Mention, kind: str, sentence: Sentence) -> str | None:
        """The words that make the mention a claim; "" where its place does; None where nothing does."""
        if (group := self._group(mention, sentence)) is not None:
            return group
        if self.setting.names_sender and not mention.weak and is_telling_service(mention.concept_id):
            return ""
        if self._is_generic(sentence, mention.end):
            return None
        if self._kind_of(mention) == "population" and (own := self.cues.reader.search(mention.form)):
            return own[0]  # `deg med diabetes` is one form
        strong = self._presupposition(mention, sentence)
        if strong is not None:
            return strong
        if mention.concept_id == "glasses" or (kind == "device" and mention.weak):
            return None
        if kind == "measure" and self._is_anybodys(mention, sentence):
            return None
        personal = self._possessive(mention, sentence) or self._addressee(mention, sentence)
        if personal is not None:
            return personal
        if kind in _BACKGROUND or not self.setting.about_care or kind == "euphemism":
            return None
        if mention.weak:
            return "" if kind == "device" and not self.setting.exposed else None  # `the cast comes off`
        if mention.concept_id in _EVERYBODYS or (kind == "population" and not concept(mention.concept_id).sensitivity):
            return None
        return ""

    def _group(self, mention: Mention, sentence: Sentence) -> str | None:
        """`our diabetic patients like you`, `for our patients with Crohn's`."""
        with_them = self.before("group_with", mention, sentence, reach=2)
        if with_them is not None:
            return with_them
        after = self.directly_after("group_after", mention, sentence)
        if after is None:
            return None
        before = self.before("group", mention, sentence, reach=2)
        by_itself = any(mark in after for mark in ("like you", "comme vous", "som deg", "som dere", "您", "你"))
        return f"{before} … {after}" if before is not None else after if by_itself else None

    def _presupposition(self, mention: Mention, sentence: Sentence) -> str | None:
        """`still taking …`, `after your …`, `day 3 of …`: who is asked so, has it."""
        is_anything = mention.weak and mention.concept_id in _BROUGHT  # the medicines that you take
        if not is_anything and (given := self.directly_after("given", mention, sentence)) is not None:
            return given
        for key in ("still", "after"):
            cue = self.before(key, mention, sentence, reach=2)
            kind = self._kind_of(mention)
            is_idle = key == "after" and (
                mention.weak or kind == "specialty" or self._is_call(mention, sentence)
            )  # welcome to dentistry; book a time for your flu shot
            is_idle = is_idle or (key == "still" and mention.weak and kind == "euphemism")  # a week without sugar
            if cue is not None and not is_idle:
                return cue
        since = None if mention.weak else self.before("since", mention, sentence, reach=0)
        if since is not None and self.cues.reader.search(self.text, sentence.start, sentence.end):
            return since
        cue_after = self.directly_after("afterwards", mention, sentence)
        if cue_after is not None and (self._possessive(mention, sentence) or self.setting.about_care):
            return cue_after
        return None

    @staticmethod
    def _kind_of(mention: Mention) -> str:
        return concept(mention.concept_id).kind if mention.concept_id else ""

    def _possessive(self, mention: Mention, sentence: Sentence) -> str | None:
        """`your diabetes`, `diabetesen din`, `your son's asthma`; not `book your flu shot`."""
        for key in ("your_kin", "your"):
            cue = self.before(key, mention, sentence, reach=self.cues.words_between)
            if cue is None:
                continue
            if self._is_call(mention, sentence) or (key == "your_kin" and self._is_routine(mention)):
                return None
            return cue
        after = self.directly_after("yours", mention._replace(end=self.word_end(mention.end)), sentence)
        is_idle = after is None or self._is_call(mention, sentence) or (" " in after and self._is_routine(mention))
        return None if is_idle else after

    def _is_routine(self, mention: Mention) -> bool:
        """Every child is vaccinated and looked at: `your son's vaccines` tell nothing, but in his own reminder."""
        if self.setting.about_care:
            return False
        kind = self._kind_of(mention)
        return kind == "vaccine" or kind == "screening" or self.cues.routine.fullmatch(mention.form) is not None

    def _addressee(self, mention: Mention, sentence: Sentence) -> str | None:
        """`you have …`, `deg med …`, `now that you are …`."""
        cue = self.before("reader_with", mention, sentence, reach=2)
        if cue is not None or self.directly_after("at_work", mention, sentence) is not None:
            return cue
        if self._kind_of(mention) == "population" and (cue := self.before("as_a", mention, sentence, reach=1)):
            return cue
        return self.before("reader_is", mention, sentence, reach=1)

    def _is_call(self, mention: Mention, sentence: Sentence) -> bool:
        """A call to everybody: `schedule your flu shot today`."""
        if "calls" not in self.hints:
            return False
        for found in self.hints.pattern("calls").finditer(self.text, sentence.start, mention.start):
            if self.words_in(found.end(), mention.start) <= 3:
                return True
        return False

    def _is_anybodys(self, mention: Mention, sentence: Sentence) -> bool:
        """What everybody has, asked about or explained: `is your blood pressure too high?`, `know your numbers`."""
        is_asked = self.cues.question.search(self.text, sentence.start, sentence.after) is not None
        if is_asked and self._kind_of(mention) == "measure":
            return True
        return self.before("anybodys", mention, sentence, reach=1) is not None

    def _care(self, sentence: Sentence, nouns: tuple[tuple[Pattern, Kind], ...]) -> Iterator[Claim]:
        """Results, prescriptions, illness without a name: `your results`, `sykdommen din`."""
        for pattern, kind in nouns:
            for found in pattern.finditer(self.text, sentence.start, sentence.end):
                if self._is_generic(sentence, found.end()):
                    continue
                if self._is_brought(sentence.start, found.start()):
                    continue
                place = Mention("", found.start(), found.end(), found[0], False)
                cue = self._possessive(place, sentence)
                if cue is not None and kind is Kind.CONDITION and self._is_anybodys(place, sentence):
                    continue
                if cue is None and kind is Kind.TREATMENT and self.setting.about_care and self.setting.exposed:
                    cue = ""
                if cue is None and self.setting.topics is None:
                    yield Claim(Kind.SEGMENT, place.start, place.end, "", "")
                elif cue is not None:
                    yield Claim(kind, place.start, place.end, "", cue)

    def _status(self, sentence: Sentence) -> Iterator[Claim]:
        if "status_says" in self.hints:
            says = self.hints.pattern("status_says").search(self.text, sentence.start, sentence.end)
            if says is not None:
                yield Claim(Kind.STATUS, says.start(), says.end(), "", says[0])
                return
        if self.setting.about_care and not self.setting.names_sender and "notices" in self.hints:
            for notice in self.hints.pattern("notices").finditer(self.text, sentence.start, sentence.end):
                if not _IN_A_PATH.match(self.text, notice.end()):  # of a field: `appointment.start`
                    yield Claim(Kind.STATUS, notice.start(), notice.end(), "", "")
                    return
        if "status" not in self.hints:
            return
        for found in self.hints.pattern("status").finditer(self.text, sentence.start, sentence.end):
            place = Mention("", found.start(), found.end(), found[0], False)
            cue = self._possessive(place, sentence)
            if cue is not None and self.before("anybodys", place, sentence, reach=1) is None:
                yield Claim(Kind.STATUS, place.start, place.end, "", cue)
                return

    def _is_generic(self, sentence: Sentence, at: int) -> bool:
        """Is it about people, not about the reader: `if you have …`, `people with …`, until the clause at `at` ends?"""
        if "generic" not in self.hints:
            return False
        if self.hints.pattern("generic").search(self.text, sentence.start, self.clause_end(at, sentence)):
            return True
        return self.cues.answered.search(self.text, sentence.start, sentence.end) is not None
