"""A dialect is what one service understands: how a variable, a test and a link of its own are written, and its limits.

All that needs computing is computed before hand-over, so a dialect says two things: print a variable, test a yes/no.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from campcompile.values import dataclass

if TYPE_CHECKING:
    from campcompile.dialects.compiled import Compiled
    from campcompile.dialects.export import Export


class Medium(Enum):
    """Where a text is read."""

    HTML = "html"
    PLAIN = "plain"  # a plain-text part, a subject, a preheader


class Escaping(Enum):
    """Who keeps a value from being read as markup; the word is what the matrix of targets says."""

    ENGINE = "the service"
    FILTER = "a filter in the text"
    BEFORE = "campcompile, before hand-over"


class Kind(Enum):
    """Who decides when and to whom; the word is what the matrix of targets says."""

    RUNNER = "our runner"
    CAMPAIGNS = "the service, at a set time"
    TEMPLATES = "whoever calls the service"
    FILES = "whoever takes the files"


class UnsayableError(ValueError):
    """The service would misread `sign`, and has no way to write it as itself."""

    def __init__(self, sign: str) -> None:
        super().__init__(f"`{sign}` can't be written")
        self.sign = sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a service can carry: what `campcompile targets` and the matrix in docs/ tell."""

    kind: Kind
    escaping: Escaping
    branches: bool = True  # a text that depends on a yes/no
    unsubscribe: str = ""  # the service's own link, which takes the place of the practice's; "" for none
    journeys: bool = True  # can a person build there what sends at times that differ by person?
    variants: int = 0  # versions of an A/B test that the service tells apart itself
    attachments: bool = False  # a calendar file
    demands_opens: bool = False  # a picture that tells who opens is in every mail
    portal: bool = False  # mail that may go only after something lies in the portal
    engine: str = ""  # what our tests render with; "" for an interpreter of ours: unverified


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the practice says of a target in campcompile.yaml, as far as an export asks."""

    id: str
    tracks_opens: bool = False
    tracks_clicks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One target's language."""

    id: str  # "mailchimp", as `dialect:` names it
    title: str  # "Mailchimp"
    capabilities: Capabilities
    variable: Callable[[str, bool], str]  # (name, is a value of HTML to be escaped) → what prints it
    test: Callable[[str], tuple[str, str, str]]  # name → what opens, parts and closes the two arms
    literal: Callable[[str, Medium, bool], str]  # (text, medium, a tag follows) → the text as itself, or UnsayableError
    name: Callable[[str, str], str]  # (campaign's code, short name) → the variable's name at the service
    export: Callable[[Compiled, Dialect, Row], Export]  # a compiled campaign → files and requests
