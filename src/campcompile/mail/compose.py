"""Composing turns one version of an e-mail into a message: MJML, HTML and plain text as parts, and what they derive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from campcompile.mail.calendar import calendar_parts
from campcompile.mail.deriving import Deriving, constant
from campcompile.mail.findings_mail import LOCALE_WITHOUT_WORDS
from campcompile.mail.html import has_inline_style
from campcompile.mail.inlines import inline_parts
from campcompile.mail.joining import joined
from campcompile.mail.kit import BODY, Fill, kit_for
from campcompile.mail.layouts import DEFAULT_LAYOUT, PORTAL_LAYOUT, Layouts
from campcompile.mail.locale_words import LocaleWords, locales, words_of
from campcompile.mail.naming import ANY_LANGUAGE, Language, Names, Raw, block_names
from campcompile.mail.page import Page
from campcompile.mail.printing import Press
from campcompile.mail.splicing import (
    Tokens,
    carried,
    html_pieces,
    mjml_pieces,
    plain_pieces,
    settled,
    spelled_out,
    splice,
    with_marks,
)
from campcompile.mail.text import wrap
from campcompile.mail.theme import Theme
from campcompile.model.campaign import Block, Campaign, Choices, Email, Fixed, Version
from campcompile.model.practice import Settings
from campcompile.model.rendered import PortalText, RenderedEmail
from campcompile.parts import Context, Parts
from campcompile.regex import regex
from campcompile.syntax.findings import Checked, Findings

# Keeps a mail client from showing the body's first words behind a short preheader: no-break spaces,
# each followed by two characters that print nothing, so that they are not collapsed into one.
_PADDING = "\u00a0\u034f\u200c" * 90
_FORK_START = regex(r"__cc_b\d+__")
_FORK_END = regex(r"__cc_e\d+__\Z")


def compose(
    version: Version,
    campaign: Campaign,
    email: Email,
    settings: Settings,
    layouts: Layouts,
    theme: Theme,
    *,
    marked: bool = False,
) -> Checked[RenderedEmail]:
    """One version of an e-mail, rendered; `marked`: with comments in the HTML that tell where each block begins.

    Slots and branches have provisional names (deriving.py). Findings of what our own layouts print point
    at the block, or at the e-mail; those of a workspace's layouts into the layout.
    """
    findings = Findings()
    words = _words(version, findings)
    kit = kit_for(version.scope, settings, layouts, theme, words, campaign.layer)
    deriving = Deriving(version.scope, words.plain("comma"))
    press = Press(kit=kit, scope=version.scope, deriving=deriving, findings=findings, place=version.span)
    body = _Message(version, campaign.layout, press)
    portal = None
    if campaign.deliver == "portal":
        inside = _Message(version, PORTAL_LAYOUT, press)
        portal = PortalText(html=inside.html(marked)[1], text=inside.text())
        body = _Message(replace(version, blocks=version.notice), campaign.layout, press)
    mjml, html = body.html(marked and portal is None)
    rendered = RenderedEmail(
        campaign=campaign,
        email=email,
        version=version,
        subject=inline_parts(version.subject, Context.HEADER, deriving, kit.look),
        preheader=inline_parts(version.preheader, Context.HEADER, deriving, kit.look),
        mjml=mjml,
        html=html,
        text=body.text(),
        derived=deriving.derived,
        assets=tuple(press.pictures),
        calendar=calendar_parts(version, campaign, press),
        portal=portal,
    )
    return findings.done(rendered)


def _words(version: Version, findings: Findings) -> LocaleWords:
    words = words_of(version.locale)
    if words is None:
        known = ", ".join(f"`{name}`" for name in locales())
        findings.add(LOCALE_WITHOUT_WORDS.at(version.span, locale=version.locale, known=known))
        words = words_of("en")
    assert words is not None
    return words


class _Message:
    """One version on its way through the layout, once for each medium."""

    def __init__(self, version: Version, layout: str, press: Press) -> None:
        self.version = version
        self.layout = layout
        self.press = press

    def html(self, marked: bool) -> tuple[Parts, Parts]:
        """MJML and the HTML that it becomes. Only the skeleton passes mjml-python: words join afterwards."""
        layout = self._layout(".mjml")
        tokens = Tokens(len(layout.held), len(layout.tests))
        body = ""
        marks: dict[int, int] = {}
        for number, block in enumerate(self.version.blocks):
            start = len(tokens.held)
            body += self._block(block, ".mjml", tokens)
            marks |= dict.fromkeys(range(tokens.first_held + start, tokens.first_held + len(tokens.held)), number)
        skeleton = layout.text.replace(BODY, body)
        held: Sequence[Parts] = (*self._held(layout), *tokens.held)
        tests: Sequence[str] = (*layout.tests, *tokens.tests)
        if has_inline_style(skeleton):
            skeleton, held, tests = spelled_out(skeleton, held, tests)
        mjml, html = self._pieces(layout, skeleton)
        if marked:
            html = with_marks(html, marks)
        return splice(mjml, held, tests), splice(html, held, tests)

    def text(self) -> Parts:
        """Plain text, wrapped."""
        layout = self._layout(".txt")
        tokens = Tokens(len(layout.held), len(layout.tests))
        body = "".join(self._block(block, ".txt", tokens) for block in self.version.blocks)
        held, tests = (*self._held(layout), *tokens.held), (*layout.tests, *tokens.tests)
        around = self._around(layout)
        if around is None:
            text = layout.text.replace(BODY, body).strip("\n") + "\n"
            return wrap(splice(plain_pieces(text), held, tests))
        before, after = around
        return joined((*before, *wrap(splice(plain_pieces(body), held, tests)), *after))

    def _block(self, block: Block, suffix: str, tokens: Tokens) -> str:
        """A block's markup or text, under its own condition."""
        press, condition = self.press, block.condition
        press.place = block.span
        known = True if condition is None else constant(condition.formula)
        if known is False:
            return ""
        before_it = press.sure
        press.sure = before_it if condition is None else before_it | condition.implies_set
        shown = self._filled_block(block, f"blocks/{block.kind}{suffix}", tokens)
        press.sure = before_it
        if suffix == ".txt":
            shown = _paragraph(shown)
        if condition is None or known or not shown:
            return shown
        before, _, after = tokens.fork(press.deriving.test(condition))
        between = suffix == ".mjml"
        return carried(before, between) + shown + carried(after, between)

    def _filled_block(self, block: Block, file: str, tokens: Tokens) -> str:
        names = block_names(self.press.kit.names, block)
        if not all(isinstance(value, Choices | Fixed) for value in block.fields.values()):
            return Page(self.press, tokens, names).fill(file)
        # A block without words of its own, such as a place: the same in many e-mails.
        start = len(tokens.held) + tokens.first_held, len(tokens.tests) + tokens.first_test
        key = (file, start, self.press.sure, tuple(block.fields.items()))
        fill = self._fill(file, names, key, Tokens(*start))
        tokens.held.extend(fill.held)
        tokens.tests.extend(fill.tests)
        return fill.text

    def _layout(self, suffix: str) -> Fill:
        kit = self.press.kit
        name = (self.layout if self.layout + suffix in kit.layouts.files else DEFAULT_LAYOUT) + suffix
        self.press.place = self.version.span
        return self._fill(name, {**kit.names, "body": Raw(BODY)}, name, Tokens())

    def _fill(self, file: str, names: Names, key: object, tokens: Tokens) -> Fill:
        """A file filled with what isn't this e-mail's alone: from the kit, where it was filled before."""
        press, kit = self.press, self.press.kit
        key = (key, kit.scope_key(file, press.scope))
        fill = kit.fills.get(key)
        if fill is None:
            deriving = Deriving(press.scope, press.deriving.comma)
            apart = replace(press, deriving=deriving, findings=Findings(), pictures={})
            page = Page(apart, tokens, names)
            text = page.fill(file)
            fill = Fill(
                text=text,
                held=tuple(tokens.held),
                tests=tuple(tokens.tests),
                late=tuple(page.late),
                derived=tuple(deriving.derived.values()),
                pictures=tuple(apart.pictures),
                place=press.place,
            )
            if apart.findings.found:
                press.findings.extend(apart.findings)
            else:
                kit.fills[key] = fill
        press.deriving.adopt(fill.derived, fill.place, press.place)
        press.pictures.update(dict.fromkeys(fill.pictures))
        return fill

    def _pieces(self, layout: Fill, skeleton: str) -> tuple[Sequence[str], Sequence[str]]:
        """A skeleton's MJML and HTML, with the layout's own words in their place."""
        pieces, key = self.press.kit.pieces, (skeleton, layout.held)
        if key not in pieces:
            late = {at for at, _, _ in layout.late}
            known = [None if at in late else parts for at, parts in enumerate(layout.held)]
            language = self.press.kit.names["lang"]
            assert isinstance(language, Language)
            mjml, html = (
                [piece.replace(ANY_LANGUAGE, language.tag) for piece in made]
                for made in (mjml_pieces(skeleton), html_pieces(skeleton))
            )
            pieces[key] = settled(mjml, known), settled(html, known)
        return pieces[key]

    def _held(self, layout: Fill) -> list[Parts]:
        """What the tokens of a layout stand for, this e-mail's subject and preheader among them."""
        held = list(layout.held)
        for at, name, context in layout.late:
            words = self.version.subject if name == "subject" else self.version.preheader
            held[at] = inline_parts(words, context, self.press.deriving, self.press.kit.look)
            if name == "preheader" and context is Context.TEXT:
                held[at] += (_PADDING,)
        return held

    def _around(self, layout: Fill) -> tuple[Parts, Parts] | None:
        """What stands before and after the body of a plain-text layout, wrapped once for all e-mails of the kit.

        None where the body isn't a paragraph of its own, or what is around it isn't always the same.
        """
        texts, key = self.press.kit.texts, (layout.text, layout.held, layout.tests)
        if key not in texts:
            before, found, after = layout.text.partition(BODY)
            alone = found and not layout.late and (not before or before.endswith("\n"))
            if not alone or _FORK_START.search(before) or BODY in after:
                texts[key] = None
            else:
                texts[key] = (
                    wrap(splice(plain_pieces(before.lstrip("\n")), layout.held, layout.tests)),
                    wrap(splice(plain_pieces(after.strip("\n") + "\n"), layout.held, layout.tests)),
                )
        return texts[key]


def _paragraph(text: str) -> str:
    """A block's plain text with one blank line after it; what ends in a condition has its line end in there."""
    shown = text.strip("\n")
    if not shown:
        return ""
    return shown + ("\n" if _FORK_END.search(text) else "\n\n")
