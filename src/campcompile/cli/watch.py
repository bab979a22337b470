"""`campcompile watch`: a page in the browser that shows the e-mails while they are being written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import click

from campcompile.cli.console import say
from campcompile.cli.inputs import Day
from campcompile.errors import UsageError

EDITORS = {
    "vscode": "vscode://file/{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "zed": "zed://file/{path}:{line}:{column}",
}


@click.command(short_help="Show e-mails in the browser while you write them.")
@click.argument("workspace", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--open", "opens", is_flag=True, help="Open the page in your browser.")
@click.option("--port", type=click.IntRange(1, 65535), help="The port (default: 7117, or the next that is free).")
@click.option("--as-of", type=Day(), metavar="DATE", help="Judge, and show e-mails, as on this day.")
@click.option(
    "--editor",
    default="vscode",
    show_default=True,
    help="Where a place in a file is opened: vscode, idea, zed, or an address with {path}, {line} and {column}.",
)
@click.option("--smtp", metavar="HOST:PORT", help="A mail server on this machine that takes test messages.")
@click.option(
    "--test-to", "test_to", metavar="ADDRESS", multiple=True, help="An address that tests may go to; again for more."
)
def watch(
    workspace: Path | None,
    opens: bool,
    port: int | None,
    as_of: date | None,
    editor: str,
    smtp: str | None,
    test_to: tuple[str, ...],
) -> None:
    """Show e-mails in the browser while you write them.

    The page shows each e-mail on a telephone and a desk, in light and dark, in every language, to made-up people
    of your choice, with all findings beside it; and what one person gets over time. It changes when you save.
    Only this machine can open it. Ctrl-C ends it.

    \b
    Examples:
      campcompile watch --open
      campcompile watch ../clinic --port 8000
      campcompile watch --editor idea
      campcompile watch --smtp localhost:1025 --test-to you@clinic.example
    """
    if bool(smtp) != bool(test_to):
        raise UsageError("--smtp and --test-to belong together", help="say which server takes tests, and for whom")
    from campcompile.preview.desk import Desk
    from campcompile.preview.server import serving
    from campcompile.preview.watching import watching
    from campcompile.preview.workshop import Workshop
    from campcompile.workspace import find_root

    root = find_root(workspace or Path.cwd())
    workshop = Workshop(root, as_of=as_of, clock=_now)
    tester = None
    if smtp:
        from campcompile.preview.trial import Trial

        tester = Trial(smtp, test_to, _now)
    desk = Desk(workshop, editor=_address_of(editor), tester=tester)
    with watching(root) as changes, serving(desk, port) as server:
        workshop.refresh()
        say(f"{server.address} shows {root.name}, and changes when you save; Ctrl-C ends it")
        if opens:
            click.launch(server.address)
        workshop.keep_up(changes)


def _address_of(editor: str) -> str:
    """The address that opens a place in an editor; raises UsageError for an editor that isn't known."""
    if editor in EDITORS:
        return EDITORS[editor]
    if "{path}" in editor and ":" in editor and not editor.lower().startswith(("javascript:", "data:")):
        return editor
    known = ", ".join(f"`{name}`" for name in EDITORS)
    raise UsageError(f"no editor `{editor}`", help=f"there are {known}; or write an address with {{path}} and {{line}}")


def _now() -> datetime:
    return datetime.now(UTC)
