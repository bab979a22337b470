"""A small workspace on disk, a compiler that answers as told, and a way to run commands in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from campcompile.cli.main import main
from campcompile.syntax.findings import Diagnostic, Rule, Severity
from campcompile.syntax.source import Source
from tests.workspace import lay

CAMPAIGN = 'title: News\ncode: nl20\nsubject: "Hello"\n'
ERROR = Rule(code="FLD001", slug="unknown-field", severity=Severity.ERROR, message="unknown field `{name}`")
WARNING = Rule(code="TIM003", slug="at-in-quiet-hours", severity=Severity.WARNING, message="it will move every time")
INFO = Rule(code="SEG002", slug="leaves-out-missing", severity=Severity.INFO, message="leaves out who has none")


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


@dataclass
class FakeCompiler:
    """Stands where campcompile.compiler would be imported."""

    diagnostics: tuple[Diagnostic, ...] = ()
    bundle: Mapping[str, bytes] = field(default_factory=lambda: {"index.json": b"{}", "nl20/manifest.json": b"{}"})
    failure: BaseException | None = None
    calls: list[dict[str, Any]] = field(default_factory=list)

    def compile_files(self, files: Mapping[str, bytes], **options: Any) -> SimpleNamespace:
        self.calls.append({"files": files, **options})
        if self.failure is not None:
            raise self.failure
        for done in range(3):
            options["progress"](done + 1, 3)
        failed = options["lint_only"] or any(found.severity is Severity.ERROR for found in self.diagnostics)
        campaign = SimpleNamespace(folder="news", code="nl20", emails=())
        return SimpleNamespace(
            programme=SimpleNamespace(campaigns=(campaign,), settings=SimpleNamespace(messages="en")),
            rendered=(),
            sources={"campaigns/news/campaign.yaml": Source("campaigns/news/campaign.yaml", CAMPAIGN)},
            diagnostics=self.diagnostics,
            waived=(),
            as_of=options["as_of"] or date(2026, 8, 15),
            bundle={} if failed else self.bundle,
        )

    def finds(self, *rules: Rule) -> None:
        source = Source("campaigns/news/campaign.yaml", CAMPAIGN)
        self.diagnostics = tuple(rule.at(source.span(6, 10), name="x") for rule in rules)


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "campcompile.yaml": "format: 1\nlocales: {default: nb, others: [en]}\n",
        "campaigns/_shared/dictionary.yaml": "records: {}\n",
        "campaigns/news/campaign.yaml": CAMPAIGN,
        "campaigns/news/en.yaml": "x: y\n",
        "campaigns/recall/campaign.yaml": 'code: "rc10"\n',
    }
    root = lay(tmp_path / "practice", files)
    monkeypatch.chdir(root)
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_WORKSPACE", "CAMPCOMPILE_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    return root.resolve()


@pytest.fixture
def compiler(monkeypatch: pytest.MonkeyPatch) -> FakeCompiler:
    fake = FakeCompiler()
    monkeypatch.setitem(sys.modules, "campcompile.compiler", fake)  # type: ignore[arg-type]
    return fake


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def run_command(*arguments: str) -> Outcome:
        code = main(list(arguments))
        return Outcome(code, *capsys.readouterr())

    return run_command


@pytest.fixture
def samples() -> Mapping[str, tuple[Rule, ...]]:
    """Findings to order, by severity."""
    return {"none": (), "error": (ERROR,), "warning": (WARNING,), "info": (INFO,)}
