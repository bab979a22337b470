"""`campcompile export`: campaigns as a service that sends mail takes them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out, terminal_width, wants_colour
from campcompile.cli.inputs import Day, compile_inputs, read_inputs
from campcompile.cli.orders import LedgerPlace
from campcompile.cli.reporting import report_of
from campcompile.errors import UsageError
from campcompile.syntax.findings import Severity

if TYPE_CHECKING:
    from campcompile.cli.carrying import Verdict
    from campcompile.compiler import Compilation
    from campcompile.dialects.dialect import Dialect, Row
    from campcompile.dialects.export import Export
    from campcompile.model.practice import TargetSpec
    from campcompile.report.speech import Speech
    from campcompile.runner.bundle import Bundle
    from campcompile.runner.ledger.place import Place
    from campcompile.runner.plan_of_requests import RequestPlan
    from campcompile.syntax.findings import Diagnostic


@click.command(short_help="Write campaigns as a service that sends mail takes them.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATHS]...")
@click.option("--target", "target_id", metavar="ID", required=True, help="Which row of `targets` in campcompile.yaml.")
@click.option(
    "--recipients",
    metavar="FILE.csv",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compute these people's values for the service; needs --people. The file is that of `campcompile send`.",
)
@click.option(
    "--people",
    metavar="FILE.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the table of computed values goes, which the service imports. It holds persons' data.",
)
@click.option(
    "--now", "instant", metavar="ISO", help="The instant of sending, with its offset from UTC (default: the clock's)."
)
@click.option("--apply", is_flag=True, help="Really carry out the requests; needs --ledger.")
@click.option(
    "--ledger",
    metavar="FILE|URL",
    type=LedgerPlace(),
    help="Where it is kept what was carried out, so that nothing is made twice (that of `campcompile send`).",
)
@click.option(
    "--set",
    "said",
    metavar="NAME=VALUE",
    multiple=True,
    help="What a request asks for, such as list=abc123. Never a key: that comes from the environment or the keyring.",
)
@click.option("--base-url", metavar="URL", default="", help="Where the service is, instead of its own address.")
@click.option(
    "--as-of",
    type=Day(),
    metavar="DATE",
    help="Judge as on this day (default: `as_of` of campcompile.yaml, else today at the practice).",
)
@click.pass_context
def export(
    context: click.Context,
    paths: tuple[Path, ...],
    target_id: str,
    recipients: Path | None,
    people: Path | None,
    instant: str | None,
    apply: bool,
    ledger: Place | None,
    said: tuple[str, ...],
    base_url: str,
    as_of: date | None,
) -> None:
    """Write campaigns as a service that sends mail takes them, into build/CODE/targets/ID/.

    PATHS are folders of campaigns, or their names; without any, those are exported that name the target in their
    `targets`. There are HTML and text in the service's own words, the requests to its API in order (requests.json), and
    a README.md that says what to do by hand. No person's data is in them, and nothing is sent.

    What the service can't carry, or may not learn, is refused with its line, and nothing of that campaign is written.

    With --apply the requests are carried out, each once: what was made is found again, also after a kill. The key comes
    from the environment, e.g. CAMPCOMPILE_MAILCHIMP_KEY, or from this machine's keyring, where
    `keyring set campcompile mailchimp` stores it.

    \b
    Examples:
      campcompile export --target mailchimp
      campcompile export newsletter --target mailchimp
      campcompile export newsletter --target mailchimp --recipients readers.csv --people people.csv
      campcompile export newsletter --target mailchimp --apply --ledger ledger --set list=abc123

    Exit codes: 0 all were exported; 1 a campaign was refused, or has errors; 2 there is no such target.
    """
    from campcompile.cli.carrying import Carrying, target_named
    from campcompile.dialects.registry import find_dialect
    from campcompile.report.text import report_lines

    if (recipients is None) != (people is None):
        raise UsageError("--recipients and --people go together", help="the one is read, the other written")
    if apply and ledger is None:
        raise UsageError("--apply needs --ledger FILE", help="it keeps what was made, so that nothing is made twice")
    inputs = read_inputs(paths)
    compilation = compile_inputs(inputs, as_of=as_of, lint_only=False)
    target = target_named(target_id, compilation.programme.settings.targets)
    if not compilation.bundle:
        report = report_of(compilation, "nothing was exported", "next: mend the errors, then export again")
        out(report_lines(report, colour=wants_colour(sys.stdout), width=terminal_width()))
        context.exit(1)
    dialect = find_dialect(target.dialect)
    if dialect is None:
        raise UsageError(
            f"there is no dialect `{target.dialect}`", help="campcompile targets lists them; `bundle` is for any tool"
        )
    carrying = Carrying(inputs, compilation)
    if recipients is not None and len(compilation.programme.campaigns) != 1:
        raise UsageError("people's values are computed for one campaign", help="name it: campcompile export CAMPAIGN …")
    refused = False
    for campaign in compilation.programme.campaigns:
        name = f"{campaign.code} {campaign.folder}"
        is_named = target.id in {one.id for one in campaign.targets}
        if not inputs.only and not is_named:
            out([f"{name}: not for `{target.id}`, as its `targets` don't name it"])
            continue
        verdict = carrying.verdict(campaign, target, dialect)
        if verdict.is_refused or not is_named:
            refused = True
            out(_refusal(name, verdict, compilation))
            continue
        bundle = carrying.bundle(campaign)
        made = dialect.export(bundle, dialect, _row(target))
        folder = write(inputs.workspace.root, target, bundle, made)
        out(_account(name, folder, verdict, bundle, made, compilation))
        if apply and ledger is not None:
            out(_applied(bundle, target, made, ledger, _given(said), base_url))
        if recipients is not None and people is not None:
            out(_handed_over(bundle, dialect, recipients, people, instant))
    context.exit(1 if refused else 0)


def write(root: Path, target: TargetSpec, bundle: Bundle, made: Export) -> Path:
    """Writes an export, its requests last; returns its folder, from the workspace."""
    from campcompile.dialects.export import requests_file
    from campcompile.workspace import write_export
    from campcompile.workspace.exporting import REQUESTS

    manifest = bundle.manifest
    files = dict(made.files)
    if made.requests:
        files[REQUESTS] = requests_file(
            made, target=target.id, dialect=target.dialect, code=manifest.code, digest=manifest.digest
        )
    return write_export(root, manifest.code, target.id, files).relative_to(root)


def _given(said: tuple[str, ...]) -> dict[str, str]:
    """`list=abc123` as a name and a value."""
    given: dict[str, str] = {}
    for one in said:
        name, equals, value = one.partition("=")
        if not equals or not name or not value:
            raise UsageError(f"--set `{name}` says no value", help="write NAME=VALUE, such as list=abc123")
        given[name] = value
    return given


def _applied(
    bundle: Bundle, target: TargetSpec, made: Export, ledger: Place, given: dict[str, str], base: str
) -> Iterator[str]:
    """Carries out what was just written."""
    import os
    import random
    import time

    from campcompile.report.report import counted
    from campcompile.runner.api import Api
    from campcompile.runner.applying import Applier
    from campcompile.runner.ledger.ledger import Ledger
    from campcompile.runner.permission import demand_unexpired
    from campcompile.runner.services import reached

    manifest = bundle.manifest
    demand_unexpired(manifest, datetime.now(UTC))
    service = reached(target.dialect, os.environ, base)
    if given.keys() & service.secrets.keys():
        raise UsageError("a key is never said with --set", help="it comes from the environment or the keyring alone")
    with (
        Api(service.base, service.sign, refusals=service.service.refusals) as api,
        closing(Ledger.open(ledger)) as held,
    ):
        applier = Applier(
            _plan(bundle, target, made), service, api, held, given, wait=time.sleep, chance=random.uniform
        )
        applied = applier.carry_out()
    done = counted(len(applied.done), "request")
    yield f"  {done} carried out at {service.service.name}, {len(applied.known)} done before"
    for step in applied.left_out:
        yield f"  `{step}` left out: what it asks for isn't given (--set)"


def _handed_over(
    bundle: Bundle, dialect: Dialect, recipients: Path, people: Path, instant: str | None
) -> Iterator[str]:
    """Computes what a service imports; only who runs the command may read the file."""
    from campcompile.cli.send import instant_of
    from campcompile.dialects.people import fields_needed, people_file
    from campcompile.report.report import counted
    from campcompile.runner.recipients import Person, SetAside, read_recipients
    from campcompile.workspace import write_private

    now = instant_of(instant) or datetime.now(UTC)
    rows = list(read_recipients(recipients.read_bytes(), bundle.manifest, fields_needed(bundle.manifest)).rows())
    made = people_file(bundle, dialect, [row for row in rows if isinstance(row, Person)], now)
    write_private(people, made.file)
    aside = sorted([*((one.row, one.reason) for one in rows if isinstance(one, SetAside)), *made.set_aside])
    yield f"  {counted(made.chosen, 'person')} of {counted(len(rows), 'row')} in {people}"
    for row, reason in aside:
        yield f"  row {row} set aside: {reason}"


def _row(target: TargetSpec) -> Row:
    from campcompile.dialects.dialect import Row

    tracking = target.tracking
    return Row(
        id=target.id,
        tracks_opens=tracking is not None and tracking.open != "none",
        tracks_clicks=tracking is not None and tracking.click != "none",
    )


def _refusal(name: str, verdict: Verdict, compilation: Compilation) -> Iterator[str]:
    id = verdict.target.id
    yield f"{name}: {_speech(compilation).say(f'refused for `{id}`')}"
    if verdict.is_refused:
        errors = [found for found in verdict.findings if found.severity is Severity.ERROR]
        yield from finding_lines(errors, compilation)
    else:
        named = ", ".join([*(one.id for one in verdict.campaign.targets), id])
        yield f"  it is not compiled for it: write `targets: [{named}]` into {verdict.campaign.path}"


def _account(
    name: str, folder: Path, verdict: Verdict, bundle: Bundle, made: Export, compilation: Compilation
) -> Iterator[str]:
    from campcompile.report.report import counted

    requests = f", {counted(len(made.requests), 'request')}" if made.requests else ""
    written = (
        f"{counted(len(made.files), 'file')}{requests} in {folder.as_posix()}/" if made.files else "nothing to write"
    )
    yield f"{name}: {written}"
    yield from finding_lines(verdict.findings, compilation)
    for note in made.notes:
        yield f"  note: {note}"
    if made.requests:
        yield from _asked(bundle, verdict.target, made)


def _asked(bundle: Bundle, target: TargetSpec, made: Export) -> Iterator[str]:
    """What --apply will want to be told, so that nobody has to try."""
    from campcompile.runner.applying import said_for
    from campcompile.runner.services import SERVICES

    secret = SERVICES[target.dialect].secret if target.dialect in SERVICES else ""
    if names := [name for name in _plan(bundle, target, made).asks_for if name != secret]:
        yield f"  --apply asks for: {said_for(names)}"


def _plan(bundle: Bundle, target: TargetSpec, made: Export) -> RequestPlan:
    """What was just written, as the runner reads it."""
    from campcompile.dialects.export import requests_file
    from campcompile.runner.plan_of_requests import read_requests

    manifest = bundle.manifest
    return read_requests(
        requests_file(made, target=target.id, dialect=target.dialect, code=manifest.code, digest=manifest.digest)
    )


def _speech(compilation: Compilation) -> Speech:
    from campcompile.report.speech import speech

    return speech(compilation.programme.settings.messages)


def finding_lines(findings: Iterable[Diagnostic], compilation: Compilation) -> Iterator[str]:
    """Findings as a report prints them, indented, without its summary."""
    from dataclasses import replace

    from campcompile.report.text import report_lines

    found = tuple(findings)
    if not found:
        return
    report = report_of(compilation)
    report = replace(report, diagnostics=tuple(map(report.speech.finding, found)))
    lines = list(report_lines(report, colour=wants_colour(sys.stdout), width=terminal_width() - 2))
    yield from (f"  {line}".rstrip() for line in lines[:-1])
