"""The same words give the same bytes, whatever machine compiles them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("determinism")  # one compile that all look at
CAMPCOMPILE = Path(sys.executable).with_name("campcompile")
TEXT = {".yaml", ".mjml", ".txt"}

Copy = Callable[[Path], Path]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, copy_of_example: Copy) -> dict[str, bytes]:
    """The example practice's build/, as this machine makes it."""
    return compile_in(copy_of_example(tmp_path_factory.mktemp("plain")))


def compile_in(workspace: Path, env: Mapping[str, str] | None = None, cwd: str = ".", umask: int = -1) -> dict:
    """Run `campcompile compile` in a process of its own; build/ as path → bytes."""
    result = subprocess.run(
        [CAMPCOMPILE, "compile"],
        cwd=workspace / cwd,
        env={**os.environ, **(env or {})},
        umask=umask,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    build = workspace / "build"
    return {path.relative_to(build).as_posix(): path.read_bytes() for path in build.rglob("*") if path.is_file()}


def test_every_campaign_is_compiled_in_four_locales(bundle: dict[str, bytes]) -> None:
    for locale in ("en", "fr", "nb", "zh-Hant"):
        assert f"kq47/emails/week-before.{locale}.html" in bundle
        assert f"wm83/emails/issue-2026-09.{locale}.txt" in bundle
        assert f"dv62/emails/at-once.{locale}.html" in bundle
        assert f"hx35/emails/again.{locale}.txt" in bundle


@pytest.mark.parametrize(
    ("env", "cwd", "umask"),
    [
        pytest.param({"PYTHONHASHSEED": "1"}, ".", -1, marks=pytest.mark.slow),
        ({"PYTHONHASHSEED": "4711"}, ".", -1),
        ({"TZ": "Pacific/Apia", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, ".", -1),
        ({"TZ": "America/New_York", "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}, ".", -1),
        ({}, "campaigns/newsletter", 0o077),
    ],
    ids=["seed 1", "seed 4711", "Apia, Turkish", "New York, ASCII", "another folder, strict umask"],
)
def test_the_machine_does_not_show(
    bundle: dict[str, bytes],
    tmp_path: Path,
    copy_of_example: Copy,
    env: dict[str, str],
    cwd: str,
    umask: int,
) -> None:
    assert compile_in(copy_of_example(tmp_path), env, cwd, umask) == bundle


def test_the_checkout_does_not_show(bundle: dict[str, bytes], tmp_path: Path, copy_of_example: Copy) -> None:
    """Windows line ends, other times of files, and another order of creation."""
    workspace = copy_of_example(tmp_path)
    for path in sorted(workspace.rglob("*"), reverse=True):
        if path.is_file():
            content = path.read_bytes()
            path.unlink()
            path.write_bytes(content.replace(b"\n", b"\r\n") if path.suffix in TEXT else content)
            os.utime(path, (0, 0))
    assert compile_in(workspace) == bundle


def test_compiling_again_writes_nothing_anew(tmp_path: Path, copy_of_example: Copy) -> None:
    workspace = copy_of_example(tmp_path)
    first = compile_in(workspace)
    stamps = {path: path.stat().st_mtime_ns for path in (workspace / "build").rglob("*.html")}
    assert compile_in(workspace) == first
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps


def test_one_changed_word_changes_the_bundle(bundle: dict[str, bytes], tmp_path: Path, copy_of_example: Copy) -> None:
    """So that the tests above could fail."""
    workspace = copy_of_example(tmp_path)
    page = workspace / "campcompile.yaml"
    page.write_bytes(page.read_bytes().replace(b"+47 55 50 12 80", b"+47 55 50 12 81"))
    assert compile_in(workspace) != bundle
