"""RSP004: a telephone number, an address or a date that a finger can't use."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import ARM, SLOT_MARK
from campcompile.analysis.own_layouts import OwnLayout, own_layouts
from campcompile.analysis.version_words import WordLine, field_inlines, version_words
from campcompile.model.campaign import Campaign, Programme, Version
from campcompile.model.words import prints_of
from campcompile.package_files import package_text
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import SETTINGS, setting_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.mjml_tree import Element
from campcompile.syntax.source import Span

_FEWEST_DIGITS = 8  # shorter ones are short codes (116 117), years, or times
_NUMBER = regex(r"(?<![\w/.:@#-])(?:\+|\(?0|\(?\d)[\d().\u00a0\u202f -]{6,18}\d(?![\w/:@%-])")
_DIGITS = regex(r"\d[\d().\u00a0\u202f -]{5}")  # fewer together are no number to dial
_DATE = regex(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_HOURS = regex(r"\d{1,2}[.:]\d{2}\s*-")
_MAPS = ("contact.map", "links.")
_ADDRESSES = ("contact.lines", "practice.address")


@rule(
    code="RSP004",
    slug="click-to-call-and-map",
    severity=Severity.WARNING,
    message="a telephone can't dial this number: no link carries it",
    help="let the block `place` print the practice's number, which dials; or link to a page that has this one",
    also={
        "layout": (
            "the number that is printed here can't be dialled by a tap",
            'write `<a href="tel:{{{{ practice.phone }}}}">{{{{ practice.phone }}}}</a>`',
        ),
        "no-country": (
            "`{number}` has no country code: a telephone abroad can't dial it",
            'write it with its plus, such as `"{example}"`',
        ),
        "other-country": (
            "`{number}` begins with another country's code than {country}'s +{code}",
            "correct the number, or leave it if it really is abroad",
        ),
        "no-map": (
            "this block prints an address and no way to a map",
            'add `<a href="{{{{ contact.map }}}}">{{{{ words.map }}}}</a>`, as the standard block does',
        ),
        "no-calendar": (
            "this e-mail tells when the event is, and nothing that puts it into a calendar",
            "add the block `event`: it brings the calendar file",
        ),
    },
    sources=("RFC 3966 (tel)", "ITU-T E.164"),
)
def click_to_call_and_map(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Reports a telephone number of eight digits or more that is typed into the words and isn't one of the practice's,
    which the standard footer and the block `place` print as links; a number in a layout of the workspace's own
    that isn't a link; a number in campcompile.yaml without a country code, or with another country's; a block
    `place` of the workspace's own without a map; and an e-mail that prints `event.start` without the block `event`.

    Short numbers (116 117, 113) are dialled by hand, and are nothing to report. Nor is a date or an opening hour.

    ## Why it matters

    Most patients read on the telephone that they call with. Whoever has to keep eight digits in mind calls later,
    or not.

    ## Example

    ```yaml
    practice: {phone: "22 12 34 56"}
    ```

    ## Use instead

    ```yaml
    practice: {phone: "+47 22 12 34 56"}
    ```

    ## Sources

    * RFC 3966, the tel URI
    * ITU-T E.164 (its list of country codes is quoted from memory: unconfirmed)
    """
    words = facts.once(version_words, version)
    if _DIGITS.search(words.text):
        for line in words.lines:
            yield from _typed_numbers(line, facts)


@rule(click_to_call_and_map.rule)
def numbers_in_settings(programme: Programme, facts: Facts) -> Found:
    """The numbers of the practice and its sites."""
    practice = programme.settings.practice
    country = practice.value("holidays").partition("-")[0].upper()
    places: list[tuple[tuple[str, ...], str]] = [(("practice", "phone"), practice.value("phone"))]
    places += [(("sites", site.id, "phone"), site.values.get("phone", "")) for site in practice.sites.values()]
    for keys, number in places:
        if number:
            yield from _country_faults(number, country, setting_span(facts, *keys, otherwise=practice.span))


