"""DEL005: a plain text part that leaves out what the HTML says."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_MARK, SLOT_OPEN, slots_in
from campcompile.analysis.shown import Shown, Side, default_words, shown, shows, squeeze
from campcompile.formula import Format, Formula
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import layout_span
from campcompile.syntax.findings import Severity
from campcompile.syntax.link_check import host_of

_NO_PHONE_DIGIT = regex(r"[^0-9+]")


@rule(
    code="DEL005",
    slug="mime-part-consistency",
    severity=Severity.WARNING,
    message="the plain text lacks {missing}, which the HTML shows",
    help="let the layout print it in the plain text too",
    also={
        "no-text": (
            "the plain text part is empty",
            "give the message words: a picture alone has no plain text",
        ),
        "title": (
            "the HTML's title is `{title}`, not the subject",
            "write `<mj-title>{{{{ subject }}}}</mj-title>` in the layout",
        ),
    },
    sources=("SpamAssassin 4.0.1: MPART_ALT_DIFF, HTML_TITLE_SUBJ_DIFF, MIME_HTML_ONLY",),
)
def mime_part_consistency(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Compares the two parts of a compiled message. It reports a plain text that is empty, or that lacks a link, a
    merge field (a date, a time, a name), or the practice's postal address that the HTML shows; and an HTML title
    that isn't the subject.

    ## Why it matters

    Some people read the plain text: on a watch, with a braille display, in a mail program set so. An appointment
    whose time is in the HTML alone isn't theirs. Spam filters also count parts that differ.

    ## Example

    ```html
    <mj-title>Untitled</mj-title>
    ```

    ## Use instead

    ```html
    <mj-title>{{ subject }}</mj-title>
    ```

    ## Sources

    * SpamAssassin 4.0.1, rules MPART_ALT_DIFF, HTML_TITLE_SUBJ_DIFF, MIME_HTML_ONLY
    * RFC 2046, section 5.1.4: the parts of multipart/alternative say the same
    """
    both = facts.once(shown, message)
    if not both.text.squeezed and not both.text.slots:
        yield mime_part_consistency.at(message.version.span, say="no-text")
        return
    missing = [
        *_missing_links(both, _else_reported(message, facts)),
        *_missing_slots(both, message),
        *_missing_address(both, message, facts),
    ]
    for what in dict.fromkeys(missing):
        yield mime_part_consistency.at(message.version.span, missing=what)
    if _anonymous(both.page.title) != _anonymous(both.subject):
        title = SLOT_MARK.sub("…", both.page.title).replace(ARM, "")[:60]
        yield mime_part_consistency.at(layout_span(message, facts, "<mj-title"), say="title", title=title)


def _else_reported(message: RenderedEmail, facts: Facts) -> str:
    """The opt-out page, whose absence is CAN001's where it is due."""
    opt_out = facts.programme.settings.opt_out
    return opt_out.page if opt_out and message.campaign.layer != "essential" else ""


def _missing_links(both: Shown, but: str) -> Iterator[str]:
    for link in both.page.links:
        if not link.visible or (not link.href.startswith(("https:", "http:")) and not slots_in(link.href)):
            continue
        for address in filter(None, link.href.split(ARM)):
            if address != but and address.rstrip("/") not in both.text.words and not slots_in(address):
                yield f"the link to `{host_of(address) or address[:40]}`"


def _missing_slots(both: Shown, message: RenderedEmail) -> Iterator[str]:
    """Merge fields of the words and of links; the same value may have another name in the plain text."""
    names = both.html.slots.union(*(slots_in(link.href) for link in both.page.links if link.visible))
    missing = sorted(names - both.text.slots)
    if not missing:
        return
    dialled = {_NO_PHONE_DIGIT.sub("", default_words(one)) for one in _formulas(both.text, message)}  # after `tel:`
    for name in missing:
        derived = message.derived.get(name)
        if derived is None:
            continue
        of_practice = squeeze(default_words(derived.formula))  # an address, over lines here and with commas there
        is_shown = bool(of_practice) and (of_practice in both.text.squeezed or of_practice in dialled)
        if not is_shown and derived.formula not in _formulas(both.text, message):
            yield _kind(derived.formula, derived.type)


def _missing_address(both: Shown, message: RenderedEmail, facts: Facts) -> Iterator[str]:
    address = facts.programme.settings.practice.value("address")
    is_else_reported = message.campaign.layer != "essential"  # CAN002
    if not address or is_else_reported:
        return
    if shows(both.html, address) and not shows(both.text, address):
        yield "the practice's postal address"


def _formulas(side: Side, message: RenderedEmail) -> list[Formula]:
    return [message.derived[name].formula for name in side.slots if name in message.derived]


def _kind(formula: Formula, type_: str) -> str:
    if type_ == "url":
        return "a personal link"
    style = formula.style if isinstance(formula, Format) else ""
    return f"a {style}" if style in ("date", "weekday", "time") else "a merge field"


def _anonymous(flat_text: str) -> str:
    """Words and the places of slots: their names may differ between a header and a page."""
    return squeeze(SLOT_MARK.sub(SLOT_OPEN, flat_text).replace(ARM, "").replace("\0", "\ufffd"))  # as HTML reads it
