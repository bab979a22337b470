"""Judges copy that lives elsewhere: one line of text, where it stands, who gets it, and the merge fields in it.

The transport is assumed to be ordinary SMTP through a service without a business associate agreement. Pure: the command
reads the files (`cli/scan.py`), here nothing is opened.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from campcompile.phi.claims import Claim, Kind, Setting, claims_in_name, find_claims
from campcompile.phi.cues import LANGUAGES, language_of
from campcompile.phi.folded import fold
from campcompile.phi.identifiers import OwnDetails, find_identifiers
from campcompile.phi.lexicon import concept, find_concepts, tells_of
from campcompile.regex import regex
from campcompile.values import dataclass

BODY = "body"
_EXPOSED = frozenset({"subject", "preheader", "from_name", "url", "tag"})
_NAMES = frozenset({"url", "tag"})  # words without a sentence around them
_TAG = regex(r"\{\{(.*?)\}\}|\{%-?(.*?)-?%\}", re.DOTALL)
_MARKUP = ("{", "[", "%7b", "%7B")
_BRACKET = regex(r"\[[^\[\]\n]{1,60}\]")
_PATH = regex(r"[^\W\d][\w]*(?:\.[^\W\d]\w*)*")
_QUOTED = regex(r"\"[^\"]*\"|'[^']*'")
_TEMPLATE_WORDS = frozenset(
    ["if", "elif", "else", "endif", "for", "endfor", "in", "is", "not", "and", "or", "set", "true", "false", "none",
     "default", "date", "upper", "lower", "title", "md5", "sha1", "sha256", "base64", "urlencode", "length", "first",
     "last", "join", "trim", "escape", "safe", "raw", "endraw"]
)  # fmt: skip
_BASE64 = regex(r"[A-Za-z0-9+/_-]{4,}={0,2}")
_HTML_TAG = regex(r"<[a-zA-Z/!][^<>]*>")
_SPOKEN = regex(r"\b(?:alt|title|aria-label)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_HOST = regex(r"https?://[^/?#]*", re.IGNORECASE)
_JOINTS = regex(r"[-_./=&?+#]|%20")
# Words for illness that don't say which: an audience so named is about health, and nobody knows about what.
_SOME_ILLNESS = frozenset({"illness", "chronic-illness", "chronic-patients", "diagnosis", "at-risk-patients"})
# A closed list (label guide): services whose use tells what somebody has.
_SENSITIVE_SERVICES = frozenset(
    [
        "oncology",
        "cancer",
        "psychiatry",
        "mental-health",
        "fertility",
        "infertility",
        "hiv",
        "sti",
        "addiction",
        "genetics",
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """A merge field of another program: where it may stand, by context; "*" stands for all."""

    allow: Mapping[str, frozenset[str]]
    is_name: bool = False  # a first name: profile `standard` lets it into the inbox line

    def allows(self, context: str, slot: str) -> bool:
        slots = self.allow.get(context, self.allow.get("*", frozenset()))
        return slot in slots or "*" in slots


@dataclass(frozen=True, slots=True)
class FieldRules:
    """By name as written between the braces; `clinic.*` stands for all below."""

    rules: Mapping[str, FieldRule]

    def find(self, name: str) -> FieldRule | None:
        if name in self.rules:
            return self.rules[name]
        while "." in name:
            name = name.rpartition(".")[0]
            if f"{name}.*" in self.rules:
                return self.rules[f"{name}.*"]
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One authored text in one place."""

    id: str
    lang: str
    context: str  # marketing, education, transactional
    slot: str  # subject, preheader, from_name, body, url, tag
    text: str
    basis: str = "none"  # of the audience: none, age, geography, behaviour, service, condition
    segment: str = ""
    fields: tuple[str, ...] = ()  # merge fields as the program wrote them


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    id: str
    flagged: bool
    category: str = "none"
    rule: str = ""
    span: tuple[int, int] | None = None  # code points of the text
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Auditor:
    """What is the same for every text of one practice."""

    own: OwnDetails
    fields: FieldRules
    profile: str = "strict"

    def judge(self, copy: Copy) -> Verdict:
        """The gravest thing that is wrong with a text; not flagged where nothing is."""
        for judged in (self._merge_field, self._identifier, self._claim):
            found = judged(copy)
            if found is not None:
                return found
        return Verdict(id=copy.id, flagged=False)

    def _merge_field(self, copy: Copy) -> Verdict | None:
        if not copy.fields and not any(sign in copy.text for sign in _MARKUP):
            return None
        for name, start, end in _fields_in(copy, self.fields):
            rule = self.fields.find(name)
            if rule is not None and rule.allows(copy.context, copy.slot):
                continue
            lenient = self.profile == "standard" and copy.slot in _EXPOSED - _NAMES
            if rule is not None and rule.is_name and lenient:
                continue
            known = "may not stand here" if rule is not None else "is in no dictionary, so nobody knows what it tells"
            code = "PHI002" if copy.slot == "url" else "PHI001" if copy.slot in _EXPOSED else "PHI012"
            return Verdict(
                id=copy.id,
                flagged=True,
                category="phi-merge-field",
                rule=code if rule is not None else "FLD001",
                span=(start, end),
                explanation=f"`{name}` {known}",
            )
        return None

    def _identifier(self, copy: Copy) -> Verdict | None:
        text = _masked(copy.text, keep_html=True)
        for reading in (text, _JOINTS.sub(" ", text)) if copy.slot == "tag" else (text,):
            for found in find_identifiers(reading, copy.lang, self.own):
                return Verdict(
                    id=copy.id,
                    flagged=True,
                    category="literal-identifier",
                    rule="PHI009",
                    span=(found.start, found.end),
                    explanation=f"a {found.kind.replace('-', ' ')} points at one person",
                )
        return None

    def _claim(self, copy: Copy) -> Verdict | None:
        claims = [claim for claim in self._claims(copy) if self._counts(claim, copy)]
        if not claims:
            return None
        gravest = min(claims, key=lambda claim: (_ORDER[claim.kind], claim.start))
        told = gravest.concept or copy.text[gravest.start : gravest.end]
        why = f" (`{gravest.cue}`)" if gravest.cue else ""
        return Verdict(
            id=copy.id,
            flagged=True,
            category=gravest.kind.value,
            rule=_rule_of(gravest, copy.slot),
            span=(gravest.start, gravest.end),
            explanation=f"{_TELLS[gravest.kind]}: {told}{why}",
        )

    def _counts(self, claim: Claim, copy: Copy) -> bool:
        lenient = self.profile == "standard" and claim.kind is Kind.STATUS
        return not lenient

    def _claims(self, copy: Copy) -> Iterator[Claim]:
        setting = _setting(copy.slot, copy.context, topics_of(copy.basis, copy.segment, copy.lang))
        if copy.slot in _NAMES:
            yield from _segment_in_name(copy, setting)
            words = _apart(copy.text)
            for locale in dict.fromkeys((copy.lang, "en")):
                yield from claims_in_name(words, locale, about_care=setting.about_care)
            return
        text = _masked(copy.text)
        for line, at in _lines(text):
            for claim in find_claims(line, copy.lang, setting):
                yield claim._replace(start=claim.start + at, end=claim.end + at)


