"""Places: where a finding is shown that isn't about an author's words: a value of campcompile.yaml, a layout's file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from campcompile.analysis.facts import Facts
from campcompile.analysis.own_layouts import own_layouts
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.syntax.source import Source, Span
from campcompile.syntax.tree import Mapping as YamlMapping

SETTINGS = "campcompile.yaml"
_COMMENT = regex(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


def setting_span(facts: Facts, *keys: str, otherwise: Span) -> Span:
    """The value under these keys of campcompile.yaml; failing that, the last key that is there."""
    return value_span(facts, SETTINGS, *keys, otherwise=otherwise)


def value_span(facts: Facts, path: str, *keys: str, otherwise: Span) -> Span:
    """The value under these keys of a file; failing that, the last key that is there."""
    document = facts.documents.get(path)
    node = document.root if document else None
    span = otherwise
    for number, key in enumerate(keys):
        entry = node.entry(key) if isinstance(node, YamlMapping) else None
        if entry is None:
            return span
        span = entry.value.span if number == len(keys) - 1 else entry.key.span
        node = entry.value if isinstance(entry.value, YamlMapping) else None
    return span


def layout_paths(facts: Facts) -> tuple[str, ...]:
    """The files of layouts/, sorted: looked for once, as there may be thousands of other files."""
    return facts.once(_layout_paths, facts.sources)


def own_mjml_paths(facts: Facts) -> tuple[str, ...]:
    """Those of them that are MJML."""
    return facts.once(_mjml_paths, facts.sources)


def layout_span(message: RenderedEmail, facts: Facts, text: str = "<mj-body") -> Span:
    """Where `text` stands in the layout that made a message, so that a layout's fault is one finding.

    It looks in the message's own layout first, then in the other files of layouts/. Where the layout isn't
    part of the workspace, the e-mail in its locale is shown.
    """
    own = f"layouts/{message.campaign.layout}.mjml"
    for path in (own, *(path for path in layout_paths(facts) if path != own)):
        source = facts.source(path)
        if source is not None and (at := source.text.find(text)) >= 0:
            return source.span(at, at + len(text))
    return message.version.span


def footer_span(message: RenderedEmail, facts: Facts, *, plain: bool) -> Span:
    """Where a layout's footer is missing: its body's tag, or for plain text the first line of its text twin."""
    if plain and (source := facts.source(f"layouts/{message.campaign.layout}.txt")):
        return source.whole()
    return layout_span(message, facts)


def written_span(message: RenderedEmail, facts: Facts, *patterns: str) -> Span | None:
    """Where the first of `patterns` that a workspace's layouts hold is written: in the message's own layout first.

    None where no layout of the workspace holds any: then our own layouts, or the theme, said it.
    """
    own = f"layouts/{message.campaign.layout}.mjml"
    paths = sorted(own_mjml_paths(facts), key=lambda path: path != own)
    for pattern in patterns:
        for path in paths:
            source = facts.sources[path]
            if found := re.search(pattern, facts.once(_without_comments, source), re.IGNORECASE):
                return source.span(found.start(), found.end())
    return None


def _layout_paths(sources: Mapping[str, Source]) -> tuple[str, ...]:
    return tuple(sorted(path for path in sources if path.startswith("layouts/")))


def _mjml_paths(sources: Mapping[str, Source]) -> tuple[str, ...]:
    return tuple(path for path in _layout_paths(sources) if path.endswith(".mjml"))


def _without_comments(source: Source) -> str:
    """A layout's text with what is said about it blanked, at the same length."""
    return _COMMENT.sub(lambda found: " " * len(found[0]), source.text)


def are_own_layouts_sound(facts: Facts) -> bool:
    """Is there MJML of the workspace's own, and was all of it compiled as it is written?

    What our own layouts print is for our own tests to judge.
    """
    mine = own_mjml_paths(facts)
    return bool(mine) and len(mine) == len(facts.once(own_layouts, facts.layouts))
