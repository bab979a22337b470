"""Compiled campaigns as a plan reads them: manifests and queries, every digest checked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from campcompile.errors import BundleError, UsageError
from campcompile.manifest import File, Manifest, from_json, index_from_json
from campcompile.plan.due import Campaign

_AGAIN = "campcompile compile writes it anew"


def read_campaigns(build: Path, dialect: str) -> tuple[list[Campaign], list[str]]:
    """Every campaign of build/ that has queries for an engine; and the codes of those that have none."""
    try:
        index = index_from_json(json.loads((build / "index.json").read_bytes()))
    except OSError:
        raise UsageError(f"there is no `{build / 'index.json'}`", help="campcompile compile writes it") from None
    except ValueError as error:
        raise BundleError(f"`{build / 'index.json'}` can't be read: {error}", help=_AGAIN) from None
    found, without = [], []
    for entry in index.campaigns:
        folder = build / entry.code
        manifest = _manifest(folder, _checked(build, entry.manifest))
        due, entrants = (files.get(dialect) for files in (manifest.planning.queries, manifest.planning.entrants))
        if due is None:
            without.append(manifest.code)
            continue
        first = "" if entrants is None else _checked(folder, entrants).decode()
        found.append(Campaign(manifest=manifest, due=_checked(folder, due).decode(), entrants=first))
    return found, without


def only(campaigns: Sequence[Campaign], codes: Sequence[str]) -> list[Campaign]:
    """Those campaigns; all of them where none is named. Raises UsageError for a code that isn't there."""
    known = {campaign.manifest.code: campaign for campaign in campaigns}
    for code in codes:
        if code not in known:
            raise UsageError(f"no campaign `{code}` in build/", help=f"there are {', '.join(known) or 'none'}")
    return [campaign for code, campaign in known.items() if not codes or code in codes]


def _manifest(folder: Path, content: bytes) -> Manifest:
    try:
        return from_json(json.loads(content))
    except ValueError as error:
        raise BundleError(
            f"`{folder / 'manifest.json'}` is no manifest of this version: {error}", help=_AGAIN
        ) from None


def _checked(folder: Path, file: File) -> bytes:
    path = folder / file.path
    if ".." in file.path.split("/") or file.path.startswith("/"):
        raise BundleError(f"`{file.path}` lies outside the bundle", help=_AGAIN)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BundleError(f"can't read `{path}`: {error.strerror}", help=_AGAIN) from None
    if sha256(content).hexdigest() != file.sha256:
        raise BundleError(f"`{path}` is not the file that was compiled: it was changed since", help=_AGAIN)
    return content
