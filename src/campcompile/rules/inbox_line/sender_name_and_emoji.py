"""SUB006: emoji and ticks where they mislead, and words that filters count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_MARK
from campcompile.analysis.version_words import WordLine, lines_in
from campcompile.model.campaign import Programme
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.packs import pack
from campcompile.syntax.source import Span
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Scalar

_PHRASES = "rules/data/spam_phrases.yaml"
# One sign as a reader sees it: with its skin colour, its joined parts, or as a pair that makes a flag.
_SIGN = "(?![★☆✓✔])[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff]"
_EMOJI = regex(
    rf"[\U0001f1e6-\U0001f1ff]{{2}}|{_SIGN}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{_SIGN}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
_TICK = regex("[√✓✔☑✅🗸™®]")
_SHOUTED = regex(r"\b(?:URGENT\w*|IMPORTANT|ACTION REQUIRED|HASTER|VIKTIG)\b|緊急|重要通知")


@rule(
    code="SUB006",
    slug="sender-name-and-emoji",
    severity=Severity.WARNING,
    message="the subject has {count} emoji, and one is enough",
    help="keep the one that helps, and let the words say the rest",
    also={
        "sender-sign": (
            "the sender's name has `{seen}` in it",
            "write the practice's name as it stands on its door: signs there imitate marks of trust",
        ),
        "sender-shouts": (
            "the sender's name says `{seen}`, and is no place for it",
            "write the practice's name as it stands on its door",
        ),
        "sender-field": (
            "the sender's name holds the merge field `{seen}`, which is printed as it stands",
            "write the practice's name: every reader sees the same sender",
        ),
        "alone": (
            "the subject says nothing but an emoji",
            "say it in words: screen readers read an emoji's name, and some mail programs show a box",
        ),
        "essential": (
            "`{seen}` stands in the subject of a message of layer essential",
            "leave it out: what is about somebody's care is told in words",
        ),
        "counted": (
            "`{seen}` in a subject counts for spam with SpamAssassin (rule {name}, up to {score} points of 5)",
            "it is no mistake; where other words say it as well, take those",
        ),
    },
    sources=("https://support.google.com/mail/answer/81126", "SpamAssassin, rules/50_scores.cf, 24 October 2024"),
)
def sender_name_and_emoji(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports more than one emoji in a subject, a subject of nothing else, and any emoji in the subject of a message
    of layer `essential`. In a sender's name (campcompile.yaml) emoji, ticks such as ✅ and ✓, merge fields and words
    like *URGENT* are reported; signs are an error there.

    As a note, it names the words in an English subject that SpamAssassin, the filter of many mail servers, gives
    points for, with the rule and its points. A message counts as spam from 5 points.

    One emoji in the subject of a newsletter is fine.

    ## Why it matters

    Gmail forbids signs in a sender's name that look like its own marks of trust. A screen reader reads every emoji
    aloud: *calendar, alarm clock, round pushpin*.

    ## Example

    ```yaml
    senders:
      care: {from: "✅ Clinic — URGENT <care@clinic.example>"}
    ```

    ## Use instead

    ```yaml
    senders:
      care: {from: "Clinique du Parc <care@clinic.example>"}
    ```

    ## Sources

    * Gmail, Email sender guidelines (2025): no signs in the sender's name that imitate verification
    * SpamAssassin's rules and scores, 24 October 2024
    """
    version = message.version
    for line in lines_in(version.subject):
        if version.locale.startswith("en"):
            yield from _counted(line, facts)
        if line.text.isascii() or not _EMOJI.search(line.text):
            continue
        signs = [found for arm in _arms(line) for found in arm]
        per_arm = max((len(arm) for arm in _arms(line)), default=0)
        words = SLOT_MARK.sub("x", line.text)
        if signs and not any(character.isalnum() for character in words):
            yield sender_name_and_emoji.at(version.subject_span, say="alone")
        elif signs and message.campaign.layer == "essential":
            yield sender_name_and_emoji.at(_span(line, signs[0], facts), say="essential", seen=signs[0][0])
        elif per_arm > 1:
            yield sender_name_and_emoji.at(_span(line, signs[1], facts), count=str(per_arm))


@rule(sender_name_and_emoji.rule)
def sender_names(programme: Programme, facts: Facts) -> Found:
    """The senders of campcompile.yaml, each told once."""
    for sender in programme.settings.senders.values():
        where = setting_span(facts, "senders", sender.id, "from", otherwise=sender.span)
        if found := _EMOJI.search(sender.name) or _TICK.search(sender.name):
            span = _within(where, found[0], facts)
            yield sender_name_and_emoji.at(span, say="sender-sign", severity=Severity.ERROR, seen=found[0])
        elif found := re.search(r"\{\{?[^}]*\}?\}", sender.name):
            yield sender_name_and_emoji.at(_within(where, found[0], facts), say="sender-field", seen=found[0])
        elif found := _SHOUTED.search(sender.name):
            yield sender_name_and_emoji.at(_within(where, found[0], facts), say="sender-shouts", seen=found[0])


def _arms(line: WordLine) -> list[list[re.Match[str]]]:
    """The emoji of each stretch between arms: a reader sees one arm."""
    starts = [0, *(at.end() for at in re.finditer(ARM, line.text)), len(line.text)]
    return [list(_EMOJI.finditer(line.text, low, high)) for low, high in pairwise(starts)]


def _counted(line: WordLine, facts: Facts) -> Iterator[Diagnostic]:
    text = line.text.casefold()
    for name, words, score in _phrases():
        at = next((at for one in words if (at := text.find(one)) >= 0), -1)
        if at >= 0:
            seen = next(one for one in words if text.startswith(one, at))
            span = line.span(at, at + len(seen), facts.source(line.stretches[0].span.path))
            yield sender_name_and_emoji.at(
                span, say="counted", severity=Severity.INFO, seen=seen, name=name, score=score
            )


@cache
def _phrases() -> tuple[tuple[str, tuple[str, ...], str], ...]:
    """Name of the rule, its words, its score."""
    rows = []
    node = pack(_PHRASES).root.get("phrases")
    assert isinstance(node, YamlMapping)
    for entry in node.entries:
        assert isinstance(entry.value, YamlMapping)
        words, score = entry.value.get("words"), entry.value.get("score")
        assert isinstance(words, Scalar) and isinstance(score, Scalar)
        rows.append((entry.key.value, tuple(words.value.split("|")), score.value))
    return tuple(rows)


def _span(line: WordLine, found: re.Match[str], facts: Facts) -> Span:
    return line.span(found.start(), found.end(), facts.source(line.stretches[0].span.path))


def _within(span: Span, words: str, facts: Facts) -> Span:
    """The words in a value of campcompile.yaml, or the value where they are written otherwise."""
    at = facts.quote(span).find(words)
    return span if at < 0 else Span(span.path, span.start + at, span.start + at + len(words))
