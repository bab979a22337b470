"""`send --smtp --apply` to a real SMTP server: messages that parse, can be left, and hold names without being held up.

The pieces are tested in tests/runner with a bundle made by hand; here a campaign is compiled and sent by the program.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from campcompile.manifest import Manifest, from_json
from tests.acceptance.outside import Inbox, mail_server, run
from tests.acceptance.practice import attribute, attributes, letter, quick_shape, shape, shown
from tests.rules.examples import picture
from tests.workspace import CAMPCOMPILE, DICTIONARY, lay, workspace

LOCALES = ("en", "fr", "nb", "zh-Hant")
EMAILS = {
    "kq47": ("week-before", "three-days-before", "day-before", "two-hours-before"),
    "dv62": ("at-once", "day-two", "three-days-before", "day-after"),
    "hx35": ("first", "again"),
    "wm83": ("issue-2026-09",),
}
pytestmark = pytest.mark.xdist_group("delivery")  # one practice compiled that all send from
NOW = ("--now", "2026-09-01T09:00+02:00")

NAMES = {
    "double quotes": 'Ann "Annie" Moe',
    "single quotes": "O'Hara’s ‘Kit’",
    "a quote and a tag's end": '"><b>bold</b>',
    "line feed": "Ann\nBcc: evil@evil.example",
    "line end and body": "Ann\r\nBcc: evil@evil.example\r\n\r\n<h1>body</h1>",
    "line end and header": "Ann\r\nList-Unsubscribe: <https://evil.example/>",
    "bare carriage return": "Ann\rX-Evil: 1",
    "end of data": "Ann\r\n.\r\nMAIL FROM:<evil@evil.example>",
    "MIME boundary": "Ann\n--=_0_1\nContent-Type: text/html\n\nx",
    "encoded word": "=?utf-8?q?Ann=0D=0ABcc:_evil@evil.example?=",
    "encoded line end": "Ann%0d%0aBcc:%20evil@evil.example",
    "less-than": "Ann < Moe > & Co",
    "ended tag": "</td></table></div></body></html>Ann",
    "script": "<script>alert(1)</script>",
    "picture": "<img src=x onerror=alert(1)>",
    "references": "&lt;b&gt; &amp; &#60;i&#62; &notanentity; &copy",
    "comment": "--><!-- <![endif]--><!--[if mso]>",
    "CDATA": "]]><![CDATA[<b>",
    "closing title": "</title></style></script><b>",
    "MJML": "</mj-text><mj-raw><b></mj-raw>",
    "template": "{{ t1 }} {% if c1 %} {{ 7*7 }} {# no #}",
    "half a template": "{{ %} }} {% {",
    "our own tokens": "__cc_h0__ __cc_b0__ ../assets/a.png cid:x",
    "percent": "100% %s %(name)s {0} {name}",
    "backslashes": "Ann \\r\\n \\u202e \\\\",
    "emoji": "Zoë 👩‍⚕️👍🏽🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "Chinese": "李小龍",
    "Chinese beyond the BMP": "𠮷野家𡚴",
    "Japanese and Korean": "山田 たろう 김민준",
    "Hebrew": "משה כהן",
    "Arabic": "محمد عبد الله",
    "Arabic in Latin": "Ann محمد Moe (42)",
    "bidi override": "Ann \u202eeoM\u202c 1",
    "bidi end": "Ann \u2069\u2069 Moe",
    "Hindi": "क्षितिज",
    "Thai": "น้ำใจ",
    "decomposed accents": "Zoe\u0308 A\u030angstro\u0308m",
    "no-break space": "Ann\u00a0Moe\u202f&\u2009Co",
    "zero width": "Ann\u200bMoe\u200d\ufeff",
    "long": "Ann " * 400 + "Moe",
    "long word": "M" * 3000,
    "long Chinese": "李" * 2000,
    "Markdown": "**Ann** [x](https://evil.example) `code` # 1. - >",
    "address": "https://evil.example/ evil@evil.example www.evil.example",
    "NUL": "Ann\x00Moe",
    "controls": "A\x1b[31mnn\x07\x08\x7f",
    "separators": "Ann\u2028Moe\u2029B",
    "spreadsheet formula": "=cmd|' /C calc'!A0",
    "commas and semicolons": "Moe, Ann; Dr.\tMD",
}
LINK = "https://time.fjordklinikken.example/c/"
PLAIN = "Unmistakable"

HOSTILE_DICTIONARY = (
    DICTIONARY.replace("label: contact, hipaa: A", "label: contact, required: true, hipaa: A")
    + "  patient.page: {type: url, label: public, required: true}\n"
)
HOSTILE_LETTER = letter(
    """\
