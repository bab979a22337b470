"""LIF005, the part that compares words: left untranslated, or saying another number, time, date or place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from campcompile.analysis.facts import Facts
from campcompile.analysis.figures import Figure, figures, said_in_words, without_partner
from campcompile.analysis.flat import without_marks
from campcompile.analysis.own import own
from campcompile.analysis.version_words import Part, WordLine, version_words
from campcompile.model.bound import Target
from campcompile.model.campaign import Email, Version
from campcompile.model.findings import LOCALE_COMPLETENESS
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Label, Severity
from campcompile.syntax.source import Span

# Words that several of our languages share, so that the same word proves nothing.
_SHARED_TEXT = """
    adresse agenda apotek april august avenue budget bus café central centre check chat club code covid
    contact date description digital direct dna dentist dokument document doctor e-mail email e-post fax film
    fitness format gratis help hotel hôtel idé image important influenza info information internet januar kiosk
    kl klinikk legal link menu menus message messages minute minutes mobile mobil mini navigation note notes
    november nummer november op option options oral original page parking passion patient patients pause
    personal photo photos pizza plan pollen post poster post problem program programme public question questions
    radio rue sandwich september service services sms sport standard start status stop system taxi telefon
    test tests tips total tram transport urgent vaccine vaccination video vision virus web website wifi zone
"""
_SHARED = frozenset(_SHARED_TEXT.split())
_NORDIC = frozenset(("nb", "nn", "no", "da"))
_WIDE = regex("[\u2e80-\u9fff\uf900-\ufaff]")
_LETTERS = regex(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ADDRESS = regex(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_SHOWN = 60  # letters of a sentence in a message: enough to know it by

Lines: TypeAlias = tuple[WordLine, ...]


@rule(LOCALE_COMPLETENESS)
def locale_completeness(email: Email, facts: Facts) -> Found:
    """Words, numbers and links of each translation, held against the campaign's first locale."""
    for source, version in _pairs(email):
        theirs = {(part.block, part.field): part for part in facts.once(version_words, source).parts}
        for part in facts.once(version_words, version).parts:
            if part.block >= 0 and not _same_kind(source, version, part.block):
                break  # the binder says so
            if other := theirs.get((part.block, part.field)):
                yield from _compare(other, part, source, version, facts)
                if other.texts:
                    yield from _compare_links(other, part, version)


def _same_kind(source: Version, version: Version, block: int) -> bool:
    return block < len(source.blocks) and source.blocks[block].kind == version.blocks[block].kind


def _pairs(email: Email) -> Iterator[tuple[Version, Version]]:
    """(the words in the campaign's first locale, the same variant in another locale)."""
    if not email.versions:
        return
    first = email.versions[0].locale
    sources = {version.variant: version for version in email.versions if version.locale == first}
    for version in email.versions:
        if version.locale != first and version.variant in sources:
            yield sources[version.variant], version


def _compare(theirs: Part, ours: Part, source: Version, version: Version, facts: Facts) -> Iterator[Diagnostic]:
    """Findings about one field: its texts one by one, its figures together, as they may move between paragraphs."""
    if theirs.lines and not ours.lines and ours.block >= 0:
        block, words = version.blocks[ours.block], _shortened(_words(theirs.lines))
        place = block.spans.get(ours.field, block.span)
        yield locale_completeness.at(place, say="unsaid", locale=source.locale, words=words)
        return
    untranslated = False
    for left, right in zip(theirs.texts, ours.texts, strict=False):
        severity = _untranslated(left, right, source.locale, version.locale, facts)
        if severity is not None:
            untranslated = True
            words = _shortened(_words(right))
            yield locale_completeness.at(
                right[0].whole(), say="untranslated", severity=severity, locale=source.locale, words=words
            )
    if not untranslated:
        yield from _compare_figures(theirs.lines, ours.lines, source, version)


