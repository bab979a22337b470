"""How many mutants of a rule's code its examples notice: `python -m tests.rules.mutation [NAME …]` prints it.

An example is read, bound and rendered once; then each mutant of the rule's module is asked about it in this process, by
the engine's own way through programme and campaigns. It is noticed where the findings, printed as in the example's
file, are others, where it raises, or where a loop doesn't end. (What runs a test suite for each mutant would read
and render the examples anew ten thousand times.)

`equivalent.yaml` names mutants that no example can notice, each with the reason.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from campcompile import rules
from campcompile.analysis.facts import Facts
from campcompile.compiler import compile_files
from campcompile.memory import Table
from campcompile.rules import engine
from campcompile.rules.check import Check, Scope
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source
from tests.keeping import Keeping
from tests.rules.examples import NOW, Example, beside, code_of, example_files, examples_of, printed
from tests.rules.mutating import TURN, Mutant, mutants, parsed
from tests.workspace import workspace

FOLDER = Path(rules.__file__).parent
TURNS = 10_000  # more than any loop over an example takes


class Endless(Exception):
    """A mutant's loop that takes too many turns."""


@dataclass(frozen=True)
class Judged:
    """An example up to the point where rules are asked: what they are asked, and the texts findings quote."""

    asked: Sequence[Callable[[], Iterable[Diagnostic]]]
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class Score:
    """The mutants of one module: those noticed, and the names of those that lived."""

    noticed: int
    alive: tuple[Mutant, ...]
    equivalent: int
    stale: tuple[str, ...]  # said to be equivalent, and noticed or no longer there


class _Asking(Keeping):
    """Remembers all but what rules found."""

    def recall(
        self,
        key: Hashable,
        inputs: tuple[object, ...],
        make: Callable[[], Any],
        tables: tuple[Table[Any, Any], ...] = (),
    ) -> Any:
        if isinstance(key, tuple) and key[0] == "findings":
            return make()
        return super().recall(key, inputs, make, tables)


_MEMORY = _Asking()


def modules() -> list[Path]:
    """Every file that holds a rule's code."""
    return sorted(path for path in FOLDER.glob("*/*.py") if path.name != "__init__.py")


def score(path: Path, take: Callable[[list[Mutant]], list[Mutant]] = list) -> Score:
    """Ask the mutants of a module (or those that `take` leaves) about the examples of its rules."""
    tree = parsed(path.read_text(encoding="utf-8"))
    with (
        patch.object(engine, "checks_of", _chosen),
        patch.object(Facts, "forget", lambda facts, subject: None),  # each is asked about again
    ):
        right = _checks(path, compile(tree, str(path), "exec"))
        examples = [judged(one) for code in {check.rule.code for check in right} for one in _examples()[code]]
        expected = [(one, _findings(one, right)) for one in examples]
        known = equivalent().get(path.relative_to(FOLDER).as_posix(), {})
        noticed, alive, same = 0, [], set()
        for mutant in take(mutants(tree)):
            if not _lives(path, mutant.code(tree, str(path)), expected):
                noticed += 1
            elif mutant.name in known:
                same.add(mutant.name)
            else:
                alive.append(mutant)
    return Score(noticed, tuple(alive), len(same), tuple(sorted(set(known) - same)))


@cache
def equivalent() -> dict[str, dict[str, str]]:
    """By module, the mutants that nothing can notice, with the reason."""
    found: dict[str, dict[str, str]] = yaml.safe_load((Path(__file__).parent / "equivalent.yaml").read_text("utf-8"))
    return found


def judged(example: Example) -> Judged:
    asked: list[Callable[[], Iterable[Diagnostic]]] = []

    def note(check: Callable[..., Iterable[Diagnostic]], *given: Any) -> Iterator[Diagnostic]:
        asked.append(partial(check, *given))
        return iter(())

    with (
        patch("campcompile.compiler.check_programme", partial(note, engine.check_programme)),
        patch("campcompile.compiler.check_campaign", partial(note, engine.check_campaign)),
    ):
        made = compile_files(workspace(example.files), as_of=None, now=NOW, lint_only=True, memory=_MEMORY)
    return Judged(asked, made.sources)


def _lives(path: Path, code: object, expected: list[tuple[Judged, set[str]]]) -> bool:
    """Whether no example tells a mutant from the module as it is; the one that does is asked first next time."""
    try:
        wrong = _checks(path, code)
        for number, (example, findings) in enumerate(expected):
            if _findings(example, wrong) != findings:
                expected.insert(0, expected.pop(number))
                return False
    except Exception:  # noqa: BLE001 - whatever it raises, an author would see it
        return False
    return True


def _findings(example: Judged, checks: tuple[Check, ...]) -> set[str]:
    _CHOSEN[:] = checks
    _TAKEN.clear()
    found = [one for ask in example.asked for one in ask()]
    told = {printed(one, example.sources.get(one.span.path)) for one in found}
    return told.union(*(beside(one, example.sources) for one in found))


_CHOSEN: list[Check] = []
_TAKEN: Counter[str] = Counter()


def _turn() -> None:
    _TAKEN[TURN] += 1
    if _TAKEN[TURN] > TURNS:
        raise Endless


def _chosen(scope: Scope) -> tuple[Check, ...]:
    return tuple(check for check in _CHOSEN if check.scope is scope)


def _checks(path: Path, code: Any) -> tuple[Check, ...]:
    """The checks that a module's code makes when it is run, under the module's own name."""
    name = f"campcompile.rules.{path.parent.name}.{path.stem}"
    import_module(name)
    names: dict[str, Any] = {"__name__": name, "__file__": str(path), TURN: _turn}
    exec(code, names)
    return tuple(one for one in names.values() if isinstance(one, Check))


@cache
def _examples() -> dict[str, list[Example]]:
    """The examples of each code, without those that are a change."""
    return {code_of(file): [one for one in examples_of(file) if not one.before] for file in example_files()}


def main(names: list[str]) -> None:
    families: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for path in modules():
        own = path.relative_to(FOLDER).as_posix()
        if names and not any(name in own for name in names):
            continue
        found = score(path)
        count = Counter(noticed=found.noticed, alive=len(found.alive), equivalent=found.equivalent)
        families[path.parent.name] += count
        print(f"{own}: {_told(count)}", flush=True)
        for mutant in found.alive:
            print(f"    {mutant.line}: {mutant.name}", flush=True)
        for name in found.stale:
            print(f"    not equivalent, or not there: {name}", flush=True)
    for family, count in families.items():
        print(f"{family}: {_told(count)}")
    print(f"all: {_told(sum(families.values(), Counter()))}")


def _told(count: Counter[str]) -> str:
    whole = count["noticed"] + count["alive"]
    part = count["noticed"] / whole if whole else 1
    return f"{count['noticed']} of {whole} noticed ({part:.1%}), {count['equivalent']} equivalent"


if __name__ == "__main__":
    main(sys.argv[1:])
