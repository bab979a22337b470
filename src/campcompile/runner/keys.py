"""Keys come from the environment or from the system's keyring: from no file, no argument, and into no log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from campcompile.errors import UsageError

Environment: TypeAlias = Mapping[str, str]
Stored: TypeAlias = Callable[[str], str]
SHELF = "campcompile"  # under which the keyring holds them


def variable_of(dialect: str) -> str:
    """The environment variable that holds a service's key: `CAMPCOMPILE_MAILCHIMP_KEY`."""
    return f"CAMPCOMPILE_{dialect.upper().replace('-', '_')}_KEY"


def stored(dialect: str) -> str:
    """What the keyring holds for a service, "" for nothing, or where there is no keyring (the extra `keyring`)."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password(SHELF, dialect) or ""
    except KeyringError:  # locked, or a machine without one
        return ""


def key_of(dialect: str, name: str, environment: Environment, keyring: Stored = stored) -> str:
    """A service's key; the environment goes first. Raises UsageError, which says how to store one, for none."""
    variable = variable_of(dialect)
    key = (environment.get(variable, "") or keyring(dialect)).strip()
    if not key or not key.isascii() or not key.isprintable():
        wrong = "the key for {} has signs that no key has" if key else "there is no key for {}"
        raise UsageError(
            wrong.format(name),
            help=f"store it once in this machine's keyring: keyring set {SHELF} {dialect} (it asks for the key; "
            f"pip install 'campcompile[keyring]' brings it); or put it into the environment as {variable}; "
            "and nowhere else",
        )
    return key
