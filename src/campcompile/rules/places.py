"""Places: where a finding is shown that isn't about an author's words: a value of campcompile.yaml, a layout's file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from campcompile.analysis.facts import Facts
from campcompile.analysis.own_layouts import own_layouts
from campcompile.model.campaign import Campaign, Email, Programme
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.syntax.findings import Edit
from campcompile.syntax.source import Source, Span
from campcompile.syntax.tree import Mapping as YamlMapping
from campcompile.syntax.tree import Sequence

SETTINGS = "campcompile.yaml"
_COMMENT = regex(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


def setting_span(facts: Facts, *keys: str, otherwise: Span) -> Span:
    """The value under these keys of campcompile.yaml; failing that, the last key that is there."""
    return value_span(facts, SETTINGS, *keys, otherwise=otherwise)


def value_span(facts: Facts, path: str, *keys: str, otherwise: Span) -> Span:
    """The value under these keys of a file; failing that, the last key that is there."""
    document = facts.documents.get(path)
    return _below(document.root if document else None, keys, otherwise)


def practice_values(programme: Programme) -> Iterator[tuple[tuple[str, ...], Mapping[str, str]]]:
    """The values of the practice and of each site, with the keys under which they stand in campcompile.yaml."""
    practice = programme.settings.practice
    yield ("practice",), practice.values
    for site in practice.sites.values():
        yield ("sites", site.id), site.values


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


def email_span(facts: Facts, campaign: Campaign, email: Email, *keys: str) -> Span:
    """The value under these keys of an e-mail's row in campaign.yaml; failing that, the last key that is there."""
    return _below(_row_of(facts, campaign, email), keys, email.span)


def sends_with(facts: Facts, campaign: Campaign, email: Email, key: str) -> bool:
    """Is a key of an e-mail's `send` written, be it with a value that means nothing?"""
    row = _row_of(facts, campaign, email)
    send = row.get("send") if row is not None else None
    return isinstance(send, YamlMapping) and send.entry(key) is not None


def campaign_span(facts: Facts, campaign: Campaign, *keys: str) -> Span:
    """The value under these keys of campaign.yaml; failing that, the last key that is there, else the title."""
    return value_span(facts, campaign.path, *keys, otherwise=campaign.span)


def has_value(facts: Facts, path: str, key: str) -> bool:
    """Is a key written at the top of a file?"""
    document = facts.documents.get(path)
    return document is not None and document.root.get(key) is not None


def one_more_key(facts: Facts, span: Span, text: str) -> Edit | None:
    """`, text` behind a value in a mapping that is written on one line, `{…}`; None in one that is not."""
    source = facts.source(span.path)
    if source is None:
        return None
    line = source.text[source.text.rfind("\n", 0, span.start) + 1 : span.start]
    if line.count("{") <= line.count("}"):
        return None
    return Edit(Span(span.path, span.end, span.end), f", {text}")


def one_more_line(facts: Facts, campaign: Campaign, key: str, text: str) -> Edit | None:
    """A line of its own behind the value of a key at the top of campaign.yaml; None where it isn't on one line."""
    document = facts.documents.get(campaign.path)
    value = document.root.get(key) if document is not None else None
    if document is None or value is None or "\n" in document.source.quote(value.span):
        return None
    end = document.source.text.find("\n", value.span.end)
    if end < 0:
        return None
    return Edit(Span(campaign.path, end, end), f"\n{text}")


def _row_of(facts: Facts, campaign: Campaign, email: Email) -> YamlMapping | None:
    document = facts.documents.get(campaign.path)
    rows = document.root.get("emails") if document else None
    for row in rows.items if isinstance(rows, Sequence) else ():
        if isinstance(row, YamlMapping) and (id := row.get("id")) is not None and id.span == email.span:
            return row
    return None


def _below(node: YamlMapping | None, keys: tuple[str, ...], otherwise: Span) -> Span:
    span = otherwise
    for number, key in enumerate(keys):
        entry = node.entry(key) if node is not None else None
        if entry is None:
            return span
        span = entry.value.span if number == len(keys) - 1 else entry.key.span
        node = entry.value if isinstance(entry.value, YamlMapping) else None
    return span
