"""What holds of every campaign: spans, words, values, fields and days, tried on random ones.

The two validators of the schemas are held together by tests/syntax/test_schema.py; here it is shown that it can fail.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, assume, event, given, settings
from hypothesis import strategies as st

from campcompile.compiler import Compilation
from campcompile.model import bound
from campcompile.model.campaign import Asset, Block, Choices, Fixed, Items, Line, Prose, Rows
from campcompile.runner.bundle import read_bundle
from campcompile.runner.message import Envelope
from campcompile.runner.transport import ACCEPTED, Outcome
from campcompile.syntax.findings import Severity
from campcompile.syntax.findings_syn import (
    BIDI_CONTROL,
    CONTROL_CHARACTER,
    INVISIBLE,
    MIXED_SCRIPT,
    PRIVATE_USE,
    STACKED_MARKS,
)
from tests.acceptance.practice import (
    AS_OF,
    NOW,
    ONE_CLICK,
    attributes,
    clean,
    compiled,
    compiled_letter,
    found,
    letter,
    manifest_of,
    message,
    of_the_language,
    quoted,
    shown,
)
from tests.sending import send_all
from tests.syntax import test_schema
from tests.workspace import CAMPCOMPILE, DICTIONARY, LETTER, lay

few = settings(max_examples=40, deadline=None)

# Words of many scripts, and what the makers of mail programs forget.
WORDS = (
    *("vinter", "Straße", "naïve", "Ærlig", "Привет", "ώρα", "שלום", "مرحبا", "नमस्ते", "क्षितिज", "สวัสดี", "น้ำ", "한국어"),
    *(
        "健康",
        "診所",
        "さくら",
        "𠮷野家",
        "e\u0301te\u0301",
        "A\u030angstro\u0308m",
        "15\u00a0min",
        "👩‍⚕️",
        "👨‍👩‍👧",
        "👍🏽",
        "❤️",
        "🇳🇴",
    ),
    *("½", "№5", "€20", "10:30", "on", "no", "012", "1_000", "~", "null", "2026-09-08", "100%", "a@b"),
)
PUNCTUATION = (
    *(
        "<b>",
        "</td>",
        "&",
        "&amp;",
        "&#60;",
        "&nbsp;",
        '"',
        "'",
        "`",
        "\\",
        "\\n",
        "\\u{a0}",
        "{",
        "}",
        "{{",
        "}}",
        "{%",
    ),
    *(
        "%}",
        "{#",
        "*",
        "**",
        "_",
        "__",
        "# ",
        "- ",
        "1. ",
        "> ",
        "[a](b)",
        "![",
        "]",
        "<!--",
        "-->",
        "]]>",
        "5 < 6",
        "a > b",
    ),
    *(
        "__cc_h0__",
        "__cc_body__",
        "../assets/a.png",
        "x-any-language",
        "cid:",
        "|",
        "~~",
        "://",
        "=?utf-8?q?x?=",
        "--",
        "=",
    ),
)
LETTERS = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
ODD = st.characters(categories=("Cf", "Co", "Cn"))
TYPED = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(PUNCTUATION),
        st.text(LETTERS, min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
STRANGE = st.tuples(TYPED, ODD, TYPED).map("".join)  # a word with one of the invisible, private or unassigned in it
# A file with these characters is refused, at their place: what deceives readers reaches nobody.
OF_CHARACTERS = {
    rule.code for rule in (BIDI_CONTROL, CONTROL_CHARACTER, INVISIBLE, MIXED_SCRIPT, PRIVATE_USE, STACKED_MARKS)
}


def one_line(text: str) -> str:
    """A text as it is read: runs of ordinary white space are one space, other spaces stay what they are."""
    return re.sub("[ \t\r\n]+", " ", text).strip(" ")


def letters(text: str) -> str:
    """A text without ordinary white space: plain text may be broken at spaces, and between Chinese characters."""
    return re.sub("[ \t\r\n]+", "", text)


# A campaign as an author writes it, with what it should be found to say


@dataclass(frozen=True)
class Scalar:
    """A text in one of YAML's styles; `wrong` are the parts of it that mean nothing."""

    yaml: str
    words: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def unknown_names() -> st.SearchStrategy[str]:
    """Fields that the dictionary doesn't declare, near to it and far."""
    made = st.from_regex(r"(patient|recipient|appointment|practice|links|guardian|q)\.q[a-z_]{1,12}", fullmatch=True)
    return made | st.sampled_from(["patient.fristname", "recipient.firstname", "appointment.stat", "patient.nom"])


