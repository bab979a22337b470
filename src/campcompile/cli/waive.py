"""`campcompile waive`: the waiver that a finding needs, to be pasted; nothing is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, wants_colour
from campcompile.cli.inputs import Day, compile_inputs, read_inputs
from campcompile.cli.reporting import report_of
from campcompile.errors import UsageError
from campcompile.report.paint import Paint
from campcompile.report.report import Place
from campcompile.report.width import printed
from campcompile.syntax.suggest import nearest
from campcompile.syntax.waiver import WAIVERS_FILE

if TYPE_CHECKING:
    from campcompile.compiler import Compilation
    from campcompile.syntax.findings import Diagnostic, Rule

Entry = dict[str, str]  # a row of waivers.yaml
SortKey = tuple[str, int, int, str, str]


@click.command(short_help="Print the waiver that lets a finding stand until a day.")
@click.argument("code")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@click.option("--by", default="", metavar="NAME", help="Who approves: a name, or an address of the practice's.")
@click.option("--reason", default="", metavar="TEXT", help="Why it is right here.")
@click.option("--until", type=Day(), metavar="DATE", help="The last day (default: the latest, in 180 days).")
@click.option("--as-of", type=Day(), metavar="DATE", help="Judge as on this day.")
def waive(code: str, paths: tuple[Path, ...], by: str, reason: str, until: date | None, as_of: date | None) -> None:
    """Print the waiver that lets a finding stand until a day.

    For every finding of CODE (or of a rule's name) in PATHS, as `lint` takes them: the comment for its line, and the
    row for campaigns/_shared/waivers.yaml. One of the two does. Nothing is written: who pastes it answers for it.

    \b
    Examples:
      campcompile waive SUB001
      campcompile waive SUB001 campaigns/newsletter --by "Ingrid Hansen" --reason "the board's own words"
    """
    if ":" in by:
        raise UsageError("a name has no colon: behind it stands the reason", help='--by "Ingrid Hansen" --reason "…"')
    rule = _rule(code)
    compilation = compile_inputs(read_inputs(paths), as_of=as_of, lint_only=True)
    found = [one for one in report_of(compilation).diagnostics if one.rule.code == rule.code]
    if not found:
        raise UsageError(f"nothing is a finding of {rule.code} here", help="`campcompile lint` shows what there is")
    entries = _entries(compilation, rule, until, by, reason)
    if not entries:
        raise UsageError(
            f"{rule.code} ({rule.slug}) can't be waived", help=f"`campcompile explain {rule.code}` tells how to mend it"
        )
    for number, one in enumerate(one for one in found if one.sort_key in entries):
        out([""] if number else [])
        out(_proposal(one, entries[one.sort_key], compilation))


def _entries(compilation: Compilation, rule: Rule, until: date | None, by: str, reason: str) -> Mapping[SortKey, Entry]:
    """A row of waivers.yaml for each finding of a rule that can be waived."""
    from campcompile.rules.waivers import NAME, REASON, latest_day, waivable

    return {
        one.sort_key: {
            "rule": rule.code,
            "path": one.span.path,
            "digest": digest,
            "until": until.isoformat() if until else latest_day(compilation.as_of),
            "by": " ".join(by.split()) or NAME,
            "reason": " ".join(reason.split()) or REASON,
        }
        for one, digest in waivable(compilation.diagnostics, compilation.sources)
        if one.rule.code == rule.code
    }


def _rule(name: str) -> Rule:
    from campcompile.rules.registry import all_rules, find_rule

    rule = find_rule(name) or find_rule(name.upper()) or find_rule(name.lower())
    if rule is None:
        near = nearest(name, [word for known in all_rules().values() for word in (known.code, known.slug)])
        meant = f"did you mean `{near}`? " if near else ""
        raise UsageError(f"no rule `{name}`", help=f"{meant}`campcompile rules` lists them")
    return rule


def _proposal(found: Diagnostic, entry: Entry, compilation: Compilation) -> Iterator[str]:
    from campcompile.rules.waivers_written import comment_text

    paint = Paint(wants_colour(sys.stdout))
    place = Place.of(found.span, compilation.sources)
    yield f"{paint('bold', printed(f'{place.path}:{place.line}:{place.column}'))} {printed(found.message)}"
    takes_comments = place.path in compilation.sources and place.path.endswith(".yaml")
    if takes_comments:
        yield "  at the end of that line, or alone above it:"
        yield f"    {paint('cyan', printed(comment_text(entry)))}"
    yield f"  {'or ' if takes_comments else ''}in {WAIVERS_FILE}, below `waivers:`:"
    for number, (key, value) in enumerate(entry.items()):
        yield f"    {'  ' if number else '- '}{paint('cyan', printed(f'{key}: {_scalar(key, value)}'))}"


def _scalar(key: str, value: str) -> str:
    """As YAML reads it: words that could be anything else are in quotes."""
    return value if key in ("rule", "digest") else json.dumps(value, ensure_ascii=False)
