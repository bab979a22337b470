"""What must stay absent from a room: other people's libraries, and everything that reaches outside."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "campcompile"

# Each library of others behind one door: whoever replaces it changes one module.
DOORS = {
    "ahocorasick_rs": {"phi/automaton.py"},
    "babel": {"formats.py"},
    "click": {"cli/"},
    "css_inline": {"mail/html.py"},
    "dkim": {"runner/dkim.py"},
    "duckdb": {"plan/duck.py"},
    "email_validator": {"runner/cells.py"},
    "httpx": {"runner/api.py"},
    "holidays": {"schedule/working_days.py"},
    "jsonschema": {"syntax/schema.py"},
    "jsonschema_rs": {"syntax/schema.py"},
    "keyring": {"runner/keys.py"},
    "markdown_it": {"syntax/markdown.py"},
    "mjml": {"mail/html.py"},
    "psycopg": {"postgres.py"},
    "selectolax": {"analysis/html_facts.py"},
    "tzdata": {"formats.py"},
    "watchdog": {"preview/watching.py"},
    "yaml": {"syntax/yaml.py"},
}

# Only these may touch a disk, a clock, a socket, a process or the environment.
OUTSIDE = ("cli/", "plan/", "preview/", "workspace/", "runner/")
READING_OUR_OWN = {"formats.py": {"pathlib"}, "package_files.py": {"os"}}  # Babel's data, and the package's
REACHING_OUT = {
    "ctypes", "ftplib", "glob", "http", "multiprocessing", "os", "pathlib", "platform", "secrets", "shutil", "signal",
    "smtplib", "socket", "ssl", "subprocess", "tempfile", "threading", "time", "uuid",
}  # fmt: skip


def normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    return tuple(
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    )


def imported(tree: ast.Module) -> Iterator[str]:
    """The top-level names of all that a module imports, lazily too; pathlib's pure half doesn't count."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            pure = node.module == "pathlib" and all(alias.name.startswith("Pure") for alias in node.names)
            yield "" if pure else node.module.partition(".")[0]


def clocks_read(tree: ast.Module) -> set[str]:
    """Calls such as `datetime.now` and `date.today`."""
    return {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
        and node.attr in ("now", "today", "utcnow")
    }


def test_each_library_of_others_stands_behind_its_door() -> None:
    users = defaultdict(set)
    for path, tree in modules():
        for name in set(imported(tree)) - sys.stdlib_module_names - {"campcompile", ""}:
            users[name].add("cli/" if path.startswith("cli/") else path)
    assert dict(users) == DOORS


def test_what_is_imported_is_declared_and_nothing_more() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [wish for wishes in project["optional-dependencies"].values() for wish in wishes]
    declared = {re.split(r"[>=\[]", wish)[0] for wish in (*project["dependencies"], *extras)} - {"campcompile"}
    distributions = packages_distributions()
    assert {normal(distributions[name][0]) for name in DOORS} == declared


def test_the_map_names_every_room_and_no_other() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`([a-z_/]+(?:/|\.py))`", page))
    rooms = {path.name if path.suffix else f"{path.name}/" for path in PACKAGE.iterdir() if path.suffix in ("", ".py")}
    assert rooms - {"__init__.py", "__pycache__/"} <= named
    inside = [*PACKAGE.rglob("*"), ROOT / "tests/test_architecture.py"]
    gone = {name for name in named if not any(path.match(name.rstrip("/")) for path in inside)}
    assert gone == set()


def test_nothing_below_the_workspace_imports_what_reaches_outside() -> None:
    inside = {path: set(imported(tree)) for path, tree in modules() if not path.startswith(OUTSIDE)}
    assert {path.partition("/")[0] for path in inside} >= {"syntax", "model", "mail", "rules", "compiler.py"}
    reaching = {path: names & REACHING_OUT for path, names in inside.items() if names & REACHING_OUT}
    assert reaching == READING_OUR_OWN


def test_no_clock_is_read_outside_the_doors() -> None:
    for path, tree in modules():
        if not path.startswith(OUTSIDE):
            assert not clocks_read(tree), path


def test_importing_the_command_line_loads_no_compiler() -> None:
    """Cold starts stay fast because each command imports what it needs."""
    heavy = {"yaml", "jinja2", "mjml", "babel", "jsonschema", "jsonschema_rs", "campcompile.compiler"}
    program = "import sys, campcompile.cli.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not heavy & set(loaded)


COMPILE_BEHIND_BARS = """
import io, os, sys, time
from datetime import datetime, timezone
from pathlib import Path
from campcompile.compiler import compile_files

root = Path(sys.argv[1])
kinds = ("campcompile.yaml", "campaigns/**/*.yaml", "layouts/**/*", "assets/*")
files = {
    path.relative_to(root).as_posix(): path.read_bytes()
    for kind in kinds for path in root.glob(kind) if path.is_file()
}
data = tuple({str(Path(place).resolve()) for place in sys.path if place and Path(place).is_dir()})

def refuse(*_arguments, **_options):
    raise AssertionError("a pass reached outside")

ALLOWED = ("import", "compile", "exec", "marshal.", "object.__", "sys._getframe", "gc.", "code.__new__", "builtins.id",
           "re.", "cpython.", "sys.set", "sys.excepthook", "sys.unraisablehook", "array.", "pickle.",
           "function.__new__")

def watch(event, arguments):
    if event.startswith(ALLOWED):
        return
    if event in ("open", "os.listdir", "os.scandir"):  # a library may read its own data, nobody else's
        path = os.fsdecode(arguments[0]) if not isinstance(arguments[0], int) else ""
        writes = event == "open" and any(letter in (arguments[1] or "r") for letter in "wax+")
        if not writes and path.startswith(data):
            return
    raise AssertionError(f"a pass reached outside: {event} {arguments!r}")

class NoEnvironment(dict):
    __getitem__ = get = __contains__ = __iter__ = refuse

now = datetime(2026, 8, 15, tzinfo=timezone.utc)
compile_files(files, as_of=None, now=now)  # libraries are loaded now, and may read the clock while they load
for path in files:  # nothing is remembered of the first time: other words everywhere
    if path.endswith(".yaml"):
        files[path] = files[path].replace("Lyngvåg".encode(), "Skjærvåg".encode()) + b"# another day"
sys.addaudithook(watch)
for clock in ("time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime", "sleep"):
    setattr(time, clock, refuse)
os.environ = NoEnvironment()
os.getenv = refuse
result = compile_files(files, as_of=None, now=now)
assert result.bundle, [str(found.span) + found.message for found in result.diagnostics]
sys.stdout.write(f"compiled {len(result.bundle)} files behind bars\\n")
"""


def test_a_compile_opens_no_file_socket_process_clock_or_environment() -> None:
    result = subprocess.run(
        [sys.executable, "-c", COMPILE_BEHIND_BARS, str(ROOT)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "behind bars" in result.stdout


def test_the_bars_hold() -> None:
    """The test above can fail: one read of a campaign from inside a pass is enough."""
    smuggled = COMPILE_BEHIND_BARS.replace("\nresult = ", "\n(root / 'campcompile.yaml').read_bytes()\nresult = ")
    result = subprocess.run([sys.executable, "-c", smuggled, str(ROOT)], capture_output=True, text=True, check=False)
    assert "a pass reached outside: open" in result.stderr