SAFE = tuple(word for word in WORDS if not re.search(r"[:#&%@`~_*]|^\d|^(on|no|null)$", word))


@st.composite
def scalars(draw: st.DrawFn, markdown: bool = False, wrong: bool = False) -> Scalar:
    """Words with a merge field, a condition, emphasis, escapes; an unknown name here and there."""
    parts: list[str] = []
    words: list[str] = []
    names: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        run = " ".join(draw(st.lists(st.sampled_from(SAFE), min_size=1, max_size=4)))
        words.append(run)
        match draw(st.integers(0, 7)):
            case 0:
                parts.append(f"{run} {{{{ practice.name }}}}")
            case 1:
                parts.append(f"{{% if recipient.first_name is set %}}{run}{{% endif %}}")
            case 2 if markdown:
                parts.append(f"**{run}**")
            case 3 if markdown:
                parts.append(f"[{run}](links.book)")
            case 4 if wrong:
                names.append(draw(unknown_names()))
                parts.append(f"{run} {{{{ {names[-1]} }}}}")
            case 5 if wrong:
                names.append(draw(unknown_names()))
                parts.append(f"{{% if {names[-1]} is set %}}{run}{{% endif %}}")
            case 6:
                words[-1] = f"{run}’s"
                parts.append(f"{run}’s")
            case _:
                parts.append(run)
    text = " – ".join(parts)
    style = draw(st.sampled_from(["plain", "single", "double", "double escaped"]))
    if style == "plain" and not re.search(r"^[^\w]|[\[\]{}]", text):
        return Scalar(text, tuple(words), tuple(names))
    if style == "single":
        return Scalar("'" + text.replace("'", "''") + "'", tuple(words), tuple(names))
    escaped = style == "double escaped"
    escaped = escaped and max(text) <= "\uffff" and "\u200d" not in text
    return Scalar(json.dumps(text) if escaped else quoted(text), tuple(words), tuple(names))


@st.composite
def blocks(draw: st.DrawFn, wrong: bool = False) -> tuple[str, list[Scalar], list[str]]:
    """One block of a body, the texts in it, and the fixed names in it that mean nothing."""
    line = scalars(wrong=wrong)
    bad: list[str] = []

    def maybe(known: str, unknown: str, chance: int = 3) -> str:
        if wrong and draw(st.integers(0, chance)) == 0:
            bad.append(unknown)
            return unknown
        return known

    condition = ""
    if draw(st.booleans()):
        condition = "\n  if: " + maybe("patient.first_name is set", "patient.qset") + ""
        condition = condition.replace("patient.qset", "patient.qset is set")
    match draw(st.integers(0, 5)):
        case 0:
            one = draw(scalars(markdown=True, wrong=wrong))
            return f"- text: {one.yaml}{condition}", [one], bad
        case 1:
            one = draw(line)
            to = maybe("links.book", "links.qbook")
            return f"- button:\n    label: {one.yaml}\n    to: {to}{condition}", [one], bad
        case 2:
            title, *items = draw(st.lists(line, min_size=2, max_size=3))
            rows = "".join(f"\n      - {item.yaml}" for item in items)
            return f"- checklist:\n    title: {title.yaml}\n    items:{rows}{condition}", [title, *items], bad
        case 3:
            label, value = draw(line), draw(line)
            row = f"\n      - label: {label.yaml}\n        value: {value.yaml}"
            return f"- details:\n    rows:{row}{condition}", [label, value], bad
        case 4:
            one = draw(line)
            return f"- image:\n    src: {maybe('a.png', 'qa.png')}\n    alt: {one.yaml}{condition}", [one], bad
        case _:
            return f"- phrase: {maybe('greeting', 'qgreeting')}{condition}", [], bad


