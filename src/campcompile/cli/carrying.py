"""What a target can carry of the campaigns that were just compiled: what `export` and `targets` both ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from campcompile.analysis.facts import Facts
from campcompile.cli.inputs import Inputs
from campcompile.compiler import Compilation, FileKind
from campcompile.dialects.dialect import Dialect
from campcompile.draft import WORKSPACE_FILE, read_document
from campcompile.errors import UsageError
from campcompile.manifest import from_json
from campcompile.model.campaign import Campaign
from campcompile.model.practice import TargetSpec
from campcompile.rules.loss import Loss
from campcompile.rules.losses import losses
from campcompile.rules.vendors.lossy_export import loss_finding
from campcompile.runner.bundle import Bundle
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.suggest import listed, nearest
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is lost of one campaign at one target."""

    campaign: Campaign
    target: TargetSpec
    dialect: Dialect
    losses: tuple[Loss, ...]

    @property
    def is_refused(self) -> bool:
        return any(loss.severity is Severity.ERROR for loss in self.losses)

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return tuple(loss_finding(loss, self.target, self.dialect) for loss in self.losses)


class Carrying:
    """Judges campaigns of one compile; each target's verdict is asked for by itself."""

    def __init__(self, inputs: Inputs, compilation: Compilation) -> None:
        self.compilation = compilation
        self.facts = Facts(
            as_of=compilation.as_of,
            profile=compilation.programme.settings.profile,
            documents={
                path: read_document(path, inputs.workspace.files[path], kind).value
                for path, kind in _kinds(compilation).items()
                if path in inputs.workspace.files
            },
            programme=compilation.programme,
            sources=compilation.sources,
        )

    def verdict(self, campaign: Campaign, target: TargetSpec, dialect: Dialect) -> Verdict:
        messages = [message for message in self.compilation.rendered if message.campaign is campaign]
        found = losses(campaign, messages, target, dialect, self.facts)
        return Verdict(campaign=campaign, target=target, dialect=dialect, losses=found)

    def bundle(self, campaign: Campaign) -> Bundle:
        """What was just compiled of a campaign, as the runner would read it from build/."""
        files = self.compilation.bundle
        manifest = from_json(json.loads(files[f"{campaign.code}/manifest.json"]))
        contents = {file.path: files[f"{campaign.code}/{file.path}"] for file in manifest.files()}
        return Bundle(folder=Path("build") / campaign.code, manifest=manifest, contents=contents)


def target_named(name: str, targets: Mapping[str, TargetSpec]) -> TargetSpec:
    """A row of `targets`; raises UsageError with what there is."""
    if name in targets:
        return targets[name]
    near = nearest(name, targets)
    meant = f"did you mean `{near}`? " if near else ""
    raise UsageError(
        f"campcompile.yaml has no target `{name}`",
        help=f"{meant}there are {listed(targets) or 'none'}; a new one is a row of `targets`, such as "
        f"`{name}: {{dialect: …}}` (campcompile targets lists the dialects)",
    )


def _kinds(compilation: Compilation) -> dict[str, FileKind]:
    campaigns = {campaign.path: FileKind.CAMPAIGN for campaign in compilation.programme.campaigns}
    return {WORKSPACE_FILE: FileKind.WORKSPACE, **campaigns}
