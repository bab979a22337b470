"""Example files: Markdown with files of a workspace, and the findings typed by hand on the lines they belong to.

    # SUB003 fake-reply-or-forward          the first line names the code

    ## A Norwegian reply prefix             each `##` begins an example
    Prose.
    ```yaml campaigns/letter/campaign.yaml
    …
        subject: "SV: Timen din"  # error: [SUB003]
    ```
    ```findings
    (generated: what is printed)
    ```

An expectation stands at the end of its line, or alone above it. `at "words"` tells the exact text that is
underlined; above a text that goes on over lines, where no comment can stand, it may be some lines down.
In a layout it is `{# error: [CODE] #}`. A file may be `empty`: it is taken away. A fence with the word
`picture` is a PNG, small and sound where its words don't say otherwise: `1200 x 800 px`, `weighs 1,200,000 bytes`,
`with a text comment`, `cut off`. What is found about a picture, or a file that nothing reads, has no line: it is
expected anywhere in its fence. A fence without a path is prose.

A path after `before:` is of the other side of a change: the example is then what `diff` finds, from there to the
practice with the files beside it.

What Markdown can't hold or nobody could see is written in `⟦ ⟧`: bytes as `⟦C0 AF⟧`, a character as `⟦U+200B⟧`,
a text repeated as `⟦"words " × 2,000⟧`. A word after the path is the file's encoding, such as `windows-1252`.
In an expectation, where such a character would be one more of them, it is `at "U+200B"`.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest

from campcompile.changes.compare import Side, account_of
from campcompile.cli.reporting import report_of
from campcompile.compiler import Compilation, compile_files
from campcompile.memory import Memory
from campcompile.report.fingerprint import fingerprints
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source, Span
from tests.keeping import Keeping
from tests.workspace import workspace

AS_OF = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FOLDER = Path(__file__).parent
LETTER = frozenset({"letter"})  # the folder of each example's campaign

_FENCE = re.compile(r"^```(\S*)[ ]?(\S*)[ ]?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_UNSEEN = re.compile(
    r'⟦(?:U\+(?P<char>[0-9A-F]{4,6})|"(?P<text>[^⟦⟧]*)" × (?P<times>[\d,]+)|(?P<bytes>[0-9A-F]{2}(?: [0-9A-F]{2})*))⟧'
)
_CHARACTER = re.compile(r"U\+([0-9A-F]{4,6})")
_SPACES = "\n\t\u00a0\u202f\u3000"
_EXPECTATION = re.compile(
    r"""(?:\{?\#|<!--)\s*(error|warning|info):\s*\[([A-Z0-9]+)\](?:\s+at\s+"((?:[^"\\]|\\.)*)")?"""
)


@dataclass(frozen=True)
class Expected:
    severity: str
    code: str
    path: str
    line: int
    words: str  # "" where any text of the line will do
    alone: bool  # above its line


@dataclass(frozen=True)
class Example:
    file: Path
    title: str
    files: dict[str, str | bytes]
    before: dict[str, str | bytes]  # where the example is a change
    expected: tuple[Expected, ...]
    start: int  # of its text in the file
    end: int


def code_of(file: Path) -> str:
    """The code that an example file's first line names."""
    return file.read_text(encoding="utf-8").split(maxsplit=2)[1]


def example_files() -> list[Path]:
    return sorted(FOLDER.glob("*/*.md"))


of_each_file = pytest.mark.parametrize(  # grouped: tests of one file share a process, and compile its examples once
    "file",
    [pytest.param(file, id=file.stem, marks=pytest.mark.xdist_group(file.stem)) for file in example_files()],
)


@cache
def examples_of(file: Path) -> list[Example]:
    text = file.read_text(encoding="utf-8")
    starts = [found.start() for found in re.finditer(r"^## ", _blanked(text), re.MULTILINE)]
    return [_example(file, text, start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def compiled(example: Example) -> tuple[tuple[Diagnostic, ...], dict[str, Source]]:
    """The findings of an example and the sources they are in."""
    if example.before:
        return _changed(tuple(example.before.items()), tuple(example.files.items()))
    return _compiled(tuple(example.files.items()))


@cache
def _compiled(files: tuple[tuple[str, str | bytes], ...]) -> tuple[tuple[Diagnostic, ...], dict[str, Source]]:
    result = linted(dict(files), None, memory_of_examples())
    return result.diagnostics, dict(result.sources)


@cache
def _changed(
    before: tuple[tuple[str, str | bytes], ...], after: tuple[tuple[str, str | bytes], ...]
) -> tuple[tuple[Diagnostic, ...], dict[str, Source]]:
    """What is found on the newer side, and about the change."""
    old, new = (linted(dict(files), AS_OF, memory_of_examples()) for files in (before, after))
    account = account_of(
        *(Side(name="", compilation=made, prints=fingerprints(report_of(made)), folders=LETTER) for made in (old, new))
    )
    found = sorted((*new.diagnostics, *account.findings), key=lambda one: one.sort_key)
    return tuple(found), dict(new.sources)


def linted(files: dict[str, str | bytes], as_of: date | None, memory: Memory | None) -> Compilation:
    """A rule on trial as the error that it will be, whichever version we are."""
    with patch("campcompile.compiler.with_trials", lambda found: found):
        return compile_files(workspace(files), as_of=as_of, now=NOW, lint_only=True, memory=memory)


@cache
def memory_of_examples() -> Keeping:
    """What the practice beside all examples was compiled to, first of all: half of what an example would cost."""
    memory = Keeping()
    compile_files(workspace(), as_of=None, now=NOW, lint_only=True, memory=memory)
    return memory


def rendered(diagnostics: tuple[Diagnostic, ...], sources: dict[str, Source]) -> str:
    """What the generated block holds: the findings as a reader of a plain report meets them."""
    return "\n\n".join(printed(one, sources.get(one.span.path)) for one in diagnostics)


def beside(found: Diagnostic, sources: Mapping[str, Source]) -> list[str]:
    """What a finding brings beside its words: the other places that it names, and its fixes to the letter."""

    def place(span: Span) -> str:
        source = sources.get(span.path)
        line, column = source.position(span.start) if source else (1, 1)
        quoted = source.quote(span) if source and not found.rule.private else ""
        return f"{span.path}:{line}:{column} {_visible(_brief(repr(quoted)))}"

    lines = [f"label: {found.label}"] if found.label else []
    lines += [f"also: {place(one.span)}: {one.text}" for one in found.related]
    lines += [f"also: {place(one.span)}: {one.text}" for one in found.path]
    for fix in found.fixes:
        edits = ", ".join(f"{place(edit.span)} -> {_visible(repr(edit.text))}" for edit in fix.edits)
        lines.append(f"{fix.applicability.value} fix: {fix.title}: {edits}")
    return [f"{printed(found, sources.get(found.span.path)).splitlines()[0]}\n  {line}" for line in lines]


def beside_of(file: Path) -> Path:
    return FOLDER / "beside" / f"{file.parent.name}-{file.stem}.txt"


def all_beside(file: Path) -> str:
    """The same of all findings of a file's examples, under the examples' titles."""
    told = []
    for example in examples_of(file):
        diagnostics, sources = compiled(example)
        if lines := [line for one in diagnostics for line in beside(one, sources)]:
            told.append("\n".join([f"== {file.stem}: {example.title}", *lines, ""]))
    return "\n".join(told)


def differences(example: Example) -> list[str]:
    """What was expected and isn't found, or found and not expected; empty where all is as typed."""
    diagnostics, sources = compiled(example)
    left = list(diagnostics)
    problems = []
    for expected in example.expected:
        match = next((one for one in left if _fits(expected, one, sources, example)), None)
        if match is None:
            words = f' at "{expected.words}"' if expected.words else ""
            problems.append(
                f"not found: {expected.severity}: [{expected.code}]{words}, {expected.path}:{expected.line}"
            )
        else:
            left.remove(match)
    problems += [f"not expected: {printed(one, sources.get(one.span.path))}" for one in left]
    return problems


def blessed(file: Path) -> str:
    """The file's text with its generated blocks as they are now."""
    text = file.read_text(encoding="utf-8")
    for example in reversed(examples_of(file)):
        part = re.sub(r"\n*^```findings\n.*?^```\n?", "\n", text[example.start : example.end], flags=re.M | re.S)
        diagnostics, sources = compiled(example)
        if diagnostics:
            part = f"{part.rstrip()}\n\n```findings\n{rendered(diagnostics, sources)}\n```\n\n"
        else:
            part = f"{part.rstrip()}\n\n"
        text = text[: example.start] + part + text[example.end :].lstrip("\n")
    return text.rstrip() + "\n"


def picture(words: str = "") -> bytes:
    """A grey PNG as a fence's words describe it; 2 x 2 px where they say nothing."""
    sides = re.search(r"(\d+) x (\d+) px", words)
    width, height = (int(sides[1]), int(sides[2])) if sides else (2, 2)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    comment = chunk(b"tEXt", b"Comment\0taken at the front desk") if "with a text comment" in words else b""
    made = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + comment + chunk(b"IDAT", zlib.compress(rows))
    if "cut off" in words:
        return made[:-4]
    if weight := re.search(r"weighs ([\d,]+) bytes", words):
        made += chunk(b"teSt", bytes(int(weight[1].replace(",", "")) - len(made) - 24))
    return made + chunk(b"IEND", b"")


def _example(file: Path, text: str, start: int, end: int) -> Example:
    part = text[start:end]
    title = part[3 : part.index("\n")]
    files: dict[str, str | bytes] = {}
    expected: list[Expected] = []
    before: dict[str, str | bytes] = {}
    for kind, path, encoding, body in _FENCE.findall(part):
        if path.startswith("before:"):
            before[path.removeprefix("before:")] = body
        elif path:
            text = _UNSEEN.sub(_seen, body)
            plain = text if text == body and not encoding else text.encode(encoding or "utf-8", "surrogateescape")
            files[path] = picture(body) if kind == "picture" else "" if kind == "empty" else plain
            expected += _expectations(path, text)
    return Example(file, title, {**before, **files}, before, tuple(expected), start, end)


def _seen(found: re.Match[str]) -> str:
    """What stands for `⟦ ⟧`; a byte that is no UTF-8 as the surrogate that stands for it."""
    if found["char"]:
        return chr(int(found["char"], 16))
    if found["bytes"]:
        return bytes.fromhex(found["bytes"]).decode("utf-8", "surrogateescape")
    return found["text"].replace("\\n", "\n") * int(found["times"].replace(",", ""))


def _visible(text: str) -> str:
    """A text whose invisible characters are written `⟦U+200B⟧`."""
    return "".join(char if char.isprintable() or char in _SPACES else f"⟦U+{ord(char):04X}⟧" for char in text)


def _blanked(text: str) -> str:
    """The text with the insides of fences blanked, so that a heading in an e-mail begins no example."""
    return _FENCE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _expectations(path: str, text: str) -> Iterator[Expected]:
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        for found in _EXPECTATION.finditer(line):
            alone = not line[: found.start()].strip() and not line.partition("#}")[2].strip()
            words = _CHARACTER.sub(lambda name: chr(int(name[1], 16)), (found[3] or "").replace('\\"', '"'))
            yield Expected(found[1], found[2], path, _next_line(lines, number) if alone else number, words, alone)


def _next_line(lines: list[str], number: int) -> int:
    number += 1
    while number < len(lines) and _EXPECTATION.search(lines[number - 1]):
        number += 1
    return number


def _fits(expected: Expected, found: Diagnostic, sources: dict[str, Source], example: Example) -> bool:
    if (found.rule.code, found.severity.value, found.span.path) != (expected.code, expected.severity, expected.path):
        return False
    source = sources.get(expected.path)
    if source is None:
        return found.span.start == found.span.end  # of no file that has lines
    line, _ = source.position(found.span.start)
    if expected.words and source.quote(found.span) != expected.words:
        return False
    return line == expected.line or (expected.alone and bool(expected.words) and line > expected.line)


def printed(found: Diagnostic, source: Source | None) -> str:
    line, column = source.position(found.span.start) if source else (1, 1)
    quoted = source.quote(found.span).strip().split("\n")[0] if source and not found.rule.private else ""
    where = f"  {found.span.path}:{line}:{column}" + (f"  {quoted}" if quoted else "")
    head = f"{found.severity.value}[{found.rule.code}] {found.rule.slug}: {found.message}"
    help_line = [f"  help: {found.help}"] if found.help else []
    return _visible("\n".join([head, _brief(where), *help_line]))


def _brief(line: str) -> str:
    return line if len(line) <= 400 else line[:399] + "…"
