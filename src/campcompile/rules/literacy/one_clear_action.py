"""LIT003: an e-mail that asks too much, or asks and gives no way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from campcompile.analysis.action_words import (
    about_after_care,
    asks,
    knows_actions,
    says_what_to_do,
    tells_a_way,
    tells_when_to_get_help,
)
from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import SLOT_OPEN, without_marks
from campcompile.analysis.limits import limits
from campcompile.analysis.readability import counts_of, measure_of
from campcompile.analysis.running_text import RunningLine, running_text
from campcompile.analysis.version_words import VersionWords, WordLine, lines_in, version_words
from campcompile.model import bound
from campcompile.model.campaign import Block, Line, Prose, Version
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Label, Severity

_LIMITS = "rules/data/one_clear_action.yaml"
_WAYS = ("practice.phone", "practice.email", "practice.emergency", "practice.website")


@rule(
    code="LIT003",
    slug="one-clear-action",
    severity=Severity.WARNING,
    message="this is button {number} of this e-mail, and {most} is the most for layer {layer}",
    help="keep the button that matters most; make the others links in the text, or another e-mail",
    also={
        "no-verb": (
            "the button `{seen}` doesn't say what the reader does",
            "begin with the verb, such as `Book a time`, `Prendre rendez-vous`, `Bestill time`, `預約時間`",
        ),
        "no-way": (
            "`{seen}` asks for something, and the e-mail has no button, link or telephone number to do it by",
            "add a button, such as `button: {{label: Book a time, to: links.book}}`, or say whom to call",
        ),
        "long": (
            "this reminder has {seen} words, and {most} is the most that is read at a glance",
            "keep when, where and what to bring; put the rest behind a link",
        ),
        "points": (
            "this reminder has {seen} headings, and people keep {most} points in mind",
            "keep those that matter for this visit, and put the others into an e-mail of their own",
        ),
        "no-safety-net": (
            "`{seen}` stands here, and nothing says what to do when it gets worse",
            "say which signs are serious, and whom to call: `{{{{ practice.phone }}}}`, `{{{{ practice.emergency }}}}`",
        ),
    },
    sources=("https://www.aafp.org/afp/2015/0715/p118.html",),
)
def one_clear_action(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Reports an e-mail that asks for too much, or that asks for something and gives no way to do it:

    * more buttons than a reader can choose from: more than one in layer `essential` or `promotional`, more than
      three in `updates`, where each article may have its own. Buttons that lead to one place count once, and
      those under an `if` don't count
    * a button without a verb, as a note
    * words that ask a reader to book, confirm, pay or fill in something, where there is no button, link, telephone
      number or desk to do it by
    * a reminder (layer `essential`, sent before its anchor) of more than 200 words or three headings
    * in campaigns of purpose `treatment`, words about the time after a procedure, or about signs of danger such as
      chest pain, without a word on what to do when it gets worse

    An e-mail that only tells something needs no button. The words are known in English, French, Norwegian and
    Chinese; elsewhere buttons are counted, and no more.

    ## Why it matters

    Who is asked one thing does it. Who is asked four things puts the mail aside. And whoever bleeds at night
    should find the number in the message about the wound.

    ## Example

    ```yaml
    body:
      - button: {label: Book, to: links.book}
      - button: {label: Give feedback, to: links.survey}
    ```

    ## Use instead

    ```yaml
    body:
      - button: {label: Book a time, to: links.book}
      - text: Do you have a minute? [Tell us how it was](links.survey).
    ```

    ## Sources

    * L. Hersh et al., American Family Physician 2015;92(2):118-124: limit it to three key points
    * A policy of ours: one button, 200 words, and a way to get help
    """
    version = message.version
    yield from _too_many_buttons(message)
    if not knows_actions(version.locale):
        return
    words = facts.once(version_words, version)
    lines = running_text(version, words)
    yield from _labels_without_verb(version)
    yield from _no_way(version, words, lines, facts)
    if message.campaign.layer == "essential" and message.email.send.offset and message.email.send.offset.sign < 0:
        yield from _long_reminder(version, lines)
    if message.campaign.purpose == "treatment":
        yield from _no_safety_net(version, words, facts)


