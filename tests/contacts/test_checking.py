"""A list of addresses is looked over row by row: nothing is lost, and nothing of an address is told."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.cli.main import main
from campcompile.contacts.checking import NOTE, Contacts
from campcompile.contacts.judging import Kind, judged
from campcompile.contacts.lists import is_disposable, is_mailbox_service, is_role, meant
from campcompile.errors import RecipientsError

LIST = """\
recipient_id;First name;E-mail
p1;Kari;kari@fjord.example
p2;Ola; <Ola@FJORD.example>
p3;Liv;liv@gmial.com
p1;Kari;KARI@fjord.example
p4;Per;kari@fjord.example
p5;Anne;
p6;Nils;nils at fjord.example
p7;Jo;post@fjord.example
p8;Bo;bo@mailinator.com
p9;Ada;ada@fjord.example;more
"""


def kinds(text: str, **more: object) -> dict[int, list[Kind]]:
    contacts = Contacts(StringIO(text), column="e-mail", **more)  # type: ignore[arg-type]
    return {row.row: [one.kind for one in row.remarks] for row in contacts.rows() if row.remarks}


def test_each_row_says_what_is_to_be_looked_at() -> None:
    assert kinds(LIST) == {
        4: [Kind.TYPO],
        5: [Kind.DUPLICATE],
        6: [Kind.SHARED],
        7: [Kind.MISSING],
        8: [Kind.UNREADABLE],
        9: [Kind.ROLE],
        10: [Kind.DISPOSABLE],
        11: [Kind.RAGGED],
    }


def test_without_ids_people_are_told_apart_by_the_rest_of_their_rows() -> None:
    text = "name,e-mail\nKari,a@fjord.example\nKari,a@fjord.example\nOla,a@fjord.example\n"
    assert kinds(text) == {3: [Kind.DUPLICATE], 4: [Kind.SHARED]}


def test_an_open_quotation_mark_takes_no_other_row_along() -> None:
    text = 'name,e-mail\n"Kari,a@fjord.example\nOla,a@fjord.example\nLiv,"b@fjord.example\nJo,a@fjord.example\n'
    assert kinds(text) == {2: [Kind.RAGGED], 4: [Kind.RAGGED], 5: [Kind.SHARED]}
    first = next(Contacts(StringIO(text), column="e-mail").rows())
    assert first.cells == ('"Kari,a@fjord.example',)  # as it is written, for the copy


def test_the_dns_is_asked_only_where_somebody_asks_for_it() -> None:
    asked = []

    def answer(domain: str) -> bool | None:
        asked.append(domain)
        return {"fjord.example": True, "fjell.example": False}.get(domain)

    text = "e-mail\na@fjord.example\nb@fjell.example\nc@vidde.example\n"
    assert kinds(text) == {}
    assert kinds(text, takes_mail=answer) == {3: [Kind.NO_HOST], 4: [Kind.UNASKED]}
    assert asked == ["fjord.example", "fjell.example", "vidde.example"]


@pytest.mark.parametrize(
    ("domain", "service"),
    [
        ("gmial.com", "gmail.com"), ("gmail.con", "gmail.com"), ("gmal.com", "gmail.com"), ("gmaill.com", "gmail.com"),
        ("hotmial.com", "hotmail.com"), ("otlook.com", "outlook.com"), ("yaho.com", "yahoo.com"),
        ("gmail.com", ""), ("email.com", ""), ("live.se", ""), ("fjordklinikken.example", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_domain_one_slip_away_from_a_known_service(domain: str, service: str) -> None:
    assert meant(domain) == service


def test_lists_know_their_own() -> None:
    assert is_disposable("mailinator.com") and is_disposable("eu.mailinator.com") and not is_disposable("com")
    assert not is_disposable("gmail.com") and is_mailbox_service("gmail.com")
    assert is_role("Post") and is_role("info+news") and not is_role("kari")


@pytest.mark.parametrize(
    "cell", [" a@fjord.example ", "<a@fjord.example>", "mailto:a@FJORD.example", "a@fjord.example."]
)
def test_what_surrounds_an_address_is_taken_off(cell: str) -> None:
    assert judged(cell).address == "a@fjord.example"


def test_a_wrong_column_is_told_with_the_likely_one() -> None:
    with pytest.raises(RecipientsError, match="no column `email`") as caught:
        Contacts(StringIO("Navn;E-mail\n"), column="email")
    assert caught.value.help == "name it: `--column E-mail`"


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(cells, cells | st.emails()), max_size=6))
@settings(max_examples=40, deadline=None)
def test_no_row_is_lost_and_no_address_is_told(rows: list[tuple[str, str]]) -> None:
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("name", "e-mail"))
    writer.writerows(rows)
    text.seek(0)
    contacts = Contacts(text, column="e-mail")
    found = list(contacts.rows())
    assert len(found) == len(rows)
    for (name, address), row in zip(rows, found, strict=True):
        copied = contacts.copied(row)
        assert len(copied) == 3 and copied[0] == name
        local_part = address.rpartition("@")[0]
        assert len(local_part) < 8 or not any(local_part in one.words for one in row.remarks)


def test_the_command_prints_rows_and_writes_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, copy = tmp_path / "list.csv", tmp_path / "checked.csv"
    source.write_text(LIST, encoding="utf-8")
    assert _run("check", str(source), "--column", "E-mail", "--copy", str(copy)) == 1
    printed = capsys.readouterr().out
    assert "row 4: look: slip: its domain is one slip away from gmail.com" in printed
    assert printed.splitlines()[-1].startswith("10 rows: ") and printed.endswith(
        "; 1 written more plainly in the copy\n"
    )
    assert not any(word in printed for word in ("kari", "Kari", "ola", "gmial", "fjord", "nils"))
    copied = list(csv.reader(copy.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    assert len(copied) == 11 and copied[0][-1] == NOTE and copied[2][2] == "Ola@fjord.example"
    assert source.read_text(encoding="utf-8") == LIST
    assert copy.stat().st_mode & 0o077 == 0
    assert _run("check", str(source), "--column", "E-mail", "--copy", str(copy)) == 2, "a copy is never written over"


def test_the_command_as_json_and_on_a_clean_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "list.csv"
    source.write_text("email\nkari@fjord.example\nola@fjell.example\n", encoding="utf-8")
    assert _run("check", str(source)) == 0
    assert capsys.readouterr().out == "2 rows: nothing to look at\n"
    assert _run("check", str(source), "--format", "json") == 0
    assert json.loads(capsys.readouterr().out) == {"rows": 2, "mended": 0, "found": []}
    source.write_bytes(b"email\n\xff\n")
    assert _run("check", str(source)) == 2
    assert _run("check", str(tmp_path / "none.csv")) == 2


def _run(*arguments: str) -> int:
    return main(["audience", *arguments])
