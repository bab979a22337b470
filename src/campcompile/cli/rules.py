"""`campcompile rules`: everything that is checked."""

from __future__ import annotations

import json
import sys

import click

from campcompile.cli.console import out, terminal_width, wants_colour
from campcompile.report.manual import first_sentence
from campcompile.report.paint import Paint


@click.command(short_help="List everything that is checked.")
@click.option("--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True)
def rules(format_: str) -> None:
    """List everything that is checked: code, name, severity, and what it does.

    \b
    Examples:
      campcompile rules
      campcompile rules --format json
      campcompile explain FLD001    the whole page of one rule
    """
    from campcompile.rules.registry import all_rules

    found = all_rules().values()
    if format_ == "json":
        rows = [
            {
                "code": rule.code,
                "slug": rule.slug,
                "severity": rule.severity.value,
                "summary": first_sentence(rule),
                "waivable": rule.suppressible,
            }
            for rule in found
        ]
        out([json.dumps({"version": 1, "rules": rows}, indent=2, ensure_ascii=False)])
        return
    paint = Paint(wants_colour(sys.stdout))
    slug_width = max((len(rule.slug) for rule in found), default=0)
    room = terminal_width() - 8 - 1 - 7 - 2 - slug_width - 2 if sys.stdout.isatty() else 10_000
    out(
        f"{rule.code:<8} {paint.severity(rule.severity, f'{rule.severity.value:<7}')}  "
        f"{rule.slug:<{slug_width}}  {_cut(first_sentence(rule), room)}"
        for rule in found
    )


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 20)].rstrip() + "…"
