"""The frame around the code: locked requirements, and what dev.py says at its end."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PIN = re.compile(r"([a-z0-9-]+)==\S+(?: \\\n +--hash=sha256:[0-9a-f]{64})+\n")


@pytest.fixture(scope="module")
def dev() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules["dev"] = importlib.util.module_from_spec(spec)  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_holds_pins_with_digests_and_nothing_else(lock: Path) -> None:
    """No index host, no local path, no pin without a digest."""
    note, _, pins = lock.read_text("utf-8").partition("\n")
    assert note.startswith("# Written by `python3 dev.py lock`")
    assert PIN.sub("", pins) == ""
    assert PIN.findall(pins)


@pytest.mark.parametrize("name", ["build", "runtime", "dev", "engines"])
def test_what_pyproject_asks_for_is_locked(dev: ModuleType, name: str) -> None:
    asked = {re.split(r"[>=<~!;\[ ]", wish)[0].lower().replace("_", "-") for wish in dev._declared(name)}
    locked = set(PIN.findall((ROOT / "requirements" / f"{name}.txt").read_text("utf-8")))
    assert asked <= locked


def test_two_locks_never_pin_one_package_differently() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE):
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_the_build_backend_is_the_locked_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (backend,) = project["build-system"]["requires"]
    assert f"{backend} \\" in (ROOT / "requirements" / "build.txt").read_text("utf-8")


@pytest.mark.xdist_group("grouped")
def test_groups_stay_together(request: pytest.FixtureRequest) -> None:
    """Where many workers test: pytest-xdist tells them by the ends of names, which a release of pytest broke unsaid."""
    if getattr(request.config.option, "loadgroup", False):
        assert request.node.nodeid.endswith("@grouped")


def test_the_last_line_names_what_was_skipped_and_why(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = dev.Ledger()
    ledger.passed.append("ruff")
    ledger.skip("browser pass", "no Chromium here")
    ledger.skip("browser pass", "no Chromium here")
    assert ledger.close("test") == 0
    assert re.fullmatch(
        r"dev\.py test: passed; 1 check in 0 s; skipped: browser pass \(no Chromium here\)",
        capsys.readouterr().out.strip(),
    )


def test_tests_that_skip_themselves_are_counted_by_reason(dev: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        """<testsuites><testsuite>
        <testcase name="test_a"><skipped message="no node here"/></testcase>
        <testcase name="test_b"/>
        <testcase name="test_c"><skipped message="no node here"/></testcase>
        </testsuite></testsuites>"""
    )
    assert dev._skipped_tests(report) == {"no node here": ["test_a", "test_c"]}


def test_a_failed_check_fails_the_run_and_is_named(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    ledger = dev.Ledger()
    assert ledger.check("true", [sys.executable, "-c", "pass"])
    assert not ledger.check("false", [sys.executable, "-c", "raise SystemExit(3)"])
    assert ledger.close("test") == 1
    assert "FAILED: false; 2 checks" in capsys.readouterr().out


def test_set_up_is_done_once_for_the_same_bytes(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "STAMPS", tmp_path / "stamps")
    lock = tmp_path / "lock.txt"
    done: list[str] = []
    for text in ("one", "one", "two", "two"):
        lock.write_text(text)
        dev._once("lock", ["lock.txt"], lambda: done.append(lock.read_text()))
    assert done == ["one", "two"]


def test_decisions_are_numbered_without_a_gap_and_none_twice() -> None:
    pages = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(len(pages))]
    for page in pages[1:]:
        assert page.read_text("utf-8").startswith(f"# {page.name[:4]}: ")
