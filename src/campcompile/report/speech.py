"""What a report says in the language of its readers: each finding, and the fixed words around them.

A language is a file of sentences, English → its own. People write `languages/<language>.yaml`; `languages.py` compiles
them to `compiled/<language>.json`, which is read here, and only where campcompile.yaml asks for it (`messages: fr`).
What has no words yet stays English as a whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cache
from string import Formatter

from campcompile.package_files import package_text
from campcompile.regex import regex
from campcompile.syntax.findings import Diagnostic, Label, printable
from campcompile.values import dataclass

ENGLISH = "en"

_FIGURE = regex(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?")
_CODE = regex(r"`[^`]*`")
_JOINTS = tuple(regex(rf"(?P<code>`[^`]*`)|(?:, | )(?P<word>{word}) |, ") for word in ("and", "or", "nor"))
_HOLES = dict.fromkeys(("n", "m", "low", "high"), r"-?[\d.,]+")  # by these names, figures alone
_LONGEST = 400  # what is longer is no phrase of ours, and would take long to hold against all of them
_NAME = regex(r"[A-Z][\w.+-]*|[a-z]{2}(?:-\w+)?|\S*[./_-]\S*")  # `Gmail`, `nb`, `blocks/footer.mjml`: no words of ours
_ENGLISH_LISTS = {",": ", ", "and": " and ", "or": " or ", "nor": " nor "}
_WORDS = regex(r"[a-z]{2,} [a-z]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A language: `say` gives its words for English ones, `finding` a finding that tells itself in it."""

    language: str = ENGLISH
    sentences: Mapping[str, str] = field(default_factory=dict)  # English → its own, the same placeholders in both
    lists: Mapping[str, str] = field(default_factory=lambda: _ENGLISH_LISTS)  # what stands between two items
    figures: Mapping[str, str] = field(default_factory=dict)  # "," and "." as they stand in a figure
    shapes: tuple[tuple[re.Pattern[str], str], ...] = ()  # phrases with placeholders: what they look like → what to say

    def finding(self, found: Diagnostic) -> Diagnostic:
        """The same finding with a message, help, labels and titles of fixes in this language."""
        if self.language == ENGLISH:
            return found
        message, help_ = found.templates
        return replace(
            found,
            told=(self.filled(message, found.args), self.filled(help_, found.args)),
            label=self.say(found.label),
            related=tuple(Label(label.span, self.say(label.text)) for label in found.related),
            path=tuple(replace(step, text=self.say(step.text)) for step in found.path),
            fixes=tuple(replace(fix, title=self.say(fix.title)) for fix in found.fixes),
        )

    def filled(self, template: str, args: Mapping[str, str]) -> str:
        """A template in this language; what stands in it outside of backticks is said in this language, too."""
        said = self.sentences.get(template, "" if any(text.strip() for text, _, _ in pieces(template)) else template)
        if not said:
            return printable(template.format_map(args))
        parts = []
        for text, name, quoted in pieces(said):
            parts.append(text)
            if name is not None:
                parts.append(printable(args[name] if quoted else self.say(args[name])))
        return "".join(parts)

    def template(self, english: str) -> str:
        """A template in this language, whose placeholders the caller fills."""
        return self.sentences.get(english, english)

    def listed(self, items: list[str]) -> str:
        """`a, b and c`, of items that are in this language already."""
        if len(items) < 2:
            return "".join(items)
        return self.lists["and"].join((self.lists[","].join(items[:-1]), items[-1]))

    def say(self, english: str) -> str:
        """Words of ours in this language: a phrase of the file, a figure, or a list of such; else as they stand."""
        return english if (said := self._said(english)) is None else said

    def _said(self, english: str) -> str | None:
        """None for what isn't known."""
        if self.language == ENGLISH or not english:
            return english
        if (exact := self.sentences.get(english)) is not None:
            return exact
        if _FIGURE.fullmatch(english):
            return "".join(self.figures.get(char, char) for char in english)
        if _CODE.fullmatch(english):
            return english
        shaped = self._shaped(english)
        return self._listed(english) if shaped is None else shaped

    def _shaped(self, english: str) -> str | None:
        for shape, said in self.shapes if len(english) <= _LONGEST else ():
            if (found := shape.fullmatch(english)) and (filled := self._filled(said, found.groupdict())) is not None:
                return filled
        return None

    def _filled(self, said: str, args: Mapping[str, str]) -> str | None:
        """None where a placeholder would hold English words, or half of what stands in backticks."""
        parts = []
        for text, name, quoted in pieces(said):
            parts.append(text)
            if name is not None:
                value = args[name]
                known = value if quoted else self._said(value)
                if value.count("`") % 2 or (known is None and _WORDS.search(value)):
                    return None
                parts.append(value if known is None else known)
        return "".join(parts)

    def _listed(self, english: str) -> str | None:
        """`a, b or c`, where each of the items is known; one of them may be `d and e` itself."""
        for joint in _JOINTS:
            ends = [found for found in joint.finditer(english) if not found["code"]]
            if not ends:
                continue
            starts = [0, *(found.end() for found in ends)]
            items = [
                self._item(english[at : end.start() if end else None])
                for at, end in zip(starts, [*ends, None], strict=True)
            ]
            if None not in items:
                between = [self.lists[found["word"] or ","] for found in ends]
                return "".join(f"{item}{mark}" for item, mark in zip(items, [*between, ""], strict=True))
        return None

    def _item(self, english: str) -> str | None:
        known = self._said(english)
        return english if known is None and _NAME.fullmatch(english) else known


@cache
def speech(language: str) -> Speech:
    """The speech of a language; English for one without a file."""
    if language == ENGLISH:
        return Speech()
    try:
        told = json.loads(package_text(f"report/compiled/{language}.json"))
    except FileNotFoundError:
        return Speech()
    shapes = sorted(told["shapes"], key=_particular, reverse=True)
    return Speech(
        language=language,
        sentences=told["sentences"],
        lists=told["lists"],
        figures=told["figures"],
        shapes=tuple((_shape(english), told["sentences"][english]) for english in shapes),
    )


def pieces(template: str) -> Iterator[tuple[str, str | None, bool]]:
    """A template's texts, each with the name of the placeholder behind it, and whether that stands in backticks."""
    quoted = False
    for text, name, _, _ in Formatter().parse(template):
        quoted ^= text.count("`") % 2 == 1
        yield text, name, quoted


def _particular(english: str) -> tuple[bool, int]:
    return not english.startswith("{"), sum(len(text) for text, _, _ in pieces(english))


def _shape(english: str) -> re.Pattern[str]:
    parts = []
    for text, name, quoted in pieces(english):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(f"(?P<{name}>{_HOLES.get(name, '[^`]+' if quoted else '.+?')})")
    return regex("".join(parts), re.DOTALL)
