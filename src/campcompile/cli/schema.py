"""`campcompile schema`: the JSON Schemas by which an editor completes and checks while one types."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from campcompile.cli.console import out
from campcompile.errors import UsageError
from campcompile.syntax.suggest import nearest
from campcompile.workspace import create, find_root

_SUFFIX = ".schema.json"


def schemas() -> dict[str, bytes]:
    """Every schema by its kind: those of the files an author writes, and those of the bundle."""
    folders = (files("campcompile.syntax") / "schemas", files("campcompile") / "schemas")
    items = [item for folder in folders for item in folder.iterdir() if item.name.endswith(_SUFFIX)]
    found = {item.name.removesuffix(_SUFFIX): item.read_bytes() for item in items}
    assert len(found) == len(items), "two schemas have one name"
    return dict(sorted(found.items()))


def schema_files() -> dict[str, bytes]:
    """The schemas as files of a workspace."""
    return {f"schemas/{kind}{_SUFFIX}": content for kind, content in schemas().items()}


@click.command(short_help="Print or write the JSON Schemas that editors use.")
@click.argument("kind", required=False, default="")
@click.option("--write", is_flag=True, help="Write them into schemas/ of the workspace.")
def schema(kind: str, write: bool) -> None:
    """Print or write the JSON Schemas that editors use.

    Without KIND the kinds are listed. With --write, schemas/ of the workspace gets them all (or the one
    KIND), and the line `# yaml-language-server: $schema=…` at the head of a file finds them there.

    \b
    Examples:
      campcompile schema
      campcompile schema campaign
      campcompile schema --write
    """
    known = schemas()
    if kind and kind not in known:
        near = nearest(kind, known)
        raise UsageError(
            f"no schema `{kind}`", help=f"did you mean `{near}`?" if near else "there are " + ", ".join(known)
        )
    if write:
        wanted = {
            path: content for path, content in schema_files().items() if not kind or path.endswith(f"/{kind}{_SUFFIX}")
        }
        written = create(find_root(Path.cwd()), wanted, replace=True)
        out([f"wrote {path}" for path in written] or ["schemas/ was up to date"])
    elif kind:
        out([known[kind].decode().rstrip("\n")])
    else:
        out(known)
