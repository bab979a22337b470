"""Measures of an e-mail: what it weighs, how it reads, how its colours stand apart, who drops what, where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from campcompile.analysis.contrast import contrast, is_colour
from campcompile.analysis.css import declarations
from campcompile.analysis.flat import ARM, SLOT_MARK, flat
from campcompile.analysis.html_facts import read_html
from campcompile.analysis.limits import limits
from campcompile.analysis.look import Ink, Look, Run, read_look
from campcompile.analysis.mail_clients import features, market_clients, spoken, uses
from campcompile.analysis.readability import Readability, readability
from campcompile.analysis.running_text import running_text
from campcompile.analysis.version_words import version_words
from campcompile.formula import source_fields
from campcompile.model.rendered import RenderedEmail
from campcompile.preview.workshop import View
from campcompile.rules.deliverability.gmail_clip import worst_bytes

_MARK = re.compile(r"<!--/?cc\d+-->")
_SHEET = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_STYLE = re.compile(r'style="([^"]*)"')
_RULE = re.compile(r"\{([^{}]*)\}")
_SCALES = {  # what a score means: easy and hard on the scale, and what it is called
    "flesch-kincaid": ("school year", 4, 14, 8),
    "kandel-moles": ("ease of reading, 100 is easy", 100, 20, 60),
    "lix": ("LIX", 20, 60, 45),
    "hanzi": ("characters a sentence", 10, 60, 40),
}


def measures_json(view: View) -> dict[str, Any]:
    """All measures of one e-mail, for any recipient."""
    message = view.message
    html = _MARK.sub("", flat(message.html))
    look = read_look(html)
    return {
        "weight": _weight(view),
        "reading": _reading(message),
        "contrast": {"light": _contrast(look, dark=False), "dark": _contrast(look, dark=True)},
        "targets": min((target.height_px for target in look.targets), default=None),
        "clients": list(_losses(html, view)),
        "links": list(_links(html, view)),
    }


def _weight(view: View) -> dict[str, Any]:
    """In bytes: the HTML at its longest, beside where Gmail cuts; text and pictures."""
    message = view.message
    clip = limits("rules/data/weight.yaml")["gmail-clips-bytes"]
    sizes = {asset.name: asset.size for asset in view.draft.programme.assets.values()}
    marks = sum(len(mark) for part in message.html if isinstance(part, str) for mark in _MARK.findall(part))
    return {
        "html": worst_bytes(message.html) - marks,
        "text": worst_bytes(message.text),
        "pictures": sum(sizes.get(name, 0) for name in message.assets),
        "clip": clip.value,
        "clip_source": clip.source,
    }


def _reading(message: RenderedEmail) -> dict[str, Any] | None:
    version = message.version
    lines = running_text(version, version_words(version))
    found: Readability | None = readability((line.text for line in lines), version.locale)
    if found is None:
        return None
    name, easy, hard, most = _SCALES[found.measure]
    return {
        "measure": name,
        "score": round(found.score, 1),
        "easy": easy,
        "hard": hard,
        "most": most,
        "words": found.counts.words,
        "sentences": found.counts.sentences,
    }


def _contrast(look: Look, *, dark: bool) -> list[dict[str, Any]]:
    """Each pair of colours that words are set in, the weakest first; None where a ground isn't known."""
    pairs: dict[tuple[str, str], Run] = {}
    for run in look.runs:
        ink: Ink = run.dark if dark else run.light
        pairs.setdefault((ink.colour, ink.ground), run)
    known = limits("rules/data/legibility.yaml")
    rows = []
    for (colour, ground), run in pairs.items():
        if not is_colour(colour) or not is_colour(ground):
            continue
        large = run.size_px >= known["large-bold" if run.is_bold else "large"].value
        least = known["contrast-large" if large else "contrast"].value
        rows.append({"colour": colour, "ground": ground, "ratio": round(contrast(colour, ground), 1), "least": least})
    return sorted(rows, key=lambda row: row["ratio"])


def _losses(html: str, view: View) -> Iterator[dict[str, str]]:
    """CSS of the page that clients of the practice's readers drop, or know in part."""
    settings = view.draft.programme.settings
    wanted = frozenset(settings.clients or market_clients(settings.jurisdictions))
    written = dict.fromkeys(
        (name, value)
        for text in (*_STYLE.findall(html), *(rule for sheet in _SHEET.findall(html) for rule in _RULE.findall(sheet)))
        for name, value in declarations(text)[0].items()
    )
    told = set()
    for name, value in written:
        for use in uses():
            if not use.name.fullmatch(name) or (use.value and not use.value.fullmatch(value)) or use.feature in told:
                continue
            told.add(use.feature)
            feature = features()[use.feature]
            for clients, how in ((feature.none, "drop it"), (feature.partial, "know it in part")):
                lost = [client for client in clients if client.partition(".")[0] in wanted]
                if lost:
                    yield {
                        "shown": f"{name}: {value}"[:80],
                        "clients": spoken(lost),
                        "how": how,
                        "tested": feature.tested,
                    }


def _links(html: str, view: View) -> Iterator[dict[str, str]]:
    def told(text: str) -> str:
        named = SLOT_MARK.sub(lambda mark: _field(mark[1], view.message), text)
        return " ".join(named.replace(ARM, " ").split())

    for link in read_html(html).links:
        yield {"words": told(link.words), "address": told(link.href)}


def _field(name: str, message: RenderedEmail) -> str:
    """`{patient.first_name}` for the mark of a slot."""
    derived = message.derived.get(name)
    return "{" + (", ".join(dict.fromkeys(source_fields(derived.formula))) if derived else name) + "}"
