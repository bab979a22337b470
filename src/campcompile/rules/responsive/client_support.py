"""RSP001: a layout asks for something that its readers' mail client drops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.colours import CLEAR, colour_over
from campcompile.analysis.facts import Facts
from campcompile.analysis.mail_clients import Use, features, market_clients, spoken, uses
from campcompile.analysis.own_layouts import Declaration, own_layouts
from campcompile.model.campaign import Programme
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.markup import HOLE, NOTE, STATEMENT

_PLAIN = ("calc(", "clamp(", "min(", "max(", "var(", "rem", "vw", "vh", "(")
_LAYER = regex(r"(?:[\w-]*gradient|url)\((?:[^()]|\([^()]*\))*\)", re.IGNORECASE)
_COLOUR = regex(r"#?[\w-]+(?:\([^()]*\))?")
_FILLERS = str.maketrans("", "", HOLE + NOTE + STATEMENT)


@rule(
    code="RSP001",
    slug="client-support",
    severity=Severity.ERROR,
    message="`{shown}` does nothing in {clients}",
    help="build it of tables and padding, as the standard blocks are, or write a plain value before it",
    also={
        "words": (
            "`{shown}` does nothing in {clients}: words may be lost there",
            "let the words be read without it, e.g. by a `background-color` beside it",
        ),
        "partial": (
            "`{shown}` works only partly in {clients}",
            "look at it there, or build it of tables and padding, as the standard blocks are",
        ),
    },
    sources=("caniemail.com (MIT), tests of each feature",),
)
def client_support(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Looks up the CSS of the workspace's own layouts and blocks in the tests of caniemail. It reports what moves
    things or hides words where a mail client drops it: `display: flex`, `position`, `var()`, a background picture
    without a colour. What only decorates (round corners, shadows) is not reported, nor what has a plain value of
    the same name before it.

    The clients are those under `clients` of campcompile.yaml: there it is an error, and a warning where a client
    knows it partly. Without `clients`, those that readers in the `jurisdictions` are said to use, as a warning,
    because nobody has confirmed the shares. What no e-mail may hold at all (forms, scripts, video) has findings of
    its own.

    ## Why it matters

    Outlook on Windows draws with Word. A row of columns made with `flex` is a heap there, and a button that is
    placed with `position` stands somewhere else.

    ## Example

    ```css
    .row { display: flex; gap: 16px }
    ```

    ## Use instead

    ```html
    <mj-section><mj-column>…</mj-column><mj-column>…</mj-column></mj-section>
    ```

    ## Sources

    * caniemail.com by Rémi Parmentier and contributors, MIT licence; the day of each test is in our data
    * shares of clients by market: unconfirmed
    """
    own = facts.once(own_layouts, facts.layouts)
    if not own:
        return
    stated = programme.settings.clients
    required = frozenset(stated or market_clients(programme.settings.jurisdictions))
    for layout in own:
        for declaration in layout.declarations:
            for use in _uses_of(declaration):
                yield from _dropped(declaration, use, required, is_stated=bool(stated))


def _uses_of(declaration: Declaration) -> Iterator[Use]:
    value = declaration.value.translate(_FILLERS)
    for use in uses():
        if not use.name.fullmatch(declaration.name) or (use.value and not use.value.fullmatch(value)):
            continue
        if not _has_fallback(declaration, use):
            yield use


def _has_fallback(declaration: Declaration, use: Use) -> bool:
    match use.fallback:
        case "before":
            plain = (value for name, value in declaration.before if name == declaration.name)
            return any(not any(sign in value for sign in _PLAIN) for value in plain)
        case "ground":
            ground = "background-color" in declaration.beside or any(
                declaration.element.get(name) is not None for name in ("bgcolor", "background-color")
            )
            earlier = (value for name, value in declaration.before if name == "background")
            return ground or any(map(_has_ground, (*earlier, declaration.value)))
        case _:
            return False


def _has_ground(value: str) -> bool:
    """Does a `background` name a colour of its own, beside those that a gradient runs through?"""
    words = _COLOUR.findall(_LAYER.sub(" ", value))
    return any(word.lower() != CLEAR and colour_over(word, "#ffffff") is not None for word in words)


def _dropped(declaration: Declaration, use: Use, required: frozenset[str], *, is_stated: bool) -> Iterator[Diagnostic]:
    feature = features()[use.feature]
    lost = [client for client in feature.none if client.partition(".")[0] in required]
    partly = [client for client in feature.partial if client.partition(".")[0] in required]
    shown = f"{declaration.name}: {' '.join(declaration.value.translate(_FILLERS).split())[:60]}"
    if lost:
        severity = Severity.ERROR if is_stated else Severity.WARNING
        say = "words" if use.loss == "words" else ""
        yield client_support.at(declaration.span, say=say, severity=severity, shown=shown, clients=spoken(lost))
    elif partly and is_stated:
        yield client_support.at(
            declaration.span, say="partial", severity=Severity.WARNING, shown=shown, clients=spoken(partly)
        )
