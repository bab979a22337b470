"""A11Y004: a picture whose words help nobody who can't see it; an emoji that stands for a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_MARK, SLOT_OPEN
from campcompile.analysis.version_words import WordLine, lines_in, version_words
from campcompile.model.campaign import Asset, Block, Items, Line, Prose, Rows, Version
from campcompile.model.labels import Label
from campcompile.model.words import lines_of, prints_of
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Severity
from campcompile.syntax.findings_lay import ALT_TEXT
from campcompile.syntax.mjml_attributes import check_alt

_IMAGE_OF = regex(
    r"(?:(?:an?|the)\s+)?(?:image|picture|graphic|icon)\s+(?:of|showing)\b"
    r"|(?:une\s+|l['’])?image\s+(?:de|du|des|d['’]|montrant)\b|(?:un\s+)?graphique\s+(?:de|du|des)\b"
    r"|(?:et\s+)?bilde\s+(?:av|som\s+viser)\b|illustrasjon\s+av\b"
    r"|(?:這是)?(?:一張)?(?:圖片|圖像|影像|照片)(?:顯示|中|：|:)|(?:一張)?(?:圖|圖片)：",
    re.IGNORECASE,
)
_NUMBERED_NAME = regex(r"(?:img|dsc|dscn|image|photo|bilde|screenshot|skjermbilde|scan)[\s_-]?\d[\w -]*", re.IGNORECASE)
_SAYS_NOTHING = frozenset(
    ("illustration", "illustrasjon", "photographie", "foto", "圖", "圖片", "圖像", "照片", "相片")
)
_DECORATION = regex(
    r"(?:^|[-_/ ])(?:divider|separator|spacer|ornament|border|decoration|decor|swirl|wave|background|bg|line|"
    r"skillelinje|pynt|separateur|decoratif)(?:[-_ 0-9.]|$)",
    re.IGNORECASE,
)
_EMOJI = regex("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff]")
_LABEL_EMOJI = regex(
    f"(?:^|[\\n{ARM}])\\W*?((?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff][\ufe0f\u200d]?)+)"
    f"[\\s:：–-]*{SLOT_OPEN}"
)


@rule(ALT_TEXT)
def alt_text(block: Block, facts: Facts) -> Found:
    """The words of an image block: a file's name, nothing said, too long, read twice, or missing where it is a link."""
    alt, picture = block.fields.get("alt"), block.fields.get("src")
    if block.kind != "image" or not isinstance(alt, Line):
        return
    line = next(lines_in(alt.words), None)
    if line is None:
        if "to" in block.fields:
            yield alt_text.at(block.spans.get("alt", block.span), say="silent-link")
        return
    yield from _word_faults(line, picture if isinstance(picture, Asset) else None, facts)
    for printed in prints_of(alt.words):
        if printed.label >= Label.HEALTH:
            yield alt_text.at(printed.span, say="health-field", field=printed.field, level=printed.label.word)


@rule(ALT_TEXT)
def emoji_as_label(version: Version, facts: Facts) -> Found:
    """An emoji instead of a word: as a button's or a row's whole label, or right before a merge field."""
    if _EMOJI.search(facts.once(version_words, version).text):
        for block in version.blocks:
            yield from _emoji_labels(block, facts)


def _emoji_labels(block: Block, facts: Facts) -> Iterator[Diagnostic]:
    for field, value in block.fields.items():
        match value:
            case Line(words) if field in ("label", "title", "button"):
                lines = list(lines_in(words))
                yield from (_emoji_alone(line) for line in lines if _is_emoji(line))
            case Rows(rows):
                lines = [line for row in rows for line in lines_in(row.label)]
                yield from (_emoji_alone(line) for line in lines if _is_emoji(line))
            case Items(items):
                yield from _emoji_before_fields([line for item in items for line in lines_in(item.words)], facts)
            case Prose(text):
                lines = [line for words in lines_of(text) for line in lines_in(words)]
                yield from _emoji_before_fields(lines, facts)
            case _:
                pass


def _word_faults(line: WordLine, picture: Asset | None, facts: Facts) -> Iterator[Diagnostic]:
    words, span = line.text.strip(), line.whole()
    shared = list(check_alt(words, span))
    stem = picture.path.rpartition("/")[2].rpartition(".")[0] if picture else ""
    if shared:
        yield from shared
    elif (words.casefold() == stem.casefold() and re.search(r"[_\d-]", stem)) or _NUMBERED_NAME.fullmatch(words):
        yield alt_text.at(span, say="file-name", alt=words[:80])
    elif words.casefold() in _SAYS_NOTHING:
        yield alt_text.at(span, say="says-nothing", alt=words)
    elif picture and _DECORATION.search(stem):
        file = picture.path.rpartition("/")[2]
        yield alt_text.at(span, say="decorative", severity=Severity.WARNING, alt=words[:80], file=file)
    elif found := _IMAGE_OF.match(words):
        start = line.text.index(words)
        place = line.span(start, start + found.end(), facts.source(span.path))
        fixes = _without_lead(line, start, found.end(), facts)
        yield alt_text.at(place, say="image-of", severity=Severity.WARNING, words=found[0], fixes=fixes)


def _without_lead(line: WordLine, start: int, length: int, facts: Facts) -> tuple[Fix, ...]:
    """What follows `Image of `, with a capital; none where the words are written with escapes."""
    rest = line.text[start + length :]
    begin = start + length + len(rest) - len(rest.lstrip())
    first = line.text[begin : begin + 1]
    source = facts.source(line.whole().path)
    span = line.span(start, begin + 1, source)
    if not first.isalpha() or source is None or source.quote(span) != line.text[start : begin + 1]:
        return ()
    return (Fix("leave it out", (Edit(span, first.upper()),), Applicability.SAFE),)


def _is_emoji(line: WordLine) -> bool:
    """Emoji, and no letter, digit or merge field."""
    return (
        _EMOJI.search(line.text) is not None
        and SLOT_OPEN not in line.text
        and not any(character.isalnum() for character in SLOT_MARK.sub("", line.text))
    )


def _emoji_alone(line: WordLine) -> Diagnostic:
    return alt_text.at(line.whole(), say="emoji-label", emoji=line.text.strip().replace(ARM, "")[:20])


def _emoji_before_fields(lines: list[WordLine], facts: Facts) -> Iterator[Diagnostic]:
    for line in lines:
        if SLOT_OPEN not in line.text:
            continue
        for found in _LABEL_EMOJI.finditer(line.text):
            place = line.span(found.start(1), found.end(1), facts.source(line.stretches[0].span.path))
            yield alt_text.at(place, say="emoji-label", severity=Severity.WARNING, emoji=found[1])
