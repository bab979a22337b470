#!/usr/bin/env python3
"""All that a fresh machine needs: `python3 dev.py demo` to look, `python3 dev.py test` to check.

Only the standard library is used here, so any Python of 3.11 or newer can begin with this file; older
ones can still read it (no `match`, no slots), to be told kindly which they need.
Set-up goes into .venv/ beside it; nothing else on the machine is touched, but for the system packages
that a CI machine lets us install.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
CAMPCOMPILE = SCRIPTS / ("campcompile.exe" if os.name == "nt" else "campcompile")
NODE = VENV / "node"  # the official mjml, and Prism
HANDLEBARS = VENV / "handlebars"
STAMPS = VENV / "dev-stamps"
OLDEST_PYTHON = (3, 11)
LOCKS = ("build", "runtime", "dev")
ALL_LOCKS = (*LOCKS, "engines")
DEBIAN_BROWSER = ("chromium", "fonts-noto-cjk")


class Trouble(Exception):
    """Something that the person at the keyboard can mend; its text says how."""


@dataclass
class Ledger:
    """What a run did: the checks with their seconds, the failures, and what was skipped and why."""

    started: float = field(default_factory=time.monotonic)
    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    skipped: dict[str, None] = field(default_factory=dict)  # in order, each once

    def skip(self, what: str, why: str) -> None:
        self.skipped[f"{what} ({why})"] = None

    def check(self, name: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> bool:
        """Run one check and remember how it went; a failure doesn't stop the others."""
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        good = run(command, check=False, env=env) == 0
        print(f"   {'passed' if good else 'FAILED'} in {time.monotonic() - began:.1f} s", flush=True)
        (self.passed if good else self.failed).append(name)
        return good

    def close(self, command: str) -> int:
        """Print the last line, and return the exit code."""
        seconds = time.monotonic() - self.started
        outcome = f"FAILED: {', '.join(self.failed)}" if self.failed else "passed"
        skipped = "; ".join(self.skipped) or "nothing"
        total = len(self.passed) + len(self.failed)
        checks = "1 check" if total == 1 else f"{total} checks"
        print(f"\ndev.py {command}: {outcome}; {checks} in {seconds:.0f} s; skipped: {skipped}", flush=True)
        return 1 if self.failed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    if sys.version_info < OLDEST_PYTHON:
        print(f"campcompile needs Python 3.11 or newer; this is {sys.version.split()[0]}", file=sys.stderr)
        print("newer ones: https://www.python.org/downloads/, or your system's package manager", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, (_, help_text) in COMMANDS.items():
        commands.add_parser(name, help=help_text, description=help_text)
    command = str(parser.parse_args(arguments).command)
    os.chdir(ROOT)
    try:
        return COMMANDS[command][0]()
    except Trouble as trouble:
        print(f"\ndev.py {command}: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


# ── the commands ─────────────────────────────────────────────────────────────────────────────────────


def demo() -> int:
    """Set up, lint and compile the example practice, write sample messages, say what to open."""
    set_up("build", "runtime")
    steps: list[tuple[str, list[str | Path]]] = [
        ("lint", [CAMPCOMPILE, "lint"]),
        ("compile", [CAMPCOMPILE, "compile"]),
    ]
    steps += [
        (f"send {manifest} --email {email} --outbox", _send_sample(manifest, email, recipients))
        for manifest, email, recipients in SAMPLES
    ]
    for name, command in steps:
        print(f"\n== campcompile {name}", flush=True)
        if code := run(command, check=False):
            print(f"\ndev.py demo: `campcompile {name}` ended with {code}", file=sys.stderr)
            return code
    pages = sorted(Path("build").glob("*/emails/*.html"))
    print(f"\ndev.py demo: passed; {len(pages)} e-mails in build/, sample messages in outbox/. Now open:")
    for bundle in sorted({page.parent.parent for page in pages}):
        print(f"  {min(bundle.glob('emails/*.en.html'))}")
    print("  outbox/              .eml files: a mail program opens them")
    print(f"  {CAMPCOMPILE.relative_to(ROOT)} --help")
    return 0


SAMPLES = (
    ("build/kq47/manifest.json", "week-before", "docs/sample-recipients/appointments.csv"),
    ("build/wm83/manifest.json", "issue-2026-09", "docs/sample-recipients/readers.csv"),
    ("build/dv62/manifest.json", "at-once", "docs/sample-recipients/new-patients.csv"),
    ("build/dv62/manifest.json", "day-two", "docs/sample-recipients/new-patients.csv"),
    ("build/dv62/manifest.json", "three-days-before", "docs/sample-recipients/first-visits.csv"),
    ("build/dv62/manifest.json", "day-after", "docs/sample-recipients/first-visits.csv"),
    ("build/hx35/manifest.json", "first", "docs/sample-recipients/not-seen-for-a-year.csv"),
)
SAMPLES_NOW = "2026-09-15T09:00+02:00"  # an instant at which all of these people are in their audiences


def _send_sample(manifest: str, email: str, recipients: str) -> list[str | Path]:
    words = ["--email", email, "--recipients", recipients, "--now", SAMPLES_NOW, "--outbox", "outbox"]
    return [CAMPCOMPILE, "send", manifest, *words]


def test() -> int:
    """Everything that a change must pass: under about six minutes on two cores."""
    ledger = Ledger()
    set_up(*LOCKS)
    handlebars(ledger)
    _checks(ledger)
    ledger.skip("slow tests and benchmarks", "python3 dev.py test-all runs them")
    return ledger.close("test")


def test_all() -> int:
    """`test`, then the slow tests and the benchmarks, whose figures go into two pages of docs/."""
    ledger = Ledger()
    set_up(*ALL_LOCKS)
    handlebars(ledger)
    mjml = official_mjml(ledger)
    env = {"CAMPCOMPILE_MJML": str(mjml)} if mjml else {}
    _checks(ledger, env=env)
    _pytest(ledger, "slow tests", "slow", env=env)
    if os.name == "nt":
        ledger.skip("benchmarks", "they read the CPU time of child processes, which Windows doesn't tell")
    else:
        command: list[str | Path] = [PYTHON, "benchmarks/run.py", "--evidence", "docs/evidence.md"]
        ledger.check("benchmarks", command, env=env)
        ledger.check("flows", [PYTHON, "benchmarks/flows.py"])
        ledger.check("profile", [PYTHON, "benchmarks/where.py", "--evidence", "docs/performance.md"])
        ledger.check("plan", [PYTHON, "benchmarks/plan.py", "--evidence", "docs/evidence.md"])
        _benchmark_preview(ledger, env)
    return ledger.close("test-all")


def _benchmark_preview(ledger: Ledger, env: dict[str, str]) -> None:
    if chromium := _chromium():
        command: list[str | Path] = [PYTHON, "benchmarks/preview.py", "--evidence", "docs/evidence.md"]
        ledger.check("benchmark of the preview", command, env={**env, "CAMPCOMPILE_CHROMIUM": chromium})
    else:
        ledger.skip("benchmark of the preview", "it needs a Chromium")


def docs() -> int:
    """Write the generated documentation and the schemas anew from the code."""
    set_up(*LOCKS)
    return run([PYTHON, "-m", "docs.generate"], check=False)


def lock() -> int:
    """Pin every dependency anew, with the digests of all its files, into requirements/."""
    tools = VENV / "lock-tools"
    set_up()
    if not tools.exists():
        _make_venv(tools)
    pip_compile = tools / SCRIPTS.name / PYTHON.name
    run([pip_compile, "-m", "pip", "install", "-q", "pip-tools==7.6.2"])
    for name in ALL_LOCKS:
        print(f"pinning requirements/{name}.txt", flush=True)
        _lock_one(pip_compile, name)
    return 0


def _lock_one(python: Path, name: str) -> None:
    others = {"dev": ("build", "runtime"), "engines": LOCKS}.get(name, ())
    constraint = "".join(f"-c {ROOT / 'requirements' / other}.txt\n" for other in others)
    target = ROOT / "requirements" / f"{name}.txt"
    options = "--generate-hashes --no-annotate --no-header --strip-extras --allow-unsafe --upgrade --quiet"
    hidden = "--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options"
    command = [str(python), "-m", "piptools", "compile", *options.split(), *hidden.split(), "-o", str(target), "-"]
    wanted = constraint + "\n".join(_declared(name))
    subprocess.run(command, input=wanted, text=True, check=True, cwd=ROOT)
    pins = [line for line in target.read_text("utf-8").splitlines(True) if not line.startswith("-c ")]
    note = "# Written by `python3 dev.py lock` from pyproject.toml: every pin with the digests of all its files.\n"
    target.write_text(note + "".join(pins), "utf-8", newline="\n")


def _declared(name: str) -> list[str]:
    """What pyproject.toml asks for under a lock's name."""
    import tomllib  # not in the Pythons that only get the kind message of main()

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {
        "build": project["build-system"]["requires"],
        "runtime": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
        "engines": project["dependency-groups"]["engines"],
    }
    return list(declared[name])


COMMANDS: dict[str, tuple[Callable[[], int], str]] = {
    "demo": (demo, "set up, lint and compile the example practice, and say what to open"),
    "test": (test, "set up, then every check and test that a change must pass"),
    "test-all": (test_all, "the same, then slow tests and benchmarks"),
    "docs": (docs, "write generated documentation and schemas anew"),
    "lock": (lock, "pin all dependencies anew into requirements/"),
}


# ── set-up ───────────────────────────────────────────────────────────────────────────────────────────


def set_up(*locks: str) -> None:
    """Make .venv hold the project and these locks' packages; at once where nothing changed."""
    if not _venv_works():
        print(f"making .venv with Python {sys.version.split()[0]}", flush=True)
        _make_venv(VENV)
    for name in locks:
        _once(f"{name}.txt", [f"requirements/{name}.txt"], partial(_install_lock, name))
    if locks:
        _once("project", ["pyproject.toml", "requirements/build.txt"], _install_project)


def _venv_works() -> bool:
    """Whether .venv is there, whole, and made at this place by a Python that is new enough."""
    if not PYTHON.exists():
        return False
    question = "import pip, sys; print(sys.version_info[:2] >= (3, 11), sys.prefix)"
    try:
        answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    new_enough, _, prefix = answer.strip().partition(" ")
    return new_enough == "True" and Path(prefix).resolve() == VENV.resolve()


def _make_venv(place: Path) -> None:
    try:
        venv.create(place, with_pip=True, clear=True)
    except subprocess.CalledProcessError as error:
        shutil.rmtree(place, ignore_errors=True)
        hint = "on Debian and Ubuntu: sudo apt-get install python3-venv"
        raise Trouble(f"this Python can't make a virtual environment with pip ({hint})") from error


def _install_lock(name: str) -> None:
    print(f"installing requirements/{name}.txt", flush=True)
    pip("install", "--no-deps", "--require-hashes", "-r", f"requirements/{name}.txt")


def _install_project() -> None:
    print("installing campcompile itself, editable", flush=True)
    pip("install", "--no-deps", "--no-build-isolation", "-e", ".")


def pip(*arguments: str) -> None:
    command: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    if run(command, check=False):
        raise Trouble("pip could not do its part; its words stand above (new packages need a way to a package index)")


def _once(name: str, inputs: Iterable[str], action: Callable[[], None]) -> None:
    """Do `action` unless it was done for the same bytes of `inputs` before."""
    digest = hashlib.sha256(str(ROOT).encode())
    for path in inputs:
        digest.update((ROOT / path).read_bytes())
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text("utf-8") == digest.hexdigest():
        return
    action()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest.hexdigest(), "utf-8")


def official_mjml(ledger: Ledger) -> Path | None:
    """The `mjml` command that we are measured against; it and Prism go into .venv/node where npm is there."""
    is_there = _with_npm(ledger, "the official mjml and Prism", "benchmarks/node", NODE)
    if given := os.environ.get("CAMPCOMPILE_MJML"):
        return Path(given)
    return NODE / "node_modules" / ".bin" / ("mjml.cmd" if os.name == "nt" else "mjml") if is_there else None


def handlebars(ledger: Ledger) -> None:
    """handlebars.js, by which the tests read what we write for three services: five small packages."""
    _with_npm(ledger, "handlebars.js", "tests/dialects/node", HANDLEBARS)


def _with_npm(ledger: Ledger, what: str, source: str, place: Path) -> bool:
    """Whether the packages of `source` are in `place`, installed where npm is there; else the skip is named."""
    npm = shutil.which("npm")
    if npm is None:
        ledger.skip(what, "no npm here: install Node.js 20 or newer")
        return False
    try:
        _once(place.name, [f"{source}/package-lock.json"], partial(_install_with_npm, npm, what, source, place))
    except subprocess.CalledProcessError:
        ledger.skip(what, "npm could not install it: its words stand above")
        return False
    return True


def _install_with_npm(npm: str, what: str, source: str, place: Path) -> None:
    print(f"installing {what} with npm", flush=True)
    place.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / source / name, place / name)
    quiet = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run([npm, "ci", *quiet], cwd=place, check=True)


