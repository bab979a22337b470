"""Files of recipients: typed rows, and bad ones set aside by number and reason, never by value."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.errors import RecipientsError
from campcompile.manifest import Field, Locales, Manifest
from campcompile.runner.cells import typed, typed_email
from campcompile.runner.recipients import Person, SetAside, locale_for, read_recipients

ALL = frozenset({"patient.first_name", "appointment.start", "appointment.status"})
HEADER = "email,locale,patient.first_name,appointment.start,appointment.status"
GOOD = "kari@post.example,nb,Kari,2026-03-12T09:00+01:00,booked"


def a_field(type: str, **more: Any) -> Field:
    basis: dict[str, Any] = {
        "name": "x", "element": "", "choices": (), "label": "contact", "required": False, "host": "", "pick": None,
        "ledger": False,
    }  # fmt: skip
    return Field(type=type, **{**basis, **more})  # type: ignore[arg-type]


class Read:
    """All of a file."""

    def __init__(self, content: bytes, manifest: Manifest, needed: frozenset[str] = ALL) -> None:
        found = read_recipients(content, manifest, needed)
        self.ignored = found.ignored
        self.people = tuple(one for one in found.rows() if isinstance(one, Person))
        self.set_aside = tuple(one for one in found.rows() if isinstance(one, SetAside))


def read(manifest: Manifest, *lines: str, encoding: str = "utf-8") -> Read:
    return Read("\n".join(lines).encode(encoding), manifest)


def test_a_good_row_is_a_person_with_typed_values(example: Manifest) -> None:
    found = read(example, HEADER, GOOD)
    (person,) = found.people
    assert (person.row, person.email, person.locale) == (2, "kari@post.example", "nb")
    assert person.values == {
        "patient.first_name": "Kari",
        "appointment.start": datetime(2026, 3, 12, 8, 0, tzinfo=UTC),
        "appointment.status": "booked",
    }
    assert (found.set_aside, found.ignored) == ((), ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_spreadsheets_of_many_makers_are_read(example: Manifest, delimiter: str, encoding: str, line_end: str) -> None:
    text = line_end.join([HEADER, GOOD, ""]).replace(",", delimiter)
    (person,) = Read(text.encode(encoding), example).people
    assert person.values["patient.first_name"] == "Kari"


def test_a_delimiter_inside_quotes_is_text(example: Manifest) -> None:
    (person,) = read(example, HEADER, GOOD.replace("Kari", '"Kari; ""Ka"", Moe"')).people
    assert person.values["patient.first_name"] == 'Kari; "Ka", Moe'


def test_a_name_over_two_lines_stays_whole_and_counts_as_one_row(example: Manifest) -> None:
    found = read(example, HEADER, GOOD.replace("Kari", '"Ka\nri"'), "", GOOD.replace("kari@", "@"))
    assert found.people[0].values["patient.first_name"] == "Ka\nri"
    assert [aside.row for aside in found.set_aside] == [4]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("kari@post.example", "secret-at-post", "`email` is no e-mail address"),
        ("kari@post.example", '"secret@post.example\r\nBcc: secret"', "`email` holds a control character"),
        ("kari@post.example", "", "`email` is no e-mail address"),
        ("2026-03-12T09:00+01:00", "2026-03-12T09:00", "`appointment.start` has no offset from UTC"),
        ("2026-03-12T09:00+01:00", "secret", "`appointment.start` is no date and time"),
        ("2026-03-12T09:00+01:00", "9999-12-31T23:59-12:00", "`appointment.start` is no date and time"),
        ("2026-03-12T09:00+01:00", "", "`appointment.start` is empty"),
        ("booked", "secret", "`appointment.status` is none of `booked`, `cancelled`"),
        (",nb,", ",,", "`locale` is empty"),
        (",nb,", ",de,", "`locale`: the campaign is not in this person's language"),
        (",Kari,", ",Kari,secret,", "6 cells, where the first line has 5"),
        (",Kari,", ',"Ka"ri,', "no CSV"),
        (",Kari,", ',"Kari,', "no CSV"),  # never closed: the row behind it is read all the same
    ],
)
def test_a_bad_row_is_set_aside_and_the_others_go_on(example: Manifest, old: str, new: str, reason: str) -> None:
    found = read(example, HEADER, GOOD, GOOD.replace(old, new), GOOD)
    assert [person.row for person in found.people] == [2, 4]
    (aside,) = found.set_aside
    assert aside.row == 3
    assert aside.reason.startswith(reason)
    assert "secret" not in aside.reason


def test_missing_columns_are_named_all_at_once(example: Manifest) -> None:
    with pytest.raises(RecipientsError, match=r"lacks the columns `locale`, `appointment\.status`"):
        read(example, "email,patient.first_name,appointment.start", "a@b.example,Kari,2026-03-12T09:00Z")


def test_a_file_without_a_header_is_not_quoted(example: Manifest) -> None:
    with pytest.raises(RecipientsError) as caught:
        read(example, GOOD)
    assert "kari" not in (caught.value.message + caught.value.help).lower()


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b"\xff\xfe\x00", b"email\x00,locale", b'"email'])
def test_what_is_no_table_is_refused_kindly(example: Manifest, content: bytes) -> None:
    with pytest.raises(RecipientsError):
        read_recipients(content, example, ALL)


def test_a_column_twice_is_refused(example: Manifest) -> None:
    with pytest.raises(RecipientsError, match="`email` is there twice"):
        read(example, "Email," + HEADER, "x@y.example," + GOOD)


def test_columns_that_the_campaign_does_not_read_are_named(example: Manifest) -> None:
    found = read(example, HEADER + ",shoe size,links.confirm", GOOD + ",41,not read here")
    assert found.ignored == ("shoe size",)
    assert len(found.people) == 1


def test_email_and_locale_fill_the_persons_own_fields(example: Manifest) -> None:
    own = tuple(a_field(type, name=f"patient.{type}", required=True) for type in ("email", "locale"))
    manifest = replace(example, fields=own)
    found = Read(b"email,locale\na@b.example,nb", manifest, frozenset({"patient.email", "patient.locale"}))
    assert found.people[0].values == {"patient.email": "a@b.example", "patient.locale": "nb"}


@pytest.mark.parametrize(
    ("wanted", "locale"),
    [
        ("en", "en"), ("EN", "en"), ("en-GB", "en"), ("nb_NO", "nb"), ("nn-NO", "nb"), ("no", "nb"),
        ("zh-TW", "zh-Hant"), ("zh-HK", "zh-Hant"), ("zh-CN", "en"), ("zh", "en"), ("de", "en"), ("??", "en"),
    ],
)  # fmt: skip
def test_a_person_gets_their_language_or_its_fallback(wanted: str, locale: str) -> None:
    locales = Locales(list=("en", "nb", "zh-Hant"), default="en", fallback={"nn": "nb", "*": "en"})
    assert locale_for(wanted, locales) == locale


def test_without_a_fallback_a_language_gets_nothing() -> None:
    assert locale_for("de", Locales(list=("en",), default="en", fallback={})) == ""


@pytest.mark.parametrize(
    ("type", "cell", "value"),
    [
        ("text", " Kari ", "Kari"),
        ("text", "  ", None),
        ("number", "-12", -12),
        ("number", "12.5", 12.5),
        ("yes_no", "Yes", True),
        ("yes_no", "false", False),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("datetime", "2026-03-12T08:00Z", datetime(2026, 3, 12, 8, tzinfo=UTC)),
        ("zone", "Europe/Oslo", "Europe/Oslo"),
        ("country", "NO", "NO"),
        ("locale", "zh-Hant", "zh-Hant"),
        ("email", "Ola@Post.Example", "Ola@post.example"),
    ],
)
def test_a_cell_has_the_type_of_its_field(type: str, cell: str, value: object) -> None:
    assert typed(cell, a_field(type)) == value


@pytest.mark.parametrize(
    ("type", "cell"),
    [
        ("number", "1e9"), ("number", "nan"), ("number", "١٢"), ("number", "1,5"), ("yes_no", "1"), ("yes_no", "oui"),
        ("date", "2025-02-29"), ("date", "20260312"), ("date", "12.03.2026"), ("date", "0001-01-01"),
        ("datetime", "2027-05-06"), ("zone", "Bergen"), ("zone", "../../etc/passwd"), ("country", "Norway"),
        ("locale", "Norwegian language"), ("url", "http://time.example/"), ("url", "https://evil.example/"),
    ],
)  # fmt: skip
def test_a_cell_of_another_type_is_refused_without_quoting_it(type: str, cell: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has|holds) ") as caught:
        typed(cell, a_field(type, host="time.example"))
    assert cell not in str(caught.value)


def test_a_list_is_separated_by_semicolons() -> None:
    assert typed("flu; sun ;", a_field("list", element="text")) == ("flu", "sun")
    with pytest.raises(ValueError, match="none of"):
        typed("flu;sun", a_field("list", element="choice", choices=("flu",)))


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("kari@bücher.example", "kari@xn--bcher-kva.example"),
        ("jalapeño@post.example", "jalapeño@post.example"),
        ("O'Hara+a@post.example", "O'Hara+a@post.example"),
    ],
)
def test_addresses_beyond_ascii_are_addresses(cell: str, address: str) -> None:
    assert typed_email(cell) == address


@pytest.mark.parametrize(
    "cell", ["a@b.example,c@d.example", "Kari <a@b.example>", "a@b.example\n", "a b@c.example", "a@b", "@b.example"]
)
def test_what_could_be_two_addresses_is_none(cell: str) -> None:
    with pytest.raises(ValueError, match=r"^(is|has|holds) "):
        typed_email(cell)


@settings(max_examples=80, deadline=None)
@given(content=st.binary(max_size=60) | st.text('email,locale;\t"\r\n\0a@b.e', max_size=60).map(str.encode))
def test_no_bytes_crash_the_reader(content: bytes) -> None:
    manifest = _EXAMPLE[0]
    for prefix in (b"", HEADER.encode() + b"\n"):
        with suppress(RecipientsError):
            Read(prefix + content, manifest)


_EXAMPLE: list[Manifest] = []


@pytest.fixture(autouse=True)
def _keep(example: Manifest, tmp_path: Path) -> None:
    _EXAMPLE[:] = [example]


@settings(max_examples=150, deadline=None)
@given(
    st.from_regex(r"[A-Za-z0-9._+-]{1,12}@([a-z0-9-]{1,8}\.){1,3}[a-z]{1,9}", fullmatch=True)
    | st.sampled_from([f"a@b.{top}" for top in (*SPECIAL_USE_DOMAIN_NAMES, "example", "home")])
    | st.sampled_from(
        ["a@xn--bcher-kva.example", "a@b--c.example", "a@" + "b" * 64 + ".example", "a" * 65 + "@b.example"]
    )
)
def test_a_plain_address_is_read_as_the_long_way_reads_it(address: str) -> None:
    try:
        long_way: str | None = validate_email(address, check_deliverability=False, test_environment=True).ascii_email
    except EmailNotValidError:
        long_way = None
    try:
        assert typed_email(address) == long_way
    except ValueError:
        assert long_way is None
