"""The entry point: runs a command and turns whatever happens into an exit code and words for people.

0    clean
1    a finding at or above --fail-on (default: error)
2    usage, input or the world: no such file, disk full
3    our own fault
4    changes (diff --detailed-exitcode)
130  interrupted
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Sequence

from campcompile import __version__

CLEAN, FOUND, REFUSED, OUR_FAULT, INTERRUPTED = 0, 1, 2, 3, 130
_TRACEBACK = "CAMPCOMPILE_TRACEBACK"

atexit.register(gc.freeze)  # else Python looks for cycles among all that is left, for a tenth of a lint's time


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (the installed script hands it to sys.exit)."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments == ["--version"]:  # answered before click is imported, which costs more than Python's own start
        print(f"campcompile {__version__}")
        return CLEAN
    from campcompile.cli.console import prepare_streams

    gc.set_threshold(50_000)  # a command makes a hundred thousand values that stay: looking through them finds no cycle
    prepare_streams()
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # who read our output has enough; nothing more can be said to anyone
        _let_go_of_stdout()
        return REFUSED
    except Exception as error:  # noqa: BLE001  the last door: an author never meets a traceback
        return _confess(error)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of a Rust extension: no Exception, but a fault like one
            raise
        return _confess(error)


def _run(arguments: list[str]) -> int:
    import click

    from campcompile.cli.commands import campcompile
    from campcompile.cli.console import complain
    from campcompile.errors import CampcompileError

    try:
        code = campcompile.main(arguments, prog_name="campcompile", standalone_mode=False)
    except click.exceptions.Abort:  # click has ended the line
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except SystemExit:  # click's answer to a pipe that was closed
        return REFUSED
    except click.exceptions.NoArgsIsHelpError as error:  # `campcompile` alone: its "message" is all of the help
        print(error.format_message(), file=sys.stderr)
        return REFUSED
    except click.ClickException as error:
        from campcompile.cli.arguments import told

        complain(*told(error, next((word for word in arguments[:1] if not word.startswith("-")), "")))
        return REFUSED
    except CampcompileError as error:
        complain(error.message, error.help)
        return REFUSED
    sys.stdout.flush()
    return code if isinstance(code, int) else CLEAN


def _confess(error: BaseException) -> int:
    """One line about a fault of ours: its kind and place, never its words, which could be a recipient's.

    Whoever asks for more gets every step that led there, still without words.
    """
    if os.environ.get(_TRACEBACK):
        import traceback

        step: BaseException | None = error
        while step is not None:
            print("Traceback (most recent call last):", file=sys.stderr)
            traceback.print_tb(step.__traceback__)
            print(type(step).__name__, file=sys.stderr)
            step = step.__cause__ or step.__context__
    else:
        from campcompile.cli.console import complain

        complain(
            f"campcompile failed: {type(error).__name__} {_place(error)}",
            "this is our fault, not yours. Please report it with this line and the command; "
            f"`{_TRACEBACK}=1` before the command shows more",
        )
    return OUR_FAULT


def _place(error: BaseException) -> str:
    """`in campcompile.mail.compose, line 41`: the innermost line of ours."""
    place, step = "outside of campcompile", error.__traceback__
    while step is not None:
        module = step.tb_frame.f_globals.get("__name__", "")
        if module.partition(".")[0] == "campcompile":
            place = f"in {module}, line {step.tb_lineno}"
        step = step.tb_next
    return place


def _let_go_of_stdout() -> None:
    """Point stdout at nothing, so that Python's own last flush can't fail aloud."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)


if __name__ == "__main__":
    sys.exit(main())
