"""`campcompile send`, as a person uses it: dry, into .eml files, and to a real mail server on loopback."""

from __future__ import annotations

import csv
import email
import email.policy
import os
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import html5lib
import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner, Result
from selectolax.lexbor import LexborHTMLParser

from campcompile.cli.send import send
from campcompile.errors import BundleError, CampcompileError, DeliveryError, RecipientsError, UsageError
from campcompile.plain import collapsed, printable

HOSTILE = {
    "double quotes": 'Kari "Ka" Moe',
    "single quotes": "Kari O'Hara",
    "line feed": "Kari\nBcc: evil@x.example",
    "line end": "Kari\r\nBcc: evil@x.example\r\n\r\n<h1>body</h1>",
    "encoded word": "=?utf-8?q?Kari=0D=0ABcc:_evil@x.example?=",
    "less-than": "Kari < Moe > & Co &amp; &lt;b&gt;",
    "tags": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "tag breakers": "\"><!--</title></style></a>-->'><b>",
    "conditional comment": "<![endif]--><!--[if mso]>",
    "emoji": "Zoë 👩‍⚕️👍🏽",
    "Chinese": "李小龍",
    "Hebrew": "משה",
    "Arabic in Latin": "Kari محمد Moe",
    "bidi override": "Kari \u202eeom\u2069\u2069",
    "template": "{{ x }} {% if t1 %} {# no #} {{ 7*7 }}",
    "percent": "100% %s %(name)s %0d%0aBcc: x",
    "NUL": "Ka\0ri",
    "controls": "Ka\x1b[31mri\x07\x85\u2028",
    "dots": "\n.\nQUIT",
    "long": "Kari " * 2000,
    "long word": "K" * 10_000,
    "long Chinese": "李" * 10_000,
    "backslash": "Kari \\r\\n \\u202e",
    "spaces": "  Kari   Moe  ",
}
WHERE = "https://time.clinic.example/c/"