@st.composite
def campaigns(draw: st.DrawFn, wrong: bool = False) -> tuple[str, list[str], list[str]]:
    """campaign.yaml, the words in it, and the names in it that mean nothing."""
    subject, preheader = draw(scalars(wrong=wrong)), draw(scalars(wrong=wrong))
    body = draw(st.lists(blocks(wrong=wrong), min_size=1, max_size=4))
    text = letter("- divider\n" + "\n".join(written for written, _, _ in body))
    text = text.replace(quoted("News from the fjord"), subject.yaml, 1)
    text = text.replace(quoted("What is new this winter"), preheader.yaml, 1)
    texts = [subject, preheader, *(one for _, inside, _ in body for one in inside)]
    words = [run for one in texts for run in one.words]
    bad = [name for one in texts for name in one.wrong] + [name for _, _, fixed in body for name in fixed]
    return text, words, bad


def said(block: Block) -> Iterator[bound.Inline]:
    """Every inline of a block, at any depth."""
    for value in block.fields.values():
        match value:
            case Line(words):
                yield from deep(words)
            case Prose(text):
                for paragraph in text:
                    if isinstance(paragraph, bound.Bullets):
                        for item in paragraph.items:
                            for inner in item:
                                yield from deep(inner.children)
                    else:
                        yield from deep(paragraph.children)
            case Items(items):
                for item in items:
                    yield from deep(item.words)
            case Rows(rows):
                for row in rows:
                    yield from deep(row.label)
                    yield from deep(row.value)
            case Asset() | Choices() | Fixed() | bound.Target():
                pass


def deep(inlines: bound.Inlines) -> Iterator[bound.Inline]:
    for inline in inlines:
        yield inline
        match inline:
            case bound.When(arms, _):
                for arm in arms:
                    yield from deep(arm.children)
            case bound.Strong(children) | bound.Emphasis(children) | bound.Link(_, children, _):
                yield from deep(children)
            case _:
                pass


def inlines_of(compilation: Compilation) -> list[bound.Inline]:
    """Every inline of the letter, in order."""
    (campaign,) = compilation.programme.campaigns
    (version,) = campaign.emails[0].versions
    return [
        *deep(version.subject),
        *deep(version.preheader),
        *(inline for block in version.blocks for inline in said(block)),
    ]


