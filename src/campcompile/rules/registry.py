"""The registry knows every rule: checks found by folder, and the rules that passes declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import campcompile
from campcompile.rules.check import Check, Scope
from campcompile.syntax.findings import Rule

_RULES = "campcompile.rules"


@cache
def all_checks() -> tuple[Check, ...]:
    """Every check of `rules/<family>/<slug>.py`, in the order of families and files."""
    return tuple(
        value
        for family in _modules(_RULES)
        if hasattr(family, "__path__")
        for module in _modules(family.__name__)
        for value in vars(module).values()
        if isinstance(value, Check)
    )


@cache
def checks_of(scope: Scope) -> tuple[Check, ...]:
    return tuple(check for check in all_checks() if check.scope is scope)


@cache
def declared_rules() -> tuple[Rule, ...]:
    """Every rule once: those with checks, and those born in a pass, which are constants of `findings…` modules.

    A test holds that no two have one code or one slug.
    """
    return tuple({id(rule): rule for rule in _declared()}.values())


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by its code, sorted."""
    return {rule.code: rule for rule in sorted(declared_rules(), key=lambda rule: rule.code)}


@cache
def find_rule(name: str) -> Rule | None:
    """The rule with this code or slug."""
    rules = all_rules()
    return rules.get(name) or next((rule for rule in rules.values() if rule.slug == name), None)


def _declared() -> Iterator[Rule]:
    for check in all_checks():
        yield check.rule
    for room in iter_modules(campcompile.__path__, "campcompile."):
        if room.ispkg:
            for module in _modules(room.name, prefix="findings"):
                yield from (value for value in vars(module).values() if isinstance(value, Rule))


def _modules(package: str, *, prefix: str = "") -> Iterator[ModuleType]:
    """The modules of a package whose own names begin with `prefix`, in the order of their names."""
    names = sorted(entry.name for entry in iter_modules(import_module(package).__path__))
    for name in names:
        if name.startswith(prefix):
            yield import_module(f"{package}.{name}")