_ORDER = {Kind.TREATMENT: 0, Kind.CONDITION: 1, Kind.SEGMENT: 2, Kind.STATUS: 3}
_TELLS = {
    Kind.TREATMENT: "tells a treatment, test or result of the reader",
    Kind.CONDITION: "tells what the reader has",
    Kind.SEGMENT: "tells what the people who get this have in common",
    Kind.STATUS: "tells that the reader is a patient",
}


def _rule_of(claim: Claim, slot: str) -> str:
    if claim.kind is Kind.SEGMENT:
        return "PHI005"
    if slot == "from_name":
        return "PHI004"
    if slot == "url":
        return "PHI002"
    if slot == "tag":
        return "PHI003"
    if slot == BODY:
        return "PHI014" if claim.sensitive else "PHI012"
    return "PHI001"


@lru_cache(maxsize=256)
def _setting(slot: str, context: str, topics: frozenset[str] | None) -> Setting:
    return Setting(
        exposed=slot in _EXPOSED,
        about_care=context == "transactional",
        names_sender=slot == "from_name",
        topics=topics,
    )


@lru_cache(maxsize=1024)
def topics_of(basis: str, segment: str, lang: str) -> frozenset[str] | None:
    """What an audience is about: concepts; none for age, place or behaviour; None where it is some illness."""
    if basis not in ("condition", "service"):
        return frozenset()
    found = {mention.concept_id for language in _languages(lang) for mention in _mentions(segment, language)}
    told = {name for concept_id in found for name in tells_of(concept_id)}
    if basis == "service":
        sensitive = any(concept(name).sensitivity for name in found) or bool(told & _SENSITIVE_SERVICES)
        return frozenset(told) if sensitive else frozenset()
    return None if told <= _SOME_ILLNESS else frozenset(told)


