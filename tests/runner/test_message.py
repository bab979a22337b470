"""Messages as bytes: headers on the wire, both bodies, pictures inside; and bundles that are what they say."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.headerregistry import Address
from pathlib import Path

import pytest
from hypothesis import example as also
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.errors import BundleError, RenderError
from campcompile.manifest import Manifest
from campcompile.parts import Branch, Context, Part, Slot
from campcompile.parts import Picture as Picture_
from campcompile.plain import collapsed, printable
from campcompile.render import Message, Value, join
from campcompile.runner.body import Body
from campcompile.runner.bundle import read_bundle
from campcompile.runner.headers import header_line, mailbox_line, text_line
from campcompile.runner.message import Bodies, compose
from campcompile.runner.mime import Picture, text_part

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
ONE_CLICK = {
    "List-Unsubscribe": "<https://clinic.example/u/k1>, <mailto:leave@clinic.example>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
MESSAGE = Message(subject="Hello", preheader="", html="<p>Hello</p>\n", text="Hello\n", headers={}, pictures=())


def bodies(message: Message, *pictures: Picture) -> Bodies:
    return Bodies(text=text_part("plain", message.text), html=text_part("html", message.html), pictures=pictures)


def wire(manifest: Manifest, message: Message) -> bytes:
    return compose(
        manifest, message, bodies(message), "kari@post.example", sender=manifest.sender, token="ab" * 16, now=NOW
    ).data


def parsed(data: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
@also("=?utf-8?q?=0D=0ABcc:_evil@x.example?=")
@also("a" * 500)
@also(" ".join(["word"] * 100))
@also("李" * 300)
@also("日本 =?x?= " * 20)
@also("👩‍⚕️" * 50)
def test_any_subject_arrives_as_it_was_said(text: str) -> None:
    subject = collapsed(printable(text))
    line = text_line("Subject", subject)
    assert line.endswith(b"\r\n")
    for folded in line[:-2].split(b"\r\n"):
        assert len(folded) <= 78 and folded.isascii()
        assert b"\r" not in folded and b"\n" not in folded
    for continued in line[:-2].split(b"\r\n")[1:]:
        assert continued.startswith(b" ")
    assert str(parsed(line + b"\r\n")["Subject"]) == subject


@pytest.mark.parametrize("display", ["Fjordklinikken", "Klinikk Ærlig, Bergen", 'Dr. "Who"', "診所", "=?x?=", ""])
def test_a_senders_name_arrives_as_it_was_said(display: str) -> None:
    found = parsed(mailbox_line("From", display, "care@clinic.example") + b"\r\n")["From"].addresses
    assert found == (Address(display, addr_spec="care@clinic.example"),)


def test_a_long_address_of_list_unsubscribe_is_never_encoded() -> None:
    address = "https://clinic.example/u/" + "k" * 400
    line = header_line("List-Unsubscribe", f"<{address}>, <mailto:leave@clinic.example>")
    assert b"=?" not in line
    assert line.replace(b"\r\n", b"") == f"List-Unsubscribe: <{address}>, <mailto:leave@clinic.example>".encode()


def test_headers_hold_no_control_characters() -> None:
    for value in ("a\r\nBcc: x", "a\0", "é"):
        with pytest.raises(ValueError, match="holds what no header may"):
            header_line("Date", value)


def test_a_message_says_what_it_must_and_nothing_that_tells(example: Manifest) -> None:
    message = parsed(wire(example, MESSAGE))
    assert message.keys() == [
        "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
    ]  # fmt: skip
    assert message["To"] == "kari@post.example"
    assert message["Date"] == "Thu, 05 Mar 2026 09:00:00 +0000"
    assert message["Message-ID"] == f"<{'ab' * 16}@clinic.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not message.defects


@pytest.mark.parametrize("layer", ["updates", "promotional"])
@pytest.mark.parametrize("headers", [{}, {"List-Unsubscribe": "<https://clinic.example/u/k1>"}])
def test_a_message_that_is_not_essential_never_goes_without_its_opt_out(
    example: Manifest, layer: str, headers: dict[str, str]
) -> None:
    manifest = replace(example, layer=layer)  # type: ignore[arg-type]
    with pytest.raises(BundleError, match=f"is {layer}, and its messages lack List-Unsubscribe"):
        wire(manifest, replace(MESSAGE, headers=headers))
    message = parsed(wire(manifest, replace(MESSAGE, headers=ONE_CLICK)))
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Unsubscribe"] == ONE_CLICK["List-Unsubscribe"]


def test_an_opt_out_too_long_for_a_header_sets_the_row_aside(example: Manifest) -> None:
    long = {**ONE_CLICK, "List-Unsubscribe": f"<https://clinic.example/{'k' * 1000}>"}
    with pytest.raises(RenderError, match="List-Unsubscribe has a line of more than 998"):
        wire(example, replace(MESSAGE, headers=long))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300).map(printable), st.sampled_from([1, 40]))
@also("Blåbærsyltetøy " * 20, 1)
@also("李小龍" * 100, 1)
@also(".", 1)
@also("From here", 1)
def test_any_body_arrives_as_it_was_written_in_short_ascii_lines(words: str, times: int) -> None:
    text = words * times + "\n"
    data = wire(_EXAMPLE[0], replace(MESSAGE, text=text, html=f"<p>{text}</p>\n"))
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 78
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    plain, rich = parsed(data).iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == text
    assert rich.get_content().replace("\r\n", "\n") == f"<p>{text}</p>\n"


@pytest.mark.parametrize("text", ["", "word " * 40, "blåbær " * 40, "\n\n", "a\r\nb\rc"])
def test_a_body_without_a_last_line_end_is_given_one(example: Manifest, text: str) -> None:
    data = wire(example, replace(MESSAGE, text=text))
    assert data.count(b"\n") == data.count(b"\r\n")
    plain, _ = parsed(data).iter_parts()
    expected = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    assert plain.get_content().replace("\r\n", "\n") == expected


_EXAMPLE: list[Manifest] = []


@pytest.fixture(autouse=True)
def _keep(example: Manifest) -> None:
    _EXAMPLE[:] = [example]


def test_a_bundle_is_read_with_every_digest_checked(make_bundle: Callable[..., Path]) -> None:
    path = make_bundle()
    by_file, by_folder = read_bundle(path), read_bundle(path.parent)
    assert by_file == by_folder
    assert by_file.picture("3f2a9c1d5b7e8a40.png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        ("emails/week-before.nb.html", b"<p>other</p>", "is not the file that was compiled"),
        ("assets/3f2a9c1d5b7e8a40.png", b"", "is not the file that was compiled"),
        ("emails/week-before.nb.txt", None, "can't read"),
        ("manifest.json", None, "can't read"),
        ("manifest.json", b"{", "is no JSON"),
        ("manifest.json", b"[" * 100_000, "is no JSON"),
        ("manifest.json", b"\xff", "is no JSON"),
        ("manifest.json", b"[]", "is no manifest of this version"),
        ("manifest.json", b'{"schema": "campcompile.manifest/2"}', "is no manifest of this version"),
    ],
)
def test_a_bundle_that_was_touched_is_refused(
    make_bundle: Callable[..., Path], path: str, content: bytes | None, why: str
) -> None:
    manifest = make_bundle()
    touched = manifest.parent / path
    if content is None:
        touched.unlink()
    else:
        touched.write_bytes(content)
    with pytest.raises(BundleError, match=why) as caught:
        read_bundle(manifest)
    assert caught.value.help


def test_a_digest_that_is_not_of_the_files_is_refused(make_bundle: Callable[..., Path]) -> None:
    with pytest.raises(BundleError, match="its own digest isn't of"):
        read_bundle(make_bundle(digest="0" * 64))


def test_a_path_that_leads_out_is_never_read(make_bundle: Callable[..., Path], example: Manifest) -> None:
    (email_,) = example.emails
    out = replace(email_.renderings[0].html, path="../../secret.html")
    emails = (replace(email_, renderings=(replace(email_.renderings[0], html=out),)),)
    with pytest.raises(BundleError, match="lies outside the bundle"):
        read_bundle(make_bundle(emails=emails))


PARTS = st.recursive(
    st.one_of(
        st.text(alphabet="ab é李=.\r\n \t", max_size=90),
        st.sampled_from([Slot("t1", Context.TEXT), Slot("t2", Context.TEXT), Picture_("a.png")]),
    ),
    lambda inner: st.builds(Branch, st.just("c1"), st.tuples(inner), st.tuples(inner)),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PARTS, max_size=6), st.text(max_size=120), st.booleans())
def test_a_body_encoded_once_reads_as_the_joined_text_does(parts: list[Part], value: str, shown: bool) -> None:
    found: dict[str, Value] = {"t1": value, "t2": "x" * 100, "c1": shown}
    body = Body("html", tuple(parts))
    made = body.part(found, {}, "cid:{}".format)
    head, _, content = made.partition(b"\r\n\r\n")
    if body.is_quoted:
        assert all(len(line) <= 76 for line in content.split(b"\r\n"))
        assert b"\n" not in content.replace(b"\r\n", b"")
    read = parsed(b"MIME-Version: 1.0\r\n" + head + b"\r\n\r\n" + content).get_content()
    joined = join(tuple(parts), found, {}, picture="cid:{}".format)
    wanted = joined.replace("\r\n", "\n").replace("\r", "\n")
    assert read.replace("\r\n", "\n").removesuffix("\n") == wanted.removesuffix("\n")
