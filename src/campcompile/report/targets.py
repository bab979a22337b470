"""docs/targets.md: what each dialect can carry, from its capabilities."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.dialects.dialect import Capabilities, Dialect, Kind
from campcompile.dialects.registry import dialects

_HEAD = """\
# Targets

What each service can carry. `campcompile targets` says the same of your own campaigns, at their lines; what can't be
carried is the finding [VEN004](rules/VEN004.md). Whatever has to be computed is computed before hand-over, so every
dialect prints every date, phrase and value alike.

"""
_COLUMNS = (
    "`dialect:`",
    "service",
    "who decides whom and when",
    "times that differ by person",
    "conditions in the words",
    "who escapes values",
    "unsubscribing",
    "versions of a test",
    "calendar file",
    "portal",
    "read in our tests by",
)
_TAIL = """
*Unverified*: no engine of the service can be had, so an interpreter of ours, written from its documents, reads what we
write. It stays so until an account of the service has shown the same words.

A journey is built by a person, from templates and by the recipe in README.md of the export. Versions of a test that a
service doesn't tell apart are chosen by whoever calls it.

`campcompile export --apply` carries out the requests to every service here; the key is in the environment
(`CAMPCOMPILE_MAILCHIMP_KEY`), or in the machine's keyring: `pip install 'campcompile[keyring]'`, then
`keyring set campcompile mailchimp` asks for it. It is in no file, argument or log of ours.
"""


def targets_page() -> str:
    return _HEAD + "".join(f"{row}\n" for row in _rows()) + _TAIL


def _rows() -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|" + " --- |" * len(_COLUMNS)
    for dialect in dialects():
        yield "| " + " | ".join(_cells(dialect)) + " |"


def _cells(dialect: Dialect) -> Iterator[str]:
    can = dialect.capabilities
    yield f"`{dialect.id}`"
    yield dialect.title
    yield can.kind.value
    yield _own_times(can)
    yield "yes" if can.branches else "no"
    yield can.escaping.value
    yield f"`{can.unsubscribe}`".replace("|", "\\|") if can.unsubscribe else "the practice's own page"
    if can.kind is Kind.CAMPAIGNS:
        yield f"up to {can.variants}" if can.variants else "no"
    else:
        yield "yes"
    yield "yes" if can.attachments else "no"
    yield "yes" if can.portal else "no"
    yield can.engine or "an interpreter of ours: **unverified**"


def _own_times(can: Capabilities) -> str:
    if can.kind is Kind.RUNNER:
        return "yes"
    if can.kind is not Kind.CAMPAIGNS:
        return str(can.kind.value)
    return "in a journey" if can.journeys else "no"
