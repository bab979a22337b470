"""`campcompile translate`: source words laid out for a translator, and digests of what has been read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campcompile.cli.console import out
from campcompile.errors import UsageError
from campcompile.syntax.suggest import nearest
from campcompile.workspace import WorkspaceFiles, create, find_root, read, replace_files

if TYPE_CHECKING:
    from campcompile.model.translating import Prepared


@click.command(short_help="Prepare a campaign's words for another language, and note what was read.")
@click.argument("campaign", metavar="CAMPAIGN")
@click.argument("locale", metavar="LOCALE")
@click.option(
    "--read",
    "reread",
    multiple=True,
    metavar="EMAIL",
    help="You read this e-mail's translation against the source again, and it is right. May be given several times.",
)
def translate(campaign: str, locale: str, reread: tuple[str, ...]) -> None:
    """Prepare a campaign's words for another language, and note what was read.

    Makes campaigns/CAMPAIGN/LOCALE.yaml with the words of campaign.yaml, to be translated one by one;
    `campcompile lint` points at those that are still the same. In a file that is there, it adds the
    e-mails that are missing, and says which were translated from other words than today's.

    \b
    Examples:
      campcompile translate newsletter fr
      campcompile translate newsletter fr --read issue-2026-09
    """
    workspace = read(find_root(Path.cwd()))
    folder = _folder(campaign, workspace)
    _check_locale(locale, folder, workspace)
    path = f"campaigns/{folder}/{locale}.yaml"
    prepared, content = _prepared(workspace, folder, locale, reread)
    if path not in workspace.files:
        create(workspace.root, {path: content})
        out([f"made {path} with the words of {_emails(prepared.added)}", f"next: {_NEXT.format(folder=folder)}"])
        return
    if prepared.edits:
        replace_files(workspace.root, workspace.files, {path: content})
    out(_told(prepared, path, folder, locale))


_NEXT = "translate them there, then: campcompile lint {folder}"


def _told(prepared: Prepared, path: str, folder: str, locale: str) -> list[str]:
    lines = []
    if prepared.added:
        lines.append(f"{path}: added the words of {_emails(prepared.added)}; {_NEXT.format(folder=folder)}")
    if prepared.renewed:
        lines.append(f"{path}: noted as read: {_emails(prepared.renewed)}")
    if prepared.stale:
        lines.append(f"the source changed since this was translated: {_emails(prepared.stale)}")
        again = " ".join(f"--read {id}" for id in prepared.stale)
        lines.append(f"next: read it again; when it is right: campcompile translate {folder} {locale} {again}")
    return lines or [f"{path} is up to date"]


def _emails(ids: tuple[str, ...]) -> str:
    return ", ".join(ids) or "no e-mail"


def _folder(name: str, workspace: WorkspaceFiles) -> str:
    """The campaign's folder, given as its name or its path."""
    folders = {path.split("/")[1] for path in workspace.files if path.endswith("/campaign.yaml")} - {"_shared"}
    folder = name.rstrip("/").removeprefix("campaigns/")
    if folder not in folders:
        near = nearest(folder, folders)
        known = f"the campaigns are {', '.join(sorted(folders))}" if folders else "make one: campcompile new NAME"
        raise UsageError(f"no campaign `{name}`", help=f"did you mean `{near}`?" if near else known)
    return folder


def _check_locale(locale: str, folder: str, workspace: WorkspaceFiles) -> None:
    from campcompile.compiler import campaign_locales

    ours, known = campaign_locales(workspace.files, folder)
    if locale not in known:
        near = nearest(locale, known)
        meant = f"did you mean `{near}`? " if near else ""
        raise UsageError(
            f"`{locale}` is not among the workspace's languages: {', '.join(known)}",
            help=f"{meant}another language is added to `locales` in campcompile.yaml",
        )
    if locale not in ours:
        where = f"campaigns/{folder}/campaign.yaml"
        raise UsageError(f"this campaign is not sent in `{locale}`", help=f"add it to `locales` in {where} first")
    if locale == ours[0]:
        others = ", ".join(ours[1:])
        help = f"its translations are {others}" if others else "add another language to `locales` first"
        raise UsageError(f"`{locale}` is the language of campaign.yaml itself", help=help)


def _prepared(workspace: WorkspaceFiles, folder: str, locale: str, reread: tuple[str, ...]) -> tuple[Prepared, bytes]:
    from campcompile.compiler import prepare_translation

    made = prepare_translation(workspace.files, folder, locale, frozenset(reread))
    if made is None:
        raise UsageError(
            f"campaigns/{folder} has a mistake that stands in the way", help=f"see it with: campcompile lint {folder}"
        )
    prepared, _ = made
    for id in reread:
        if id not in prepared.known:
            near = nearest(id, prepared.known)
            known = f"its e-mails are {', '.join(prepared.known)}"
            raise UsageError(f"no e-mail `{id}` in {folder}", help=f"did you mean `{near}`?" if near else known)
    return made
