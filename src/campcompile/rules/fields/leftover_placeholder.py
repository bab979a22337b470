"""FLD005: a placeholder that nobody filled in, in the words, the practice's details or the layout."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.own import own
from campcompile.analysis.placeholders import Placeholder, may_hold_placeholders, placeholders
from campcompile.analysis.shown import shown
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Programme, Version
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import layout_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Span
from campcompile.syntax.tree import Kind, Mapping, Node, Scalar

_SETTINGS = "campcompile.yaml"
_RAW = regex(r"\{%-?\s*(raw|endraw)\s*-?%\}")
_SAY = {"fill": "", "tag": "foreign-tag", "sample": "sample"}


@rule(
    code="FLD005",
    slug="leftover-placeholder",
    severity=Severity.ERROR,
    message="`{seen}` is a placeholder that nobody filled in",
    help="write the words, or a merge field such as `{{{{ practice.name }}}}`; if it is meant to be read, "
    "say it without brackets",
    also={
        "foreign-tag": (
            "`{seen}` is the merge field of another program, and would be sent as it stands",
            "write `{{{{ recipient.first_name }}}}`, with the field's name from the dictionary",
        ),
        "sample": (
            "`{seen}` looks like a sample name",
            "write the real name; if that is the real name, list it under `staff:` in campcompile.yaml",
        ),
        "layout": (
            "`{seen}` reaches the message from the layout, and nobody filled it in",
            "look for it in layouts/, in the layout's words for `{locale}`",
        ),
    },
)
def leftover_placeholder(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports what was left to be filled in: `[Name]`, `[Nom du cabinet]`, `【診所名稱】`, `TODO`, `TBD`, lorem ipsum,
    `___`, `xxx`, `○○○`; the merge fields of other programs (`*|FNAME|*`, `%%Name%%`, `[[name]]`, `${name}`,
    `<<name>>`, `{name}`); and sample names (Dr. Smith, Jean Dupont, Ola Nordmann, 王小明), unless the practice's
    `staff` holds them. It reads every locale, the practice's details in campcompile.yaml, and the words of the layout.

    It is silent on notes that are meant to be read (`[PDF]`, `[valgfritt]`, 【重要】), on numbers and keys of a
    phone (`[1]`), on the practice's own name in brackets, on quotation marks (« … », << … >>), on Markdown links, and
    on what stands between `{% raw %}` and `{% endraw %}`.

    ## Why it matters

    Templates are full of them, and the translation that nobody on the team can read is where they stay. A
    patient who gets *Hei [fornavn]* doubts the next message too, the true one.

    ## Example

    ```yaml
    text: "Bonjour, [Nom du cabinet] vous attend."
    ```

    ## Use instead

    ```yaml
    text: "Bonjour, {{ practice.name }} vous attend."
    ```

    ## Sources

    The templates of the articles that this project began from; the practice of other pre-flight checkers.
    """
    names = facts.once(own, facts.programme).names
    words = facts.once(version_words, version)
    for line in words.lines:
        for found in placeholders(line.text, names=names):
            source = facts.source(line.stretches[0].span.path)
            span = line.span(found.start, found.end, source)
            if not _is_raw(span, facts):
                yield _finding(found, span)
    for target in words.addresses:
        for found in placeholders(target.address):
            yield _finding(found, target.span)


@rule(leftover_placeholder.rule)
def placeholder_in_settings(programme: Programme, facts: Facts) -> Found:
    """The practice's own details: an address or a name that was never written."""
    document = facts.documents.get(_SETTINGS)
    if document is None:
        return
    names = facts.once(own, programme).names
    for scalar in _texts(document.root):
        for found in placeholders(scalar.value, names=names):
            text = scalar.text
            yield _finding(found, text.span(found.start, found.end))


@rule(leftover_placeholder.rule)
def placeholder_in_layout(message: RenderedEmail, facts: Facts) -> Found:
    """What is in the compiled message and in no words of the author's: the layout's fixed words."""
    both = facts.once(shown, message)
    lines = (*both.page.lines, both.page.title, *(image.alt or "" for image in both.page.images))
    if not any(map(may_hold_placeholders, (*lines, *both.text.words.split("\n")))):
        return
    names = facts.once(own, facts.programme).names
    found = {
        one.text: one for text in (both.html.words, *lines, both.text.words) for one in placeholders(text, names=names)
    }
    words = facts.once(version_words, message.version)
    authored = "\n".join((words.text, *(target.address for target in words.addresses)))
    pictures = {image.alt for image in both.page.images}  # plain text prints a picture as its alt in brackets
    for one in found.values():
        bare = one.text.strip("[]")
        if bare not in authored and bare not in pictures and not _in_settings(one.text, facts):
            span = layout_span(message, facts, one.text)
            if not _is_raw(span, facts):
                yield leftover_placeholder.at(span, say="layout", seen=one.text, locale=message.version.locale)


def _is_raw(span: Span, facts: Facts) -> bool:
    """Whether it stands between `{% raw %}` and `{% endraw %}`: then it is meant to be read."""
    source = facts.source(span.path)
    tags = _RAW.findall(source.text, 0, span.start) if source is not None else []
    return bool(tags) and tags[-1] == "raw"


def _finding(found: Placeholder, span: Span) -> Diagnostic:
    return leftover_placeholder.at(span, say=_SAY[found.kind], seen=found.text[:60])


def _texts(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            if node.kind is Kind.TEXT:
                yield node
        case Mapping(entries):
            for entry in entries:
                yield from _texts(entry.value)
        case _:
            for item in node.items:
                yield from _texts(item)


def _in_settings(text: str, facts: Facts) -> bool:
    document = facts.documents.get(_SETTINGS)
    return document is not None and text in document.source.text
