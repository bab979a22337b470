"""A check is a function with a manual page that looks at one kind of subject: `@rule` makes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from inspect import cleandoc
from typing import Any, TypeAlias, overload

from campcompile.analysis.facts import Facts
from campcompile.syntax.findings import Diagnostic, Rule, Severity
from campcompile.syntax.source import Span
from campcompile.values import dataclass

UNKNOWN = "unknown"  # the key of Rule.also that says what could not be decided
_UNKNOWN_WORDS = (
    "not decided: {reason}",
    "say what is missing, or have a person look; what can't be decided doesn't count as passed",
)


class Scope(Enum):
    """What a check looks at: the type of its first parameter, by name."""

    PROGRAMME = "Programme"
    CAMPAIGN = "Campaign"
    EMAIL = "Email"
    VERSION = "Version"
    BLOCK = "Block"
    RENDERED_EMAIL = "RenderedEmail"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A check's third answer: neither a finding nor a pass, and why (lower case, no full stop)."""

    reason: str
    span: Span


Found: TypeAlias = "Iterable[Diagnostic | Unknown]"
CheckFunction: TypeAlias = Callable[[Any, Facts], Found]


@dataclass(frozen=True, slots=True)
class Check:
    """A function that looks at one kind of subject for one rule."""

    rule: Rule
    scope: Scope
    function: CheckFunction

    def at(self, span: Span, **given: Any) -> Diagnostic:
        """A finding of this check's rule; the arguments are those of `Rule.at`."""
        return self.rule.at(span, **given)

    def __call__(self, subject: Any, facts: Facts) -> Iterator[Diagnostic]:
        """The findings about one subject; an `Unknown` arrives as a finding that says so."""
        for found in self.function(subject, facts):
            yield found if isinstance(found, Diagnostic) else self._undecided(found)

    def _undecided(self, unknown: Unknown) -> Diagnostic:
        """Unknown is never a pass: a warning where the rule is an error, else a note."""
        is_error = self.rule.severity is Severity.ERROR
        severity = Severity.WARNING if is_error else Severity.INFO
        return self.rule.at(unknown.span, say=UNKNOWN, severity=severity, reason=unknown.reason)


@overload
def rule(existing: Rule, /) -> Callable[[CheckFunction], Check]: ...
@overload
def rule(
    *,
    code: str,
    slug: str,
    severity: Severity,
    message: str,
    help: str = "",
    also: Mapping[str, tuple[str, str]] | None = None,
    sources: tuple[str, ...] = (),
    suppressible: bool = True,
    firm: tuple[str, ...] = (),
    private: bool = False,
) -> Callable[[CheckFunction], Check]: ...
def rule(
    existing: Rule | None = None,
    /,
    *,
    code: str = "",
    slug: str = "",
    severity: Severity = Severity.ERROR,
    message: str = "",
    help: str = "",
    also: Mapping[str, tuple[str, str]] | None = None,
    sources: tuple[str, ...] = (),
    suppressible: bool = True,
    firm: tuple[str, ...] = (),
    private: bool = False,
) -> Callable[[CheckFunction], Check]:
    """Make a check of a function `(subject, facts)`; its subject's type is what it is asked about.

    The docstring is the rule's manual page. Where a rule is declared elsewhere, because a pass finds it
    too, or where one rule has a second check, give that rule: `@rule(LINK_SAFETY)`.
    """

    def make(function: CheckFunction) -> Check:
        made = existing or Rule(
            code=code,
            slug=slug,
            severity=severity,
            message=message,
            help=help,
            also={UNKNOWN: _UNKNOWN_WORDS, **(also or {})},
            manual=cleandoc(function.__doc__ or ""),
            sources=sources,
            suppressible=suppressible,
            firm=firm,
            private=private,
        )
        return Check(made, _scope_of(function), function)

    return make


def _scope_of(function: CheckFunction) -> Scope:
    annotations = iter(function.__annotations__.values())
    subject = next(annotations)
    return Scope(subject if isinstance(subject, str) else subject.__name__)