@rule(click_to_call_and_map.rule)
def layouts_that_dial(programme: Programme, facts: Facts) -> Found:
    """The workspace's own layouts and blocks."""
    for layout in facts.once(own_layouts, facts.layouts):
        yield from _undialled(layout)
        if layout.source.path == "layouts/blocks/place.mjml":
            names = [use.path for use in layout.file.names]
            shown = next((output for output in layout.file.outputs if output.name.path in _ADDRESSES), None)
            if shown and not any(name.startswith(_MAPS) for name in names):
                yield click_to_call_and_map.at(shown.span, say="no-map")


@rule(click_to_call_and_map.rule)
def event_without_calendar(campaign: Campaign, facts: Facts) -> Found:
    """An invitation that says the day in words alone."""
    if not campaign.event:
        return
    for email in campaign.emails:
        for version in email.versions[:1]:  # a translation has the same blocks
            if any(block.kind == "event" for block in version.blocks):
                continue
            printed = (
                one
                for block in version.blocks
                for value in block.fields.values()
                for words in field_inlines(value)
                for one in prints_of(words)
                if one.field == "event.start"
            )
            if (first := next(printed, None)) is not None:
                yield click_to_call_and_map.at(first.span, say="no-calendar")


def _typed_numbers(line: WordLine, facts: Facts) -> Iterator[Diagnostic]:
    if not _DIGITS.search(line.text):
        return
    text = SLOT_MARK.sub(lambda found: ARM * len(found[0]), line.text)
    for found in _NUMBER.finditer(text):
        number = found[0].strip()
        digits = _digits(number)
        if len(digits) < _FEWEST_DIGITS or _DATE.search(number) or _HOURS.search(number):
            continue
        if digits[-_FEWEST_DIGITS:] not in facts.once(_own_numbers, facts.programme):
            start = found.start() + found[0].index(number)
            path = line.stretches[0].span.path
            span = line.span(start, start + len(number), facts.source(path))
            yield click_to_call_and_map.at(span)  # without the number: it may be somebody's


def _own_numbers(programme: Programme) -> frozenset[str]:
    """The last digits of every number that the practice names."""
    practice = programme.settings.practice
    numbers = [practice.value("phone"), practice.value("emergency"), *practice.public_numbers]
    numbers += [site.values.get("phone", "") for site in practice.sites.values()]
    return frozenset(_digits(number)[-_FEWEST_DIGITS:] for number in numbers if number)


def _country_faults(number: str, country: str, span: Span) -> Iterator[Diagnostic]:
    digits = _digits(number)
    if len(digits) < _FEWEST_DIGITS - 1 or span.path != SETTINGS:
        return
    codes = _calling_codes()
    code = codes.get(country, "")
    if not number.strip().startswith(("+", "00")):
        example = f"+{code or '47'} {number.strip().lstrip('0') if code else '22 12 34 56'}"
        yield click_to_call_and_map.at(span, say="no-country", number=number, example=example)
    elif code and not digits.removeprefix("00").startswith(code):
        yield click_to_call_and_map.at(span, say="other-country", number=number, country=country, code=code)


def _undialled(layout: OwnLayout) -> Iterator[Diagnostic]:
    """Prints of the number between tags, outside of a link that dials."""
    dialling = [element.span for element, _ in layout.elements if _dials(element, layout)]
    for output in layout.file.outputs:
        place = output.span
        if output.name.path != "practice.phone" or output.place.value != "words":
            continue
        if not any(span.start <= place.start < span.end for span in dialling):
            yield click_to_call_and_map.at(place, say="layout")


def _dials(element: Element, layout: OwnLayout) -> bool:
    href = element.get("href")
    return href is not None and layout.source.quote(href.span).startswith("tel:")


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdecimal())


@cache
def _calling_codes() -> Mapping[str, str]:
    codes: Mapping[str, str] = json.loads(package_text("rules/data/calling_codes.json"))["codes"]
    return codes