- phrase: greeting
- text: |
    ## For {{ recipient.first_name }}

    **{{ recipient.first_name }}**, see [{{ recipient.first_name }}](patient.page).
- button: {label: "{{ recipient.first_name }}’s page", to: patient.page}
- checklist: {title: "To {{ recipient.first_name }}", items: ["{{ recipient.first_name }}: one"]}
- image: {src: a.png, alt: "{{ recipient.first_name }} at sea", to: patient.page}
- details: {rows: [{label: Name, value: "{{ recipient.first_name }}"}]}
""",
    subject="{{ recipient.first_name }}: news from the fjord",
    preheader="For {{ recipient.first_name }} alone",
).replace("purpose: operations", "purpose: treatment")
LENIENT = CAMPCOMPILE.replace("profile: strict", "profile: standard")  # where a first name may stand in a subject


def people(place: Path, rows: list[dict[str, str]]) -> Path:
    path = place / "people.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path


def manifest_at(path: Path) -> Manifest:
    return from_json(json.loads(path.read_bytes()))


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None, kind
    return str(part.get_content())


def defects(message: EmailMessage) -> list[object]:
    """Of all parts, and of every header as Python reads it."""
    found: list[object] = []
    for part in message.walk():
        found += part.defects
        for value in part.values():
            found += getattr(value, "defects", ())
    return found


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mail_server() as served:
        yield served


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, copy_of_example: Callable[[Path], Path]) -> Path:
    """A copy of the example practice, compiled."""
    place = copy_of_example(tmp_path_factory.mktemp("practice"))
    outcome = run(place, "compile")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return place


def example_row(manifest: Manifest, number: int, locale: str) -> dict[str, str]:
    """Somebody who is in the campaign's audience: newly registered for a welcome, long known for a recall."""
    new = manifest.code == "dv62"
    known = {
        "appointment.start": "2026-09-08T09:00+02:00",
        "appointment.end": "2026-09-08T09:30+02:00",
        "appointment.status": "fulfilled" if new else "booked",
        "appointment.site": "fjellsiden",
        "appointment.provider": "Solveig Aaland",
        "appointment.interpreter": "yes",
        "appointment.no_show_risk": "high",
        "links.confirm": f"https://time.lyngvag.example/c/{number}",
        "links.one_click": f"https://lyngvag.example/u/{number}",
        "patient.email": f"p{number}@post.example",
        "patient.first_name": "Kari",
        "patient.country": "NO",
        "patient.site": "fjellsiden",
        "patient.registered_at": "2026-08-25T09:00+02:00" if new else "2020-01-01T09:00+01:00",
        "patient.first_visit": "2026-09-08T09:00+02:00" if new else "2020-01-08T09:00+01:00",
        "patient.last_visit": "2025-03-03T09:00+01:00",
        "patient.birth_date": "1980-01-01",
    }
    return {"email": f"p{number}@post.example", "locale": locale} | {
        field.name: known.get(field.name, "") for field in manifest.fields if not field.ledger
    }