# ── the checks ───────────────────────────────────────────────────────────────────────────────────────


def _checks(ledger: Ledger, env: Mapping[str, str] | None = None) -> None:
    ledger.check("ruff check", [PYTHON, "-m", "ruff", "check", "."])
    ledger.check("ruff format", [PYTHON, "-m", "ruff", "format", "--check", "."])
    ledger.check("mypy --strict", [PYTHON, "-m", "mypy"])
    ledger.check("import-linter", [SCRIPTS / "lint-imports", "--no-cache"])
    ledger.check("docs are fresh", [PYTHON, "-m", "docs.generate", "--check"])
    _pytest(ledger, "tests", "not slow and not browser", env=env)
    if chromium := find_chromium(ledger):
        _pytest(ledger, "browser pass", "browser and not slow", env={"CAMPCOMPILE_CHROMIUM": chromium})


def _pytest(ledger: Ledger, name: str, marks: str, env: Mapping[str, str] | None = None) -> None:
    """One run of pytest on all cores; the tests that skipped themselves are named in the last line."""
    report = VENV / f"pytest-{name.replace(' ', '-')}.xml"
    report.unlink(missing_ok=True)
    spread = ("-n", "auto", "--dist", "loadgroup")
    ledger.check(name, [PYTHON, "-m", "pytest", *spread, "-m", marks, f"--junitxml={report}"], env)
    for why, tests in _skipped_tests(report).items():
        ledger.skip(tests[0] if len(tests) == 1 else f"{len(tests)} tests", why)