def _too_many_buttons(message: RenderedEmail) -> Iterator[Diagnostic]:
    layer = message.campaign.layer
    limit = limits(_LIMITS).get(f"buttons-{layer}")
    if limit is None:
        return  # no such layer: that has its finding
    most = int(limit.value)
    buttons: dict[str, Block] = {}
    for block in message.version.blocks:
        if (
            block.kind == "button"
            and block.condition is None
            and isinstance(to := block.fields.get("to"), bound.Target)
            and (place := to.address or (to.print.field if to.print else ""))  # else it leads nowhere, which is told
        ):
            buttons.setdefault(place, block)
    if len(buttons) > most:
        first, extra = next(iter(buttons.values())), list(buttons.values())[most]
        yield one_clear_action.at(
            extra.span,
            related=(Label(first.span, "the first"),),
            number=str(most + 1),
            most=str(most),
            layer=layer,
        )


def _labels_without_verb(version: Version) -> Iterator[Diagnostic]:
    for block in version.blocks:
        label = block.fields.get("label")
        if block.kind == "button" and isinstance(label, Line):
            for line in lines_in(label.words):
                if SLOT_OPEN not in line.text and not says_what_to_do(line.text, version.locale):
                    seen = without_marks(line.text)[:40]
                    yield one_clear_action.at(line.whole(), say="no-verb", severity=Severity.INFO, seen=seen)


def _no_way(version: Version, words: VersionWords, lines: Sequence[RunningLine], facts: Facts) -> Iterator[Diagnostic]:
    for line in lines:
        if found := asks(line.words.text, version.locale):
            if not _has_way(version, words):
                source = facts.source(line.words.stretches[0].span.path)
                span = line.words.span(*found, source)
                yield one_clear_action.at(span, say="no-way", seen=line.words.text[slice(*found)])
            return


def _has_way(version: Version, words: VersionWords) -> bool:
    return (
        any(True for _ in words.targets)
        or any(block.kind in ("button", "place", "event") for block in version.blocks)
        or any(f"{SLOT_OPEN}{field}" in words.text for field in _WAYS)
        or tells_a_way(words.text, version.locale)
    )


def _long_reminder(version: Version, lines: Sequence[RunningLine]) -> Iterator[Diagnostic]:
    known, measure = limits(_LIMITS), measure_of(version.locale)
    words = sum(counts_of(line.text, measure).words for line in lines)
    seen = words / known["hanzi-a-word"].value if measure == "hanzi" else words
    if seen > known["reminder-words"].value:
        most = f"{known['reminder-words'].value:g}"
        yield one_clear_action.at(version.span, say="long", seen=f"about {seen:.0f}", most=most)
    headings = sum(isinstance(part, bound.Heading) for block in version.blocks for part in _rich(block))
    if headings > known["reminder-points"].value:
        yield one_clear_action.at(
            version.span, say="points", seen=str(headings), most=f"{known['reminder-points'].value:g}"
        )


def _rich(block: Block) -> bound.RichText:
    text = block.fields.get("text")
    return text.text if isinstance(text, Prose) else ()


def _no_safety_net(version: Version, words: VersionWords, facts: Facts) -> Iterator[Diagnostic]:
    line, found = next(_after_care(words.lines, version.locale), (None, None))
    if line is None or found is None:
        return
    has_number = any(f"{SLOT_OPEN}{field}" in words.text for field in ("practice.phone", "practice.emergency"))
    if not has_number and not tells_when_to_get_help(words.text, version.locale):
        span = line.span(*found, facts.source(line.stretches[0].span.path))
        yield one_clear_action.at(span, say="no-safety-net", seen=line.text[slice(*found)])


def _after_care(lines: Sequence[WordLine], locale: str) -> Iterator[tuple[WordLine, tuple[int, int]]]:
    for line in lines:
        if found := about_after_care(line.text, locale):
            yield line, found