@pytest.mark.parametrize(("code", "email_id"), [(code, id) for code, ids in EMAILS.items() for id in ids])
def test_every_email_of_the_example_arrives_in_every_locale(
    code: str, email_id: str, practice: Path, tmp_path: Path, inbox: Inbox
) -> None:
    path = practice / "build" / code / "manifest.json"
    manifest = manifest_at(path)
    rows = [example_row(manifest, number, locale) for number, locale in enumerate(LOCALES)]
    outcome = run(
        practice, "send", path, "--email", email_id, "--recipients", people(tmp_path, rows),
        "--smtp", inbox.address, "--apply", *NOW,
    )  # fmt: skip
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert f"4 messages delivered to {inbox.address}" in outcome.stdout
    assert [to for to, _ in inbox.received] == [[row["email"]] for row in rows], "one recipient a message"
    essential = code in ("kq47", "dv62")
    assert (manifest.layer == "essential") is essential
    for number, (locale, message) in enumerate(zip(LOCALES, inbox.messages, strict=True)):
        assert defects(message) == []
        assert message.get_content_type() == "multipart/alternative"
        text, html = body(message, "plain"), body(message, "html")
        assert "Lyngvåg Klinikk" in message["Subject"]
        assert "Lyngvåg Klinikk" in text and "Lyngvåg Klinikk" in shown(html)
        assert attribute(html, "html", "lang") == locale
        assert not re.search(r"\{\{|\{%|__cc_|<mj-", text + html)
        headers = [name for name in message if name.lower().startswith("list-")]
        if essential:
            assert headers == []
            assert "https://lyngvag.example/valg" not in text + html
        else:
            assert headers == ["List-Unsubscribe", "List-Unsubscribe-Post"]
            own = f"<https://lyngvag.example/u/{number}>"
            assert message["List-Unsubscribe"] == f"{own}, <mailto:avmeld@lyngvag.example>"
            assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
            assert "https://lyngvag.example/valg" in text
            assert attribute(html, 'a[href="https://lyngvag.example/valg"]', "href")
        for part in message.walk():
            if part.get_content_maintype() == "image":
                assert f'src="cid:{str(part["Content-ID"]).strip("<>")}"' in html


def test_the_test_above_covers_every_email(practice: Path) -> None:
    ids = {code: tuple(email.id for email in manifest_at(practice / "build" / code / "manifest.json").emails)
           for code in EMAILS}  # fmt: skip
    assert ids == EMAILS
    index = json.loads((practice / "build" / "index.json").read_bytes())
    assert {campaign["code"] for campaign in index["campaigns"]} == EMAILS.keys()


# Hostile names


