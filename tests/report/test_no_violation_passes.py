"""A finding at or above the bar ends a command non-zero, in every format and on every way out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sarif_form import faults

from campcompile.cli.main import main
from campcompile.cli.reporting import FORMATS
from campcompile.report.report import without_secrets
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source
from tests.rules.examples import AS_OF, Example, code_of, compiled, example_files, examples_of, of_each_file

CODES = {code_of(file): file for file in example_files()}


@cache
def bad_example(code: str) -> Example:
    """The first example of a rule in which it fires."""
    return next(one for one in examples_of(CODES[code]) if any(expected.code == code for expected in one.expected))


class Compiler:
    """Stands where campcompile.compiler would be imported, and finds what an example's compile found."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: dict[str, Source]) -> None:
        self.diagnostics = diagnostics
        self.sources = sources

    def compile_files(self, files: Any, **options: Any) -> SimpleNamespace:
        failed = options["lint_only"] or any(found.severity.value == "error" for found in self.diagnostics)
        return SimpleNamespace(
            programme=SimpleNamespace(campaigns=(), settings=SimpleNamespace(messages="en")),
            sources=self.sources,
            diagnostics=self.diagnostics,
            waived=(),
            as_of=AS_OF,
            bundle={} if failed else {"index.json": b"{}"},
        )


@pytest.fixture
def practice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "practice"
    root.mkdir()
    (root / "campcompile.yaml").write_text("format: 1\n")
    monkeypatch.chdir(root)
    return root


def ways_out(code: str, bar: str, root: Path) -> Iterator[list[str]]:
    """Every format of a lint; a compile; a report into a file; a diff; a baseline of another workspace."""
    other = root.parent / "other.json"
    other.write_text(json.dumps({"findings": []}))
    for format in FORMATS:
        yield ["lint", "--fail-on", bar, "--format", format]
    turn = list(FORMATS)[sum(map(ord, code)) % len(FORMATS)]
    yield ["compile", "--fail-on", bar, "--format", turn]
    yield ["lint", "--fail-on", bar, "--format", turn, "--output", str(root.parent / "report")]
    yield ["lint", "--fail-on", bar, "--diff"]
    yield ["lint", "--fail-on", bar, "--baseline", str(other)]


@of_each_file
def test_a_violation_never_passes(
    file: Path, practice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = code_of(file)
    diagnostics, sources = compiled(bad_example(code))
    found = tuple(one for one in diagnostics if one.rule.code == code)
    monkeypatch.setitem(sys.modules, "campcompile.compiler", Compiler(found, sources))  # type: ignore[arg-type]
    bar = found[0].severity.value
    for arguments in ways_out(code, bar, practice):
        assert main(arguments) == 1, arguments
        printed = capsys.readouterr().out
        if "--output" in arguments:
            assert not printed
            printed = (practice.parent / "report").read_text(encoding="utf-8")
        if "--diff" not in arguments:
            assert code in printed, arguments
        if "sarif" in arguments:
            assert faults(json.loads(printed)) == []


def test_every_rule_is_asked() -> None:
    assert set(CODES) == set(all_rules())


@pytest.mark.parametrize("format", FORMATS)
def test_a_bar_that_no_finding_reaches_passes(
    format: str, practice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lest the test above holds for a command that always fails."""
    monkeypatch.setitem(sys.modules, "campcompile.compiler", Compiler((), {}))  # type: ignore[arg-type]
    assert main(["lint", "--format", format, "--fail-on", "info"]) == 0
    assert main(["compile", "--format", format, "--fail-on", "info"]) == 0
    assert bool(capsys.readouterr().out) is (format != "github"), "annotations are of findings alone"


@pytest.mark.parametrize("format", FORMATS)
def test_a_secret_is_in_no_format(
    format: str, practice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All findings of the examples of private rules, printed: no line that such a rule found stands there."""
    private = [code for code, rule in all_rules().items() if rule.private]
    looked_for = set()
    for code, examples in {code: examples_of(CODES[code]) for code in private}.items():
        for example in examples:
            with monkeypatch.context() as real:
                real.delitem(sys.modules, "campcompile.compiler", raising=False)
                diagnostics, sources = compiled(example)
            monkeypatch.setitem(sys.modules, "campcompile.compiler", Compiler(diagnostics, sources))  # type: ignore[arg-type]
            main(["lint", "--format", format])
            printed = capsys.readouterr().out
            if format == "sarif":  # whose rules have a manual page, with an example that may be this one
                printed = json.dumps(json.loads(printed)["runs"][0]["results"], ensure_ascii=False)
            for found in diagnostics:
                if found.rule.private and found.span.path in sources:
                    looked_for.add(found.rule.code)
                    assert sources[found.span.path].quote(found.span) not in printed, (code, example.title)
    assert looked_for == set(private)


def test_another_finding_does_not_repeat_a_secret() -> None:
    """A subject may be quoted whole, with a key in it that only a private rule knows for one."""
    key = "AKIA" + "QYLPMN5HHHFPZAM2"
    source = Source("a.yaml", f"subject: News {key}\n")
    secret, vague = all_rules()["SYN026"], all_rules()["SUB004"]
    found = (secret.at(source.span(14, 34), kind="a key"), vague.at(source.span(9, 34), seen=f"News {key}"))
    hushed = without_secrets(found, {source.path: source})
    assert "`News …`" in hushed[1].message and key not in hushed[1].message


def test_the_way_of_a_field_into_a_subject_is_a_code_flow(
    practice: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    diagnostics, sources = compiled(bad_example("PHI001"))
    monkeypatch.setitem(sys.modules, "campcompile.compiler", Compiler(diagnostics, sources))  # type: ignore[arg-type]
    main(["lint", "--format", "sarif"])
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    flows = [flow for result in results for flow in result.get("codeFlows", ())]
    assert flows and all(len(flow["threadFlows"][0]["locations"]) > 1 for flow in flows)
