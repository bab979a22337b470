"""`campcompile new`: a campaign's folder, with a code of its own."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path

import click

from campcompile.cli.console import out
from campcompile.errors import UsageError
from campcompile.workspace import create, find_root, read

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_CODE = re.compile(r"^code:\s*[\"']?([a-z][a-z0-9]*)", re.MULTILINE)
_DEFAULT_LOCALE = re.compile(r"^locales:\s*(?:\{|\n)?[^}#]*?\bdefault:\s*[\"']?([A-Za-z-]+)", re.MULTILINE)
_CONSONANTS = "bcdfghjkmnpqrstvwxz"  # without vowels no code spells a word that tells something
_DIGITS = "23456789"


@click.command(short_help="Add a campaign to the workspace.")
@click.argument("name", metavar="CAMPAIGN-NAME")
@click.option("--title", default="", help="What colleagues call it; stays in the repository (default: from the name).")
def new(name: str, title: str) -> None:
    """Add a campaign to the workspace.

    Makes campaigns/CAMPAIGN-NAME/campaign.yaml with one e-mail to begin with. The name and the title
    stay in the repository; outside, the campaign goes by a code that is drawn here and tells nothing.

    \b
    Examples:
      campcompile new spring-news
      campcompile new recall --title "Annual check-up"
    """
    if not _NAME.fullmatch(name):
        meant = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        raise UsageError(
            f"`{name}` can't be a campaign's name: use small letters, digits and hyphens, a letter first",
            help=f"did you mean `{meant}`?" if _NAME.fullmatch(meant) else "a title may be anything: `--title`",
        )
    root = find_root(Path.cwd())
    known = read(root).files
    path = f"campaigns/{name}/campaign.yaml"
    (written,) = create(root, {path: campaign_text(name, title, known)}) or (path,)
    out([f"made {written}", "next: write its words there, then: campcompile lint " + name])


def campaign_text(name: str, title: str, known: Mapping[str, bytes]) -> bytes:
    """campaign.yaml for a new campaign among the workspace's `known` files."""
    template = (files("campcompile.cli") / "starter" / "new-campaign.yaml").read_text(encoding="utf-8")
    found = _DEFAULT_LOCALE.search(known.get("campcompile.yaml", b"").decode(errors="replace"))
    values = {
        "TITLE": _quoted(title or name.replace("-", " ").capitalize()),
        "CODE": draw_code(set(_codes(known))),
        "LOCALE": found[1] if found else "en",
    }
    return re.sub(r"@([A-Z]+)@", lambda slot: values[slot[1]], template).encode()


def draw_code(taken: set[str]) -> str:
    """A code like `k7m4` that no other campaign has; drawn, since one made from the name could be guessed back.

    A few would read as an illness all the same: `t2d4` as diabetes of type 2.
    """
    from campcompile.analysis.told import concepts_in

    while True:
        code = "".join(secrets.choice(_CONSONANTS) + secrets.choice(_DIGITS) for _ in range(2))
        if code not in taken and not concepts_in(code):
            return code


def _codes(known: Mapping[str, bytes]) -> Iterator[str]:
    for path, content in known.items():
        if path.startswith("campaigns/") and path.endswith("/campaign.yaml"):
            yield from _CODE.findall(content.decode(errors="replace"))


def _quoted(text: str) -> str:
    """A YAML scalar, in quotes where it isn't plain words."""
    if re.fullmatch(r"[A-Za-z][\w '’-]*", text) and text.lower() not in ("true", "false", "null"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
