"""SUB005: a preheader that adds nothing to the subject, or lets the footer into the preview."""

from __future__ import annotations

import re
from functools import lru_cache

from campcompile.analysis.columns import columns
from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_MARK, SLOT_OPEN
from campcompile.analysis.limits import limits
from campcompile.analysis.shown import shown
from campcompile.analysis.version_words import WordLine, lines_in
from campcompile.model.campaign import Version
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import layout_span
from campcompile.syntax.findings import Severity

_LIMITS = "rules/data/inbox_line.yaml"
_BROWSER = regex(
    r"(?:(?:view|read|open|see)\s+(?:this\s+|the\s+)?(?:e-?mail|message|newsletter|it)?\s*(?:in|with)\s+(?:your|a|the)?\s*browser"
    r"|(?:trouble|problems?|can['’]t)\s+(?:viewing|reading|seeing)|having\s+trouble"
    r"|(?:voir|lire|afficher|ouvrir|consulter)\s+(?:\S+\s+){0,4}(?:navigateur|en\s+ligne)|version\s+en\s+ligne"
    r"|(?:vis|se|les|åpne)\s+(?:\S+\s+){0,4}nettleser\w*|(?:problemer|vansker)\s+med\s+å\s+(?:se|lese)"
    r"|(?:在|用|以|透過)?(?:您的)?瀏覽器(?:中|裡)?(?:檢視|開啟|閱讀|查看|觀看)|無法(?:正常)?(?:顯示|檢視|閱讀)|線上(?:版本|檢視|閱讀))",
    re.IGNORECASE,
)
_LETTERS = regex(r"[\W_]+")


@rule(
    code="SUB005",
    slug="preheader-quality",
    severity=Severity.WARNING,
    message="the preheader is empty, so inboxes show whatever comes first",
    help="say in a few words what the subject leaves out",
    also={
        "same": ("the preheader repeats the subject", "use the second line for what the first one leaves out"),
        "short": (
            "the preheader `{seen}` is too short to say anything",
            "say in a few words what the subject leaves out",
        ),
        "long": (
            "the preheader is {seen} columns wide, and inboxes show {most} at most",
            "put what matters into the first words, and leave out the rest",
        ),
        "browser": (
            "the preheader is about the browser, not about the message",
            "say what is in the message; a link to a web page can stand in the layout, further down",
        ),
        "leak": (
            "in the inbox, `{seen}` follows the preheader",
            "let the body come first in the layout, and what is the same in every e-mail behind it",
        ),
    },
)
def preheader_quality(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports a preheader that is empty, repeats the subject, is shorter than 8 columns or wider than 110 (a Chinese
    character takes two), or talks about viewing the message in a browser. Of a condition, all arms count. It
    also reports a layout that begins with such a line, which then follows the preheader in the inbox.

    A short preheader that says something is fine: what follows in the preview is the greeting.

    ## Why it matters

    The preheader is the second line of an inbox, and half of what decides whether a message is read. An empty one
    is filled with what comes first, often the same for every sender.

    ## Example

    ```yaml
    subject: News from the fjord
    preheader: News from the fjord
    ```

    ## Use instead

    ```yaml
    subject: News from the fjord
    preheader: Opening hours, flu vaccine and parking at a glance
    ```

    ## Sources

    * A policy of ours: no vendor states how much of a preheader it shows
    """
    line = next(lines_in(version.preheader), None)
    if line is None or not line.text.strip(f" {ARM}"):
        if version.preheader_span != version.span:  # where there is none at all, SCH002 says so
            yield preheader_quality.at(version.preheader_span)
        return
    known = limits(_LIMITS)
    subject = " ".join(one.text for one in lines_in(version.subject))
    words = SLOT_MARK.sub("", line.text).replace(ARM, "")
    wide = columns(words)
    if _folded(line.text) == _folded(subject) and _folded(subject):
        yield preheader_quality.at(version.preheader_span, say="same")
    elif place := _about_browser(line.text):
        span = line.span(*place, facts.source(line.stretches[0].span.path))
        yield preheader_quality.at(span, say="browser")
    elif wide > known["preheader-most-columns"].value and ARM not in line.text:
        most = f"{known['preheader-most-columns'].value:g}"
        yield preheader_quality.at(version.preheader_span, say="long", seen=str(wide), most=most)
    elif wide < known["preheader-least-columns"].value and not _has_field(line):
        yield preheader_quality.at(version.preheader_span, say="short", seen=words.strip())


@rule(preheader_quality.rule)
def preheader_leak(message: RenderedEmail, facts: Facts) -> Found:
    """A layout whose first visible words are about the browser or the opt-out."""
    first = next(iter(facts.once(shown, message).page.lines), "")
    if place := _about_browser(first):
        seen = first if len(first) <= 60 else first[:59] + "…"
        yield preheader_quality.at(layout_span(message, facts, first[slice(*place)]), say="leak", seen=seen)


@lru_cache(maxsize=4096)
def _about_browser(text: str) -> tuple[int, int] | None:
    found = _BROWSER.search(text)
    return found.span() if found else None


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """Letters, figures and merge fields alone."""
    return _LETTERS.sub("", text.casefold())


def _has_field(line: WordLine) -> bool:
    return SLOT_OPEN in line.text
