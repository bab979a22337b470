"""Makes senders by forking, each a process of its own that can be killed: what all of them load is loaded once.

python nursery.py OUTPUT        all that they say goes there

It reads lines of JSON and answers each with a number: a list is a command line of campcompile, answered by the pid of
the process that carries it out; a number is a pid, answered by how that process ended (-9: killed) once it has.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from contextlib import redirect_stdout, suppress
from io import StringIO

from campcompile.cli.main import main

with suppress(ImportError):  # of the extra `postgres`
    import psycopg  # noqa: F401


def warm(words: list[str]) -> None:
    """A dry run of the same command: what is loaded at first need is loaded, too."""
    with redirect_stdout(StringIO()):
        main([word for word in words if word != "--apply"])
    gc.freeze()


def born(words: list[str], output: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    code = 70
    try:
        code = main(words) or 0
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def serve(output: int) -> None:
    is_warm = False
    while line := sys.stdin.readline():
        asked = json.loads(line)
        if not is_warm:
            warm(asked)
            is_warm = True
        if isinstance(asked, int):
            print(os.waitstatus_to_exitcode(os.waitpid(asked, 0)[1]), flush=True)
        else:
            print(born(asked, output), flush=True)


if __name__ == "__main__":
    serve(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND))
