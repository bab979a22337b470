"""A compile that remembers says the same as one that does not, and makes anew what a change reaches alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from campcompile import draft
from campcompile.compiler import Compilation, compile_files
from campcompile.memory import Memory, Same, Table
from campcompile.model.campaign import Campaign, Version
from campcompile.model.campaigns import CampaignFiles
from campcompile.model.rendered import RenderedEmail
from tests.evil.cases import CASES
from tests.rules.examples import picture
from tests.workspace import BASE, LETTER, PHRASES, SEGMENTS, workspace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
AS_OF = date(2026, 11, 2)
REMINDER = """\
title: A reminder
code: rm26
purpose: treatment
layer: essential
sender: care
audience: upcoming
anchor: appointment.start
locales: [en]
emails:
  - id: before
    send: {offset: -P3D, at: "09:00", expires: -PT2H}
    subject: A message from {{ practice.name }}
    preheader: Please read this before you come
    body:
      - phrase: greeting
      - text: we look forward to seeing you.
      - image: {src: map.png, alt: A map}
"""
LAYOUT = """\
<mjml lang="{{ lang }}"><mj-head><mj-title>{{ subject }}</mj-title></mj-head><mj-body><mj-section><mj-column>
{{ body }}</mj-column></mj-section></mj-body></mjml>
"""
DIVIDER = '<mj-divider border-color="#112233" />'
PRACTICE = workspace(
    {
        "campaigns/reminder/campaign.yaml": REMINDER,
        "campaigns/poster/campaign.yaml": LETTER.replace("lt26", "ps26").replace("id: letter", "id: poster")
        + "      - divider\n",
        "campaigns/_shared/phrases.yaml": PHRASES
        + "closing:\n  en: Yours,\n  fr: À vous,\n  nb: Hilsen,\n  zh-Hant: 敬上\n",
        "layouts/theme.yaml": 'colours: {accent: "#0b6b62"}\n',
        "layouts/blocks/divider.mjml": DIVIDER,
        "assets/map.png": picture("600 x 200 px"),
    }
)
LETTERS = {"letter", "poster"}
EVERYTHING = LETTERS | {"reminder"}
# file, what is replaced in it, by what; which campaigns are bound anew, and which are rendered anew
EDITS = [
    ("campaigns/letter/campaign.yaml", b"all winter", b"all year", {"letter"}, {"letter"}),
    ("campaigns/letter/campaign.yaml", b"phrase: greeting", b"phrase: greetin", {"letter"}, {"letter"}),
    ("campaigns/letter/campaign.yaml", b"News", b"\xff\xfe", {"letter"}, {"letter"}),
    ("campaigns/_shared/segments.yaml", b'== "booked"', b'!= "booked"', {"reminder"}, {"reminder"}),
    ("campaigns/_shared/segments.yaml", b'== "booked"', b'is not set', {"reminder"}, {"reminder"}),
    ("campaigns/_shared/segments.yaml", b'"news"', b'"mews"', LETTERS, LETTERS),
    ("campaigns/_shared/phrases.yaml", b"zh-Hant: \xe6\x95\xac", b"zh-Hant: \xe6\x95\xad", set(), set()),
    ("campaigns/_shared/phrases.yaml", b"Hello", b"Dear", EVERYTHING, EVERYTHING),
    ("campaigns/_shared/dictionary.yaml", b"{list: text}", b"text", EVERYTHING, EVERYTHING),
    ("campaigns/_shared/consent.yaml", b"P36M", b"P12M", EVERYTHING, EVERYTHING),
    ("campcompile.yaml", b"21:00", b"22:00", EVERYTHING, EVERYTHING),
    ("campcompile.yaml", b"Fjordklinikken\n", b"Fjellklinikken\n", EVERYTHING, EVERYTHING),
    ("layouts/theme.yaml", b"#0b6b62", b"#a03020", set(), EVERYTHING),
    ("layouts/theme.yaml", b"#0b6b62", b"teal", set(), EVERYTHING),
    ("layouts/blocks/divider.mjml", b"#112233", b"#332211", set(), {"poster"}),
    ("layouts/blocks/divider.mjml", b"mj-divider", b"mj-divide", set(), {"poster"}),
    ("assets/map.png", picture("600 x 200 px"), picture("300 x 200 px"), {"reminder"}, {"reminder"}),
    ("assets/map.png", picture("600 x 200 px"), b"no picture", {"reminder"}, {"reminder"}),
]  # fmt: skip


def compiled(files: dict[str, bytes], memory: Memory | None = None) -> Compilation:
    return compile_files(files, as_of=AS_OF, now=NOW, memory=memory)


def same(one: Compilation, other: Compilation) -> bool:
    return (
        one.diagnostics == other.diagnostics
        and one.waived == other.waived
        and one.bundle == other.bundle
        and list(map(_texts, one.rendered)) == list(map(_texts, other.rendered))
    )


def _texts(message: RenderedEmail) -> tuple[object, ...]:
    return message.subject, message.preheader, message.html, message.text, message.derived, message.calendar


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The campaigns that were bound, and those that were rendered, since the sets were last emptied."""
    found: dict[str, set[str]] = {"bound": set(), "rendered": set()}
    bind, compose = draft.bind_campaign, draft.compose

    def bind_campaign(files: CampaignFiles, *others: object) -> object:
        found["bound"].add(files.folder)
        return bind(files, *others)  # type: ignore[arg-type]

    def compose_one(version: Version, campaign: Campaign, *others: object, **options: object) -> object:
        found["rendered"].add(campaign.folder)
        return compose(version, campaign, *others, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(draft, "bind_campaign", bind_campaign)
    monkeypatch.setattr(draft, "compose", compose_one)
    return found


@pytest.mark.parametrize(("path", "before", "after", "bound", "rendered"), EDITS)
def test_an_edit_reaches_what_uses_it_and_nothing_else(
    path: str, before: bytes, after: bytes, bound: set[str], rendered: set[str], made: dict[str, set[str]]
) -> None:
    memory = Memory()
    first = compiled(PRACTICE, memory)
    assert first.bundle and {one.campaign.folder for one in first.rendered} == EVERYTHING
    for files in (PRACTICE | {path: PRACTICE[path].replace(before, after, 1)}, PRACTICE):
        made["bound"].clear()
        made["rendered"].clear()
        again = compiled(files, memory)
        assert (made["bound"], made["rendered"]) == (bound, rendered)
        assert same(again, compiled(files))


@pytest.mark.parametrize("path", sorted(PRACTICE))
def test_a_file_may_go_and_come_back(path: str) -> None:
    memory = Memory()
    for files in (PRACTICE, {name: data for name, data in PRACTICE.items() if name != path}, PRACTICE):
        assert same(compiled(files, memory), compiled(files))


def test_the_evil_corpus_saved_in_a_row_is_judged_as_each_file_alone() -> None:
    memory = Memory()
    for case in CASES[::15]:
        files = case.spoiled()
        assert same(compiled(files, memory), compiled(files)), case.row


def test_nothing_is_made_anew_where_nothing_changed(made: dict[str, set[str]]) -> None:
    memory = Memory()
    compiled(PRACTICE, memory)
    made["bound"].clear()
    made["rendered"].clear()
    again = compiled(dict(reversed(PRACTICE.items())), memory)
    assert made == {"bound": set(), "rendered": set()}
    assert same(again, compiled(PRACTICE))


def test_a_compile_that_was_broken_off_leaves_a_memory_that_can_be_trusted() -> None:
    memory = Memory()

    class Enough(Exception):
        pass

    def stop(done: int, of: int) -> None:
        if done > of // 2:
            raise Enough

    with pytest.raises(Enough):
        compile_files(PRACTICE, as_of=AS_OF, now=NOW, memory=memory, progress=stop)
    changed = PRACTICE | {"campaigns/_shared/segments.yaml": SEGMENTS.replace("booked", "cancelled").encode()}
    for files in (changed, PRACTICE):
        assert same(compiled(files, memory), compiled(files))


def test_what_a_compile_does_not_ask_for_is_forgotten() -> None:
    memory = Memory()
    compiled(PRACTICE, memory)
    most = len(memory)
    for number in range(3):
        compiled(PRACTICE | {f"campaigns/letter-{number}/campaign.yaml": LETTER.encode()}, memory)
    compiled(workspace(), memory)
    assert len(memory) < most
    assert set(BASE) < set(PRACTICE)


def test_a_step_is_taken_again_where_what_it_looked_up_is_another() -> None:
    memory = Memory()
    taken: list[int | None] = []

    def step(rows: dict[str, int]) -> None:
        table = Table(rows)
        memory.recall("step", (), lambda: taken.append(table.get("a")), (table,))

    for rows in ({"a": 1}, {"a": 1, "b": 2}, {"a": 3}, {}, {"b": 4}):
        step(rows)
    assert taken == [1, 3, None]


def test_who_goes_through_a_whole_table_depends_on_all_of_it() -> None:
    memory = Memory()
    taken: list[list[str]] = []

    def step(rows: dict[str, int]) -> None:
        table = Table(rows)
        memory.recall("step", (), lambda: taken.append(sorted(table)), (table,))

    for rows in ({"a": 1}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1}):
        step(rows)
    assert taken == [["a"], ["a", "b"], ["a"]]


def test_what_equals_itself_alone_is_another_input_when_it_is_made_anew() -> None:
    memory = Memory()
    taken: list[int] = []
    one, twin = ["x"], ["x"]
    for value in (one, one, twin):
        memory.recall("step", (Same(value),), lambda: taken.append(1))
    assert len(taken) == 2