@dataclass
class Server:
    """A mail server that keeps what it gets, and refuses addresses that say so."""

    received: list[tuple[list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("refused"):
            return f"550 5.1.1 no such user {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.received.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        return [parsed(content) for _, content in self.received]


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture
def server() -> Iterator[tuple[Server, str]]:
    kept = Server()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    yield kept, f"127.0.0.1:{port}"
    controller.stop()


def run(*arguments: str | Path) -> Result:
    """As typed; errors of the world come through, as cli/main.py catches them once."""
    result = CliRunner().invoke(send, [str(argument) for argument in arguments])
    if isinstance(result.exception, CampcompileError):
        raise result.exception
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def structure(html: str) -> list[str]:
    """Every element in order with the names of its attributes, as html5lib, a browser's algorithm, sees it."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    return [f"{element.tag} {sorted(element.attrib)}" for element in tree.iter() if isinstance(element.tag, str)]


def fast_structure(html: str) -> list[str]:
    return [f"{node.tag} {sorted(node.attributes)}" for node in LexborHTMLParser(html).root.traverse()]  # type: ignore[union-attr]


def test_a_dry_run_says_what_would_go_and_sends_nothing(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    people = make_csv(
        {},
        {"email": "ola@post.example", "locale": "en-GB"},
        {"email": "per@post.example", "appointment.status": "cancelled"},
        {"email": "no-address"},
        {},
    )
    before = sorted(tmp_path.rglob("*"))
    result = run(make_bundle(), "--email", "week-before", "--recipients", people)
    assert result.exit_code == 1
    assert result.stdout == (
        "ap71 week-before: dry run, nothing is sent\n"
        "  en       1 message     Hello …: a message\n"
        "  nb       1 message     Hei …: a message\n"
        "  1 row left out: not in the audience\n"
        "  2 rows set aside:\n"
        "    row 5: `email` is no e-mail address\n"
        "    row 6: the same recipient as row 2\n"
        "add --outbox DIR to write .eml files, or --smtp HOST:PORT --apply to deliver\n"
    )
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before and "build" not in path.parts] == []


def test_messages_arrive_at_a_mail_server(make_bundle: Any, make_csv: Any, server: tuple[Server, str]) -> None:
    kept, address = server
    people = make_csv({}, {"email": "ola@post.example", "locale": "en", "patient.first_name": ""})
    result = run(
        make_bundle(), "--email", "week-before", "--recipients", people, "--smtp", address, "--apply",
        "--now", "2026-03-05T09:00+01:00",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert f"2 messages delivered to {address}" in result.stdout
    assert [recipients for recipients, _ in kept.received] == [["kari@post.example"], ["ola@post.example"]]
    kari, ola = kept.messages
    assert kari["Subject"] == "Hei Kari: a message"
    assert ola["Subject"] == "Hello: a message"
    assert str(kari["From"]) == '"Klinikk Ærlig, Bergen" <care@clinic.example>'
    assert (kari["To"], kari["Reply-To"]) == ("kari@post.example", "post@clinic.example")
    assert kari["Date"] == "Thu, 05 Mar 2026 08:00:00 +0000"
    assert "List-Unsubscribe" not in kari  # essential
    assert body(kari, "plain") == "Hei Kari,\n\n12 March 2026\n\nConfirm: https://time.clinic.example/c/k1\n"
    assert ">09:00<" in body(kari, "html")
    assert not kari.defects and len({message["Message-ID"] for message in kept.messages}) == 2


def test_pictures_travel_inside_the_message(make_bundle: Any, make_csv: Any, server: tuple[Server, str]) -> None:
    kept, address = server
    run(make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--smtp", address, "--apply")
    (message,) = kept.messages
    (picture,) = [part for part in message.walk() if part.get_content_type() == "image/png"]
    content_id = picture["Content-ID"].strip("<>")
    assert f'src="cid:{content_id}"' in body(message, "html")
    assert "../assets/" not in body(message, "html")
    assert picture.get_content_disposition() == "inline"
    assert picture.get_content().startswith(b"\x89PNG")
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip


@pytest.mark.parametrize("layer", ["updates", "promotional"])
def test_who_is_written_to_without_need_can_leave_with_one_click(
    layer: str, make_bundle: Any, make_csv: Any, server: tuple[Server, str]
) -> None:
    kept, address = server
    columns = (*COLUMNS, "links.one_click")
    people = make_csv(
        {}, {"email": "ola@post.example", "links.one_click": "https://evil.example/u"},
        {"email": "per@post.example", "links.one_click": ""}, columns=columns,
    )  # fmt: skip
    result = run(make_bundle(layer), "--email", "week-before", "--recipients", people, "--smtp", address, "--apply")
    (message,) = kept.messages
    assert message["List-Unsubscribe"] == "<https://clinic.example/u/k1>, <mailto:leave@clinic.example>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert result.exit_code == 1
    assert "row 3: `links.one_click` is not on `clinic.example`" in result.stdout
    assert "row 4: `links.one_click` is empty" in result.stdout


def test_hostile_names_arrive_intact_and_inject_nothing(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str]
) -> None:
    kept, address = server
    names = ["Kari", *HOSTILE.values()]
    rows = [{"email": f"p{number}@post.example", "patient.first_name": name} for number, name in enumerate(names)]
    people = make_csv(*rows)
    result = run(make_bundle(), "--email", "week-before", "--recipients", people, "--smtp", address, "--apply")
    assert result.exit_code == 0, result.output
    usual, *hostile = kept.messages
    assert len(hostile) == len(HOSTILE)
    for (what, name), message in zip(HOSTILE.items(), hostile, strict=True):
        shown = printable(name.strip())
        assert message.keys() == usual.keys(), what
        assert not message.defects, what
        assert str(message["Subject"]) == f"Hei {collapsed(shown)}: a message", what
        assert body(message, "plain").startswith(f"Hei {shown},\n\n12 March 2026\n\nConfirm: "), what
        html, plain_html = body(message, "html"), body(usual, "html")
        assert structure(html) == structure(plain_html), what
        assert fast_structure(html) == fast_structure(plain_html), what
        tree = LexborHTMLParser(html)
        assert tree.css_first("p").text() == f"Hei {shown},", what  # type: ignore[union-attr]
        assert tree.css_first("p[title]").attributes["title"] == shown, what  # type: ignore[union-attr]
        assert tree.css_first("img").attributes["alt"] == shown, what  # type: ignore[union-attr]
        assert "evil@x.example" not in str(message["To"])
    lines = [line for _, content in kept.received for line in content.split(b"\r\n")]
    assert max(map(len, lines)) <= 998
    assert all(recipients == [f"p{number}@post.example"] for number, (recipients, _) in enumerate(kept.received))


def test_hostile_names_in_a_link_arrive_encoded_or_not_at_all(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str]
) -> None:
    kept, address = server
    unsafe = {what for what, name in HOSTILE.items() if any(ord(char) < 32 or char in "\x85\\" for char in name)}
    rows = [
        {"email": f"p{number}@post.example", "links.confirm": WHERE + name}
        for number, name in enumerate(HOSTILE.values())
    ]
    result = run(make_bundle(), "--email", "week-before", "--recipients", make_csv(*rows), "--smtp", address, "--apply")
    refused = {what for what, row in zip(HOSTILE, range(2, 100), strict=False) if f"row {row}: " in result.stdout}
    assert refused == unsafe
    safe = [name for what, name in HOSTILE.items() if what not in unsafe]
    for name, message in zip(safe, kept.messages, strict=True):
        link = LexborHTMLParser(body(message, "html")).css_first("a").attributes["href"]  # type: ignore[union-attr]
        assert link is not None and link.isascii() and link.startswith(WHERE)
        assert unquote(link.removeprefix(WHERE)) == unquote(name.rstrip())
        assert f"Confirm: {link}\n" in body(message, "plain")


def test_the_report_never_shows_a_person(make_bundle: Any, make_csv: Any, server: tuple[Server, str]) -> None:
    _, address = server
    secret = "secret"
    people = make_csv(
        {"email": "refused.secret@post.example", "patient.first_name": secret},
        {"email": "secret@@post.example"},
        {"email": "b@post.example", "links.confirm": "https://secret.example/"},
        {"email": "c@post.example", "appointment.start": secret},
        {"email": "d@post.example", "locale": "xx"},
        {"email": "e@post.example", "patient.first_name": secret},
    )
    result = run(make_bundle(), "--email", "week-before", "--recipients", people, "--smtp", address, "--apply")
    assert result.exit_code == 1
    assert "row 2: the server refused it with code 550" in result.stdout
    assert "1 message delivered" in result.stdout
    assert secret not in result.output


def test_without_apply_no_server_is_asked(make_bundle: Any, make_csv: Any) -> None:
    result = run(make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--smtp", "127.0.0.1:1")
    assert result.exit_code == 0
    assert "dry run, nothing is sent" in result.stdout
    assert "add --apply to deliver to 127.0.0.1:1" in result.stdout


@pytest.mark.parametrize("host", ["192.0.2.1:25", "[2001:db8::1]:25", "0.0.0.0:25", "[::ffff:192.0.2.1]:25"])
@pytest.mark.parametrize("apply", [(), ("--apply",)])
def test_only_this_machine_is_delivered_to(host: str, apply: tuple[str, ...], make_bundle: Any, make_csv: Any) -> None:
    with pytest.raises(DeliveryError, match="without a ledger it delivers to loopback hosts only"):
        run(make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--smtp", host, *apply)


@pytest.mark.parametrize("host", ["localhost", "localhost:", "127.0.0.1:0", "127.0.0.1:99999", "::1:25", "a b:25x"])
def test_a_server_that_is_no_host_and_port_is_refused(host: str, make_bundle: Any, make_csv: Any) -> None:
    with pytest.raises(UsageError, match="is no server"):
        run(make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--smtp", host)


def test_a_server_that_does_not_answer_is_named(make_bundle: Any, make_csv: Any) -> None:
    with pytest.raises(DeliveryError, match=r"no mail server answers at `127\.0\.0\.1:1`"):
        run(make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--smtp", "127.0.0.1:1", "--apply")


def test_a_server_that_breaks_off_again_and_again_ends_the_run_and_what_is_unknown_is_told(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, address = server

    async def vanish(*arguments: Any) -> str:
        if kept.received:
            arguments[0].transport.close()
            return ""
        kept.received.append(([], b""))
        return "250 OK"

    monkeypatch.setattr(kept, "handle_DATA", vanish, raising=False)
    people = make_csv(*({"email": f"p{number}@post.example"} for number in range(9)))
    result = CliRunner().invoke(
        send,
        [str(make_bundle()), "--email", "week-before", "--recipients", str(people), "--smtp", address, "--apply"],
    )
    assert isinstance(result.exception, DeliveryError)
    assert "1 message delivered" in result.stdout
    assert "3 rows unknown, each may or may not have arrived:\n    row 3: the connection was lost" in result.stdout
    assert "row 6" not in result.stdout


def test_an_address_beyond_ascii_is_delivered_where_the_server_can(
    make_bundle: Any, make_csv: Any, server: tuple[Server, str]
) -> None:
    kept, address = server
    people = make_csv({"email": "jalapeño@post.example"}, {"email": "ola@bücher.example"})
    result = run(make_bundle(), "--email", "week-before", "--recipients", people, "--smtp", address, "--apply")
    assert result.exit_code == 0, result.output
    assert [recipients for recipients, _ in kept.received] == [["jalapeño@post.example"], ["ola@xn--bcher-kva.example"]]


def test_an_outbox_holds_whole_messages_for_its_owner_alone(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    outbox = tmp_path / "out" / "box"
    people = make_csv({}, {"email": "ola@post.example"})
    result = run(make_bundle(), "--email", "week-before", "--recipients", people, "--outbox", outbox)
    assert result.exit_code == 0
    assert f"2 messages written into {outbox}" in result.stdout
    files = sorted(outbox.iterdir())
    assert len(files) == 2
    assert {parsed(path.read_bytes())["To"] for path in files} == {"kari@post.example", "ola@post.example"}
    for path in files:
        assert path.suffix == ".eml" and len(path.stem) == 32 and "kari" not in path.name
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert stat.S_IMODE(outbox.stat().st_mode) == 0o700


def test_an_outbox_that_cannot_be_made_is_named(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DeliveryError, match="can't make the folder"):
        run(
            make_bundle(), "--email", "week-before", "--recipients", make_csv({}), "--outbox", tmp_path / "file" / "box"
        )


def test_an_unknown_email_is_named_with_those_there_are(make_bundle: Any, make_csv: Any) -> None:
    with pytest.raises(UsageError, match="no e-mail `week-after` in campaign `ap71`") as caught:
        run(make_bundle(), "--email", "week-after", "--recipients", make_csv({}))
    assert caught.value.help == "did you mean `week-before`? there are `week-before`"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--outbox", "x", "--smtp", "localhost:25"), "both --outbox and --smtp"),
        (("--apply",), "--apply needs --smtp"),
        (("--now", "2026-03-05T09:00"), "is no instant"),
        (("--now", "tomorrow"), "is no instant"),
    ],
)
def test_options_that_do_not_go_together_are_told(
    arguments: tuple[str, ...], why: str, make_bundle: Any, make_csv: Any
) -> None:
    with pytest.raises(UsageError, match=why):
        run(make_bundle(), "--email", "week-before", "--recipients", make_csv({}), *arguments)


def test_a_missing_column_is_named_and_nothing_goes(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    people = make_csv({}, columns=tuple(name for name in COLUMNS if name != "links.confirm"))
    with pytest.raises(RecipientsError, match=r"lacks the column `links\.confirm`"):
        run(make_bundle(), "--email", "week-before", "--recipients", people, "--outbox", tmp_path / "box")
    assert not (tmp_path / "box").exists()


def test_a_touched_bundle_sends_nothing(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    manifest = make_bundle()
    (manifest.parent / "emails" / "week-before.nb.html").write_text("<p>other</p>")
    with pytest.raises(BundleError):
        run(manifest, "--email", "week-before", "--recipients", make_csv({}), "--outbox", tmp_path / "box")
    assert not (tmp_path / "box").exists()


def test_two_appointments_of_one_person_are_two_messages(make_bundle: Any, make_csv: Any, tmp_path: Path) -> None:
    people = make_csv({}, {"appointment.start": "2026-03-19T09:00+01:00"}, {})
    result = run(make_bundle(), "--email", "week-before", "--recipients", people)
    assert "nb       2 messages" in result.stdout
    assert "row 4: the same recipient as row 2" in result.stdout


def test_in_a_newsletter_an_address_is_written_to_once(make_bundle: Any, make_csv: Any) -> None:
    people = make_csv({}, {"email": "KARI@post.example", "patient.first_name": "Ka"})
    result = run(make_bundle(anchor="entry"), "--email", "week-before", "--recipients", people)
    assert "row 3: the same recipient as row 2" in result.stdout


COLUMNS = (
    "email", "locale", "patient.first_name", "appointment.start", "appointment.status", "appointment.site",
    "links.confirm",
)  # fmt: skip


def test_help_shows_examples() -> None:
    result = CliRunner().invoke(send, ["--help"])
    assert result.exit_code == 0
    assert "campcompile send build/ap71/manifest.json --email week-before --recipients people.csv" in result.stdout
    assert "email,locale,patient.first_name,appointment.start" in result.stdout


def test_the_example_file_of_the_tests_is_csv(make_csv: Callable[..., Path]) -> None:
    with make_csv({}).open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == list(COLUMNS)
