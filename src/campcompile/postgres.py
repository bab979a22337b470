"""The one door to PostgreSQL: connections, and its failures in words that quote no address and no row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from campcompile.errors import UsageError

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

PREFIXES = ("postgresql://", "postgres://")  # libpq's two ways to begin an address


def connect(address: str, *, sslmode: str | None = None) -> Connection:
    """A session that commits by itself. Without `sslmode`, the address or libpq says whether it is encrypted.

    Raises UsageError without psycopg, or where the server doesn't answer.
    """
    try:
        import psycopg
    except ImportError:
        raise UsageError("PostgreSQL needs psycopg", help="pip install 'campcompile[postgres]'") from None
    try:
        return psycopg.connect(address, autocommit=True, sslmode=sslmode)
    except (psycopg.OperationalError, psycopg.ProgrammingError):  # its words quote the address
        raise UsageError("the PostgreSQL server does not let us in", help="check address, name and password") from None


@contextmanager
def told(tell: Callable[[str], Exception]) -> Iterator[None]:
    """PostgreSQL's failures, raised as what `tell` makes of its shortest account of them."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise tell(error.diag.message_primary or "the connection was lost") from None


def has_host_of_its_own(address: str) -> bool:
    """Whether an address leads to another machine, as far as it says."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        host = str(conninfo_to_dict(address).get("host") or "")
    except psycopg.ProgrammingError:  # `connect` will say so
        return False
    return bool(host) and not host.startswith("/") and host not in ("localhost", "127.0.0.1", "::1")
