"""Since when each rule is there, and what became of it: rules/data/history.json, which `python3 dev.py docs` keeps.

A rule that fails builds which the version before let pass warns for one minor version first, so that an upgrade
never stops a clinic's mail. What leaves a gap in a message can't wait: it fails at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from campcompile import __version__
from campcompile.package_files import package_text
from campcompile.syntax.findings import Diagnostic, Rule, Severity
from campcompile.values import dataclass

FILE = "rules/data/history.json"

_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One rule's: version → its severity from then on, the oldest first; and what else changed, in words."""

    code: str
    severity: Mapping[str, str]
    changes: Mapping[str, str]
    gone: str  # the first version without it; "" while it is there

    @property
    def since(self) -> str:
        return next(iter(self.severity))

    @property
    def failing_since(self) -> str:
        """The version from which it has been an error without a break; "" where it is none."""
        since = ""
        for version, severity in self.severity.items():
            since = "" if severity != Severity.ERROR.value else since or version
        return since


@dataclass(frozen=True, slots=True)
class News:
    """What a version brought for one rule: new, gone, error, warning, info (its severity now), or changed."""

    version: str
    code: str
    kind: str
    words: str


@cache
def histories() -> Mapping[str, History]:
    """By code; those that are gone, too."""
    return read_histories(package_text(FILE))


def read_histories(text: str) -> Mapping[str, History]:
    return {
        code: History(code=code, severity=row["severity"], changes=row.get("changes", {}), gone=row.get("gone", ""))
        for code, row in json.loads(text).items()
    }


def order(version: str) -> tuple[int, int, int]:
    """`0.10` behind `0.9.2`. Raises ValueError for what is no version."""
    found = _VERSION.match(version)
    if found is None:
        raise ValueError(version)
    return int(found[1]), int(found[2]), int(found[3] or 0)


def changed_since(version: str, known: Mapping[str, History]) -> list[News]:
    """What came after a version, the oldest first. Raises ValueError for what is no version."""
    after = order(version)
    news = (one for history in known.values() for one in _news(history) if order(one.version) > after)
    return sorted(news, key=lambda one: (order(one.version), one.code))


def _news(history: History) -> Iterator[News]:
    for number, (version, severity) in enumerate(history.severity.items()):
        yield News(version, history.code, severity if number else "new", "")
    for version, words in history.changes.items():
        yield News(version, history.code, "changed", words)
    if history.gone:
        yield News(history.gone, history.code, "gone", "")


def with_trials(
    diagnostics: tuple[Diagnostic, ...], known: Mapping[str, History] | None = None, version: str = __version__
) -> tuple[Diagnostic, ...]:
    """The findings, those of rules on trial as warnings that say from when on they are errors."""
    open_ones = {
        one.rule.code
        for one in diagnostics
        if one.severity is Severity.ERROR and one.rule.suppressible and one.say not in one.rule.firm
    }
    if not open_ones:
        return diagnostics
    known = histories() if known is None else known
    first = min(order(history.since) for history in known.values())[:2]
    on_trial = {code for code in open_ones if code in known and _is_new(known[code].failing_since, version, first)}
    return tuple(_milder(one, version) if one.rule.code in on_trial else one for one in diagnostics)


def _is_new(since: str, version: str, first: tuple[int, ...]) -> bool:
    """Whether a rule fails since this minor version; in the first there was nothing to upgrade from."""
    return bool(since) and order(version)[:2] == order(since)[:2] != first


def _milder(found: Diagnostic, version: str) -> Diagnostic:
    if found.severity is not Severity.ERROR or found.say in found.rule.firm:
        return found
    major, minor, _ = order(version)
    note = f"an error from {major}.{minor + 1} on"
    return replace(found, severity=Severity.WARNING, label=f"{found.label}; {note}" if found.label else note)


def updated(known: Mapping[str, History], rules: Iterable[Rule], version: str = __version__) -> str:
    """The file's text, with what this version brings: new rules, other severities, rules that are gone.

    Raises ValueError where the code of a rule that is gone is used again.
    """
    now = {rule.code: rule.severity.value for rule in rules}
    rows = {}
    for code in sorted({*known, *now}):
        history = known.get(code)
        if history is None:
            rows[code] = History(code=code, severity={version: now[code]}, changes={}, gone="")
        elif code not in now:
            if history.since != version:  # else nobody ever had it
                rows[code] = replace(history, gone=history.gone or version)
        elif history.gone:
            raise ValueError(f"{code} was the code of a rule that is gone since {history.gone}: draw another")
        else:
            rows[code] = replace(history, severity=_severities(history.severity, now[code], version))
    return "{\n" + ",\n".join(f'  "{code}": {_row(one)}' for code, one in rows.items()) + "\n}\n"


def _severities(known: Mapping[str, str], now: str, version: str) -> Mapping[str, str]:
    earlier = {one: severity for one, severity in known.items() if one != version}
    return earlier if earlier and list(earlier.values())[-1] == now else {**earlier, version: now}


def _row(history: History) -> str:
    row: dict[str, object] = {"severity": history.severity}
    if history.changes:
        row["changes"] = history.changes
    if history.gone:
        row["gone"] = history.gone
    return json.dumps(row, ensure_ascii=False)
