"""A rendered e-mail: one version as HTML and plain text, in parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from campcompile.formula import Const, Formula
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.model.labels import Label
from campcompile.parts import Parts
from campcompile.syntax.source import Span
from campcompile.values import dataclass

DerivedType: TypeAlias = Literal["text", "yes_no", "url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A value that is computed before hand-over: what a slot prints, or a branch tests."""

    name: str  # unique in the campaign; tells nothing ("t1", "c2")
    type: DerivedType
    formula: Formula
    label: Label
    host: str = ""  # of a url that stands alone: the only host allowed; "" for any https host
    span: Span | None = None  # where the author (or layout) asked for it first


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalText:
    """What the portal shows; its title is the e-mail's subject."""

    html: Parts
    text: Parts


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedEmail:
    campaign: Campaign
    email: Email
    version: Version
    subject: Parts
    preheader: Parts
    mjml: Parts
    html: Parts
    text: Parts
    derived: Mapping[str, Derived]  # by name: all that the parts name
    assets: tuple[str, ...]  # names of the pictures used
    look: str = "1"  # which theme: "1" is the practice's own, others are sites'
    look_by: Formula = Const("1")  # what chooses it for a person
    calendar: Parts = ()  # the lines of an .ics file; () for none
    portal: PortalText | None = None  # where the body goes to the portal: then html and text are the notice
