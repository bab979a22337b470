"""`campcompile compile`: check campaigns, then write what they became to build/."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.inputs import Inputs, checking_options, compile_inputs, read_inputs, wish_for
from campcompile.cli.reporting import print_report, report_of
from campcompile.errors import BundleError
from campcompile.report.report import counted
from campcompile.workspace import Written, write_bundle

if TYPE_CHECKING:
    from campcompile.compiler import Compilation


@click.command(short_help="Check campaigns and write their bundles to build/.")
@checking_options
def compile(paths: tuple[Path, ...], format_: str, output: Path | None, fail_on: str, as_of: date | None) -> int:
    """Check campaigns and write their bundles to build/.

    PATHS are folders or files of campaigns, or their names; without any, all campaigns are compiled.
    While there is an error, nothing is written, and build/ stays as it is. What is written is whole,
    or not there: build/ holds the old bundle until the new one is complete.

    \b
    Examples:
      campcompile compile
      campcompile compile newsletter
      campcompile compile --as-of 2026-12-24
      campcompile compile --format sarif --output findings.sarif
    """
    inputs = read_inputs(paths)
    wish = wish_for(inputs, format_, fail_on, output)
    compilation = compile_inputs(inputs, as_of=as_of, lint_only=False)
    report = report_of(compilation)
    if compilation.bundle:
        closing = _account(compilation, _write(inputs, compilation))
    else:
        closing = ["nothing was written: build/ stays as it is", "next: mend the errors, then compile again"]
    print_report(report.with_closing(*closing), wish)
    return int(report.fails(fail_on) or not compilation.bundle)


def _write(inputs: Inputs, compilation: Compilation) -> Written:
    root = inputs.workspace.root
    if not inputs.only:
        return write_bundle(root, compilation.bundle)
    alive = {path.split("/")[1] for path in inputs.workspace.files if path.endswith("/campaign.yaml")}
    return write_bundle(root, compilation.bundle, merge=lambda old, new: merged_index(old, new, alive))


def merged_index(old: bytes, new: bytes, alive: set[str]) -> bytes:
    """The index of some campaigns compiled anew and the others, of those folders that still exist.

    Raises BundleError where the others were compiled by another version of us or of our data.
    """
    import json

    from campcompile.manifest import index_from_json, to_bytes

    new_index = index_from_json(json.loads(new))
    try:
        old_index = index_from_json(json.loads(old))
        same = replace(old_index, campaigns=new_index.campaigns) == new_index
    except ValueError:
        same = False
    if not same:
        raise BundleError(
            "the other campaigns in build/ were compiled by another version",
            help="compile all of them, without naming any: campcompile compile",
        )
    compiled = {entry.folder for entry in new_index.campaigns}
    others = (entry for entry in old_index.campaigns if entry.folder in alive - compiled)
    entries = sorted((*new_index.campaigns, *others), key=lambda entry: entry.folder)
    return to_bytes(replace(new_index, campaigns=tuple(entries)))


def _account(compilation: Compilation, written: Written) -> list[str]:
    """What came to lie in build/, and what to do with it."""
    codes = {campaign.folder: campaign.code for campaign in compilation.programme.campaigns}
    lines = [f"build/{code}/  {folder}" for folder, code in sorted(codes.items())]
    if written.changed or written.deleted:
        deleted = f", {len(written.deleted):,} deleted" if written.deleted else ""
        lines.append(f"{counted(len(written.changed), 'file')} written, {written.unchanged:,} unchanged{deleted}")
    else:
        lines.append(f"build/ was up to date: {counted(written.unchanged, 'file')} unchanged")
    code = min(codes.values(), default="CODE")
    return [
        *lines,
        f"next: open build/{code}/emails/ in a browser; to try it: campcompile send build/{code} --test-to ADDRESS",
    ]
