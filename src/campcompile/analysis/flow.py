"""A flow is a field on its way into a message: printed there, or deciding what stands there.

Templates and conditions are straight lines, so what a place may tell is a join of labels; there is no fixpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from campcompile.formula import source_fields
from campcompile.model import bound
from campcompile.model.campaign import Campaign, Version
from campcompile.model.fields import Dictionary
from campcompile.model.labels import Label
from campcompile.model.rendered import Derived, RenderedEmail
from campcompile.parts import Branch, Context, Parts, Slot
from campcompile.syntax.findings import FlowStep
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.source import Span
from campcompile.values import dataclass


class How(Enum):
    """How a field reaches a place; its value is the verb of a finding."""

    PRINTED = "prints"
    TESTED = "depends on"
    ADDRESSED = "leads to"


@dataclass(frozen=True, slots=True)
class Flow:
    how: How
    fields: tuple[str, ...]  # sorted
    label: Label
    span: Span  # where the author (or the layout) asked for it


def flows_in(inlines: bound.Inlines) -> Iterator[Flow]:
    """What the words of a line print and test, in reading order."""
    for inline in inlines:
        match inline:
            case bound.Print():
                yield Flow(How.PRINTED, tuple(sorted(inline.reads)), inline.label, inline.span)
            case bound.When(arms, _):
                for arm in arms:
                    if arm.condition is not None:
                        yield tested(arm.condition)
                    yield from flows_in(arm.children)
            case bound.Strong(children) | bound.Emphasis(children) | bound.Link(_, children, _):
                yield from flows_in(children)
            case _:
                pass


def tested(condition: bound.Condition) -> Flow:
    return Flow(How.TESTED, tuple(sorted(condition.reads)), condition.label, condition.span)


def deciding_flows(campaign: Campaign) -> Iterator[Flow]:
    """Who gets it: the audience, and each e-mail's own `if`."""
    yield tested(campaign.audience)
    for email in campaign.emails:
        if email.condition is not None:
            yield tested(email.condition)


def inbox_flows(version: Version) -> tuple[Flow, ...]:
    """What reaches the subject and the preheader."""
    return (*flows_in(version.subject), *flows_in(version.preheader))


def body_flows(message: RenderedEmail) -> tuple[Flow, ...]:
    """What reaches the HTML, the plain text and the calendar of a compiled message, the layout's merge fields too.

    It is read off the compiled parts, not off the author's words: nothing can be printed that isn't here.
    """
    return _flows(message, message.html, message.text, message.calendar)


def portal_flows(message: RenderedEmail) -> tuple[Flow, ...]:
    """What reaches the text that waits in the portal."""
    return () if message.portal is None else _flows(message, message.portal.html, message.portal.text)


def _flows(message: RenderedEmail, *texts: Parts) -> tuple[Flow, ...]:
    found: dict[tuple[str, How], Flow] = {}
    for name, how in (used for parts in texts for used in _used(parts)):
        if (name, how) not in found:
            derived = message.derived[name]
            found[name, how] = Flow(how, _fields(derived), derived.label, derived.span or message.version.span)
    return tuple(found.values())


def _used(parts: Parts) -> Iterator[tuple[str, How]]:
    for part in parts:
        if isinstance(part, Slot):
            yield part.name, How.ADDRESSED if part.context is Context.URL else How.PRINTED
        elif isinstance(part, Branch):
            yield part.name, How.TESTED
            yield from _used(part.then)
            yield from _used(part.orelse)


def _fields(derived: Derived) -> tuple[str, ...]:
    return tuple(sorted(set(source_fields(derived.formula))))


def above(flow: Flow, allowed: Label, dictionary: Dictionary) -> tuple[str, ...]:
    """The fields of a flow that are labelled higher than is allowed; all of them where none is by itself."""
    declared = dictionary.fields
    return tuple(name for name in flow.fields if name in declared and declared[name].label > allowed) or flow.fields


def path_of(flow: Flow, allowed: Label, sink: str, dictionary: Dictionary) -> tuple[FlowStep, ...]:
    """From the fields' declarations to the place, and who reads there."""
    declared = (dictionary.fields[name].span for name in above(flow, allowed, dictionary) if name in dictionary.fields)
    return (*(FlowStep(span, "") for span in declared), FlowStep(flow.span, ""), FlowStep(flow.span, sink))


def declared_at(flow: Flow, allowed: Label, dictionary: Dictionary) -> tuple[Place, ...]:
    """Where the fields of a flow that are labelled too high are declared."""
    return tuple(
        Place(field.span, f"labelled {field.label.word} here")
        for name in above(flow, allowed, dictionary)
        if (field := dictionary.fields.get(name)) is not None
    )