def _skipped_tests(report: Path) -> Mapping[str, list[str]]:
    """The tests that skipped themselves, by their reasons."""
    skipped: dict[str, list[str]] = {}
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            for element in case.iter("skipped"):
                skipped.setdefault(str(element.get("message")), []).append(str(case.get("name")))
    return skipped


def find_chromium(ledger: Ledger) -> str:
    """A Chromium to look at e-mails with, installed where that may be; "" where there is none."""
    if _may_install() and not _chromium():
        _install_debian(DEBIAN_BROWSER)
    found = _chromium()
    if not found:
        ledger.skip("browser pass", f"no Chromium here: {_install_hint()}")
    elif sys.platform == "linux" and not _has_chinese_font():
        ledger.skip("Chinese glyphs in the browser pass", "sudo apt-get install fonts-noto-cjk")
    return found


def _chromium() -> str:
    if given := os.environ.get("CAMPCOMPILE_CHROMIUM"):
        return given
    for name in ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge"):
        if found := shutil.which(name):
            return found
    fixed = (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    )
    return next((path for path in fixed if Path(path).exists()), "")


def _has_chinese_font() -> bool:
    listing = shutil.which("fc-list")
    if listing is None:
        return False
    return bool(subprocess.run([listing, ":lang=zh-tw"], capture_output=True, check=False).stdout.strip())


def _may_install() -> bool:
    """System packages are installed on a CI machine that is Debian and ours to change, and nowhere else."""
    return bool(
        sys.platform == "linux" and os.environ.get("CI") == "true" and os.geteuid() == 0 and shutil.which("apt-get")
    )


def _install_debian(packages: Sequence[str]) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    print(f"installing Debian's {' and '.join(packages)}", flush=True)
    run(["apt-get", "-qq", "update"], check=False, env=quiet)
    run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages], check=False, env=quiet)


def _install_hint() -> str:
    hints = {"darwin": "brew install --cask google-chrome", "win32": "winget install Google.Chrome"}
    return hints.get(sys.platform, "sudo apt-get install " + " ".join(DEBIAN_BROWSER))


def run(command: Sequence[str | Path], *, check: bool = True, env: Mapping[str, str] | None = None) -> int:
    """Run a command with its output here; its exit code. With `check`, failing is an exception."""
    words = [str(word) for word in command]
    environment = {**os.environ, "PYTHONUTF8": "1", **(env or {})}
    return subprocess.run(words, check=check, env=environment, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    raise SystemExit(main())
