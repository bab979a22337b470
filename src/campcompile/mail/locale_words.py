"""What layouts say of their own, in each locale: locales/*.yaml, one data file a locale, all with the same keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from campcompile.package_files import package_names, package_text
from campcompile.regex import regex
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Scalar
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass

_MERGE = regex(r"\{\{ ([a-z_]+(?:\.[a-z_]+)*)(?: \| ([a-z]+))? \}\}")
_ALIASES = {"zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "no": "nb"}


@dataclass(frozen=True, slots=True)
class Field:
    """A merge field in a wording, bound in the e-mail that says it."""

    path: str  # "practice.name"
    filter: str  # "" | date | weekday | time


Wording: TypeAlias = "tuple[str | Field, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocaleWords:
    locale: str  # whose words these are: "fr" also for fr-CA
    direction: str  # ltr or rtl
    fonts: str  # families to try first, "" for none
    wordings: Mapping[str, Wording]

    def plain(self, key: str) -> str:
        """A wording without merge fields, such as `colon` or `portal_button`."""
        return "".join(part for part in self.wordings[key] if isinstance(part, str))


@cache
def locales() -> tuple[str, ...]:
    """The locales that layouts speak, sorted."""
    return tuple(name.removesuffix(".yaml") for name in package_names("mail/locales", ".yaml"))


@cache
def words_of(locale: str) -> LocaleWords | None:
    """The words for a BCP 47 tag, or for the longest beginning of it that has some: `nb` for `nb-NO`."""
    name = next((name for name in _candidates(locale) if name in locales()), "")
    if not name:
        return None
    document = read_yaml(Source(f"locales/{name}.yaml", package_text(f"mail/locales/{name}.yaml"))).value
    texts = {entry.key.value: entry.value.value for entry in document.root.entries if isinstance(entry.value, Scalar)}
    return LocaleWords(
        locale=name,
        direction=texts.pop("direction"),
        fonts=texts.pop("fonts"),
        wordings={key: _wording(text) for key, text in texts.items()},
    )


def _candidates(locale: str) -> tuple[str, ...]:
    subtags = locale.split("-")
    tags = ["-".join(subtags[:end]) for end in range(len(subtags), 0, -1)]
    return tuple(_ALIASES.get(tag, tag) for tag in tags)


def _wording(text: str) -> Wording:
    parts: list[str | Field] = []
    at = 0
    for found in _MERGE.finditer(text):
        parts += [text[at : found.start()], Field(found[1], found[2] or "")]
        at = found.end()
    return tuple(part for part in (*parts, text[at:]) if part != "")