def plainly(text: str) -> str:
    """A name as its own characters on one line: no controls, line ends as spaces, no marks of direction around it."""
    text = re.sub("\r\n|[\t\n\v\f\r\x85\u2028\u2029]", " ", text)
    return re.sub(" +", " ", re.sub("[\x00-\x1f\x7f-\x9f\u2066-\u2069]", "", text)).strip(" ")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign that prints a name everywhere that a name can stand, compiled."""
    files = {
        "campaigns/_shared/dictionary.yaml": HOSTILE_DICTIONARY,
        "campaigns/letter/campaign.yaml": HOSTILE_LETTER,
        "campcompile.yaml": LENIENT,
        "assets/a.png": picture(),
    }
    place = lay(tmp_path_factory.mktemp("hostile"), workspace(files))
    outcome = run(place, "compile", "--fail-on", "info")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return place


def name_row(number: int, name: str) -> dict[str, str]:
    return {
        "email": f"p{number}@post.example",
        "locale": "en",
        "patient.first_name": name,
        "patient.page": LINK + quote(name, safe=""),
        "patient.topics": "news",
        "links.one_click": f"https://fjordklinikken.example/u/{number}",
    }


@pytest.fixture(scope="module")
def delivered(hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[EmailMessage, dict[str, EmailMessage]]:
    """The message to somebody with a plain name, and those to everybody else."""
    rows = [name_row(number, name) for number, name in enumerate([PLAIN, *NAMES.values()])]
    file = people(tmp_path_factory.mktemp("names"), rows)
    with mail_server() as inbox:
        outcome = run(
            hostile, "send", "build/lt26", "--email", "letter", "--recipients", file,
            "--smtp", inbox.address, "--apply", *NOW,
        )  # fmt: skip
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert [to for to, _ in inbox.received] == [[row["email"]] for row in rows]
    first, *others = inbox.messages
    return first, dict(zip(NAMES, others, strict=True))


Delivered = tuple[EmailMessage, dict[str, EmailMessage]]


def test_there_are_names_enough() -> None:
    assert len(NAMES) >= 30


@pytest.mark.parametrize("what", NAMES)
def test_a_name_arrives_intact_in_subject_and_greeting(what: str, delivered: Delivered) -> None:
    message, name = delivered[1][what], plainly(NAMES[what])
    html, text = body(message, "html"), body(message, "plain")
    assert plainly(str(message["Subject"])) == f"{name}: news from the fjord"
    assert plainly(text.split("\n")[0]) == f"Hello {name},"
    assert plainly(shown(html, "p")) == f"Hello {name},"
    assert plainly(shown(html, "h2")) == f"For {name}"
    assert plainly(shown(html, "strong")) == name
    assert plainly(attribute(html, "img", "alt")) == f"{name} at sea"


@pytest.mark.parametrize("what", NAMES)
def test_a_name_arrives_intact_in_a_url(what: str, delivered: Delivered) -> None:
    message, name = delivered[1][what], NAMES[what]
    html, text = body(message, "html"), body(message, "plain")
    own = [link for link in attributes(html, "a", "href") if link.startswith(LINK)]
    assert len(own) == 3, "the link, the button and the picture"
    assert {unquote(link.removeprefix(LINK)) for link in own} == {name}
    printed = re.findall(re.escape(LINK) + r"[A-Za-z0-9%._~-]*", text)
    assert {unquote(link.removeprefix(LINK)) for link in printed} == {name}


def test_a_name_in_a_url_that_nobody_encoded_arrives_encoded_or_the_row_is_set_aside(
    hostile: Path, tmp_path: Path, inbox: Inbox
) -> None:
    """An address of one's own made by joining texts: it is still one address, in HTML and in plain text."""
    unsafe = [what for what, name in NAMES.items() if re.search(r"[\x00-\x1f\x7f-\x9f\\]", name)]
    rows = [
        {**name_row(number, PLAIN), "patient.page": LINK + name} for number, name in enumerate([PLAIN, *NAMES.values()])
    ]
    outcome = run(
        hostile, "send", "build/lt26", "--email", "letter", "--recipients", people(tmp_path, rows),
        "--smtp", inbox.address, "--apply", *NOW,
    )  # fmt: skip
    assert outcome.returncode == 1 and f"{len(unsafe)} rows set aside" in outcome.stdout, outcome.stdout
    usual, *others = inbox.messages
    safe = [what for what in NAMES if what not in unsafe]
    for what, message in zip(safe, others, strict=True):
        html, text = body(message, "html"), body(message, "plain")
        own = {link for link in attributes(html, "a", "href") if link.startswith(LINK)}
        assert {unquote(link.removeprefix(LINK)) for link in own} == {unquote(NAMES[what].strip())}, what
        (link,) = own
        assert re.fullmatch(r"[!-~]+", link) and not re.search(r"[<>\"]", link), what
        assert message.keys() == usual.keys() and defects(message) == [], what
        assert shape(html) == shape(body(usual, "html")), what
        assert quick_shape(html) == quick_shape(body(usual, "html")), what
        assert text == body(usual, "plain").replace(LINK + PLAIN, link), what


