"""`campcompile rules`: everything that is checked."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, terminal_width, wants_colour
from campcompile.errors import NoWorkspaceError, UsageError
from campcompile.report.manual import first_sentence
from campcompile.report.paint import Paint

if TYPE_CHECKING:
    from campcompile.analysis.law import Provision


@click.command(short_help="List everything that is checked, or what came new.")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--changed-since", metavar="VERSION", help="What came new, changed or went after that version.")
def rules(format_: str, changed_since: str | None) -> None:
    """List everything that is checked: code, name, severity, and what it does; below it the law that it rests on.

    In a workspace that is the law of its jurisdictions on its day: how strict, since when, by which source, and how far
    that was read. Outside of one it is what holds everywhere.

    A rule that is new as an error warns for one minor version first: what comes in 0.2 fails builds from 0.3 on.
    What leaves a gap in a message fails at once.

    \b
    Examples:
      campcompile rules
      campcompile rules --changed-since 0.1.0    before or after an upgrade
      campcompile rules --format json
      campcompile explain FLD001                 the whole page of one rule
    """
    from campcompile.analysis.law import law_behind
    from campcompile.rules.history import histories
    from campcompile.rules.registry import all_rules

    if changed_since is not None:
        _tell_news(changed_since, format_)
        return
    found = all_rules().values()
    places, as_of = _here()
    law = {rule.code: law_behind(rule.code, places, as_of) for rule in found}
    if format_ == "json":
        rows = [
            {
                "code": rule.code,
                "slug": rule.slug,
                "severity": rule.severity.value,
                "summary": first_sentence(rule),
                "waivable": rule.suppressible,
                "since": histories()[rule.code].since,
                "law": [_row(one) for one in law[rule.code]],
            }
            for rule in found
        ]
        out([json.dumps({"version": 1, "rules": rows}, indent=2, ensure_ascii=False)])
        return
    paint = Paint(wants_colour(sys.stdout))
    slug_width = max((len(rule.slug) for rule in found), default=0)
    room = terminal_width() - 8 - 1 - 7 - 2 - slug_width - 2 if sys.stdout.isatty() else 10_000
    for rule in found:
        out(
            [
                f"{rule.code:<8} {paint.severity(rule.severity, f'{rule.severity.value:<7}')}  "
                f"{rule.slug:<{slug_width}}  {_cut(first_sentence(rule), room)}",
                *(" " * 18 + paint("dim", _line(one)) for one in law[rule.code]),
            ]
        )


def _here() -> tuple[tuple[str, ...], date]:
    """The jurisdictions and the day of the workspace that the command is in; outside of one, no place, and today."""
    from campcompile.model.read import reader
    from campcompile.model.timing import parse_date
    from campcompile.syntax.decode import decode
    from campcompile.syntax.yaml import read_yaml
    from campcompile.workspace.reading import ROOT_FILE, find_root

    try:
        file = find_root(Path.cwd()) / ROOT_FILE
        root = reader(read_yaml(decode(ROOT_FILE, file.read_bytes()).value).value.root)
    except (NoWorkspaceError, OSError):
        return (), date.today()
    places = tuple(scalar.value for scalar in root.texts("jurisdictions"))
    return places, parse_date(root.text("as_of")) or date.today()


def _line(provision: Provision) -> str:
    """`error in FR since 2020-12-25: CSP R.4127-19-1 (confirmed on 2026-11-22, https://…)`."""
    where = "" if provision.place == "*" else f" in {provision.place}"
    return (
        f"{provision.severity.value}{where} since {provision.effective_from}: {provision.law} "
        f"({provision.mark.value}, looked up on {provision.checked_at}: {provision.source})"
    )


def _row(provision: Provision) -> dict[str, str]:
    return {
        "place": provision.place,
        "severity": provision.severity.value,
        "value": provision.value,
        "law": provision.law,
        "since": str(provision.effective_from),
        "source": provision.source,
        "source_mark": provision.mark.value,
        "checked_at": str(provision.checked_at),
    }


_NEWS = {"new": "new", "gone": "gone", "changed": "changed", "error": "now an error", "warning": "now a warning",
         "info": "now a note"}  # fmt: skip


def _tell_news(version: str, format: str) -> None:
    from campcompile.rules.history import changed_since, histories
    from campcompile.rules.registry import all_rules

    try:
        news = changed_since(version, histories())
    except ValueError:
        raise UsageError(f"`{version}` is no version", help="write it as in --changed-since 0.1.0") from None
    rules = all_rules()
    if format == "json":
        rows = [{"version": one.version, "code": one.code, "change": one.kind, "words": one.words} for one in news]
        out([json.dumps({"version": 1, "changed_since": version, "changes": rows}, indent=2, ensure_ascii=False)])
        return
    for one in news:
        rule = rules.get(one.code)
        about = one.words or (first_sentence(rule) if rule else "")
        name = f"{rule.slug}  {rule.severity.value}  " if rule else ""
        out([f"{one.version}  {one.code:<8} {_NEWS[one.kind]}  {name}{about}".rstrip()])
    out([] if news else [f"no rule changed since {version}"])


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 20)].rstrip() + "…"
