"""Languages of reports as people write them (`languages/<language>.yaml`): what they miss, and what a run reads.

Asked when documentation is generated and tested, never when a campaign is; the wheel holds what was compiled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from campcompile.package_files import package_names, package_text
from campcompile.report.speech import pieces
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Rule
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml
from campcompile.values import dataclass

PAGE = "docs/languages.md"
_COMPILED = "src/campcompile/report/compiled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One file, of sentences English → its own: the messages and helps of rules, and what stands in and around them."""

    name: str
    report: Mapping[str, str]  # what a report is put together of
    phrases: Mapping[str, str]  # what fills placeholders
    rules: Mapping[str, str]
    lists: Mapping[str, str]
    figures: Mapping[str, str]

    def missing(self, rule: Rule) -> list[str]:
        """What a rule says that this language has no words for: it is said in English."""
        return [text for text in templates_of(rule) if text not in self.rules]

    def left_over(self, rules: Iterable[Rule]) -> list[str]:
        """What is translated and said by no rule any more."""
        said = {text for rule in rules for text in templates_of(rule)}
        return [text for text in self.rules if text not in said]


@cache
def languages() -> Mapping[str, Language]:
    """Every language but English, by its name; sorted."""
    names = [path.removesuffix(".yaml") for path in package_names("report/languages", ".yaml")]
    return {name: _language(name) for name in names}


def templates_of(rule: Rule) -> list[str]:
    """Each message and help of a rule that has words; `{advice}` alone has none."""
    said = [text for pair in ((rule.message, rule.help), *rule.also.values()) for text in pair]
    return [text for text in dict.fromkeys(said) if any(words.strip() for words, _, _ in pieces(text))]


def compiled_files() -> Mapping[str, str]:
    """What a run reads, by its path below the repository: a line for each sentence."""
    return {f"{_COMPILED}/{name}.json": _compiled(language) for name, language in languages().items()}


def languages_page() -> str:
    """`docs/languages.md`: how much is said in each language, and what is said in English still."""
    return "\n".join(_page(all_rules())) + "\n"


def _page(rules: Mapping[str, Rule]) -> Iterator[str]:
    count = sum(len(templates_of(rule)) for rule in rules.values())
    yield from ("# Languages of messages", "")
    yield "`messages: fr` in campcompile.yaml makes findings and reports French, on every desk and in CI alike."
    yield from ("What a language has no words for yet is said in English.", "")
    yield from (
        "| language | messages and helps | phrases in and around them | left over |",
        "| --- | --- | --- | --- |",
    )
    yield f"| en | {count:,} of {count:,} | | |"
    for name, language in languages().items():
        missing = sum(len(language.missing(rule)) for rule in rules.values())
        left, phrases = len(language.left_over(rules.values())), len(language.report) + len(language.phrases)
        yield f"| {name} | {count - missing:,} of {count:,} | {phrases:,} | {left} |"
    for name, language in languages().items():
        yield from ("", f"## Still English in {name}", "")
        yield from _still_english(language, rules) or ("Nothing.",)
        if left_over := language.left_over(rules.values()):
            yield from ("", "Said by no rule any more:", "", *(f"* {text}" for text in left_over))


def _still_english(language: Language, rules: Mapping[str, Rule]) -> list[str]:
    return [f"* {code}: {text}" for code, rule in rules.items() for text in language.missing(rule)]


def _compiled(language: Language) -> str:
    """A phrase with a placeholder is a shape, too: words are held against it."""
    parts = {
        "lists": language.lists,
        "figures": language.figures,
        "sentences": {**language.rules, **language.report, **language.phrases},
    }
    tables = [f"{json.dumps(name)}: {_lines(table)}" for name, table in parts.items()]
    shapes = ",\n".join(_quoted(english) for english in language.phrases if "{" in english)
    return "{\n" + ",\n".join((*tables, f'"shapes": [\n{shapes}\n]')) + "\n}\n"


def _lines(table: Mapping[str, str]) -> str:
    return "{\n" + ",\n".join(f"{_quoted(english)}: {_quoted(said)}" for english, said in table.items()) + "\n}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _language(name: str) -> Language:
    path = f"report/languages/{name}.yaml"
    checked = read_yaml(Source(path, package_text(path)))
    assert not checked.diagnostics, f"{path}: {checked.diagnostics[0].message}"
    data = checked.value.root.data()
    assert isinstance(data, dict)
    return Language(
        name=name,
        report=_pairs(data["report"], name),
        phrases=_pairs(data["phrases"], name),
        rules=_pairs([row for rows in data["rules"].values() for row in rows], name),
        lists=data["lists"],
        figures=data["figures"],
    )


def _pairs(rows: Iterable[Mapping[str, str]], name: str) -> Mapping[str, str]:
    return {row["en"]: row[name] for row in rows}
