"""`campcompile scan`: judge copy that lives elsewhere."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, wants_colour
from campcompile.errors import UnreadableError, UsageError
from campcompile.report.paint import Paint
from campcompile.values import dataclass

if TYPE_CHECKING:
    from campcompile.analysis.copies import Fault, Found
    from campcompile.phi.audit import Auditor, Verdict

_LARGEST = 64 * 1024 * 1024


@click.command(short_help="Judge copy that lives elsewhere: does it tell who is a patient, or what they have?")
@click.option("--practice", type=click.Path(path_type=Path), metavar="FILE", help="The practice's own details (YAML).")
@click.option("--dictionary", type=click.Path(path_type=Path), metavar="FILE", help="The merge fields (YAML).")
@click.option(
    "--profile",
    type=click.Choice(("strict", "standard", "reminders")),
    default="strict",
    show_default=True,
    help="standard (or reminders): appointment words and first names may stand in the inbox line.",
)
@click.option("--lang", default="en", show_default=True, help="Where a file doesn't say its language.")
@click.option(
    "--context",
    type=click.Choice(("marketing", "education", "transactional")),
    default="marketing",
    show_default=True,
    help="Where a file doesn't say what its texts are for.",
)
@click.option("--format", "format_", type=click.Choice(("text", "jsonl")), default="text", show_default=True)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
def scan(
    files: tuple[Path, ...],
    practice: Path | None,
    dictionary: Path | None,
    profile: str,
    lang: str,
    context: str,
    format_: str,
) -> int:
    """Judge copy that lives elsewhere: does it tell who is a patient, or what they have?

    FILES are JSON Lines (id, lang, context, slot, text, segment, merge_fields_used, org), HTML pages, .eml
    messages, or a CSV of subject lines. The way is assumed to be ordinary mail through a service without a
    business associate agreement. Nothing is sent anywhere, and no identifier is printed.

    \b
    Examples:
      campcompile scan subjects.csv --lang fr
      campcompile scan old/*.html --practice campcompile.yaml
      campcompile scan rows.jsonl --practice org.yaml --dictionary fields.yaml --format jsonl > verdicts.jsonl

    \b
    Exit codes: 0 nothing found; 1 something found, or a row could not be read; 2 no such file.
    """
    auditors = _auditors(practice, dictionary, "strict" if profile == "strict" else "standard")
    tally = _Tally()
    lines = _json_lines if format_ == "jsonl" else _text_lines
    with _rarely_collected():
        out(lines(_judged(files, auditors, lang, context, tally), tally, wants_colour(sys.stdout)))
    if format_ == "jsonl" and tally.unread:
        print(f"{tally.unread} rows could not be read", file=sys.stderr)
    return int(bool(tally.flagged or tally.unread))


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Judging leaves no cycles behind, only reading messages does: looking for them often costs a fifth of a scan."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Tally:
    """What was counted while the lines were printed."""

    def __init__(self) -> None:
        self.texts = self.flagged = self.unread = 0


@dataclass(frozen=True, slots=True)
class _Judged:
    path: Path
    found: Found
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Unread:
    path: Path
    fault: Fault


def _judged(
    files: Iterable[Path], auditors: Mapping[str, Auditor], lang: str, context: str, tally: _Tally
) -> Iterator[_Judged | _Unread]:
    from campcompile.analysis.copies import SUFFIXES, Fault, copies_of

    for path in files:
        if path.suffix.lower() not in SUFFIXES:
            raise UsageError(f"{path}: what kind of file is this?", help=f"scan reads {', '.join(SUFFIXES)}")
        for found in copies_of(path.name.lower(), _read(path), lang=lang, context=context):
            if isinstance(found, Fault):
                tally.unread += 1
                yield _Unread(path, found)
                continue
            auditor = auditors.get(found.org) or auditors[""]
            verdict = auditor.judge(found.copy)
            tally.texts += 1
            tally.flagged += verdict.flagged
            yield _Judged(path, found, verdict)


def _text_lines(judged: Iterable[_Judged | _Unread], tally: _Tally, colour: bool) -> Iterator[str]:
    paint = Paint(colour)
    for one in judged:
        if isinstance(one, _Unread):
            yield f"{one.path}:{one.fault.line}: {paint('yellow', 'not read')}: {one.fault.reason}"
        elif one.verdict.flagged:
            verdict, copy = one.verdict, one.found.copy
            name = f" ({copy.id})" if copy.id != str(one.found.line) else ""
            yield f"{one.path}:{one.found.line}{name}: {paint('red', verdict.rule)} {copy.slot}: {verdict.explanation}"
    unread = f", {tally.unread} not read" if tally.unread else ""
    yield f"{tally.flagged} of {tally.texts} texts tell too much{unread}"


def _json_lines(judged: Iterable[_Judged | _Unread], tally: _Tally, colour: bool) -> Iterator[str]:
    for one in judged:
        if isinstance(one, _Judged):
            verdict = one.verdict
            yield json.dumps(
                {
                    "id": verdict.id,
                    "flagged": verdict.flagged,
                    "category": verdict.category,
                    "rule": verdict.rule,
                    "span": list(verdict.span) if verdict.span else None,
                    "explanation": verdict.explanation,
                },
                ensure_ascii=False,
            )


def _auditors(practice: Path | None, dictionary: Path | None, profile: str) -> Mapping[str, Auditor]:
    """By practice; "" for texts that don't say whose they are."""
    from campcompile.analysis.practice_files import field_rules, practices
    from campcompile.phi.audit import Auditor, FieldRules
    from campcompile.phi.identifiers import OwnDetails
    from campcompile.syntax.source import Source

    owns: Mapping[str, OwnDetails] = {}
    rules = FieldRules({})
    if practice is not None:
        read = practices(Source(str(practice), _decoded(practice)))
        owns = read.value
        if not owns:
            raise UnreadableError(
                f"{practice} holds no practice", help="write `name: …` and what else is the practice's own"
            )
    if dictionary is not None:
        checked = field_rules(Source(str(dictionary), _decoded(dictionary)))
        if checked.diagnostics:
            raise UnreadableError(f"{dictionary}: {checked.diagnostics[0].message}", help=checked.diagnostics[0].help)
        rules = checked.value
    own = next(iter(owns.values())) if len(owns) == 1 else OwnDetails()
    every = {name: Auditor(own=details, fields=rules, profile=profile) for name, details in owns.items()}
    return {**every, "": Auditor(own=own, fields=rules, profile=profile)}


def _decoded(path: Path) -> str:
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(f"{path} isn't UTF-8", help="save it with encoding UTF-8") from None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise UnreadableError(f"{path} is larger than {_LARGEST // 2**20} MB", help="cut it into several files")
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"no such file: {path}") from None
    except OSError as error:
        raise UnreadableError(f"{path} can't be read: {error.strerror}") from None
