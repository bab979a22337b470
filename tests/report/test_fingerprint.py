"""A finding keeps its name while lines come and go around it, and a new one never takes an old one's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from samples import TYPO, report_of, source

from campcompile.compiler import compile_files
from campcompile.report.fingerprint import fingerprints
from campcompile.report.report import Report
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source, Span
from tests.rules.examples import AS_OF, NOW, compiled, examples_of, of_each_file
from tests.workspace import LETTER, workspace

ABOVE = "# a line above\n" * 10


def prints(*diagnostics: Diagnostic, file: Source) -> list[str]:
    report = report_of(*diagnostics, sources={file.path: file})
    found = fingerprints(report)
    return [found[one.sort_key] for one in diagnostics]


def at(file: Source, words: str, number: int = 0, name: str = "x") -> Diagnostic:
    start = -1
    for _ in range(number + 1):
        start = file.text.index(words, start + 1)
    return TYPO.at(file.span(start, start + len(words)), name=name)


@of_each_file
def test_ten_lines_above_change_no_fingerprint(file: Path) -> None:
    """The findings of the first example of every rule, and the same ones ten lines further down."""
    diagnostics, sources = compiled(examples_of(file)[0])
    report = Report(diagnostics=diagnostics, sources=sources, as_of=AS_OF)
    lower = {path: Source(path, ABOVE + one.text) for path, one in sources.items()}
    moved = tuple(_lower(found, sources, lower) for found in diagnostics)
    before, after = fingerprints(report), fingerprints(Report(diagnostics=moved, sources=lower, as_of=AS_OF))
    for one, other in zip(diagnostics, moved, strict=True):
        assert before[one.sort_key] == after[other.sort_key], one


def _lower(found: Diagnostic, sources: dict[str, Source], lower: dict[str, Source]) -> Diagnostic:
    path, start, end = found.span.path, found.span.start, found.span.end
    if path not in sources:
        return found
    if found.span == sources[path].whole() and found.rule.code[:3] != "HYG":  # of the file itself
        return replace(found, span=lower[path].whole())
    return replace(found, span=Span(path, start + len(ABOVE), end + len(ABOVE)))


def test_a_campaign_compiled_again_with_ten_lines_above_has_the_same_fingerprints() -> None:
    letter = LETTER.replace("News from the fjord", "RE: News!!!").replace("phrase: greeting", "phrase: greting")

    def of(text: str) -> tuple[list[int], list[str]]:
        made = compile_files(workspace({"campaigns/letter/campaign.yaml": text}), as_of=AS_OF, now=NOW, lint_only=True)
        report = Report(diagnostics=made.diagnostics, sources=made.sources, as_of=AS_OF)
        starts = [found.span.start for found in made.diagnostics]
        return starts, [fingerprints(report)[found.sort_key] for found in made.diagnostics]

    before, after = of(letter), of(ABOVE + letter)
    assert len(set(before[1])) == len(before[1]) >= 3
    assert after[1] == before[1] and after[0] != before[0]


def test_equal_ones_are_numbered_from_the_top() -> None:
    file = source("a.yaml", "title: b\na: wrong\nb: wrong\n")
    first, second = prints(at(file, "wrong"), at(file, "wrong", 1), file=file)
    assert first.partition(":")[0] == second.partition(":")[0]
    assert (first[-2:], second[-2:]) == (":1", ":2")


def test_other_words_another_file_and_another_name_are_other_findings() -> None:
    one, other = source("a.yaml", "title: b\na: wrong rong\n"), source("b.yaml", "title: b\na: wrong rong\n")
    found = {
        *prints(at(one, "wrong"), at(one, "wrong", name="y"), at(one, "rong", 1), file=one),
        *prints(at(other, "wrong"), file=other),
    }
    assert len(found) == 4


def test_figures_of_a_message_change_nothing() -> None:
    file = source("a.yaml", "title: b\nsubject: x\n")
    heavy = all_rules()["DEL006"]
    span = file.span(9, 16)
    (before,) = prints(heavy.at(span, say="weight", seen="2,104,000", most="2,000,000"), file=file)
    (after,) = prints(heavy.at(span, say="weight", seen="2,304,511", most="2,000,000"), file=file)
    assert before == after


def test_a_secret_is_in_no_fingerprint() -> None:
    secret = all_rules()["SYN026"]
    assert secret.private
    one, other = source("a.yaml", "title: b\nkey: hunter2\n"), source("a.yaml", "title: b\nkey: tr0ub4dor\n")
    found = [prints(secret.at(file.span(14, len(file.text) - 1), kind="x"), file=file) for file in (one, other)]
    assert found[0] == found[1]