@lru_cache(maxsize=256)
def _languages(lang: str) -> tuple[str, ...]:
    own = language_of(lang)
    return tuple(dict.fromkeys([*([own] if own else []), *LANGUAGES]))


def _mentions(text: str, language: str) -> Sequence[Any]:
    read = fold(text)
    return find_concepts(read.text, language, cased=read.cased)


def _segment_in_name(copy: Copy, setting: Setting) -> Iterator[Claim]:
    """Names and addresses are read in every language, as they stand and decoded."""
    if setting.topics is not None and not setting.topics:
        return
    for text in dict.fromkeys(_decodings(copy.text)):
        for language in _languages(copy.lang):
            for mention in _mentions(text, language):
                if setting.topics is None or setting.topics & tells_of(mention.concept_id):
                    found = copy.text.casefold().find(text[mention.start : mention.end].casefold())
                    start, end = (found, found + mention.end - mention.start) if found >= 0 else (0, len(copy.text))
                    yield Claim(Kind.SEGMENT, start, end, mention.concept_id, "")
                    return


def _apart(text: str) -> str:
    """The parts of a name or address with blanks between, each in its place; of an address, what follows the host."""
    start = _HOST.match(text)
    at = start.end() if start else 0
    return " " * at + _JOINTS.sub(" ", _masked(text)[at:])


def _decodings(text: str) -> Iterator[str]:
    yield text
    plain = unquote(text)
    yield plain
    yield re.sub(r"[-_./=&?+]", " ", plain)
    for found in _BASE64.findall(plain):
        try:
            decoded = base64.b64decode(found + "=" * (-len(found) % 4), altchars=b"-_", validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            continue
        if decoded.isprintable():
            yield decoded


def _fields_in(copy: Copy, rules: FieldRules) -> Iterator[tuple[str, int, int]]:
    """The names of the merge fields in a text, with their places, and those that its program reports."""
    seen = set()
    loop_names: set[str] = set()
    if "%7b" in copy.text.lower():  # `?key=%7B%7B patient.mrn %7D%7D`
        for found in _TAG.finditer(unquote(copy.text)):
            for name in _PATH.findall(_QUOTED.sub('""', found[1] or found[2] or "").partition("|")[0]):
                if name not in _TEMPLATE_WORDS and name not in seen:
                    seen.add(name)
                    yield name, 0, len(copy.text)
    for found in _TAG.finditer(copy.text) if "{" in copy.text else ():
        words = _QUOTED.sub('""', found[1] or found[2] or "")
        if found[2] and (loop := re.match(r"\s*for\s+(\w+)\s+in\b", words)):
            loop_names.add(loop[1])
        expression = words.partition("|")[0] if found[1] else words
        for name in _PATH.findall(expression):
            if name not in _TEMPLATE_WORDS and name.partition(".")[0] not in loop_names and name not in seen:
                seen.add(name)
                yield name, found.start(), found.end()
    for found in _BRACKET.finditer(copy.text) if "[" in copy.text else ():
        if found[0] in rules.rules and found[0] not in seen:
            seen.add(found[0])
            yield found[0], found.start(), found.end()
    for field in copy.fields:
        name = field.strip()
        if name.startswith("{") or name in seen or (name in copy.text and name.startswith("[")):
            continue
        if name not in seen and not any(name.partition(".")[0] == loop for loop in loop_names):
            seen.add(name)
            yield name, 0, len(copy.text)


def _masked(text: str, *, keep_html: bool = False) -> str:
    """The text with template tags as control characters, and HTML tags as blanks but for what is read aloud."""
    if "{" in text:
        text = _TAG.sub(lambda found: "\x02" * len(found[0]), text)
    if keep_html or "<" not in text:
        return text

    def words(found: re.Match[str]) -> str:
        kept = [" "] * len(found[0])
        kept[-1] = "\n"
        for spoken in _SPOKEN.finditer(found[0]):
            group = 1 if spoken[1] is not None else 2
            kept[spoken.start(group) : spoken.end(group)] = spoken[group]
            kept[spoken.start(group) - 1] = "\n"
        return "".join(kept)

    return _HTML_TAG.sub(words, text)


def _lines(text: str) -> Iterator[tuple[str, int]]:
    if "\n" not in text:
        yield text, 0
        return
    at = 0
    for line in text.split("\n"):
        if line.strip():
            yield line, at
        at += len(line) + 1


__all__ = ["Auditor", "Copy", "FieldRule", "FieldRules", "Verdict", "topics_of"]
