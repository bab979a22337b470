"""`campcompile completion`: a script for a shell; completing itself is click's."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from campcompile.cli.console import out

_VARIABLE = "_CAMPCOMPILE_COMPLETE"  # what click looks for


@click.command(short_help="Print a script that completes commands in your shell.")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def completion(shell: str) -> None:
    """Print a script that completes commands in your shell.

    \b
    Add one line to your shell's own file, then open a new shell:
      bash   ~/.bashrc                     eval "$(campcompile completion bash)"
      zsh    ~/.zshrc                      eval "$(campcompile completion zsh)"
      fish   ~/.config/fish/config.fish    campcompile completion fish | source
    """
    from campcompile.cli.commands import campcompile

    script = get_completion_class(shell)
    assert script is not None, "click completes in all three"
    out([script(campcompile, {}, "campcompile", _VARIABLE).source()])
