"""A PostgreSQL server of our own, in a folder and without a port: benchmarks and tests fill it and ask it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any


def missing() -> str:
    """What a server lacks here, in words; "" where it can be started."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed"
    return "" if _initdb() else "PostgreSQL is not installed"


@contextmanager
def postgres_server(*, fsync: bool = False) -> Iterator[Path]:
    """The folder of a server that runs meanwhile. Raises FileNotFoundError where something is `missing`."""
    initdb = _initdb()
    if initdb is None or missing():
        raise FileNotFoundError(missing())
    programs = Path(initdb).parent
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="campcompile-pg-"))
    if user:
        shutil.chown(folder, user)
    quiet: dict[str, Any] = {"check": True, "user": user, "cwd": folder, "stdout": subprocess.DEVNULL}
    options = f"-k {folder} -c listen_addresses='' -c fsync={'on' if fsync else 'off'}"
    try:
        subprocess.run([initdb, "-D", folder / "data", "-A", "trust", "-U", "postgres", "--no-sync"], **quiet)
        control: list[str | Path] = [programs / "pg_ctl", "-D", folder / "data"]
        subprocess.run([*control, "-o", options, "-l", folder / "log", "-w", "start"], **quiet)
        try:
            yield folder
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initdb() -> str | None:
    found = [shutil.which("initdb"), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))]
    return next((path for path in found if path), None)