def unescaped(quote: str) -> str:
    """What a piece of a YAML text says: the escapes of its style undone."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), quote).replace("''", "'")


@given(campaigns())
@few
def test_every_bound_words_span_quotes_what_they_say(campaign: tuple[str, list[str], list[str]]) -> None:
    text, words, _ = campaign
    compilation = compiled({"campaigns/letter/campaign.yaml": text}, lint_only=True)
    assert of_the_language(compilation) == []
    inlines = inlines_of(compilation)
    everything = "".join(inline.text for inline in inlines if isinstance(inline, bound.Words))
    assert all(run in everything for run in words)
    for inline in inlines:
        match inline:
            case bound.Words(said, span):
                assert unescaped(compilation.sources[span.path].quote(span)) == said
            case bound.Print():
                quote = compilation.sources[inline.span.path].quote(inline.span)
                assert re.fullmatch(r"(practice\.name|(recipient|patient)\.first_name)", quote)
                assert inline.field.split(".")[1] == quote.split(".")[1]
            case bound.When(arms, span):
                quote = compilation.sources[span.path].quote(span)
                assert quote.startswith("{%") and quote.endswith("%}")
                for arm in arms:
                    assert arm.condition is not None
                    condition = compilation.sources[arm.condition.span.path].quote(arm.condition.span)
                    assert condition == "recipient.first_name is set"
            case bound.Link(target, _, _):
                assert compilation.sources[target.span.path].quote(target.span) == "links.book"
            case _:
                pass


@given(campaigns(wrong=True))
@few
def test_every_findings_span_quotes_what_is_wrong_and_each_wrong_name_is_found(
    campaign: tuple[str, list[str], list[str]],
) -> None:
    text, _, wrong = campaign
    event("with a mistake" if wrong else "without")
    compilation = compiled({"campaigns/letter/campaign.yaml": text})
    findings = [one for one in compilation.diagnostics if re.match("FLD001|REF", one.rule.code)]
    quotes = [compilation.sources[one.span.path].quote(one.span) for one in findings]
    assert sorted(quotes) == sorted(wrong)
    assert len(of_the_language(compilation)) == len(wrong)
    for finding, quote in zip(findings, quotes, strict=True):
        assert quote.rpartition(".")[2] in finding.message
    assert not (wrong and compilation.bundle)


# What an author types arrives


def in_markdown(value: str) -> str:
    """A value as words of a text: a backslash before whatever Markdown could take for its own."""
    return "{% raw %}" + re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", value) + "{% endraw %}"


def in_line(value: str) -> str:
    return f"{{% raw %}}{value}{{% endraw %}}"


def refused(compilation: Compilation) -> bool:
    """Whether a file holds characters that no file may hold; any other error is one too many."""
    assert {told.partition(" ")[0] for told in of_the_language(compilation)} <= OF_CHARACTERS, found(compilation)
    errors = {one.rule.code for one in compilation.diagnostics if one.severity is Severity.ERROR}
    codes = errors & OF_CHARACTERS
    event("refused for its characters" if codes else "compiled")
    return bool(codes)


@given(st.one_of(TYPED, TYPED, TYPED, STRANGE))
@settings(max_examples=80, deadline=None)
def test_any_words_survive_mjml(value: str) -> None:
    assume("endraw" not in value)
    compilation = compiled_letter(
        "\n".join(
            [
                f"- text: {quoted('Text: ' + in_markdown(value) + ' .')}",
                f"- button: {{label: {quoted(in_line('B ' + value + ' .'))}, to: links.book}}",
                f"- image: {{src: a.png, alt: {quoted(in_line('A ' + value + ' .'))}}}",
                f"- checklist: {{title: {quoted(in_line('T ' + value + ' .'))}, items: [x]}}",
                f"- details: {{rows: [{{label: x, value: {quoted(in_line('V ' + value + ' .'))}}}]}}",
            ]
        ),
        subject=in_line(f"S {value} ."),
        preheader=in_line(f"P {value} ."),
    )
    if refused(compilation):
        assert not compilation.bundle
        return
    sent = message(compilation)
    arrived = one_line(value)
    assert sent.subject == f"S {arrived} ."
    assert sent.preheader == f"P {arrived} ."
    assert one_line(shown(sent.html, ".cc-block p")) == f"Text: {arrived} ."
    assert one_line(shown(sent.html, ".cc-button a")) == f"B {arrived} ."
    assert [one_line(alt) for alt in attributes(sent.html, "img", "alt")] == [f"A {arrived} ."]
    assert one_line(shown(sent.html, "h2")) == f"T {arrived} ."
    assert f"V {arrived} ." in [one_line(text) for text in texts(sent.html, "td.cc-ink")]
    for name in ("Text: ", "B ", "T ", "V "):
        assert letters(f"{name}{value} .") in letters(sent.text)


def texts(page: str, selector: str) -> list[str]:
    from selectolax.lexbor import LexborHTMLParser

    return [node.text() for node in LexborHTMLParser(page).css(selector)]


# A printed value is as if it had been typed

PRINTING = """\
- text: "## For @\\n\\nHello @, **@** and [a page for @](links.book): @, [@’s own](links.book)."
- text: "@"
- button: {label: "Book, @", to: links.book}
- checklist: {title: "@’s list", items: ["@", "one @ two"]}
- details: {rows: [{label: "@", value: "(@)"}]}
"""


def without_marks(text: str) -> str:
    """Without the marks that keep a name's direction inside it."""
    return re.sub("[\u2068\u2069]", "", text)


@given(st.one_of(TYPED, TYPED, TYPED, STRANGE))
@settings(max_examples=50, deadline=None)
def test_rendering_a_value_equals_compiling_with_it(value: str) -> None:
    value = one_line(value)
    assume(value and "endraw" not in value and not re.search(r"^\s|\s$", value))
    dictionary = DICTIONARY.replace("patient.first_name: {", "patient.first_name: {required: true, ")
    printed = compiled(
        {
            "campaigns/_shared/dictionary.yaml": dictionary,
            "campaigns/letter/campaign.yaml": letter(
                PRINTING.replace("@", "{{ recipient.first_name }}"), subject="{{ recipient.first_name }}: news"
            ),
        }
    )
    by_value = message(printed, {"patient.first_name": value})
    line, prose = quoted(in_line(value))[1:-1], quoted(in_markdown(value))[1:-1]
    texts, blocks = PRINTING.split("- button", 1)
    typed = texts.replace("@", prose) + "- button" + blocks.replace("@", line)
    compilation = compiled_letter(typed, subject=in_line(f"{value}: news"))
    if refused(compilation):
        return
    by_words = message(compilation)
    assert without_marks(by_value.subject) == by_words.subject
    assert one_line(without_marks(shown(by_value.html))) == one_line(shown(by_words.html))
    assert letters(without_marks(by_value.text)) == letters(by_words.text)