def _untranslated(left: Lines, right: Lines, source: str, locale: str, facts: Facts) -> Severity | None:
    """An error where a sentence stayed as it was, a warning where it may be a name; None where it is translated."""
    if not right or [line.text for line in left] != [line.text for line in right]:
        return None
    if _language(source) == _language(locale) or {_language(source), _language(locale)} <= _NORDIC:
        return None
    ours = _words(right)
    for name in sorted(facts.once(own, facts.programme).names, key=len, reverse=True):
        ours = re.sub(re.escape(name), " ", ours, flags=re.IGNORECASE)
    words = _LETTERS.findall(_ADDRESS.sub(" ", ours))
    if _WIDE.search(ours):
        return Severity.ERROR
    telling = [word for word in words if len(word) > 1 and not word.isupper() and word.casefold() not in _SHARED]
    if not telling:
        return None
    if len(words) > 1 and any(word.islower() for word in telling):
        return Severity.ERROR
    return Severity.WARNING


def _compare_figures(left: Lines, right: Lines, source: Version, version: Version) -> Iterator[Diagnostic]:
    theirs_text, ours_text = _joined(left), _joined(right)
    theirs, ours = figures(theirs_text, source.locale), figures(ours_text, version.locale)
    if not (theirs or ours):
        return
    missing = _unsaid(without_partner(theirs, ours), ours_text, version.locale)
    extra = _unsaid(without_partner(ours, theirs), theirs_text, source.locale)
    if not right or not (missing or extra):
        return
    where = _place(right, extra[0]) if extra else right[0].whole()
    related = (Label(_place(left, missing[0]), "the source says this"),) if missing else ()
    yield locale_completeness.at(
        where,
        say="differing-number",
        severity=Severity.WARNING,
        related=related,
        seen=_quoted(extra),
        wanted=_quoted(missing),
    )


def _compare_links(left: Part, right: Part, version: Version) -> Iterator[Diagnostic]:
    if not (left.targets or right.targets):
        return
    theirs = {key for target in left.targets if (key := _key(target))}  # "": no address, which has its finding
    ours = {key: target for target in right.targets if (key := _key(target))}
    missing, extra = sorted(theirs - ours.keys()), sorted(ours.keys() - theirs)
    if missing or extra:
        parts = [f"`{key}` is missing" for key in missing] + [f"`{key}` is added" for key in extra]
        block = version.blocks[right.block]
        place = ours[extra[0]].span if extra else block.spans.get(right.field, block.span)
        yield locale_completeness.at(place, say="differing-links", difference=", ".join(parts)[:200])


def _unsaid(left_over: tuple[Figure, ...], text: str, locale: str) -> list[Figure]:
    return [figure for figure in left_over if not said_in_words(figure, text, locale)]


def _place(lines: Lines, figure: Figure) -> Span:
    """Where a figure of the joined lines stands."""
    start = figure.start
    for line in lines:
        length = len(without_marks(line.text))
        if start < length:
            at = line.text.find(figure.text)
            return line.span(at, at + len(figure.text)) if at >= 0 else line.whole()
        start -= length + 1
    return lines[-1].whole()


def _joined(lines: Lines) -> str:
    return "\n".join(without_marks(line.text) for line in lines)


def _words(lines: Lines) -> str:
    return " ".join(without_marks(" ".join(line.text for line in lines)).split())


def _shortened(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1].rstrip() + "…"


def _quoted(found: list[Figure]) -> str:
    return ", ".join(f"`{figure.text.strip()}`" for figure in found) if found else "none"


def _key(target: Target) -> str:
    """An address without its language: a page may have one for each."""
    if target.print is not None:
        return target.print.field
    return re.sub(r"(?<=/)(?:en|fr|nb|nn|no|zh(?:-[a-z]{2,4})?)(?=/|$)", "…", target.address, flags=re.IGNORECASE)


def _language(locale: str) -> str:
    return locale.partition("-")[0].lower()
