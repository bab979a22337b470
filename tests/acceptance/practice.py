"""Campaigns as an author writes them, compiled in memory, and the message that one person gets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from html5lib import parse
from selectolax.lexbor import LexborHTMLParser

from campcompile.compiler import Compilation, compile_files
from campcompile.manifest import Manifest, from_json
from campcompile.parts import Context, Parts
from campcompile.parts_text import parse_parts
from campcompile.plain import collapsed
from campcompile.render import Message, Template, Value, join, render_message, values
from tests.rules.examples import picture
from tests.workspace import LETTER, workspace

AS_OF = date(2026, 11, 2)
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
ONE_CLICK = "https://fjordklinikken.example/u/k1"
PERSON: dict[str, Value] = {"patient.first_name": "Kari", "patient.topics": ("news",), "links.one_click": ONE_CLICK}


def quoted(text: str) -> str:
    """A text as a YAML scalar in double quotes: JSON is YAML."""
    return json.dumps(text, ensure_ascii=False)


def letter(body: str, subject: str = "News from the fjord", preheader: str = "What is new this winter") -> str:
    """campaign.yaml with one e-mail. `body` is its list of blocks, one a line, without the indentation."""
    head = LETTER.partition("    subject:")[0]
    blocks = "".join(f"      {line}\n" for line in body.splitlines())
    return f"{head}    subject: {quoted(subject)}\n    preheader: {quoted(preheader)}\n    body:\n{blocks}"


def compiled(files: Mapping[str, str | bytes], *, as_of: date = AS_OF, lint_only: bool = False) -> Compilation:
    """The small practice with these files changed or added; assets/a.png is a picture of 2 × 2 pixels."""
    whole = workspace({"assets/a.png": picture(), **files})
    return compile_files(whole, as_of=as_of, now=NOW, lint_only=lint_only)


def compiled_letter(body: str, **words: str) -> Compilation:
    return compiled({"campaigns/letter/campaign.yaml": letter(body, **words)})


def found(compilation: Compilation) -> list[str]:
    """Each finding as `CODE line:column quoted`, or with the file's name before them where it isn't the letter."""
    told = []
    for finding in compilation.diagnostics:
        source = compilation.sources[finding.span.path]
        place = ":".join(map(str, source.position(finding.span.start)))
        file = "" if finding.span.path == "campaigns/letter/campaign.yaml" else f"{finding.span.path}:"
        told.append(f"{finding.rule.code} {file}{place} {source.quote(finding.span)}")
    return told


def of_the_language(compilation: Compilation) -> list[str]:
    """Those of `found` about what can't be read or means nothing; what rules think of words is left out."""
    pairs = zip(compilation.diagnostics, found(compilation), strict=True)
    return [told for one, told in pairs if re.match("SYN|SCH|REF|TPL|LAY|FLD00[1-4]", one.rule.code)]


def clean(compilation: Compilation) -> Compilation:
    assert found(compilation) == []
    assert compilation.bundle
    return compilation


def manifest_of(compilation: Compilation, code: str = "lt26") -> Manifest:
    return from_json(json.loads(compilation.bundle[f"{code}/manifest.json"]))


def message(
    compilation: Compilation, row: Mapping[str, Value] | None = None, *, code: str = "lt26", locale: str = "en"
) -> Message:
    """What a person gets of the first e-mail, by way of the bundle's own bytes.

    Where a rule has an error against its words there is no bundle: then straight from the compiler.
    """
    if compilation.bundle:
        return _from_bundle(compilation, {**PERSON, **(row or {})}, code, locale)
    (made,) = (one for one in compilation.rendered if (one.campaign.code, one.version.locale) == (code, locale))
    found = values(made.derived, {**PERSON, **(row or {})}, NOW)
    return Message(
        subject=collapsed(join(made.subject, found, made.derived, medium="plain")),
        preheader=collapsed(join(made.preheader, found, made.derived, medium="plain")),
        html=join(made.html, found, made.derived),
        text=join(made.text, found, made.derived, medium="plain"),
        headers={},
        pictures=(),
    )


def _from_bundle(compilation: Compilation, row: Mapping[str, Value], code: str, locale: str) -> Message:
    manifest = manifest_of(compilation, code)
    (rendering,) = (each for each in manifest.emails[0].renderings if (each.locale, each.variant) == (locale, "a"))
    pictures = {asset.name for asset in manifest.assets}

    def parts(path: str, context: Context) -> Parts:
        return parse_parts(compilation.bundle[f"{code}/{path}"].decode(), context, pictures)

    template = Template(
        subject=parse_parts(rendering.subject, Context.HEADER, ()),
        preheader=parse_parts(rendering.preheader, Context.HEADER, ()),
        html=parts(rendering.html.path, Context.TEXT),
        text=parts(rendering.text.path, Context.PLAIN),
    )
    return render_message(manifest, template, row, NOW)


def shape(html: str) -> list[tuple[str, ...]]:
    """Every element in order with the names of its attributes, as a browser's algorithm sees it."""
    tree = parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return [(str(node.tag), *sorted(map(str, node.attrib))) for node in tree.iter() if isinstance(node.tag, str)]


def quick_shape(html: str) -> list[tuple[str, ...]]:
    """The same by another parser, comments included."""
    root = LexborHTMLParser(html).root
    assert root is not None
    return [(str(node.tag), *sorted(node.attributes)) for node in root.traverse(include_text=False)]


def shown(html: str, selector: str = "body") -> str:
    """The text of the first element that a selector finds, exactly."""
    node = LexborHTMLParser(html).css_first(selector)
    assert node is not None, selector
    return node.text()


def attributes(html: str, selector: str, name: str) -> list[str]:
    """An attribute of all elements that a selector finds and that have it."""
    return [node.attributes[name] or "" for node in LexborHTMLParser(html).css(selector) if name in node.attributes]


def attribute(html: str, selector: str, name: str) -> str:
    node = LexborHTMLParser(html).css_first(selector)
    assert node is not None, selector
    value = node.attributes[name]
    assert value is not None, name
    return value