# An undeclared field reaches nobody


PLACES: dict[str, Callable[[str], dict[str, str]]] = {
    "subject": lambda name: {"subject": f"About {{{{ {name} }}}}"},
    "preheader": lambda name: {"preheader": f"About {{{{ {name} }}}}"},
    "text": lambda name: {"body": f"- text: Hello {{{{ {name} }}}}"},
    "filtered": lambda name: {"body": f'- text: "Hello {{{{ {name} | date }}}}"'},
    "condition in words": lambda name: {"body": f'- text: "x{{% if {name} is set %}} y{{% endif %}}"'},
    "condition of a block": lambda name: {"body": f"- text: x\n  if: {name} is set"},
    "label": lambda name: {"body": f'- button: {{label: "Book {{{{ {name} }}}}", to: links.book}}'},
    "address": lambda name: {"body": f"- button: {{label: Book, to: {name}}}"},
    "link": lambda name: {"body": f'- text: "[x]({name})"'},
    "alt": lambda name: {"body": f'- image: {{src: a.png, alt: "x {{{{ {name} }}}}"}}'},
    "item": lambda name: {"body": f'- checklist: {{items: ["x {{{{ {name} }}}}"]}}'},
    "condition of an item": lambda name: {"body": f'- checklist: {{items: [{{text: x, if: "{name} is set"}}]}}'},
    "row": lambda name: {"body": f'- details: {{rows: [{{label: x, value: "{{{{ {name} }}}}"}}]}}'},
}
IN_CAMPAIGN = {
    "audience": ("audience: readers", "audience: {{where: {name} is set}}"),
    "goal": ("layer: updates", "layer: updates\ngoal: {name} is set"),
    "stop_when": ("layer: updates", "layer: updates\nstop_when: {name} is set"),
    "condition of an e-mail": ("  - id: letter\n", "  - id: letter\n    if: {name} is set\n"),
    "anchor": ("layer: updates", "layer: updates\nanchor: {name}"),
}


@given(place=st.sampled_from([*PLACES, *IN_CAMPAIGN]), name=unknown_names())
@settings(max_examples=80, deadline=None)
def test_an_undeclared_field_is_an_error_wherever_it_stands(place: str, name: str) -> None:
    assume(name not in ("links.book", "links.confirm", "links.directions"))
    if place in PLACES:
        text = letter(**{"body": "- text: x", **PLACES[place](name)})
    else:
        old, new = IN_CAMPAIGN[place]
        assert old in LETTER
        text = LETTER.replace(old, new.format(name=name), 1)
    compilation = compiled({"campaigns/letter/campaign.yaml": text})
    assert not compilation.bundle
    wrong = [one for one in compilation.diagnostics if re.match("FLD001|REF", one.rule.code)]
    quotes = {compilation.sources[one.span.path].quote(one.span) for one in wrong}
    assert name in quotes, found(compilation)


COLUMNS = st.sampled_from(
    [
        *(
            "patient.country",
            "patient.topic",
            "patient.diagnosis",
            "patient.email",
            "patient.locale",
            "appointment.start",
        ),
        *("PATIENT.FIRST_NAME", "patient.first_name2", "first_name", "name", "t1", "c1", "one_click", "Subject", "Bcc"),
        *("patient. first_name", "notes", "診斷", "List-Unsubscribe", "../x", "{{ t1 }}", "__proto__", "", "'"),
    ]
)
TAILS = st.text("0123456789abcdefÆ李", min_size=1, max_size=8)
SECRETS = TAILS.map(lambda tail: f"zq{tail}qz")


