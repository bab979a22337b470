"""A bundle made by hand: one reminder in two locales, with a picture, a personal link and an opt-out."""

from __future__ import annotations

import csv
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from campcompile.formula import Compare, Const, FieldRef, Format, LocalDate, Lookup, OneOf, Set
from campcompile.manifest import (
    Asset,
    Clearance,
    Derived,
    Email,
    Experiment,
    Field,
    File,
    LegalBasis,
    Locales,
    Manifest,
    OptOut,
    Pick,
    Planning,
    Practice,
    Predicate,
    Recipient,
    Rendering,
    Send,
    Sender,
    SendPlace,
    Site,
    Table,
    TableColumn,
    Target,
    Tool,
    Waiver,
    bundle_digest,
    to_bytes,
    unsubscribe,
)
from campcompile.postgres import connect
from campcompile.runner.ledger.place import Place, place_at
from tests.workspace import lay

OPT_OUT = OptOut(
    page="https://clinic.example/choices",
    one_click="https://clinic.example/u",
    mailto="leave@clinic.example",
    within="PT24H",
)
HTML = (
    '<html lang="{locale}"><head><title>{{% if c1 %}}{{{{ t1 }}}}{{% endif %}}</title></head><body>'
    "<div>{{{{ t2 }}}}</div><p>{hello}{{% if c1 %}} {{{{ t1 }}}}{{% endif %}},</p>"
    '<p title="{{% if c1 %}}{{{{ t1 | attribute }}}}{{% endif %}}">{{{{ t3 }}}}</p>'
    '<a href="{{{{ u1 | url }}}}">Confirm</a>'
    '<img src="../assets/3f2a9c1d5b7e8a40.png" alt="{{% if c1 %}}{{{{ t1 | attribute }}}}{{% endif %}}">'
    "</body></html>\n"
)
TEXT = "{hello}{{% if c1 %}} {{{{ t1 }}}}{{% endif %}},\n\n{{{{ t3 }}}}\n\nConfirm: {{{{ u1 | url }}}}\n"


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def field(name: str, type: str = "text", **more: object) -> Field:
    basis = Field(
        name=name,
        type="text",
        element="",
        choices=(),
        label="contact",
        required=False,
        host="",
        pick=None,
        ledger=False,
    )
    return replace(basis, type=type, **more)  # type: ignore[arg-type]


ZONE = Lookup(by=("appointment.site",), table=(("tromso", "Europe/Oslo"),), default="Europe/Oslo")
NAME = FieldRef("patient.first_name")


def derived(locale_dates: str = "en") -> Mapping[str, Derived]:
    start = FieldRef("appointment.start")
    return {
        "t1": Derived(type="text", label="contact", formula=Format("text", "en", NAME), host=""),
        "t2": Derived(type="text", label="relationship", formula=Format("time", locale_dates, start, ZONE), host=""),
        "t3": Derived(type="text", label="relationship", formula=Format("date", locale_dates, start, ZONE), host=""),
        "c1": Derived(type="yes_no", label="contact", formula=Set(NAME), host=""),
        "c2": Derived(
            type="yes_no",
            label="relationship",
            formula=Compare("==", LocalDate(start, ZONE), LocalDate(start, ZONE)),
            host="",
        ),
        "u1": Derived(type="url", label="contact", formula=FieldRef("links.confirm"), host="time.clinic.example"),
    }


def contents() -> dict[str, bytes]:
    files = {"assets/3f2a9c1d5b7e8a40.png": png()}
    for locale, hello in (("en", "Hello"), ("nb", "Hei")):
        files[f"emails/week-before.{locale}.html"] = HTML.format(locale=locale, hello=hello).encode()
        files[f"emails/week-before.{locale}.txt"] = TEXT.format(hello=hello).encode()
        files[f"emails/week-before.{locale}.mjml"] = b"<mjml></mjml>\n"
    return files


OWN = Target(
    id="relay",
    dialect="smtp",
    tls="required",
    vendor="",
    clearances=(Clearance(label="special", since="", until=""),),
)
PICK = Pick(function="next", field="appointment.start", where=Const(True), zone=Const("Europe/Oslo"))
PLANNING = Planning(
    tables=(
        Table(name="patient", of="", columns=()),
        Table(
            name="appointment",
            of="patient",
            columns=(
                TableColumn(name="start", type="datetime", element="", choices=(), required=True),
                TableColumn(name="status", type="choice", element="", choices=("booked", "cancelled"), required=True),
            ),
        ),
    ),
    picks={"patient.next_visit": PICK},
    places={"week-before": SendPlace(zone=Const("Europe/Oslo"), holidays=Const("NO"))},
    home=Const("Europe/Oslo"),
    exclusions=(),
    needs_basis=True,
    consents={},
    adult_ages={"": 18},
    queries={},
    entrants={},
)


