"""The wheel holds all that a practice needs: it works in an empty environment, far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WINDOWS = os.name == "nt"


def run(*words: str | Path, cwd: Path) -> str:
    result = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{words}\n{result.stdout}{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dist")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", place, ROOT, cwd=place)
    return next(place.glob("campcompile-*.whl"))


def environment(place: Path) -> Path:
    """An environment that holds nothing; its Python."""
    venv.create(place, with_pip=False, symlinks=not WINDOWS)
    return place / ("Scripts" if WINDOWS else "bin") / ("python.exe" if WINDOWS else "python")


def install(python: Path, *what: str | Path) -> None:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", "--python", python, "install"]
    run(*pip, *what, cwd=python.parent)


def try_out(python: Path, place: Path) -> None:
    """`init` a practice at `place`, lint and compile it."""
    campcompile = python.with_name("campcompile.exe" if WINDOWS else "campcompile")
    place.mkdir()
    where = run(python, "-c", "import campcompile; print(campcompile.__file__)", cwd=place).strip()
    assert Path(where).is_relative_to(python.parents[1])
    run(campcompile, "init", cwd=place)
    run(campcompile, "lint", cwd=place)
    run(campcompile, "compile", cwd=place)
    assert list(place.glob("build/*/emails/*.html"))
    assert list(place.glob("build/*/manifest.json"))


def test_the_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are lent by the environment that runs the tests, so that no network is needed."""
    python = environment(tmp_path / "venv")
    install(python, "--no-deps", "--no-index", wheel)
    query = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(run(python, "-c", query, cwd=tmp_path).strip())
    # A .pth file's folder is searched for modules, but its own .pth files, such as the checkout's, are not read.
    (own / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    try_out(python, tmp_path / "practice")


def test_the_wheel_holds_the_compiled_health_words_and_not_what_they_are_made_of(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    phi = {name.removeprefix("campcompile/phi/") for name in names if name.startswith("campcompile/phi/")}
    assert {f"compiled/{name}.json" for name in ("concepts", "cues", "en", "fr", "nb", "words", "zh-Hant")} <= phi
    assert not {name for name in phi if name.startswith(("concepts/", "cues/", "forms/", "identifiers/data/"))}
    assert phi.isdisjoint({"stems.yaml", "written.py", "inventory.py", "necessary.py", "wordlists.py"})


@pytest.mark.slow
def test_the_wheel_and_its_locked_dependencies_suffice(wheel: Path, tmp_path: Path) -> None:
    """Nothing is lent: what requirements/runtime.txt holds is all that campcompile imports."""
    python = environment(tmp_path / "venv")
    install(python, "--no-deps", "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt")
    install(python, "--no-deps", "--no-index", wheel)
    try_out(python, tmp_path / "practice")