class Kept:
    """A transport that keeps the messages."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    def open(self) -> None: ...

    def deliver(self, envelope: Envelope, token: str) -> Outcome:
        self.messages.append(envelope.data)
        return ACCEPTED

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def letter_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The letter's bundle on disk."""
    return lay(tmp_path_factory.mktemp("letter"), clean(compiled({})).bundle) / "lt26"


@given(extra=st.dictionaries(COLUMNS, SECRETS, min_size=1, max_size=5), name=TAILS.map("Kari{}".format))
@few
def test_a_column_that_is_not_listed_reaches_no_byte_of_a_message(
    extra: dict[str, str], name: str, letter_bundle: Path
) -> None:
    row = {
        "email": "p1@post.example",
        "locale": "en",
        "patient.first_name": name,
        "patient.topics": "news",
        "links.one_click": ONE_CLICK,
    }
    listed = {field.name for field in manifest_of(compiled({})).fields}
    assert listed == row.keys() - {"email", "locale"} and not listed & extra.keys()
    file = io.StringIO()
    csv.writer(file).writerows(zip(*({**extra, **row}).items(), strict=True))
    bundle, kept = read_bundle(letter_bundle), Kept()
    planned, account = send_all(bundle, "letter", file.getvalue().encode(), kept, NOW)
    assert (account.sent, planned.set_aside) == (1, ())
    (data,) = kept.messages
    parsed = message_from_bytes(data, policy=policy.default)
    decoded = [str(value) for value in parsed.values()]
    for part in parsed.walk():
        if not part.is_multipart():
            decoded += [str(part.items()), part.get_content() if part.get_content_maintype() == "text" else ""]
    everything = data.decode("ascii") + "".join(decoded) + html.unescape("".join(decoded))
    assert name in everything, "so that the next line could fail"
    assert not [secret for secret in extra.values() if secret in everything]


# The day


@given(st.lists(st.dates(date(2020, 1, 1), date(2040, 1, 1)), min_size=2, max_size=3))
@settings(max_examples=12, deadline=None)
def test_the_day_changes_no_byte_of_a_bundle(days: list[date]) -> None:
    bundles = [compiled({}, as_of=day).bundle for day in days]  # years later, facts of law that grew old are warned of
    stated = CAMPCOMPILE.replace('"2026-11-02"', f'"{days[0]}"')
    assert stated != CAMPCOMPILE or days[0] == date(2026, 11, 2)
    bundles.append(compiled({"campcompile.yaml": stated}).bundle)
    assert bundles[0] and all(bundle == bundles[0] for bundle in bundles)


def test_the_day_changes_findings_and_not_the_bytes() -> None:
    """A waiver runs out: then there is an error and no bundle; until then, the day changes no byte."""
    long = "News from the fjord, and of all that has happened there since the summer began"
    text = letter("- text: Hello", subject=long)
    waiver = "# allow SUB001 qtjkqvjh until 2026-12-01 by Lars Berg: the fjord is long"
    text = text.replace(quoted(long), f"{quoted(long)}  {waiver}")
    first, last, after = (
        compiled({"campaigns/letter/campaign.yaml": text}, as_of=day)
        for day in (AS_OF, date(2026, 12, 1), date(2026, 12, 2))
    )
    assert found(first) == found(last) == [] and len(found(after)) == 2
    assert first.bundle and first.bundle == last.bundle and not after.bundle


# Two validators, one verdict


@pytest.mark.parametrize("verdict", [True, False])
def test_the_property_of_both_validators_can_fail(verdict: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_schema, "is_valid", lambda *_: verdict)
    written: Any = test_schema.test_both_validators_agree_on_mutated_documents

    @settings(max_examples=60, deadline=None, database=None, phases=[Phase.generate])  # the first failure is enough
    @given(st.data())
    def again(draw: st.DataObject) -> None:
        written.hypothesis.inner_test(draw)

    with pytest.raises(AssertionError):
        again()


def test_words_of_these_tests_are_of_many_scripts() -> None:
    """So that the properties above say what they claim."""
    scripts = {unicodedata.name(char, "").split()[0] for word in WORDS for char in word if char.isalpha()}
    assert {"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC", "DEVANAGARI", "THAI", "HANGUL", "CJK"} <= scripts
