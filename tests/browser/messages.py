"""Every example e-mail as people get it, rendered in memory: the ordinary reader, and readers that strain a layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from unittest.mock import patch

from campcompile.compiler import Compilation, compile_files
from campcompile.errors import MissingValueError
from campcompile.formula import source_fields
from campcompile.mail import compose
from campcompile.mail.locale_words import words_of
from campcompile.model.dictionary import Field
from campcompile.model.rendered import RenderedEmail
from campcompile.plain import collapsed
from campcompile.render import Value, join, values
from campcompile.workspace.reading import read
from tests.acceptance.practice import compiled, letter
from tests.rules.examples import picture
from tests.workspace import CAMPCOMPILE, PHRASES

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 9, 10, 9, tzinfo=UTC)
START = datetime(2026, 9, 17, 10, 30, tzinfo=UTC)
LONG_WORD = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"  # no place to break it
PEOPLE: Mapping[str, str | None] = {
    "ordinary": "Kari Nordlie",
    "long": f"Maximiliane-Theodora {LONG_WORD}",
    "right-to-left": "مريم بنت عبد الرحمن השרון (42)",
    "terse": None,  # tells of herself what she must
}
HOW = {"clinic": "", "newsletter": "layout: newsletter\n", "portal-notice": "deliver: portal\n"}
LAYOUTS = tuple(HOW)
EVENT = (
    'event: {start: "2026-11-12T18:00", end: "2026-11-12T19:30", place: "Strandgaten 14, Bergen", link: links.book}\n'
)
HARBOUR = picture("600 x 200 px")
EVERY_BLOCK = """\
- phrase: greeting
- text: |
    ## A heading of some length, so that it goes on in a second line on a telephone

    Words with **weight**, and [words that lead on](links.book) in the middle of a sentence.

    - an item
    - an item that goes on for longer than a telephone is wide, to see where its second line begins
- button: {label: Book a time that suits you, to: links.book}
- notice: {text: "**Closed on Thursday.** From Friday we are here again.", until: "2026-12-24"}
- image: {src: a.png, alt: "A drawing of the harbour", to: links.book}
- checklist:
    title: Please bring
    items: [Photo ID, "All that you take: tablets, drops, ointments, and what you bought yourself"]
- details:
    title: In short
    rows:
      - {label: Telephone, value: "{{ practice.phone }}"}
      - {label: What you asked us about, value: "{{ recipient.first_name }}"}
      - {label: Address, value: "https://fjordklinikken.example/a/very/long/address/that/nothing/breaks/anywhere/at/all"}
