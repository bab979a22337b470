"""`# allow CODE DIGEST until DATE by NAME: reason`, or a row of waivers.yaml, holds back one finding."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.compiler import Compilation, compile_files
from campcompile.rules.registry import all_rules
from campcompile.rules.waivers import Files, Verdict, apply
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.fingerprint import digest, fingerprint
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml
from tests.workspace import LETTER, workspace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
AS_OF = date(2026, 11, 2)
FILE = "campaigns/a/campaign.yaml"
WAIVERS = "campaigns/_shared/waivers.yaml"
REST = "until 2026-12-31 by Lars Berg: we answer the patient's own mail"
RE = "jkqhqrjm"  # of `Re:` in FILE
TODO = "rqssbpsc"


def verdict(text: str, *finds: tuple[str, str], rows: str = "", only: tuple[str, ...] = ()) -> tuple[Verdict, Source]:
    """What becomes of findings `(code, words)`, in the order of the file; words found twice are two findings."""
    source = Source(FILE, text)
    found = []
    for code, words in finds:
        starts = [at for at in range(len(text)) if text.startswith(words, at) and not _in_comment(text, at)]
        found += [_finding(code, source, at, words) for at in starts]
    sources = {FILE: source} | ({WAIVERS: Source(WAIVERS, rows)} if rows else {})
    documents = {path: read_yaml(one).value for path, one in sources.items()}
    files = Files(documents=documents, sources=sources, paths=sources.keys(), only=frozenset(only))
    return apply(tuple(found), files, AS_OF), source


def _finding(code: str, source: Source, at: int, words: str) -> Diagnostic:
    rule = all_rules()[code]
    span = source.span(at, at + len(words))
    return rule.at(span, prefix=words) if code == "SUB003" else rule.at(span, what=words, seen=words, name=words)


def _in_comment(text: str, at: int) -> bool:
    return "#" in text[text.rfind("\n", 0, at) + 1 : at]


def judged(text: str, code: str, words: str) -> tuple[bool, list[tuple[str, str]]]:
    """Is the finding kept, and what is said about waivers: (code, quoted)."""
    made, source = verdict(text, (code, words))
    assert len(made.kept) + len(made.waived) == 1
    for fault in made.faults:
        assert fault.message and fault.help
    return bool(made.kept), [(one.rule.code, source.quote(one.span)) for one in made.faults]


def test_the_digests_of_these_tests_are_right() -> None:
    for code, words, known in (("SUB003", "Re:", RE), ("FLD005", "TODO", TODO)):
        source = Source(FILE, f"{words} x")  # what is about all of the first line is taken for about the file
        found = _finding(code, source, 0, words)
        assert digest(fingerprint(found, {FILE: source}, frozenset())) == known


@pytest.mark.parametrize(
    "text",
    [
        f'# allow SUB003 {RE} {REST}\nsubject: "Re: you"\n',
        f'subject: "Re: you"  # allow SUB003 {RE} {REST}\n',
        f'subject: "Re: you"  # allow fake-reply-or-forward {RE} {REST}\n',
        f'# allow SUB003 {RE} {REST}\n\n# what patients read first\nsubject: "Re: you"\n',
    ],
    ids=["above", "behind", "by the rule's name", "above other comments"],
)
def test_a_comment_covers_its_own_line_or_the_next_that_says_something(text: str) -> None:
    assert judged(text, "SUB003", "Re:") == (False, [])


def test_a_row_of_the_waivers_file_does_as_well() -> None:
    made, _ = verdict('subject: "Re: you"\n', ("SUB003", "Re:"), rows=_rows())
    (waived,) = made.waived
    assert (made.kept, made.faults) == ((), ())
    assert (waived.waiver.by, waived.waiver.reason, waived.waiver.until) == (
        "Lars Berg",
        "we answer",
        date(2026, 12, 31),
    )
    assert made.in_force == (waived.waiver,) and not waived.waiver.is_comment


def _rows(*digests: str) -> str:
    rows = (
        f'  - {{rule: SUB003, path: {FILE}, digest: {one}, until: "2026-12-31", by: Lars Berg, reason: we answer}}\n'
        for one in digests or (RE,)
    )
    return "waivers:\n" + "".join(rows)


def test_a_comment_above_a_long_text_covers_all_of_it() -> None:
    text = f"body:\n  # allow FLD005 {TODO} {REST}\n  - text: |\n      one\n      TODO x\n"
    assert judged(text, "FLD005", "TODO") == (False, [])


def test_the_line_after_next_is_not_covered() -> None:
    comment = f"# allow SUB003 {RE} {REST}"
    assert judged(f'{comment}\nid: a\nsubject: "Re: you"\n', "SUB003", "Re:") == (True, [("HYG005", comment)])


def test_another_rule_is_not_held_back() -> None:
    comment = f"# allow FLD005 {RE} {REST}"
    assert judged(f'subject: "Re: you"  {comment}\n', "SUB003", "Re:") == (True, [("HYG005", comment)])


def test_each_waiver_holds_back_one_finding_so_that_a_copy_of_the_words_shows() -> None:
    text = 'subject: "Re: you"\npreheader: "Re: you"\n'
    made, _ = verdict(text, ("SUB003", "Re:"), rows=_rows())
    assert (len(made.waived), len(made.kept), made.faults) == (1, 1, ())
    made, _ = verdict(text, ("SUB003", "Re:"), rows=_rows(RE, RE))
    assert (len(made.waived), len(made.kept), made.faults) == (2, 0, ())
    made, _ = verdict(text, ("SUB003", "Re:"), rows=_rows(RE, RE, RE))
    assert [one.say for one in made.faults] == ["spent"]


def test_other_words_void_a_waiver_and_their_digest_is_told() -> None:
    made, source = verdict(f'subject: "Fw: you"  # allow SUB003 {RE} {REST}\n', ("SUB003", "Fw:"))
    (fault,) = made.faults
    assert (fault.rule.code, source.quote(fault.span), len(made.kept)) == ("HYG010", RE, 1)
    right = fault.help.split("`")[1]
    made, _ = verdict(f'subject: "Fw: you"  # allow SUB003 {right} {REST}\n', ("SUB003", "Fw:"))
    assert len(made.waived) == 1 and not made.faults


def test_lines_above_change_no_digest() -> None:
    moved = "title: a\n" * 10 + f'subject: "Re: you"  # allow SUB003 {RE} {REST}\n'
    assert judged(moved, "SUB003", "Re:") == (False, [])


def test_who_types_the_rule_alone_is_told_the_rest() -> None:
    made, _ = verdict('subject: "Re: you"  # allow SUB003\n', ("SUB003", "Re:"))
    (fault,) = made.faults
    entry = fault.help.split("`")[1]
    assert entry == f"# allow SUB003 {RE} until 2027-05-01 by NAME: REASON"
    entry = entry.replace("NAME", "Lars Berg").replace("REASON", "we answer")
    assert judged(f'subject: "Re: you"  {entry}\n', "SUB003", "Re:") == (False, [])


HERE = f"SUB003 {RE}"
WHOLE = f"# allow {HERE} until 2026-12-31 by Lars Berg"


@pytest.mark.parametrize(
    ("comment", "hygiene"),
    [
        (WHOLE, [("HYG001", WHOLE)]),
        (f"{WHOLE}:", [("HYG001", f"{WHOLE}:")]),
        (f"{WHOLE}: --", [("HYG001", f"{WHOLE}: --")]),
        (f"{WHOLE}: REASON", [("HYG001", f"{WHOLE}: REASON")]),
        (f"# allow {HERE} until 2026-12-31: we answer", [("HYG001", f"# allow {HERE} until 2026-12-31: we answer")]),
        (f"# allow {HERE} by Lars Berg: we answer", [("HYG001", f"# allow {HERE} by Lars Berg: we answer")]),
        (f"# allow {HERE} until: we answer", [("HYG001", f"# allow {HERE} until: we answer")]),
        ("# allow SUB003", [("HYG001", "# allow SUB003")]),
        (f"# allow {HERE} until 2026-02-30 by Lars Berg: we answer", [("HYG002", "2026-02-30")]),
        (f"# allow {HERE} until 31.12.2026 by Lars Berg: we answer", [("HYG002", "31.12.2026")]),
        (f"# allow {HERE} until 2027-05-02 by Lars Berg: we answer", [("HYG003", "2027-05-02")]),
        (f"# allow {HERE} until 2026-11-01 by Lars Berg: we answer", [("HYG004", "2026-11-01")]),
        (f"# allow * {RE} until 2026-12-31 by Lars Berg: we answer", [("HYG006", "*")]),
        ("# allow SUB* until 2026-12-31: we answer", [("HYG006", "SUB*")]),
        ("# allow all until 2026-12-31: we answer", [("HYG006", "all")]),
        (f"# allow SUB030 {RE} until 2026-12-31 by Lars Berg: we answer", [("HYG007", "SUB030")]),
        ("# allow fake-reply until 2026-12-31: we answer", [("HYG007", "fake-reply")]),
        (f"# allow FLD001 {RE} until 2026-12-31 by Lars Berg: we answer", [("HYG008", "FLD001")]),
        ("# noqa: SUB003", [("HYG009", "# noqa: SUB003")]),
        ("# ignore SUB003 because we answer", [("HYG009", "# ignore SUB003 because we answer")]),
        ("# allow SUB003, FLD005 until 2026: x", [("HYG009", "# allow SUB003, FLD005 until 2026: x")]),
        ("# Allow SUB003 until 2026-12-31: we answer", [("HYG009", "# Allow SUB003 until 2026-12-31: we answer")]),
        (f"# allow SUB003 {RE.upper()} {REST}", [("HYG010", RE.upper())]),
    ],
)
def test_a_faulty_waiver_holds_nothing_back_and_says_why(comment: str, hygiene: list[tuple[str, str]]) -> None:
    assert judged(f'subject: "Re: you"  {comment}\n', "SUB003", "Re:") == (True, hygiene)


@pytest.mark.parametrize("until", ["2026-11-02", "2027-05-01"])
def test_today_and_180_days_ahead_are_both_within(until: str) -> None:
    text = f'subject: "Re: you"  # allow SUB003 {RE} until {until} by Lars Berg: we answer\n'
    assert judged(text, "SUB003", "Re:") == (False, [])


@pytest.mark.parametrize(
    "comment",
    [
        "# allow patients to choose",
        "# allow a day for the post",
        "# patients allow us until noon: then we ask",
        "# allow nobody until noon: first come, first served",
        "# ignore the old list",
        "# skip this in July",
        "# error: [SUB003]",
        "# see SUB003",
        "# allow all of them",
        "# allow anybody by bus: there is a stop",
    ],
)
def test_an_ordinary_comment_is_no_waiver(comment: str) -> None:
    assert judged(f'subject: "Re: you"  {comment}\n', "SUB003", "Re:") == (True, [])


def test_a_near_name_is_offered_and_a_near_path() -> None:
    made, _ = verdict(f'subject: "Re: you"  # allow fake-reply-or-forwards {RE} {REST}\n', ("SUB003", "Re:"))
    assert made.faults[0].help == "did you mean `fake-reply-or-forward`?"
    made, _ = verdict('subject: "Re: you"\n', ("SUB003", "Re:"), rows=_rows().replace(FILE, "a/campaign.yaml"))
    assert made.faults[0].help == f"did you mean `{FILE}`?"


def test_what_could_not_be_read_makes_no_waiver_unused() -> None:
    comment = f"# allow SUB003 {RE} {REST}"
    made, _ = verdict(f'subject: "x {{{{ TODO"  {comment}\n', ("TPL001", "{{ TODO"))
    assert [one.rule.code for one in made.kept] == ["TPL001"] and made.faults == ()


def test_a_campaign_that_nobody_asked_about_keeps_its_waivers() -> None:
    made, _ = verdict("title: a\n", rows=_rows(), only=("b",))
    assert made.faults == ()
    made, _ = verdict("title: a\n", rows=_rows(), only=("a",))
    assert [one.rule.code for one in made.faults] == ["HYG005"]


CODES = ("SUB003", "SUB004", "FLD005")
SOME = st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(("Re:", "news", "TODO"))), max_size=5)


@settings(max_examples=60, deadline=None)
@given(words=SOME, waived=st.sets(st.integers(0, 4)), rows=st.booleans())
def test_findings_are_waived_or_kept_and_each_waiver_is_used_or_told(
    words: list[tuple[str, str]], waived: set[int], rows: bool
) -> None:
    """None is lost and none comes twice; nothing is held back but what has its own digest."""
    lines = "".join(f"k{number}: {word} x\n" for number, (_, word) in enumerate(words))
    source = Source(FILE, lines)
    ends = [0, *(at + 1 for at, char in enumerate(lines) if char == "\n")]
    found = tuple(_finding(code, source, ends[at] + 4, word) for at, (code, word) in enumerate(words))
    chosen = [found[at] for at in sorted(waived) if at < len(found)]
    digests = [digest(fingerprint(one, {FILE: source}, frozenset())) for one in chosen]
    text = "waivers:\n" + "".join(
        f'  - {{rule: {one.rule.code}, path: {FILE}, digest: {its}, until: "2026-12-31", by: Ola, reason: so it is}}\n'
        for one, its in zip(chosen, digests, strict=True)
    )
    sources = {FILE: source, WAIVERS: Source(WAIVERS, text if chosen and rows else "a: b\n")}
    documents = {path: read_yaml(one).value for path, one in sources.items()}
    made = apply(found, Files(documents=documents, sources=sources, paths=sources.keys(), only=frozenset()), AS_OF)
    assert sorted([*made.kept, *(one.finding for one in made.waived)], key=id) == sorted(found, key=id)
    assert len(made.waived) == (len(chosen) if rows else 0) and not made.faults
    assert all(one.waiver.rule is one.finding.rule for one in made.waived)


# The whole way: what a compile makes of it


LONG = "News from the fjord, and of all that has happened there since the summer began"


def made_of(files: dict[str, str | bytes], only: str = "") -> Compilation:
    return compile_files(
        workspace(files), as_of=AS_OF, now=NOW, only=frozenset([only] if only else []), lint_only=False
    )


def with_waiver(text: str, code: str = "SUB001") -> str:
    """The letter with a comment that waives, as the finding of an unfinished one tells it."""
    (fault,) = (
        one for one in made_of({"campaigns/letter/campaign.yaml": text}).diagnostics if one.rule.code == "HYG001"
    )
    entry = fault.help.split("`")[1].replace("NAME", "Lars Berg").replace("REASON", "the fjord is long")
    return text.replace(f"# allow {code}", entry)


def test_what_is_waived_stands_in_the_manifest_and_who_and_why_at_home() -> None:
    letter = with_waiver(LETTER.replace("News from the fjord", f"{LONG}  # allow SUB001"))
    made = made_of({"campaigns/letter/campaign.yaml": letter})
    assert made.diagnostics == () and [one.waiver.rule.code for one in made.waived] == ["SUB001"]
    assert (
        b'"waivers": [\n    {\n      "rule": "SUB001",\n      "until": "2027-05-01"'
        in made.bundle["lt26/manifest.json"]
    )
    for path, content in made.bundle.items():
        at_home = path == "index.json"
        assert (b"Lars Berg" in content) is (b"the fjord is long" in content) is at_home, path


def test_a_gap_in_a_message_cannot_be_allowed() -> None:
    letter = LETTER.replace("[en]", "[en, nb]")
    files: dict[str, str | bytes] = {
        "campaigns/letter/campaign.yaml": letter,
        "campaigns/letter/nb.yaml": (
            f"letter:\n  # allow LIF005 {RE} until 2026-12-31 by Lars Berg: the translator is away\n"
            "  subject: Åpningstider om vinteren\n  preheader: Dette er nytt\n"
        ),
    }
    made = made_of(files)
    errors = [found.rule.code for found in made.diagnostics if found.severity is Severity.ERROR]
    assert "LIF005" in errors and "HYG008" in errors
    assert not made.bundle


@pytest.mark.parametrize(("fault", "only"), list(product(("2026-11-01", "2099-01-01"), ("", "letter"))))
def test_no_bundle_is_made_while_a_waiver_is_wrong(fault: str, only: str) -> None:
    letter = with_waiver(LETTER.replace("News from the fjord", f"{LONG}  # allow SUB001")).replace("2027-05-01", fault)
    assert made_of({"campaigns/letter/campaign.yaml": letter}, only).bundle == {}
