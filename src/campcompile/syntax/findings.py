"""A finding (Diagnostic) is one thing that a reviewer should know, and where; a Rule is what it is an instance of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from enum import Enum
from typing import Generic, TypeVar

from campcompile.syntax.source import Span
from campcompile.values import dataclass

T = TypeVar("T")
U = TypeVar("U")


class Severity(Enum):
    """How much a finding matters: an error fails the build."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(Enum):
    """How sure the finder is; below HIGH only from recognisers of wording."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a finding is an instance of; `code` and `slug` are stable for ever.

    `message` and `help` are templates for `str.format_map` over a finding's args; where one code has
    several things to say, `also` holds the others by key. `manual` is the manual page (Markdown) that
    `campcompile explain CODE` prints: What it does, Why it matters, Example, Use instead, Sources.
    """

    code: str  # "SYN004"
    slug: str  # "duplicate-key": reads well after "allow"
    severity: Severity
    message: str
    help: str = ""
    also: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # key → (message, help)
    manual: str = ""
    sources: tuple[str, ...] = ()
    suppressible: bool = True
    firm: tuple[str, ...] = ()  # what of it ("" or keys of `also`) leaves a gap in the mail, and can't be waived
    private: bool = False  # its line holds a secret: no reporter quotes it

    def at(
        self,
        span: Span,
        *,
        label: str = "",
        related: tuple[Label, ...] = (),
        path: tuple[FlowStep, ...] = (),
        fixes: tuple[Fix, ...] = (),
        severity: Severity | None = None,
        say: str = "",
        **args: str,
    ) -> Diagnostic:
        """A finding of this rule at `span`; `args` fill the templates; `say` picks one of `also`."""
        return Diagnostic(
            rule=self,
            args=args,
            span=span,
            label=label,
            related=related,
            path=path,
            fixes=fixes,
            severity=severity or self.severity,
            say=say,
        )


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that belongs to a finding, e.g. where a field was declared."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One station of a value on its way from declaration to sink."""

    span: Span
    text: str


class Applicability(Enum):
    SAFE = "safe"  # keeps the meaning, or mends an obvious slip
    UNSAFE = "unsafe"  # may change what is meant: ask
    DISPLAY = "display"  # shown, never applied


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability = Applicability.DISPLAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One thing that a reviewer should know, and where. Never holds a recipient's data."""

    rule: Rule
    args: Mapping[str, str]
    span: Span  # the smallest text that is wrong
    severity: Severity
    say: str = ""  # "" or a key of rule.also
    label: str = ""  # a few words under the underline
    related: tuple[Label, ...] = ()
    path: tuple[FlowStep, ...] = ()
    fixes: tuple[Fix, ...] = ()
    confidence: Confidence = Confidence.HIGH
    told: tuple[str, str] | None = None  # message and help in the reader's language, where that isn't English

    @property
    def templates(self) -> tuple[str, str]:
        """Of its message and its help, in English."""
        return self.rule.also[self.say] if self.say else (self.rule.message, self.rule.help)

    @property
    def message(self) -> str:
        """Lower case, no full stop, code in backticks."""
        return self.told[0] if self.told else self._english(0)

    @property
    def help(self) -> str:
        """What to do next; "" where the message says all."""
        return self.told[1] if self.told else self._english(1)

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """The same in whichever language it is told."""
        return (self.span.path, self.span.start, self.span.end, self.rule.code, self._english(0))

    def _english(self, which: int) -> str:
        return printable(self.templates[which].format_map(self.args))


def printable(text: str) -> str:
    """A text on one line, with nothing in it that turns, hides or moves what a terminal shows.

    Example: a right-to-left override is shown as `\\u202e`, a tab as a blank.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char.isspace() else char.encode("unicode_escape").decode()
        for char in " ".join(text.split("\n"))
    )


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """What every pass returns: a value as complete as the input allowed, and the findings."""

    value: T
    diagnostics: tuple[Diagnostic, ...] = ()

    def map(self, function: Callable[[T], U]) -> Checked[U]:
        return Checked(function(self.value), self.diagnostics)


@dataclass(slots=True)
class Findings:
    """A list of findings under construction, inside one pass."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.found.extend(diagnostics)

    def take(self, checked: Checked[T]) -> T:
        """Keep a pass's findings and hand out its value."""
        self.found.extend(checked.diagnostics)
        return checked.value

    def done(self, value: T) -> Checked[T]:
        return Checked(value, tuple(self.found))

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.found)
