"""What an e-mail says whose body goes to the portal: the phrase `portal-notice`, and nothing about the person."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.model.blocks import Parts
from campcompile.model.bound import Print
from campcompile.model.campaign import Block, Prose
from campcompile.model.findings import TELLING_NOTICE, UNKNOWN_NAME
from campcompile.model.labels import Label
from campcompile.model.practice import Settings
from campcompile.model.scope import Scope
from campcompile.model.words import bind_rich, lines_of, uses_of
from campcompile.syntax.findings import Diagnostic, Findings
from campcompile.syntax.source import Span

PHRASE = "portal-notice"
LINK = "portal"
NOTICE_LAYOUT = "portal-notice"  # where the campaign names no other


def check_portal(settings: Settings, parts: Parts, span: Span) -> Iterator[Diagnostic]:
    """Findings about what `deliver: portal` (at `span`) needs and the workspace lacks."""
    if PHRASE not in parts.phrases:
        advice = "add it to campaigns/_shared/phrases.yaml, in every locale: `en: A message waits in the portal.`"
        yield UNKNOWN_NAME.at(span, kind="phrase", name=PHRASE, advice=advice)
    if LINK not in settings.links:
        advice = "add the portal's address under `links:` in campcompile.yaml: `portal: https://portal.clinic.example/`"
        yield UNKNOWN_NAME.at(span, kind="link", name=f"links.{LINK}", advice=advice)


def bind_notice(scope: Scope, parts: Parts, span: Span, findings: Findings) -> tuple[Block, ...]:
    """The notice's words in the scope's locale; none where there are none: that has its finding.

    They may print what is public alone (privacy.md, "Settled"): the practice's name, not the person's.
    """
    phrase = parts.phrases.get(PHRASE)
    if phrase is None or scope.locale not in phrase.words:
        return ()
    text = bind_rich(phrase.words[scope.locale], scope, Findings())
    for use in (use for line in lines_of(text) for use in uses_of(line)):
        if use.label > Label.PUBLIC:
            name = use.field if isinstance(use, Print) else use.words or ", ".join(sorted(use.reads))
            findings.add(TELLING_NOTICE.at(use.span, name=name, level=use.label.word))
    where = phrase.spans[scope.locale]
    return (
        Block(
            kind="text", fields={"text": Prose(text)}, spans={"text": where}, condition=None, span=span, phrase=PHRASE
        ),
    )
