"""Characters that deceive are found where they stand; those that a language needs are silent."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.syntax.decode import decode
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.hygiene import MAX_REPORTED, check_characters, check_secrets
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Document
from campcompile.syntax.yaml import read_yaml


def document(text: str) -> Document:
    return read_yaml(Source("campaigns/x/campaign.yaml", text)).value


def told(value: str) -> list[str]:
    """Each finding on `subject: "value"` as `CODE column`."""
    source = Source("a.yaml", f'subject: "{value}"\n')
    found = check_characters(read_yaml(source).value)
    return [f"{one.rule.code} {source.position(one.span.start)[1]}" for one in found if one.message and one.help]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("a \u2066b", "SYN021 13"),  # an isolate that is never ended
        ("a \u2069b", "SYN021 13"),
        ("a \u202bb\\nc\u202c", "SYN021 13"),  # ended on another line
        ("a \u202etxt.exe", "SYN021 13"),
        ("hi\U000e0073\U000e0073\U000e006e", "SYN022 13"),  # tag characters
        ("dia\u200bbetes", "SYN022 14"),
        ("dia\u200dbetes", "SYN022 14"),
        ("a\u2060b", "SYN022 12"),
        ("a\\u200bb", "SYN022 12"),  # as an escape
        ("a\ufe0fb", "SYN022 12"),
        ("a\u3164b", "SYN022 12"),
        ("a\u200eb", "SYN022 12"),  # a right-to-left helper in Latin text
        ("\u041dIV test", "SYN023 11"),
        ("Your p\u0430yment", "SYN023 17"),
        ("\u0391pple", "SYN023 11"),
        ("e" + "\u0301" * 1000, "SYN024 12"),
        ("\ue001 call", "SYN025 11"),
        ("a\\0b", "SYN002 12"),
        ("Hi\\r\\nBcc: x", "SYN002 13"),
        ("a\\x1bb", "SYN002 12"),
        ("a\\Nb", "SYN002 12"),
        ("a\\u2028b", "SYN002 12"),
    ],
)
def test_a_deceiving_character_is_found_where_it_stands(value: str, wanted: str) -> None:
    lines = told(value)
    assert lines[0] == wanted
    assert {line.split()[0] for line in lines} == {wanted.split()[0]}


@pytest.mark.parametrize(
    "value",
    [
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 family day",
        "\U0001f469\U0001f3fd\u200d\u2695\ufe0f and \U0001f3f3\ufe0f\u200d\U0001f308",
        "\u2764\ufe0f 1\ufe0f\u20e3 \u00a9\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag of three
        "Prêts\u00a0? 14\u202fh\u00a030, «\u202foui\u202f»",
        "ber\u00adø\u00admelig",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian with its joiner
        "\u0915\u094d\u200d\u0937",
        "\u05e9\u05dc\u05d5\u05dd \u200ePDF\u200e",
        "\u2066Fjordklinikken\u2069 \u0645\u0631\u062d\u0628\u0627",
        "來自診所的訊息，T恤與維他命C，CT檢查",
        "5 µg and 5 μg, α1, β-blocker, γGT, αFP, 10 kΩ",
        "Ελληνικά and Русский",
        "Tiếng Việt, e\u0302\u0301, שָׁלוֹם, कि",
        "naïve café — “quoted” … ’s",
        "tab\\tand\\nline",
        "葛\U000e0100城",
    ],
)
def test_what_a_language_needs_is_silent(value: str) -> None:
    assert told(value) == []


def test_keys_and_comments_are_looked_at() -> None:
    found = check_characters(document("sub\u200bject: x  # reverse \u202e\n"))
    assert sorted(one.rule.code for one in found) == ["SYN021", "SYN022"]


def test_a_decoded_control_character_is_not_told_twice() -> None:
    source = decode("a.yaml", b"title: a\x00b\n").value
    assert check_characters(read_yaml(source).value) == ()


@given(st.text())
@settings(max_examples=40, deadline=None)
def test_any_text_is_looked_at_without_an_exception(text: str) -> None:
    source = decode("a.yaml", ("a: |\n  " + text.replace("\n", "\n  ")).encode("utf-8", "replace")).value
    for one in check_characters(read_yaml(source).value):
        assert one.message and 0 <= one.span.start <= one.span.end <= len(source.text)


@pytest.mark.parametrize(
    "value",
    [
        "e\u0301\u200b" * 9_000,
        "\U0001f3f4\U000e0067\U000e007f\u200b" * 9_000,
        "\u202e\u202c" * 9_000,
        "\u2066" * 9_000,
        "a\u0430 " * 9_000,
        "\U0001f468\u200d" * 9_000,
        "eyJ-" * 9_000,
        "a." * 9_000 + "://",
    ],
    ids=["marks", "flags", "overrides", "isolates", "words", "joiners", "tokens", "address"],
)
def test_a_hostile_text_is_looked_at_in_little_time(value: str) -> None:
    read = document(f'subject: "{value}"\n')
    began = time.process_time()
    assert len(check_characters(read)) <= MAX_REPORTED
    assert len(check_secrets(read)) <= 1
    assert time.process_time() - began < 1


# Secrets. Every value here is made up, and broken in two so that no scanner takes it for a real one.


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("x: 0123456789abcdef0123456789abcdef" + "-us21", "a Mailchimp API key"),
        ("x: SG" + ".abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789", "a SendGrid API key"),
        ("x: key" + "-0123456789abcdef0123456789abcdef", "a Mailgun API key"),
        ("x: AKIA" + "ABCDEFGHIJKLMNOP", "an AWS access key"),
        ("x: xkeysib" + "-0123456789abcdef0123456789abcdef", "a Brevo API key"),
        ("x: |\n  -----BEGIN RSA " + "PRIVATE KEY-----\n  MIIE\n", "a private key"),
        ("x: smtp://me:" + "hunter22@mail.example", "a password in an address"),
        ("api_key: 9f8e7d6c5b4a39281706f5e4d3c2b1a0", "a key or token"),
        ("password: hunter22", "a password"),
        ("smtp: {smtp_password: hunter22}", "a password"),
        ("# password: hunter22\nx: y", "a password"),
    ],
)
def test_a_secret_is_found_and_never_shown(line: str, kind: str) -> None:
    (finding,) = check_secrets(document(f"{line}\n"))
    assert (finding.rule.code, finding.rule.private, finding.args) == ("SYN026", True, {"kind": kind})
    assert "environment" in finding.help


def test_a_secret_is_pointed_at_where_it_stands() -> None:
    text = "body: |\n  One line.\n\n  Our key is AKIA" + "ABCDEFGHIJKLMNOP.\n# password:  hunter22\n"
    quoted = [text[found.span.start : found.span.end] for found in check_secrets(document(text))]
    assert quoted == ["AKIA" + "ABCDEFGHIJKLMNOP", "hunter22"]


@pytest.mark.parametrize(
    "line",
    [
        *("of: 5d1c09aa", "code: ap71", "token: $SMTP_TOKEN", "api_key: SMTP_KEY", "password: ${MAIL_PASSWORD}"),
        *(
            "link: https://time.fjordklinikken.example/?a=b@c",
            "key: week-before",
            "text: Your password never leaves us",
        ),
        *("mailto: stop@fjordklinikken.example", "secret: a word of thanks to all of our staff", "password: ''"),
    ],
)
def test_ordinary_values_are_no_secrets(line: str) -> None:
    assert check_secrets(document(f"{line}\n")) == ()


# What each trick of bad input becomes in our language


TRICKS: list[tuple[str, bytes, str]] = [
    ("an isolate", 'subject: "a \u2066b"\n'.encode(), "SYN021"),
    ("tag characters", 'subject: "hi\U000e0073\U000e0073"\n'.encode(), "SYN022"),
    ("a look-alike letter", 'subject: "\u041dIV test"\n'.encode(), "SYN023"),
    ("a thousand accents", b"subject: e" + "\u0301".encode() * 1000 + b"\n", "SYN024"),
    ("an escaped NUL", b'subject: "a\\0b"\n', "SYN002"),
    ("a second header", b'subject: "Hi\\r\\nBcc: x@evil.example"\n', "SYN002"),
]


@pytest.mark.parametrize(("_name", "data", "code"), TRICKS, ids=[name for name, _, _ in TRICKS])
def test_a_trick_is_reported_by_its_own_code(_name: str, data: bytes, code: str) -> None:
    found: list[Diagnostic] = []
    source = decode("a.yaml", data)
    read = read_yaml(source.value)
    found.extend((*source.diagnostics, *read.diagnostics, *check_characters(read.value)))
    assert {one.rule.code for one in found} == {code}