@pytest.mark.parametrize("what", NAMES)
def test_a_name_injects_nothing(what: str, delivered: Delivered) -> None:
    usual, others = delivered
    message, name = others[what], NAMES[what]
    assert defects(message) == []
    assert message.keys() == usual.keys()
    assert [inner(part) for part in message.walk()] == [inner(part) for part in usual.walk()]
    html, usual_html = body(message, "html"), body(usual, "html")
    assert shape(html) == shape(usual_html)
    assert quick_shape(html) == quick_shape(usual_html)
    text, usual_text = body(message, "plain"), body(usual, "plain")
    usual_text = usual_text.replace(LINK + PLAIN, LINK + quote(name, safe=""))
    assert [plainly(line) for line in text.split("\n")] == [
        plainly(line.replace(PLAIN, plainly(name))) for line in usual_text.split("\n")
    ]


def inner(part: EmailMessage) -> tuple[object, ...]:
    """What a part says it is, but how it is encoded: that follows its letters."""
    return part.keys(), part.get_content_type(), part.get_content_charset(), part.get_filename()


def test_the_same_shape_can_be_missed(delivered: Delivered) -> None:
    """So that the tests above could fail: an unescaped name changes what they compare."""
    usual_html = body(delivered[0], "html")
    for what in ("script", "picture", "ended tag", "a quote and a tag's end", "comment"):
        broken = usual_html.replace(PLAIN, NAMES[what])
        assert shape(broken) != shape(usual_html) or quick_shape(broken) != quick_shape(usual_html), what


# Where nothing may go


WATCHED = """
import json, sys
seen = []
def watch(event, arguments):
    if event.startswith("socket."):
        seen.append(event)
sys.addaudithook(watch)
from campcompile.cli.main import main
code = main(sys.argv[1:])
print("EVENTS " + json.dumps(seen))
sys.exit(code)
"""


def sockets_of(place: Path, *arguments: str | Path) -> tuple[int, str, list[str]]:
    """Exit code, what was said, and every event of Python's socket module."""
    outcome = subprocess.run(
        [sys.executable, "-c", WATCHED, *map(str, arguments)],
        cwd=place, capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    said, _, events = outcome.stdout.rpartition("EVENTS ")
    return outcome.returncode, said + outcome.stderr, json.loads(events)


def test_a_dry_run_opens_no_socket(hostile: Path, tmp_path: Path, inbox: Inbox) -> None:
    file = people(tmp_path, [name_row(1, "Kari")])
    send = ("send", "build/lt26", "--email", "letter", "--recipients", file)
    code, said, events = sockets_of(hostile, *send)
    assert (code, events) == (0, []), said
    assert "dry run, nothing is sent" in said
    code, said, events = sockets_of(hostile, *send, "--outbox", tmp_path / "out")
    assert (code, events) == (0, []), said
    code, said, events = sockets_of(hostile, *send, "--smtp", inbox.address)
    assert (code, set(events) <= {"socket.getaddrinfo"}) == (0, True), (said, events)
    assert inbox.received == []
    code, said, events = sockets_of(hostile, *send, "--smtp", inbox.address, "--apply")
    assert code == 0 and "socket.connect" in events, "so that the lines above could fail"
    assert len(inbox.received) == 1


@pytest.mark.parametrize("host", ["192.0.2.1", "198.51.100.7", "[2001:db8::1]", "0.0.0.0", "8.8.8.8"])
def test_another_machine_is_refused_without_a_connection(host: str, hostile: Path, tmp_path: Path) -> None:
    file = people(tmp_path, [name_row(1, "Kari")])
    code, said, events = sockets_of(
        hostile, "send", "build/lt26", "--email", "letter", "--recipients", file, "--smtp", f"{host}:25", "--apply"
    )
    assert code == 2
    assert set(events) <= {"socket.getaddrinfo"}
    assert "is not this machine: without a ledger it delivers to loopback hosts only" in said
    assert "Traceback" not in said


def test_a_compile_and_a_lint_open_no_socket(hostile: Path) -> None:
    for command in ("lint", "compile"):
        code, said, events = sockets_of(hostile, command)
        assert (code, events) == (0, []), said
