"""Preparing a translation: what it lays out is what the source says, and what a translation must match."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.compiler import compile_files, prepare_translation
from campcompile.model.translating import _scalar
from campcompile.syntax.decode import decode
from campcompile.syntax.yaml import read_yaml

ROOT = Path(__file__).parents[2]
CAMPAIGNS = ("annual-check", "appointment-reminders", "new-patient-welcome", "newsletter")
SOURCE = """\
title: A campaign
code: ex11
locales: [en, fr]
emails:
  - id: first
    subject: "Hello: {{ practice.name }}"
    preheader: "no"
    body:
      - divider
      - text: |
          One line.

          - a list
      - checklist: {title: Bring, items: [Glasses, {text: A coat, if: patient.in_care}]}
      - details: {title: "Prices", rows: [{label: Adults, value: "1.5"}, {label: "B #", value: beans}]}
      - {text: Words, id: words, if: patient.in_care}
    experiment: {metric: click, detect: 3pp, variants: {b: {blocks: {words: Other words}}, c: {send: {at: "10:00"}}}}
  - id: second
    subject: Two
    preheader: Two
    body: A text alone
"""
EXPECTED = """\
first:
  of: "@@"
  subject: "Hello: {{ practice.name }}"
  preheader: "no"
  body:
    - text: |
        One line.

        - a list
    - checklist:
        title: Bring
        items:
          - Glasses
          - A coat
    - details:
        title: Prices
        rows:
          - label: Adults
            value: "1.5"
          - label: "B #"
            value: beans
    - text: Words
  variants:
    b:
      blocks:
        words: Other words

second:
  of: "@@"
  subject: Two
  preheader: Two
  body:
    - text: A text alone
"""


def prepared(translation: str | None = None, *, read: tuple[str, ...] = (), source: str = SOURCE) -> tuple[Any, str]:
    files = {"campaigns/x/campaign.yaml": source.encode()}
    if translation is not None:
        files["campaigns/x/fr.yaml"] = translation.encode()
    made = prepare_translation(files, "x", "fr", frozenset(read))
    assert made is not None
    return made[0], made[1].decode()


def body_of(text: str) -> str:
    """Without the head, and with every digest as `@@`."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return "".join('  of: "@@"\n' if line.startswith("  of: ") else line for line in lines)


def test_all_words_and_nothing_but_words() -> None:
    made, text = prepared()
    assert made.added == ("first", "second")
    assert body_of(text) == EXPECTED


def test_what_it_lays_out_is_up_to_date() -> None:
    _, text = prepared()
    made, again = prepared(text)
    assert (made.edits, made.added, made.renewed, made.stale) == ((), (), (), ())
    assert again == text


def test_an_email_that_is_missing_comes_at_the_end_and_the_rest_stays() -> None:
    _, text = prepared()
    mine = "# mine\r\n" + text[: text.index("\nsecond")].replace("\n", "\r\n").replace("Bring", "Apportez")
    made, after = prepared(mine)
    assert made.added == ("second",)
    assert after.startswith(mine) and after.count("\n") == after.count("\r\n")
    assert body_of(after.replace("\r\n", "\n")) == EXPECTED.replace("Bring", "Apportez")


@pytest.mark.parametrize("start", ["second:\n  subject: Deux\n", "second: {subject: Deux}\n", 'second: {"subject": D}'])
def test_a_missing_digest_is_written_and_a_stale_one_only_when_read(start: str) -> None:
    made, after = prepared(start)
    assert made.renewed == ("second",)
    changed = SOURCE.replace("A text alone", "A text of its own")
    made, same = prepared(after, source=changed)
    assert made.stale == ("second",) and same == after
    made, newer = prepared(after, source=changed, read=("second",))
    assert made.renewed == ("second",) and not made.stale and newer != after
    assert prepared(newer, source=changed)[0].edits == ()


def test_a_mistake_in_either_file_comes_first() -> None:
    files = {"campaigns/x/campaign.yaml": SOURCE.encode(), "campaigns/x/fr.yaml": b"first: [\n"}
    assert prepare_translation(files, "x", "fr", frozenset()) is None
    assert prepare_translation({"campaigns/x/campaign.yaml": b"title: {"}, "x", "fr", frozenset()) is None


def test_the_example_practice_laid_out_anew_lacks_nothing_but_a_translators_work() -> None:
    files = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for place in ("campaigns", "layouts", "assets")
        for path in sorted((ROOT / place).rglob("*"))
        if path.is_file()
    }
    files["campcompile.yaml"] = (ROOT / "campcompile.yaml").read_bytes()
    for folder in CAMPAIGNS:
        del files[f"campaigns/{folder}/nb.yaml"]
        made = prepare_translation(files, folder, "nb", frozenset())
        assert made is not None
        files[f"campaigns/{folder}/nb.yaml"] = made[1]
    found = compile_files(files, as_of=None, now=datetime(2026, 8, 15, tzinfo=UTC), lint_only=True).diagnostics
    said = {(one.rule.code, one.say) for one in found if one.span.path.endswith("/nb.yaml")}
    assert ("LIF005", "untranslated") in said
    assert {say for code, say in said if code == "LIF005"} == {"untranslated"}
    assert not {code for code, _ in said if code.startswith(("SYN", "SCH", "REF", "TPL"))}


@given(
    st.text(
        alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn"), include_characters="\n"), max_size=60
    )
)
@settings(max_examples=300, deadline=None)
def test_any_text_is_written_as_yaml_that_reads_back_the_same(text: str) -> None:
    document = "\n".join(("key:", *_scalar("  words:", "    ", text), "")).encode()
    read = read_yaml(decode("campaigns/x/fr.yaml", document).value)
    assert read.value.root.data() == {"key": {"words": text}}, document
