"""Two patients that differ only in what a sink may not know: what is read there is the same, or there is a finding.

The proof is over the compiled parts: a message is rendered for both, findings or not, and compared sink by sink.
Presence is held constant: who is written to is the audience's own finding.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from campcompile.analysis.sinks import Sink, allowed_at, body_sink, clearance, inbox_sink
from campcompile.compiler import Compilation
from campcompile.model.labels import Label
from campcompile.render import Message
from tests.acceptance.practice import compiled, letter, message
from tests.workspace import CAMPCOMPILE, CONSENT, DICTIONARY

LABELS = ("public", "contact", "relationship", "health", "special")
FIELDS = {  # type → two values that a reader can tell apart, the expression that prints it, and one that tests it
    "text": ("Zebra", "Okapi", "{{ patient.secret }}", 'patient.secret == "Zebra"'),
    "number": (3, 7, "{{ patient.secret }}", "patient.secret < 5"),
    "date": (date(1990, 3, 1), date(2001, 11, 30), "{{ patient.secret | date }}", "age(patient.secret) >= 30"),
    "yes_no": (True, False, "", "patient.secret"),
    "{choice: [a, b]}": ("a", "b", "", 'patient.secret == "a"'),
    "{list: text}": (("x",), ("y",), "{{ patient.secret }}", 'has(patient.secret, "x")'),
    "url": ("https://see.example/zebra", "https://see.example/okapi", "", ""),  # no words: it can only be led to
}
INBOX = ("subject", "preheader")
PRINTED = {  # where words stand in a body
    "text": "- text: We write of {} here.",
    "heading": '- text: "## About {}"',
    "link": '- text: "See [{}](links.book)."',
    "button": '- button: {{label: "About {}", to: links.book}}',
    "alt": '- image: {{src: a.png, alt: "A picture of {}"}}',
    "item": '- checklist: {{title: Bring, items: ["{}"]}}',
    "title": '- checklist: {{title: "For {}", items: [Your card]}}',
    "value": '- details: {{rows: [{{label: What, value: "{}"}}]}}',
    "label": '- details: {{rows: [{{label: "{}", value: What}}]}}',
    "notice": '- notice: "Mind {}"',
}
LED_TO = {  # where an address of a field stands
    "button": "- button: {label: See it, to: patient.secret}",
    "words": '- text: "See [it](patient.secret)."',
    "picture": '- image: {src: a.png, alt: "A lake", to: patient.secret}',
    "notice": '- notice: "See [it](patient.secret)."',
}
TESTED = {  # where a condition stands in a body
    "text": '- text: "We write{{% if {} %}} of zebras{{% endif %}} here."',
    "block": "- text: Come on Tuesday.\n  if: {}",
    "item": "- checklist:\n    title: Bring\n    items:\n      - {{text: A cup}}\n      - text: A bowl\n        if: {}",
    "picture": '- image: {{src: a.png, alt: "A lake"}}\n  if: {}',
    "link": '- text: "See [it{{% if {} %}} all{{% endif %}}](links.book)."',
}


@dataclass(frozen=True)
class Case:
    """One field in one place of a letter, in one practice."""

    type: str
    label: str
    place: str
    tested: bool
    profile: str
    purpose: str
    tls: str
    reach: str  # of the legal basis

    def compilation(self) -> Compilation:
        _, _, printing, testing = FIELDS[self.type]
        words = f"{{% if {testing} %}}zebras{{% else %}}news{{% endif %}}" if self.tested else printing
        subject = words if self.place == "subject" else "News from the fjord"
        preheader = words if self.place == "preheader" else "What is new this winter"
        if self.place in INBOX:
            body = "- text: We are open."
        elif self.type == "url":
            body = LED_TO[self.place]
        else:
            body = (TESTED if self.tested else PRINTED)[self.place].format(testing if self.tested else printing)
        written = letter(body, subject=subject, preheader=preheader).replace(
            "purpose: operations", f"purpose: {self.purpose}"
        )
        field = f"  patient.secret: {{type: {self.type}, label: {self.label}, required: true}}\n"
        return compiled(
            {
                "campcompile.yaml": CAMPCOMPILE.replace("profile: strict", f"profile: {self.profile}").replace(
                    "tls: required", f"tls: {self.tls}"
                ),
                "campaigns/_shared/dictionary.yaml": DICTIONARY + field,
                "campaigns/_shared/consent.yaml": CONSENT
                + f'  - {{purpose: {self.purpose}, layer: updates, in: ["NO"], up_to: {self.reach}, consent: news}}\n',
                "campaigns/letter/campaign.yaml": written,
            }
        )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    type = draw(st.sampled_from(sorted(FIELDS)))
    if type == "url":
        tested, places = False, list(LED_TO)
    else:
        tested = not FIELDS[type][2] or draw(st.booleans())
        places = [*INBOX, *(TESTED if tested else PRINTED)]
    return Case(
        type=type,
        label=draw(st.sampled_from(LABELS)),
        place=draw(st.sampled_from(places)),
        tested=tested,
        profile=draw(st.sampled_from(["strict", "standard"])),
        purpose=draw(st.sampled_from(["treatment", "operations"])),
        tls=draw(st.sampled_from(["required", "opportunistic"])),
        reach=draw(st.sampled_from(["relationship", "health", "special"])),
    )


def read_at(sink: str, sent: Message) -> object:
    """What somebody reads there."""
    if sink == "inbox":
        return sent.subject, sent.preheader
    if sink == "address":
        return sorted(node.attributes.get("href") or "" for node in LexborHTMLParser(sent.html).css("a"))
    return _without_inbox(sent.html, sent), sent.text


def _without_inbox(html: str, sent: Message) -> str:
    """The page without its title and preview, which repeat the inbox line."""
    html = re.sub(r"<title>.*?</title>", "", html, flags=re.DOTALL)
    return re.sub(r'<div style="display:none.*?</div>', "", html, flags=re.DOTALL) if sent.preheader else html


def leaks(case: Case) -> tuple[dict[str, bool], list[str], Compilation]:
    """For each sink whether it tells the two apart although it may not know; and the findings of the PHI family."""
    compilation = case.compilation()
    first, second, _, _ = FIELDS[case.type]
    one, other = (message(compilation, {"patient.secret": value}) for value in (first, second))
    (campaign,) = compilation.programme.campaigns
    label = Label.named(case.label)
    allowed = {
        "inbox": clearance(inbox_sink(campaign), case.profile),
        "address": clearance(Sink.ADDRESS, case.profile),
        "body": allowed_at(body_sink(campaign), campaign, compilation.programme),
    }
    told = {sink: label > most and read_at(sink, one) != read_at(sink, other) for sink, most in allowed.items()}
    return (
        told,
        [found.rule.code for found in compilation.diagnostics if found.rule.code.startswith("PHI")],
        compilation,
    )


@given(cases())
@settings(max_examples=150, deadline=None)
def test_no_sink_tells_two_patients_apart_without_a_finding(case: Case) -> None:
    told, found, compilation = leaks(case)
    codes = {one.rule.code for one in compilation.diagnostics}
    assert not codes & {"FLD001", "FLD003", "SCH001", "SYN001", "TPL001"}, "the letter itself is sound"
    assert any(told.values()) == bool(found), json.dumps({"told": told, "found": found})


@pytest.mark.parametrize("place", LED_TO)
def test_an_address_of_a_field_about_a_person_is_found_wherever_it_stands(place: str) -> None:
    case = Case("url", "contact", place, False, "strict", "operations", "required", "health")
    told, found, _ = leaks(case)
    assert told == {"inbox": False, "address": True, "body": False}
    assert set(found) == {"PHI002"}


def test_the_comparison_can_fail() -> None:
    """The same two patients are told apart where the place may know: then there is nothing to find."""
    case = Case("text", "contact", "text", False, "strict", "operations", "required", "relationship")
    told, found, compilation = leaks(case)
    one, other = (message(compilation, {"patient.secret": value}) for value in FIELDS["text"][:2])
    assert read_at("body", one) != read_at("body", other)
    assert not any(told.values()) and not found