- divider
- event: {title: An evening about sleep, button: Keep a seat for me}
- place
- button: {label: "A time for {{ recipient.first_name }}", to: links.book}
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One message to one person."""

    campaign: str  # its code
    email: str
    layout: str
    locale: str
    person: str
    subject: str
    html: str  # pictures as `../assets/NAME`
    text: str

    def __str__(self) -> str:
        return f"{self.email}.{self.locale} ({self.layout}) for the {self.person} reader"


@cache
def example_practice() -> Compilation:
    """The example practice, compiled."""
    return compile_files(read(ROOT).files, as_of=None, now=NOW)


@cache
def pictures() -> Mapping[str, bytes]:
    """The bytes of every picture by its name in the bundle."""
    assets = example_practice().programme.assets.values()
    shown = {asset.name: (ROOT / asset.path).read_bytes() for asset in assets}
    return shown | {asset.name: HARBOUR for asset in every_block("clinic").programme.assets.values()}


@cache
def every_block(layout: str, direction: str = "ltr") -> Compilation:
    """A letter of the small practice with each block once, some of it with words that nothing breaks.

    No locale that we ship is written from the right; `direction` makes the words' own one such.
    """
    files: dict[str, str | bytes] = {
        "campaigns/letter/campaign.yaml": f"{HOW[layout]}{EVENT}{letter(EVERY_BLOCK)}",
        "campaigns/_shared/phrases.yaml": PHRASES + "portal-notice:\n  en: A message is waiting for you.\n",
        "campcompile.yaml": CAMPCOMPILE.replace(
            "links:\n", "links:\n  portal: https://portal.fjordklinikken.example/\n"
        ),
        "assets/a.png": HARBOUR,
    }
    with patch.object(compose, "words_of", lambda locale: replace(words_of(locale), direction=direction)):
        made = compiled(files)
    assert len(made.rendered) == 1, [finding.message for finding in made.diagnostics]
    return made


def examples(person: str = "ordinary", locale: str = "") -> list[Shown]:
    """Every example e-mail × locale (or those of one locale); every block in each layout, and in a portal."""
    made = [example_practice(), *(every_block(layout) for layout in LAYOUTS)]
    return [
        shown(compilation, one, person)
        for compilation in made
        for rendered in compilation.rendered
        if locale in ("", rendered.version.locale)
        for one in (rendered, *_in_portal(rendered))
    ]


def _in_portal(rendered: RenderedEmail) -> Iterator[RenderedEmail]:
    """What a portal shows of the e-mail, as if it were one."""
    if rendered.portal is not None:
        campaign = replace(rendered.campaign, layout="portal-text")
        yield replace(rendered, campaign=campaign, html=rendered.portal.html, text=rendered.portal.text)


def right_to_left() -> list[Shown]:
    """The letter of every block in each layout, written from the right."""
    made = [every_block(layout, "rtl") for layout in LAYOUTS]
    return [shown(compilation, rendered, "right-to-left") for compilation in made for rendered in compilation.rendered]


def shown(compilation: Compilation, rendered: RenderedEmail, person: str) -> Shown:
    """What a person gets of an e-mail; one who tells little still tells what the e-mail can't do without."""
    row = dict(row_of(compilation, rendered, person))
    whole = dict(row_of(compilation, rendered, "ordinary"))
    while True:
        try:
            found = values(rendered.derived, row, NOW)
            return Shown(
                campaign=rendered.campaign.code,
                email=rendered.email.id,
                layout=rendered.campaign.layout,
                locale=rendered.version.locale,
                person=person,
                subject=collapsed(join(rendered.subject, found, rendered.derived, medium="plain")),
                html=join(rendered.html, found, rendered.derived),
                text=join(rendered.text, found, rendered.derived, medium="plain"),
            )
        except MissingValueError:
            more = {name: whole[name] for name in whole if name not in row}
            assert more, "an e-mail that can't be printed for anybody"
            row |= dict([more.popitem()])


def row_of(compilation: Compilation, rendered: RenderedEmail, person: str) -> Iterator[tuple[str, Value]]:
    """A value for every field that the e-mail reads."""
    declared = compilation.programme.dictionary.fields
    read_fields = {name for derived in rendered.derived.values() for name in source_fields(derived.formula)}
    for name in sorted(read_fields):
        field = declared.get(name)
        if person == "terse" and field is not None and not field.required:
            continue
        yield name, _value(name, field, person)


def _value(name: str, field: Field | None, person: str) -> Value:
    kind = field.type.name if field is not None else "text"
    match kind:
        case "yes_no":
            return True
        case "number":
            return 3
        case "date":
            return date(2026, 9, 17)
        case "datetime":
            return START
        case "url":
            return f"https://{field.host if field and field.host else 'portal.lyngvag.example'}/c/9f2c"
        case "phone":
            return "+47 55 50 12 80"
        case "choice":
            assert field is not None
            return field.type.choices[0]
        case "list":
            return ("news",)
        case "site":
            return "fjellsiden"
        case _:
            words = PEOPLE[person] or str(PEOPLE["ordinary"])
            first, _, last = words.partition(" ")
            return last if name.endswith("last_name") else first if person == "ordinary" and "first" in name else words
