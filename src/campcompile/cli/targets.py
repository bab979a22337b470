"""`campcompile targets`: what each service that sends mail can carry of these campaigns, before anyone promises it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campcompile.cli.console import out
from campcompile.cli.inputs import Day, compile_inputs, read_inputs

if TYPE_CHECKING:
    from campcompile.cli.carrying import Verdict
    from campcompile.compiler import Compilation
    from campcompile.dialects.dialect import Dialect
    from campcompile.model.practice import TargetSpec


@click.command(short_help="Say what each service that sends mail can carry of these campaigns.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@click.option("--target", "target_id", metavar="ID", help="One target, or one dialect, with every reason and its line.")
@click.option(
    "--format", "format_", type=click.Choice(("text", "json")), default="text", show_default=True, help="For whom."
)
@click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Judge as on this day (default: `as_of` of campcompile.yaml, else today at the practice).",
)
def targets(paths: tuple[Path, ...], target_id: str | None, format_: str, as_of: date | None) -> None:
    """Say what each service that sends mail can carry of these campaigns, and what not and why.

    PATHS are folders of campaigns, or their names; without any, all are asked about. Rows of `targets` come
    first, then the dialects that no row uses, as if there were one. Nothing is written, and nothing is sent.

    \b
    Examples:
      campcompile targets
      campcompile targets newsletter
      campcompile targets --target mailchimp

    Exit codes: 0 asked; 2 there is no such target.
    """
    from campcompile.cli.carrying import Carrying

    inputs = read_inputs(paths)
    compilation = compile_inputs(inputs, as_of=as_of, lint_only=True)
    carrying = Carrying(inputs, compilation)
    asked = list(_asked(compilation, target_id))
    found = [
        (
            target,
            dialect,
            [carrying.verdict(campaign, target, dialect) for campaign in compilation.programme.campaigns],
        )
        for target, dialect in asked
    ]
    if format_ == "json":
        out([_json(found)])
        return
    for target, dialect, verdicts in found:
        out(_lines(target, dialect, verdicts, compilation, reasons=target_id is not None))
    if target_id is None:
        out(["next: campcompile targets --target ID tells every reason and its line"])


def _asked(compilation: Compilation, id: str | None) -> Iterator[tuple[TargetSpec, Dialect]]:
    """The rows of `targets`, and a row for each dialect that none uses; or the one that is asked for."""
    from campcompile.cli.carrying import target_named
    from campcompile.dialects.registry import dialect_ids, find_dialect
    from campcompile.model.practice import TargetSpec

    settings = compilation.programme.settings
    rows = dict(settings.targets)
    used = {row.dialect for row in rows.values()}
    for name in dialect_ids():
        if name not in used and name not in rows:
            rows[name] = TargetSpec(id=name, dialect=name, tls="required", span=settings.span)
    for row in [target_named(id, rows)] if id else rows.values():
        dialect = find_dialect(row.dialect)
        if dialect is not None:
            yield row, dialect


def _lines(
    target: TargetSpec, dialect: Dialect, verdicts: list[Verdict], compilation: Compilation, *, reasons: bool
) -> Iterator[str]:
    from campcompile.cli.export import finding_lines
    from campcompile.report.speech import speech

    say = speech(compilation.programme.settings.messages).say
    capabilities = dialect.capabilities
    proof = f"read back with {capabilities.engine}" if capabilities.engine else "unverified: no account has shown it"
    yield f"{target.id}: {dialect.title} ({proof})"
    for verdict in verdicts:
        name = f"  {verdict.campaign.folder:<24}"
        told = list(dict.fromkeys(say(loss.what) for loss in verdict.losses))
        if not told:
            yield f"{name} {say('carries all of it')}"
        elif reasons:
            yield f"{name} {say('refused' if verdict.is_refused else 'carries it, with something to do')}"
            yield from finding_lines(verdict.findings, compilation)
        else:
            more = f", and {len(told) - 1} more" if len(told) > 1 else ""
            yield f"{name} {say('refused' if verdict.is_refused else 'with something to do')}: {told[0]}{more}"
    yield ""


def _json(found: list[tuple[TargetSpec, Dialect, list[Verdict]]]) -> str:
    import json

    def loss_of(one: Any) -> dict[str, Any]:
        return {"what": one.what, "instead": one.instead, "severity": one.severity.value, "path": one.span.path}

    return json.dumps(
        {
            target.id: {
                "dialect": dialect.id,
                "engine": dialect.capabilities.engine,
                "campaigns": {
                    verdict.campaign.folder: {
                        "refused": verdict.is_refused,
                        "losses": [loss_of(loss) for loss in verdict.losses],
                    }
                    for verdict in verdicts
                },
            }
            for target, dialect, verdicts in found
        },
        ensure_ascii=False,
        indent=2,
    )
