"""Where a ledger is: in a file of its own, or in PostgreSQL; and where its secret lies."""

from __future__ import annotations

from pathlib import Path

from campcompile.errors import UsageError
from campcompile.postgres import PREFIXES
from campcompile.values import dataclass

SECRET_VARIABLE = "CAMPCOMPILE_LEDGER_SECRET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Either `file` or `address` is given."""

    secret: Path
    file: Path | None = None
    address: str = ""  # may hold a password: it is never shown

    def __str__(self) -> str:
        return f"`{self.file}`" if self.file else "in PostgreSQL"

    __repr__ = __str__


def place_of(text: str, secret: str) -> Place:
    """What `--ledger` says; `secret` names the file of PostgreSQL's secret, for a file's lies beside it.

    Raises UsageError where PostgreSQL is meant, and no secret is named; and for a folder.
    """
    if not text.startswith(PREFIXES):
        if not Path(text).name or Path(text).is_dir():
            raise UsageError(f"`{text}` is no file for a ledger", help="name a file: --ledger /srv/clinic/ledger")
        return place_at(Path(text))
    if not secret:
        raise UsageError(
            "a ledger in PostgreSQL keeps its secret elsewhere, and nobody says where",
            help=f"set {SECRET_VARIABLE} to a file, the same for every runner; the first `send` makes it",
        )
    return Place(address=text, secret=Path(secret))


def place_at(file: Path) -> Place:
    return Place(file=file, secret=file.with_name(file.name + ".secret"))