def manifest(files: Mapping[str, bytes], layer: str = "essential") -> Manifest:
    listed = {path: File(path=path, sha256=sha256(content).hexdigest()) for path, content in files.items()}
    renderings = tuple(
        Rendering(
            locale=locale,
            variant="a",
            look="1",
            subject=f"{hello}" + "{% if c1 %} {{ t1 }}{% endif %}: a message",
            preheader="Please confirm",
            html=listed[f"emails/week-before.{locale}.html"],
            text=listed[f"emails/week-before.{locale}.txt"],
            mjml=listed[f"emails/week-before.{locale}.mjml"],
            portal=None,
            calendar=None,
        )
        for locale, hello in (("en", "Hello"), ("nb", "Hei"))
    )
    fields: tuple[Field, ...] = (
        field("patient.first_name"),
        field("patient.topics", "list", element="text"),
        field("appointment.start", "datetime", label="relationship", required=True),
        field("appointment.status", "choice", choices=("booked", "cancelled"), required=True),
        field("appointment.site", "site", choices=("bergen", "tromso")),
        field("patient.next_visit", "datetime", pick=PICK),
        field("links.confirm", "url", host="time.clinic.example"),
        field("run.replied", "yes_no", ledger=True),
    )
    values = dict(derived())
    headers: Mapping[str, str] = {}
    if layer != "essential":
        headers, one_click, printed = unsubscribe(OPT_OUT)
        fields, values["one_click"] = (*fields, one_click), printed
    made = Manifest(
        compiler=Tool(name="campcompile", version="0.1.0"),
        data={"cldr": "48", "tzdata": "2026.6"},
        code="ap71",
        purpose="treatment",
        layer=layer,  # type: ignore[arg-type]
        recipient=Recipient(record="patient", of=""),
        deliver="email",
        fallback="phone",
        per_day=None,
        reenter="per_anchor",
        anchor="appointment.start",
        event=None,
        audience=Predicate(formula=OneOf(FieldRef("appointment.status"), ("booked",)), label="relationship"),
        goal=None,
        stop_when=Predicate(formula=Compare("==", FieldRef("run.replied"), Const(True)), label="relationship"),
        practice=Practice(
            zone="Europe/Oslo",
            holidays="NO",
            sites=(Site(id="bergen", zone="Europe/Oslo", holidays="NO"),),
            quiet_hours="21:00-08:00",
            frequency_cap=None,
        ),
        bases=(LegalBasis(jurisdiction="NO", basis="care", consent=""),),
        locales=Locales(list=("en", "nb"), default="en", fallback={"nn": "nb", "fr": "en"}),
        sender=Sender(name="Klinikk Ærlig, Bergen", email="care@clinic.example", reply_to="post@clinic.example"),
        site_senders={},
        opt_out=OPT_OUT,
        headers=headers,
        fields=fields,
        derived=values,
        assets=(
            Asset(
                name="3f2a9c1d5b7e8a40.png",
                sha256=listed["assets/3f2a9c1d5b7e8a40.png"].sha256,
                media_type="image/png",
                width=1,
                height=1,
                bytes=len(files["assets/3f2a9c1d5b7e8a40.png"]),
            ),
        ),
        emails=(
            Email(
                id="week-before",
                position=1,
                condition=None,
                look=None,
                sender=None,
                label="relationship",
                send=Send(
                    offset="-P7D",
                    dates={},
                    anchor="appointment.start",
                    at="09:00",
                    zone="site",
                    shift="none",
                    quiet="later",
                    expires="-P4D",
                    repeat="",
                    times=None,
                ),
                renderings=renderings,
                was="",
                reviewed=False,
                experiment=Experiment(metric="click", detect="3pp", variants=("a", "b"), sends={}),
            ),
        ),
        targets=(OWN,),
        waivers=(Waiver(rule="SUB001", until="2999-12-31"),),
        planning=PLANNING,
        digest="",
    )
    return replace(made, digest=bundle_digest(made.files()))


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Where a PostgreSQL server listens."""
    from tests.plan.engines import postgres_server

    with postgres_server() as folder:
        yield folder


KINDS = ("sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres-ledger")))


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Where a ledger may be made: a file, or an empty database."""
    if request.param == "sqlite":
        return place_at(tmp_path / "ledger")
    return empty_postgres(request.getfixturevalue("server_folder"), tmp_path)


def empty_postgres(folder: Path, tmp_path: Path) -> Place:
    address = f"postgresql://postgres@/postgres?host={folder}"
    with connect(address) as connection:
        connection.execute("SET client_min_messages = warning; DROP SCHEMA IF EXISTS campcompile CASCADE")
    return Place(address=address, secret=tmp_path / "ledger.secret")


@pytest.fixture
def example() -> Manifest:
    return manifest(contents())


@pytest.fixture
def make_bundle(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Writes a bundle into a folder and gives its manifest.json."""

    def make(layer: str = "essential", **changes: object) -> Path:
        folder = tmp_path / "build" / "ap71"
        files = contents()
        made = replace(manifest(files, layer), **changes)  # type: ignore[arg-type]
        lay(folder, {**files, "manifest.json": to_bytes(made)})
        return folder / "manifest.json"

    yield make


COLUMNS = (
    "email", "locale", "patient.first_name", "appointment.start", "appointment.status", "appointment.site",
    "links.confirm",
)  # fmt: skip


@pytest.fixture
def make_csv(tmp_path: Path) -> Callable[..., Path]:
    """A file of recipients from rows that say only what is not usual."""

    def make(*rows: Mapping[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:

        usual = {
            "email": "kari@post.example",
            "locale": "nb",
            "patient.first_name": "Kari",
            "appointment.start": "2026-03-12T09:00+01:00",
            "appointment.status": "booked",
            "appointment.site": "bergen",
            "links.confirm": "https://time.clinic.example/c/k1",
            "links.one_click": "https://clinic.example/u/k1",
        }
        path = tmp_path / "people.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\r\n")
            writer.writeheader()
            for row in rows:
                writer.writerow({**usual, **row})
        return path

    return make
