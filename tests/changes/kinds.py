"""Forty kinds of edits of the practice in clinic.py, each with what it touches; a seed picks one edit of a kind.

What is expected follows from the kind alone, never from what the comparison says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from campcompile.changes.account import Kind
from tests.changes.clinic import CC, CLINIC, CO, DI, NB, NE, PH, RE, SE, TH
from tests.rules.examples import picture

Files = Mapping[str, str | bytes]
AUDIENCE, TIMING, CONTENT, DATA_USE, COMPLIANCE, COSMETIC = Kind


@dataclass(frozen=True)
class EditKind:
    """`make` gives the files that an edit of this kind writes."""

    name: str
    touches: frozenset[Kind]
    make: Callable[[Random], Files]


def swap(path: str, *pairs: tuple[str, str]) -> Files:
    text = str(CLINIC[path])
    for old, new in pairs:
        assert text.count(old) == 1, (path, old, text.count(old))
        text = text.replace(old, new)
    return {path: text}


def one(name: str, touches: tuple[Kind, ...], path: str, *choices: tuple[str, str]) -> None:
    """A kind whose edits are each one replacement in one file."""
    KINDS.append(EditKind(name, frozenset(touches), lambda chance: swap(path, chance.choice(choices))))


def several(name: str, touches: tuple[Kind, ...], *choices: Files) -> None:
    KINDS.append(EditKind(name, frozenset(touches), lambda chance: chance.choice(choices)))


KINDS: list[EditKind] = []
_PLACE = "      - place\n"
_ENTRANCE = "      - text: The entrance is step-free.\n"

# what a recipient reads
one("subject", (CONTENT,), RE, *(('"A message from', f'"{words} from') for words in ("A word", "A note", "Two words")))
one("preheader", (CONTENT,), RE, *((" our telephone number", words) for words in (" our number", " parking", " hours")))
one("paragraph", (CONTENT,), RE, *((" is step-free", words) for words in (" is level", " has no steps", " is wide")))
one(
    "button's label",
    (CONTENT,),
    RE,
    *(("label: Confirm or", f"label: {word} or") for word in ("Keep", "Say yes", "OK")),
)
one(
    "button's target",
    (CONTENT, DATA_USE),
    RE,
    *(("to: links.confirm", f"to: links.{to}") for to in ("book", "directions")),
)
one(
    "checklist's item", (CONTENT,), RE, *(("[Photo ID", f"[{item}, Photo ID") for item in ("Papers", "Glasses", "Card"))
)
one(
    "block added", (CONTENT,), RE,
    *(("      - place\n", f"      - place\n      - {block}\n") for block in ("divider", "text: Hi.", "text: Soon")),
)  # fmt: skip
one(
    "block taken away", (CONTENT,), RE,
    ("      - place\n", ""), ("      - text: The entrance is step-free.\n", ""),
)  # fmt: skip
one(
    "blocks in another order", (CONTENT,), RE,
    (f"{_PLACE}{_ENTRANCE}", f"{_ENTRANCE}{_PLACE}"),
)  # fmt: skip
one(
    "block under a condition", (CONTENT, DATA_USE), RE,
    *((_ENTRANCE, f"{_ENTRANCE}        if: {test}\n")
      for test in ('has(patient.topics, "news")', "patient.topics is set")),
)  # fmt: skip
one(
    "parts of the appointment",
    (CONTENT,),
    RE,
    *(("[weekday, date, time]", show) for show in ("[date, time]", "[date]")),
)
one(
    "words of a translation",
    (CONTENT,),
    NB,
    ("hele vinteren", "i hele vinter"),
    ("Dette er nytt", "Nytt"),
    ("i hagen", "ute"),
)
several("another picture", (CONTENT,), *({"assets/team.png": picture(f"{px} x 200 px")} for px in (301, 320, 280)))
one(
    "picture's description",
    (CONTENT,),
    NE,
    *(("Our team in", f"Our {who} in") for who in ("nurses", "people", "staff")),
)
one("phrase", (CONTENT,), PH, *(("en: Hello{", f"en: {word}{{") for word in ("Hi", "Good day", "Dear")))
one("practice's telephone", (CONTENT,), CC, *(("55 50 12 34", f"55 50 12 3{digit}") for digit in (5, 6, 7)))
one("sender's name", (CONTENT,), CC, *(('"Fjordklinikken <', f'"{name} <') for name in ("Fjord", "The clinic")))
several(
    "e-mail added", (CONTENT,),
    *({RE: str(CLINIC[RE]) + str(CLINIC[RE])[str(CLINIC[RE]).index("  - id: week-after"):]
       .replace("week-after", f"after-{days}").replace("P7D", f"P{days}D").replace("How are you getting on?", words)}
      for days, words in ((20, "Do you need a paper?"), (30, "Was the door easy to find?"))),
)  # fmt: skip
several("e-mail taken away", (CONTENT,), {RE: str(CLINIC[RE])[: str(CLINIC[RE]).index("  - id: week-after")]})
several("language taken away", (CONTENT,), {NE: str(CLINIC[NE]).replace("[en, nb]", "[en]"), NB: ""})

# when
one("offset", (TIMING,), RE, *(("offset: -P7D", f"offset: -P{days}D") for days in (6, 8, 9, 10)))
one("time of day", (TIMING,), RE, *(('at: "10:00"', f'at: "{hour}:00"') for hour in (11, 12, 13)))
one("deadline", (TIMING,), RE, *(("expires: -P4D", f"expires: -P{days}D") for days in (3, 2, 5)))
one("what quiet hours do", (TIMING,), RE, *(("quiet: earlier", f"quiet: {word}") for word in ("later", "skip")))
one("date of an issue", (TIMING,), NE, *(("2026-12-01", f"2026-12-0{day}") for day in (2, 3, 4)))
one(
    "quiet hours",
    (TIMING,),
    CC,
    *(('"21:00-08:00"', hours) for hours in ('"20:00-08:00"', '"21:00-07:00"', '"22:00-06:00"')),
)
one(
    "frequency cap",
    (TIMING,),
    CC,
    *(("{max: 1, per: P7D}", cap) for cap in ("{max: 2, per: P7D}", "{max: 1, per: P5D}")),
)
one(
    "most first e-mails a day",
    (TIMING,),
    RE,
    *(("locales: [en]", f"per_day: {most}\nlocales: [en]") for most in (10, 20, 30)),
)

# who
one(
    "segment wider",
    (AUDIENCE,),
    SE,
    ('== "booked"', 'in ["booked", "cancelled"]'),
    ('appointment.status == "booked"', "appointment.status is set"),
)
one("segment narrower", (AUDIENCE,), SE, ('"news")', '"news") and has(patient.topics, "more")'))
one(
    "e-mail's own condition",
    (AUDIENCE,),
    RE,
    ('    if: appointment.status == "booked"\n', ""),
    ('    if: appointment.status == "booked"', '    if: appointment.status == "cancelled"'),
)
one(
    "end of a run",
    (AUDIENCE,),
    RE,
    *(
        ("locales: [en]", f'stop_when: appointment.status == "{word}"\nlocales: [en]')
        for word in ("cancelled", "booked")
    ),
)
one(
    "re-entry",
    (AUDIENCE,),
    NE,
    *(("layer: updates", f"layer: updates\nreenter: {word}") for word in ("once", "P6M", "P12M")),
)
one(
    "excluded people",
    (AUDIENCE,),
    SE,
    ('  where: patient.first_name == "-"', '  where: patient.first_name in ["-", "--"]'),
    ("exclude_from: [updates]", "exclude_from: [updates, promotional]"),
)

several(
    "another id",
    (AUDIENCE,),
    *(swap(RE, ("id: week-before", f"id: {id}")) for id in ("a-week-before", "seven-days-before", "first")),
)

# which data
one(
    "merge field",
    (CONTENT, DATA_USE),
    RE,
    *(
        ("see you soon", f"see you soon{{% if {field} is set %}}, {{{{ {field} }}}}{{% endif %}}")
        for field in ("patient.first_name", "recipient.first_name", "patient.topics")
    ),
)
one(
    "what is measured",
    (DATA_USE,),
    RE,
    ('goal: appointment.status == "booked"', 'goal: appointment.status == "cancelled"'),
    ('goal: appointment.status == "booked"\n', ""),
)
one(
    "a field's label",
    (DATA_USE,),
    DI,
    *(
        (
            "patient.topics: {type: {list: text}, label: contact",
            f"patient.topics: {{type: {{list: text}}, label: {label}",
        )
        for label in ("relationship", "health")
    ),
)
one(
    "a field's category",
    (DATA_USE,),
    DI,
    *(("label: contact, hipaa: A", f"label: contact, hipaa: {letter}") for letter in ("B", "R")),
)

# by what right
one("purpose", (COMPLIANCE,), NE, *(("purpose: operations", f"purpose: {word}") for word in ("marketing", "treatment")))
one(
    "legal basis",
    (COMPLIANCE,),
    CO,
    ("up_to: special", "up_to: health"),
    ("up_to: relationship, consent: news", "up_to: relationship, basis: care"),
)
one(
    "how long consent holds", (COMPLIANCE,), CO, *(("max_age: P36M", f"max_age: P{months}M") for months in (12, 24, 60))
)
one("opt-out", (COMPLIANCE,), CC, *(("within: PT24H", f"within: PT{hours}H") for hours in (12, 48, 72)))
one("encryption of a target", (COMPLIANCE,), CC, ("tls: required", "tls: opportunistic"))

several(
    "another id that says what it was",
    (COSMETIC,),
    *(swap(RE, ("id: week-before", f"id: {id}\n    was: week-before")) for id in ("a-week-before", "first")),
)

# what nobody but us sees, and the look
one("colour", (COSMETIC,), TH, *(("#0b5e6b", f"#0b5e6{digit}") for digit in "789a"))
one("round corners", (COSMETIC,), TH, *(("radius: 8", f"radius: {px}") for px in (0, 4, 12)))
one(
    "title",
    (COSMETIC,),
    RE,
    *(("title: Appointment reminders", f"title: {words}") for words in ("Reminders", "Before a visit")),
)
several(
    "segment's name",
    (COSMETIC,),
    *(
        {**swap(SE, ("upcoming:", f"{name}:")), **swap(RE, ("audience: upcoming", f"audience: {name}"))}
        for name in ("booked-people", "soon")
    ),
)
several(
    "folder",
    (COSMETIC,),
    *({RE: "", f"campaigns/{name}/campaign.yaml": CLINIC[RE]} for name in ("before-a-visit", "visits")),
)
