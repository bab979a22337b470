"""Fixing a workspace: fixes are applied and what they made is compiled again, until nothing is left to fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from campcompile.cli.inputs import Inputs, compile_inputs
from campcompile.model.findings import LOCALE_COMPLETENESS
from campcompile.report.report import Report, counted
from campcompile.syntax.findings import Applicability, Diagnostic
from campcompile.syntax.fixes import apply_fixes, fix_of
from campcompile.values import dataclass

if TYPE_CHECKING:
    from campcompile.compiler import Compilation

SAFE = frozenset({Applicability.SAFE})
DISPLAY = frozenset({Applicability.DISPLAY})
UNSAFE = frozenset({Applicability.SAFE, Applicability.UNSAFE})
_ROUNDS = 10  # a fix may bring another to light, which was hidden by what it mended; more is a quarrel of two rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """A workspace before and after fixing; nothing is written yet."""

    inputs: Inputs  # as they are after
    compilation: Compilation
    fixes: int
    files: tuple[str, ...]  # that changed

    @property
    def account(self) -> str:
        """`mended 3 findings in 2 files`."""
        return f"mended {counted(self.fixes, 'finding')} in {counted(len(self.files), 'file')}"


def fixed(inputs: Inputs, compilation: Compilation, *, as_of: date | None, allowed: frozenset[Applicability]) -> Fixed:
    """Apply what is `allowed`, again and again, until nothing changes (ten times at most)."""
    before = inputs.workspace.files
    states = [dict(before)]
    fixes = 0
    for _ in range(_ROUNDS):
        applied = apply_fixes(inputs.workspace.files, compilation.sources, compilation.diagnostics, allowed)
        after = {**inputs.workspace.files, **applied.files}
        if after in states:
            break
        fixes += applied.count
        stale = _stale(compilation)
        inputs, compilation = _compiled(inputs, after, as_of)
        if allowed == SAFE:
            renewed = [found for place, found in _stale(compilation).items() if place not in stale]
            after = {**after, **apply_fixes(after, compilation.sources, renewed, DISPLAY).files}
            inputs, compilation = _compiled(inputs, after, as_of) if renewed else (inputs, compilation)
        states.append(after)
    changed = tuple(path for path, content in inputs.workspace.files.items() if content != before[path])
    return Fixed(inputs=inputs, compilation=compilation, fixes=fixes, files=changed)


def _compiled(inputs: Inputs, files: Mapping[str, bytes], as_of: date | None) -> tuple[Inputs, Compilation]:
    inputs = Inputs(replace(inputs.workspace, files=files), inputs.only)
    return inputs, compile_inputs(inputs, as_of=as_of, lint_only=True)


def _stale(compilation: Compilation) -> Mapping[tuple[str, str], Diagnostic]:
    """Translations of other words than today's, by file and digest: a safe fix of the source must make none.

    Such a fix keeps the meaning, so who has read the translation need not read it again.
    """
    return {
        (found.span.path, compilation.sources[found.span.path].quote(found.span)): found
        for found in compilation.diagnostics
        if found.rule is LOCALE_COMPLETENESS and found.say == "stale"
    }


def hints(report: Report) -> list[str]:
    """What could be mended without typing."""
    safe = sum(fix_of(found, SAFE) is not None for found in report.diagnostics)
    unsafe = sum(fix_of(found, UNSAFE) is not None for found in report.diagnostics) - safe
    lines = []
    if safe:
        lines.append(f"{safe:,} can be mended for you: campcompile lint --fix (--diff shows how)")
    if unsafe:
        lines.append(f"{unsafe:,} may be a slip: campcompile lint --diff --unsafe-fixes shows what would change")
    return lines
